#include "console/door/live.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <utlist.h>
#include "base/log.h"
#include "console/door/live_text.h"
#include "console/door/readers.h"

enum { EVENT_BYTES = 2048, BLOCK_BYTES = 4096, TURN_BYTES = 16384, END_LOOK_MS = 10 };

struct stream {
    struct live *live;
    struct MHD_Connection *connection;
    struct live_page page;
    char text[EVENT_BYTES]; /* what is still to be written, from `written` */
    size_t len, written;
    int64_t looked_at, said_at;
    uint64_t changes; /* of the desk, as of the last look */
    struct span said; /* the last counts, in `said_text`: the same are not said again */
    char said_text[EVENT_BYTES];
    bool is_suspended, is_ending, is_held, is_gone; /* held: the clock's thread looks at it without the lock */
    struct stream *prev, *next;
};

struct live {
    const struct site *site;
    pthread_mutex_t lock;
    struct stream *streams;
    size_t count;
    bool is_ending;
};

struct live *live_create(const struct site *site)
{
    struct live *live = calloc(1, sizeof *live);
    if (!live)
        abort();
    live->site = site;
    pthread_mutex_init(&live->lock, NULL);
    return live;
}

void live_free(struct live *live)
{
    if (!live)
        return;
    pthread_mutex_destroy(&live->lock);
    free(live);
}

/* ---- libmicrohttpd's threads ---- */

enum outcome live_open(struct live *live, const struct visit *visit, int64_t since, int64_t request,
                       struct stream **out)
{
    struct stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        return OUTCOME_FULL;
    stream->live = live;
    stream->page = (struct live_page){.token = visit->sign_in->token, .since = since, .request = request};
    stream->said_at = visit->now;
    memcpy(stream->text, LIVE_HELLO, sizeof LIVE_HELLO - 1);
    stream->len = sizeof LIVE_HELLO - 1;
    pthread_mutex_lock(&live->lock);
    bool has_room = live->count < LIVE_STREAMS && !live->is_ending;
    if (has_room) {
        live->count++;
        DL_APPEND(live->streams, stream);
    }
    pthread_mutex_unlock(&live->lock);
    if (!has_room) {
        free(stream);
        return OUTCOME_FULL;
    }
    *out = stream;
    return OUTCOME_OK;
}

/* With the lock held. */
static void forget(struct live *live, struct stream *stream)
{
    DL_DELETE(live->streams, stream);
    live->count--;
    free(stream);
}

static void stream_closed(void *context)
{
    struct stream *stream = context;
    struct live *live = stream->live;
    pthread_mutex_lock(&live->lock);
    stream->is_gone = true;
    if (!stream->is_held)
        forget(live, stream);
    pthread_mutex_unlock(&live->lock);
}

/* What to write next. Nothing: the connection is suspended, and this is called again once it was resumed; a reader that says 0 and
 * does not suspend is asked again at once, for ever. */
static ssize_t stream_read(void *context, uint64_t at, char *out, size_t max)
{
    (void)at;
    struct stream *stream = context;
    struct live *live = stream->live;
    ssize_t given = 0;
    pthread_mutex_lock(&live->lock);
    size_t left = stream->len - stream->written;
    if (left > 0) {
        size_t len = left < max ? left : max;
        memcpy(out, stream->text + stream->written, len);
        stream->written += len;
        given = (ssize_t)len;
    } else if (stream->is_ending || live->is_ending) {
        given = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        stream->is_suspended = true;
        MHD_suspend_connection(stream->connection);
    }
    pthread_mutex_unlock(&live->lock);
    return given;
}

struct MHD_Response *live_response(struct stream *stream, struct MHD_Connection *connection)
{
    stream->connection = connection;
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES, stream_read, stream, stream_closed);
    if (!response)
        stream_closed(stream);
    return response;
}

/* ---- the clock's thread ---- */

/* With the lock held. */
static void wake(struct stream *stream)
{
    if (!stream->is_suspended)
        return;
    stream->is_suspended = false;
    MHD_resume_connection(stream->connection);
}

/* With the lock held. What the browser has not taken yet stays in front; where there is no room nothing is added: it is told the
 * next time. */
