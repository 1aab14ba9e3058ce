#include "store/sqlite/audit.h"
#include "store/sqlite/changes.h"

typedef enum outcome apply(struct store *store, const struct change *change, struct error *err);

static apply *const appliers[] = {
    [CHANGE_PHONE] = change_phone,
    [CHANGE_PERSON] = change_person,
    [CHANGE_SESSION] = change_session,
    [CHANGE_TURN] = change_turn,
    [CHANGE_ENTRY] = change_entry,
    [CHANGE_ENTRY_CLOSED] = change_entry_closed,
    [CHANGE_ANSWER] = change_answer,
    [CHANGE_REQUEST] = change_request,
    [CHANGE_REQUEST_STATE] = change_request_state,
    [CHANGE_REGISTRATION] = change_registration,
    [CHANGE_ENTRY_MERGED] = change_entry_merged,
    [CHANGE_CORRECTED] = change_corrected,
    [CHANGE_WITHDRAWN] = change_withdrawn,
    [CHANGE_PIN] = change_pin,
    [CHANGE_PIN_TRIES] = change_pin_tries,
    [CHANGE_PERSON_MOVED] = change_person_moved,
    [CHANGE_FORGET] = change_forget,
    [CHANGE_MESSAGE_SEEN] = change_message_seen,
    [CHANGE_OUTBOX] = change_outbox,
    [CHANGE_OUTBOX_STATE] = change_outbox_state,
    [CHANGE_OUTBOX_ROUTE] = change_outbox_route,
    [CHANGE_REPORT] = change_report,
    [CHANGE_EARLY_REPORT] = change_early_report,
    [CHANGE_EARLY_CLAIMED] = change_early_claimed,
    [CHANGE_STRAY] = change_stray,
    [CHANGE_PERSON_STAYS] = change_person_stays,
    [CHANGE_PART] = change_part,
    [CHANGE_FOLLOW_UP] = change_follow_up,
    [CHANGE_FOLLOW_UP_STATE] = change_follow_up_state,
    [CHANGE_FOLLOW_UP_ANSWERED] = change_follow_up_answered,
    [CHANGE_FOLLOW_UPS_STOPPED] = change_follow_ups_stopped,
    [CHANGE_PARTS_TAKEN] = change_parts_taken,
    [CHANGE_TRIAGE] = change_triage,

    [CHANGE_OPERATOR] = change_operator,
    [CHANGE_SIGN_IN] = change_sign_in,
    [CHANGE_SIGN_INS_END] = change_sign_ins_end,
    [CHANGE_REQUEST_DESK] = change_request_desk,
    [CHANGE_REQUEST_ATTENTION] = change_request_attention,
    [CHANGE_REQUEST_LINE] = change_request_line,
    [CHANGE_REQUEST_BY_HAND] = change_request,
    [CHANGE_NOTE] = change_note,
    [CHANGE_ATTEMPT] = change_attempt,
    [CHANGE_REFERRAL] = change_referral,
    [CHANGE_DRAFT] = change_draft,
    [CHANGE_PERSON_FLAG] = change_person_flag,
    [CHANGE_SAVED_FILTER] = change_saved_filter,
    [CHANGE_OUTBOX_DEALT] = change_outbox_dealt,
    [CHANGE_REDACTED] = change_redacted,
    [CHANGE_DONE] = change_done,
    [CHANGE_AUDIT] = change_audit,
};

static enum outcome apply_one(struct store *store, const struct change *change, struct error *err)
{
    if ((unsigned)change->kind >= sizeof appliers / sizeof *appliers || !appliers[change->kind])
        return error_set(err, OUTCOME_REFUSED, "there is no change of kind %d", (int)change->kind);
    return appliers[change->kind](store, change, err);
}

enum outcome store_save(struct store *store, const struct change *changes, size_t count, size_t *failed_at,
                        struct error *err)
{
    *failed_at = count;
    enum outcome outcome = store_begin(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    for (size_t i = 0; i < count; i++) {
        outcome = apply_one(store, &changes[i], err);
        if (outcome != OUTCOME_OK) {
            *failed_at = i;
            store_undo(store);
            store->poisoned = store->poisoned || outcome == OUTCOME_BROKEN;
            return outcome;
        }
    }
    return store_commit(store, err);
}
