/* problems: findings read as editors know them; above the bound they are counted, not kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/problems.h"

static void reads_as_file_and_line(void **state)
{
    (void)state;
    struct arena *arena = arena_create(4096);
    struct problems problems;
    problems_init(&problems, arena);
    problems_add(&problems, "a.conf", 3, "no %s", "end");
    problems_add(&problems, "a.conf", 0, "empty");
    problems_add(&problems, NULL, 0, "nowhere");
    assert_int_equal(problems.count, 3);
    assert_string_equal(problems.lines[0], "a.conf:3: no end");
    assert_string_equal(problems.lines[1], "a.conf: empty");
    assert_string_equal(problems.lines[2], "nowhere");
    arena_destroy(arena);
}

static void counts_past_the_bound(void **state)
{
    (void)state;
    struct arena *arena = arena_create(4096);
    struct problems problems;
    problems_init(&problems, arena);
    for (unsigned i = 1; i <= PROBLEMS_MAX + 5; i++) {
        problems_add(&problems, "f", i, "x");
    }
    assert_int_equal(problems.count, PROBLEMS_MAX + 5);
    assert_string_equal(problems.lines[PROBLEMS_MAX - 1], "f:200: x");
    arena_destroy(arena);
}

static void a_finding_too_long_keeps_its_place(void **state)
{
    (void)state;
    struct arena *arena = arena_create(4096);
    struct problems problems;
    problems_init(&problems, arena);
    char text[10000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    problems_add(&problems, "f", 9, "%s", text);
    assert_string_equal(problems.lines[0], "f:9: a finding here is too long to show");
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_as_file_and_line),
        cmocka_unit_test(counts_past_the_bound),
        cmocka_unit_test(a_finding_too_long_keeps_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
