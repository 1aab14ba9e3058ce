/* Signing in and out. The console has compared passwords and codes; what follows from it is decided here. */
#include <string.h>
#include "base/duration.h"
#include "core/desk/desk_verbs.h"
#include "core/identity.h"

#define SEEN_EVERY_MS MINUTE_MS

/* Whose account it is about stands in the action: nobody has signed in yet. */
static enum outcome load_subject(struct deed *deed, struct operator *subject)
{
    enum outcome outcome =
        store_load_operator(deed->pass->store, deed->action->object, deed->pass->arena, subject, &deed->result->error);
    if (outcome == OUTCOME_OK)
        deed->who = *subject;
    return deed_found(deed, outcome);
}

static enum outcome check_door(struct deed *deed, const struct operator *subject)
{
    if (subject->is_disabled)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_disabled", "the account is disabled");
    if (!deed->action->is_known && operator_locked_until(subject) > deed->pass->now)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_wait", "too many wrong tries in a row");
    return OUTCOME_OK;
}

static bool needs_code(const struct operator *subject)
{
    return span_is_present(subject->totp) || roles_see_people(subject->roles);
}

static void welcome(const struct deed *deed, struct operator *subject)
{
    subject->failures = 0;
    subject->failed_at = 0;
    subject->last_at = deed->pass->now;
}

/* The count of failures goes back to nothing with the last factor and not before: else the right password would buy new tries for
 * the code. */
enum outcome desk_sign_in(struct deed *deed)
{
    struct operator subject;
    enum outcome outcome = load_subject(deed, &subject);
    if (outcome == OUTCOME_OK)
        outcome = check_door(deed, &subject);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (!identity_is_given(&deed->action->token))
        return deed_refuse(deed, OUTCOME_REFUSED, "why_broken", "a sign-in without a token");
    struct sign_in row = {.id = deed_new_id(deed),
                          .operator = subject.id,
                          .token = deed->action->token,
                          .created_at = deed->pass->now,
                          .seen_at = deed->pass->now,
                          .is_half = !deed->action->flag || needs_code(&subject),
                          .agent = deed->action->agent};
    if (!row.is_half) {
        welcome(deed, &subject);
        deed_save_operator(deed, &subject);
    }
    deed_save_sign_in(deed, &row);
    deed->result->id = row.id;
    return OUTCOME_OK;
}

/* Counted for whose name it was; without telling whether it is anybody's. */
enum outcome desk_sign_in_failed(struct deed *deed)
{
    static const char *const details[] = {
        [DESK_FACTOR_PASSWORD] = "password", [DESK_FACTOR_CODE] = "code", [DESK_FACTOR_CLOSED] = "not_let_in"};
    struct operator subject;
    if (deed->action->code >= sizeof details / sizeof *details)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_broken", "there is no such factor");
    deed->audit.detail = details[deed->action->code];
    if (!deed->action->object) {
        deed->audit.detail = "no_such_name";
        return OUTCOME_OK;
    }
    enum outcome outcome = load_subject(deed, &subject);
    if (outcome != OUTCOME_OK || deed->action->is_known || deed->action->code == DESK_FACTOR_CLOSED)
        return outcome;
    struct tries tries = {subject.failures, subject.failed_at};
    tries_add(&tries, deed->pass->now);
    subject.failures = tries.count;
    subject.failed_at = tries.at;
    deed_save_operator(deed, &subject);
    return OUTCOME_OK;
}

/* One recovery code is used once: what is left of them without it. */
static bool spend_recovery(struct deed *deed, struct operator *subject)
{
    const struct span used = deed->action->name, all = subject->recovery;
    for (size_t at = 0; used.len == LOOKUP_BYTES && at + LOOKUP_BYTES <= all.len; at += LOOKUP_BYTES) {
        if (!secret_equal(used, (struct span){all.at + at, LOOKUP_BYTES}))
            continue;
        char *rest = arena_alloc(deed->pass->arena, all.len);
        memcpy(rest, all.at, at);
        memcpy(rest + at, all.at + at + LOOKUP_BYTES, all.len - at - LOOKUP_BYTES);
        subject->recovery = (struct span){rest, all.len - LOOKUP_BYTES};
        deed->audit.detail = "recovery_code";
        return true;
    }
    return false;
}

