/*
 * refused: what the door turns away in the name of somebody who has signed in leaves a line in the audit. A page without the right to
 * it: each time, for only they can ask for it. A form without the token of a page of ours, and what a page of somebody else asks for:
 * once a minute for each sign-in, and at most REFUSED_PLACES a minute in all, for such a page can ask without end, and the audit is
 * never made shorter. Where nobody has signed in there is nobody to name, and no line: SameSite=Strict keeps the cookie from most of
 * those pages. Private to the console. Any thread.
 */
#pragma once
#include "base/duration.h"
#include "console/door/visit.h"

#define REFUSED_AGAIN_MS MINUTE_MS
enum { REFUSED_PLACES = 64 };

struct refused;

struct refused *refused_create(void);
void refused_free(struct refused *refused); /* NULL is fine */
/* Whether a line is due for this sign-in: true at most once in REFUSED_AGAIN_MS. */
bool refused_is_due(struct refused *refused, int64_t sign_in, int64_t now);

/* visit->operator asked for what is not theirs. */
void refused_keep(const struct visit *visit);
/* It came in the name of visit->operator, and from no page of theirs as far as can be known; NULL: nothing. */
void refused_keep_forged(const struct visit *visit);
