#include <inttypes.h>
#include <string.h>

#include "aggregator/credentials.h"
#include "aggregator/exchange.h"
#include "aggregator/profile.h"
#include "text/gsm7.h"

#define PART_MAX 65536

/* Our address for delivery reports with what authenticates them, ending so that "name=value" can follow. Absent where
 * there is no public address, or where a URL cannot carry the credentials. */
static struct span report_door(const struct channel *channel, struct arena *arena)
{
    const struct credentials *c = channel->secrets;
    if (channel->public_url.len == 0 || !channel->profile->doors[DOOR_REPORT].open)
        return SPAN_NONE;
    struct span url = arena_format(arena, "%.*s/dlr/%.*s", SPAN_ARG(channel->public_url), SPAN_ARG(channel->id));
    switch (c->kind) {
    case CREDENTIAL_PATH:
        return arena_format(arena, "%.*s/%.*s?", SPAN_ARG(url), SPAN_ARG(c->secret));
    case CREDENTIAL_FIELD:
        return arena_format(arena, "%.*s?%.*s=%.*s&", SPAN_ARG(url), SPAN_ARG(c->name), SPAN_ARG(c->secret));
    case CREDENTIAL_SIGNATURE:
    case CREDENTIAL_NETWORKS:
    case CREDENTIAL_TRUSTED:
        return arena_format(arena, "%.*s?", SPAN_ARG(url));
    case CREDENTIAL_BASIC:
    case CREDENTIAL_HEADER:
        break;
    }
    return SPAN_NONE;
}

static struct span render(const struct template *t, const struct span values[VALUE_COUNT], struct arena *arena,
                          bool *failed)
{
    struct buffer out;
    buffer_init(&out, arena, PART_MAX);
    template_render(t, values, &out);
    *failed = *failed || buffer_failed(&out);
    return buffer_span(&out);
}

static void fill_values(const struct channel *channel, const struct outbox_row *row, struct span token,
                        struct arena *arena, struct span values[VALUE_COUNT])
{
    size_t septets;
    bool failed = false;
    (void)token;
    values[VALUE_TEXT] = row->text;
    values[VALUE_TO] = row->to;
    values[VALUE_TO_NO_PLUS] = span_from(row->to, 1);
    values[VALUE_FROM] = span_is_present(row->from) ? row->from : channel->code;
    values[VALUE_ID] = arena_format(arena, "%" PRId64, row->id);
    values[VALUE_LINK] = row->link;
    values[VALUE_CHANNEL] = channel->id;
    values[VALUE_PUBLIC_URL] = channel->public_url;
    values[VALUE_UNICODE] = gsm7_measure(row->text, &septets) ? SPAN_NONE : SPAN("1");
    values[VALUE_REPORT_DOOR] = report_door(channel, arena);
    if (span_is_present(values[VALUE_REPORT_DOOR]))
        values[VALUE_REPORT_URL] = render(&channel->profile->send.report_url, values, arena, &failed);
}

/* "+8801712345678", or a national form that no rule of its channel resolved, "0711082123" (text/phone.h). */
static bool is_number(struct span to)
{
    bool plus = to.len > 0 && to.at[0] == '+';
    struct span digits = span_from(to, plus);
    for (size_t i = 0; i < digits.len; i++)
        if (digits.at[i] < '0' || digits.at[i] > '9')
            return false;
    return digits.len >= 7 && digits.len <= 15 && (plus || digits.at[0] == '0');
}

static bool has_control(struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] < ' ')
            return true;
    return false;
}

static struct pair *render_headers(const struct sending *send, const struct span values[VALUE_COUNT],
                                   struct arena *arena, bool *failed)
{
    struct pair *headers = ARENA_ARRAY(arena, struct pair, send->header_count + 1);
    for (size_t i = 0; i < send->header_count; i++) {
        headers[i].name = send->headers[i].name;
        headers[i].value = render(&send->headers[i].value, values, arena, failed);
        *failed = *failed || has_control(headers[i].value); /* a line break would begin another header */
    }
    return headers;
}

enum outcome exchange_build_send(const struct channel *channel, const struct outbox_row *row, struct span token,
                                 struct arena *arena, struct send_job *job, struct error *err)
{
    const struct sending *send = &channel->profile->send;
    bool failed = false;
    if (!send->open)
        return error_set(err, OUTCOME_REFUSED, "channel %.*s sends no texts", SPAN_ARG(channel->id));
    if (!is_number(row->to))
        return error_set(err, OUTCOME_REFUSED, "the receiver is not a number");
    if (row->text.len == 0)
        return error_set(err, OUTCOME_REFUSED, "the text is empty");
    struct span values[VALUE_COUNT] = {0};
    fill_values(channel, row, token, arena, values);
    *job = (struct send_job){
        .id = row->id,
        .method = send->method,
        .url = render(&send->url, values, arena, &failed),
        .body = render(&send->body, values, arena, &failed),
        .headers = render_headers(send, values, arena, &failed),
        .header_count = send->header_count,
    };
    if (failed || has_control(job->url))
        return error_set(err, OUTCOME_REFUSED, "the text does not fit the request of channel %.*s",
                         SPAN_ARG(channel->id));
    return OUTCOME_OK;
}
