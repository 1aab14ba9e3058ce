/* Calls that were made, and offices that somebody was sent to. */
#include "base/clock.h"
#include "base/duration.h"
#include "core/desk/desk_dossier.h"
#include "core/desk/desk_verbs.h"
#include "core/outbox/texting.h"
#include "menu/request.h"

#define CALL_MAY_LAST_MS (30 * MINUTE_MS) /* a call that began while it was safe is told of afterwards */
#define OFFICE_MAX 64

/* ---- after three calls ---- */

/* When their phone may ring it may beep; a call that is told of afterwards, or made against the rule, is no reason to disturb them:
 * the next one in vain is. Whoever wants texts only has the desk's hours. `until`: it does not leave later. */
static bool may_beep(const struct dossier *dossier, int64_t now, int64_t *until)
{
    struct contact_slot slot;
    const bool found = contact_next_beep(dossier->service, &dossier->rule, dossier->request.urgency, now, &slot);
    *until = slot.until;
    return found && slot.from <= now;
}

/* Nobody has to know that nothing was sent: where no channel takes it, or no number is kept, the request goes on all the same. */
static enum outcome text_once(struct deed *deed, struct dossier *dossier)
{
    struct texting texting = {
        .phone = dossier->request.phone, .session = dossier->request.session, .request = dossier->request.id};
    if (dossier->desk.is_texted || !dossier_may_text(dossier) || !may_beep(dossier, deed->pass->now, &texting.until))
        return OUTCOME_OK;
    texting.text =
        desk_tried_words(dossier->service, dossier->request.lang, dossier->request.reference, deed->pass->arena);
    if (!texting.text.len)
        return OUTCOME_OK;
    enum outcome outcome =
        store_load_number(deed->pass->store, texting.phone, deed->pass->arena, &texting.number, &deed->result->error);
    if (outcome != OUTCOME_OK)
        return outcome == OUTCOME_BROKEN ? outcome : OUTCOME_OK;
    texting.channel = texting_channel(deed->pass->catalogue, dossier->service, texting.number);
    if (!texting.channel)
        return OUTCOME_OK;
    texting_queue(&texting, deed->pass->ids, deed->pass->now, &deed->changes);
    dossier->desk.is_texted = true;
    deed_by_program(deed, OBJECT_REQUEST, dossier->request.id, "texted_after_three_calls");
    return OUTCOME_OK;
}

/* The beginning of the next safe slot on another day than today. */
static int64_t next_day_slot(const struct dossier *dossier, int64_t now)
{
    struct contact_slot slot;
    const int zone = service_zone_minutes(dossier->service);
    struct civil day = clock_civil(now, zone);
    day.hour = day.minute = day.second = day.millisecond = 0;
    const int64_t tomorrow = clock_from_civil(&day, zone) + DAY_MS;
    const int64_t open = service_opens_at(dossier->service, tomorrow);
    if (!contact_next(dossier->service, &dossier->rule, dossier->request.urgency, open, &slot))
        return open;
    return slot.from > open ? slot.from : open;
}

/* Later than in an hour only where they allow no call then; who never allows one is looked at again. */
static int64_t next_in_danger(const struct dossier *dossier, int64_t now)
{
    struct contact_slot slot;
    const int64_t rested = now + DESK_DANGER_RESTS_MS;
    const bool found = contact_next(dossier->service, &dossier->rule, URGENCY_DANGER, rested, &slot);
    return found && slot.from > rested ? slot.from : rested;
}

/* Where somebody else answered the phone is in their hand at this moment: the text waits for a call that nobody answers. */
static enum outcome rest(struct deed *deed, struct dossier *dossier, enum attempt_result result)
{
    const int64_t now = deed->pass->now;
    const bool is_danger = dossier->request.urgency == URGENCY_DANGER;
    dossier->desk.wait_until = is_danger ? next_in_danger(dossier, now) : next_day_slot(dossier, now);
    dossier->request.next_at = dossier->desk.wait_until;
    return result == ATTEMPT_NO_ANSWER ? text_once(deed, dossier) : OUTCOME_OK;
}

/* ---- attempts ---- */

/* Whoever asks not to be contacted gets no text that they did not ask for, from nobody here. */
static void stop_texts(struct deed *deed, const struct dossier *dossier)
{
    struct phone_row *row = DEED_NEW(deed, struct phone_row);
    if (!dossier->phone.id || dossier->phone.opted_out || dossier_is_anothers(dossier))
        return;
    *row = dossier->phone;
    row->opted_out = true;
    deed_change(deed, CHANGE_PHONE)->phone.row = row;
}

static void add_attempt(struct deed *deed, const struct dossier *dossier, enum attempt_result result)
{
    struct attempt *row = DEED_NEW(deed, struct attempt);
    row->id = deed_new_id(deed);
    row->request = dossier->request.id;
    row->operator = deed->who.id;
    row->at = deed->pass->now;
    row->result = result;
    deed_change(deed, CHANGE_ATTEMPT)->attempt.row = row;
}

static enum outcome reached_nobody(struct deed *deed, struct dossier *dossier, enum attempt_result result)
{
    dossier->desk.attempts++;
    enum outcome outcome = dossier->desk.attempts >= ATTEMPTS_BEFORE_TEXT ? rest(deed, dossier, result) : OUTCOME_OK;
    if (outcome == OUTCOME_OK)
        dossier_save(deed, dossier, STEP_TRIED);
    return outcome;
}

