/* Several messages in one request: how many, and which of them is asked about. */
#include "aggregator/door/facts_parts.h"

#include "aggregator/door/badbytes.h"

/* A list holds as many messages as it has items, and an object is one of them. Where nothing stands, the whole is the message. */
static bool count_json(struct facts *facts, size_t *count)
{
    const json_t *list = json_follow(facts_document(facts)->json, &facts->shape->items.json);
    *count = json_is_array(list) ? json_array_size(list) : 1;
    facts->messages.json_list = json_is_array(list) ? list : NULL;
    if (list != NULL)
        facts->messages.json = list;
    return list == NULL || json_is_array(list) || json_is_object(list);
}

static bool count_xml(struct facts *facts, size_t *count)
{
    const struct xml_path *path = &facts->shape->items.xml;
    size_t found = xml_find(facts_document(facts)->xml, path, NULL, 0);
    *count = 1;
    if (found == 0)
        return true;
    *count = found;
    facts->messages.xml_list = ARENA_ARRAY(facts->arena, const struct xml_node *, found);
    xml_find(facts_document(facts)->xml, path, facts->messages.xml_list, found);
    return true;
}

bool facts_count(struct facts *facts, size_t *count)
{
    *count = 1;
    if (!facts->shape->has_items || !facts_is_document(facts))
        return true;
    return facts->shape->encoding == DOOR_XML ? count_xml(facts, count) : count_json(facts, count);
}

void facts_turn_to(struct facts *facts, size_t index)
{
    struct messages *messages = &facts->messages;
    if (messages->json_list != NULL)
        messages->json = json_array_get(messages->json_list, index);
    if (messages->xml_list != NULL)
        messages->xml = messages->xml_list[index];
}

static struct span dumped(const json_t *value, struct arena *arena)
{
    size_t flags = JSON_COMPACT | JSON_ENCODE_ANY;
    size_t len = json_dumpb(value, NULL, 0, flags);
    char *text = arena_alloc_raw(arena, len + 1);
    return (struct span){text, json_dumpb(value, text, len, flags)};
}

struct span facts_raw(struct facts *facts)
{
    const struct messages *messages = &facts->messages;
    if (messages->json_list != NULL)
        return facts_as_sent(facts, dumped(messages->json, facts->arena));
    if (messages->xml_list != NULL)
        return facts_as_sent(facts, messages->xml->raw);
    return !facts_is_document(facts) && facts_in_query(facts) ? facts->request->query : facts->request->body;
}

struct span facts_object(struct facts *facts)
{
    if (facts->shape->encoding != DOOR_JSON || !json_is_object(facts_document(facts)->json))
        return SPAN_NONE;
    const struct document *document = facts_document(facts);
    return document->mended ? badbytes_replace(document->text, facts->arena) : document->text;
}

struct span facts_text_raw(struct facts *facts, struct span value)
{
    return facts->parsed.document.converted ? facts_raw(facts) : value;
}
