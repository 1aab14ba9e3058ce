/* Who has a request, how urgent it is, and until when nothing is to be done with it. */
#include "core/desk/desk_dossier.h"
#include "base/duration.h"
#include "core/desk/desk_verbs.h"

#define WAIT_MAX_MS (366 * DAY_MS)

static void give(struct deed *deed, struct dossier *dossier, int64_t operator)
{
    dossier->desk.assignee = operator;
    dossier->desk.assigned_at = deed->pass->now;
    dossier->request.state = REQUEST_ASSIGNED;
    dossier_save(deed, dossier, STEP_ASSIGNED);
}

enum outcome desk_claim(struct deed *deed)
{
    struct dossier dossier;
    enum outcome outcome = dossier_open_live(deed, &dossier);
    if (outcome != OUTCOME_OK)
        return outcome;
    const int64_t has_it = dossier.desk.assignee;
    if (has_it == deed->who.id) {
        deed->result->id = dossier.request.id;
        return OUTCOME_OK;
    }
    if (has_it && !deed->action->flag)
        return deed_refuse(deed, OUTCOME_CONFLICT, "why_somebody_has_it", "somebody else has it");
    if (has_it && !deed_may(deed, RIGHT_ASSIGN))
        return deed_deny(deed, "taken");
    if (has_it)
        deed->audit.detail = "taken";
    give(deed, &dossier, deed->who.id);
    return OUTCOME_OK;
}

/* Only to somebody who can work on it. */
static enum outcome check_receiver(struct deed *deed, const struct request *request)
{
    struct operator receiver;
    enum outcome outcome =
        store_load_operator(deed->pass->store, deed->action->to, deed->pass->arena, &receiver, &deed->result->error);
    if (outcome != OUTCOME_OK)
        return deed_found(deed, outcome);
    if (!operator_sees(&receiver, request->desk, request->topic))
        return deed_refuse(deed, OUTCOME_REFUSED, "why_they_cannot", "they may not see it");
    return OUTCOME_OK;
}

enum outcome desk_assign(struct deed *deed)
{
    struct dossier dossier;
    enum outcome outcome = dossier_open_live(deed, &dossier);
    if (outcome != OUTCOME_OK)
        return outcome;
    const bool hands_over = dossier.desk.assignee == deed->who.id;
    if (!hands_over && !deed_may(deed, RIGHT_ASSIGN))
        return deed_deny(deed, "assigned");
    outcome = check_receiver(deed, &dossier.request);
    if (outcome == OUTCOME_OK)
        outcome = dossier_remark(deed, &dossier);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (hands_over)
        deed->audit.detail = "handed_over";
    give(deed, &dossier, deed->action->to);
    deed_beside(deed, OBJECT_OPERATOR, deed->action->to, AUDIT_RECEIVED);
    return OUTCOME_OK;
}

void desk_give_back(struct deed *deed, struct dossier *dossier)
{
    const enum request_step step = dossier->request.step;
    dossier->desk.assignee = dossier->desk.assigned_at = 0;
    if (dossier->request.state == REQUEST_ASSIGNED)
        dossier->request.state = REQUEST_WAITING;
    dossier_save(deed, dossier, step == STEP_ASSIGNED ? STEP_MADE : step);
}

enum outcome desk_release(struct deed *deed)
{
    struct dossier dossier;
    enum outcome outcome = dossier_open_live(deed, &dossier);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (!dossier.desk.assignee)
        return deed_refuse(deed, OUTCOME_CONFLICT, "why_nobody_has_it", "nobody has it");
    if (dossier.desk.assignee != deed->who.id && !deed_may(deed, RIGHT_ASSIGN))
        return deed_deny(deed, "released");
    desk_give_back(deed, &dossier);
    return OUTCOME_OK;
}

static enum outcome check_wait(struct deed *deed, const struct dossier *dossier)
{
    const int64_t until = deed->action->until, now = deed->pass->now;
    if (until <= now || until > now + WAIT_MAX_MS)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_no_such_time", "this is not in the year to come");
    if (dossier->request.urgency == URGENCY_DANGER && until > now + DESK_DANGER_WAITS_MAX_MS)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_danger_waits_a_day", "danger waits for a day at most");
    return OUTCOME_OK;
}

/* It is not late as long as it waits, and stands in the queue again when that is over. */
enum outcome desk_wait(struct deed *deed)
{
    struct dossier dossier;
    enum outcome outcome = dossier_open_live(deed, &dossier);
    if (outcome == OUTCOME_OK)
        outcome = check_wait(deed, &dossier);
    if (outcome != OUTCOME_OK)
        return outcome;
    dossier.desk.wait_until = deed->action->until;
    dossier.request.next_at = deed->action->until;
    dossier_save(deed, &dossier, dossier.request.step);
    return OUTCOME_OK;
}

/* What is more urgent than before, or danger, is not put off any more. Anything else is, and its person is told until when. */
static void end_wait(struct dossier *dossier, enum request_urgency urgency, int64_t now)
{
    if (urgency > dossier->request.urgency || urgency == URGENCY_DANGER)
        dossier->desk.wait_until = 0;
    if (dossier->desk.wait_until <= now)
        dossier->request.next_at = 0;
}

enum outcome desk_urgency(struct deed *deed)
{
    struct dossier dossier;
    enum outcome outcome = dossier_open_live(deed, &dossier);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (deed->action->code > URGENCY_DANGER)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_not_a_choice", "there is no such urgency");
    const enum request_urgency urgency = (enum request_urgency)deed->action->code;
    dossier.request.due_at = contact_due(dossier.service, &dossier.rule, urgency, deed->pass->now);
    end_wait(&dossier, urgency, deed->pass->now);
    deed->audit.detail = audit_urgency(dossier.request.urgency, urgency);
    dossier.request.urgency = urgency;
    dossier_save(deed, &dossier, dossier.request.step);
    return OUTCOME_OK;
}
