/* arrivals: what a tick does with requests that are not one message each, and with long texts that nobody sends the rest of. */
#include "gate.h"

#define SECRET "0123456789abcdef"

static const char more_channels[] =
    "  bulk = { profile = \"infobip-sms\"; service = \"small\"; code = \"2244\"; auth = \"path\"; secret = \"" SECRET
    "\";\n"
    "    secrets = { api_key = \"none\"; }; with = { base_url = \"http://127.0.0.1:9\"; }; };\n"
    "  pieces = { profile = \"vonage\"; service = \"small\"; code = \"2277\"; auth = \"path\"; secret = \"" SECRET
    "\";\n"
    "    secrets = { api_key = \"none\"; api_secret = \"none\"; }; with = { base_url = \"http://127.0.0.1:9\"; }; };\n"
    "  later = { profile = \"hsenid-ussd\"; service = \"small\"; code = \"*141#\"; auth = \"path\"; secret = \"" SECRET
    "\";\n"
    "    secrets = { password = \"none\"; }; with = { base_url = \"http://127.0.0.1:9\"; application_id = \"A\"; }; "
    "};\n";

static void configure(struct gate *g, const char *channels)
{
    stage_configure(&g->stage, "", channels, "");
    tick_use_catalogue(g->tick, g->stage.catalogue);
}

static int open_more(void **state)
{
    int code = open_gate(state);
    configure(*state, more_channels);
    outbox_quiesce(((struct gate *)*state)->outbox); /* what leaves is not looked at here */
    return code;
}

static int send_body(const struct gate *g, const char *channel, const char *type, const char *body)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)listener_port(g->listener))};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    char request[2048];
    int len = snprintf(request, sizeof request,
                       "POST /in/%s/" SECRET " HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
                       "Connection: close\r\n\r\n%s",
                       channel, type, strlen(body), body);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(send(fd, request, (size_t)len, 0), len);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

static int send_part(const struct gate *g, const char *reference, int part, const char *text)
{
    char body[512];
    snprintf(
        body, sizeof body,
        "msisdn=8801712340001&to=2277&messageId=%s-%d&type=text&text=%s&concat-ref=%s&concat-total=3&concat-part=%d",
        reference, part, text, reference, part);
    return send_body(g, "pieces", "application/x-www-form-urlencoded", body);
}

static void take_part(struct gate *g, const char *reference, int part, const char *text)
{
    int fd = send_part(g, reference, part, text);
    collect(g, 1);
    tick_run(g->tick);
    EXPECT(fd, "200", "");
}

static int send_batch(const struct gate *g, const char *first, const char *second, const char *third)
{
    char body[1024];
    snprintf(body, sizeof body,
             "{\"results\":[{\"messageId\":\"b1\",\"from\":\"8801712340001\",\"to\":\"2244\",\"text\":\"%s\"},"
             "{\"messageId\":\"b2\",\"from\":\"8801712340002\",\"to\":\"2244\",\"text\":\"%s\"},"
             "{\"messageId\":\"b3\",\"from\":\"8801712340003\",\"to\":\"2244\",\"text\":\"%s\"}]}",
             first, second, third);
    return send_body(g, "bulk", "application/json", body);
}

static int send_dial(const struct gate *g, const char *session, const char *said)
{
    char body[512];
    snprintf(body, sizeof body,
             "{\"sessionId\":\"%s\",\"sourceAddress\":\"tel:8801712340004\",\"message\":\"%s\","
             "\"requestId\":\"r%s%s\",\"ussdOperation\":\"%s\"}",
             session, said, session, said, said[0] == '*' ? "mo-init" : "mo-cont");
    return send_body(g, "later", "application/json", body);
}

static void let_time_pass(struct gate *g)
{
    beside(g, "UPDATE part SET due_at = 1");
}

#define POISON                                                                                                         \
    "CREATE TRIGGER poison BEFORE INSERT ON turn WHEN NEW.input = '77' BEGIN SELECT RAISE(ABORT, 'poison'); END"

/* ---- several messages a request ---- */

static void a_batch_with_a_poisoned_message_is_kept_whole_or_not_at_all(void **state)
{
    struct gate *g = *state;
    beside(g, POISON);
    int fd[] = {send_batch(g, "1", "77", "2"), send_ussd(g, 9, "a", "1")};
    collect(g, 2);
    tick_run(g->tick);
    EXPECT(fd[0], "200", "");
    EXPECT(fd[1], "200", "CON Small");
    assert_int_equal(rows(g, "turn"), 1);
    assert_int_equal(rows(g, "message"), 0);
    assert_int_equal(rows(g, "stray WHERE why = 'refused_by_store'"), 3);
    beside(g, "DROP TRIGGER poison");
    int again = send_batch(g, "1", "77", "2");
    collect(g, 1);
    tick_run(g->tick);
    EXPECT(again, "200", "");
    assert_int_equal(rows(g, "turn"), 4);
}

