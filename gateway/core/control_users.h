/*
 * control_users: who works at the desk, said through the control socket; private to core/control.c.
 */
#pragma once
#include "core/control.h"

struct json_t;

/* OK: obeyed, every line but the last went to `line`, which takes it over. NOT_FOUND with *is_ours false: it is no verb of these. */
enum outcome control_users(const struct control_parts *parts, const char *verb, const void *command,
                           void (*line)(void *context, void *object), void *context, bool *is_ours,
                           struct error *err) MUST_CHECK;
