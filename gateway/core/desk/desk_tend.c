/* What the program does at the desk by itself: what somebody was given and left lying goes back to the queue, and where an office is to
 * be asked what came of a referral, the request says so. */
#include "base/duration.h"
#include "base/log.h"
#include "core/desk/desk_dossier.h"

#define A_LOOK 64 /* at a time: callers wait meanwhile */

/* When it may be done nothing with any longer: so many minutes of the desk's hours, and not before its person can be called. In danger
 * every minute counts: who has to wait says until when. */
static int64_t lies_until(const struct desk_pass *pass, const struct dossier *dossier, int64_t since)
{
    struct contact_slot slot;
    const enum request_urgency urgency = dossier->request.urgency;
    const int64_t ms = pass->catalogue->config->desk.return_minutes[urgency] * MINUTE_MS;
    if (urgency == URGENCY_DANGER || !dossier->service)
        return since + ms;
    if (contact_next(dossier->service, &dossier->rule, urgency, since, &slot) && slot.from > since)
        since = slot.from;
    return service_after_open_ms(dossier->service, since, ms);
}

static enum outcome give_back(struct desk *desk, const struct desk_pass *pass, struct dossier *dossier,
                              struct error *err)
{
    const struct desk_action nobody = {.about = OBJECT_REQUEST};
    struct desk_result result;
    struct deed deed = deed_begin(pass, &nobody, &result);
    size_t failed_at;
    desk_give_back(&deed, dossier);
    deed_by_program(&deed, OBJECT_REQUEST, dossier->request.id, "returned");
    enum outcome outcome = store_save(pass->store, deed.changes.at, deed.changes.count, &failed_at, err);
    if (outcome == OUTCOME_OK)
        desk_committed(desk, deed.changes.at, deed.changes.count);
    return outcome;
}

static enum outcome look_at(struct desk *desk, const struct desk_pass *pass, const struct lying *lying,
                            struct error *err)
{
    struct dossier dossier;
    enum outcome outcome = dossier_load(pass, lying->request, &dossier, err);
    if (outcome == OUTCOME_OK && lies_until(pass, &dossier, lying->since) <= pass->now)
        outcome = give_back(desk, pass, &dossier, err);
    if (outcome != OUTCOME_OK)
        log_event(LOG_LEVEL_ERROR, "desk", "not_returned", "request=%lld what=\"%s\"", (long long)lying->request,
                  err->text);
    return outcome;
}

/* ---- offices to be asked ---- */

static enum outcome mark_to_ask(struct desk *desk, const struct desk_pass *pass, struct error *err)
{
    int64_t requests[A_LOOK];
    struct change changes[A_LOOK];
    size_t count = 0, failed_at;
    enum outcome outcome = store_load_to_ask(pass->store, pass->now, A_LOOK, requests, &count, err);
    for (size_t i = 0; i < count; i++)
        changes[i] = (struct change){.kind = CHANGE_REQUEST_ATTENTION,
                                     .attention = {.request = requests[i], .of = ATTENTION_OFFICE, .at = pass->now}};
    if (outcome == OUTCOME_OK && count > 0)
        outcome = store_save(pass->store, changes, count, &failed_at, err);
    if (outcome == OUTCOME_OK)
        desk_committed(desk, changes, count);
    else
        log_event(LOG_LEVEL_ERROR, "desk", "not_marked", "what=\"%s\"", err->text);
    return outcome;
}

/* ---- what is left lying ---- */

/* Minutes of open hours are never fewer by the clock. */
static struct silence silence_of(const struct desk_pass *pass)
{
    struct silence silence = {.now = pass->now};
    for (int urgency = URGENCY_NORMAL; urgency <= URGENCY_DANGER; urgency++)
        silence.before[urgency] = pass->now - pass->catalogue->config->desk.return_minutes[urgency] * MINUTE_MS + 1;
    return silence;
}

enum outcome desk_tend(struct desk *desk, const struct desk_pass *pass, int64_t *next_at, struct error *err)
{
    struct lying rows[A_LOOK];
    size_t count = 0;
    *next_at = pass->now + DESK_TEND_MS;
    const struct silence silence = silence_of(pass);
    enum outcome outcome = store_load_lying(pass->store, &silence, A_LOOK, rows, &count, err);
    for (size_t i = 0; i < count && outcome != OUTCOME_BROKEN; i++)
        outcome = look_at(desk, pass, &rows[i], err);
    if (outcome != OUTCOME_BROKEN)
        outcome = mark_to_ask(desk, pass, err);
    return outcome == OUTCOME_BROKEN ? outcome : OUTCOME_OK;
}
