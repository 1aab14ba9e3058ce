#include "base/clock.h"
#include "menu/model.h"
#include "menu/proof.h"

#define DAY_MS (24 * 60 * 60 * INT64_C(1000))

void proof_directory(const struct service *service, int64_t as_of, struct problems *stale, struct proof_counts *counts)
{
    counts->offices = service->office_count;
    counts->stale = 0;
    for (size_t i = 0; i < service->office_count; i++) {
        const struct office *office = &service->offices[i];
        int64_t verified;
        if (!clock_read(office->verified, service->zone_minutes, &verified))
            continue; /* the loader wants a day */
        int64_t days = (as_of - verified) / DAY_MS;
        if (verified <= as_of && days <= PROOF_STALE_DAYS)
            continue;
        counts->stale++;
        if (verified > as_of)
            problems_add(stale, office->origin.file, office->origin.line,
                         "the office \"%.*s\" is verified on a day to come, %.*s", SPAN_ARG(office->id),
                         SPAN_ARG(office->verified));
        else
            problems_add(stale, office->origin.file, office->origin.line,
                         "the office \"%.*s\" was last verified on %.*s, %lld days ago: ask there again",
                         SPAN_ARG(office->id), SPAN_ARG(office->verified), (long long)days);
    }
}
