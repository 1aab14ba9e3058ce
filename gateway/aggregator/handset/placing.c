#include "aggregator/handset/placing.h"

#include "aggregator/handset/placing_body.h"
#include "http/form.h"

#define PLACED_MAX 64
#define SEGMENTS_MAX 16
#define PART_MAX 262144

struct placing {
    const struct door *door;
    const struct shape *shape;
    struct arena *arena;
    struct placed facts[PLACED_MAX];
    size_t count;
};

struct placing *placing_begin(const struct door *door, const struct shape *shape, struct arena *arena)
{
    struct placing *placing = ARENA_NEW(arena, struct placing);
    placing->door = door;
    placing->shape = shape;
    placing->arena = arena;
    return placing;
}

static bool is_same_place(const struct source *a, const struct source *b)
{
    return a->place == b->place && a->segment == b->segment && a->from_top == b->from_top &&
           (span_equal_nocase(a->name, b->name) || (a->name.len == 0 && b->name.len == 0));
}

void placing_put(struct placing *placing, const struct source *source, struct span value)
{
    if (source == NULL || !span_is_present(value) || source->place == SOURCE_CONST || source->place == SOURCE_URL)
        return;
    for (size_t i = 0; i < placing->count; i++)
        if (is_same_place(placing->facts[i].source, source)) {
            placing->facts[i].value = value;
            return;
        }
    if (placing->count < PLACED_MAX)
        placing->facts[placing->count++] = (struct placed){source, value};
}

bool placing_says(const struct placing *placing, const struct source *source)
{
    for (size_t i = 0; i < placing->count; i++)
        if (is_same_place(placing->facts[i].source, source))
            return placing->facts[i].value.len > 0;
    return false;
}

void placing_put_named(struct placing *placing, struct span place, struct span value)
{
    struct source *source = ARENA_NEW(placing->arena, struct source);
    const char *why;
    if (source_parse(place, placing->arena, source, &why))
        placing_put(placing, source, value);
}

/* The value of the only fact that there can be of its kind; absent when it was not placed. */
static struct span find_only(const struct placing *placing, enum source_place place)
{
    for (size_t i = 0; i < placing->count; i++)
        if (placing->facts[i].source->place == place)
            return placing->facts[i].value;
    return SPAN_NONE;
}

static void add_pair(struct buffer *out, struct span name, struct span value)
{
    if (buffer_span(out).len > 0)
        buffer_add_char(out, '&');
    form_encode(name, out);
    buffer_add_char(out, '=');
    form_encode(value, out);
}

/* As form fields: those of the query, and the plain ones as well where they are in it. */
static struct span write_pairs(const struct placing *placing, bool of_query, bool plain)
{
    struct buffer out;
    buffer_init(&out, placing->arena, PART_MAX);
    for (size_t i = 0; i < placing->count; i++) {
        const struct placed *fact = &placing->facts[i];
        enum source_place place = fact->source->place;
        if ((of_query && place == SOURCE_QUERY) || (plain && place == SOURCE_FIELD))
            add_pair(&out, fact->source->name, fact->value);
    }
    return buffer_span(&out);
}

static const struct placed *segment_at(const struct placing *placing, unsigned number)
{
    for (size_t i = 0; i < placing->count; i++)
        if (placing->facts[i].source->place == SOURCE_PATH && placing->facts[i].source->segment == number)
            return &placing->facts[i];
    return NULL;
}

static struct span write_path(const struct placing *placing, struct span path)
{
    struct buffer out;
    unsigned last = SEGMENTS_MAX;
    while (last > 0 && segment_at(placing, last) == NULL)
        last--;
    buffer_init(&out, placing->arena, PART_MAX);
    buffer_add(&out, path);
    for (unsigned number = 1; number <= last; number++) {
        const struct placed *segment = segment_at(placing, number);
        buffer_add_char(&out, '/');
        form_encode(segment != NULL ? segment->value : SPAN("-"), &out);
    }
    return buffer_span(&out);
}

static bool writes_in_query(const struct placing *placing, struct span method)
{
    enum door_encoding encoding = placing->shape->encoding;
    bool is_form = encoding == DOOR_FORM && span_equal_text(method, "GET");
    return is_form || encoding == DOOR_QUERY || encoding == DOOR_TEXT;
}

static struct span method_that_suits(const struct placing *placing)
{
    unsigned methods = placing->door->methods;
    if (placing->shape->encoding == DOOR_QUERY && (methods & METHOD_GET) != 0)
        return SPAN("GET");
    if ((methods & METHOD_POST) != 0)
        return SPAN("POST");
    return (methods & METHOD_PUT) != 0 ? SPAN("PUT") : SPAN("GET");
}

static struct span write_body(const struct placing *placing, bool in_query)
{
    struct span whole = find_only(placing, SOURCE_BODY);
    if (span_is_present(whole))
        return whole;
    if (placing->shape->encoding == DOOR_JSON)
        return placing_write_json(placing->shape, placing->facts, placing->count, placing->arena);
    if (placing->shape->encoding == DOOR_XML)
        return placing_write_xml(placing->shape, placing->facts, placing->count, placing->arena);
    return in_query ? SPAN("") : write_pairs(placing, false, true);
}

static void write_headers(const struct placing *placing, struct http_request *out)
{
    static const struct span types[] = {[DOOR_FORM] = SPAN("application/x-www-form-urlencoded"),
                                        [DOOR_QUERY] = SPAN("application/x-www-form-urlencoded"),
                                        [DOOR_JSON] = SPAN("application/json"),
                                        [DOOR_XML] = SPAN("text/xml; charset=utf-8"),
                                        [DOOR_TEXT] = SPAN("text/plain; charset=utf-8")};
    struct pair *headers = ARENA_ARRAY(placing->arena, struct pair, placing->count + 1);
    if (out->body.len > 0)
        headers[out->header_count++] = (struct pair){SPAN("Content-Type"), types[placing->shape->encoding]};
    for (size_t i = 0; i < placing->count; i++)
        if (placing->facts[i].source->place == SOURCE_HEADER)
            headers[out->header_count++] = (struct pair){placing->facts[i].source->name, placing->facts[i].value};
    out->headers = headers;
}

void placing_finish(struct placing *placing, struct span path, struct span method, struct http_request *out)
{
    struct span said = find_only(placing, SOURCE_METHOD);
    method = span_is_present(said) ? said : span_is_present(method) ? method : method_that_suits(placing);
    bool in_query = writes_in_query(placing, method), has_body = !span_equal_text(method, "GET");
    struct span query = write_pairs(placing, true, in_query);
    *out = (struct http_request){.method = method, .path = write_path(placing, path)};
    out->target = out->path;
    out->body = has_body ? write_body(placing, in_query) : SPAN("");
    if (query.len > 0) {
        out->query = query;
        out->target = arena_format(placing->arena, "%.*s?%.*s", SPAN_ARG(out->path), SPAN_ARG(query));
    }
    write_headers(placing, out);
}
