/*
 * same_object: the reply that is the request's own JSON object, with some members set. Pure.
 */
#pragma once
#include "aggregator/writing/replying.h"

/* `object`: the request's; absent or none: the reply is an object of the members alone. *failed becomes true when it does not
 * fit. A member that is there in another case is the one that is set. */
struct span same_object_say(struct span object, const struct members *members, const struct span values[VALUE_COUNT],
                            const struct translations *translations, struct arena *arena, bool *failed);
