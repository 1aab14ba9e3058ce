/* Two versions of a service side by side: what a caller would see otherwise, and keys that would mean something else. */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "menu/difference.h"
#include "sample_service.h"

struct fixture {
    struct arena *arena;
    struct service *old, *fresh;
    struct buffer out;
    struct difference_counts counts;
    struct problems problems;
};

static struct service *load(struct fixture *f, const char *file, const char *from, const char *to)
{
    struct service *service = NULL;
    struct problems problems;
    struct error err;
    problems_init(&problems, f->arena);
    assert_int_equal(sample_parse_changed(file, from, to, f->arena, &service, &problems, &err), OUTCOME_OK);
    return service;
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->arena = arena_create(64 * 1024);
    f->old = load(f, NULL, NULL, NULL);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    service_free(f->old);
    service_free(f->fresh);
    arena_destroy(f->arena);
    free(f);
    return 0;
}

static void compare(struct fixture *f, const char *file, const char *from, const char *to)
{
    service_free(f->fresh);
    f->fresh = load(f, file, from, to);
    problems_init(&f->problems, f->arena);
    buffer_init(&f->out, f->arena, DIFFERENCE_MAX);
    difference_read(f->old, f->fresh, &f->out, &f->counts);
    difference_check_keys(f->old, f->fresh, &f->problems);
}

static void the_same_says_nothing(void **state)
{
    struct fixture *f = *state;
    compare(f, NULL, NULL, NULL);
    assert_int_equal(f->out.len, 0);
    assert_int_equal(f->counts.added + f->counts.gone + f->counts.changed, 0);
    assert_int_equal(f->problems.count, 0);
}

static void screens_are_shown_as_they_were_and_are_to_be(void **state)
{
    static const struct {
        const char *file, *from, *to, *said;
        size_t changed;
    } cases[] = {
        {"text/en.conf", "It comes.", "It comes\\nsoon.",
         "en\n  texted: changed\n    - It comes.\n    + It comes\n    + soon.\n", 2},
        {"text/bn.conf", "title = \"নমুনা\"", "title = \"আর\"", "bn\n  main: changed\n    - নমুনা\n    + আর\n", 1},
        {"text/en.conf", "Call 999 in danger.", "Call 112.",
         "  (safety page): changed\n    - Call 999 in danger.\n    + Call 112.\n", 2},
        {"directory/work.conf", "0821-000000", "0821-111111",
         "  office syl: changed\n    - 0821-000000\n    + 0821-111111\n", 2},
        {"flow/main.conf", "if = \"registered\"; goto = \"mine\"", "if = \"not registered\"; goto = \"mine\"",
         "  gate: changed\n    - if registered -> mine\n    + if not registered -> mine\n", 2},
        {"flow/main.conf", "request_kind = \"call\"; goto = \"sent\"", "request_kind = \"call\"; goto = \"texted\"",
         "  send: changed\n    - (does request call) -> sent\n    + (does request call) -> texted\n", 2},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        compare(f, cases[i].file, cases[i].from, cases[i].to);
        struct span out = buffer_span(&f->out);
        if (!memmem(out.at, out.len, cases[i].said, strlen(cases[i].said)))
            fail_msg("not said: %s\nbut: %.*s", cases[i].said, SPAN_ARG(out));
        assert_int_equal(f->counts.changed, cases[i].changed);
        assert_int_equal(f->problems.count, 0);
    }
}

static bool is_said(const struct problems *problems, const char *words)
{
    for (size_t i = 0; i < problems->count; i++)
        if (strstr(problems->lines[i], words))
            return true;
    return false;
}

static void keys_never_mean_something_else(void **state)
{
    static const struct {
        const char *from, *to, *said;
    } cases[] = {
        {"retired = [ \"7\" ];", "", "flow/main.conf:4: key 7 of \"main\" was retired: expected it to stay"},
        {"retired = [ \"7\" ];", "retired = [ \"8\", \"7\" ];", NULL},
        {"retired = [ \"7\" ]; options = (\n   { key = \"1\";", "options = (\n   { key = \"7\";",
         "key 7 of \"main\" was retired and would mean something again"},
        {"{ key = \"3\"; id = \"reg\";", "{ key = \"8\"; id = \"reg\";", "key 3 of \"main\", \"reg\", is gone"},
        {"{ key = \"1\"; id = \"morning\"; }, { key = \"2\"; id = \"evening\"; }",
         "{ key = \"2\"; id = \"morning\"; }, { key = \"1\"; id = \"evening\"; }",
         "key 1 of \"when\" meant \"morning\" and would mean \"evening\""},
        {"{ key = \"1\"; id = \"morning\"; }, ", "{ key = \"4\"; id = \"morning\"; }, ",
         "key 1 of \"when\", \"morning\", is gone"},
        {"id = \"when\"; type = \"choice\"; options = ( { key = \"1\";",
         "id = \"when\"; type = \"choice\"; retired = [ \"1\" ]; options = ( { key = \"3\";", NULL},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct problems problems;
        struct error err;
        const char *text = sample_text("flow/main.conf"), *at = strstr(text, cases[i].from);
        assert_non_null(at);
        problems_init(&problems, f->arena);
        struct span changed =
            arena_format(f->arena, "%.*s%s%s", (int)(at - text), text, cases[i].to, at + strlen(cases[i].from));
        service_free(f->fresh);
        f->fresh = NULL;
        assert_int_equal(sample_parse_with("flow/main.conf", changed, &f->fresh, &problems, &err), OUTCOME_OK);
        difference_check_keys(f->old, f->fresh, &problems);
        if (!cases[i].said)
            assert_int_equal(problems.count, 0);
        else
            assert_true(is_said(&problems, cases[i].said));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_same_says_nothing),
        TEST(screens_are_shown_as_they_were_and_are_to_be),
        TEST(keys_never_mean_something_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
