#include "base/clock.h"
#include "core/tick/arrival.h"
#include "core/desk_run.h"
#include "core/meter.h"
#include "core/working_set.h"

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

struct outbox_pass batch_outbox_pass(struct tick *tick, struct change_list *changes)
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
    struct outbox_pass pass = batch_outbox_pass(tick, &batch->changes);
    enum outcome outcome = OUTCOME_OK;
    for (size_t i = 0; outcome == OUTCOME_OK && i < count; i++)
        outcome = is_talk(messages[i]) ? conversation_step(&batch->conversation, messages[i], &batch->error)
                                       : outbox_report(&pass, messages[i]->channel, messages[i]->inbound,
                                                       messages[i]->index, &batch->error);
    return outcome;
}

static void count_saved(struct tick *tick, const struct change *changes, size_t count)
{
    uint64_t steps = 0, requests = 0, registrations = 0;
    for (size_t i = 0; i < count; i++) {
        steps += changes[i].kind == CHANGE_TURN;
        requests += changes[i].kind == CHANGE_REQUEST;
        registrations += changes[i].kind == CHANGE_REGISTRATION;
        if (changes[i].kind == CHANGE_PART || changes[i].kind == CHANGE_PARTS_TAKEN)
            tick->parts_changed = true;
    }
    struct metrics *metrics = tick->parts.metrics;
    atomic_fetch_add_explicit(&metrics->steps, steps, memory_order_relaxed);
    atomic_fetch_add_explicit(&metrics->requests_made, requests, memory_order_relaxed);
    atomic_fetch_add_explicit(&metrics->registrations_made, registrations, memory_order_relaxed);
    if (tick->parts.desk)
        desk_committed(tick->parts.desk, changes, count);
    meter_count(metrics, tick->catalogue->config->channels, changes, count);
}

enum outcome batch_save(struct tick *tick, const struct change *changes, size_t count, struct error *err)
{
    if (!count)
        return OUTCOME_OK;
    size_t failed_at = 0;
    int64_t before = clock_monotonic_us();
    enum outcome outcome = store_save(tick->parts.store, changes, count, &failed_at, err);
    histogram_add(&tick->parts.metrics->commit_us, clock_monotonic_us() - before);
    if (outcome == OUTCOME_OK)
        count_saved(tick, changes, count);
    return outcome;
}

enum outcome batch_run(struct tick *tick, struct batch *batch)
{
    size_t count = count_messages(batch);
    if (!count)
        return batch_save(tick, batch->changes.at, batch->changes.count, &batch->error);
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
        outcome = batch_save(tick, batch->changes.at, batch->changes.count, &batch->error);
    return outcome;
}
