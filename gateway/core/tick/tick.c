#include "core/tick.h"

#include <stdlib.h>
#include "aggregator/exchange.h"
#include "base/clock.h"
#include "base/log.h"
#include "core/talk/answer.h"
#include "core/tick/arrival.h"
#include "core/tick/sample.h"
#include "core/common/stray.h"

#define ARENA_CHUNK (4u << 20)

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
    tick->parts_changed = true;
    tick->follow_ups_at = tick->tends_at = 1; /* at once: some may have become due while nothing ran */
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

int64_t tick_asks_at(const struct tick *tick)
{
    return tick->follow_ups_at;
}

/* ---- the listener's hooks ---- */

/* An address that somebody entered wrongly at the aggregator is seen in no other way: nothing of it gets any further. */
static void note_wrong_path(const struct tick *tick, const struct http_request *head)
{
    struct arena *arena = arena_create(4096);
    struct channel_failure failure = {0};
    const struct channel *channel =
        exchange_explain_path(tick->catalogue->config->channels, head->path, arena, &failure.reason);
    if (channel) {
        failure.sample = sample_of(channel, head, arena);
        channel_stats_failed(channel_stats_of(tick->parts.stats, channel->id), clock_utc_ms(), &failure);
    }
    arena_destroy(arena);
}

unsigned tick_admit(void *context, const struct http_request *head, size_t *max_body)
{
    struct tick *tick = context;
    enum exchange_door door;
    const struct channel *channel;
    if (exchange_route(tick->catalogue->config->channels, head->path, &door, &channel) != OUTCOME_OK) {
        note_wrong_path(tick, head);
        return 404;
    }
    if (tick->count >= tick->parts.max_parked) {
        metrics_count_error(tick->parts.metrics, METRIC_ERROR_FULL);
        return 503;
    }
    size_t limit = exchange_body_limit(channel, head);
    if (limit < *max_body)
        *max_body = limit;
    return 0;
}

void tick_take(void *context, struct parked *parked, const struct http_request *request)
{
    struct tick *tick = context;
    if (tick->count >= tick->parts.max_parked) { /* admitted when there was still room, by its head */
        respond_full(tick, parked);
        return;
    }
    struct arrival *arrival = &tick->waiting[(tick->first + tick->count++) % tick->parts.max_parked];
    *arrival = (struct arrival){.parked = parked, .request = request, .taken_us = clock_monotonic_us()};
}

/* ---- what may go wrong ---- */

static void try_reopening(struct tick *tick)
{
    struct error err;
    tick->is_cut_off = store_reopen(tick->parts.store, &err) != OUTCOME_OK;
    if (tick->is_cut_off)
        log_event(LOG_LEVEL_ERROR, "store", "reopen_failed", "what=\"%s\"", err.text);
    else
        tick->parts_changed = true;
}

static void reopen(struct tick *tick, const struct error *why)
{
    metrics_count_error(tick->parts.metrics, METRIC_ERROR_COMMIT);
    log_event(LOG_LEVEL_ERROR, "tick", "commit_failed", "what=\"%s\"", why->text);
    tick->overdue_not_before = tick->now + REST_MS;
    try_reopening(tick);
}

/* Where the reply carries no page. Who was never seen before has no row that the outbox could name. */
static void push_safety_page(struct tick *tick, const struct message *message, struct change_list *changes)
{
    const struct phone_row *phone = message->found.phone;
    const struct inbound *inbound = message->inbound;
    bool waits = inbound->kind == INBOUND_USSD && inbound->event != INBOUND_CLOSE && inbound->event != INBOUND_ASK;
    if (!waits || !message->channel->pushes || !phone)
        return;
    const struct service *service = tick->catalogue->service_of[message->channel->index];
    const struct reply reply = {.text = service_safety_page(service, message->lang), .ends = true};
    const struct push push = {message, &reply, id_next(&tick->ids, tick->now), phone->id, 0, tick->now};
    answer_push(&push, changes);
}

/* A request whose changes the store refuses even alone is kept as it came, so that a person can look at it. */
static enum outcome keep_as_stray(struct tick *tick, const struct arrival *arrival, struct error *err)
{
    if (!arrival->parked)
        return overdue_give_up(tick, arrival, err);
    struct change_list changes = {.arena = tick->arena};
    for (size_t i = 0; i < arrival->count; i++) {
        const struct stray stray = {arrival->channel, "refused_by_store", stray_raw(&arrival->list[i]), (unsigned)i,
                                    &arrival->messages[i].identity.phone};
        stray_add(&changes, &tick->ids, tick->now, &stray);
        push_safety_page(tick, &arrival->messages[i], &changes);
    }
    size_t failed_at;
    return store_save(tick->parts.store, changes.at, changes.count, &failed_at, err);
}

