/*
 * facts: what a page may depend on at run time: who is there, on what channel, what was answered. Pure.
 */
#pragma once
#include "menu/desk.h"
#include "menu/service/model.h"
#include "menu/request.h"
#include "model/session.h"

struct facts {
    const struct service *service;
    const struct person_view *person;
    int64_t now;
    const char *reference; /* of the request that is spoken of, as the session has it; "" or NULL: none was named */
    enum channel_kind channel;
    struct span topic;
    bool pin_open, acting, keeps_something;
    const struct answer *stored, *fresh; /* fresh ones were given in this very step; the last of a field counts */
    size_t stored_count, fresh_count;
    const struct contact_rule *contact; /* what was answered of the request that is spoken of; NULL: not known here */
};

struct span facts_answer(const struct facts *facts, struct span field); /* absent: not answered */
bool facts_hold(const struct facts *facts, const struct condition *condition);
size_t facts_open_requests(const struct facts *facts);
/* The request that is spoken of: the one that was named, else the latest open one; NULL: none, or the one named is not theirs. */
const struct request *facts_request(const struct facts *facts);
enum request_says request_says(const struct request *request, int64_t now);
