#include "core/tick.h"

#include <stdlib.h>
#include <string.h>
#include "aggregator/exchange.h"
#include "base/clock.h"
#include "base/log.h"
#include "core/conversation.h"
#include "core/stray.h"

#define ARENA_CHUNK (4u << 20)

/* One HTTP request that waits for its answer. */
struct arrival {
    struct parked *parked;
    const struct http_request *request;
    int64_t taken_us;
    const struct channel *channel; /* set by collect, valid within the tick */
    struct inbound *list;
    size_t count;
    struct message *messages; /* one an inbound */
    bool is_answered;
};

struct tick {
    struct tick_parts parts;
    struct listener *listener;
    const struct catalogue *catalogue;
    struct id_source ids;
    struct arena *arena;
    int64_t now;             /* one a tick, never going backwards */
    bool is_cut_off;         /* the store could not be opened anew yet */
    struct arrival *waiting; /* ring of parts.max_parked */
    size_t first, count;
};

struct tick *tick_create(const struct tick_parts *parts, int64_t last_id)
{
    struct tick *tick = calloc(1, sizeof *tick);
    struct arrival *waiting = calloc(parts->max_parked, sizeof *waiting);
    if (!tick || !waiting)
        abort();
    tick->parts = *parts;
    tick->ids.last = last_id;
    tick->arena = arena_create(ARENA_CHUNK);
    tick->waiting = waiting;
    return tick;
}

void tick_free(struct tick *tick)
{
    if (!tick)
        return;
    arena_destroy(tick->arena);
    free(tick->waiting);
    free(tick);
}

void tick_use_listener(struct tick *tick, struct listener *listener)
{
    tick->listener = listener;
}

void tick_use_catalogue(struct tick *tick, const struct catalogue *catalogue)
{
    tick->catalogue = catalogue;
}

size_t tick_waiting(const struct tick *tick)
{
    return tick->count;
}

static void count_error(struct tick *tick, enum metric_error kind)
{
    atomic_fetch_add_explicit(&tick->parts.metrics->errors[kind], 1, memory_order_relaxed);
}

/* ---- the listener's hooks ---- */

unsigned tick_admit(void *context, const struct http_request *head, size_t *max_body)
{
    struct tick *tick = context;
    enum exchange_door door;
    const struct channel *channel;
    if (exchange_route(tick->catalogue->config->channels, head->path, &door, &channel) != OUTCOME_OK)
        return 404;
    if (tick->count >= tick->parts.max_parked) {
        count_error(tick, METRIC_ERROR_FULL);
        return 503;
    }
    if (channel->max_body < *max_body)
        *max_body = channel->max_body;
    return 0;
}

void tick_take(void *context, struct parked *parked, const struct http_request *request)
{
    struct tick *tick = context;
    if (tick->count >= tick->parts.max_parked) { /* admitted when there was still room, by its head */
        count_error(tick, METRIC_ERROR_FULL);
        static const struct pair retry = {{"Retry-After", 11}, {"1", 1}};
        listener_answer(tick->listener, parked,
                        &(struct http_response){.status = 503, .headers = &retry, .header_count = 1});
        return;
    }
    struct arrival *arrival = &tick->waiting[(tick->first + tick->count++) % tick->parts.max_parked];
    *arrival = (struct arrival){.parked = parked, .request = request, .taken_us = clock_monotonic_us()};
}

/* ---- answer ---- */

static void send_response(struct tick *tick, struct arrival *arrival, const struct http_response *response)
{
    int64_t took = clock_monotonic_us() - arrival->taken_us;
    histogram_add(&tick->parts.metrics->answer_us, took);
    if (arrival->channel)
        histogram_add(&channel_stats_of(tick->parts.stats, arrival->channel->id)->answer_us, took);
    listener_answer(tick->listener, arrival->parked, response);
    arrival->is_answered = true;
}

