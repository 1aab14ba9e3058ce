/*
 * control_users: who works at the desk, said through the control socket; private to core/control.c. Passwords come as Argon2id
 * hashes: the verb that asks has computed them, so that the loop does not.
 */
#pragma once
#include <jansson.h>
#include "core/control.h"

/* Hands every line but the last to `line`, which takes it over. *is_ours false: the verb is none of these. REFUSED, CONFLICT: in
 * words for who asked; never NOT_FOUND, which a verb takes for a gateway that is not there. */
struct control_lines {
    void *context;
    void (*line)(void *context, json_t *object);
};
enum outcome control_users(const struct control_parts *parts, const json_t *command, const struct control_lines *lines,
                           bool *is_ours, struct error *err) MUST_CHECK;
