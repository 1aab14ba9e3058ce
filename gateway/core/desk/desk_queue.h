/*
 * desk_queue: actions on their way from the console's threads to the loop and back; private to the core's desk.
 *
 * A ticket is a copy of its own: a thread that gave up waiting has gone, and the loop still finishes what it took.
 */
#pragma once
#include "core/desk_run.h"

struct ticket {
    struct ticket *next;
    struct arena *arena; /* of the copy, and of the answer */
    struct desk_action action;
    struct desk_result result;
    bool is_taken, is_answered, is_left; /* with the desk's lock */
};

/* The loop takes at most `most`, oldest first; it answers each of them exactly once. */
size_t desk_take(struct desk *desk, struct ticket **tickets, size_t most);
void desk_answer(struct desk *desk, struct ticket *ticket, const struct desk_result *result);
