#include "aggregator/language/xml.h"

#include <expat.h>
#include <limits.h>
#include <string.h>

#include "aggregator/language/charset.h"
#include "base/buffer.h"

struct open_element {
    struct xml_node *node, *last; /* its last child */
    struct buffer text;
    size_t start; /* where it begins in the whole */
};

struct reader {
    XML_Parser parser;
    struct span whole;
    struct arena *arena;
    struct open_element open[XML_DEPTH_MAX + 1]; /* the first holds the root */
    size_t depth, nodes;
    bool refused;
};

static void refuse(struct reader *r)
{
    r->refused = true;
    XML_StopParser(r->parser, XML_FALSE);
}

static struct span local_name(const char *name)
{
    const char *colon = strrchr(name, ':');
    return span_of(colon != NULL ? colon + 1 : name);
}

static struct xml_node *add_node(struct reader *r, struct open_element *parent, struct span name)
{
    struct xml_node *node = ARENA_NEW(r->arena, struct xml_node);
    node->name = name;
    node->text = SPAN("");
    *(parent->last != NULL ? &parent->last->next : &parent->node->first) = node;
    parent->last = node;
    r->nodes++;
    return node;
}

static void XMLCALL on_start(void *data, const XML_Char *name, const XML_Char **attributes)
{
    struct reader *r = data;
    if (r->depth == XML_DEPTH_MAX || r->nodes >= XML_NODES_MAX) {
        refuse(r);
        return;
    }
    struct xml_node *node = add_node(r, &r->open[r->depth], arena_copy(r->arena, local_name(name)));
    struct open_element *element = &r->open[++r->depth];
    *element = (struct open_element){.node = node, .start = (size_t)XML_GetCurrentByteIndex(r->parser)};
    buffer_init(&element->text, r->arena, r->whole.len * 3); /* Latin-1 and UTF-16 grow */
    for (; attributes[0] != NULL && r->nodes < XML_NODES_MAX; attributes += 2)
        add_node(r, element, arena_format(r->arena, "@%.*s", SPAN_ARG(local_name(attributes[0]))))->text =
            arena_copy(r->arena, span_of(attributes[1]));
}

static void XMLCALL on_text(void *data, const XML_Char *text, int len)
{
    struct reader *r = data;
    buffer_add(&r->open[r->depth].text, (struct span){text, (size_t)len});
}

static void XMLCALL on_end(void *data, const XML_Char *name)
{
    struct reader *r = data;
    struct open_element *element = &r->open[r->depth--];
    (void)name;
    size_t end = (size_t)XML_GetCurrentByteIndex(r->parser) + (size_t)XML_GetCurrentByteCount(r->parser);
    if (buffer_failed(&element->text))
        refuse(r);
    if (buffer_span(&element->text).len > 0)
        element->node->text = buffer_span(&element->text);
    if (end <= r->whole.len && element->start <= end)
        element->node->raw = (struct span){r->whole.at + element->start, end - element->start};
}

static void XMLCALL on_doctype(void *data, const XML_Char *name, const XML_Char *system, const XML_Char *public,
                               int own)
{
    (void)name;
    (void)system;
    (void)public;
    (void)own;
    refuse(data);
}

/* The names that gateways use of sets that expat has under other names, or not at all. */
static int XMLCALL on_other_encoding(void *ignored, const XML_Char *name, XML_Encoding *out)
{
    (void)ignored;
    enum charset charset = charset_find(span_of(name));
    if (charset != CHARSET_LATIN1 && charset != CHARSET_WINDOWS_1252)
        return XML_STATUS_ERROR;
    for (int byte = 0; byte < 256; byte++) {
        uint32_t character = charset_of_byte(charset, (unsigned char)byte);
        out->map[byte] = character == 0 && byte != 0 ? -1 : (int)character;
    }
    return XML_STATUS_OK;
}

const struct xml_node *xml_read(struct span text, struct arena *arena)
{
    return xml_read_as(text, NULL, arena);
}

const struct xml_node *xml_read_as(struct span text, const char *encoding, struct arena *arena)
{
    struct reader *r = ARENA_NEW(arena, struct reader);
    struct xml_node above = {0};
    r->parser = XML_ParserCreate(encoding);
    if (r->parser == NULL || !span_is_present(text) || text.len > INT_MAX) {
        XML_ParserFree(r->parser);
        return NULL;
    }
    r->whole = text;
    r->arena = arena;
    r->open[0].node = &above;
    buffer_init(&r->open[0].text, arena, 0);
    XML_SetUserData(r->parser, r);
    XML_SetElementHandler(r->parser, on_start, on_end);
    XML_SetCharacterDataHandler(r->parser, on_text);
    XML_SetStartDoctypeDeclHandler(r->parser, on_doctype);
    XML_SetUnknownEncodingHandler(r->parser, on_other_encoding, NULL);
    bool read = XML_Parse(r->parser, text.at, (int)text.len, XML_TRUE) == XML_STATUS_OK && !r->refused;
    XML_ParserFree(r->parser);
    return read ? above.first : NULL;
}

bool xml_path_compile(struct span path, struct arena *arena, struct xml_path *out)
{
    size_t most = 1;
    for (size_t i = 0; i < path.len; i++)
        most += path.at[i] == '/';
    struct span *steps = ARENA_ARRAY(arena, struct span, most);
    *out = (struct xml_path){steps, 0};
    while (span_is_present(path)) {
        struct span step = span_cut(&path, '/');
        bool attribute = step.len > 0 && step.at[0] == '@';
        if (step.len == 0 || (attribute && (step.len == 1 || span_is_present(path))))
            return false;
        steps[out->count++] = arena_copy(arena, step);
    }
    return out->count > 0;
}

/* What has been found so far. */
struct findings {
    const struct xml_node **at;
    size_t room, count;
};

static void find_below(const struct xml_node *node, const struct span *steps, size_t count, struct findings *found)
{
    if (count == 0) {
        if (found->count < found->room)
            found->at[found->count] = node;
        found->count++;
        return;
    }
    for (const struct xml_node *child = node->first; child != NULL; child = child->next)
        if (span_equal_nocase(child->name, steps[0]))
            find_below(child, steps + 1, count - 1, found);
}

size_t xml_find(const struct xml_node *root, const struct xml_path *path, const struct xml_node **found, size_t room)
{
    struct findings findings = {found, room, 0};
    if (root == NULL)
        return 0;
    find_below(root, path->steps, path->count, &findings);
    if (findings.count == 0 && path->count > 0 && span_equal_nocase(root->name, path->steps[0]))
        find_below(root, path->steps + 1, path->count - 1, &findings);
    return findings.count;
}

struct span xml_text(const struct xml_node *root, const struct xml_path *path, struct arena *arena)
{
    const struct xml_node *one;
    size_t count = xml_find(root, path, &one, 1);
    if (count == 0)
        return SPAN_NONE;
    if (count == 1)
        return one->text;
    const struct xml_node **all = ARENA_ARRAY(arena, const struct xml_node *, count);
    xml_find(root, path, all, count);
    size_t len = 0;
    for (size_t i = 0; i < count; i++)
        len += all[i]->text.len;
    struct buffer joined;
    buffer_init(&joined, arena, len);
    for (size_t i = 0; i < count; i++)
        buffer_add(&joined, all[i]->text);
    return len > 0 ? buffer_span(&joined) : SPAN("");
}
