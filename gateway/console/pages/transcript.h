/* transcript: which conversation an address means; shared by the page that shows it and the one that takes words out of it. */
#pragma once
#include "console/door/visit.h"

/* The conversation behind the request of this visit: in which it was made or, with "since", in which its person said something last.
 * NOT_FOUND: none, or not theirs to see. */
enum outcome transcript_of_request(struct visit *visit, int64_t *session, struct error *err) MUST_CHECK;
bool transcript_is_since(const struct visit *visit);
