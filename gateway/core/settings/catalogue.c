#include "core/catalogue.h"

#include <unistd.h>
#include "core/settings/retention.h"
#include "menu/proof.h"

static const struct service *find_loaded(const struct catalogue *catalogue, struct span name)
{
    for (size_t i = 0; i < catalogue->service_count; i++)
        if (span_equal(service_name(catalogue->services[i]), name))
            return catalogue->services[i];
    return NULL;
}

bool catalogue_finds_service(const struct config *config, const struct channel *channel, struct problems *problems)
{
    struct span conf =
        arena_format(config->arena, "%s/%.*s/service.conf", config->dir.menus, SPAN_ARG(channel->service));
    if (access(conf.at, F_OK) == 0)
        return true;
    struct setting channels = setting_get(settings_root(config->settings), "channels");
    struct setting service = setting_get(setting_get(channels, arena_text(config->arena, channel->id)), "service");
    const char *nearest = settings_nearest_in(channel->service, config->dir.menus, "", config->arena);
    setting_problem(service, problems, "there is no service \"%.*s\" in %s%s%s", SPAN_ARG(channel->service),
                    config->dir.menus, nearest ? "; nearest is " : "", nearest ? nearest : "");
    return false;
}

static enum outcome load_service(struct catalogue *catalogue, const struct channel *channel, struct problems *problems,
                                 struct error *err)
{
    if (!catalogue_finds_service(catalogue->config, channel, problems))
        return error_set(err, OUTCOME_REFUSED, "a channel names a service that is not there");
    struct arena *arena = catalogue->config->arena;
    struct span dir = arena_format(arena, "%s/%.*s", catalogue->config->dir.menus, SPAN_ARG(channel->service));
    struct service *service = NULL;
    enum outcome outcome = service_load(dir.at, &service, problems, err);
    if (outcome == OUTCOME_OK)
        catalogue->services[catalogue->service_count++] = service;
    return outcome;
}

static enum outcome load_services(struct catalogue *catalogue, struct problems *problems, struct error *err)
{
    const struct channel_set *channels = catalogue->config->channels;
    size_t count = channel_set_count(channels);
    catalogue->services = ARENA_ARRAY(catalogue->config->arena, struct service *, count);
    catalogue->service_of = ARENA_ARRAY(catalogue->config->arena, const struct service *, count);
    for (size_t i = 0; i < count; i++) {
        const struct channel *channel = channel_set_at(channels, i);
        if (!channel->enabled)
            continue;
        if (!find_loaded(catalogue, channel->service)) {
            enum outcome outcome = load_service(catalogue, channel, problems, err);
            if (outcome != OUTCOME_OK)
                return outcome;
        }
        catalogue->service_of[i] = find_loaded(catalogue, channel->service);
        if (!catalogue->service_of[i])
            return error_set(err, OUTCOME_REFUSED, "%s/%.*s: service.conf gives another name than its folder",
                             catalogue->config->dir.menus, SPAN_ARG(channel->service));
    }
    return OUTCOME_OK;
}

static void prove_service(const struct catalogue *catalogue, const struct service *service, struct problems *problems)
{
    const struct channel_set *channels = catalogue->config->channels;
    size_t count = 0;
    struct proof_channel *proven =
        ARENA_ARRAY(catalogue->config->arena, struct proof_channel, channel_set_count(channels));
    for (size_t i = 0; i < channel_set_count(channels); i++) {
        const struct channel *channel = channel_set_at(channels, i);
        if (catalogue->service_of[i] == service)
            proven[count++] = (struct proof_channel){channel->id.at, channel->carrier, channel->airtime.cost};
    }
    struct proof_counts counts;
    proof_run(service, proven, count, problems, &counts);
}

enum outcome catalogue_load(const char *config_path, const char *const *overrides, size_t override_count,
                            struct catalogue **out, struct problems *problems, struct error *err)
{
    struct config *config = NULL;
    enum outcome outcome = config_load(config_path, overrides, override_count, &config, problems, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct catalogue *catalogue = ARENA_NEW(config->arena, struct catalogue);
    catalogue->config = config;
    atomic_init(&catalogue->holders, 1);
    outcome = load_services(catalogue, problems, err);
    if (outcome == OUTCOME_OK)
        retention_add_complaints(&config->retention, catalogue->services, catalogue->service_count, config->arena);
    size_t before = problems->count;
    for (size_t i = 0; outcome == OUTCOME_OK && i < catalogue->service_count; i++)
        prove_service(catalogue, catalogue->services[i], problems);
    if (outcome == OUTCOME_OK && problems->count > before)
        outcome = problems_refuse(problems, before, "the menus do not hold", err);
    if (outcome != OUTCOME_OK) {
        catalogue_free(catalogue);
        return outcome;
    }
    *out = catalogue;
    return OUTCOME_OK;
}

const struct service *catalogue_service(const struct catalogue *catalogue, struct span channel)
{
    const struct channel *known = channel_set_find(catalogue->config->channels, channel);
    const struct service *service = known ? catalogue->service_of[known->index] : NULL;
    if (service)
        return service;
    return catalogue->service_count ? catalogue->services[0] : NULL;
}

const struct service *catalogue_find_service(const struct catalogue *catalogue, struct span name)
{
    for (size_t i = 0; i < catalogue->service_count; i++)
        if (span_equal(service_name(catalogue->services[i]), name))
            return catalogue->services[i];
    return NULL;
}

const struct service *catalogue_service_of(const struct catalogue *catalogue, const struct request_origin *origin)
{
    const struct service *made_for = catalogue_find_service(catalogue, origin->service);
    return made_for ? made_for : catalogue_service(catalogue, origin->channel);
}

static struct catalogue *own(const struct catalogue *catalogue)
{
    return (struct catalogue *)(uintptr_t)catalogue; /* its count is no part of what never changes */
}

const struct catalogue *catalogue_hold(const struct catalogue *catalogue)
{
    atomic_fetch_add_explicit(&own(catalogue)->holders, 1, memory_order_relaxed);
    return catalogue;
}

void catalogue_let_go(const struct catalogue *catalogue)
{
    catalogue_free(own(catalogue));
}

void catalogue_free(struct catalogue *catalogue)
{
    if (!catalogue || atomic_fetch_sub_explicit(&catalogue->holders, 1, memory_order_acq_rel) > 1)
        return;
    for (size_t i = 0; i < catalogue->service_count; i++)
        service_free(catalogue->services[i]);
    config_free(catalogue->config);
}
