/* log: the line that people grep, byte for byte; one event can never look like two. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

struct capture {
    int real, pipe[2];
    char text[8192];
};

static void start(struct capture *capture)
{
    assert_int_equal(pipe2(capture->pipe, O_NONBLOCK), 0);
    capture->real = dup(STDERR_FILENO);
    assert_true(dup2(capture->pipe[1], STDERR_FILENO) >= 0);
}

static const char *stop(struct capture *capture)
{
    assert_true(dup2(capture->real, STDERR_FILENO) >= 0);
    ssize_t got = read(capture->pipe[0], capture->text, sizeof capture->text - 1);
    capture->text[got > 0 ? got : 0] = '\0';
    close(capture->real);
    close(capture->pipe[0]);
    close(capture->pipe[1]);
    return capture->text;
}

static void writes_one_line(void **state)
{
    (void)state;
    struct capture capture;
    start(&capture);
    log_event(LOG_LEVEL_WARNING, "tick", "commit_failed", "code=%d batch=%d", 13, 12);
    log_event(LOG_LEVEL_ERROR, "store", "gone", NULL);
    assert_string_equal(stop(&capture), "<4>helpline tick commit_failed code=13 batch=12\n<3>helpline store gone\n");
}

static void keeps_to_the_threshold(void **state)
{
    (void)state;
    struct capture capture;
    start(&capture);
    log_event(LOG_LEVEL_DEBUG, "a", "hidden", NULL);
    log_event(LOG_LEVEL_INFO, "a", "shown", NULL);
    log_set_level(LOG_LEVEL_ERROR);
    log_event(LOG_LEVEL_WARNING, "a", "hidden", NULL);
    log_set_level(LOG_LEVEL_DEBUG);
    log_event(LOG_LEVEL_DEBUG, "a", "shown", NULL);
    log_set_level(LOG_LEVEL_INFO);
    assert_string_equal(stop(&capture), "<6>helpline a shown\n<7>helpline a shown\n");
}

static void flattens_line_breaks(void **state)
{
    (void)state;
    struct capture capture;
    start(&capture);
    log_event(LOG_LEVEL_INFO, "a", "b", "x=%s", "1\n<3>helpline forged event\r\t\x7F\x1B[0m");
    assert_string_equal(stop(&capture), "<6>helpline a b x=1?<3>helpline forged event????[0m\n");
}

static void bounds_a_line(void **state)
{
    (void)state;
    char text[3000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (size_t len = 990; len < 1030; len++) {
        struct capture capture;
        start(&capture);
        log_event(LOG_LEVEL_INFO, "a", "b", "%.*s", (int)len, text);
        const char *line = stop(&capture);
        assert_int_equal(line[strlen(line) - 1], '\n');
        assert_true(strlen(line) <= 1025);
        assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
    }
    struct capture capture;
    start(&capture);
    log_event(LOG_LEVEL_INFO, text, text, "%s", text);
    assert_int_equal(strlen(stop(&capture)), 1025);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_one_line),
        cmocka_unit_test(keeps_to_the_threshold),
        cmocka_unit_test(flattens_line_breaks),
        cmocka_unit_test(bounds_a_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
