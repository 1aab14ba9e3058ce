#include "aggregator/access/credentials.h"
#include "aggregator/reading/parts.h"
#include "aggregator/reading/reading.h"

#define ID_MAX 200       /* session and message ids: none in the field is longer than 64 */
#define CODE_MAX 64      /* words of a dialect: a status, a reason */
#define MESSAGES_MAX 512 /* in one request; none in the field sends more than 100 */

/* An id that people or machines will compare: printable, whole, of a length that was ever seen. */
static bool is_id(struct span value)
{
    if (value.len == 0 || value.len > ID_MAX)
        return false;
    for (size_t i = 0; i < value.len; i++)
        if ((unsigned char)value.at[i] <= ' ' || (unsigned char)value.at[i] >= 0x7F)
            return false;
    return true;
}

static bool read_required_id(struct reading *r, enum field field, struct span *out)
{
    *out = span_trim(reading_field(r, field));
    if (out->len == 0)
        return reading_reject(r, field, SPAN("It is missing or empty."));
    if (!is_id(*out))
        return reading_reject(r, field, SPAN("It holds characters that no id has, or is too long."));
    return true;
}

static struct span optional_id(struct reading *r, enum field field)
{
    struct span value = span_trim(reading_field(r, field));
    return is_id(value) ? value : SPAN_NONE;
}

static void read_common(struct reading *r, struct inbound *out)
{
    struct span date = reading_field(r, FIELD_DATE);
    out->channel = r->channel->index;
    out->to = read_to(r);
    out->network = optional_id(r, FIELD_NETWORK);
    out->link = optional_id(r, FIELD_LINK);
    if (span_is_present(date))
        out->at = dates_read(&r->shape->dates, date);
}

/* The profile's own list of what its templates repeat; absent ones too, so that an index means the same everywhere. */
static const struct span *read_echoes(struct reading *r)
{
    const struct source_list *list = &r->channel->profile->echoes;
    struct span *echoes = list->count > 0 ? ARENA_ARRAY(r->arena, struct span, list->count) : NULL;
    for (size_t i = 0; i < list->count; i++)
        echoes[i] = facts_find(r->facts, &list->at[i]);
    return echoes;
}

/* An answer in a session of which only the first request names the caller, or its end: the session says whose it is. */
static bool may_be_nameless(const struct reading *r, const struct inbound *message)
{
    bool later = message->event == INBOUND_CLOSE || message->event == INBOUND_ASK;
    return message->kind == INBOUND_USSD && (later || (r->shape->from_first_only && message->event == INBOUND_RESUME));
}

static bool read_sender(struct reading *r, struct inbound *out)
{
    if (may_be_nameless(r, out) && span_trim(reading_field(r, FIELD_FROM)).len == 0) {
        out->from = (struct phone){PHONE_OPAQUE, SPAN_NONE};
        return true;
    }
    return read_from(r, out);
}

static bool read_message(struct reading *r, struct inbound *out)
{
    bool ussd = r->channel->kind == CHANNEL_USSD;
    out->kind = ussd ? INBOUND_USSD : INBOUND_SMS;
    out->event = INBOUND_RESUME;
    read_text(r, out);
    if (ussd)
        read_session(r, out);
    if ((ussd && !read_required_id(r, FIELD_SESSION, &out->session)) || !read_sender(r, out))
        return false;
    out->id = optional_id(r, FIELD_ID);
    out->echoes = read_echoes(r);
    out->object = facts_object(r->facts);
    if (!ussd)
        parts_read(r->shape, r->facts, r->arena, out);
    return true;
}

/* The aggregator's word for what went wrong is kept when it is a word; prose could hold anything. */
static struct span read_code(struct span text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        bool fits = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
                    c == '-' || c == '.';
        if (!fits)
            return SPAN_NONE;
    }
    return text.len == 0 || text.len > CODE_MAX ? SPAN_NONE : text;
}

static bool read_report(struct reading *r, struct inbound *out)
{
    out->kind = INBOUND_REPORT;
    out->event = INBOUND_RESUME;
    if (!read_required_id(r, FIELD_ID, &out->refers_to))
        return false;
    out->refers_to_ours = r->door->refers_to_ours;
    if (out->refers_to_ours && (!span_is_digits(out->refers_to) || out->refers_to.len > 19))
        return reading_reject(r, FIELD_ID, SPAN("It is none of our ids."));
    struct span status = reading_field(r, FIELD_STATUS); /* absent in some recorded reports: then nothing is known */
    if (span_is_present(status))
        out->delivery = (enum delivery)valuemap_find(&r->shape->statuses, span_trim(status), DELIVERY_NONE);
    out->reason = read_code(reading_field(r, FIELD_REASON));
    return true;
}

