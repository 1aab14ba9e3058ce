/* Where a person may be referred to. */
#include "menu/desk.h"
#include "menu/desk/desk_words.h"
#include "menu/drawing/office.h"

enum nearness { IN_AREA, IN_REGION, EVERYWHERE, ELSEWHERE };

static enum nearness nearness_of(const struct office *office, struct span area, struct span region)
{
    if (!span_is_present(office->area))
        return EVERYWHERE;
    if (!span_is_present(area))
        return ELSEWHERE;
    if (span_equal(office->area, area))
        return IN_AREA;
    return span_is_present(region) && span_equal(office->area, region) ? IN_REGION : ELSEWHERE;
}

static struct desk_office describe(const struct service *service, const struct office *office,
                                   const struct language *language, int64_t now)
{
    size_t l = language->index;
    return (struct desk_office){.id = office->id,
                                .name = office->names[l],
                                .phone = office->phone,
                                .hours = office->hours[l],
                                .cost = office->costs[l],
                                .papers = office->papers[l],
                                .verified = office->verified,
                                .area = office->area,
                                .topics = office->topics,
                                .topic_count = office->topic_count,
                                .is_stale = office_is_stale(service, office, now),
                                .is_sample = office->sample};
}

size_t desk_offices(const struct service *service, struct span topic, struct span area, struct span lang, int64_t now,
                    struct arena *arena, struct desk_office **offices)
{
    const struct language *language = desk_language(service, lang);
    struct span region = span_is_present(area) ? office_region(service, area) : SPAN_NONE;
    size_t count = 0;
    *offices = ARENA_ARRAY(arena, struct desk_office, service->office_count);
    for (enum nearness near = IN_AREA; near <= ELSEWHERE; near++)
        for (size_t i = 0; i < service->office_count; i++) {
            const struct office *office = &service->offices[i];
            bool is_about = !span_is_present(topic) || office_is_about(office, topic);
            if (is_about && nearness_of(office, area, region) == near)
                (*offices)[count++] = describe(service, office, language, now);
        }
    return count;
}

bool desk_find_office(const struct service *service, struct span id, struct span lang, struct arena *arena,
                      struct desk_office *office)
{
    (void)arena;
    for (size_t i = 0; i < service->office_count; i++)
        if (span_equal(service->offices[i].id, id)) {
            *office = describe(service, &service->offices[i], desk_language(service, lang), 0);
            office->is_stale = false; /* asked for by its name, at no time */
            return true;
        }
    return false;
}
