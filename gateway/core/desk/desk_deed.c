/* Who may, what was done before under the same key, and what is left behind in the audit. */
#include "core/desk/desk_deed.h"

#include <string.h>
#include "core/identity.h"

/* ---- what verbs use ---- */

enum outcome deed_refuse(struct deed *deed, enum outcome outcome, const char *why, const char *text)
{
    deed->result->why = why;
    return error_set(&deed->result->error, outcome, "%s", text);
}

enum outcome deed_found(struct deed *deed, enum outcome outcome)
{
    if (outcome == OUTCOME_NOT_FOUND)
        return deed_refuse(deed, OUTCOME_NOT_FOUND, "why_not_there", "there is no such thing");
    if (outcome != OUTCOME_OK)
        deed->result->why = "why_broken";
    return outcome;
}

enum outcome deed_deny(struct deed *deed, const char *detail)
{
    deed->audit.detail = detail;
    return deed_refuse(deed, OUTCOME_REFUSED, "why_no_right", "they have no right to it");
}

bool deed_may(const struct deed *deed, enum right right)
{
    if (!deed->who.id && deed->pass->is_local)
        return right == RIGHT_USERS || right == RIGHT_NONE;
    return right == RIGHT_NONE || (deed->who.id && !deed->who.is_disabled && roles_may(deed->who.roles, right));
}

struct change *deed_change(struct deed *deed, enum change_kind kind)
{
    return change_list_add(&deed->changes, kind, NO_MESSAGE);
}

int64_t deed_new_id(const struct deed *deed)
{
    return id_next(deed->pass->ids, deed->pass->now);
}

void deed_save_operator(struct deed *deed, const struct operator *row)
{
    struct operator *copy = DEED_NEW(deed, struct operator);
    *copy = *row;
    copy->changed_at = deed->pass->now;
    deed_change(deed, CHANGE_OPERATOR)->operator.row = copy;
}

void deed_save_sign_in(struct deed *deed, const struct sign_in *row)
{
    struct sign_in *copy = DEED_NEW(deed, struct sign_in);
    *copy = *row;
    deed_change(deed, CHANGE_SIGN_IN)->sign_in.row = copy;
}

void deed_end_sign_ins(struct deed *deed, int64_t operator, int64_t but)
{
    struct change *change = deed_change(deed, CHANGE_SIGN_INS_END);
    change->sign_ins.operator = operator;
    change->sign_ins.but = but;
    change->sign_ins.at = deed->pass->now;
}

bool deed_has_words(struct span text, size_t most)
{
    return span_is_present(text) && span_trim(text).len > 0 && text.len <= most;
}

enum outcome deed_check_length(struct deed *deed, struct span text)
{
    return typed_fits(text)
               ? OUTCOME_OK
               : deed_refuse(deed, OUTCOME_REFUSED, "why_note_too_long", "what is typed is shorter than that");
}

/* ---- who acts ---- */

static enum outcome load_who(struct deed *deed)
{
    const struct desk_action *action = deed->action;
    struct desk_result *result = deed->result;
    if (!action->operator)
        return OUTCOME_OK;
    enum outcome outcome =
        store_load_operator(deed->pass->store, action->operator, deed->pass->arena, &deed->who, &result->error);
    if (outcome != OUTCOME_NOT_FOUND)
        return outcome;
    deed->who = (struct operator){0};
    return OUTCOME_OK;
}

static enum outcome load_sign_in(struct deed *deed)
{
    if (!deed->action->sign_in)
        return OUTCOME_OK;
    struct sign_in *row = DEED_NEW(deed, struct sign_in);
    enum outcome outcome =
        store_load_sign_in(deed->pass->store, deed->action->sign_in, deed->pass->arena, row, &deed->result->error);
    if (outcome == OUTCOME_OK)
        deed->sign_in = row;
    return outcome == OUTCOME_NOT_FOUND ? OUTCOME_OK : outcome;
}

/* Who is waiting for a second factor, or has a password that somebody else made, does nothing else before. */
static bool is_far_enough(const struct deed *deed, enum deed_from from)
{
    const struct sign_in *sign_in = deed->sign_in;
    if (deed->pass->is_local)
        return true;
    if (!sign_in || sign_in->ended_at || sign_in->operator != deed->who.id || deed->who.is_disabled)
        return false;
    if (from == FROM_HALF)
        return true;
    if (sign_in->is_half)
        return false;
    return from == FROM_LOCKED || (!sign_in->is_locked && !deed->who.must_change);
}

/* The sign-in says whose it is where the action does not. */
static enum outcome settle_who(struct deed *deed)
{
    enum outcome outcome = load_sign_in(deed);
    if (outcome == OUTCOME_OK && !deed->action->operator && deed->sign_in)
        outcome = store_load_operator(deed->pass->store, deed->sign_in->operator, deed->pass->arena, &deed->who,
                                      &deed->result->error);
    else if (outcome == OUTCOME_OK)
        outcome = load_who(deed);
    return outcome == OUTCOME_NOT_FOUND ? OUTCOME_OK : outcome;
}

static enum outcome check_who(struct deed *deed, const struct verb_row *row)
{
    if (row->from == FROM_NOBODY)
        return OUTCOME_OK;
    if (!is_far_enough(deed, row->from))
        return deed_refuse(deed, OUTCOME_REFUSED, "why_not_signed_in", "they have not signed in");
    return deed_may(deed, row->right) ? OUTCOME_OK : deed_deny(deed, row->detail);
}

/* ---- what was done before ---- */

