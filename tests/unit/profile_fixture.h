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
    struct settings *settings;
    struct channel_set *set;
    const struct channel *channel; /* NULL: the profile does not hold; see `problems` */
    struct problems problems;
};

/* `channel` is what the channel says besides its profile, service and secret; auth is path when it says none. */
static inline struct profile_fixture profile_fixture_load(const char *profile, const char *channel)
{
    struct profile_fixture f = {.arena = arena_create(65536)};
    char folder[] = "/tmp/helpline-profile-XXXXXX", path[sizeof folder + 16];
    struct error err = {0};
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/it.conf", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(profile, file);
    fclose(file);
    problems_init(&f.problems, f.arena);
    const char *auth = strstr(channel, "auth =") != NULL ? "" : "auth = \"path\";";
    struct span text = arena_format(f.arena,
                                    "channels : { it : { profile = \"it\"; service = \"infoline\"; code = \"*384#\";\n"
                                    "secret = \"sample-secret\"; %s %s }; };\n",
                                    auth, channel);
    assert_int_equal(settings_parse(text, "test.conf", &f.settings, &f.problems), OUTCOME_OK);
    struct channel_site site = {.public_url = SPAN("https://h.example")};
    if (channel_set_load(setting_get(settings_root(f.settings), "channels"), folder, &site, &f.set, &f.problems,
                         &err) == OUTCOME_OK)
        f.channel = channel_set_at(f.set, 0);
    unlink(path);
    rmdir(folder);
    return f;
}

static inline void profile_fixture_free(struct profile_fixture *f)
{
    channel_set_free(f->set);
    settings_free(f->settings);
    arena_destroy(f->arena);
}

/* The same where it must hold. */
static inline struct profile_fixture profile_fixture_hold(const char *profile, const char *channel)
{
    struct profile_fixture f = profile_fixture_load(profile, channel);
    if (f.channel == NULL)
        fail_msg("%s", f.problems.count > 0 ? f.problems.lines[0] : "no finding");
    return f;
}

/* Where it must not: one of the findings is of it.conf and says so. */
static inline void profile_fixture_refuse(const char *profile, const char *channel, const char *said)
{
    struct profile_fixture f = profile_fixture_load(profile, channel);
    bool found = false;
    for (size_t i = 0; i < f.problems.count; i++)
        found = found || strstr(f.problems.lines[i], said) != NULL;
    if (f.channel != NULL || !found)
        fail_msg("\"%s\" is not said: %s", said, f.problems.count > 0 ? f.problems.lines[0] : "taken");
    profile_fixture_free(&f);
}
