#include "cli/dial_api.h"

#include <poll.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/random.h"
#include "http/listener.h"

#define BODY_MAX 262144

struct arrived {
    struct handset_sent sent;
    struct arrived *next;
};

struct dial_api {
    struct listener *listener;
    const struct channel *channel;
    struct arena *arena;
    struct arrived *first, **last; /* not looked at yet */
};

static unsigned admit(void *context, const struct http_request *head, size_t *max_body)
{
    (void)context;
    (void)head;
    *max_body = BODY_MAX;
    return 0;
}

static void keep(struct dial_api *api, const struct handset_sent *sent)
{
    struct arrived *arrived = ARENA_NEW(api->arena, struct arrived);
    arrived->sent = *sent;
    *api->last = arrived;
    api->last = &arrived->next;
}

/* The listener's memory ends with the answer; what is kept is copied. */
static struct handset_sent copy_sent(const struct handset_sent *sent, struct span id, struct arena *arena)
{
    struct handset_sent copy = *sent;
    copy.to = arena_copy(arena, sent->to);
    copy.text = arena_copy(arena, sent->text);
    copy.link = arena_copy(arena, sent->link);
    copy.id = span_is_present(sent->id) ? arena_copy(arena, sent->id) : id;
    return copy;
}

static void take(void *context, struct parked *parked, const struct http_request *request)
{
    struct dial_api *api = context;
    struct http_response response = {.status = 404};
    struct handset_sent sent;
    char hex[17];
    random_hex(hex, 16);
    struct span id = arena_format(api->arena, "dial-%s", hex);
    if (api->channel != NULL && handset_sent(api->channel, request, api->arena, &sent) == OUTCOME_OK) {
        handset_answer(api->channel, &sent, id, api->arena, &response);
        sent = copy_sent(&sent, id, api->arena);
        if (sent.asked != HANDSET_TOKEN)
            keep(api, &sent);
    }
    listener_answer(api->listener, parked, &response);
}

enum outcome dial_api_open(const char *address, struct arena *arena, struct dial_api **out, struct error *err)
{
    struct dial_api *api = ARENA_NEW(arena, struct dial_api);
    struct listener_config config = {
        .address = address, .max_body = BODY_MAX, .max_connections = 64, .idle_seconds = 60};
    struct listener_hooks hooks = {.context = api, .admit = admit, .take = take};
    api->arena = arena;
    api->last = &api->first;
    enum outcome outcome = listener_open(&config, &hooks, &api->listener, err);
    *out = outcome == OUTCOME_OK ? api : NULL;
    return outcome;
}

void dial_api_close(struct dial_api *api)
{
    if (api != NULL)
        listener_close(api->listener);
}

unsigned dial_api_port(const struct dial_api *api)
{
    return listener_port(api->listener);
}

void dial_api_play(struct dial_api *api, const struct channel *channel)
{
    api->channel = channel;
}

static int least_wait(struct dial_api *api, int64_t left)
{
    int own = listener_wait_ms(api->listener);
    return own >= 0 && own < left ? own : (int)left;
}

/* True: keys wait on standard input. */
static bool turn(struct dial_api *api, int64_t left, bool or_keys)
{
    struct pollfd fds[2] = {{.fd = listener_poll_fd(api->listener), .events = POLLIN},
                            {.fd = or_keys ? STDIN_FILENO : -1, .events = POLLIN}};
    poll(fds, 2, least_wait(api, left));
    listener_run(api->listener);
    listener_run(api->listener); /* answers given within the first turn leave in the second */
    return fds[1].revents != 0;
}

const struct handset_sent *dial_api_wait(struct dial_api *api, int wait_ms, bool or_keys)
{
    int64_t end = clock_monotonic_ms() + wait_ms;
    bool keys = false;
    for (int64_t left = wait_ms; api->first == NULL && !keys && left >= 0; left = end - clock_monotonic_ms())
        keys = turn(api, left, or_keys);
    struct arrived *arrived = api->first;
    if (arrived == NULL)
        return NULL;
    api->first = arrived->next;
    if (api->first == NULL)
        api->last = &api->first;
    return &arrived->sent;
}