static void answer_unavailable(struct tick *tick, struct arrival *arrival)
{
    static const struct pair retry = {{"Retry-After", 11}, {"1", 1}};
    send_response(tick, arrival, &(struct http_response){.status = 503, .headers = &retry, .header_count = 1});
}

static void answer_kept(struct tick *tick, struct arrival *arrival)
{
    static const struct reply acknowledgement;
    const struct reply *reply = arrival->count ? &arrival->messages[0].reply : &acknowledgement;
    struct http_response response;
    exchange_reply(arrival->channel, arrival->count ? &arrival->list[0] : NULL, reply, tick->arena, &response);
    send_response(tick, arrival, &response);
}

/* Nothing could be saved. A person on the line gets the emergency numbers, a machine is asked to come again. */
static void answer_lost(struct tick *tick, struct arrival *arrival)
{
    if (!arrival->count || arrival->list[0].kind != INBOUND_USSD || arrival->list[0].event == INBOUND_CLOSE) {
        answer_unavailable(tick, arrival);
        return;
    }
    const struct service *service = tick->catalogue->service_of[arrival->channel->index];
    struct reply reply = {.text = service_safety_page(service, arrival->messages[0].lang), .ends = true};
    struct http_response response;
    exchange_reply(arrival->channel, &arrival->list[0], &reply, tick->arena, &response);
    send_response(tick, arrival, &response);
}

/* ---- collect ---- */

static void reject(struct tick *tick, struct arrival *arrival, const struct rejection *rejection)
{
    struct http_response response;
    bool unauthentic = rejection->status == 401 || rejection->status == 403;
    count_error(tick, unauthentic ? METRIC_ERROR_AUTH : METRIC_ERROR_UNREADABLE);
    channel_stats_failed(channel_stats_of(tick->parts.stats, arrival->channel->id), tick->now, rejection->field,
                         rejection->reason);
    log_event(LOG_LEVEL_NOTICE, "webhook", "rejected", "channel=%.*s status=%u field=%.*s",
              SPAN_ARG(arrival->channel->id), rejection->status, SPAN_ARG(rejection->field));
    exchange_reject(arrival->channel, rejection, tick->arena, &response);
    send_response(tick, arrival, &response);
}

static void collect_one(struct tick *tick, struct arrival *arrival, unsigned *next_index)
{
    enum exchange_door door;
    struct rejection rejection = {0};
    if (exchange_route(tick->catalogue->config->channels, arrival->request->path, &door, &arrival->channel) !=
        OUTCOME_OK) { /* a reload took the channel away in between */
        arrival->channel = NULL;
        send_response(tick, arrival, &(struct http_response){.status = 404});
        return;
    }
    if (exchange_read(arrival->channel, door, arrival->request, tick->arena, &arrival->list, &arrival->count,
                      &rejection) != OUTCOME_OK) {
        reject(tick, arrival, &rejection);
        return;
    }
    channel_stats_received(channel_stats_of(tick->parts.stats, arrival->channel->id), tick->now);
    arrival->messages = ARENA_ARRAY(tick->arena, struct message, arrival->count ? arrival->count : 1);
    for (size_t i = 0; i < arrival->count; i++) {
        struct message *message = &arrival->messages[i];
        message->inbound = &arrival->list[i];
        message->channel = arrival->channel;
        message->index = (*next_index)++;
        identity_of(tick->parts.keyring, arrival->channel, message->inbound, &message->identity);
    }
}

/* ---- one transaction over some of the arrivals ---- */

struct batch {
    struct arrival *arrivals; /* those already answered are passed over */
    size_t count;
    struct change_list changes;
    struct conversation conversation;
    struct error error;
};

static bool is_talk(const struct message *message)
{
    return message->inbound->kind != INBOUND_REPORT;
}

static size_t gather(const struct batch *batch, struct message **messages)
{
    size_t count = 0;
    for (size_t i = 0; i < batch->count; i++)
        for (size_t k = 0; !batch->arrivals[i].is_answered && k < batch->arrivals[i].count; k++)
            messages[count++] = &batch->arrivals[i].messages[k];
    return count;
}

