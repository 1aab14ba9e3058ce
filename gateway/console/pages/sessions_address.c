#include "console/pages/sessions_address.h"

#include "console/pages/said.h"

#define VALUE_MAX 64
#define ADDRESS_MAX 1024

/* An empty choice of a form is none. */
static struct span value_of(const struct pair *pairs, size_t count, struct span name)
{
    struct span value = span_trim(form_find(pairs, count, name));
    return value.len > 0 && value.len <= VALUE_MAX ? value : SPAN_NONE;
}

static int64_t id_of(const struct pair *pairs, size_t count, struct span name)
{
    uint64_t id;
    return span_to_u64(value_of(pairs, count, name), &id) && id <= INT64_MAX ? (int64_t)id : 0;
}

void sessions_address_read(const struct pair *pairs, size_t count, struct sessions_address *out)
{
    *out = (struct sessions_address){
        .channel = value_of(pairs, count, SPAN("channel")),
        .lang = value_of(pairs, count, SPAN("lang")),
        .end = value_of(pairs, count, SPAN("end")),
        .node = value_of(pairs, count, SPAN("screen")),
        .from = value_of(pairs, count, SPAN("from")),
        .to = value_of(pairs, count, SPAN("to")),
        .with_request = span_is_present(value_of(pairs, count, SPAN("request"))),
        .person = id_of(pairs, count, SPAN("person")),
        .phone = id_of(pairs, count, SPAN("phone")),
        .below = id_of(pairs, count, SPAN("below")),
        .above = id_of(pairs, count, SPAN("above")),
    };
}

void sessions_address_read_list(struct span list, struct arena *arena, struct sessions_address *out)
{
    struct pair *pairs = NULL;
    size_t count = 0;
    struct error ignored;
    if (form_decode(list, arena, &pairs, &count, &ignored) != OUTCOME_OK)
        count = 0;
    sessions_address_read(pairs, count, out);
}

static void add(struct buffer *text, const char *name, struct span value)
{
    if (!span_is_present(value))
        return;
    buffer_add_format(text, "%s%s=", text->len > 0 ? "&" : "", name);
    form_encode(value, text);
}

static void add_id(struct buffer *text, const char *name, int64_t id)
{
    if (id)
        add(text, name, arena_format(text->arena, "%lld", (long long)id));
}

struct span sessions_address_write(const struct sessions_address *address, struct arena *arena)
{
    struct buffer text;
    buffer_init(&text, arena, ADDRESS_MAX);
    add(&text, "channel", address->channel);
    add(&text, "lang", address->lang);
    add(&text, "end", address->end);
    add(&text, "screen", address->node);
    add(&text, "from", address->from);
    add(&text, "to", address->to);
    add(&text, "request", address->with_request ? SPAN("1") : SPAN_NONE);
    add_id(&text, "person", address->person);
    add_id(&text, "phone", address->phone);
    add_id(&text, "below", address->below);
    add_id(&text, "above", address->above);
    return buffer_failed(&text) ? SPAN_NONE : buffer_span(&text);
}

bool sessions_address_is_filtered(const struct sessions_address *address)
{
    return span_is_present(address->channel) || span_is_present(address->lang) || span_is_present(address->end) ||
           span_is_present(address->node) || span_is_present(address->from) || span_is_present(address->to) ||
           address->with_request || address->person || address->phone;
}

static int cause_named(struct span name)
{
    for (int i = 0; end_cause_words[i]; i++)
        if (span_equal_text(name, end_cause_words[i]))
            return i;
    return -1;
}

const char *sessions_address_filter(const struct sessions_address *address, int zone_minutes,
                                    struct session_filter *out)
{
    *out = (struct session_filter){
        .channel = address->channel,
        .lang = address->lang,
        .node = address->node,
        .cause = cause_named(address->end),
        .person = address->person,
        .phone = address->phone,
        .with_request = address->with_request,
        .below = address->below,
        .above = address->above,
    };
    return said_read_days(address->from, address->to, zone_minutes, &out->from, &out->to);
}
