/* visitor: who has been sending one request for longer than the limit is cut off, to the millisecond, and nobody else. */
#include "cmocka_all.h"

#include <sys/socket.h>
#include <unistd.h>
#include <utlist.h>

#include "http/visitor.h"

#define LIMIT_MS 2000

struct line {
    struct visitor visitor;
    int other_end;
};

static void connect_line(struct visitor_list *list, struct line *line, int64_t since_ms)
{
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    *line = (struct line){.visitor = {.fd = ends[0], .since_ms = since_ms}, .other_end = ends[1]};
    DL_APPEND(list->oldest, &line->visitor);
    list->count++;
}

static bool is_cut(const struct line *line)
{
    char byte;
    return recv(line->other_end, &byte, 1, 0) == 0;
}

static void hang_up(struct line *line)
{
    close(line->visitor.fd);
    close(line->other_end);
}

static void the_limit_is_kept_to_the_millisecond(void **state)
{
    (void)state;
    static const struct {
        int64_t after_ms;
        bool waiting, cut;
    } rows[] = {{0, false, false},
                {LIMIT_MS, false, false},
                {LIMIT_MS + 1, false, true},
                {LIMIT_MS + 1, true, false}, /* the core has its request */
                {INT32_MAX, true, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct visitor_list list = {.looked_ms = -LIMIT_MS};
        struct line line;
        connect_line(&list, &line, 0);
        line.visitor.waiting = rows[i].waiting;
        visitor_cut_slow(&list, rows[i].after_ms, LIMIT_MS);
        if (is_cut(&line) != rows[i].cut)
            fail_msg("row %zu", i);
        hang_up(&line);
    }
}

/* The slow one is cut, whoever came after it or moved in between is not. */
static void only_the_oldest_are_cut(void **state)
{
    (void)state;
    struct visitor_list list = {.looked_ms = 0};
    struct line slow, moved, late;
    connect_line(&list, &slow, 10);
    connect_line(&list, &moved, 11);
    connect_line(&list, &late, 1000);
    visitor_moved(&list, &moved.visitor, 1500);
    assert_ptr_equal(list.oldest, &slow.visitor);
    visitor_cut_slow(&list, 2500, LIMIT_MS);
    assert_true(is_cut(&slow));
    assert_false(is_cut(&moved));
    assert_false(is_cut(&late));
    assert_ptr_equal(list.oldest, &late.visitor);
    hang_up(&slow);
    hang_up(&moved);
    hang_up(&late);
}

/* With thousands connected nobody looks at every turn of the loop. */
static void it_looks_once_a_second(void **state)
{
    (void)state;
    struct visitor_list list = {.looked_ms = 9000};
    struct line line;
    connect_line(&list, &line, 0);
    visitor_cut_slow(&list, 9999, LIMIT_MS);
    assert_false(is_cut(&line));
    visitor_cut_slow(&list, 10000, LIMIT_MS);
    assert_true(is_cut(&line));
    hang_up(&line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_limit_is_kept_to_the_millisecond),
        cmocka_unit_test(only_the_oldest_are_cut),
        cmocka_unit_test(it_looks_once_a_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