static size_t count_messages(const struct batch *batch)
{
    size_t count = 0;
    for (size_t i = 0; i < batch->count; i++)
        count += batch->arrivals[i].is_answered ? 0 : batch->arrivals[i].count;
    return count;
}

static enum outcome load_batch(struct tick *tick, struct batch *batch, struct message **messages, size_t count)
{
    struct store_wanted *wanted = ARENA_ARRAY(tick->arena, struct store_wanted, count);
    struct store_found *found = ARENA_ARRAY(tick->arena, struct store_found, count);
    for (size_t i = 0; i < count; i++) {
        const struct identity *identity = &messages[i]->identity;
        if (!is_talk(messages[i]))
            continue;
        wanted[i] = (struct store_wanted){.session_key = identity->session,
                                          .phone = identity->phone,
                                          .message = identity->message,
                                          .repeat = identity->repeat,
                                          .wants_requests = true};
    }
    enum outcome outcome = store_load(tick->parts.store, wanted, count, tick->arena, found, &batch->error);
    for (size_t i = 0; outcome == OUTCOME_OK && i < count; i++) {
        messages[i]->found = found[i];
        messages[i]->reply = (struct reply){0};
    }
    return outcome;
}

static struct outbox_pass outbox_pass_of(struct tick *tick, struct change_list *changes)
{
    return (struct outbox_pass){.store = tick->parts.store,
                                .catalogue = tick->catalogue,
                                .arena = tick->arena,
                                .changes = changes,
                                .ids = &tick->ids,
                                .metrics = tick->parts.metrics,
                                .now = tick->now};
}

static enum outcome step_batch(struct tick *tick, struct batch *batch, struct message **messages, size_t count)
{
    struct outbox_pass pass = outbox_pass_of(tick, &batch->changes);
    enum outcome outcome = OUTCOME_OK;
    for (size_t i = 0; outcome == OUTCOME_OK && i < count; i++)
        outcome = is_talk(messages[i]) ? conversation_step(&batch->conversation, messages[i], &batch->error)
                                       : outbox_report(&pass, messages[i]->channel, messages[i]->inbound,
                                                       messages[i]->index, &batch->error);
    return outcome;
}

static enum outcome save_batch(struct tick *tick, struct batch *batch)
{
    if (!batch->changes.count)
        return OUTCOME_OK;
    size_t failed_at = 0;
    int64_t before = clock_monotonic_us();
    enum outcome outcome =
        store_save(tick->parts.store, batch->changes.at, batch->changes.count, &failed_at, &batch->error);
    histogram_add(&tick->parts.metrics->commit_us, clock_monotonic_us() - before);
    return outcome;
}

static void count_saved(struct tick *tick, const struct change_list *changes)
{
    uint64_t steps = 0, requests = 0, registrations = 0;
    for (size_t i = 0; i < changes->count; i++) {
        steps += changes->at[i].kind == CHANGE_TURN;
        requests += changes->at[i].kind == CHANGE_REQUEST;
        registrations += changes->at[i].kind == CHANGE_REGISTRATION;
    }
    struct metrics *metrics = tick->parts.metrics;
    atomic_fetch_add_explicit(&metrics->steps, steps, memory_order_relaxed);
    atomic_fetch_add_explicit(&metrics->requests_made, requests, memory_order_relaxed);
    atomic_fetch_add_explicit(&metrics->registrations_made, registrations, memory_order_relaxed);
}

