/* tick: requests over real HTTP into a real store, and what happens when that fails: a poisoned message, a disk that takes no
 * more. The disk's failing is a limit on the size of files: every write past it fails, as on a full disk. */
#include "core_fixture.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include "base/clock.h"
#include "base/log.h"
#include "core/tick.h"
#include "scripted_server.h"

#define CALLERS 6
#define OK_201                                                                                                         \
    "HTTP/1.1 201 Created\r\nConnection: close\r\nContent-Length: 95\r\n\r\n"                                          \
    "{\"SMSMessageData\":{\"Recipients\":[{\"statusCode\":101,\"messageId\":\"ATXid_1\",\"status\":\"Success\"}]}}"

#define OK_201_AS(id)                                                                                                  \
    "HTTP/1.1 201 Created\r\nConnection: close\r\n\r\n{\"SMSMessageData\":{\"Recipients\":[{\"statusCode\":101,"       \
    "\"messageId\":\"" id "\"}]}}"

struct gate {
    struct stage stage;
    struct metrics metrics;
    struct channel_stats_table *stats;
    struct sender *sender;
    struct outbox *outbox;
    struct tick *tick;
    struct listener *listener;
    struct server server;
};

static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* Less than a page: no file takes one more, whatever a reopening makes of the log. */
static void fill_disk(void)
{
    limit_files(4000);
}

static void empty_disk(void)
{
    limit_files(RLIM_INFINITY);
}

static void open_all(struct gate *g)
{
    struct fixture *f = g->stage.f;
    const struct sender_config sending = {4, 16, 1000, 3000, true};
    OK(sender_open(&sending, &g->sender, &f->err));
    g->stats = channel_stats_create();
    g->outbox = outbox_create(g->sender, 16);
    const struct tick_parts parts = {f->store, f->keyring, g->outbox, g->stats, &g->metrics, 16};
    g->tick = tick_create(&parts, store_last_id(f->store));
    tick_use_catalogue(g->tick, g->stage.catalogue);
    const struct listener_config listening = {"127.0.0.1:0", 65536, 64, 10};
    const struct listener_hooks hooks = {g->tick, tick_admit, tick_take};
    OK(listener_open(&listening, &hooks, &g->listener, &f->err));
    tick_use_listener(g->tick, g->listener);
}

static int open_gate(void **state)
{
    static const struct step steps[] = {{OK_201, 0, 100, CLOSE}, {OK_201, 0, 0, CLOSE}, {OK_201, 0, 0, CLOSE}, {0}};
    struct gate *g = calloc(1, sizeof *g);
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    log_set_level(LOG_LEVEL_ERROR);
    start_server(&g->server, steps);
    g->stage = stage_open(g->server.port);
    open_all(g);
    *state = g;
    return 0;
}

static int close_gate(void **state)
{
    struct gate *g = *state;
    empty_disk();
    listener_close(g->listener);
    tick_free(g->tick);
    outbox_free(g->outbox);
    sender_close(g->sender);
    channel_stats_free(g->stats);
    stop_server(&g->server);
    stage_close(&g->stage);
    free(g);
    return 0;
}

/* ---- the other side ---- */

static int send_post(const struct gate *g, const char *path, const char *body)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)listener_port(g->listener))};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    char request[1024];
    int len = snprintf(request, sizeof request,
                       "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                       "Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
                       path, strlen(body), body);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(send(fd, request, (size_t)len, 0), len);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

static int send_ussd(const struct gate *g, int caller, const char *session, const char *text)
{
    char body[256];
    snprintf(body, sizeof body, "sessionId=%s&phoneNumber=%%2B88017123400%02d&serviceCode=*384%%23&text=%s", session,
             caller, text);
    return send_post(g, "/in/ussd/0123456789abcdef", body);
}

