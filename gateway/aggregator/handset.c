#include "aggregator/handset.h"

#include "aggregator/credentials.h"
#include "aggregator/profile.h"

#define REQUEST_MAX 65536

struct span handset_type(const struct channel *channel, struct span so_far, unsigned answers, struct span typed,
                         struct arena *arena)
{
    const struct door *door = &channel->profile->doors[DOOR_IN];
    if (door->own.input != DOOR_CUMULATIVE || answers == 0)
        return typed;
    return arena_format(arena, "%.*s%c%.*s", SPAN_ARG(so_far), door->own.separator, SPAN_ARG(typed));
}

static void add_field(struct buffer *out, struct span name, struct span value)
{
    if (!span_is_present(name) || !span_is_present(value))
        return;
    if (buffer_span(out).len > 0)
        buffer_add_char(out, '&');
    form_encode(name, out);
    buffer_add_char(out, '=');
    form_encode(value, out);
}

static struct span encode_fields(const struct channel *channel, const struct handset *handset, struct arena *arena)
{
    const struct profile *profile = channel->profile;
    const struct source_choice *fields = profile->doors[DOOR_IN].own.fields;
    const struct credentials *credentials = channel->secrets;
    struct buffer out;
    buffer_init(&out, arena, REQUEST_MAX);
    if (credentials->kind == CREDENTIAL_FIELD)
        add_field(&out, credentials->name, credentials->secret);
    add_field(&out, source_choice_name(fields[FIELD_SESSION]), handset->session);
    add_field(&out, source_choice_name(fields[FIELD_FROM]), handset->from);
    add_field(&out, source_choice_name(fields[FIELD_TO]), handset->to);
    add_field(&out, source_choice_name(fields[FIELD_ID]), handset->id);
    for (size_t i = 0; i < profile->dial_extra_count; i++)
        add_field(&out, profile->dial_extra[i].name, profile->dial_extra[i].value);
    add_field(&out, source_choice_name(fields[FIELD_TEXT]), handset->text);
    return buffer_span(&out);
}

static struct span path_of(const struct channel *channel, struct arena *arena)
{
    const struct credentials *credentials = channel->secrets;
    if (credentials->kind != CREDENTIAL_PATH)
        return arena_format(arena, "/in/%.*s", SPAN_ARG(channel->id));
    return arena_format(arena, "/in/%.*s/%.*s", SPAN_ARG(channel->id), SPAN_ARG(credentials->secret));
}

static void add_headers(const struct channel *channel, bool has_body, struct arena *arena, struct http_request *out)
{
    const struct credentials *credentials = channel->secrets;
    struct pair *headers = ARENA_ARRAY(arena, struct pair, 2);
    if (has_body)
        headers[out->header_count++] = (struct pair){SPAN("Content-Type"), SPAN("application/x-www-form-urlencoded")};
    if (credentials->kind == CREDENTIAL_BASIC || credentials->kind == CREDENTIAL_HEADER)
        headers[out->header_count++] = (struct pair){credentials->name, credentials->secret};
    out->headers = headers;
}

void handset_request(const struct channel *channel, const struct handset *handset, struct arena *arena,
                     struct http_request *out)
{
    const struct door *door = &channel->profile->doors[DOOR_IN];
    bool gets = (door->methods & (METHOD_POST | METHOD_PUT)) == 0;
    struct span writes = (door->methods & METHOD_POST) != 0 ? SPAN("POST") : SPAN("PUT");
    bool in_query = gets || door->own.encoding == DOOR_QUERY;
    struct span fields = encode_fields(channel, handset, arena);
    *out = (struct http_request){.method = gets ? SPAN("GET") : writes, .path = path_of(channel, arena)};
    out->target = out->path;
    if (in_query) {
        out->query = fields;
        out->target = arena_format(arena, "%.*s?%.*s", SPAN_ARG(out->path), SPAN_ARG(fields));
    }
    out->body = in_query ? SPAN("") : fields;
    add_headers(channel, !in_query, arena, out);
}

enum outcome handset_screen(const struct channel *channel, struct span body, struct span *screen, bool *ends)
{
    const struct profile *profile = channel->profile;
    *ends = false;
    if (template_match_text(&profile->reply.go_on, body, screen))
        return OUTCOME_OK;
    *ends = true;
    return template_match_text(&profile->reply.end, body, screen) ? OUTCOME_OK : OUTCOME_REFUSED;
}