/* Load, step and save. `changes` may hold some already (the outbox's). */
static enum outcome run_batch(struct tick *tick, struct batch *batch)
{
    size_t count = count_messages(batch);
    if (!count)
        return save_batch(tick, batch);
    struct message **messages = ARENA_ARRAY(tick->arena, struct message *, count + 1);
    batch->changes.arena = tick->arena;
    batch->conversation = (struct conversation){.store = tick->parts.store,
                                                .keyring = tick->parts.keyring,
                                                .catalogue = tick->catalogue,
                                                .ids = &tick->ids,
                                                .arena = tick->arena,
                                                .set = working_set_create(tick->arena),
                                                .changes = &batch->changes,
                                                .metrics = tick->parts.metrics,
                                                .now = tick->now};
    gather(batch, messages);
    enum outcome outcome = load_batch(tick, batch, messages, count);
    if (outcome == OUTCOME_OK)
        outcome = step_batch(tick, batch, messages, count);
    if (outcome == OUTCOME_OK)
        outcome = save_batch(tick, batch);
    if (outcome == OUTCOME_OK)
        count_saved(tick, &batch->changes);
    return outcome;
}

/* ---- what may go wrong ---- */

static void try_reopening(struct tick *tick)
{
    struct error err;
    tick->is_cut_off = store_reopen(tick->parts.store, &err) != OUTCOME_OK;
    if (tick->is_cut_off)
        log_event(LOG_LEVEL_ERROR, "store", "reopen_failed", "what=\"%s\"", err.text);
}

static void reopen(struct tick *tick, const struct error *why)
{
    count_error(tick, METRIC_ERROR_COMMIT);
    log_event(LOG_LEVEL_ERROR, "tick", "commit_failed", "what=\"%s\"", why->text);
    try_reopening(tick);
}

/* A request whose changes the store refuses even alone is kept as it came, so that a person can look at it. */
static enum outcome keep_as_stray(struct tick *tick, const struct arrival *arrival, struct error *err)
{
    struct change_list changes = {.arena = tick->arena};
    for (size_t i = 0; i < arrival->count; i++) {
        const struct stray stray = {arrival->channel, "refused_by_store", stray_raw(&arrival->list[i]), (unsigned)i};
        stray_add(&changes, &tick->ids, tick->now, &stray);
    }
    size_t failed_at;
    return store_save(tick->parts.store, changes.at, changes.count, &failed_at, err);
}

static void answer_poisoned(struct tick *tick, struct arrival *arrival, const struct error *why)
{
    struct error err;
    count_error(tick, METRIC_ERROR_STATEMENT);
    log_event(LOG_LEVEL_ERROR, "tick", "message_refused", "channel=%.*s what=\"%s\"", SPAN_ARG(arrival->channel->id),
              why->text);
    enum outcome kept = keep_as_stray(tick, arrival, &err);
    if (kept == OUTCOME_BROKEN)
        reopen(tick, &err);
    for (size_t i = 0; i < arrival->count; i++)
        arrival->messages[i].reply = (struct reply){0};
    if (kept == OUTCOME_OK && arrival->list[0].kind != INBOUND_USSD)
        answer_kept(tick, arrival);
    else
        answer_lost(tick, arrival);
}

static void run_alone(struct tick *tick, struct arrival *arrival)
{
    struct batch batch = {.arrivals = arrival, .count = 1};
    switch (run_batch(tick, &batch)) {
    case OUTCOME_OK:
        answer_kept(tick, arrival);
        break;
    case OUTCOME_BROKEN:
        reopen(tick, &batch.error);
        answer_lost(tick, arrival);
        break;
    default:
        answer_poisoned(tick, arrival, &batch.error);
    }
}

/* ---- the tick ---- */

static void answer_all(struct tick *tick, struct arrival *arrivals, size_t count,
                       void (*answer)(struct tick *, struct arrival *))
{
    for (size_t i = 0; i < count; i++)
        if (!arrivals[i].is_answered)
            answer(tick, &arrivals[i]);
}

static struct arrival *take_arrivals(struct tick *tick, size_t *count)
{
    *count = tick->count < TICK_MESSAGES_MAX ? tick->count : TICK_MESSAGES_MAX;
    struct arrival *arrivals = ARENA_ARRAY(tick->arena, struct arrival, *count + 1);
    for (size_t i = 0; i < *count; i++)
        arrivals[i] = tick->waiting[(tick->first + i) % tick->parts.max_parked];
    tick->first = (tick->first + *count) % tick->parts.max_parked;
    tick->count -= *count;
    return arrivals;
}

