/* tick: requests over real HTTP into a real store, and what happens when that fails: a poisoned message, a disk that takes no
 * more. The disk's failing is a limit on the size of files: every write past it fails, as on a full disk. */
#include "gate.h"

#define OK_201_AS(id)                                                                                                  \
    "HTTP/1.1 201 Created\r\nConnection: close\r\n\r\n{\"SMSMessageData\":{\"Recipients\":[{\"statusCode\":101,"       \
    "\"messageId\":\"" id "\"}]}}"

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

/* A tick that could keep nothing: the outbox rests for a second from then, whenever it was. */
static void run_and_rest(struct gate *g)
{
    const int64_t before = clock_utc_ms();
    tick_run(g->tick);
    const int64_t after = clock_utc_ms();
    const int64_t next = outbox_next_at(g->outbox, g->stage.catalogue, g->stage.f->store, before);
    assert_in_range(next, before + 1000, after + 1000);
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
    run_and_rest(g); /* it comes back by itself, and not at once */
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
    run_and_rest(g);
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
    assert_int_equal(rows(g, "request WHERE attention = 3"), 1); /* the first one: "hello" is a new word */
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
