/* Who works here. */
#include "base/buffer.h"
#include "core/desk/desk_verbs.h"
#include "menu/desk.h"

#define LIST_MAX 500
#define KNOWN_MAX 4096

/* ---- topics and languages ---- */

typedef size_t ids_of(const struct service *service, size_t index, struct span *id);

static size_t topic_at(const struct service *service, size_t index, struct span *id)
{
    size_t count;
    const struct span *topics = desk_topics(service, &count);
    if (index < count)
        *id = topics[index];
    return count;
}

static size_t language_at(const struct service *service, size_t index, struct span *id)
{
    const size_t count = service_language_count(service);
    if (index < count)
        *id = service_language(service, index);
    return count;
}

static bool holds(struct span words, struct span word)
{
    while (span_is_present(words))
        if (span_equal(span_cut(&words, ' '), word))
            return true;
    return false;
}

/* All that the services of this gateway have, joined by ' '. */
static struct span known(const struct deed *deed, ids_of *each)
{
    const struct catalogue *catalogue = deed->pass->catalogue;
    struct buffer ids;
    struct span id = SPAN_NONE;
    buffer_init(&ids, deed->pass->arena, KNOWN_MAX);
    for (size_t s = 0; s < catalogue->service_count; s++)
        for (size_t i = 0; i < each(catalogue->services[s], i, &id); i++)
            if (!holds(buffer_span(&ids), id))
                buffer_add_format(&ids, "%s%.*s", buffer_span(&ids).len ? " " : "", SPAN_ARG(id));
    return buffer_span(&ids);
}

/* One that no service has would only hide requests from them; what they had before may stay until it is taken away. */
static enum outcome check_ids(struct deed *deed, struct span ids, struct span before, ids_of *each, const char *why,
                              const char *what)
{
    const struct span there = known(deed, each);
    while (span_is_present(ids)) {
        const struct span id = span_cut(&ids, ' ');
        if (!id.len || holds(there, id) || holds(before, id))
            continue;
        deed->result->why = why;
        return error_set(&deed->result->error, OUTCOME_REFUSED, "there is no %s \"%.*s\"; there are: %.*s", what,
                         SPAN_ARG(id), SPAN_ARG(there));
    }
    return OUTCOME_OK;
}

/* `before`: the account as it is; NULL: it is new. */
static enum outcome check_lists(struct deed *deed, const struct operator *user, const struct operator *before)
{
    if (user->topics.len > LIST_MAX || user->languages.len > LIST_MAX)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_user_lists", "too many topics or languages");
    enum outcome outcome =
        check_ids(deed, user->topics, before ? before->topics : SPAN_NONE, topic_at, "why_user_topics", "topic");
    return outcome == OUTCOME_OK ? check_ids(deed, user->languages, before ? before->languages : SPAN_NONE, language_at,
                                             "why_user_languages", "language")
                                 : outcome;
}

static enum outcome check_user(struct deed *deed, const struct operator *user, const struct operator *before)
{
    if (!user || !operator_is_shown(user->shown))
        return deed_refuse(deed, OUTCOME_REFUSED, "why_user_shown",
                           "they need a name that others see, of at most 80 letters");
    if (!user->roles || user->roles >= ROLE_BIT(ROLE_COUNT))
        return deed_refuse(deed, OUTCOME_REFUSED, "why_user_roles", "they need a role");
    return check_lists(deed, user, before);
}

static struct span or_empty(struct span text)
{
    return span_is_present(text) ? text : SPAN("");
}