static int send_text(const struct gate *g, int caller, const char *id, const char *words)
{
    char body[256];
    snprintf(body, sizeof body, "id=%s&from=%%2B88017123400%02d&to=21512&text=%s", id, caller, words);
    return send_post(g, "/in/sms/0123456789abcdef", body);
}

static void collect(struct gate *g, size_t count)
{
    for (int64_t until = clock_monotonic_ms() + 5000; tick_waiting(g->tick) < count;) {
        assert_true(clock_monotonic_ms() < until);
        listener_run(g->listener);
    }
}

/* The whole response; the socket is closed. */
static const char *answer(struct gate *g, int fd)
{
    static char text[4096];
    size_t len = 0;
    for (int64_t until = clock_monotonic_ms() + 5000;;) {
        assert_true(clock_monotonic_ms() < until);
        listener_run(g->listener);
        ssize_t got = recv(fd, text + len, sizeof text - 1 - len, 0);
        if (got == 0)
            break;
        len += got > 0 ? (size_t)got : 0;
    }
    text[len] = '\0';
    close(fd);
    return text;
}

static void expect_answer(struct gate *g, int fd, const char *status, const char *body, int line)
{
    const char *text = answer(g, fd);
    if (strncmp(text + 9, status, 3) != 0 || !strstr(text, body)) {
        print_error("line %d: got \"%s\", wanted %s and \"%s\"\n", line, text, status, body);
        fail();
    }
}
#define EXPECT(fd, status, body) expect_answer(g, fd, status, body, __LINE__)

static const char *ussd(struct gate *g, int caller, const char *session, const char *text)
{
    int fd = send_ussd(g, caller, session, text);
    collect(g, 1);
    tick_run(g->tick);
    return answer(g, fd);
}

static int rows(struct gate *g, const char *table_where)
{
    char query[256];
    snprintf(query, sizeof query, "SELECT count(*) FROM %s", table_where);
    return atoi(fixture_ask(g->stage.f, query));
}

static void beside(struct gate *g, const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(g->stage.f->path, &db), SQLITE_OK);
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void wait_for_outcome(struct gate *g)
{
    struct pollfd poll_fd = {.fd = sender_poll_fd(g->sender), .events = POLLIN};
    assert_int_equal(poll(&poll_fd, 1, 5000), 1);
}

/* ---- the order of things ---- */

static void a_batch_is_one_commit_and_each_gets_its_own(void **state)
{
    struct gate *g = *state;
    int fd[CALLERS];
    for (int i = 0; i < CALLERS; i++) {
        char session[16];
        snprintf(session, sizeof session, "s%d", i);
        fd[i] = send_ussd(g, i, session, i % 2 ? "1" : "2");
    }
    collect(g, CALLERS);
    tick_run(g->tick);
    for (int i = 0; i < CALLERS; i++)
        EXPECT(fd[i], "200", i % 2 ? "CON Small" : "CON Chhoto");
    assert_int_equal(rows(g, "turn"), CALLERS);
    assert_int_equal(atomic_load(&g->metrics.ticks), 1);
    assert_int_equal(atomic_load(&g->metrics.steps), CALLERS);
}

static void past_the_bound_callers_are_told_to_come_again(void **state)
{
    struct gate *g = *state;
    int fd[20];
    for (int i = 0; i < 20; i++) {
        char session[16];
        snprintf(session, sizeof session, "s%d", i);
        fd[i] = send_ussd(g, i, session, "");
    }
    collect(g, 16);
    for (int i = 0; i < 200; i++)
        listener_run(g->listener);
    tick_run(g->tick);
    int served = 0, told = 0;
    for (int i = 0; i < 20; i++) {
        const char *text = answer(g, fd[i]);
        served += strstr(text, "200 OK") && strstr(text, "CON Language");
        told += strstr(text, " 503 ") && strstr(text, "Retry-After: 1");
    }
    assert_int_equal(served, 16);
    assert_int_equal(told, 4);
    assert_int_equal(atomic_load(&g->metrics.errors[METRIC_ERROR_FULL]), 4);
}

