/* How a request ends, and how it begins again. */
#include "core/desk/desk_dossier.h"
#include "core/desk/desk_verbs.h"
#include "menu/request.h"

static void end(struct deed *deed, struct dossier *dossier, enum close_outcome outcome)
{
    dossier->desk.outcome = outcome;
    dossier->desk.wait_until = 0;
    dossier->request.state = REQUEST_CLOSED;
    dossier->request.next_at = 0;
    dossier_calm(deed, dossier);
    dossier_save(deed, dossier, STEP_CLOSED);
}

enum outcome desk_close(struct deed *deed)
{
    struct dossier dossier;
    enum outcome outcome = dossier_open_live(deed, &dossier);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (deed->action->code == CLOSED_NOT || deed->action->code >= CLOSED_COUNT)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_no_outcome", "what came of it is missing");
    outcome = dossier_check_seen(deed, &dossier);
    if (outcome == OUTCOME_OK)
        outcome = dossier_remark(deed, &dossier);
    if (outcome == OUTCOME_OK)
        end(deed, &dossier, (enum close_outcome)deed->action->code);
    return outcome;
}

/* What its person took back stays so: they can ask again. */
enum outcome desk_reopen(struct deed *deed)
{
    struct dossier dossier;
    enum outcome outcome = dossier_open(deed, deed->action->object, &dossier);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (dossier.request.state == REQUEST_CANCELLED)
        return deed_refuse(deed, OUTCOME_CONFLICT, "why_cancelled", "its person took it back");
    if (dossier.request.state != REQUEST_CLOSED)
        return deed_refuse(deed, OUTCOME_CONFLICT, "why_open", "it is open");
    enum outcome taken = store_find_reference(deed->pass->store, dossier.request.reference, &deed->result->error);
    if (taken == OUTCOME_BROKEN)
        return taken;
    dossier_begin_again(&dossier, deed->pass->now);
    dossier_save(deed, &dossier, STEP_REOPENED);
    return OUTCOME_OK;
}

enum outcome desk_merge(struct deed *deed)
{
    struct dossier dossier, stays;
    enum outcome outcome = dossier_open_live(deed, &dossier);
    if (outcome == OUTCOME_OK)
        outcome = dossier_open(deed, deed->action->to, &stays);
    if (outcome != OUTCOME_OK)
        return outcome;
    const struct request *gone = &dossier.request, *kept = &stays.request;
    if (gone->id == kept->id || (gone->person != kept->person && gone->phone != kept->phone))
        return deed_refuse(deed, OUTCOME_REFUSED, "why_not_the_same", "they are not the same person's");
    if (!request_is_open(kept))
        return deed_refuse(deed, OUTCOME_CONFLICT, "why_not_open", "the one that should stay is closed");
    outcome = dossier_check_seen(deed, &dossier);
    if (outcome != OUTCOME_OK)
        return outcome;
    dossier.desk.merged_into = kept->id;
    end(deed, &dossier, CLOSED_DUPLICATE);
    return OUTCOME_OK;
}

/* ---- what somebody has to look at besides ---- */

/* Who does not keep the outbox deals with a text beside the request that it answers, if that is theirs to see, and with no other. */
static enum outcome check_text(struct deed *deed, int64_t text)
{
    struct dossier dossier;
    int64_t answered = 0;
    if (deed_may(deed, RIGHT_OUTBOX))
        return OUTCOME_OK;
    enum outcome outcome = dossier_open(deed, deed->action->to, &dossier);
    if (outcome == OUTCOME_OK)
        outcome = store_find_answered(deed->pass->store, text, &answered, &deed->result->error);
    return outcome == OUTCOME_OK && answered != dossier.request.id ? dossier_hide(deed) : outcome;
}

static enum outcome deal_with_text(struct deed *deed)
{
    struct outbox_row row;
    deed->audit.object = OBJECT_OUTBOX;
    if (!deed_may(deed, RIGHT_OUTBOX) && !deed_may(deed, RIGHT_QUEUE))
        return deed_deny(deed, "dealt");
    enum outcome outcome = deed_found(deed, store_load_outbox(deed->pass->store, deed->action->object,
                                                              deed->pass->arena, &row, &deed->result->error));
    if (outcome == OUTCOME_OK)
        outcome = check_text(deed, row.id);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (row.state < OUTBOX_FAILED)
        return deed_refuse(deed, OUTCOME_CONFLICT, "why_not_failed", "it is still on its way, or arrived");
    struct change *change = deed_change(deed, CHANGE_OUTBOX_DEALT);
    change->dealt.outbox = row.id;
    change->dealt.at = deed->pass->now;
    deed->result->id = row.id;
    return OUTCOME_OK;
}

enum outcome desk_dealt(struct deed *deed)
{
    struct dossier dossier;
    if (deed->action->about != OBJECT_REQUEST)
        return deal_with_text(deed);
    if (!deed_may(deed, RIGHT_QUEUE))
        return deed_deny(deed, "dealt");
    enum outcome outcome = dossier_open(deed, deed->action->object, &dossier);
    if (outcome == OUTCOME_OK)
        outcome = dossier_check_seen(deed, &dossier);
    if (outcome == OUTCOME_OK)
        dossier_calm(deed, &dossier);
    return outcome;
}
