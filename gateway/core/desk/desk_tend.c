/* What the program does at the desk by itself: what somebody was given and left lying goes back to the queue. */
#include "base/duration.h"
#include "base/log.h"
#include "core/desk/desk_dossier.h"

#define A_LOOK 64 /* at a time: callers wait meanwhile */

/* So many minutes after it was given; of the desk's hours, but in danger every minute counts. */
static bool is_left_lying(const struct desk_pass *pass, const struct dossier *dossier)
{
    const unsigned *minutes = pass->catalogue->config->desk.return_minutes;
    const int64_t ms = minutes[dossier->request.urgency] * MINUTE_MS;
    const int64_t since = dossier->desk.assigned_at;
    if (!dossier->desk.assignee || dossier->desk.wait_until > pass->now)
        return false;
    if (dossier->request.urgency == URGENCY_DANGER || !dossier->service)
        return since + ms <= pass->now;
    return service_after_open_ms(dossier->service, since, ms) <= pass->now;
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

static enum outcome look_at(struct desk *desk, const struct desk_pass *pass, int64_t request, struct error *err)
{
    struct dossier dossier;
    enum outcome outcome = dossier_load(pass, request, &dossier, err);
    if (outcome == OUTCOME_OK && is_left_lying(pass, &dossier))
        outcome = give_back(desk, pass, &dossier, err);
    if (outcome != OUTCOME_OK)
        log_event(LOG_LEVEL_ERROR, "desk", "not_returned", "request=%lld what=\"%s\"", (long long)request, err->text);
    return outcome;
}

static unsigned least_minutes(const struct config *config)
{
    unsigned least = config->desk.return_minutes[URGENCY_NORMAL];
    for (int urgency = URGENCY_NORMAL; urgency <= URGENCY_DANGER; urgency++)
        if (config->desk.return_minutes[urgency] < least)
            least = config->desk.return_minutes[urgency];
    return least;
}

enum outcome desk_tend(struct desk *desk, const struct desk_pass *pass, int64_t *next_at, struct error *err)
{
    int64_t requests[A_LOOK];
    size_t count = 0;
    *next_at = pass->now + DESK_TEND_MS;
    const int64_t before = pass->now - least_minutes(pass->catalogue->config) * MINUTE_MS;
    enum outcome outcome = store_load_unanswered(pass->store, before, A_LOOK, requests, &count, err);
    for (size_t i = 0; i < count && outcome != OUTCOME_BROKEN; i++)
        outcome = look_at(desk, pass, requests[i], err);
    return outcome == OUTCOME_BROKEN ? outcome : OUTCOME_OK;
}