/* ---- a message that the store refuses ---- */

static void a_poisoned_message_harms_nobody_else(void **state)
{
    struct gate *g = *state;
    for (int i = 0; i < 3; i++)
        ussd(g, i, i == 0 ? "a" : i == 1 ? "b" : "c", "");
    beside(
        g,
        "CREATE TRIGGER poison BEFORE INSERT ON turn WHEN NEW.input = '77' BEGIN SELECT RAISE(ABORT, 'poison'); END");
    int fd[] = {send_ussd(g, 0, "a", "1"), send_ussd(g, 1, "b", "77"), send_text(g, 4, "m1", "77"),
                send_ussd(g, 2, "c", "2"), send_text(g, 5, "m2", "hello")};
    collect(g, 5);
    tick_run(g->tick);
    EXPECT(fd[0], "200", "CON Small");
    EXPECT(fd[1], "200", "END Call 999 in danger.");
    EXPECT(fd[2], "200", "\r\n\r\n");
    EXPECT(fd[3], "200", "CON Chhoto");
    EXPECT(fd[4], "200", "\r\n\r\n");
    assert_int_equal(rows(g, "turn"), 6);
    assert_int_equal(rows(g, "stray WHERE why = 'refused_by_store'"), 2);
    assert_int_equal(rows(g, "session"), 4); /* nothing of the poisoned text's */
    assert_int_equal(atomic_load(&g->metrics.errors[METRIC_ERROR_STATEMENT]), 2);
    assert_non_null(strstr(ussd(g, 1, "b", "1"), "CON Small")); /* her session stands where it stood */
    beside(g, "DROP TRIGGER poison");
    assert_non_null(strstr(ussd(g, 3, "d", "1"), "CON Small"));
}

static void a_message_that_cannot_even_be_kept_is_asked_for_again(void **state)
{
    struct gate *g = *state;
    beside(g, "CREATE TRIGGER poison BEFORE INSERT ON turn BEGIN SELECT RAISE(ABORT, 'poison'); END;"
              "CREATE TRIGGER poison2 BEFORE INSERT ON stray BEGIN SELECT RAISE(ABORT, 'poison'); END");
    int fd[] = {send_text(g, 1, "m1", "hello"), send_ussd(g, 2, "a", "")};
    collect(g, 2);
    tick_run(g->tick);
    EXPECT(fd[0], "503", "Retry-After: 1");
    EXPECT(fd[1], "200", "END Call 999 in danger.");
    assert_int_equal(rows(g, "session"), 0);
}

static void a_poisoned_text_to_send_harms_no_message_and_no_other_text(void **state)
{
    struct gate *g = *state;
    int fd[] = {send_text(g, 1, "m1", "hello"), send_text(g, 2, "m2", "hello")};
    beside(g, "CREATE TRIGGER poison BEFORE UPDATE ON outbox WHEN NEW.id = (SELECT min(id) FROM outbox) "
              "BEGIN SELECT RAISE(ABORT, 'poison'); END");
    collect(g, 2);
    tick_run(g->tick);
    EXPECT(fd[0], "200", "");
    EXPECT(fd[1], "200", "");
    assert_int_equal(rows(g, "outbox WHERE state = 0"), 2);
    assert_non_null(strstr(ussd(g, 3, "a", "1"), "CON Small"));
    assert_int_equal(rows(g, "outbox WHERE state = 0"), 1);
    assert_int_equal(rows(g, "outbox WHERE state = 1"), 1);
    int64_t now = clock_utc_ms();
    assert_true(outbox_next_at(g->outbox, g->stage.catalogue, g->stage.f->store, now) > now); /* it does not spin */
    wait_for_outcome(g);
    tick_run(g->tick);
    assert_int_equal(rows(g, "outbox WHERE state = 2"), 1);
    assert_int_equal(atomic_load(&g->server.requests), 1);
}

/* ---- a disk that takes no more ---- */

