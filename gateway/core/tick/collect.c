#include "aggregator/exchange.h"
#include "base/log.h"
#include "core/tick/arrival.h"
#include "core/tick/sample.h"

static void reject(struct tick *tick, struct arrival *arrival, const struct rejection *rejection)
{
    struct http_response response;
    bool unauthentic = rejection->status == 401 || rejection->status == 403;
    metrics_count_error(tick->parts.metrics, unauthentic ? METRIC_ERROR_AUTH : METRIC_ERROR_UNREADABLE);
    const struct channel_failure failure = {rejection->field, rejection->reason,
                                            sample_of(arrival->channel, arrival->request, tick->arena), unauthentic};
    channel_stats_failed(channel_stats_of(tick->parts.stats, arrival->channel->id), tick->now, &failure);
    log_event(LOG_LEVEL_NOTICE, "webhook", "rejected", "channel=%.*s status=%u field=%.*s",
              SPAN_ARG(arrival->channel->id), rejection->status, SPAN_ARG(rejection->field));
    exchange_reject(arrival->channel, rejection, tick->arena, &response);
    respond_with(tick, arrival, &response);
}

void collect_arrival(struct tick *tick, struct arrival *arrival, unsigned *next_index)
{
    enum exchange_door door;
    struct exchange_received received;
    if (exchange_route(tick->catalogue->config->channels, arrival->request->path, &door, &arrival->channel) !=
        OUTCOME_OK) { /* a reload took the channel away in between */
        arrival->channel = NULL;
        respond_with(tick, arrival, &(struct http_response){.status = 404});
        return;
    }
    if (exchange_read(arrival->channel, door, arrival->request, tick->now, tick->arena, &received) != OUTCOME_OK) {
        reject(tick, arrival, &received.rejection);
        return;
    }
    arrival->list = received.list;
    arrival->count = received.count;
    channel_stats_received(channel_stats_of(tick->parts.stats, arrival->channel->id), tick->now);
    arrival->messages = ARENA_ARRAY(tick->arena, struct message, arrival->count ? arrival->count : 1);
    for (size_t i = 0; i < arrival->count; i++) {
        struct message *message = &arrival->messages[i];
        message->inbound = &arrival->list[i];
        message->channel = arrival->channel;
        message->index = (*next_index)++;
        message->is_alone = arrival->count == 1;
        identity_of(tick->parts.keyring, arrival->channel, message->inbound, &message->identity);
    }
}
