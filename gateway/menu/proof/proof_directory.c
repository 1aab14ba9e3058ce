#include "menu/drawing/office.h"
#include "menu/proof.h"

void proof_directory(const struct service *service, int64_t as_of, struct problems *stale, struct proof_counts *counts)
{
    counts->offices = service->office_count;
    counts->stale = 0;
    for (size_t i = 0; i < service->office_count; i++) {
        const struct office *office = &service->offices[i];
        if (!office_is_stale(service, office, as_of))
            continue;
        int64_t days = office_days_since(service, office, as_of);
        counts->stale++;
        if (days < 0)
            problems_add(stale, office->origin.file, office->origin.line,
                         "the office \"%.*s\" is verified on a day to come, %.*s", SPAN_ARG(office->id),
                         SPAN_ARG(office->verified));
        else
            problems_add(stale, office->origin.file, office->origin.line,
                         "the office \"%.*s\" was last verified on %.*s, %lld days ago: ask there again",
                         SPAN_ARG(office->id), SPAN_ARG(office->verified), (long long)days);
    }
}
