/* transcript: which conversation an address means; shared by the page that shows it and the one that takes words out of it. */
#pragma once
#include "console/door/visit.h"
#include "console/pages/steps.h"

/* A conversation as it is read through a request. Steps are counted from 0. */
struct transcript_place {
    int64_t session;
    unsigned least; /* what was said in it before that is no matter of the request */
    unsigned first; /* where to begin to read, unless the address says where */
};
/* The conversation behind the request of this visit: in which it was made or, with "since", in which its person said something last,
 * which may be the same one. NOT_FOUND: none, or not theirs to see. */
enum outcome transcript_of_request(struct visit *visit, struct transcript_place *place, struct error *err) MUST_CHECK;
/* The steps since a moment, of the conversation in which the person of a request said something last; none, where nothing was said or it is
 * not theirs to read. */
enum outcome transcript_said_since(struct visit *visit, const struct request_view *request, int64_t since,
                                   struct steps_view *steps, struct error *err) MUST_CHECK;
bool transcript_is_since(const struct visit *visit);
