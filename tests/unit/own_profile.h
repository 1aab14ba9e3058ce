/* A channel on a profile that the test writes itself, and requests to it. */
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "aggregator/exchange.h"
#include "cmocka_all.h"

struct own {
    struct arena *arena;
    struct channel_set *set; /* NULL: it does not load; why is in `findings` */
    struct span findings;
};

/* `channel`: more of the channel's words, "code = \"*123#\";". It is called "c", open to the whole network. */
static inline struct own own_load(const char *profile, const char *channel)
{
    char folder[] = "/tmp/helpline-own-XXXXXX", path[sizeof folder + 32];
    struct own own = {.arena = arena_create(65536)};
    struct problems problems;
    struct settings *settings;
    struct error err;
    problems_init(&problems, own.arena);
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/own.conf", folder);
    FILE *file = fopen(path, "w");
    assert_true(file != NULL && fputs(profile, file) >= 0 && fclose(file) == 0);
    struct span text = arena_format(
        own.arena, "channels : { c : { profile = \"own\"; service = \"s\"; trust = \"network-only\"; %s }; };",
        channel);
    assert_int_equal(settings_parse(text, "own", &settings, &problems), OUTCOME_OK);
    struct channel_site site = {.public_url = SPAN("https://gateway.example")};
    if (channel_set_load(setting_get(settings_root(settings), "channels"), folder, &site, &own.set, &problems, &err) !=
        OUTCOME_OK)
        own.set = NULL;
    settings_free(settings);
    unlink(path);
    rmdir(folder);
    struct buffer findings;
    buffer_init(&findings, own.arena, 65536);
    for (size_t i = 0; i < problems.count; i++)
        buffer_add_format(&findings, "%s\n", problems.lines[i]);
    own.findings = buffer_span(&findings);
    return own;
}

static inline struct own own_must_load(const char *profile, const char *channel)
{
    struct own own = own_load(profile, channel);
    if (own.set == NULL)
        fail_msg("%.*s", SPAN_ARG(own.findings));
    return own;
}

static inline void own_free(struct own *own)
{
    channel_set_free(own->set);
    arena_destroy(own->arena);
}

struct own_reading {
    enum outcome outcome;
    struct inbound *list, first; /* first: of the list, or empty */
    size_t count;
    struct rejection rejection;
};

static inline struct own_reading own_ask(const struct own *own, enum exchange_door door,
                                         const struct http_request *request)
{
    struct own_reading reading = {0};
    const struct channel *channel = channel_set_at(own->set, 0);
    reading.outcome =
        exchange_read(channel, door, request, 0, own->arena, &reading.list, &reading.count, &reading.rejection);
    assert_int_equal(reading.outcome == OUTCOME_OK, reading.rejection.status == 0);
    if (reading.count > 0)
        reading.first = reading.list[0];
    return reading;
}

static inline struct own_reading own_post(const struct own *own, enum exchange_door door, struct span body)
{
    struct http_request request = {
        .method = SPAN("POST"), .path = SPAN("/in/c"), .target = SPAN("/in/c"), .body = body};
    return own_ask(own, door, &request);
}

static inline struct own_reading own_get(const struct own *own, enum exchange_door door, const char *query)
{
    struct http_request request = {.method = SPAN("GET"),
                                   .path = SPAN("/in/c"),
                                   .target = SPAN("/in/c"),
                                   .query = span_of(query),
                                   .body = SPAN("")};
    return own_ask(own, door, &request);
}
