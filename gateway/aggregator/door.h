/*
 * door: one of the three addresses of a channel (in, reports, notify): compiled from a profile, and its fields found.
 */
#pragma once
#include "aggregator/profile.h"
#include "http/message.h"

void door_compile(struct layer section, enum exchange_door which, enum channel_kind kind, struct arena *arena,
                  struct problems *problems, struct door *out);

/* The fields of one request as they came, in the profile's order; absent where the request has none. */
struct door_fields {
    struct span at[FIELD_COUNT];
    bool twice[FIELD_COUNT]; /* given again with another value: which one is meant? */
};
bool door_takes_method(const struct door *door, struct span method);
/* REFUSED: the query or the body is not what the door's encoding says; err names no value. */
enum outcome door_find_fields(const struct door *door, const struct http_request *request, struct arena *arena,
                              struct door_fields *out, struct error *err) MUST_CHECK;
/* After a refusal: which of the profile's own fields cannot be decoded; absent when it is another one. Never the sender's words:
 * a name that no profile knows may be a number. */
struct span door_broken_field(const struct door *door, const struct http_request *request, struct arena *arena);
