#include "core/gateway.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include "base/clock.h"
#include "base/log.h"
#include "core/desk_run.h"
#include "core/loop/loop.h"

#define SENDER_QUEUE 256

static void block_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/* Texts of a start before this one that nobody can vouch for: queued again only where that cannot send twice. */
static enum outcome settle_sending(struct gateway *gateway, struct error *err)
{
    const struct channel_set *set = gateway->catalogue->config->channels;
    const char **idempotent = ARENA_ARRAY(gateway->catalogue->config->arena, const char *, channel_set_count(set) + 1);
    size_t count = 0, settled = 0;
    for (size_t i = 0; i < channel_set_count(set); i++)
        if (channel_set_at(set, i)->idempotent)
            idempotent[count++] = channel_set_at(set, i)->id.at;
    enum outcome outcome = store_settle_sending(gateway->store, idempotent, clock_utc_ms(), &settled, err);
    if (outcome == OUTCOME_OK && settled)
        log_event(LOG_LEVEL_WARNING, "outbox", "settled", "texts=%zu", settled);
    return outcome;
}

static enum outcome open_data(struct gateway *gateway, struct error *err)
{
    const struct config *config = gateway->catalogue->config;
    const struct store_options options = {.path = config->data.path,
                                          .keyring = gateway->keyring,
                                          .create = true,
                                          .forgotten = config->data.forgotten,
                                          .search_notes = config->desk.search_notes ? NOTE_SEARCH_ON : NOTE_SEARCH_OFF};
    enum outcome outcome = store_open(&options, &gateway->store, err);
    return outcome == OUTCOME_OK ? settle_sending(gateway, err) : outcome;
}

static void open_tick(struct gateway *gateway)
{
    gateway->stats = channel_stats_create();
    gateway->outbox = outbox_create(gateway->sender, SENDER_QUEUE);
    gateway->housekeeping = housekeeping_create(gateway->store, &gateway->metrics);
    const struct tick_parts parts = {.store = gateway->store,
                                     .desk = gateway->desk,
                                     .keyring = gateway->keyring,
                                     .outbox = gateway->outbox,
                                     .stats = gateway->stats,
                                     .metrics = &gateway->metrics,
                                     .max_parked = gateway->catalogue->config->limits.max_parked};
    gateway->tick = tick_create(&parts, store_last_id(gateway->store));
    tick_use_catalogue(gateway->tick, gateway->catalogue);
}

static enum outcome open_listener(struct gateway *gateway, struct error *err)
{
    const struct config *config = gateway->catalogue->config;
    const struct listener_config listening = {.address = config->listen.webhooks,
                                              .max_body = config->limits.max_body,
                                              .max_connections = config->listen.max_connections,
                                              .idle_seconds = config->limits.idle_seconds};
    const struct listener_hooks hooks = {.context = gateway->tick, .admit = tick_admit, .take = tick_take};
    enum outcome outcome = listener_open(&listening, &hooks, &gateway->listener, err);
    if (outcome == OUTCOME_OK)
        tick_use_listener(gateway->tick, gateway->listener);
    return outcome;
}

static enum outcome open_network(struct gateway *gateway, const struct gateway_options *options, struct error *err)
{
    const struct sender_config sending = {.max_in_flight = 64,
                                          .queue_max = SENDER_QUEUE,
                                          .connect_ms = 5000,
                                          .total_ms = 25000,
                                          .allow_plain_http = true};
    enum outcome outcome = sender_open(&sending, &gateway->sender, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    outcome = desk_create(&gateway->desk, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    open_tick(gateway);
    outcome = open_listener(gateway, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    gateway->reload = reload_create(options->config_path, options->overrides, options->override_count, err);
    if (!gateway->reload)
        return OUTCOME_BROKEN;
    gateway->demo = demo_create(gateway->store, gateway->keyring, gateway->desk);
    const struct control_parts parts = {.metrics = &gateway->metrics,
                                        .stats = gateway->stats,
                                        .outbox = gateway->outbox,
                                        .housekeeping = gateway->housekeeping,
                                        .tick = gateway->tick,
                                        .store = gateway->store,
                                        .reload = gateway->reload,
                                        .demo = gateway->demo};
    outcome = control_open(gateway->catalogue->config->listen.control, &parts, &gateway->control, err);
    return outcome == OUTCOME_OK ? loop_open(gateway, err) : outcome;
}

static enum outcome open_all(struct gateway *gateway, const struct gateway_options *options, enum gateway_stage *stage,
                             struct problems *problems, struct error *err)
{
    *stage = GATEWAY_CONFIG;
    enum outcome outcome = catalogue_load(options->config_path, options->overrides, options->override_count,
                                          &gateway->catalogue, problems, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    log_set_level((enum log_level)gateway->catalogue->config->log_level);
    *stage = GATEWAY_KEYS;
    outcome = keyring_open(gateway->catalogue->config->data.keys, &gateway->keyring, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    *stage = GATEWAY_DATA;
    outcome = open_data(gateway, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    *stage = GATEWAY_NETWORK;
    return open_network(gateway, options, err);
}

enum outcome gateway_open(const struct gateway_options *options, struct gateway **out, enum gateway_stage *stage,
                          struct problems *problems, struct error *err)
{
    block_signals();
    umask(0077); /* whatever this program makes is its own */
    struct gateway *gateway = calloc(1, sizeof *gateway);
    if (!gateway)
        abort();
    gateway->loop.epoll = gateway->loop.signals = -1;
    pthread_mutex_init(&gateway->catalogue_lock, NULL);
    gateway->metrics.version = options->version;
    atomic_store(&gateway->metrics.started_at, clock_utc_ms());
    enum outcome outcome = open_all(gateway, options, stage, problems, err);
    if (outcome != OUTCOME_OK) {
        gateway_close(gateway);
        return outcome;
    }
    *out = gateway;
    return OUTCOME_OK;
}

enum outcome gateway_run(struct gateway *gateway, struct error *err)
{
    enum outcome outcome = loop_run(gateway, err);
    desk_stop(gateway->desk); /* whatever ended it: no page waits for a loop that turns no more */
    return outcome;
}

void gateway_close(struct gateway *gateway)
{
    if (!gateway)
        return;
    loop_close(gateway);
    control_close(gateway->control);
    demo_free(gateway->demo);
    reload_free(gateway->reload);
    listener_close(gateway->listener);
    tick_free(gateway->tick);
    desk_free(gateway->desk);
    housekeeping_free(gateway->housekeeping);
    outbox_free(gateway->outbox);
    sender_close(gateway->sender);
    channel_stats_free(gateway->stats);
    store_close(gateway->store);
    keyring_close(gateway->keyring);
    catalogue_let_go(gateway->catalogue);
    pthread_mutex_destroy(&gateway->catalogue_lock);
    free(gateway);
}

struct desk *gateway_desk(struct gateway *gateway)
{
    return gateway->desk;
}

const struct keyring *gateway_keyring(const struct gateway *gateway)
{
    return gateway->keyring;
}

const struct catalogue *gateway_hold_catalogue(struct gateway *gateway)
{
    pthread_mutex_lock(&gateway->catalogue_lock);
    const struct catalogue *held = catalogue_hold(gateway->catalogue);
    pthread_mutex_unlock(&gateway->catalogue_lock);
    return held;
}

const struct metrics *gateway_metrics(const struct gateway *gateway)
{
    return &gateway->metrics;
}

const atomic_int_least64_t *gateway_heartbeat(const struct gateway *gateway)
{
    return &gateway->heartbeat;
}
