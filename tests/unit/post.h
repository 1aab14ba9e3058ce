/* An outbox with a real store, a real sender and a server that says what the test wants. The clock is the test's. */
#pragma once
#include "core_fixture.h"

#include <poll.h>
#include <signal.h>
#include "base/log.h"
#include "base/metrics.h"
#include "core/meter.h"
#include "core/outbox.h"
#include "scripted_server.h"

#define BODY(code)                                                                                                     \
    "{\"SMSMessageData\":{\"Recipients\":[{\"statusCode\":" code ",\"messageId\":\"ATXid_1\",\"cost\":\"0\"}]}}"
#define SENT "HTTP/1.1 201 Created\r\nConnection: close\r\n\r\n" BODY("101")
#define REFUSED_ONE "HTTP/1.1 201 Created\r\nConnection: close\r\n\r\n" BODY("403")
#define LATER "HTTP/1.1 429 Too Many\r\nRetry-After: 7\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
#define BUSY "HTTP/1.1 429 Too Many\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

struct post {
    struct stage stage;
    struct metrics metrics;
    struct sender *sender;
    struct outbox *outbox;
    struct server server;
    struct id_source ids;
    int64_t now;
};

static inline int open_post(void **state)
{
    struct post *p = calloc(1, sizeof *p);
    static const struct step nothing[] = {{0}};
    struct error err;
    signal(SIGPIPE, SIG_IGN);
    log_set_level(LOG_LEVEL_ERROR);
    start_server(&p->server, nothing);
    p->stage = stage_open(p->server.port);
    fixture_someone(p->stage.f);
    p->now = NOW;
    const struct sender_config config = {8, 16, 3000, 3000, true};
    if (sender_open(&config, &p->sender, &err) != OUTCOME_OK)
        fail_msg("%s", err.text);
    p->outbox = outbox_create(p->sender, 16);
    *state = p;
    return 0;
}

static inline int close_post(void **state)
{
    struct post *p = *state;
    outbox_free(p->outbox);
    sender_close(p->sender);
    if (p->server.listen_fd >= 0)
        stop_server(&p->server);
    stage_close(&p->stage);
    free(p);
    return 0;
}

static inline void queue_on(struct post *p, int64_t id, const char *channel)
{
    struct fixture *f = p->stage.f;
    /* a phone each: at most one text of a phone is on its way */
    char number[24];
    snprintf(number, sizeof number, "+88017%08d", (int)id);
    const struct phone_row phone = a_phone(f, 100 + id, number);
    const struct outbox_row row = {.id = id,
                                   .phone = 100 + id,
                                   .channel = span_of(channel),
                                   .from = SPAN("21512"),
                                   .link = SPAN("0309"),
                                   .to = span_of(number),
                                   .text = SPAN("hello"),
                                   .created_at = p->now,
                                   .due_at = p->now,
                                   .changed_at = p->now,
                                   .expires_at = p->now + HOUR,
                                   .segments = 1};
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&phone, SPAN_NONE}}, {.kind = CHANGE_OUTBOX, .outbox = {.row = &row}}));
}

static inline void queue(struct post *p, int64_t id)
{
    queue_on(p, id, "sms");
}

/* One tick of the outbox alone; gives how many changes there were. */
static inline size_t pass_with(struct post *p, const struct inbound *report)
{
    struct fixture *f = p->stage.f;
    struct arena *arena = arena_create(16384);
    struct change_list changes = {.arena = arena};
    const struct outbox_pass pass = {f->store, p->stage.catalogue, arena, &changes, &p->ids, &p->metrics, p->now};
    OK(outbox_collect(p->outbox, &pass, &f->err));
    OK(outbox_pick(p->outbox, &pass, &f->err));
    if (report)
        OK(outbox_report(&pass, stage_channel(&p->stage, "sms"), report, 0, &f->err));
    size_t count = changes.count;
    if (count)
        OK(store_save(f->store, changes.at, count, &f->failed_at, &f->err));
    meter_count(&p->metrics, p->stage.catalogue->config->channels, changes.at, count);
    outbox_hand_over(p->outbox);
    arena_destroy(arena);
    return count;
}

static inline size_t pass(struct post *p)
{
    return pass_with(p, NULL);
}

static inline void await(struct post *p)
{
    struct pollfd fd = {.fd = sender_poll_fd(p->sender), .events = POLLIN};
    assert_int_equal(poll(&fd, 1, PATIENCE_MS), 1);
}

static inline int column(struct post *p, int64_t id, const char *name)
{
    char query[128];
    snprintf(query, sizeof query, "SELECT %s FROM outbox WHERE id = %d", name, (int)id);
    return atoi(fixture_ask(p->stage.f, query));
}

static inline int in_state(struct post *p, enum outbox_state state)
{
    char query[128];
    snprintf(query, sizeof query, "SELECT count(*) FROM outbox WHERE state = %d", (int)state);
    return atoi(fixture_ask(p->stage.f, query));
}

static inline struct inbound report_of(const char *vendor_id, enum delivery delivery)
{
    return (struct inbound){.kind = INBOUND_REPORT, .refers_to = span_of(vendor_id), .delivery = delivery};
}
