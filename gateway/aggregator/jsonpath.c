#include "aggregator/jsonpath.h"

#include <inttypes.h>

json_t *json_read(struct span text)
{
    if (!span_is_present(text))
        return NULL;
    return json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
}

/* "Recipients[0]": cuts the name off and leaves the indexes. */
static struct span cut_name(struct span *step)
{
    size_t i = 0;
    while (i < step->len && step->at[i] != '[')
        i++;
    struct span name = span_first(*step, i);
    *step = span_from(*step, i);
    return name;
}

/* "[0][1]": cuts the first index off; false when it is none. */
static bool cut_index(struct span *step, uint64_t *index)
{
    struct span rest = span_from(*step, 1);
    struct span digits = span_cut(&rest, ']');
    if (step->at[0] != '[' || !span_is_present(rest) || !span_to_u64(digits, index))
        return false;
    *step = rest;
    return true;
}

bool json_path_is_valid(struct span path)
{
    while (span_is_present(path)) {
        struct span step = span_cut(&path, '.');
        if (cut_name(&step).len == 0)
            return false;
        uint64_t index;
        while (step.len > 0)
            if (!cut_index(&step, &index))
                return false;
    }
    return true;
}

static struct span as_text(const json_t *value, struct arena *arena)
{
    switch (json_typeof(value)) {
    case JSON_STRING:
        return arena_copy(arena, (struct span){json_string_value(value), json_string_length(value)});
    case JSON_INTEGER:
        return arena_format(arena, "%" PRId64, (int64_t)json_integer_value(value));
    case JSON_REAL:
        return arena_format(arena, "%.17g", json_real_value(value));
    case JSON_TRUE:
        return SPAN("true");
    case JSON_FALSE:
        return SPAN("false");
    default:
        return SPAN_NONE;
    }
}

struct span json_at_path(const json_t *root, struct span path, struct arena *arena)
{
    const json_t *at = root;
    while (span_is_present(path) && at != NULL) {
        struct span step = span_cut(&path, '.');
        at = json_object_get(at, arena_text(arena, cut_name(&step)));
        uint64_t index;
        while (at != NULL && step.len > 0 && cut_index(&step, &index))
            at = json_array_get(at, (size_t)index);
    }
    return at == NULL ? SPAN_NONE : as_text(at, arena);
}
