#include "core/control.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "base/log.h"
#include "core/loop/control_users.h"
#include "core/desk_run.h"

struct client {
    int fd; /* -1: free */
    size_t len;
    char line[CONTROL_LINE_MAX];
    bool awaits_reload;
};

struct control {
    struct control_parts parts;
    int listener, epoll;
    const struct catalogue *catalogue; /* during control_run */
    int64_t now;
    char *path;
    struct client clients[CONTROL_CLIENTS];
};

/* ---- the socket ---- */

/* The umask and not a chmod afterwards: there is no moment at which others may connect. */
static int bind_private(int fd, const struct sockaddr_un *address)
{
    mode_t before = umask(0177);
    int rc = bind(fd, (const struct sockaddr *)address, sizeof *address);
    umask(before);
    return rc;
}

static enum outcome listen_at(const char *path, int *out, struct error *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path)
        return error_set(err, OUTCOME_BROKEN, "listen.control: %s is longer than %zu bytes", path,
                         sizeof address.sun_path - 1);
    memcpy(address.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    unlink(path); /* we hold the writer lock: whatever lies here is left from a gateway that is gone */
    if (fd < 0 || bind_private(fd, &address) != 0 || listen(fd, CONTROL_CLIENTS) != 0) {
        int why = errno;
        if (fd >= 0)
            close(fd);
        return error_set(err, OUTCOME_BROKEN, "listen.control: cannot listen on %s: %s", path, strerror(why));
    }
    *out = fd;
    return OUTCOME_OK;
}

static void watch(const struct control *control, int fd, uint32_t number)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = number};
    epoll_ctl(control->epoll, EPOLL_CTL_ADD, fd, &event);
}

enum outcome control_open(const char *path, const struct control_parts *parts, struct control **out, struct error *err)
{
    int fd = -1;
    enum outcome outcome = listen_at(path, &fd, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct control *control = calloc(1, sizeof *control);
    char *copy = strdup(path);
    if (!control || !copy)
        abort();
    control->parts = *parts;
    control->listener = fd;
    control->path = copy;
    control->epoll = epoll_create1(EPOLL_CLOEXEC);
    for (size_t i = 0; i < CONTROL_CLIENTS; i++)
        control->clients[i].fd = -1;
    watch(control, fd, CONTROL_CLIENTS);
    *out = control;
    return OUTCOME_OK;
}

static void drop(const struct control *control, struct client *client)
{
    housekeeping_unwatch(control->parts.housekeeping, client);
    close(client->fd);
    client->fd = -1;
}

void control_close(struct control *control)
{
    if (!control)
        return;
    for (size_t i = 0; i < CONTROL_CLIENTS; i++)
        if (control->clients[i].fd >= 0)
            drop(control, &control->clients[i]);
    unlink(control->path);
    close(control->listener);
    close(control->epoll);
    free(control->path);
    free(control);
}

int control_poll_fd(const struct control *control)
{
    return control->epoll;
}

/* ---- answers ---- */

/* Takes the object over. A client that does not read what it asked for loses the connection: the loop never waits. */
static void send_line(struct client *client, json_t *object)
{
    char *text = json_dumps(object, JSON_COMPACT);
    json_decref(object);
    if (!text)
        return;
    size_t len = strlen(text);
    text[len] = '\n'; /* over the NUL: the length is known */
    if (send(client->fd, text, len + 1, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)(len + 1))
        shutdown(client->fd, SHUT_RDWR);
    free(text);
}

static void send_done(struct client *client)
{
    send_line(client, json_pack("{s:b}", "done", 1));
}

static void send_error(struct client *client, enum outcome outcome, const char *text)
{
    send_line(client, json_pack("{s:s, s:s}", "error", text, "outcome", outcome_name(outcome)));
}

static json_int_t read_gauge(const atomic_int_least64_t *gauge)
{
    return (json_int_t)atomic_load_explicit(gauge, memory_order_relaxed);
}

static void answer_status(struct control *control, struct client *client)
{
    const struct metrics *metrics = control->parts.metrics;
    send_line(client,
              json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "started_at", read_gauge(&metrics->started_at), "steps",
                        (json_int_t)atomic_load_explicit(&metrics->steps, memory_order_relaxed), "sessions_open",
                        read_gauge(&metrics->sessions_open), "data_bytes", read_gauge(&metrics->data_bytes),
                        "wal_bytes", read_gauge(&metrics->wal_bytes), "outbox_oldest_at",
                        read_gauge(&metrics->outbox_oldest_at), "backup_at", read_gauge(&metrics->backup_at)));
    send_done(client);
}

