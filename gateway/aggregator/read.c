#include <string.h>

#include "aggregator/credentials.h"
#include "aggregator/door.h"
#include "aggregator/exchange.h"

#define ID_MAX 200  /* session and message ids: none in the field is longer than 64 */
#define CODE_MAX 64 /* words of a dialect: a status, a reason */

/* One request on its way to becoming an inbound. */
struct reading {
    const struct channel *channel;
    const struct door *door;
    struct door_fields fields;
    struct arena *arena;
    struct rejection *rejection;
};

static bool reject(struct reading *r, enum field field, struct span reason)
{
    *r->rejection = (struct rejection){.status = 400, .field = r->door->fields[field], .reason = reason};
    return false;
}

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
    *out = span_trim(r->fields.at[field]);
    if (out->len == 0)
        return reject(r, field, SPAN("It is missing or empty."));
    if (!is_id(*out))
        return reject(r, field, SPAN("It holds characters that no id has, or is too long."));
    return true;
}

static struct span optional_id(struct reading *r, enum field field)
{
    struct span value = r->fields.at[field];
    value = span_is_present(value) ? span_trim(value) : value;
    return is_id(value) ? value : SPAN_NONE;
}

static struct span optional_text(struct reading *r, enum field field)
{
    struct span text = r->fields.at[field];
    if (span_is_present(text))
        charset_decode(CHARSET_UTF8, text, r->arena, &text);
    return text;
}

static struct span with_plus(struct reading *r, struct span digits)
{
    return arena_format(r->arena, "+%.*s", SPAN_ARG(digits));
}

static bool is_digits(struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return s.len > 0;
}

/* A literal + in a query arrives as a blank. */
static struct span repair_plus(struct reading *r, struct span code)
{
    bool lost = code.len > 1 && code.at[0] == ' ' && is_digits(span_from(code, 1));
    return lost ? with_plus(r, span_from(code, 1)) : code;
}

static bool read_from(struct reading *r, struct phone *out)
{
    struct span raw = r->fields.at[FIELD_FROM];
    if (!span_is_present(raw) || span_trim(raw).len == 0)
        return reject(r, FIELD_FROM, SPAN("It is missing or empty."));
    struct span text;
    if (!charset_decode(CHARSET_UTF8, raw, r->arena, &text))
        return reject(r, FIELD_FROM, SPAN("It is not readable as text."));
    if (r->door->from_format == FROM_DIGITS && is_digits(text) && text.len > 8)
        text = with_plus(r, text);
    if (phone_read(text, &r->channel->numbers, r->arena, out) != OUTCOME_OK)
        return reject(r, FIELD_FROM, SPAN("It is neither a number nor a name of a sender."));
    return true;
}

static enum charset text_charset(const struct reading *r)
{
    struct span named = r->fields.at[FIELD_CHARSET];
    if (span_is_present(named) && named.len > 0)
        return charset_find(span_trim(named));
    struct span coding = r->fields.at[FIELD_CODING];
    if (!span_is_present(coding))
        return r->door->charset;
    return (enum charset)valuemap_find(&r->door->codings, span_trim(coding), (int)r->door->charset);
}

static void read_input(struct reading *r, struct inbound *out)
{
    struct span raw = r->fields.at[FIELD_TEXT];
    out->input = SPAN("");
    if (!span_is_present(raw))
        return;
    out->undecodable = !charset_decode(text_charset(r), raw, r->arena, &out->input);
    if (out->undecodable)
        out->raw = raw;
}

static void read_common(struct reading *r, struct inbound *out)
{
    out->channel = r->channel->index;
    out->to = repair_plus(r, optional_text(r, FIELD_TO));
    out->network = optional_id(r, FIELD_NETWORK);
    out->link = optional_id(r, FIELD_LINK);
    if (span_is_present(r->fields.at[FIELD_DATE]))
        out->at = dates_read(&r->door->dates, r->fields.at[FIELD_DATE]);
}

static bool read_message(struct reading *r, struct inbound *out)
{
    bool ussd = r->channel->kind == CHANNEL_USSD;
    out->kind = ussd ? INBOUND_USSD : INBOUND_SMS;
    out->form = r->door->input;
    out->separator = r->door->separator;
    out->strip_parts = r->door->strip_parts;
    if ((ussd && !read_required_id(r, FIELD_SESSION, &out->session)) || !read_from(r, &out->from))
        return false;
    out->id = optional_id(r, FIELD_ID);
    read_input(r, out);
    bool begins = ussd && r->door->new_if == NEW_TEXT_EMPTY && out->input.len == 0;
    out->event = begins ? INBOUND_NEW : INBOUND_RESUME;
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
    if (out->refers_to_ours && (!is_digits(out->refers_to) || out->refers_to.len > 19))
        return reject(r, FIELD_ID, SPAN("It is none of our ids."));
    struct span status = r->fields.at[FIELD_STATUS]; /* absent in some recorded reports: then nothing is known */
    if (span_is_present(status))
        out->delivery = (enum delivery)valuemap_find(&r->door->statuses, span_trim(status), DELIVERY_NONE);
    out->reason = read_code(r->fields.at[FIELD_REASON]);
    return true;
}

static bool read_notify(struct reading *r, struct inbound *out)
{
    out->kind = INBOUND_NOTIFY;
    out->event = INBOUND_CLOSE;
    out->input = SPAN("");
    if (!read_required_id(r, FIELD_SESSION, &out->session))
        return false;
    if (!read_from(r, &out->from))
        out->from = (struct phone){PHONE_OPAQUE, SPAN("")}; /* the session says whose it was */
    struct span status = r->fields.at[FIELD_STATUS];
    out->cause = END_CLOSED;
    if (span_is_present(status))
        out->cause = (enum end_cause)valuemap_find(&r->door->statuses, span_trim(status), END_CLOSED);
    out->reason = read_code(r->fields.at[FIELD_REASON]);
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
    for (size_t i = 0; i < sizeof whose / sizeof whose[0]; i++)
        if (r->fields.twice[whose[i]])
            return reject(r, whose[i], SPAN("It is given more than once, and differently."));
    return true;
}

static bool find_fields(struct reading *r, const struct http_request *request)
{
    struct error err;
    if (!door_takes_method(r->door, request->method)) {
        *r->rejection = (struct rejection){
            .status = 405, .reason = SPAN("This method is not taken here."), .allow = r->door->allow};
        return false;
    }
    if (door_find_fields(r->door, request, r->arena, &r->fields, &err) == OUTCOME_OK)
        return is_clear_whose(r);
    *r->rejection = (struct rejection){.status = 400,
                                       .field = door_broken_field(r->door, request, r->arena),
                                       .reason = arena_copy(r->arena, span_of(err.text))};
    return false;
}

enum outcome exchange_read(const struct channel *channel, enum exchange_door door, const struct http_request *request,
                           int64_t now, struct arena *arena, struct inbound **list, size_t *count,
                           struct rejection *rejection)
{
    struct reading r = {
        .channel = channel, .door = &channel->profile->doors[door], .arena = arena, .rejection = rejection};
    *list = NULL;
    *count = 0;
    if (!credentials_hold(channel->secrets, request, r.door->binary, now, arena, rejection))
        return OUTCOME_REFUSED;
    struct inbound *message = ARENA_NEW(arena, struct inbound);
    if (!find_fields(&r, request) || !read_by_door(&r, door, message))
        return OUTCOME_REFUSED;
    *rejection = (struct rejection){0};
    *list = message;
    *count = 1;
    return OUTCOME_OK;
}
