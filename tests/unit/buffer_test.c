/* buffer: exactly `max` bytes fit, one more fails for good, and what was added before stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/buffer.h"

static void fills_to_its_maximum(void **state)
{
    (void)state;
    struct arena *arena = arena_create(4096);
    for (size_t max = 0; max < 600; max++) {
        struct buffer buffer;
        buffer_init(&buffer, arena, max);
        for (size_t i = 0; i < max; i++) {
            buffer_add_char(&buffer, (char)('a' + i % 26));
        }
        assert_false(buffer_failed(&buffer));
        assert_int_equal(buffer_span(&buffer).len, max);
        buffer_add_char(&buffer, 'X');
        assert_true(buffer_failed(&buffer));
        assert_int_equal(buffer_span(&buffer).len, max);
        for (size_t i = 0; i < max; i++) {
            assert_int_equal(buffer_span(&buffer).at[i], 'a' + i % 26);
        }
        arena_reset(arena);
    }
    arena_destroy(arena);
}

static void failure_is_sticky(void **state)
{
    (void)state;
    struct arena *arena = arena_create(4096);
    struct buffer buffer;
    buffer_init(&buffer, arena, 4);
    buffer_add_text(&buffer, "ab");
    buffer_add_text(&buffer, "cde");
    buffer_add_text(&buffer, "f");
    buffer_add_format(&buffer, "%d", 1);
    assert_true(buffer_failed(&buffer));
    assert_true(span_equal_text(buffer_span(&buffer), "ab"));
    arena_destroy(arena);
}

static void nothing_is_empty_and_present(void **state)
{
    (void)state;
    struct arena *arena = arena_create(4096);
    struct buffer buffer;
    buffer_init(&buffer, arena, 10);
    buffer_add(&buffer, SPAN_NONE);
    buffer_add_text(&buffer, NULL);
    buffer_add_text(&buffer, "");
    assert_false(buffer_failed(&buffer));
    assert_true(span_equal_text(buffer_span(&buffer), ""));
    arena_destroy(arena);
}

static void formats_short_and_long(void **state)
{
    (void)state;
    struct arena *arena = arena_create(4096);
    char text[1000];
    memset(text, 'y', sizeof text);
    for (int len = 250; len < 260; len++) {
        struct buffer exact, small;
        buffer_init(&exact, arena, (size_t)len + 2);
        buffer_add_format(&exact, "<%.*s>", len, text);
        assert_false(buffer_failed(&exact));
        assert_int_equal(buffer_span(&exact).len, len + 2);
        assert_int_equal(buffer_span(&exact).at[len + 1], '>');
        buffer_init(&small, arena, (size_t)len + 1);
        buffer_add_format(&small, "<%.*s>", len, text);
        assert_true(buffer_failed(&small));
        assert_int_equal(buffer_span(&small).len, 0);
    }
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_to_its_maximum),
        cmocka_unit_test(failure_is_sticky),
        cmocka_unit_test(nothing_is_empty_and_present),
        cmocka_unit_test(formats_short_and_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
