#include "menu/loading/loader.h"

void load_facts(struct loader *loader)
{
    struct service *service = loader->service;
    struct setting group = load_part(loader, "facts");
    if (load_is_inherited(loader, group))
        return; /* another country's */
    if (setting_count(group) > FACTS_MAX) {
        setting_problem(group, loader->problems, "at most %d facts", FACTS_MAX);
        return;
    }
    service->facts = ARENA_ARRAY(loader->arena, struct fact, setting_count(group));
    for (size_t i = 0; i < setting_count(group); i++) {
        struct setting member = setting_at(group, i);
        struct fact fact = {.name = arena_copy(loader->arena, span_of(setting_name(member))),
                            .texts = load_names(loader, group, setting_name(member))};
        for (size_t l = 0; l < service->language_count; l++)
            if (span_holds_nocase(fact.texts[l], SPAN("{")))
                setting_problem(member, loader->problems, "a fact is what it says: expected no { }");
        service->facts[service->fact_count++] = fact;
    }
}
