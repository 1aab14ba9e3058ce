/* A channel on a profile that the test writes itself, so that each dialect's habit is seen alone. */
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "aggregator/exchange.h"
#include "cmocka_all.h"

struct profile_fixture {
    struct arena *arena;
    struct channel_set *set;
    const struct channel *channel; /* NULL: the profile does not hold; see `problems` */
    struct problems problems;
};

/* Loads `channels : { ... }` whose profile "it" is this text, from a folder that is gone again afterwards. */
static inline struct profile_fixture profile_fixture_of(const char *profile, const char *channels,
                                                        const char *public_url)
{
    struct profile_fixture f = {.arena = arena_create(65536)};
    char folder[] = "/tmp/helpline-profile-XXXXXX", path[sizeof folder + 16];
    struct settings *settings;
    struct error err = {0};
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/it.conf", folder);
    FILE *file = fopen(path, "w");
    assert_true(file != NULL && fputs(profile, file) >= 0 && fclose(file) == 0);
    problems_init(&f.problems, f.arena);
    assert_int_equal(settings_parse(span_of(channels), "test.conf", &settings, &f.problems), OUTCOME_OK);
    struct channel_site site = {.public_url = span_of(public_url)};
    if (channel_set_load(setting_get(settings_root(settings), "channels"), folder, &site, &f.set, &f.problems, &err) ==
        OUTCOME_OK)
        f.channel = channel_set_at(f.set, 0);
    settings_free(settings); /* a channel needs neither them nor its file once it is loaded */
    unlink(path);
    rmdir(folder);
    return f;
}

/* `channel` is what the channel says besides its profile, service and secret; auth is path when it says none. */
static inline struct profile_fixture profile_fixture_load(const char *profile, const char *channel)
{
    char channels[4096];
    const char *auth = strstr(channel, "auth =") != NULL ? "" : "auth = \"path\";";
    int len = snprintf(channels, sizeof channels,
                       "channels : { it : { profile = \"it\"; service = \"infoline\"; code = \"*384#\";\n"
                       "secret = \"sample-secret\"; %s %s }; };\n",
                       auth, channel);
    assert_in_range(len, 1, sizeof channels - 1);
    return profile_fixture_of(profile, channels, "https://h.example");
}

static inline void profile_fixture_free(struct profile_fixture *f)
{
    channel_set_free(f->set);
    arena_destroy(f->arena);
}

static inline void profile_fixture_holds(const struct profile_fixture *f)
{
    if (f->channel == NULL)
        fail_msg("%s", f->problems.count > 0 ? f->problems.lines[0] : "no finding");
}

/* The same where it must hold. */
static inline struct profile_fixture profile_fixture_hold(const char *profile, const char *channel)
{
    struct profile_fixture f = profile_fixture_load(profile, channel);
    profile_fixture_holds(&f);
    return f;
}

/* Where it must not: one of the findings says so. */
static inline void profile_fixture_refused(const struct profile_fixture *f, const char *said)
{
    bool found = false;
    for (size_t i = 0; i < f->problems.count; i++)
        found = found || strstr(f->problems.lines[i], said) != NULL;
    if (f->channel != NULL || !found)
        fail_msg("\"%s\" is not said: %s", said, f->problems.count > 0 ? f->problems.lines[0] : "taken");
}

static inline void profile_fixture_refuse(const char *profile, const char *channel, const char *said)
{
    struct profile_fixture f = profile_fixture_load(profile, channel);
    profile_fixture_refused(&f, said);
    profile_fixture_free(&f);
}