static void a_batch_is_not_acknowledged_before_it_is_kept(void **state)
{
    struct gate *g = *state;
    take_part(g, "r", 1, "one"); /* the file is there */
    fill_disk();
    int fd = send_batch(g, "1", "2", "3");
    collect(g, 1);
    tick_run(g->tick);
    EXPECT(fd, "503", "Retry-After: 1");
    empty_disk();
    assert_int_equal(rows(g, "turn"), 0);
    fd = send_batch(g, "1", "2", "3");
    collect(g, 1);
    tick_run(g->tick);
    EXPECT(fd, "200", "");
    assert_int_equal(rows(g, "turn"), 3);
}

/* ---- long texts ---- */

static void a_part_is_not_acknowledged_before_it_is_kept(void **state)
{
    struct gate *g = *state;
    take_part(g, "r", 1, "one");
    fill_disk();
    int fd = send_part(g, "r", 2, "two");
    collect(g, 1);
    tick_run(g->tick);
    EXPECT(fd, "503", "");
    empty_disk();
    assert_int_equal(rows(g, "part"), 1);
    take_part(g, "r", 2, "two");
    take_part(g, "r", 3, "three");
    assert_int_equal(rows(g, "part"), 0);
    assert_int_equal(rows(g, "turn"), 1);
}

/* A rerun sees each part as it came: none is counted twice, none is lost. */
static void parts_in_a_tick_that_is_run_again_apart(void **state)
{
    struct gate *g = *state;
    beside(g, POISON);
    int fd[] = {send_part(g, "r", 1, "one"), send_ussd(g, 9, "a", "1"), send_part(g, "r", 3, "three"),
                send_text(g, 5, "m1", "77"), send_part(g, "r", 2, "two")};
    collect(g, 5);
    tick_run(g->tick);
    for (int i = 0; i < 5; i++)
        EXPECT(fd[i], "200", "");
    assert_int_equal(rows(g, "part"), 0);
    assert_int_equal(rows(g, "turn"), 2);
    assert_int_equal(rows(g, "stray"), 1);
}

static void the_tick_wakes_for_what_is_missing_a_part(void **state)
{
    struct gate *g = *state;
    assert_int_equal(tick_next_at(g->tick), 0);
    int64_t began = clock_utc_ms();
    take_part(g, "r", 1, "one");
    take_part(g, "q", 3, "other");
    int64_t due = tick_next_at(g->tick);
    assert_true(due >= began + 59 * SECOND && due <= clock_utc_ms() + 60 * SECOND);
    tick_run(g->tick);
    assert_int_equal(rows(g, "part"), 2); /* not yet */
    let_time_pass(g);
    take_part(g, "s", 1, "third");
    assert_int_equal(rows(g, "part"), 3); /* the tick believes what it knows, and looks again when parts changed */
    tick_run(g->tick);
    assert_int_equal(rows(g, "turn"), 2);
    assert_int_equal(rows(g, "part"), 1);
    assert_int_equal(rows(g, "outbox"), 2);
    assert_true(tick_next_at(g->tick) > began);
}

static void what_cannot_be_taken_in_is_given_up_and_kept(void **state)
{
    struct gate *g = *state;
    beside(g, "CREATE TRIGGER poison BEFORE INSERT ON turn BEGIN SELECT RAISE(ABORT, 'poison'); END");
    take_part(g, "r", 1, "one");
    take_part(g, "r", 2, "two");
    let_time_pass(g);
    int fd = send_body(
        g, "pieces", "application/x-www-form-urlencoded",
        "msisdn=8801712340001&to=2277&messageId=x&type=text&text=hi&concat-ref=z&concat-total=2&concat-part=1");
    collect(g, 1);
    tick_run(g->tick);
    EXPECT(fd, "200", "");
    assert_int_equal(rows(g, "stray WHERE why = 'parts_without_a_whole'"), 2);
    assert_int_equal(rows(g, "part"), 1); /* only the new one */
    tick_run(g->tick);
    assert_int_equal(rows(g, "stray"), 2);
}