/* The outbox's part of the tick's changes. False: the store cannot be read now; texts and outcomes wait. */
static bool add_outbox_changes(struct tick *tick, struct change_list *changes)
{
    struct error err;
    struct outbox_pass pass = outbox_pass_of(tick, changes);
    if (outbox_collect(tick->parts.outbox, &pass, &err) == OUTCOME_OK &&
        outbox_pick(tick->parts.outbox, &pass, &err) == OUTCOME_OK)
        return true;
    log_event(LOG_LEVEL_ERROR, "outbox", "unreadable", "what=\"%s\"", err.text);
    outbox_take_back(tick->parts.outbox);
    changes->count = 0;
    return false;
}

/* One transaction a text, so that one which the store refuses harms no other. */
static void save_outbox_apart(struct tick *tick, const struct change_list *changes)
{
    struct error err;
    size_t failed_at;
    for (size_t i = 0; i < changes->count; i++) {
        enum outcome outcome = store_save(tick->parts.store, &changes->at[i], 1, &failed_at, &err);
        if (outcome == OUTCOME_BROKEN) {
            reopen(tick, &err);
            break;
        }
        if (outcome != OUTCOME_OK)
            log_event(LOG_LEVEL_ERROR, "outbox", "change_refused", "what=\"%s\"", err.text);
        outbox_settle(tick->parts.outbox, changes->at[i].outbox.row->id, outcome == OUTCOME_OK);
    }
    outbox_take_back(tick->parts.outbox); /* what was not settled */
}

/* The batch did not hold together: the outbox's changes by themselves, then one request a transaction. */
static void rerun_apart(struct tick *tick, struct arrival *arrivals, size_t count,
                        const struct change_list *outbox_changes)
{
    struct error err;
    size_t failed_at;
    if (outbox_changes->count) {
        if (store_save(tick->parts.store, outbox_changes->at, outbox_changes->count, &failed_at, &err) == OUTCOME_OK)
            outbox_hand_over(tick->parts.outbox);
        else
            save_outbox_apart(tick, outbox_changes);
    }
    answer_all(tick, arrivals, count, run_alone);
}

static void run(struct tick *tick, struct arrival *arrivals, size_t count)
{
    unsigned next_index = 0;
    for (size_t i = 0; i < count; i++)
        collect_one(tick, &arrivals[i], &next_index);
    struct batch batch = {.arrivals = arrivals, .count = count};
    batch.changes.arena = tick->arena;
    bool sends = add_outbox_changes(tick, &batch.changes);
    struct change_list outbox_changes = batch.changes; /* the first `count` of the same array or of its copy */
    switch (run_batch(tick, &batch)) {
    case OUTCOME_OK:
        if (sends)
            outbox_hand_over(tick->parts.outbox);
        answer_all(tick, arrivals, count, answer_kept);
        break;
    case OUTCOME_BROKEN:
        outbox_take_back(tick->parts.outbox);
        reopen(tick, &batch.error);
        answer_all(tick, arrivals, count, answer_lost);
        break;
    default:
        rerun_apart(tick, arrivals, count, &outbox_changes);
    }
    if (count) {
        atomic_fetch_add_explicit(&tick->parts.metrics->ticks, 1, memory_order_relaxed);
        histogram_add(&tick->parts.metrics->batch, (int64_t)count);
    }
}

void tick_run(struct tick *tick)
{
    int64_t now = clock_utc_ms();
    if (now > tick->now)
        tick->now = now;
    if (tick->is_cut_off)
        try_reopening(tick);
    size_t count;
    struct arrival *arrivals = take_arrivals(tick, &count);
    run(tick, arrivals, count);
    arena_reset(tick->arena);
}