static json_int_t read_counter(const atomic_uint_least64_t *counter)
{
    return (json_int_t)atomic_load_explicit(counter, memory_order_relaxed);
}

/* How a channel's sends are doing; NULL where it has none. */
static json_t *describe_texts(const struct control *control, const struct channel *channel)
{
    static const char *const circuits[] = {
        [CIRCUIT_CLOSED] = "closed", [CIRCUIT_OPEN] = "open", [CIRCUIT_TRYING] = "trying"};
    struct outbox_flow flow;
    if (!channel->sends && !channel->pushes)
        return NULL;
    outbox_describe_flow(control->parts.outbox, channel->id, control->now, &flow);
    json_t *texts = json_pack("{s:s, s:i, s:i, s:I, s:s}", "circuit", circuits[flow.circuit], "failures",
                              (int)flow.failures, "in_flight", (int)flow.in_flight, "last_failure_at",
                              (json_int_t)flow.failed_at, "last_failure", flow.failure ? flow.failure : "");
    if (!flow.metrics)
        return texts;
    json_object_set_new(texts, "gsm7_segments", json_integer(read_counter(&flow.metrics->gsm7_segments)));
    json_object_set_new(texts, "ucs2_segments", json_integer(read_counter(&flow.metrics->ucs2_segments)));
    if (atomic_load_explicit(&flow.metrics->has_currency, memory_order_relaxed)) {
        json_object_set_new(texts, "cost_micros", json_integer(read_counter(&flow.metrics->cost_micros)));
        json_object_set_new(texts, "currency", json_string(flow.metrics->currency));
    }
    return texts;
}

static void answer_channels(struct control *control, struct client *client)
{
    const struct channel_set *set = control->catalogue->config->channels;
    for (size_t i = 0; i < channel_set_count(set); i++) {
        const struct channel *channel = channel_set_at(set, i);
        const struct channel_stats *stats = channel_stats_of(control->parts.stats, channel->id);
        send_line(client,
                  json_pack("{s:s, s:b, s:s, s:I, s:s, s:I, s:s, s:I, s:I, s:I, s:I, s:I, s:o?}", "id", stats->id,
                            "enabled", channel->enabled, "kind", channel->kind == CHANNEL_USSD ? "ussd" : "sms",
                            "last_at", (json_int_t)stats->last_at, "last_error", stats->last_error, "last_error_at",
                            (json_int_t)stats->last_error_at, "last_refused", stats->refused, "auth_failures",
                            (json_int_t)stats->auth_failures, "received", (json_int_t)stats->received, "per_minute",
                            (json_int_t)channel_stats_per_minute(stats, control->now), "answer_us_p50",
                            (json_int_t)histogram_quantile(&stats->answer_us, 0.5), "answer_us_p99",
                            (json_int_t)histogram_quantile(&stats->answer_us, 0.99), "texts",
                            describe_texts(control, channel)));
    }
    send_done(client);
}

static void tell_progress(void *context, int left, int total)
{
    send_line(context, json_pack("{s:i, s:i}", "left", left, "total", total));
}

static void tell_backup_done(void *context, enum outcome outcome, const struct error *err, const char *path)
{
    if (outcome != OUTCOME_OK) {
        send_error(context, outcome, err->text);
        return;
    }
    send_line(context, json_pack("{s:s}", "path", path));
    send_done(context);
}

static void answer_backup(struct control *control, struct client *client, const json_t *command)
{
    struct error err;
    const struct backup_watch watching = {.context = client, .progress = tell_progress, .done = tell_backup_done};
    const char *path = json_string_value(json_object_get(command, "path"));
    enum outcome outcome =
        housekeeping_backup(control->parts.housekeeping, control->catalogue->config, path, &watching, &err);
    if (outcome != OUTCOME_OK)
        send_error(client, outcome, err.text);
}

static void answer_reload(struct control *control, struct client *client)
{
    if (reload_start(control->parts.reload))
        client->awaits_reload = true;
    else
        send_error(client, OUTCOME_CONFLICT, "a reload is running already");
}

