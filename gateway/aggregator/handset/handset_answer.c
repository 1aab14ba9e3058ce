#include <inttypes.h>

#include "aggregator/handset.h"
#include "aggregator/handset/placing_body.h"
#include "aggregator/profile.h"

#define BODY_MAX 65536
#define FACTS_MAX 4

/* A body written from what the profile looks for in it. */
struct writing {
    struct arena *arena;
    struct placed facts[FACTS_MAX];
    size_t count;
};

/* "messages[*].status" is said with one message. */
static struct span first_of_each(struct span path, struct arena *arena)
{
    char *text = arena_alloc(arena, path.len + 1);
    for (size_t i = 0; i < path.len; i++)
        text[i] = path.at[i] == '*' && i > 0 && path.at[i - 1] == '[' ? '0' : path.at[i];
    return (struct span){text, path.len};
}

static void write_at(struct writing *writing, struct span path, struct span value)
{
    struct source *source = ARENA_NEW(writing->arena, struct source);
    if (!span_is_present(path) || writing->count == FACTS_MAX)
        return;
    source->name = first_of_each(path, writing->arena);
    bool is_json = json_path_compile(source->name, writing->arena, &source->json);
    if (xml_path_compile(source->name, writing->arena, &source->xml) || is_json)
        writing->facts[writing->count++] = (struct placed){source, value};
}

static const struct send_rule *find_yes(const struct sending *sending)
{
    for (size_t i = 0; i < sending->rule_count; i++)
        if (sending->rules[i].means == MEANS_SENT)
            return &sending->rules[i];
    return NULL;
}

/* A yes made of the rule that takes it for one, where the profile shows none. */
static void answer_by_rule(const struct sending *sending, const struct send_rule *rule, struct span id,
                           struct arena *arena, struct http_response *out)
{
    struct writing writing = {.arena = arena};
    struct shape plain = {.encoding = DOOR_JSON};
    bool by_xml = span_is_present(rule->xml);
    struct span said = rule->is_count > 0 ? rule->is[0] : id;
    out->status = rule->status_min <= 200 && rule->status_max >= 200 ? 200 : rule->status_min;
    write_at(&writing, by_xml ? rule->xml : rule->json, said);
    bool names_it = span_is_present(sending->id_path) &&
                    (!span_is_present(rule->json) || rule->is_count > 0 || !span_equal(sending->id_path, rule->json));
    write_at(&writing, names_it ? sending->id_path : SPAN_NONE, id);
    if (by_xml) {
        out->body = placing_write_xml(&plain, writing.facts, writing.count, arena);
        out->content_type = SPAN("text/xml; charset=utf-8");
    } else if (writing.count > 0) {
        out->body = placing_write_json(&plain, writing.facts, writing.count, arena);
        out->content_type = SPAN("application/json");
    }
    if (span_is_present(rule->starts) || span_is_present(rule->contains))
        out->body = arena_format(arena, "%.*s%.*s", SPAN_ARG(rule->starts), SPAN_ARG(rule->contains));
}

static void answer_token(const struct token_asking *token, struct arena *arena, struct http_response *out)
{
    struct writing writing = {.arena = arena};
    struct shape plain = {.encoding = DOOR_JSON};
    write_at(&writing, token->path, SPAN("token-of-dial"));
    write_at(&writing, token->expires, SPAN("3600"));
    out->content_type = SPAN("application/json");
    out->body = placing_write_json(&plain, writing.facts, writing.count, arena);
}

static void answer_as_told(const struct playing *dial, struct span id, struct arena *arena, struct http_response *out)
{
    struct span values[VALUE_COUNT] = {[VALUE_ID] = id};
    struct buffer body;
    buffer_init(&body, arena, BODY_MAX);
    template_render(&dial->answer, values, &body);
    out->status = dial->status;
    out->content_type = dial->content_type;
    out->body = buffer_span(&body);
}

void handset_answer(const struct channel *channel, const struct handset_sent *sent, struct span id, struct arena *arena,
                    struct http_response *out)
{
    const struct profile *profile = channel->profile;
    const struct sending *sending = profile_sending(profile);
    const struct send_rule *yes = find_yes(sending);
    *out = (struct http_response){.status = 200, .body = SPAN("")};
    if (sent->asked == HANDSET_TOKEN)
        answer_token(&profile->token, arena, out);
    else if (profile->dial.answers)
        answer_as_told(&profile->dial, id, arena, out);
    else if (yes != NULL)
        answer_by_rule(sending, yes, id, arena, out);
}