static enum outcome spend_factor(struct deed *deed, struct operator *subject)
{
    if (span_is_present(deed->action->name))
        return spend_recovery(deed, subject)
                   ? OUTCOME_OK
                   : deed_refuse(deed, OUTCOME_REFUSED, "why_code_wrong", "no such recovery code is left");
    if (deed->action->until <= subject->totp_step)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_code_used", "this code was used already");
    subject->totp_step = deed->action->until;
    return OUTCOME_OK;
}

/* A new token: what somebody saw of the half sign-in opens nothing. */
static void rotate(struct deed *deed, struct sign_in *row)
{
    if (identity_is_given(&deed->action->token))
        row->token = deed->action->token;
    row->seen_at = deed->pass->now;
}

enum outcome desk_second_factor(struct deed *deed)
{
    struct operator subject = deed->who;
    struct sign_in *row = deed->sign_in;
    deed->audit.id = subject.id;
    if (!row || !row->is_half)
        return deed_refuse(deed, OUTCOME_CONFLICT, "why_changed", "the second factor is not waited for");
    enum outcome outcome = check_door(deed, &subject);
    if (outcome == OUTCOME_OK)
        outcome = spend_factor(deed, &subject);
    if (outcome != OUTCOME_OK)
        return outcome;
    welcome(deed, &subject);
    deed_save_operator(deed, &subject);
    row->is_half = false;
    rotate(deed, row);
    deed_save_sign_in(deed, row);
    deed->result->id = row->id;
    return OUTCOME_OK;
}

enum outcome desk_sign_out(struct deed *deed)
{
    if (!deed->sign_in)
        return deed_found(deed, OUTCOME_NOT_FOUND);
    deed->audit.id = deed->sign_in->id;
    deed->sign_in->ended_at = deed->pass->now;
    deed_save_sign_in(deed, deed->sign_in);
    return OUTCOME_OK;
}

enum outcome desk_revoke(struct deed *deed)
{
    struct sign_in row;
    enum outcome outcome = deed_found(deed, store_load_sign_in(deed->pass->store, deed->action->object,
                                                               deed->pass->arena, &row, &deed->result->error));
    if (outcome != OUTCOME_OK)
        return outcome;
    if (row.operator != deed->who.id && !deed_may(deed, RIGHT_USERS))
        return deed_deny(deed, "revoke");
    if (row.ended_at)
        return OUTCOME_OK;
    row.ended_at = deed->pass->now;
    deed_save_sign_in(deed, &row);
    return OUTCOME_OK;
}

enum outcome desk_seen(struct deed *deed)
{
    struct sign_in *row = deed->sign_in;
    if (!row || deed->pass->now - row->seen_at < SEEN_EVERY_MS)
        return OUTCOME_OK;
    row->seen_at = deed->pass->now;
    deed_save_sign_in(deed, row);
    return OUTCOME_OK;
}

enum outcome desk_lock(struct deed *deed)
{
    if (!deed->sign_in)
        return deed_found(deed, OUTCOME_NOT_FOUND);
    deed->audit.id = deed->sign_in->id;
    deed->sign_in->is_locked = true;
    deed_save_sign_in(deed, deed->sign_in);
    return OUTCOME_OK;
}

enum outcome desk_unlock(struct deed *deed)
{
    struct operator subject = deed->who;
    struct sign_in *row = deed->sign_in;
    if (!row)
        return deed_found(deed, OUTCOME_NOT_FOUND);
    deed->audit.id = row->id;
    enum outcome outcome = check_door(deed, &subject);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (subject.failures) {
        welcome(deed, &subject);
        deed_save_operator(deed, &subject);
    }
    row->is_locked = false;
    rotate(deed, row);
    deed_save_sign_in(deed, row);
    return OUTCOME_OK;
}
