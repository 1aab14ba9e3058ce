/* arena: pieces are zeroed, aligned and apart; a reset gives everything back; an impossible size aborts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"

static void pieces_are_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    struct arena *arena = arena_create(512);
    unsigned char *pieces[200];
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < 200; i++) {
            pieces[i] = arena_alloc(arena, i);
            assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
            for (size_t at = 0; at < i; at++) {
                assert_int_equal(pieces[i][at], 0);
            }
            memset(pieces[i], (int)i, i);
        }
        for (size_t i = 0; i < 200; i++) {
            for (size_t at = 0; at < i; at++) {
                assert_int_equal(pieces[i][at], i);
            }
        }
        arena_reset(arena);
    }
    arena_destroy(arena);
}

static void empty_pieces_are_places_of_their_own(void **state)
{
    (void)state;
    struct arena *arena = arena_create(0);
    char *a = arena_alloc(arena, 0), *b = arena_alloc(arena, 0);
    assert_non_null(a);
    assert_ptr_not_equal(a, b);
    arena_destroy(arena);
    arena_destroy(NULL);
}

static void a_large_piece_leaves_the_chunk_in_use(void **state)
{
    (void)state;
    struct arena *arena = arena_create(1024);
    char *first = arena_alloc(arena, 16);
    char *large = arena_alloc(arena, 100000);
    char *second = arena_alloc(arena, 16);
    large[99999] = 1;
    assert_ptr_equal(second, first + 16);
    arena_destroy(arena);
}

static void keeps_the_first_chunk(void **state)
{
    (void)state;
    struct arena *arena = arena_create(1024);
    char *first = arena_alloc(arena, 16);
    for (int i = 0; i < 100; i++) {
        arena_alloc(arena, 200);
    }
    arena_reset(arena);
    assert_ptr_equal(arena_alloc(arena, 16), first);
    arena_destroy(arena);
}

/* What stood in a secret arena is gone with it: seen where the first chunk is handed out again as it is. */
static void secrets_are_overwritten(void **state)
{
    (void)state;
    struct arena *secret = arena_create_secret(1024);
    char *first = arena_alloc_raw(secret, 200);
    memset(first, 's', 200);
    memset(arena_alloc_raw(secret, 5), 's', 5);
    memset(arena_alloc_raw(secret, 50000), 's', 50000);
    arena_reset(secret);
    char *again = arena_alloc_raw(secret, 300);
    assert_ptr_equal(again, first);
    for (size_t i = 0; i < 205; i++)
        assert_int_equal(again[i], 0);
    memset(again, 's', 300);
    arena_destroy(secret);
}

static void copies_text(void **state)
{
    (void)state;
    struct arena *arena = arena_create(64);
    struct span copy = arena_copy(arena, (struct span){"a\0bc", 3});
    assert_memory_equal(copy.at, "a\0b", 4);
    assert_int_equal(copy.len, 3);
    assert_false(span_is_present(arena_copy(arena, SPAN_NONE)));
    assert_true(span_is_present(arena_copy(arena, SPAN(""))));
    assert_null(arena_text(arena, SPAN_NONE));
    assert_string_equal(arena_text(arena, span_first(SPAN("hello"), 4)), "hell");
    arena_destroy(arena);
}

static void formats_any_length(void **state)
{
    (void)state;
    struct arena *arena = arena_create(64);
    char text[1000];
    memset(text, 'x', sizeof text);
    for (int len = 0; len < (int)sizeof text; len++) {
        struct span made = arena_format(arena, "%.*s", len, text);
        assert_int_equal(made.len, len);
        assert_memory_equal(made.at, text, (size_t)len);
        assert_int_equal(made.at[made.len], 0);
        arena_reset(arena);
    }
    arena_destroy(arena);
}

static void alloc_overflow(struct arena *arena)
{
    arena_alloc_array(arena, SIZE_MAX / 2, 3);
}

static void alloc_too_much(struct arena *arena)
{
    arena_alloc_raw(arena, SIZE_MAX - 4);
}

static void aborts(void (*call)(struct arena *))
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        log_set_level((enum log_level)0);
        signal(SIGABRT, SIG_DFL);
        call(arena_create(64));
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static void impossible_sizes_abort(void **state)
{
    (void)state;
    aborts(alloc_overflow);
    aborts(alloc_too_much);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
        cmocka_unit_test(empty_pieces_are_places_of_their_own),
        cmocka_unit_test(a_large_piece_leaves_the_chunk_in_use),
        cmocka_unit_test(keeps_the_first_chunk),
        cmocka_unit_test(secrets_are_overwritten),
        cmocka_unit_test(copies_text),
        cmocka_unit_test(formats_any_length),
        cmocka_unit_test(impossible_sizes_abort),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