void control_reloaded(struct control *control, const struct error *why)
{
    for (size_t i = 0; i < CONTROL_CLIENTS; i++) {
        struct client *client = &control->clients[i];
        if (client->fd < 0 || !client->awaits_reload)
            continue;
        client->awaits_reload = false;
        if (why)
            send_error(client, why->outcome, why->text);
        else
            send_done(client);
    }
}

static void answer_demo(struct control *control, struct client *client, const json_t *command)
{
    struct error err;
    json_t *answer = NULL;
    enum outcome outcome = demo_obey(control->parts.demo, control->catalogue, command, control->now, &answer, &err);
    if (outcome != OUTCOME_OK) {
        json_decref(answer);
        send_error(client, outcome, err.text);
        return;
    }
    tick_tend_later(control->parts.tick, control->now + DESK_TEND_MS);
    if (answer)
        send_line(client, answer);
    send_done(client);
}

/* ---- commands ---- */

static void take_line(void *context, json_t *object)
{
    send_line(context, object);
}

static bool answer_users(const struct control *control, struct client *client, const json_t *command)
{
    bool is_ours;
    struct error err;
    const struct control_lines lines = {.context = client, .line = take_line};
    enum outcome outcome = control_users(&control->parts, command, &lines, &is_ours, &err);
    if (is_ours && outcome == OUTCOME_OK)
        send_done(client);
    else if (is_ours)
        send_error(client, outcome, err.text);
    return is_ours;
}

static void obey(struct control *control, struct client *client, const char *line, size_t len)
{
    json_error_t where;
    json_t *command = json_loadb(line, len, JSON_REJECT_DUPLICATES, &where);
    const char *verb = json_string_value(json_object_get(command, "verb"));
    if (!verb)
        send_error(client, OUTCOME_REFUSED, "expected one JSON object a line with a \"verb\"");
    else if (!strcmp(verb, "status"))
        answer_status(control, client);
    else if (!strcmp(verb, "channels"))
        answer_channels(control, client);
    else if (!strcmp(verb, "backup"))
        answer_backup(control, client, command);
    else if (!strcmp(verb, "reload"))
        answer_reload(control, client);
    else if (!strcmp(verb, "demo"))
        answer_demo(control, client, command);
    else if (!answer_users(control, client, command))
        send_error(client, OUTCOME_NOT_FOUND,
                   "unknown verb; there are status, channels, backup, reload, demo, users, user-add, user-disable, "
                   "user-enable, user-reset");
    json_decref(command);
}

static void obey_lines(struct control *control, struct client *client)
{
    char *start = client->line, *end;
    while ((end = memchr(start, '\n', client->len - (size_t)(start - client->line)))) {
        obey(control, client, start, (size_t)(end - start));
        start = end + 1;
    }
    client->len -= (size_t)(start - client->line);
    memmove(client->line, start, client->len);
}

static void read_client(struct control *control, struct client *client)
{
    ssize_t got = recv(client->fd, client->line + client->len, sizeof client->line - client->len, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        drop(control, client);
        return;
    }
    client->len += (size_t)got;
    obey_lines(control, client);
    if (client->len == sizeof client->line)
        drop(control, client);
}

static void accept_client(struct control *control)
{
    int fd = accept4(control->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0)
        return;
    for (uint32_t i = 0; i < CONTROL_CLIENTS; i++) {
        struct client *client = &control->clients[i];
        if (client->fd >= 0)
            continue;
        client->fd = fd;
        client->len = 0;
        client->awaits_reload = false;
        watch(control, fd, i);
        return;
    }
    close(fd);
}

void control_run(struct control *control, const struct catalogue *catalogue, int64_t now)
{
    struct epoll_event events[CONTROL_COMMANDS_A_TURN];
    control->catalogue = catalogue;
    control->now = now;
    int count = epoll_wait(control->epoll, events, CONTROL_COMMANDS_A_TURN, 0);
    for (int i = 0; i < count; i++) {
        uint32_t number = events[i].data.u32;
        if (number == CONTROL_CLIENTS)
            accept_client(control);
        else if (control->clients[number].fd >= 0)
            read_client(control, &control->clients[number]);
    }
}
