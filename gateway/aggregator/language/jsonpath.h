/*
 * jsonpath: one value of a JSON text: "SMSMessageData.Recipients[0].statusCode". Pure; over jansson. Names match without case.
 */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"

json_t *json_read(struct span text); /* strict; NULL when it is no JSON; the caller calls json_decref */
json_t *json_read_telling(struct span text,
                          struct error *err); /* the same; err says where it breaks, and no word of it */

/* A path taken apart once, for who follows it often. */
struct json_step {
    struct span name; /* absent: `index` of a list */
    size_t index;
};
struct json_path {
    const struct json_step *steps;
    size_t count; /* 0: the value itself */
};
bool json_path_compile(struct span path, struct arena *arena, struct json_path *out); /* false: it is none */
const json_t *json_follow(const json_t *root, const struct json_path *path);          /* NULL when it leads nowhere */

/* The value as text: strings as they are, numbers and booleans as JSON writes them. Absent for an object, a list, null and NULL. */
struct span json_text(const json_t *value, struct arena *arena);

/* Both in one, for a path that is followed once. */
struct span json_at_path(const json_t *root, struct span path, struct arena *arena);
bool json_path_is_valid(struct span path);
