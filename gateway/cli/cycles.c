#include "cli/cycles.h"

#include "base/settings.h"
#include "menu/service.h"

struct spoken { /* which service a channel speaks */
    struct span channel, name;
    const struct service *service;
};

struct cycles {
    struct arena *arena;
    struct spoken *channels;
    size_t count;
    struct service **services;
    size_t service_count;
};

static const struct service *find_loaded(const struct cycles *cycles, struct span name)
{
    for (size_t i = 0; i < cycles->count; i++)
        if (span_equal(cycles->channels[i].name, name))
            return cycles->channels[i].service;
    return NULL;
}

static enum outcome load_service(struct cycles *cycles, const struct config *config, struct span name,
                                 const struct service **out, struct problems *problems, struct error *err)
{
    struct span dir = arena_format(cycles->arena, "%s/%.*s", config->dir.menus, SPAN_ARG(name));
    struct service *service = NULL;
    enum outcome outcome = service_load(dir.at, &service, problems, err);
    if (outcome == OUTCOME_OK)
        *out = cycles->services[cycles->service_count++] = service;
    return outcome;
}

/* A channel that is switched off may name a service that is not there: what was once said on it then tells of no cycle. */
static enum outcome add_channel(struct cycles *cycles, const struct config *config, struct setting channel,
                                struct problems *problems, struct error *err)
{
    struct problems ignored;
    bool enabled = setting_bool(channel, "enabled", true);
    struct spoken spoken = {.channel = arena_copy(cycles->arena, span_of(setting_name(channel))),
                            .name = arena_copy(cycles->arena, setting_string(channel, "service", NULL))};
    if (!span_is_present(spoken.name))
        return OUTCOME_OK;
    problems_init(&ignored, cycles->arena);
    spoken.service = find_loaded(cycles, spoken.name);
    enum outcome outcome =
        spoken.service ? OUTCOME_OK
                       : load_service(cycles, config, spoken.name, &spoken.service, enabled ? problems : &ignored, err);
    if (outcome == OUTCOME_OK)
        cycles->channels[cycles->count++] = spoken;
    return enabled ? outcome : OUTCOME_OK;
}

enum outcome cycles_load(const struct config *config, struct cycles **out, struct problems *problems, struct error *err)
{
    struct setting channels = setting_get(settings_root(config->settings), "channels");
    struct arena *arena = arena_create(16 * 1024);
    struct cycles *cycles = ARENA_NEW(arena, struct cycles);
    cycles->arena = arena;
    cycles->channels = ARENA_ARRAY(arena, struct spoken, setting_count(channels));
    cycles->services = ARENA_ARRAY(arena, struct service *, setting_count(channels));
    enum outcome outcome = OUTCOME_OK;
    for (size_t i = 0; i < setting_count(channels) && outcome == OUTCOME_OK; i++)
        outcome = add_channel(cycles, config, setting_at(channels, i), problems, err);
    if (outcome == OUTCOME_OK)
        *out = cycles;
    else
        cycles_free(cycles);
    return outcome;
}

void cycles_free(struct cycles *cycles)
{
    if (!cycles)
        return;
    for (size_t i = 0; i < cycles->service_count; i++)
        service_free(cycles->services[i]);
    arena_destroy(cycles->arena);
}

struct span cycles_of(void *context, struct span channel, const struct answer *answer)
{
    const struct cycles *cycles = context;
    for (size_t i = 0; i < cycles->count; i++)
        if (span_equal(cycles->channels[i].channel, channel))
            return service_cycle(cycles->channels[i].service, answer->field, answer->value);
    return SPAN_NONE;
}
