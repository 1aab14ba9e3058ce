#include "aggregator/writing/same_object.h"

#include "aggregator/language/jsonpath.h"

#define OBJECT_MAX 65536

static json_t *member_value(const struct member_template *member, const struct span values[VALUE_COUNT],
                            const struct translations *translations, struct arena *arena)
{
    struct buffer text;
    buffer_init(&text, arena, OBJECT_MAX);
    template_render_screen(&member->value, values, translations, &text);
    struct span value = buffer_span(&text);
    if (buffer_failed(&text))
        return NULL;
    return member->is_json ? json_read(value) : json_stringn(value.at, value.len);
}

/* As the request writes it: their own parser may mind the case. */
static const char *name_in(json_t *object, struct span name, struct arena *arena)
{
    const char *as_given = arena_text(arena, name), *key;
    json_t *value;
    if (json_object_get(object, as_given) != NULL)
        return as_given;
    json_object_foreach(object, key, value) if (span_equal_nocase(span_of(key), name)) return arena_text(arena,
                                                                                                         span_of(key));
    return as_given;
}

static int add_piece(const char *text, size_t len, void *out)
{
    buffer_add(out, (struct span){text, len});
    return 0;
}

struct span same_object_say(struct span object, const struct members *members, const struct span values[VALUE_COUNT],
                            const struct translations *translations, struct arena *arena, bool *failed)
{
    json_t *said = json_read(object);
    if (!json_is_object(said)) {
        json_decref(said);
        said = json_object();
    }
    for (size_t i = 0; i < members->count; i++) {
        const char *name = name_in(said, members->at[i].name, arena);
        json_t *value = member_value(&members->at[i], values, translations, arena);
        *failed = *failed || json_object_set_new(said, name, value) != 0;
    }
    struct buffer out;
    buffer_init(&out, arena, OBJECT_MAX);
    *failed = *failed || json_dump_callback(said, add_piece, &out, JSON_COMPACT) != 0 || buffer_failed(&out);
    json_decref(said);
    return *failed ? SPAN("") : buffer_span(&out);
}
