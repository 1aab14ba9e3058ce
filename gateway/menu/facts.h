/*
 * facts: what a page may depend on at run time: who is there, on what channel, what was answered. Pure.
 */
#pragma once
#include "menu/model.h"
#include "model/session.h"

struct facts {
    const struct person_view *person;
    enum channel_kind channel;
    bool open_now; /* by the service's calendar */
    struct span topic;
    bool pin_open, acting;
    const struct answer *stored, *fresh; /* fresh ones were given in this very step; the last of a field counts */
    size_t stored_count, fresh_count;
};

struct span facts_answer(const struct facts *facts, struct span field); /* absent: not answered */
bool facts_hold(const struct facts *facts, const struct condition *condition);
bool request_is_open(const struct request *request);
size_t facts_open_requests(const struct facts *facts);