static void answer_poisoned(struct tick *tick, struct arrival *arrival, const struct error *why)
{
    struct error err;
    metrics_count_error(tick->parts.metrics, METRIC_ERROR_STATEMENT);
    log_event(LOG_LEVEL_ERROR, "tick", "message_refused", "channel=%.*s what=\"%s\"", SPAN_ARG(arrival->channel->id),
              why->text);
    enum outcome kept = keep_as_stray(tick, arrival, &err);
    if (kept == OUTCOME_BROKEN)
        reopen(tick, &err);
    for (size_t i = 0; i < arrival->count; i++)
        arrival->messages[i].reply = (struct reply){0};
    if (kept == OUTCOME_OK && (arrival->list[0].kind != INBOUND_USSD || arrival->channel->pushes))
        respond_kept(tick, arrival);
    else
        respond_lost(tick, arrival);
}

static void run_alone(struct tick *tick, struct arrival *arrival)
{
    struct batch batch = {.arrivals = arrival, .count = 1};
    switch (batch_run(tick, &batch)) {
    case OUTCOME_OK:
        respond_kept(tick, arrival);
        break;
    case OUTCOME_BROKEN:
        reopen(tick, &batch.error);
        respond_lost(tick, arrival);
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
    struct arrival *arrivals = ARENA_ARRAY(tick->arena, struct arrival, *count + OVERDUE_A_TICK);
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
    struct outbox_pass pass = batch_outbox_pass(tick, changes);
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
    for (size_t i = 0; i < changes->count; i++) {
        enum outcome outcome = batch_save(tick, &changes->at[i], 1, &err);
        if (outcome == OUTCOME_BROKEN) {
            reopen(tick, &err);
            break;
        }
        if (outcome != OUTCOME_OK)
            log_event(LOG_LEVEL_ERROR, "outbox", "change_refused", "what=\"%s\"", err.text);
        if (changes->at[i].kind == CHANGE_OUTBOX_STATE)
            outbox_settle(tick->parts.outbox, changes->at[i].outbox.row->id, outcome == OUTCOME_OK);
    }
    outbox_take_back(tick->parts.outbox); /* what was not settled */
}

/* The batch did not hold together: the outbox's changes by themselves, then one request a transaction. */
static void rerun_apart(struct tick *tick, struct arrival *arrivals, size_t count,
                        const struct change_list *outbox_changes)
{
    struct error err;
    if (outbox_changes->count) {
        if (batch_save(tick, outbox_changes->at, outbox_changes->count, &err) == OUTCOME_OK)
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
        collect_arrival(tick, &arrivals[i], &next_index);
    count += collect_overdue(tick, arrivals + count, OVERDUE_A_TICK, &next_index);
    struct batch batch = {.arrivals = arrivals, .count = count};
    batch.changes.arena = tick->arena;
    bool sends = add_outbox_changes(tick, &batch.changes);
    struct change_list outbox_changes = batch.changes; /* the first `count` of the same array or of its copy */
    switch (batch_run(tick, &batch)) {
    case OUTCOME_OK:
        if (sends)
            outbox_hand_over(tick->parts.outbox);
        answer_all(tick, arrivals, count, respond_kept);
        break;
    case OUTCOME_BROKEN:
        outbox_take_back(tick->parts.outbox);
        reopen(tick, &batch.error);
        answer_all(tick, arrivals, count, respond_lost);
        break;
    default:
        rerun_apart(tick, arrivals, count, &outbox_changes);
    }
    if (count) {
        atomic_fetch_add_explicit(&tick->parts.metrics->ticks, 1, memory_order_relaxed);
        histogram_add(&tick->parts.metrics->batch, (int64_t)count);
    }
}

static void set_clock(struct tick *tick)
{
    int64_t now = clock_utc_ms();
    if (now > tick->now)
        tick->now = now;
}

void tick_run(struct tick *tick)
{
    set_clock(tick);
    if (tick->is_cut_off)
        try_reopening(tick);
    size_t count;
    struct error err;
    if (settle_follow_ups(tick, &err) == OUTCOME_BROKEN)
        reopen(tick, &err);
    struct arrival *arrivals = take_arrivals(tick, &count);
    run(tick, arrivals, count);
    if (run_desk(tick, &err) == OUTCOME_BROKEN)
        reopen(tick, &err);
    arena_reset(tick->arena);
}

enum outcome tick_act(struct tick *tick, const struct desk_action *action, struct arena *arena,
                      struct desk_result *result)
{
    set_clock(tick);
    enum outcome outcome = act_here(tick, action, arena, result);
    if (outcome == OUTCOME_BROKEN)
        reopen(tick, &result->error);
    return outcome;
}