static void what_cannot_be_kept_is_not_answered_as_if_it_were(void **state)
{
    struct gate *g = *state;
    ussd(g, 1, "a", "");
    int turns = rows(g, "turn");
    fill_disk();
    for (int i = 0; i < 3; i++) {
        char id[16];
        snprintf(id, sizeof id, "m%d", i);
        int fd[] = {send_ussd(g, 1, "a", "2"), send_text(g, 2, id, "hello"), send_ussd(g, 3, "b", "")};
        collect(g, 3);
        tick_run(g->tick);
        EXPECT(fd[0], "200", "END Call 999 in danger.");
        EXPECT(fd[1], "503", "Retry-After: 1");
        EXPECT(fd[2], "200", "END Call 999 in danger.");
    }
    assert_int_equal(atomic_load(&g->metrics.errors[METRIC_ERROR_COMMIT]), 3);
    empty_disk();
    assert_int_equal(rows(g, "turn"), turns);
    assert_int_equal(rows(g, "session"), 1);
    assert_int_equal(rows(g, "outbox"), 0);
    assert_string_equal(fixture_ask(g->stage.f, "PRAGMA integrity_check"), "ok");

    int fd[] = {send_ussd(g, 1, "a", "2"), send_text(g, 2, "m1", "hello")}; /* sent again */
    collect(g, 2);
    tick_run(g->tick);
    EXPECT(fd[0], "200", "CON Chhoto");
    EXPECT(fd[1], "200", "");
    assert_int_equal(rows(g, "turn"), turns + 2);
    assert_int_equal(rows(g, "outbox"), 1);
}

static void outcomes_that_come_while_the_disk_fails_are_not_lost(void **state)
{
    struct gate *g = *state;
    int fd = send_text(g, 1, "m1", "hello");
    collect(g, 1);
    tick_run(g->tick);
    EXPECT(fd, "200", "");
    tick_run(g->tick);
    assert_int_equal(rows(g, "outbox WHERE state = 1"), 1);
    fill_disk();
    wait_for_outcome(g);
    tick_run(g->tick);
    int64_t now = clock_utc_ms(), next = outbox_next_at(g->outbox, g->stage.catalogue, g->stage.f->store, now);
    assert_true(next > now && next <= now + 1000); /* it comes back by itself, and not at once */
    tick_run(g->tick);
    empty_disk();
    usleep(1100 * 1000);
    assert_true(outbox_next_at(g->outbox, g->stage.catalogue, g->stage.f->store, clock_utc_ms()) <= clock_utc_ms());
    tick_run(g->tick);
    assert_int_equal(rows(g, "outbox WHERE state = 2 AND vendor_id = 'ATXid_1'"), 1);
    assert_int_equal(atomic_load(&g->server.requests), 1);
}

static void a_text_that_could_not_be_marked_is_not_sent(void **state)
{
    struct gate *g = *state;
    int fd = send_text(g, 1, "m1", "hello");
    collect(g, 1);
    tick_run(g->tick);
    EXPECT(fd, "200", "");
    fill_disk();
    tick_run(g->tick);
    int64_t now = clock_utc_ms();
    assert_true(outbox_next_at(g->outbox, g->stage.catalogue, g->stage.f->store, now) > now);
    usleep(1100 * 1000);
    tick_run(g->tick);
    assert_int_equal(atomic_load(&g->server.requests), 0);
    empty_disk();
    assert_int_equal(rows(g, "outbox WHERE state = 0"), 1);
    usleep(1100 * 1000);
    tick_run(g->tick);
    assert_int_equal(rows(g, "outbox WHERE state = 1 AND attempts = 1"), 1);
    wait_for_outcome(g);
    tick_run(g->tick);
    assert_int_equal(rows(g, "outbox WHERE state = 2"), 1);
    assert_int_equal(atomic_load(&g->server.requests), 1);
}

/* ---- reports and stopping ---- */

