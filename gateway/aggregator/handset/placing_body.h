/*
 * placing_body: facts as the body of a request: JSON and XML from their paths. Pure.
 */
#pragma once
#include "aggregator/door/door.h"

struct placed {
    const struct source *source;
    struct span value;
};

/* Only facts at SOURCE_FIELD are taken. Those of a message go into one at `items`, where the shape has them. */
struct span placing_write_json(const struct shape *shape, const struct placed *facts, size_t count,
                               struct arena *arena);
struct span placing_write_xml(const struct shape *shape, const struct placed *facts, size_t count, struct arena *arena);
