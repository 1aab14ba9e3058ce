/* What goes by its age: the settings, and its steps from the loop's idle gaps. */
#include "core/settings/retention.h"

#include "base/duration.h"
#include "base/log.h"

#define MONTH_MS INT64_C(2629800000) /* a twelfth of 365.25 days */
#define PASS_EVERY_MS (6 * HOUR_MS)
#define STEP_EVERY_MS 20        /* while nobody calls */
#define BUSY_STEP_EVERY_MS 2000 /* a busy gateway never has an idle gap */
#define RETRY_MS MINUTE_MS

_Static_assert(RETAINED_COUNT <= METRIC_CLASSES_MAX, "every class is counted");

void retention_read(struct setting group, struct retention *out)
{
    *out = (struct retention){
        .sessions_ms = setting_integer(group, "sessions_days", 30) * DAY_MS,
        .requests_ms = setting_integer(group, "requests_days", 90) * DAY_MS,
        .complaints_ms = setting_integer(group, "complaints_months", 24) * MONTH_MS,
        .registrations_ms = setting_integer(group, "registrations_months", 24) * MONTH_MS,
        .follow_ups_ms = setting_integer(group, "follow_ups_months", 12) * MONTH_MS,
        .texts_ms = setting_integer(group, "texts_days", 30) * DAY_MS,
        .strays_ms = setting_integer(group, "strays_days", 7) * DAY_MS,
        .messages_ms = setting_integer(group, "messages_days", 7) * DAY_MS,
    };
}

void retention_add_complaints(struct retention *retention, struct service *const *services, size_t count,
                              struct arena *arena)
{
    size_t room = 0;
    for (size_t i = 0; i < count; i++)
        room += service_kept_kinds(services[i], NULL);
    struct span *kinds = ARENA_ARRAY(arena, struct span, room);
    retention->complaint_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct span *own = NULL;
        const size_t own_count = service_kept_kinds(services[i], &own);
        for (size_t k = 0; k < own_count; k++)
            kinds[retention->complaint_count++] = own[k];
    }
    retention->complaints = kinds;
}

int retention_wait_ms(const struct retaining *retaining, bool idle)
{
    return retaining->is_passing && idle ? STEP_EVERY_MS : BUSY_STEP_EVERY_MS;
}

static void count(struct metrics *metrics, const struct retain_step *step)
{
    atomic_fetch_add_explicit(&metrics->retained[step->what], step->gone, memory_order_relaxed);
    if (step->gone > 0)
        log_event(LOG_LEVEL_INFO, "store", "retention", "class=%s count=%zu", retained_words[step->what], step->gone);
}

void retention_run(struct retaining *retaining, struct store *store, const struct retention *retention,
                   struct metrics *metrics, int64_t now, bool idle)
{
    struct retain_step step;
    struct error err;
    if (now < retaining->next_at)
        return;
    enum outcome outcome = store_retain(store, retention, now, &step, &err);
    retaining->is_passing = outcome == OUTCOME_OK && !step.is_pass_over;
    if (outcome != OUTCOME_OK) {
        log_event(LOG_LEVEL_ERROR, "store", "not_retained", "class=%s what=\"%s\"", retained_words[step.what],
                  err.text);
        retaining->next_at = now + RETRY_MS;
        return;
    }
    count(metrics, &step);
    retaining->next_at = now + (step.is_pass_over ? PASS_EVERY_MS : idle ? 0 : BUSY_STEP_EVERY_MS);
}
