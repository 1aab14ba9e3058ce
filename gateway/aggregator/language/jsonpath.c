#include "aggregator/language/jsonpath.h"

#include <inttypes.h>
#include <stdlib.h>

json_t *json_read_telling(struct span text, struct error *err)
{
    json_error_t fault = {.line = 1, .column = 1};
    json_t *root = NULL;
    if (span_is_present(text))
        root = json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &fault);
    if (root == NULL)
        error_set(err, OUTCOME_REFUSED, "no strict JSON: line %d, column %d", fault.line, fault.column);
    return root;
}

json_t *json_read(struct span text)
{
    struct error ignored;
    return json_read_telling(text, &ignored);
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

static size_t most_steps(struct span path)
{
    size_t steps = 1;
    for (size_t i = 0; i < path.len; i++)
        steps += path.at[i] == '.' || path.at[i] == '[';
    return steps;
}

bool json_path_compile(struct span path, struct arena *arena, struct json_path *out)
{
    struct json_step *steps = ARENA_ARRAY(arena, struct json_step, most_steps(path));
    *out = (struct json_path){steps, 0};
    while (span_is_present(path)) {
        struct span step = span_cut(&path, '.');
        struct span name = cut_name(&step);
        if (name.len == 0 && (step.len == 0 || out->count > 0))
            return false; /* "[0].a" is a path where the top is a list, "a.[0]" is none */
        if (name.len > 0)
            steps[out->count++].name = arena_copy(arena, name);
        while (step.len > 0) {
            uint64_t index;
            if (!cut_index(&step, &index))
                return false;
            steps[out->count++].index = (size_t)index;
        }
    }
    return out->count > 0;
}

bool json_path_is_valid(struct span path)
{
    struct arena *arena = arena_create(1024);
    struct json_path ignored;
    bool valid = json_path_compile(path, arena, &ignored);
    arena_destroy(arena);
    return valid;
}

/* The member as it is written, or one that differs in case alone. */
static const json_t *member(const json_t *object, struct span name)
{
    const json_t *exact = json_object_getn(object, name.at, name.len);
    if (exact != NULL || !json_is_object(object))
        return exact;
    json_t *all = (json_t *)(uintptr_t)object; /* jansson's iterators only look */
    for (void *at = json_object_iter(all); at != NULL; at = json_object_iter_next(all, at))
        if (span_equal_nocase((struct span){json_object_iter_key(at), json_object_iter_key_len(at)}, name))
            return json_object_iter_value(at);
    return NULL;
}

const json_t *json_follow(const json_t *root, const struct json_path *path)
{
    const json_t *at = root;
    for (size_t i = 0; i < path->count && at != NULL; i++) {
        const struct json_step *step = &path->steps[i];
        at = span_is_present(step->name) ? member(at, step->name) : json_array_get(at, step->index);
    }
    return at;
}

/* The shorter one where it says the same: 0.1, not 0.10000000000000001. */
static struct span real_text(double value, struct arena *arena)
{
    struct span text = arena_format(arena, "%.15g", value);
    return strtod(text.at, NULL) < value || strtod(text.at, NULL) > value ? arena_format(arena, "%.17g", value) : text;
}

struct span json_text(const json_t *value, struct arena *arena)
{
    if (value == NULL)
        return SPAN_NONE;
    switch (json_typeof(value)) {
    case JSON_STRING:
        return arena_copy(arena, (struct span){json_string_value(value), json_string_length(value)});
    case JSON_INTEGER:
        return arena_format(arena, "%" PRId64, (int64_t)json_integer_value(value));
    case JSON_REAL:
        return real_text(json_real_value(value), arena);
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
    struct json_path steps;
    return json_path_compile(path, arena, &steps) ? json_text(json_follow(root, &steps), arena) : SPAN_NONE;
}