static void reached(struct deed *deed, struct dossier *dossier)
{
    dossier->desk.attempts = 0;
    dossier->desk.wait_until = 0;
    dossier->request.state = REQUEST_CALLED;
    if (dossier->request.attention != ATTENTION_OFFICE) /* of which their word is no answer */
        dossier_calm(deed, dossier);
    dossier_save(deed, dossier, STEP_CALLED);
}

/* Who was spoken to may have called: that is taken at any time, and nobody dials because of it. A reason that is given is kept. */
static enum outcome check_safe(struct deed *deed, const struct dossier *dossier, bool has_spoken)
{
    if (has_spoken && !deed->action->flag)
        return OUTCOME_OK;
    const int64_t now = deed->pass->now, began = now - CALL_MAY_LAST_MS;
    const int64_t at = dossier_is_safe(dossier, began) ? began : now;
    return dossier_not_now(deed, dossier, at, deed->action->flag, (unsigned)deed->action->to);
}

enum outcome desk_attempt(struct deed *deed)
{
    static const char *const details[ATTEMPT_COUNT] = {[ATTEMPT_NO_ANSWER] = "no_answer",
                                                       [ATTEMPT_WRONG_PERSON] = "wrong_person",
                                                       [ATTEMPT_SPOKE] = "spoke",
                                                       [ATTEMPT_ASKED_TO_STOP] = "asked_to_stop"};
    struct dossier dossier;
    enum outcome outcome = dossier_open_live(deed, &dossier);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (deed->action->code >= ATTEMPT_COUNT)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_not_a_choice", "there is no such result of a call");
    const enum attempt_result result = (enum attempt_result)deed->action->code;
    const bool has_spoken = result == ATTEMPT_SPOKE || result == ATTEMPT_ASKED_TO_STOP;
    deed->audit.detail = details[result];
    outcome = check_safe(deed, &dossier, has_spoken);
    if (outcome == OUTCOME_OK && has_spoken)
        outcome = dossier_check_seen(deed, &dossier);
    if (outcome == OUTCOME_OK)
        outcome = dossier_remark(deed, &dossier);
    if (outcome != OUTCOME_OK)
        return outcome;
    add_attempt(deed, &dossier, result);
    if (!has_spoken)
        return reached_nobody(deed, &dossier, result);
    if (result == ATTEMPT_ASKED_TO_STOP)
        stop_texts(deed, &dossier);
    reached(deed, &dossier);
    return OUTCOME_OK;
}

/* ---- referrals ---- */

enum outcome desk_refer(struct deed *deed)
{
    struct dossier dossier;
    struct desk_office office;
    const struct desk_action *action = deed->action;
    enum outcome outcome = dossier_open_live(deed, &dossier);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (!action->name.len || action->name.len > OFFICE_MAX ||
        !desk_find_office(dossier.service, action->name, dossier.request.lang, deed->pass->arena, &office))
        return deed_refuse(deed, OUTCOME_REFUSED, "why_no_such_office", "the directory has no such office");
    if (action->until && action->until <= deed->pass->now)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_no_such_time", "its outcome cannot be asked for in the past");
    struct referral *row = DEED_NEW(deed, struct referral);
    row->id = deed_new_id(deed);
    row->request = dossier.request.id;
    row->operator = deed->who.id;
    row->at = deed->pass->now;
    row->office = action->name;
    row->has_consent = action->flag;
    row->due_at = action->until;
    deed_change(deed, CHANGE_REFERRAL)->referral.row = row;
    dossier_save(deed, &dossier, STEP_REFERRED);
    return OUTCOME_OK;
}

static enum outcome ask_again(struct deed *deed, const struct dossier *dossier, struct referral *row)
{
    if (!request_is_open(&dossier->request))
        return deed_refuse(deed, OUTCOME_CONFLICT, "why_not_open", "it is closed already");
    if (deed->action->until <= deed->pass->now)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_no_such_time", "its outcome cannot be asked for in the past");
    row->due_at = deed->action->until;
    deed->audit.detail = "referral_later";
    return OUTCOME_OK;
}

static enum outcome settle(struct deed *deed, struct referral *row)
{
    enum outcome outcome = deed_check_length(deed, deed->action->text);
    if (outcome != OUTCOME_OK)
        return outcome;
    row->settled_at = deed->pass->now;
    row->outcome = deed->action->text;
    return OUTCOME_OK;
}

/* Another office of the same request that is to be asked, too, comes to the front with the next look. */
enum outcome desk_settle_referral(struct deed *deed)
{
    struct dossier dossier;
    struct referral *row = DEED_NEW(deed, struct referral);
    enum outcome outcome = dossier_open(deed, deed->action->object, &dossier);
    if (outcome == OUTCOME_OK)
        outcome = deed_found(deed, store_load_referral(deed->pass->store, deed->action->to, deed->pass->arena, row,
                                                       &deed->result->error));
    if (outcome != OUTCOME_OK)
        return outcome;
    if (row->request != dossier.request.id)
        return deed_found(deed, OUTCOME_NOT_FOUND);
    if (row->settled_at)
        return deed_refuse(deed, OUTCOME_CONFLICT, "why_settled", "its outcome is known already");
    outcome = deed->action->until ? ask_again(deed, &dossier, row) : settle(deed, row);
    if (outcome != OUTCOME_OK)
        return outcome;
    deed_change(deed, CHANGE_REFERRAL)->referral.row = row;
    if (dossier.request.attention == ATTENTION_OFFICE)
        dossier_calm(deed, &dossier);
    deed->result->id = row->id;
    return OUTCOME_OK;
}
