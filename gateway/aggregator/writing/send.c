#include <inttypes.h>

#include "aggregator/access/credentials.h"
#include "aggregator/exchange.h"
#include "aggregator/profile.h"
#include "text/gsm7.h"

#define ADDRESS_BYTES_MAX 200

/* Our address for delivery reports with what authenticates them, ending so that "name=value" can follow. Absent where
 * there is no public address, or where a URL cannot carry the credentials. */
static struct span report_door(const struct channel *channel, struct arena *arena)
{
    const struct credentials *c = channel->secrets;
    bool sayable = c->kind != CREDENTIAL_BASIC && c->kind != CREDENTIAL_HEADER;
    if (channel->public_url.len == 0 || !channel->profile->doors[DOOR_REPORT].open || !sayable)
        return SPAN_NONE;
    struct buffer url;
    buffer_init(&url, arena, 4096);
    buffer_add_format(&url, "%.*s/dlr/%.*s", SPAN_ARG(channel->public_url), SPAN_ARG(channel->id));
    if (c->kind == CREDENTIAL_PATH)
        buffer_add_format(&url, "/%.*s", SPAN_ARG(c->secret));
    buffer_add_char(&url, '?');
    if (c->kind == CREDENTIAL_FIELD) {
        form_encode(c->name, &url);
        buffer_add_format(&url, "=%.*s&", SPAN_ARG(c->secret));
    }
    return buffer_failed(&url) ? SPAN_NONE : buffer_span(&url);
}

static struct span report_url(const struct sending *send, const struct span values[VALUE_COUNT], struct arena *arena)
{
    struct buffer url;
    buffer_init(&url, arena, 4096);
    template_render(&send->report_url, values, &url);
    return buffer_failed(&url) ? SPAN_NONE : buffer_span(&url);
}

static void fill_values(const struct channel *channel, const struct outbox_row *row, struct span token,
                        struct arena *arena, struct span values[VALUE_COUNT])
{
    size_t septets;
    values[VALUE_TEXT] = row->text;
    values[VALUE_TO] = row->to;
    values[VALUE_TO_NO_PLUS] = span_from(row->to, span_starts_with(row->to, SPAN("+")) ? 1 : 0);
    values[VALUE_FROM] = span_is_present(row->from) ? row->from : channel->code;
    values[VALUE_ID] = arena_format(arena, "%" PRId64, row->id);
    values[VALUE_LINK] = row->link;
    values[VALUE_CHANNEL] = channel->id;
    values[VALUE_PUBLIC_URL] = channel->public_url;
    values[VALUE_UNICODE] = gsm7_measure(row->text, &septets) ? SPAN_NONE : SPAN("1");
    values[VALUE_ENDS] = row->kind == OUTBOX_PUSH_END ? SPAN("1") : SPAN_NONE;
    values[VALUE_TOKEN] = token;
    values[VALUE_REPORT_DOOR] = report_door(channel, arena);
    if (span_is_present(values[VALUE_REPORT_DOOR]))
        values[VALUE_REPORT_URL] = report_url(profile_sending(channel->profile), values, arena);
}

/* "+8801712345678", or a national form that no rule of its channel resolved, "0711082123" (text/phone.h). */
static bool is_number(struct span to)
{
    bool plus = to.len > 0 && to.at[0] == '+';
    struct span digits = span_from(to, plus);
    bool fits = span_is_digits(digits) && digits.len >= 7 && digits.len <= 15;
    return fits && (plus || digits.at[0] == '0');
}

/* A page goes back to whoever asked for it, named as the aggregator named them: a number, a token. */
static bool is_address(struct span to)
{
    return to.len > 0 && to.len <= ADDRESS_BYTES_MAX && !headers_template_breaks_line(to);
}

static enum outcome check_row(const struct channel *channel, const struct outbox_row *row, struct span token,
                              struct error *err)
{
    const struct profile *profile = channel->profile;
    bool pushes = row->kind != OUTBOX_TEXT;
    if (pushes && !profile->push.open)
        return error_set(err, OUTCOME_REFUSED, "channel %.*s pushes no pages", SPAN_ARG(channel->id));
    if (!pushes && !profile->send.open)
        return error_set(err, OUTCOME_REFUSED, "channel %.*s sends no texts", SPAN_ARG(channel->id));
    if (pushes ? !is_address(row->to) : !is_number(row->to))
        return error_set(err, OUTCOME_REFUSED, "the receiver is not a number");
    if (row->text.len == 0)
        return error_set(err, OUTCOME_REFUSED, "the text is empty");
    if (token.len == 0 && asking_uses(&profile_sending(profile)->asking, VALUE_TOKEN))
        return error_set(err, OUTCOME_REFUSED, "channel %.*s needs a token first", SPAN_ARG(channel->id));
    return OUTCOME_OK;
}

enum outcome exchange_build_send(const struct channel *channel, const struct outbox_row *row, struct span token,
                                 struct arena *arena, struct send_job *job, struct error *err)
{
    enum outcome outcome = check_row(channel, row, token, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct span values[VALUE_COUNT] = {0};
    fill_values(channel, row, token, arena, values);
    *job = (struct send_job){.id = row->id};
    if (!asking_render(&profile_sending(channel->profile)->asking, values, arena, job))
        return error_set(err, OUTCOME_REFUSED, "the text does not fit the request of channel %.*s",
                         SPAN_ARG(channel->id));
    return OUTCOME_OK;
}
