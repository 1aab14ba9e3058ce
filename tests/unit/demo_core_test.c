/* demo: while a day that never was is laid in, the program keeps its hands off the desk: what it laid into the past looks left lying. */
#include "desk_stage.h"

#include <sys/socket.h>
#include <sys/un.h>
#include "base/log.h"
#include "core/control.h"
#include "core/tick.h"

#define USER                                                                                                           \
    "{\"verb\":\"demo\",\"do\":\"user\",\"at\":1789000000000,\"name\":\"rina\",\"shown\":\"Rina\",\"roles\":"          \
    "[\"counsellor\"],\"languages\":\"bn\",\"lang\":\"bn\",\"hash\":\"" HASH "\"}\n"

struct play {
    struct desk_stage *d;
    struct metrics metrics;
    struct sender *sender;
    struct outbox *outbox;
    struct channel_stats_table *stats;
    struct tick *tick;
    struct housekeeping *housekeeping;
    struct demo *demo;
    struct control *control;
    int fd;
};

static int join_in(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void open_tick(struct play *p)
{
    static const struct sender_config sending = {1, 1, 1000, 1000, true};
    char path[100];
    struct fixture *f = p->d->f;
    log_set_level(LOG_LEVEL_ERROR);
    OK(sender_open(&sending, &p->sender, &f->err));
    p->outbox = outbox_create(p->sender, 1);
    p->stats = channel_stats_create();
    p->housekeeping = housekeeping_create(f->store, &p->metrics);
    p->demo = demo_create(f->store, f->keyring, p->d->desk);
    const struct tick_parts parts = {.store = f->store,
                                     .keyring = f->keyring,
                                     .outbox = p->outbox,
                                     .stats = p->stats,
                                     .metrics = &p->metrics,
                                     .desk = p->d->desk,
                                     .max_parked = 1};
    p->tick = tick_create(&parts, store_last_id(f->store));
    tick_use_catalogue(p->tick, p->d->stage.catalogue);
    const struct control_parts control = {.metrics = &p->metrics,
                                          .stats = p->stats,
                                          .outbox = p->outbox,
                                          .housekeeping = p->housekeeping,
                                          .demo = p->demo,
                                          .tick = p->tick,
                                          .store = f->store};
    snprintf(path, sizeof path, "%s/control.sock", f->dir);
    OK(control_open(path, &control, &p->control, &f->err));
    p->fd = join_in(path);
}

static int begin(void **state)
{
    struct play *p = calloc(1, sizeof *p);
    assert_int_equal(open_desk_stage((void **)&p->d), 0);
    open_tick(p);
    *state = p;
    return 0;
}

/* As begin, on a file that holds nothing yet. */
static int begin_empty(void **state)
{
    struct play *p = calloc(1, sizeof *p);
    struct desk_stage *d = p->d = calloc(1, sizeof *d);
    assert_int_equal(fixture_setup((void **)&d->stage.f), 0);
    struct fixture *f = d->f = d->stage.f;
    (void)catalogue_hold(desk_service.catalogue);
    d->stage.catalogue = desk_service.catalogue;
    OK(desk_create(&d->desk, &f->err));
    open_tick(p);
    *state = p;
    return 0;
}

static int end(void **state)
{
    struct play *p = *state;
    close(p->fd);
    control_close(p->control);
    tick_free(p->tick);
    demo_free(p->demo);
    housekeeping_free(p->housekeeping);
    channel_stats_free(p->stats);
    outbox_free(p->outbox);
    sender_close(p->sender);
    void *stage = p->d;
    close_desk_stage(&stage);
    free(p);
    return 0;
}

/* What the control socket answers to a line. */
static const char *say(struct play *p, int64_t now, const char *text)
{
    static char answer[4096];
    assert_int_equal(send(p->fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
    control_run(p->control, p->d->stage.catalogue, now);
    control_run(p->control, p->d->stage.catalogue, now);
    const ssize_t len = recv(p->fd, answer, sizeof answer - 1, 0);
    assert_true(len > 0);
    answer[len] = '\0';
    return answer;
}

static int64_t assignee(struct play *p)
{
    return atoll(fixture_ask(p->d->f, "SELECT coalesce((SELECT assignee FROM request_desk), 0)"));
}

/* Somebody was given it long ago and did nothing. */
static void claim_long_ago(struct play *p)
{
    struct desk_stage *d = p->d;
    d->now = clock_utc_ms() - 30 * DAY;
    DO(.verb = DESK_CLAIM, .operator = d->counsellor, .object = 3001);
}

static void what_lies_goes_back_in_a_tick(void **state)
{
    struct play *p = *state;
    claim_long_ago(p);
    assert_int_equal(tick_tends_at(p->tick), 1); /* at once */
    tick_run(p->tick);
    assert_int_equal(assignee(p), 0);
    assert_true(tick_tends_at(p->tick) > clock_utc_ms());
}

/* Each event of it puts the program's own look off; what is refused does not. */
static void a_day_being_laid_in_is_not_disturbed(void **state)
{
    struct play *p = *state;
    const int64_t now = clock_utc_ms() + MINUTE;
    assert_non_null(strstr(say(p, now, "{\"verb\":\"demo\",\"do\":\"begin\"}\n"), "done"));
    assert_int_equal(tick_tends_at(p->tick), now + DESK_TEND_MS);
    assert_non_null(strstr(say(p, now + MINUTE, USER), "\"id\""));
    assert_int_equal(tick_tends_at(p->tick), now + MINUTE + DESK_TEND_MS);
    assert_non_null(strstr(say(p, now + 2 * MINUTE, USER), "error"));
    assert_int_equal(tick_tends_at(p->tick), now + MINUTE + DESK_TEND_MS);
    p->d->now = now - 30 * DAY;
    somebody_is_there(p->d);
    somebody_asks(p->d, &(struct wish){.id = 3001, .reference = "1234566"});
    p->d->counsellor = hire(p->d, "cora", ROLE_BIT(ROLE_COUNSELLOR));
    claim_long_ago(p);
    tick_run(p->tick);
    assert_int_equal(assignee(p), p->d->counsellor);
}

static void a_day_goes_into_an_empty_file_and_into_the_past(void **state)
{
    struct play *p = *state;
    const int64_t long_ago = 1789000000000;
    assert_non_null(strstr(say(p, long_ago, USER), "nothing was begun"));
    assert_non_null(strstr(say(p, long_ago, "{\"verb\":\"demo\",\"do\":\"begin\"}\n"), "done"));
    assert_non_null(strstr(say(p, long_ago - 1, USER), "to be past"));
    assert_non_null(strstr(say(p, long_ago, USER), "\"id\""));
    assert_non_null(strstr(say(p, long_ago, "{\"verb\":\"demo\",\"do\":\"end\"}\n"), "done"));
    assert_non_null(strstr(say(p, long_ago, USER), "nothing was begun"));
    assert_non_null(strstr(say(p, long_ago, "{\"verb\":\"demo\",\"do\":\"begin\"}\n"), "already"));
}

static void it_is_put_off_and_never_brought_forward(void **state)
{
    struct play *p = *state;
    const int64_t later = clock_utc_ms() + 60 * MINUTE;
    claim_long_ago(p);
    tick_tend_later(p->tick, later);
    tick_tend_later(p->tick, later - MINUTE);
    assert_int_equal(tick_tends_at(p->tick), later);
    tick_run(p->tick);
    assert_int_equal(assignee(p), p->d->counsellor);
}

#define IN_PLAY(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PLAY(what_lies_goes_back_in_a_tick),
        cmocka_unit_test_setup_teardown(a_day_being_laid_in_is_not_disturbed, begin_empty, end),
        cmocka_unit_test_setup_teardown(a_day_goes_into_an_empty_file_and_into_the_past, begin_empty, end),
        IN_PLAY(it_is_put_off_and_never_brought_forward),
    };
    return cmocka_run_group_tests(tests, load_desk_service, drop_desk_service);
}
