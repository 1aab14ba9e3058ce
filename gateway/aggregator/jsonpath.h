/*
 * jsonpath: one value of a JSON text: "SMSMessageData.Recipients[0].statusCode". Pure; over jansson.
 */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include "base/arena.h"
#include "base/span.h"

json_t *json_read(struct span text); /* strict; NULL when it is no JSON; the caller calls json_decref */

/* The value as text: strings as they are, numbers and booleans as JSON writes them. Absent when the path leads nowhere
 * or to an object, a list or null. */
struct span json_at_path(const json_t *root, struct span path, struct arena *arena);
bool json_path_is_valid(struct span path);
