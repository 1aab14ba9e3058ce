#include "aggregator/handset.h"
#include "aggregator/language/template_match.h"
#include "aggregator/profile.h"

/* The address as it was called. A template of ours may begin with https: the one who plays the aggregator has no certificate. */
static struct span url_of(const struct http_request *request, const char *scheme, struct arena *arena)
{
    struct span host = http_header(request, SPAN("Host"));
    return arena_format(arena, "%s://%.*s%.*s", scheme, SPAN_ARG(host), SPAN_ARG(request->target));
}

static bool asked_by(const struct asking *asking, const struct http_request *request, struct arena *arena,
                     struct span values[VALUE_COUNT])
{
    struct span in_body[VALUE_COUNT];
    if (!span_equal(asking->method, request->method))
        return false;
    if (!template_match(&asking->url, url_of(request, "http", arena), NULL, arena, values) &&
        !template_match(&asking->url, url_of(request, "https", arena), NULL, arena, values))
        return false;
    if (!template_match(&asking->body, request->body, NULL, arena, in_body))
        return false;
    for (size_t i = 0; i < VALUE_COUNT; i++)
        if (!span_is_present(values[i]))
            values[i] = in_body[i];
    return true;
}

/* Where the gateway said its own id: in the request itself, or in the address for reports. */
static struct span own_id(const struct sending *sending, const struct span values[VALUE_COUNT], struct arena *arena)
{
    struct span in_url[VALUE_COUNT];
    struct span url = values[VALUE_REPORT_URL];
    if (span_is_present(values[VALUE_ID]))
        return values[VALUE_ID];
    if (span_is_present(url) && template_match(&sending->report_url, url, NULL, arena, in_url))
        return in_url[VALUE_ID];
    return SPAN_NONE;
}

static bool uses(const struct asking *asking, enum template_value value)
{
    return template_uses(&asking->url, value) || template_uses(&asking->body, value);
}

static void describe(const struct channel *channel, const struct sending *sending,
                     const struct span values[VALUE_COUNT], struct arena *arena, struct handset_sent *out)
{
    const struct door *reports = &channel->profile->doors[DOOR_REPORT];
    struct span number = values[VALUE_TO_NO_PLUS];
    bool has_url = uses(&sending->asking, VALUE_REPORT_URL);
    out->to = values[VALUE_TO];
    if (!span_is_present(out->to) && span_is_present(number))
        out->to = arena_format(arena, "+%.*s", SPAN_ARG(number));
    out->text = values[VALUE_TEXT];
    out->link = values[VALUE_LINK];
    out->ends = values[VALUE_ENDS].len > 0;
    out->reports = reports->open && (!has_url || values[VALUE_REPORT_URL].len > 0);
    out->id = reports->refers_to_ours ? own_id(sending, values, arena) : SPAN_NONE;
}

enum outcome handset_sent(const struct channel *channel, const struct http_request *request, struct arena *arena,
                          struct handset_sent *out)
{
    const struct profile *profile = channel->profile;
    struct span values[VALUE_COUNT];
    *out = (struct handset_sent){.asked = HANDSET_TOKEN};
    if (profile->token.open && asked_by(&profile->token.asking, request, arena, values))
        return OUTCOME_OK;
    const struct sending *sendings[] = {&profile->push, &profile->send};
    for (int i = 0; i < 2; i++) {
        if (!sendings[i]->open || !asked_by(&sendings[i]->asking, request, arena, values))
            continue;
        describe(channel, sendings[i], values, arena, out);
        out->asked = i == 0 ? HANDSET_PAGE : HANDSET_TEXT;
        return OUTCOME_OK;
    }
    return OUTCOME_REFUSED;
}
