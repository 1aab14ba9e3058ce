#include "core/loop/loop.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/log.h"
#include "core/loop/audit_log.h"
#include "core/desk_run.h"
#include "core/notify.h"

enum source {
    SOURCE_WEBHOOKS,
    SOURCE_SENDER,
    SOURCE_CONTROL,
    SOURCE_RELOAD,
    SOURCE_DESK,
    SOURCE_SIGNALS,
    SOURCE_COUNT
};

/* ---- opening ---- */

static bool watch(const struct gateway *gateway, int fd, enum source source)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = source};
    return fd >= 0 && epoll_ctl(gateway->loop.epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

static int open_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

enum outcome loop_open(struct gateway *gateway, struct error *err)
{
    gateway->loop.epoll = epoll_create1(EPOLL_CLOEXEC);
    gateway->loop.signals = open_signals();
    gateway->loop.watchdog_ms = notify_watchdog_ms();
    if (gateway->loop.epoll >= 0 && watch(gateway, listener_poll_fd(gateway->listener), SOURCE_WEBHOOKS) &&
        watch(gateway, sender_poll_fd(gateway->sender), SOURCE_SENDER) &&
        watch(gateway, control_poll_fd(gateway->control), SOURCE_CONTROL) &&
        watch(gateway, reload_poll_fd(gateway->reload), SOURCE_RELOAD) &&
        watch(gateway, desk_poll_fd(gateway->desk), SOURCE_DESK) &&
        watch(gateway, gateway->loop.signals, SOURCE_SIGNALS))
        return OUTCOME_OK;
    return error_set(err, OUTCOME_BROKEN, "the loop cannot watch its descriptors: %s", strerror(errno));
}

void loop_close(struct gateway *gateway)
{
    if (gateway->loop.epoll >= 0)
        close(gateway->loop.epoll);
    if (gateway->loop.signals >= 0)
        close(gateway->loop.signals);
}

/* ---- what may wake it ---- */

static void begin_stop(struct gateway *gateway)
{
    if (gateway->loop.stopping)
        return;
    gateway->loop.stopping = true;
    gateway->loop.stop_by = clock_monotonic_ms() + 1000 * (int64_t)gateway->catalogue->config->limits.drain_seconds;
    notify_send("STOPPING=1");
    log_event(LOG_LEVEL_NOTICE, "loop", "stopping", "waiting=%zu", tick_waiting(gateway->tick));
    listener_run(gateway->listener); /* whoever is in the backlog was promised an answer by the kernel */
    listener_quiesce(gateway->listener);
}

static void read_signals(struct gateway *gateway)
{
    struct signalfd_siginfo info;
    while (read(gateway->loop.signals, &info, sizeof info) == sizeof info) {
        if (info.ssi_signo != SIGHUP) {
            begin_stop(gateway);
        } else if (reload_start(gateway->reload)) {
            notify_send("RELOADING=1");
            log_event(LOG_LEVEL_NOTICE, "reload", "started", "by=signal");
        }
    }
}

/* NULL: it was not said. */
static bool is_other_text(const char *before, const char *now)
{
    return !before || !now ? before != now : strcmp(before, now) != 0;
}

/* Sockets, files and the console stay as they were opened. Whoever changed them should not wait for an effect. */
static void tell_what_needs_a_restart(const struct config *before, const struct config *now)
{
    const struct {
        const char *name;
        bool is_changed;
    } fixed[] = {
        {"listen.webhooks", is_other_text(before->listen.webhooks, now->listen.webhooks)},
        {"listen.console", is_other_text(before->listen.console, now->listen.console)},
        {"listen.console_url", is_other_text(before->listen.console_url, now->listen.console_url)},
        {"listen.control", is_other_text(before->listen.control, now->listen.control)},
        {"listen.max_connections", before->listen.max_connections != now->listen.max_connections},
        {"limits.max_parked", before->limits.max_parked != now->limits.max_parked},
        {"limits.max_body", before->limits.max_body != now->limits.max_body},
        {"limits.idle_seconds", before->limits.idle_seconds != now->limits.idle_seconds},
        {"data.path", is_other_text(before->data.path, now->data.path)},
        {"data.keys", is_other_text(before->data.keys, now->data.keys)},
        {"data.forgotten", is_other_text(before->data.forgotten, now->data.forgotten)},
        {"desk.search_notes", before->desk.search_notes != now->desk.search_notes},
    };
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (fixed[i].is_changed)
            log_event(LOG_LEVEL_WARNING, "reload", "needs_restart", "setting=%s", fixed[i].name);
}

/* How much of what callers see nobody has reviewed, for the log and for whoever watches. */
static size_t count_drafts(struct gateway *gateway)
{
    size_t drafts = 0;
    for (size_t i = 0; i < gateway->catalogue->service_count; i++)
        drafts += service_drafts_shown(gateway->catalogue->services[i]);
    atomic_store(&gateway->metrics.drafts_shown, (int_least64_t)drafts);
    return drafts;
}

static void finish_reload(struct gateway *gateway)
{
    struct error why;
    struct catalogue *fresh = reload_take(gateway->reload, &why);
    if (fresh) {
        struct catalogue *old = gateway->catalogue;
        tell_what_needs_a_restart(old->config, fresh->config);
        tick_use_catalogue(gateway->tick, fresh);
        outbox_look_again(gateway->outbox);
        pthread_mutex_lock(&gateway->catalogue_lock);
        gateway->catalogue = fresh;
        pthread_mutex_unlock(&gateway->catalogue_lock);
        catalogue_let_go(old);
        log_set_level((enum log_level)fresh->config->log_level);
        log_event(LOG_LEVEL_NOTICE, "reload", "done", "services=%zu drafts_shown=%zu", fresh->service_count,
                  count_drafts(gateway));
    } else {
        log_event(LOG_LEVEL_ERROR, "reload", "refused", "kept=old what=\"%s\"", why.text);
    }
    control_reloaded(gateway->control, fresh ? NULL : &why);
    notify_send("READY=1");
}

static void beat(struct gateway *gateway)
{
    atomic_store_explicit(&gateway->heartbeat, clock_utc_ms(), memory_order_relaxed);
    int64_t now = clock_monotonic_ms();
    if (!gateway->loop.watchdog_ms || now < gateway->loop.watchdog_at)
        return;
    notify_send("WATCHDOG=1");
    gateway->loop.watchdog_at = now + gateway->loop.watchdog_ms;
}

/* ---- turning ---- */

static int shorter(int a, int b)
{
    if (a < 0)
        return b;
    return b < 0 || a < b ? a : b;
}

/* What is due without anybody asking: texts to send, long texts of which a part does not come, follow-ups. */
static int own_wait(struct gateway *gateway)
{
    int64_t now = clock_utc_ms();
    int64_t next = outbox_next_at(gateway->outbox, gateway->catalogue, gateway->store, now);
    int64_t parts = tick_next_at(gateway->tick), asks = tick_asks_at(gateway->tick);
    const int64_t tends = tick_tends_at(gateway->tick);
    if (parts && (!next || parts < next))
        next = parts;
    if (!next || asks < next)
        next = asks;
    if (tends && tends < next)
        next = tends;
    if (next <= now)
        return 0;
    return next - now < 1000 ? (int)(next - now) : 1000;
}

static int wait_ms(struct gateway *gateway)
{
    if (tick_waiting(gateway->tick))
        return 0;
    int wait = shorter(listener_wait_ms(gateway->listener), housekeeping_wait_ms(gateway->housekeeping));
    if (gateway->loop.watchdog_ms)
        wait = shorter(wait, (int)gateway->loop.watchdog_ms);
    return shorter(wait, own_wait(gateway));
}

/* The webhooks are run in every turn: after a resume libmicrohttpd's descriptor stays quiet, and running it costs little. */
static bool turn(struct gateway *gateway, const bool *ready)
{
    if (ready[SOURCE_SIGNALS])
        read_signals(gateway);
    listener_run(gateway->listener);
    bool busy = tick_waiting(gateway->tick) > 0;
    if (busy || ready[SOURCE_SENDER] || ready[SOURCE_DESK] || own_wait(gateway) == 0)
        tick_run(gateway->tick);
    if (ready[SOURCE_CONTROL])
        control_run(gateway->control, gateway->catalogue, clock_utc_ms());
    if (ready[SOURCE_RELOAD])
        finish_reload(gateway);
    housekeeping_run(gateway->housekeeping, gateway->catalogue->config, clock_utc_ms(), busy);
    beat(gateway);
    return busy;
}

static bool is_drained(struct gateway *gateway)
{
    return gateway->loop.stopping &&
           (listener_is_quiet(gateway->listener) || clock_monotonic_ms() > gateway->loop.stop_by);
}

static enum outcome wait_for_events(struct gateway *gateway, bool *ready, int most_ms, struct error *err)
{
    struct epoll_event events[SOURCE_COUNT];
    memset(ready, 0, SOURCE_COUNT * sizeof *ready);
    int count = epoll_wait(gateway->loop.epoll, events, SOURCE_COUNT, most_ms);
    if (count < 0 && errno != EINTR)
        return error_set(err, OUTCOME_BROKEN, "the loop cannot wait: %s", strerror(errno));
    for (int i = 0; i < count; i++)
        ready[events[i].data.u32] = true;
    return OUTCOME_OK;
}

/* The last words: what the sender still had under way is settled, what was parked is answered and written out. */
static void finish(struct gateway *gateway)
{
    outbox_quiesce(gateway->outbox);
    desk_stop(gateway->desk);
    sender_stop(gateway->sender, 1000 * gateway->catalogue->config->limits.drain_seconds);
    do {
        tick_run(gateway->tick);
        listener_run(gateway->listener);
    } while (tick_waiting(gateway->tick));
    audit_log_head(gateway->store, "stop");
    log_event(LOG_LEVEL_NOTICE, "loop", "stopped", "parked=%zu", listener_parked(gateway->listener));
}

enum outcome loop_run(struct gateway *gateway, struct error *err)
{
    bool ready[SOURCE_COUNT];
    bool busy = true; /* after answers the webhooks want another turn before anybody waits */
    notify_send("READY=1");
    log_event(LOG_LEVEL_NOTICE, "loop", "started", "services=%zu drafts_shown=%zu", gateway->catalogue->service_count,
              count_drafts(gateway));
    audit_log_head(gateway->store, "start");
    beat(gateway);
    while (!is_drained(gateway)) {
        int wait = busy ? 0 : wait_ms(gateway);
        if (gateway->loop.stopping)
            wait = shorter(wait, 20);
        enum outcome outcome = wait_for_events(gateway, ready, wait, err);
        if (outcome != OUTCOME_OK)
            return outcome;
        busy = turn(gateway, ready);
    }
    finish(gateway);
    return OUTCOME_OK;
}
