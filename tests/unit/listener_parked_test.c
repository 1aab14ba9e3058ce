/* listener: a request waits in the core: its client may go, its words stay; and the listener ends with nobody unanswered. */
#include "listener_fixture.h"

#include "base/log.h"

static void answer_after_many_turns(void **state)
{
    struct core *core = *state;
    core->hold = true;
    struct heard heard;
    int fd = dial(core);
    say(fd, SPAN(POST POST));
    turns(core, 20);
    assert_int_equal(core->taken, 1); /* the second waits behind the first */
    core->hold = false;
    answer_held(core);
    hear(core, fd, &heard, 2);
    assert_int_equal(count_replies(&heard), 2);
    close(fd);
}

static void never_waits_while_parked(void **state)
{
    struct core *core = *state;
    int fd = dial_and_park(core);
    assert_int_equal(listener_parked(core->listener), 1);
    assert_int_equal(listener_wait_ms(core->listener), 0);
    answer_held(core);
    assert_int_equal(listener_parked(core->listener), 0);
    assert_int_equal(listener_wait_ms(core->listener), 0);
    close(fd);
}

static void client_gone_while_parked(void **state)
{
    struct core *core = *state;
    for (int with_reset = 0; with_reset < 2; with_reset++) {
        int fd = dial_and_park(core);
        with_reset ? reset(fd) : (void)close(fd);
        turns(core, 3);
        assert_true(span_equal_text(core->requests[0]->body, "text=1"));
        core->hold = false;
        answer_held(core);
        turns(core, 3);
        assert_true(listener_is_quiet(core->listener));
    }
}

/* Lost within the very run that took it, while libmicrohttpd still watches the connection. */
static void lost_request_keeps_its_words(void **state)
{
    struct core *core = *state;
    core->hold = true;
    int fd = dial(core);
    say(fd, SPAN("PATCH /p HTTP/1.1\r\nHost: h\r\nX-Sig: abc\r\nX-Empty:\r\nContent-Length: 1\r\n\r\nx"));
    core->reset_in_take = fd;
    park(core);
    turns(core, 3);
    const struct http_request *request = core->requests[0];
    assert_true(span_equal_text(request->method, "PATCH"));
    assert_true(span_equal_text(request->peer, "127.0.0.1"));
    assert_true(span_equal_text(http_header(request, SPAN("x-sig")), "abc"));
    assert_true(span_equal_text(http_header(request, SPAN("x-empty")), ""));
    assert_int_equal(listener_parked(core->listener), 1);
    assert_false(listener_is_quiet(core->listener));
    core->hold = false;
    answer_held(core);
    turns(core, 2);
    assert_true(listener_is_quiet(core->listener));
}

/* Reset between the run that takes a request and the run after it, at which it is suspended. */
static void client_gone_before_the_suspend(void **state)
{
    struct core *core = *state;
    int fd = dial_and_park(core);
    reset(fd);
    turns(core, 3);
    assert_int_equal(listener_parked(core->listener), 1);
    assert_true(span_equal_text(http_header(core->requests[0], SPAN("Host")), "h"));
    assert_true(span_equal_text(core->requests[0]->peer, "127.0.0.1"));
    listener_close(core->listener); /* and closing with a lost one is no harm either */
    core->listener = NULL;
    core->held = 0;
}

static void quiesce_serves_the_backlog_and_closes(void **state)
{
    struct core *core = *state;
    struct heard heard;
    int early[20];
    core->hold = true;
    for (size_t i = 0; i < 20; i++) {
        early[i] = dial(core);
        say(early[i], SPAN(POST));
    }
    listener_quiesce(core->listener);
    core->hold = false;
    for (size_t i = 0; i < 20; i++) {
        hear_close(core, early[i], &heard);
        assert_heard(&heard, POST_ECHO);
        assert_heard(&heard, "Connection: close\r\n");
        close(early[i]);
    }
    assert_true(listener_is_quiet(core->listener));

    struct sockaddr_in to = address_of(core);
    int late = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(late, (struct sockaddr *)&to, sizeof to), -1);
    close(late);
}

static void close_answers_what_is_parked(void **state)
{
    struct core *core = *state;
    core->hold = true;
    struct heard heard = {.len = 0};
    int fd = dial(core), half = dial(core);
    say(fd, SPAN(POST));
    say(half, SPAN("POST /a HTTP/1.1\r\nHost: h\r\nContent-Le"));
    park(core);
    assert_false(listener_is_quiet(core->listener));
    log_set_level(LOG_LEVEL_ERROR);
    listener_close(core->listener);
    core->listener = NULL;
    core->held = 0;
    hear_more(fd, &heard);
    assert_int_equal(status_of(&heard), 503);
    close(fd);
    close(half);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_LISTENER(answer_after_many_turns),        ON_A_LISTENER(never_waits_while_parked),
        ON_A_LISTENER(client_gone_while_parked),       ON_A_LISTENER(lost_request_keeps_its_words),
        ON_A_LISTENER(client_gone_before_the_suspend), ON_A_LISTENER(quiesce_serves_the_backlog_and_closes),
        ON_A_LISTENER(close_answers_what_is_parked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
