/* The one table of what operators may do: which right it takes, from which sign-in on, and what it leaves in the audit. */
#include "core/desk/desk_verbs.h"

static const struct verb_row rows[DESK_VERB_COUNT] = {
    [DESK_SIGN_IN] = {RIGHT_NONE, FROM_NOBODY, desk_sign_in, AUDIT_SIGN_IN, OBJECT_OPERATOR, "password", NULL, true},
    [DESK_SIGN_IN_FAILED] = {RIGHT_NONE, FROM_NOBODY, desk_sign_in_failed, AUDIT_SIGN_IN_FAILED, OBJECT_OPERATOR,
                             "password", NULL, true},
    [DESK_SECOND_FACTOR] = {RIGHT_NONE, FROM_HALF, desk_second_factor, AUDIT_SIGN_IN, OBJECT_OPERATOR, "code", NULL,
                            true},
    [DESK_SIGN_OUT] = {RIGHT_NONE, FROM_HALF, desk_sign_out, AUDIT_SIGN_OUT, OBJECT_SIGN_IN, NULL, NULL, true},
    [DESK_REVOKE] = {RIGHT_SIGNED_IN, FROM_WHOLE, desk_revoke, AUDIT_REVOKED, OBJECT_SIGN_IN, NULL, NULL, false},
    [DESK_SEEN] = {RIGHT_NONE, FROM_HALF, desk_seen, AUDIT_NONE, OBJECT_NONE, NULL, NULL, true},
    [DESK_LOCK] = {RIGHT_NONE, FROM_LOCKED, desk_lock, AUDIT_LOCKED, OBJECT_SIGN_IN, NULL, NULL, true},
    [DESK_UNLOCK] = {RIGHT_NONE, FROM_LOCKED, desk_unlock, AUDIT_UNLOCKED, OBJECT_SIGN_IN, NULL, NULL, true},
    [DESK_PASSWORD] = {RIGHT_SIGNED_IN, FROM_HALF, desk_password, AUDIT_SETTINGS, OBJECT_OPERATOR, "password", NULL,
                       true},
    [DESK_TOTP] = {RIGHT_SIGNED_IN, FROM_HALF, desk_totp, AUDIT_SETTINGS, OBJECT_OPERATOR, "second_factor", NULL, true},
    [DESK_SETTINGS] = {RIGHT_SIGNED_IN, FROM_WHOLE, desk_settings, AUDIT_SETTINGS, OBJECT_OPERATOR, "pages", NULL,
                       true},
    [DESK_FILTER] = {RIGHT_QUEUE, FROM_WHOLE, desk_filter, AUDIT_SETTINGS, OBJECT_OPERATOR, "filter", NULL, true},
    [DESK_REFUSED] = {RIGHT_NONE, FROM_HALF, desk_refused, AUDIT_REFUSED, OBJECT_NONE, "page", NULL, true},

    [DESK_USER_ADD] = {RIGHT_USERS, FROM_WHOLE, desk_user_add, AUDIT_USER, OBJECT_OPERATOR, "added", NULL, false},
    [DESK_USER_CHANGE] = {RIGHT_USERS, FROM_WHOLE, desk_user_change, AUDIT_USER, OBJECT_OPERATOR, "changed", NULL,
                          false},
    [DESK_USER_DISABLE] = {RIGHT_USERS, FROM_WHOLE, desk_user_disable, AUDIT_USER, OBJECT_OPERATOR, "disabled", NULL,
                           false},
    [DESK_USER_RESET] = {RIGHT_USERS, FROM_WHOLE, desk_user_reset, AUDIT_USER, OBJECT_OPERATOR, "reset", NULL, false},

    [DESK_VIEW] = {RIGHT_SIGNED_IN, FROM_WHOLE, desk_view, AUDIT_VIEWED, OBJECT_NONE, NULL, NULL, true},
    [DESK_FIND_PHONE] = {RIGHT_PERSON, FROM_WHOLE, desk_find_phone, AUDIT_SEARCHED, OBJECT_NONE, NULL, NULL, true},
    [DESK_REVEAL] = {RIGHT_REVEAL, FROM_WHOLE, desk_reveal, AUDIT_REVEALED, OBJECT_REQUEST, NULL, NULL, true},

    [DESK_CLAIM] = {RIGHT_QUEUE, FROM_WHOLE, desk_claim, AUDIT_CHANGED, OBJECT_REQUEST, "claimed", NULL, false},
    [DESK_ASSIGN] = {RIGHT_QUEUE, FROM_WHOLE, desk_assign, AUDIT_CHANGED, OBJECT_REQUEST, "assigned", NULL, false},
    [DESK_RELEASE] = {RIGHT_QUEUE, FROM_WHOLE, desk_release, AUDIT_CHANGED, OBJECT_REQUEST, "released", NULL, false},
    [DESK_WAIT] = {RIGHT_QUEUE, FROM_WHOLE, desk_wait, AUDIT_CHANGED, OBJECT_REQUEST, "waits", NULL, false},
    [DESK_URGENCY] = {RIGHT_QUEUE, FROM_WHOLE, desk_urgency, AUDIT_CHANGED, OBJECT_REQUEST, "urgency", NULL, false},
    [DESK_ATTEMPT] = {RIGHT_QUEUE, FROM_WHOLE, desk_attempt, AUDIT_CHANGED, OBJECT_REQUEST, NULL, NULL, false},
    [DESK_REFER] = {RIGHT_QUEUE, FROM_WHOLE, desk_refer, AUDIT_CHANGED, OBJECT_REQUEST, "referred", NULL, false},
    [DESK_SETTLE_REFERRAL] = {RIGHT_QUEUE, FROM_WHOLE, desk_settle_referral, AUDIT_CHANGED, OBJECT_REQUEST,
                              "referral_settled", NULL, false},
    [DESK_CLOSE] = {RIGHT_QUEUE, FROM_WHOLE, desk_close, AUDIT_CHANGED, OBJECT_REQUEST, "closed", NULL, false},
    [DESK_REOPEN] = {RIGHT_QUEUE, FROM_WHOLE, desk_reopen, AUDIT_CHANGED, OBJECT_REQUEST, "reopened", NULL, false},
    [DESK_NOTE] = {RIGHT_QUEUE, FROM_WHOLE, desk_note, AUDIT_CHANGED, OBJECT_REQUEST, "note", NULL, false},
    [DESK_REPLY] = {RIGHT_QUEUE, FROM_WHOLE, desk_reply, AUDIT_CHANGED, OBJECT_REQUEST, "reply", NULL, false},
    [DESK_MERGE] = {RIGHT_QUEUE, FROM_WHOLE, desk_merge, AUDIT_CHANGED, OBJECT_REQUEST, "merged", NULL, false},
    [DESK_DEALT] = {RIGHT_SIGNED_IN, FROM_WHOLE, desk_dealt, AUDIT_CHANGED, OBJECT_NONE, "dealt", NULL, false},
    [DESK_NEW] = {RIGHT_QUEUE, FROM_WHOLE, desk_new, AUDIT_CHANGED, OBJECT_REQUEST, "made", desk_new_again, false},
    [DESK_DRAFT] = {RIGHT_QUEUE, FROM_WHOLE, desk_draft, AUDIT_NONE, OBJECT_NONE, NULL, NULL, false},

    [DESK_FORGET] = {RIGHT_FORGET, FROM_WHOLE, desk_forget, AUDIT_FORGOT, OBJECT_PERSON, NULL, NULL, false},
    [DESK_NUMBER_CHANGED] = {RIGHT_FORGET, FROM_WHOLE, desk_number_changed, AUDIT_CHANGED, OBJECT_PHONE,
                             "number_changed", NULL, false},
    [DESK_FLAG] = {RIGHT_PERSON, FROM_WHOLE, desk_flag, AUDIT_CHANGED, OBJECT_PERSON, "flagged", NULL, false},
    [DESK_FLAG_DROP] = {RIGHT_PERSON, FROM_WHOLE, desk_flag_drop, AUDIT_CHANGED, OBJECT_PERSON, "flag_dropped", NULL,
                        false},
    [DESK_REDACT] = {RIGHT_REDACT, FROM_WHOLE, desk_redact, AUDIT_CHANGED, OBJECT_SESSION, "redacted", NULL, false},
};

const struct verb_row *desk_verb_row(enum desk_verb verb)
{
    return &rows[verb];
}
