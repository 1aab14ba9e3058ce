#include "aggregator/channel.h"

#include <string.h>

#include "aggregator/channel_load.h"

struct channel_set {
    struct arena *arena;
    struct channel *channels;
    size_t count;
    const struct proxies *proxies;
};

/* A slip of the pen in --set channels.NAME.secret=... would make a channel of its own. */
static bool is_slip(struct setting channels, struct setting channel, struct problems *problems, struct arena *arena)
{
    if (setting_is_present(setting_get(channel, "profile")) || strcmp(setting_file(channel), "--set") != 0)
        return false;
    const char **names = ARENA_ARRAY(arena, const char *, setting_count(channels) + 1);
    size_t count = 0;
    for (size_t i = 0; i < setting_count(channels); i++)
        if (setting_is_present(setting_get(setting_at(channels, i), "profile")))
            names[count++] = setting_name(setting_at(channels, i));
    const char *nearest = settings_nearest(span_of(setting_name(channel)), names);
    setting_problem(channel, problems, "there is no channel \"%s\" in %s%s%s", setting_name(channel),
                    setting_file(channels), nearest ? "; nearest is " : "", nearest ? nearest : "");
    return true;
}

static enum outcome load_all(struct setting channels, const char *profile_dir, const struct credentials_site *site,
                             struct span only, struct channel_set *set, struct problems *problems, struct error *err)
{
    for (size_t i = 0; i < setting_count(channels); i++) {
        if (span_is_present(only) && !span_equal_text(only, setting_name(setting_at(channels, i))))
            continue;
        if (is_slip(channels, setting_at(channels, i), problems, set->arena))
            continue;
        struct channel *channel = &set->channels[set->count];
        channel->index = (unsigned)set->count++;
        channel->public_url = site->public_url;
        enum outcome outcome =
            channel_load(setting_at(channels, i), profile_dir, site, set->arena, problems, channel, err);
        if (outcome != OUTCOME_OK)
            return outcome;
    }
    return OUTCOME_OK;
}

static struct span without_last_slash(struct span url)
{
    return url.len > 0 && url.at[url.len - 1] == '/' ? span_first(url, url.len - 1) : url;
}

static struct credentials_site read_site(const struct channel_site *site, struct arena *arena,
                                         struct problems *problems)
{
    static const struct channel_site nothing;
    const struct channel_site *known = site == NULL ? &nothing : site;
    return (struct credentials_site){.public_url = without_last_slash(arena_copy(arena, known->public_url)),
                                     .proxies = proxies_read(known->trusted_proxies, arena, problems)};
}

enum outcome channel_set_load(struct setting channels, const char *profile_dir, const struct channel_site *site,
                              struct channel_set **out, struct problems *problems, struct error *err)
{
    struct arena *arena = arena_create(65536);
    struct channel_set *set = ARENA_NEW(arena, struct channel_set);
    size_t before = problems->count;
    set->arena = arena;
    set->channels = ARENA_ARRAY(arena, struct channel, setting_count(channels) + 1);
    struct credentials_site shared = read_site(site, arena, problems);
    set->proxies = shared.proxies;
    enum outcome outcome =
        load_all(channels, profile_dir, &shared, site == NULL ? SPAN_NONE : site->only, set, problems, err);
    if (outcome == OUTCOME_OK && problems->count != before)
        outcome = error_set(err, OUTCOME_REFUSED, "the channels do not hold");
    *out = outcome == OUTCOME_OK ? set : NULL;
    if (outcome != OUTCOME_OK)
        channel_set_free(set);
    return outcome;
}

void channel_set_free(struct channel_set *set)
{
    if (set != NULL)
        arena_destroy(set->arena);
}

const struct proxies *channel_set_proxies(const struct channel_set *set)
{
    return set->proxies;
}

size_t channel_set_count(const struct channel_set *set)
{
    return set->count;
}

const struct channel *channel_set_at(const struct channel_set *set, size_t index)
{
    return &set->channels[index];
}

const struct channel *channel_set_find(const struct channel_set *set, struct span id)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->channels[i].enabled && span_equal(set->channels[i].id, id))
            return &set->channels[i];
    return NULL;
}

const char *channel_set_nearest(const struct channel_set *set, struct span id)
{
    const char **names = ARENA_ARRAY(set->arena, const char *, set->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < set->count; i++)
        if (set->channels[i].enabled)
            names[count++] = set->channels[i].id.at; /* a copy of an arena, so a NUL stands behind it */
    return settings_nearest(id, names);
}

const struct channel *channel_set_texting(const struct channel_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->channels[i].enabled && set->channels[i].sends && set->channels[i].kind == CHANNEL_SMS)
            return &set->channels[i];
    return NULL;
}
