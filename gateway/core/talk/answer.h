/*
 * answer: a page of an asynchronous dialect on its way to the person: a row of the outbox. Private to the core.
 */
#pragma once
#include "core/conversation.h"

struct push {
    const struct message *message; /* what it answers */
    const struct reply *reply;
    int64_t id, phone, session, now;
};
void answer_push(const struct push *push, struct change_list *changes);
