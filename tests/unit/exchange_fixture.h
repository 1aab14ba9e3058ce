/* Three channels on the real profiles of conf/aggregators, as a deployment would have them. */
#pragma once
#include <stdio.h>
#include <string.h>
#include "aggregator/exchange.h"
#include "cmocka_all.h"

#define SECRET "s3cret-of-the-path"

static const char channels_text[] =
    "channels : {\n"
    "  at-ussd : { profile = \"africastalking-ussd\"; service = \"infoline\"; code = \"*384*123#\"; auth = \"path\";\n"
    "    secret = \"" SECRET "\"; };\n"
    "  at-sms : { profile = \"africastalking-sms\"; service = \"infoline\"; code = \"21512\"; auth = \"path\";\n"
    "    secret = \"" SECRET "\"; secrets = { api_key = \"key-1\"; }; };\n"
    "  kannel : { profile = \"kannel\"; service = \"infoline\"; code = \"2233\"; auth = \"field\";\n"
    "    secret = \"" SECRET "\"; secrets = { password = \"p&w\"; };\n"
    "    numbers = { country = \"880\"; trunk = \"0\"; min = 10; max = 10; }; };\n"
    "};\n";

struct fixture {
    struct arena *arena;
    struct settings *settings;
    struct channel_set *set;
};

/* NULL set when the text does not hold; findings are then in `problems`. */
static inline struct fixture fixture_load_at(const char *text, const char *public_url, struct problems *problems)
{
    struct fixture f = {.arena = arena_create(65536)};
    struct error err = {0};
    problems_init(problems, f.arena);
    assert_int_equal(settings_parse(span_of(text), "test.conf", &f.settings, problems), OUTCOME_OK);
    struct channel_site site = {.public_url = span_of(public_url)};
    enum outcome outcome = channel_set_load(setting_get(settings_root(f.settings), "channels"), "conf/aggregators",
                                            &site, &f.set, problems, &err);
    assert_int_equal(outcome == OUTCOME_OK, f.set != NULL);
    return f;
}

static inline struct fixture fixture_load(const char *text, struct problems *problems)
{
    return fixture_load_at(text, NULL, problems);
}

/* What was loaded from `text` must not hold, and one of the findings says so. */
static inline void fixture_refused(const struct fixture *f, const struct problems *problems, const char *text,
                                   const char *says)
{
    bool said = false;
    for (size_t line = 0; line < problems->count && line < PROBLEMS_MAX; line++)
        said = said || strstr(problems->lines[line], says) != NULL;
    if (f->set != NULL || !said)
        fail_msg("'%s' should be refused with '%s': %s", text, says,
                 problems->count > 0 ? problems->lines[0] : "it loaded");
}

static inline void fixture_free(struct fixture *f)
{
    channel_set_free(f->set);
    settings_free(f->settings);
    arena_destroy(f->arena);
}

static inline struct fixture fixture_standard_at(const char *public_url)
{
    struct problems problems;
    struct fixture f = fixture_load_at(channels_text, public_url, &problems);
    for (size_t i = 0; i < problems.count; i++)
        print_message("%s\n", problems.lines[i]);
    assert_non_null(f.set);
    return f;
}

static inline struct fixture fixture_standard(void)
{
    return fixture_standard_at(NULL);
}

static inline const struct channel *fixture_channel(const struct fixture *f, const char *id)
{
    const struct channel *channel = channel_set_find(f->set, span_of(id));
    assert_non_null(channel);
    return channel;
}