static bool say(struct stream *stream, struct span text, int64_t now)
{
    if (stream->written == stream->len)
        stream->len = stream->written = 0;
    if (text.len > sizeof stream->text - stream->len)
        return false;
    memcpy(stream->text + stream->len, text.at, text.len);
    stream->len += text.len;
    stream->said_at = now;
    wake(stream);
    return true;
}

static void say_counts(struct stream *stream, struct span event, int64_t now)
{
    if (span_equal(event, stream->said) || event.len > sizeof stream->said_text || !say(stream, event, now))
        return;
    memcpy(stream->said_text, event.at, event.len);
    stream->said = (struct span){stream->said_text, event.len};
}

/* With the lock held, after a look without it. */
static void take_look(struct stream *stream, enum outcome outcome, struct span event, int64_t now)
{
    if (outcome == OUTCOME_OK)
        say_counts(stream, event, now);
    else if (live_is_over(outcome) && say(stream, SPAN(LIVE_OVER), now))
        stream->is_ending = true;
    if (now - stream->said_at >= LIVE_COMMENT_MS)
        (void)say(stream, SPAN(LIVE_COMMENT), now);
}

static bool wants_look(const struct stream *stream, uint64_t changes, int64_t now)
{
    if (stream->is_ending || stream->is_gone || now - stream->looked_at < LIVE_LOOK_MS)
        return false;
    return stream->changes != changes || now - stream->looked_at >= LIVE_COMMENT_MS;
}

/* With the lock held; let go of while the file is read. */
static enum outcome look_at(struct live *live, struct stream *stream, const struct live_look *look)
{
    struct error err;
    struct span event = SPAN_NONE;
    const struct live_page page = stream->page;
    stream->is_held = true;
    pthread_mutex_unlock(&live->lock);
    enum outcome outcome = live_event(look, &page, &event, &err);
    if (outcome != OUTCOME_OK && !live_is_over(outcome))
        log_event(LOG_LEVEL_WARNING, "console", "live_not_read", "why=\"%s\"", err.text);
    pthread_mutex_lock(&live->lock);
    stream->is_held = false;
    if (!stream->is_gone)
        take_look(stream, outcome, event, look->now);
    return outcome;
}

/* The first that wants to be looked at, after those that were. */
static struct stream *find_next(struct live *live, uint64_t changes, int64_t now)
{
    for (struct stream *stream = live->streams; stream; stream = stream->next)
        if (wants_look(stream, changes, now))
            return stream;
    return NULL;
}

void live_turn(struct live *live, int64_t now)
{
    struct live_look look = {.site = live->site, .now = now};
    struct error err;
    uint64_t changes = desk_changes(live->site->config->desk);
    pthread_mutex_lock(&live->lock);
    for (struct stream *stream; (stream = find_next(live, changes, now));) {
        if (!look.reader && readers_take(live->site->readers, &look.reader, &err) != OUTCOME_OK)
            break;
        if (!look.arena)
            look.arena = arena_create_secret(TURN_BYTES);
        stream->looked_at = now;
        stream->changes = changes;
        enum outcome outcome = look_at(live, stream, &look);
        if (stream->is_gone)
            forget(live, stream);
        arena_reset(look.arena);
        if (outcome == OUTCOME_FULL)
            break; /* the others wait for a turn in which the file is faster: the clock has slow senders to cut off */
    }
    pthread_mutex_unlock(&live->lock);
    readers_give_back(live->site->readers, look.reader, false);
    arena_destroy(look.arena);
}

size_t live_count(struct live *live)
{
    pthread_mutex_lock(&live->lock);
    size_t count = live->count;
    pthread_mutex_unlock(&live->lock);
    return count;
}

static size_t wake_all(struct live *live)
{
    pthread_mutex_lock(&live->lock);
    live->is_ending = true;
    for (struct stream *stream = live->streams; stream; stream = stream->next)
        wake(stream);
    size_t left = live->count;
    pthread_mutex_unlock(&live->lock);
    return left;
}

void live_end(struct live *live, int64_t wait_ms)
{
    const struct timespec moment = {.tv_nsec = END_LOOK_MS * 1000 * 1000};
    for (int64_t waited = 0; wake_all(live) > 0 && waited < wait_ms; waited += END_LOOK_MS)
        nanosleep(&moment, NULL);
}
