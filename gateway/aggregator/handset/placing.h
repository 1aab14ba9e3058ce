/*
 * placing: a request written fact by fact, each where a source says that it is: the opposite of facts.h. Pure.
 */
#pragma once
#include "aggregator/door/door.h"

struct placing;

struct placing *placing_begin(const struct door *door, const struct shape *shape, struct arena *arena);
/* The last one at the same place counts. Nothing is placed where nothing can be said: an absent source or value, const:, url. */
void placing_put(struct placing *placing, const struct source *source, struct span value);
/* The same for a place as a profile writes it; one that is no source is left out. */
void placing_put_named(struct placing *placing, struct span place, struct span value);
/* Whether something that is not empty was placed there. */
bool placing_says(const struct placing *placing, const struct source *source);
/* `path`: the door, with its secret; segments follow it. `method`: absent for the one that suits. */
void placing_finish(struct placing *placing, struct span path, struct span method, struct http_request *out);
