#include "aggregator/exchange.h"
#include "base/clock.h"
#include "core/tick/arrival.h"

static const struct pair retry = {{"Retry-After", 11}, {"1", 1}};
static const struct http_response come_again = {.status = 503, .headers = &retry, .header_count = 1};

void respond_with(struct tick *tick, struct arrival *arrival, const struct http_response *response)
{
    arrival->is_answered = true;
    if (!arrival->parked)
        return;
    int64_t took = clock_monotonic_us() - arrival->taken_us;
    histogram_add(&tick->parts.metrics->answer_us, took);
    if (arrival->channel)
        histogram_add(&channel_stats_of(tick->parts.stats, arrival->channel->id)->answer_us, took);
    listener_answer(tick->listener, arrival->parked, response);
}

void respond_full(struct tick *tick, struct parked *parked)
{
    metrics_count_error(tick->parts.metrics, METRIC_ERROR_FULL);
    listener_answer(tick->listener, parked, &come_again);
}

void respond_kept(struct tick *tick, struct arrival *arrival)
{
    static const struct reply acknowledgement;
    bool is_talk = arrival->count == 1 || (arrival->count && arrival->list[0].kind == INBOUND_USSD);
    const struct reply *reply = is_talk ? &arrival->messages[0].reply : &acknowledgement;
    struct http_response response;
    exchange_reply(arrival->channel, arrival->count ? &arrival->list[0] : NULL, reply, tick->arena, &response);
    respond_with(tick, arrival, &response);
}

/* Somebody who sees what we answer now, and nothing after it. */
static bool is_on_the_line(const struct arrival *arrival)
{
    const struct inbound *first = arrival->list;
    return arrival->count && first->kind == INBOUND_USSD && first->event != INBOUND_CLOSE &&
           first->event != INBOUND_ASK && !arrival->channel->pushes;
}

void respond_lost(struct tick *tick, struct arrival *arrival)
{
    if (!is_on_the_line(arrival)) {
        respond_with(tick, arrival, &come_again);
        return;
    }
    const struct service *service = tick->catalogue->service_of[arrival->channel->index];
    struct reply reply = {.text = service_safety_page(service, arrival->messages[0].lang), .ends = true};
    struct http_response response;
    exchange_reply(arrival->channel, &arrival->list[0], &reply, tick->arena, &response);
    respond_with(tick, arrival, &response);
}