/* What a form's key stands for: this verb, by this operator, of this thing. Another's key, or another button's, is another key. */
static struct lookup own_key(const struct deed *deed)
{
    struct {
        int64_t operator, verb, object;
        struct lookup key;
    } said;
    memset(&said, 0, sizeof said);
    said.operator = deed->who.id;
    said.verb = deed->action->verb;
    said.object = deed->action->object;
    said.key = deed->action->key;
    struct lookup out;
    keyring_lookup(deed->pass->keyring, SPAN("desk-key"), (struct span){(const char *)&said, sizeof said}, &out);
    return out;
}

static enum outcome answer_again(struct deed *deed, const struct verb_row *row, bool *was_done)
{
    struct done done;
    const struct lookup key = own_key(deed);
    if (row->is_done_anew || !identity_is_given(&deed->action->key))
        return OUTCOME_OK;
    enum outcome outcome = store_find_done(deed->pass->store, &key, &done, &deed->result->error);
    *was_done = outcome == OUTCOME_OK;
    if (outcome != OUTCOME_OK)
        return outcome == OUTCOME_NOT_FOUND ? OUTCOME_OK : outcome;
    deed->result->id = done.id;
    deed->result->version = done.version;
    return row->again ? row->again(deed, done.id) : OUTCOME_OK;
}

static void remember(struct deed *deed, const struct verb_row *row)
{
    if (row->is_done_anew || !identity_is_given(&deed->action->key))
        return;
    struct change *change = deed_change(deed, CHANGE_DONE);
    change->done.key = own_key(deed);
    change->done.at = deed->pass->now;
    change->done.id = deed->result->id;
    change->done.outcome = OUTCOME_OK;
    change->done.version = deed->result->version;
}

/* ---- what is left behind ---- */

static struct audit_row *add_line(struct deed *deed, enum audit_action action)
{
    struct audit_row *row = DEED_NEW(deed, struct audit_row);
    row->id = deed_new_id(deed);
    row->at = deed->pass->now;
    row->action = action;
    deed_change(deed, CHANGE_AUDIT)->audit.row = row;
    return row;
}

static struct audit_row *add_own_line(struct deed *deed, enum audit_action action)
{
    struct audit_row *row = add_line(deed, action);
    row->operator = deed->who.id;
    row->peer = deed->action->peer;
    return row;
}

static void leave_line(struct deed *deed, enum audit_action action)
{
    struct audit_row *row = add_own_line(deed, action);
    row->object = deed->audit.object;
    row->object_id = deed->audit.id;
    row->detail = span_of(deed->audit.detail);
}

void deed_beside(struct deed *deed, enum audit_object object, int64_t id, const char *detail)
{
    struct audit_row *row = add_own_line(deed, deed->audit.action);
    row->object = object;
    row->object_id = id;
    row->detail = span_of(detail);
}

void deed_by_program(struct deed *deed, enum audit_object object, int64_t id, const char *detail)
{
    struct audit_row *row = add_line(deed, AUDIT_PROGRAM);
    row->object = object;
    row->object_id = id;
    row->detail = span_of(detail);
}

/* "why_not_safe_now" stands in the audit as "not_safe_now"; where it is the right that is missing, what they wanted says more. */
static void leave_refusal(struct deed *deed)
{
    static const char prefix[] = "why_";
    const char *why = deed->result->why;
    if (why && strcmp(why, "why_no_right") != 0 && strncmp(why, prefix, sizeof prefix - 1) == 0)
        deed->audit.detail = why + sizeof prefix - 1;
    deed->changes.count = 0;
    leave_line(deed, AUDIT_REFUSED);
}

/* ---- the order of these ---- */

struct deed deed_begin(const struct desk_pass *pass, const struct desk_action *action, struct desk_result *result)
{
    memset(result, 0, sizeof *result);
    return (struct deed){.pass = pass, .action = action, .result = result, .changes = {.arena = pass->arena}};
}

static enum outcome run(struct deed *deed, const struct verb_row *row)
{
    enum outcome outcome = settle_who(deed);
    if (outcome == OUTCOME_OK)
        outcome = check_who(deed, row);
    bool was_done = false;
    if (outcome == OUTCOME_OK)
        outcome = answer_again(deed, row, &was_done);
    if (outcome != OUTCOME_OK || was_done)
        return outcome;
    outcome = row->run(deed);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (deed->audit.action != AUDIT_NONE)
        leave_line(deed, deed->audit.action);
    remember(deed, row);
    return OUTCOME_OK;
}

enum outcome deed_do(struct deed *deed)
{
    const struct desk_action *action = deed->action;
    struct desk_result *result = deed->result;
    if ((unsigned)action->verb >= DESK_VERB_COUNT || !desk_verb_row(action->verb)->run)
        return result->outcome = deed_refuse(deed, OUTCOME_REFUSED, "why_broken", "there is no such verb");
    const struct verb_row *row = desk_verb_row(action->verb);
    deed->audit.action = row->audit;
    deed->audit.object = row->object ? row->object : action->about;
    deed->audit.id = action->object;
    deed->audit.detail = row->detail;
    result->outcome = run(deed, row);
    if ((result->outcome == OUTCOME_REFUSED && result->why && !deed->is_slip) || deed->is_hidden)
        leave_refusal(deed);
    else if (result->outcome != OUTCOME_OK)
        deed->changes.count = 0;
    if (result->outcome == OUTCOME_NOT_FOUND && deed->leaves_line)
        leave_line(deed, deed->audit.action);
    return result->outcome;
}