static void damaged_parts_hold_up_nothing(void **state)
{
    struct gate *g = *state;
    take_part(g, "r", 1, "one");
    take_part(g, "q", 1, "good");
    beside(g, "UPDATE part SET sealed = zeroblob(80), due_at = 1 WHERE key = (SELECT min(key) FROM part)");
    beside(g, "UPDATE part SET due_at = 1");
    tick_run(g->tick);
    assert_int_equal(rows(g, "part"), 0);
    assert_int_equal(rows(g, "turn"), 1);
    assert_int_equal(tick_next_at(g->tick), 0);
}

static void damaged_keys_do_not_keep_the_loop_awake(void **state)
{
    struct gate *g = *state;
    take_part(g, "r", 1, "one");
    beside(g, "UPDATE part SET key = x'01', due_at = 1");
    const int64_t before = clock_utc_ms();
    take_part(g, "q", 1, "good"); /* so that the file is looked at anew */
    for (int i = 0; i < 3; i++) {
        tick_run(g->tick);
        assert_true(tick_next_at(g->tick) >= before + SECOND);
    }
    assert_int_equal(rows(g, "part"), 2);
}

static void parts_of_a_channel_that_is_gone_are_kept(void **state)
{
    struct gate *g = *state;
    take_part(g, "r", 1, "one");
    take_part(g, "r", 2, "two");
    let_time_pass(g);
    configure(g, "");
    tick_run(g->tick);
    assert_int_equal(rows(g, "part"), 0);
    assert_int_equal(rows(g, "stray WHERE why = 'parts_without_a_whole'"), 2);
}

static void a_full_disk_does_not_make_the_tick_spin(void **state)
{
    struct gate *g = *state;
    take_part(g, "r", 1, "one");
    let_time_pass(g);
    fill_disk();
    const int64_t before = clock_utc_ms();
    tick_run(g->tick);
    assert_in_range(tick_next_at(g->tick), before + 1000, clock_utc_ms() + 1000); /* it rests for a second from then */
    empty_disk();
    assert_int_equal(rows(g, "part"), 1);
    usleep(1100 * 1000);
    tick_run(g->tick);
    assert_int_equal(rows(g, "part"), 0);
    assert_int_equal(rows(g, "turn"), 1);
}

/* ---- pages that are pushed ---- */

static void an_asynchronous_callback_is_asked_for_again_when_nothing_can_be_kept(void **state)
{
    struct gate *g = *state;
    take_part(g, "r", 1, "one");
    fill_disk();
    int fd = send_dial(g, "s", "*141#");
    collect(g, 1);
    tick_run(g->tick);
    EXPECT(fd, "503", "Retry-After: 1"); /* no page: nobody would see it */
    empty_disk();
    assert_int_equal(rows(g, "outbox"), 0);
    fd = send_dial(g, "s", "*141#");
    collect(g, 1);
    tick_run(g->tick);
    EXPECT(fd, "200", "S1000");
    assert_int_equal(rows(g, "outbox WHERE kind = 1"), 1);
}

static void who_gets_pages_pushed_gets_the_emergency_numbers_so_too(void **state)
{
    struct gate *g = *state;
    int fd = send_dial(g, "s", "*141#");
    collect(g, 1);
    tick_run(g->tick);
    EXPECT(fd, "200", "S1000");
    beside(g, POISON);
    fd = send_dial(g, "s", "77");
    collect(g, 1);
    tick_run(g->tick);
    EXPECT(fd, "200", "S1000");
    assert_int_equal(rows(g, "stray WHERE why = 'refused_by_store'"), 1);
    assert_int_equal(rows(g, "outbox WHERE kind = 2 AND session IS NULL"), 1);
    assert_int_equal(rows(g, "outbox"), 2);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_more, close_gate)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_batch_with_a_poisoned_message_is_kept_whole_or_not_at_all),
        CASE(a_batch_is_not_acknowledged_before_it_is_kept),
        CASE(a_part_is_not_acknowledged_before_it_is_kept),
        CASE(parts_in_a_tick_that_is_run_again_apart),
        CASE(the_tick_wakes_for_what_is_missing_a_part),
        CASE(what_cannot_be_taken_in_is_given_up_and_kept),
        CASE(damaged_parts_hold_up_nothing),
        CASE(damaged_keys_do_not_keep_the_loop_awake),
        CASE(parts_of_a_channel_that_is_gone_are_kept),
        CASE(a_full_disk_does_not_make_the_tick_spin),
        CASE(an_asynchronous_callback_is_asked_for_again_when_nothing_can_be_kept),
        CASE(who_gets_pages_pushed_gets_the_emergency_numbers_so_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
