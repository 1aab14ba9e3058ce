/*
 * known: browsers that somebody signed in with before, to the end. Whoever knows a name can try passwords for it, and make its lock grow
 * for as long as they like; so that this keeps nobody from their work, a browser that was theirs has tries of its own: what is tried
 * elsewhere does not close it, and what is tried in it closes it alone. It is told by a cookie for each name, with a keyed hash of ours;
 * it lets nobody in. How often was tried stands in memory. Private to the console.
 */
#pragma once
#include "console/door/visit.h"

struct known *known_create(void);
void known_free(struct known *known);

/* Whether this browser is one of theirs. */
bool known_is(const struct visit *visit, int64_t operator);
/* Whether it may try now: not too often in a row, with the waits of operator_locked_until. */
bool known_may_try(const struct visit *visit, int64_t operator);
void known_failed(const struct visit *visit, int64_t operator);
/* They are in: from now on it is known, and what was tried before is forgotten. */
void known_remember(struct visit *visit, int64_t operator);
