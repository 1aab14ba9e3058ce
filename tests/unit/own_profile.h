/* Requests to a channel on a profile that the test writes itself, and what is read in them. */
#pragma once
#include "profile_fixture.h"

/* It is called "c", open to the whole network. `channel`: more of its words, "code = \"*123#\";". */
static inline struct profile_fixture own_load(const char *profile, const char *channel)
{
    char channels[4096];
    int len =
        snprintf(channels, sizeof channels,
                 "channels : { c : { profile = \"it\"; service = \"s\"; trust = \"network-only\"; %s }; };", channel);
    assert_in_range(len, 1, sizeof channels - 1);
    return profile_fixture_of(profile, channels, "https://gateway.example");
}

static inline struct profile_fixture own_must_load(const char *profile, const char *channel)
{
    struct profile_fixture own = own_load(profile, channel);
    profile_fixture_holds(&own);
    return own;
}

struct own_reading {
    enum outcome outcome;
    struct inbound *list, first; /* first: of the list, or empty */
    size_t count;
    struct rejection rejection;
};

static inline struct own_reading own_ask(const struct profile_fixture *own, enum exchange_door door,
                                         const struct http_request *request)
{
    struct own_reading reading = {0};
    const struct channel *channel = own->channel;
    struct exchange_received received;
    reading.outcome = exchange_read(channel, door, request, 0, own->arena, &received);
    reading.list = received.list;
    reading.count = received.count;
    reading.rejection = received.rejection;
    assert_int_equal(reading.outcome == OUTCOME_OK, reading.rejection.status == 0);
    if (reading.count > 0)
        reading.first = reading.list[0];
    return reading;
}

static inline struct own_reading own_post(const struct profile_fixture *own, enum exchange_door door, struct span body)
{
    struct http_request request = {
        .method = SPAN("POST"), .path = SPAN("/in/c"), .target = SPAN("/in/c"), .body = body};
    return own_ask(own, door, &request);
}

static inline struct own_reading own_get(const struct profile_fixture *own, enum exchange_door door, const char *query)
{
    struct http_request request = {.method = SPAN("GET"),
                                   .path = SPAN("/in/c"),
                                   .target = SPAN("/in/c"),
                                   .query = span_of(query),
                                   .body = SPAN("")};
    return own_ask(own, door, &request);
}