static void a_report_for_no_text_of_ours_is_kept(void **state)
{
    struct gate *g = *state;
    int fd = send_post(g, "/dlr/sms/0123456789abcdef", "id=ATXid_9&status=Failed&failureReason=UserInBlacklist");
    collect(g, 1);
    tick_run(g->tick);
    EXPECT(fd, "200", "");
    assert_int_equal(rows(g, "early_report WHERE vendor_id = 'ATXid_9' AND delivery = 3"), 1);
}

/* A text in, and the answer to it out and back. */
static void talk(struct gate *g, const char *id, const char *words)
{
    int fd = send_text(g, 1, id, words);
    collect(g, 1);
    tick_run(g->tick);
    EXPECT(fd, "200", "");
    tick_run(g->tick);
    wait_for_outcome(g);
    tick_run(g->tick);
}

static void report(struct gate *g, const char *body)
{
    int fd = send_post(g, "/dlr/sms/0123456789abcdef", body);
    collect(g, 1);
    tick_run(g->tick);
    EXPECT(fd, "200", "");
}

/* From the phone to the disk: who asked for something and was not told so is somebody's to look at, until it is known better. */
static void a_request_whose_answer_failed_is_marked(void **state)
{
    struct gate *g = *state;
    static const struct step steps[] = {{OK_201_AS("a"), 0, 0, CLOSE},
                                        {OK_201_AS("b"), 0, 0, CLOSE},
                                        {OK_201_AS("c"), 0, 0, CLOSE},
                                        {OK_201_AS("d"), 0, 0, CLOSE},
                                        {"", 0, 0, RESET},
                                        {0}};
    g->server.steps = steps;
    talk(g, "m1", "hello");
    talk(g, "m2", "1");
    report(g, "id=b&status=Failed&failureReason=UserInBlacklist"); /* before there was any request */
    talk(g, "m3", "6");
    assert_int_equal(rows(g, "request WHERE attention = 0"), 1);
    report(g, "id=c&status=Failed&failureReason=UserInBlacklist");
    assert_int_equal(rows(g, "request WHERE attention = 1 AND state = 0 AND version = 1"), 1);
    report(g, "id=c&status=Success");
    assert_int_equal(rows(g, "request WHERE attention = 0"), 1);
    talk(g, "m4", "hello");
    talk(g, "m5", "6"); /* its answer may have arrived, or not */
    assert_int_equal(rows(g, "outbox WHERE state = 5"), 1);
    assert_int_equal(rows(g, "request WHERE attention = 0"), 1);
    assert_int_equal(rows(g, "request WHERE attention = 2"), 1);
}

static void a_gateway_that_stops_picks_nothing(void **state)
{
    struct gate *g = *state;
    int fd = send_text(g, 1, "m1", "hello");
    collect(g, 1);
    tick_run(g->tick);
    EXPECT(fd, "200", "");
    outbox_quiesce(g->outbox);
    tick_run(g->tick);
    assert_int_equal(rows(g, "outbox WHERE state = 0"), 1);
    assert_int_equal(outbox_next_at(g->outbox, g->stage.catalogue, g->stage.f->store, clock_utc_ms()), 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_gate, close_gate)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_batch_is_one_commit_and_each_gets_its_own),
        CASE(past_the_bound_callers_are_told_to_come_again),
        CASE(a_poisoned_message_harms_nobody_else),
        CASE(a_message_that_cannot_even_be_kept_is_asked_for_again),
        CASE(a_poisoned_text_to_send_harms_no_message_and_no_other_text),
        CASE(what_cannot_be_kept_is_not_answered_as_if_it_were),
        CASE(outcomes_that_come_while_the_disk_fails_are_not_lost),
        CASE(a_text_that_could_not_be_marked_is_not_sent),
        CASE(a_report_for_no_text_of_ours_is_kept),
        CASE(a_request_whose_answer_failed_is_marked),
        CASE(a_gateway_that_stops_picks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
