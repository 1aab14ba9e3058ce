#include "menu/drawing/office.h"
#include "base/clock.h"
#include "base/duration.h"

#define KEY_SKIPPED 9 /* "9 Skip" */

bool office_is_about(const struct office *office, struct span topic)
{
    for (size_t i = 0; i < office->topic_count && span_is_present(topic); i++)
        if (span_equal(office->topics[i], topic))
            return true;
    return false;
}

static size_t list_of_area(const struct service *service, struct span topic, struct span area,
                           const struct office **offices, size_t count, size_t max)
{
    for (size_t i = 0; i < service->office_count; i++) {
        const struct office *office = &service->offices[i];
        bool here = span_is_present(area) ? span_equal(office->area, area) : !span_is_present(office->area);
        if (here && office_is_about(office, topic) && count++ < max)
            offices[count - 1] = office;
    }
    return count;
}

int64_t office_days_since(const struct service *service, const struct office *office, int64_t now)
{
    int64_t verified;
    if (!clock_read(office->verified, service->zone_minutes, &verified) || verified > now)
        return -1;
    return (now - verified) / DAY_MS;
}

bool office_is_stale(const struct service *service, const struct office *office, int64_t now)
{
    int64_t days = office_days_since(service, office, now);
    return days < 0 || days > OFFICE_STALE_DAYS;
}

struct span office_region(const struct service *service, struct span area)
{
    for (size_t l = 0; l < service->list_count; l++)
        for (size_t i = 0; i < service->lists[l].item_count; i++)
            if (span_equal(service->lists[l].items[i].id, area) && span_is_present(service->lists[l].items[i].within))
                return service->lists[l].items[i].within;
    return SPAN_NONE;
}

/* Those of the area, then those of its region. */
static size_t list_near(const struct service *service, struct span topic, struct span area,
                        const struct office **offices, size_t max)
{
    struct span region = office_region(service, area);
    size_t count = list_of_area(service, topic, area, offices, 0, max);
    return span_is_present(region) ? list_of_area(service, topic, region, offices, count, max) : count;
}

size_t office_list(const struct service *service, struct span topic, struct span area, const struct office **offices,
                   size_t max)
{
    size_t count = span_is_present(area) ? list_near(service, topic, area, offices, max) : 0;
    return list_of_area(service, topic, SPAN_NONE, offices, count, max);
}

const struct office *service_find_office(const struct service *service, struct span topic, struct span area)
{
    const struct office *first = NULL;
    return office_list(service, topic, area, &first, 1) > 0 ? first : NULL;
}

bool service_has_office(const struct service *service, struct span topic, struct span area)
{
    const struct office *first = NULL;
    if (span_is_present(area))
        return list_near(service, topic, area, &first, 1) > 0;
    for (size_t i = 0; i < service->office_count; i++)
        if (office_is_about(&service->offices[i], topic))
            return true;
    return false;
}

unsigned office_key(size_t index)
{
    unsigned key = (unsigned)index + 1;
    return key < KEY_SKIPPED ? key : key + 1;
}
