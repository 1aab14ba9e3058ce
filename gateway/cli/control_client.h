/*
 * control_client: asks the running gateway through listen.control: one JSON object a line out, one or more back, the last of
 * them with "done":true, or with "error" and "outcome" (core/control.h).
 */
#pragma once
#include <jansson.h>
#include "base/error.h"

/*
 * Sends `command` (taken over) and hands every line but the last to `take`. OK: done. NOT_FOUND: no gateway answers there.
 * BROKEN: the connection failed, nothing came for a minute, or what came was no JSON. Otherwise what the gateway says.
 */
enum outcome control_ask(const char *path, json_t *command, void (*take)(void *context, const json_t *line),
                         void *context, struct error *err) MUST_CHECK;