static bool read_notify(struct reading *r, struct inbound *out)
{
    out->kind = INBOUND_NOTIFY;
    out->event = INBOUND_CLOSE;
    out->input = SPAN("");
    if (!read_required_id(r, FIELD_SESSION, &out->session))
        return false;
    if (!read_from(r, out))
        out->from = (struct phone){PHONE_OPAQUE, SPAN("")}; /* the session says whose it was */
    struct span status = reading_field(r, FIELD_STATUS);
    out->cause = END_CLOSED;
    if (span_is_present(status))
        out->cause = (enum end_cause)valuemap_find(&r->shape->statuses, span_trim(status), END_CLOSED);
    out->reason = read_code(reading_field(r, FIELD_REASON));
    return true;
}

static bool read_by_door(struct reading *r, enum exchange_door door, struct inbound *out)
{
    read_common(r, out);
    switch (door) {
    case DOOR_REPORT:
        return read_report(r, out);
    case DOOR_NOTIFY:
        return read_notify(r, out);
    case DOOR_IN:
        break;
    }
    return read_message(r, out);
}

/* Two senders or two sessions in one request: whose is it? */
static bool is_clear_whose(struct reading *r)
{
    static const enum field whose[] = {FIELD_SESSION, FIELD_FROM, FIELD_ID};
    for (size_t i = 0; i < sizeof whose / sizeof whose[0]; i++) {
        struct source_choice choice = r->shape->fields[whose[i]];
        for (size_t j = 0; j < choice.count; j++)
            if (facts_is_ambiguous(r->facts, &choice.at[j]))
                return reading_reject(r, whose[i], SPAN("It is given more than once, and differently."));
    }
    return true;
}

static bool decode(struct reading *r, const struct http_request *request)
{
    struct error err;
    if (!door_takes_method(r->door, request->method)) {
        *r->rejection = (struct rejection){
            .status = 405, .reason = SPAN("This method is not taken here."), .allow = r->door->allow};
        return false;
    }
    if (facts_decode(r->facts, &err) == OUTCOME_OK)
        return is_clear_whose(r);
    *r->rejection = (struct rejection){
        .status = 400, .field = facts_broken_field(r->facts), .reason = arena_copy(r->arena, span_of(err.text))};
    return false;
}

/* One of several that nobody can be found for: it is kept as it came, for a person to look at. */
static void keep_unreadable(struct reading *r, struct inbound *out)
{
    *out = (struct inbound){.kind = INBOUND_UNREADABLE,
                            .event = INBOUND_RESUME,
                            .channel = r->channel->index,
                            .input = SPAN(""),
                            .undecodable = true,
                            .raw = facts_raw(r->facts)};
}

/* All that a request holds. What cannot be attributed is kept beside what can; only a request with nothing else is refused, for
 * the reason of its first message. */
static bool read_all(struct reading *r, enum exchange_door door, struct inbound **list, size_t *count)
{
    struct rejection first = {0}, *rejection = r->rejection;
    size_t total, unreadable = 0;
    if (!facts_count(r->facts, &total) || total > MESSAGES_MAX) {
        *rejection = (struct rejection){.status = total > MESSAGES_MAX ? 413 : 400,
                                        .field = r->shape->items_name,
                                        .reason = total > MESSAGES_MAX ? SPAN("It holds too many messages.")
                                                                       : SPAN("It is no list.")};
        return false;
    }
    *list = ARENA_ARRAY(r->arena, struct inbound, total + 1);
    for (size_t i = 0; i < total; i++) {
        facts_turn_to(r->facts, i);
        if (read_by_door(r, door, &(*list)[i]))
            continue;
        if (unreadable++ == 0)
            first = *rejection;
        keep_unreadable(r, &(*list)[i]);
    }
    *count = total;
    *rejection = first;
    return total == 0 || unreadable < total;
}

/* The aggregator tries the address when it is entered at its site. There is nothing to store, and nothing that could be signed. */
static bool is_setup_call(const struct reading *r, const struct http_request *request)
{
    struct span body = span_trim(request->body);
    bool empty = request->query.len == 0 && (body.len == 0 || span_equal(body, SPAN("{}")));
    return r->door->setup_call && empty && door_takes_method(r->door, request->method) &&
           credentials_may_hold(r->channel->secrets, request);
}

enum outcome exchange_read(const struct channel *channel, enum exchange_door door, const struct http_request *request,
                           int64_t now, struct arena *arena, struct exchange_received *out)
{
    struct rejection *rejection = &out->rejection;
    struct reading r = {
        .channel = channel, .door = &channel->profile->doors[door], .arena = arena, .rejection = rejection};
    *out = (struct exchange_received){0};
    if (is_setup_call(&r, request))
        return OUTCOME_OK;
    r.shape = door_shape_of(r.door, request);
    unsigned own_segments = credentials_own_segments(channel->secrets);
    r.facts = facts_open(request, r.shape, channel->public_url, own_segments, arena);
    bool holds = credentials_hold(channel->secrets, request, r.shape, r.facts, now, arena, rejection) &&
                 decode(&r, request) && read_all(&r, door, &out->list, &out->count);
    facts_close(r.facts);
    if (!holds) {
        out->list = NULL;
        out->count = 0;
        return OUTCOME_REFUSED;
    }
    *rejection = (struct rejection){0};
    return OUTCOME_OK;
}
