#include "aggregator/handset/placing_body.h"

#include <stdlib.h>

#include "aggregator/language/escape.h"
#include "aggregator/language/jsonpath.h"

#define BODY_MAX 262144

static json_t *json_value(struct span value)
{
    if (span_equal_text(value, "true") || span_equal_text(value, "false"))
        return json_boolean(value.len == 4);
    json_t *text = json_stringn(value.at, value.len);
    return text != NULL ? text : json_null(); /* bytes that are no UTF-8: JSON has no word for them */
}

static json_t *json_child(json_t *parent, const struct json_step *step, struct arena *arena)
{
    return span_is_present(step->name) ? json_object_get(parent, arena_text(arena, step->name))
                                       : json_array_get(parent, step->index);
}

static void json_hang(json_t *parent, const struct json_step *step, json_t *child, struct arena *arena)
{
    if (span_is_present(step->name)) {
        json_object_set_new(parent, arena_text(arena, step->name), child);
        return;
    }
    while (json_is_array(parent) && json_array_size(parent) <= step->index)
        json_array_append_new(parent, json_null());
    json_array_set_new(parent, step->index, child); /* an object has no such place: the child is let go */
}

/* Takes `value` over. What stands in the way because two paths disagree is replaced. */
static void json_put(json_t *root, const struct json_path *path, json_t *value, struct arena *arena)
{
    json_t *at = root;
    for (size_t i = 0; i + 1 < path->count; i++) {
        bool is_list = !span_is_present(path->steps[i + 1].name);
        json_t *next = json_child(at, &path->steps[i], arena);
        if (is_list ? !json_is_array(next) : !json_is_object(next)) {
            next = is_list ? json_array() : json_object();
            json_hang(at, &path->steps[i], next, arena);
        }
        at = next;
    }
    if (path->count > 0)
        json_hang(at, &path->steps[path->count - 1], value, arena);
    else
        json_decref(value);
}

/* The list of messages, with the one that is said. Returns the top. */
static json_t *json_with_item(const struct shape *shape, json_t *item, struct arena *arena)
{
    json_t *list = json_array();
    json_array_append(list, item);
    if (shape->items.json.count == 0)
        return list;
    json_t *top = json_object();
    json_put(top, &shape->items.json, list, arena);
    return top;
}

/* Some answers are a list at their top: "[0].status". */
static json_t *json_top(const struct placed *facts, size_t count)
{
    const struct json_path *path = count > 0 ? &facts[0].source->json : NULL;
    bool is_list = path != NULL && path->count > 0 && !span_is_present(path->steps[0].name);
    return is_list ? json_array() : json_object();
}

struct span placing_write_json(const struct shape *shape, const struct placed *facts, size_t count, struct arena *arena)
{
    json_t *item = json_top(facts, count);
    json_t *top = shape->has_items ? json_with_item(shape, item, arena) : json_incref(item);
    for (size_t i = 0; i < count; i++)
        if (facts[i].source->place == SOURCE_FIELD)
            json_put(facts[i].source->from_top ? top : item, &facts[i].source->json, json_value(facts[i].value), arena);
    char *text = json_dumps(top, JSON_COMPACT);
    struct span copy = arena_copy(arena, span_of(text));
    free(text);
    json_decref(item);
    json_decref(top);
    return copy;
}

struct element {
    struct span name, text; /* of an attribute, the name has its '@' */
    struct element *first, *next;
};

static struct element *element_child(struct element *parent, struct span name, struct arena *arena)
{
    struct element **end = &parent->first;
    while (*end != NULL) {
        if (span_equal((*end)->name, name))
            return *end;
        end = &(*end)->next;
    }
    *end = ARENA_NEW(arena, struct element);
    (*end)->name = name;
    return *end;
}

static struct element *element_at(struct element *root, const struct xml_path *path, struct arena *arena)
{
    for (size_t i = 0; i < path->count; i++)
        root = element_child(root, path->steps[i], arena);
    return root;
}

static bool is_attribute(const struct element *element)
{
    return span_starts_with(element->name, SPAN("@"));
}

static void write_element(const struct element *element, struct buffer *out)
{
    buffer_add_format(out, "<%.*s", SPAN_ARG(element->name));
    for (const struct element *child = element->first; child != NULL; child = child->next)
        if (is_attribute(child)) {
            buffer_add_format(out, " %.*s=\"", SPAN_ARG(span_from(child->name, 1)));
            escape_into(child->text, ESCAPE_XML, out);
            buffer_add_char(out, '"');
        }
    buffer_add_char(out, '>');
    escape_into(element->text, ESCAPE_XML, out);
    for (const struct element *child = element->first; child != NULL; child = child->next)
        if (!is_attribute(child))
            write_element(child, out);
    buffer_add_format(out, "</%.*s>", SPAN_ARG(element->name));
}

struct span placing_write_xml(const struct shape *shape, const struct placed *facts, size_t count, struct arena *arena)
{
    struct element root = {.name = SPAN("request")};
    struct element *item = shape->has_items ? element_at(&root, &shape->items.xml, arena) : &root;
    for (size_t i = 0; i < count; i++)
        if (facts[i].source->place == SOURCE_FIELD)
            element_at(facts[i].source->from_top ? &root : item, &facts[i].source->xml, arena)->text = facts[i].value;
    struct buffer out;
    buffer_init(&out, arena, BODY_MAX);
    buffer_add_text(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    write_element(&root, &out);
    return buffer_span(&out);
}