enum outcome desk_user_add(struct deed *deed)
{
    const struct operator *user = deed->action->user;
    enum outcome outcome = check_user(deed, user, NULL);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (!operator_is_name(user->name))
        return deed_refuse(deed, OUTCOME_REFUSED, "why_user_name",
                           "a name to sign in with has 2 to 64 of a-z, 0-9, dot, dash and underscore");
    if (!desk_is_password_hash(deed->action->text))
        return deed_refuse(deed, OUTCOME_REFUSED, "why_broken", "a password that was not hashed");
    struct operator there;
    outcome = store_find_operator(deed->pass->store, user->name, deed->pass->arena, &there, &deed->result->error);
    if (outcome == OUTCOME_OK)
        return deed_refuse(deed, OUTCOME_CONFLICT, "why_name_taken", "somebody has this name");
    if (outcome != OUTCOME_NOT_FOUND)
        return outcome;
    const struct operator row = {.id = deed_new_id(deed),
                                 .name = user->name,
                                 .shown = user->shown,
                                 .roles = user->roles,
                                 .topics = or_empty(user->topics),
                                 .languages = or_empty(user->languages),
                                 .password = deed->action->text,
                                 .must_change = true,
                                 .lang = user->lang.len ? user->lang : SPAN("en"),
                                 .has_shortcuts = true,
                                 .created_at = deed->pass->now,
                                 .version = 1};
    deed_save_operator(deed, &row);
    deed->result->id = deed->audit.id = row.id;
    deed->result->version = row.version;
    return OUTCOME_OK;
}

/* Whether somebody else is left who can say who works here. */
static enum outcome check_not_last(struct deed *deed, const struct operator *row)
{
    struct operator *all;
    size_t count;
    enum outcome outcome =
        store_load_operators(deed->pass->store, deed->pass->arena, &all, &count, &deed->result->error);
    if (outcome != OUTCOME_OK || !roles_may(row->roles, RIGHT_USERS) || row->is_disabled)
        return outcome;
    for (size_t i = 0; i < count; i++)
        if (all[i].id != row->id && !all[i].is_disabled && roles_may(all[i].roles, RIGHT_USERS))
            return OUTCOME_OK;
    return deed_refuse(deed, OUTCOME_REFUSED, "why_last_admin", "the last administrator stays one");
}

static enum outcome load_user(struct deed *deed, struct operator *row)
{
    return deed_found(deed, store_load_operator(deed->pass->store, deed->action->object, deed->pass->arena, row,
                                                &deed->result->error));
}

/* Changed, and signed out everywhere where that is called for. */
static enum outcome save_user(struct deed *deed, const struct operator *row, bool ends_sign_ins)
{
    deed_save_operator(deed, row);
    if (ends_sign_ins)
        deed_end_sign_ins(deed, row->id, 0);
    deed->result->id = row->id;
    deed->result->version = row->version + 1;
    return OUTCOME_OK;
}

/* Other roles begin with another sign-in: with some of them a second factor is asked for. */
enum outcome desk_user_change(struct deed *deed)
{
    const struct operator *user = deed->action->user;
    struct operator row;
    enum outcome outcome = load_user(deed, &row);
    if (outcome == OUTCOME_OK)
        outcome = check_user(deed, user, &row);
    if (outcome == OUTCOME_OK && deed->action->version && deed->action->version != row.version)
        outcome = deed_refuse(deed, OUTCOME_CONFLICT, "why_changed", "the account was changed in between");
    if (outcome == OUTCOME_OK && !roles_may(user->roles, RIGHT_USERS))
        outcome = check_not_last(deed, &row);
    if (outcome != OUTCOME_OK)
        return outcome;
    const bool has_other_roles = row.roles != user->roles;
    row.shown = user->shown;
    row.roles = user->roles;
    row.topics = or_empty(user->topics);
    row.languages = or_empty(user->languages);
    return save_user(deed, &row, has_other_roles);
}

enum outcome desk_user_disable(struct deed *deed)
{
    struct operator row;
    enum outcome outcome = load_user(deed, &row);
    if (outcome == OUTCOME_OK && !deed->action->flag)
        outcome = check_not_last(deed, &row);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (deed->action->flag)
        deed->audit.detail = "enabled";
    row.is_disabled = !deed->action->flag;
    if (deed->action->flag) /* and not held up by wrong tries of whomever */
        row.failures = 0;
    return save_user(deed, &row, row.is_disabled);
}

enum outcome desk_user_reset(struct deed *deed)
{
    struct operator row;
    enum outcome outcome = load_user(deed, &row);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (!desk_is_password_hash(deed->action->text))
        return deed_refuse(deed, OUTCOME_REFUSED, "why_broken", "a password that was not hashed");
    row.password = deed->action->text;
    row.must_change = true;
    row.totp = row.recovery = SPAN_NONE;
    row.totp_step = 0;
    row.failures = 0;
    row.failed_at = 0;
    return save_user(deed, &row, true);
}
