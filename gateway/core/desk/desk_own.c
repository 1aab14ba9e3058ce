/* What operators change of their own account. */
#include <string.h>
#include "core/desk/desk_verbs.h"
#include "core/identity.h"

#define FILTER_MAX 500
#define LANG_MAX 8
#define PAGE_MAX 64

bool desk_is_password_hash(struct span text)
{
    return span_starts_with(text, SPAN("$argon2id$")) && text.len < PASSWORD_HASH_MAX;
}

/* A half sign-in knows a password and no more: it may replace the one that somebody else made, and set up the factor that is missing,
 * but never touch what is there. */
enum outcome desk_password(struct deed *deed)
{
    struct operator row = deed->who;
    deed->audit.id = row.id;
    if (deed->sign_in && (deed->sign_in->is_locked || (deed->sign_in->is_half && !row.must_change)))
        return deed_deny(deed, "password");
    if (!desk_is_password_hash(deed->action->text))
        return deed_refuse(deed, OUTCOME_REFUSED, "why_broken", "a password that was not hashed");
    row.password = deed->action->text;
    row.must_change = false;
    deed_save_operator(deed, &row);
    deed_end_sign_ins(deed, row.id, deed->action->sign_in);
    return OUTCOME_OK;
}

enum outcome desk_totp(struct deed *deed)
{
    struct operator row = deed->who;
    struct sign_in *sign_in = deed->sign_in;
    const struct desk_action *action = deed->action;
    deed->audit.id = row.id;
    if (sign_in && (sign_in->is_locked || (sign_in->is_half && span_is_present(row.totp))))
        return deed_deny(deed, "second_factor");
    if (action->text.len != TOTP_SECRET_BYTES || action->name.len % LOOKUP_BYTES != 0 ||
        action->name.len > RECOVERY_CODES * LOOKUP_BYTES)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_broken", "no second factor has this form");
    if (!span_equal(row.totp, action->text)) /* who had the old one, on a phone that was lost, goes */
        deed_end_sign_ins(deed, row.id, action->sign_in);
    row.totp = action->text;
    row.recovery = action->name;
    row.totp_step = action->until; /* of the code that proved it; 0: any is still good */
    if (sign_in && sign_in->is_half) {
        row.failures = 0;
        row.failed_at = 0;
        row.last_at = deed->pass->now;
        sign_in->is_half = false;
        sign_in->seen_at = deed->pass->now;
        if (identity_is_given(&action->token))
            sign_in->token = action->token;
        deed_save_sign_in(deed, sign_in);
    }
    deed_save_operator(deed, &row);
    return OUTCOME_OK;
}

enum outcome desk_settings(struct deed *deed)
{
    struct operator row = deed->who;
    const struct desk_action *action = deed->action;
    deed->audit.id = row.id;
    if (!deed_has_words(action->name, LANG_MAX) || action->code > THEME_DARK)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_not_a_choice", "there is no such setting");
    row.lang = action->name;
    row.theme = (enum theme)action->code;
    row.has_shortcuts = action->flag;
    deed_save_operator(deed, &row);
    return OUTCOME_OK;
}

enum outcome desk_filter(struct deed *deed)
{
    const struct desk_action *action = deed->action;
    deed->audit.id = deed->who.id;
    const bool is_dropped = !span_is_present(action->text);
    if ((!is_dropped && !saved_filter_is_name(action->name)) || action->text.len > FILTER_MAX)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_filter_name", "a filter needs a name, and no longer one");
    struct saved_filter *row = DEED_NEW(deed, struct saved_filter);
    row->id = deed_new_id(deed);
    row->operator = deed->who.id;
    row->name = action->name;
    row->query = action->text;
    deed_change(deed, CHANGE_SAVED_FILTER)->filter.row = row;
    deed->result->id = row->id;
    return OUTCOME_OK;
}

/* "/requests/123/close" stands in the audit as "page_requests_close", about request 123: a fixed word of ours for each of the console's
 * pages, and whose it is. */
static const char *page_word(struct deed *deed, struct span path, int64_t *id)
{
    static const char unknown[] = "page";
    char *word = arena_alloc(deed->pass->arena, PAGE_MAX + 1);
    size_t len = sizeof unknown - 1;
    uint64_t number;
    memcpy(word, unknown, len);
    while (span_is_present(path)) {
        struct span part = span_cut(&path, '/');
        if (!part.len)
            continue;
        if (span_to_u64(part, &number) && number <= INT64_MAX) {
            *id = (int64_t)number;
            continue;
        }
        if (len + part.len + 1 > PAGE_MAX)
            return unknown;
        word[len++] = '_';
        for (size_t i = 0; i < part.len; i++) {
            if ((part.at[i] < 'a' || part.at[i] > 'z') && part.at[i] != '-')
                return unknown;
            word[len++] = part.at[i] == '-' ? '_' : part.at[i];
        }
    }
    return word;
}

static enum audit_object page_object(struct span path)
{
    static const struct {
        const char *place;
        enum audit_object object;
    } places[] = {{"/requests/", OBJECT_REQUEST},
                  {"/sessions/", OBJECT_SESSION},
                  {"/people/", OBJECT_PERSON},
                  {"/users/", OBJECT_OPERATOR},
                  {"/outbox/", OBJECT_OUTBOX}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (span_starts_with(path, span_of(places[i].place)))
            return places[i].object;
    return OBJECT_NONE;
}

enum outcome desk_refused(struct deed *deed)
{
    int64_t id = 0;
    deed->audit.detail = page_word(deed, deed->action->text, &id);
    deed->audit.object = id ? page_object(deed->action->text) : OBJECT_NONE;
    deed->audit.id = deed->audit.object ? id : 0;
    if (deed->action->flag)
        deed->audit.detail = "old_form";
    return OUTCOME_OK;
}
