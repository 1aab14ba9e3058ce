#include <string.h>
#include "aggregator/cumulative.h"
#include "cmocka_all.h"

/* The cases with stars are those that Vumi tests its Safaricom transport with. */
static const struct {
    const char *seen, *now;
    enum cumulative_kind kind;
    const char *answer;
} splits[] = {
    {"", "1", CUMULATIVE_ANSWER, "1"},
    {"", "hello there", CUMULATIVE_ANSWER, "hello there"},
    {"1", "1*2", CUMULATIVE_ANSWER, "2"},
    {"7*a*b", "7*a*b*****", CUMULATIVE_ANSWER, "****"},
    {"7*a*b**", "7*a*b*****", CUMULATIVE_ANSWER, "**"},
    {"1*2", "1*2", CUMULATIVE_SAME, NULL},
    {"", "", CUMULATIVE_SAME, NULL},
    {"1*2", "1*2*", CUMULATIVE_ANSWER, ""},
    {"", "*", CUMULATIVE_ANSWER, ""},
    {"", "*1", CUMULATIVE_ANSWER, "1"},
    {"1*", "1**2", CUMULATIVE_ANSWER, "2"},
    {"1*", "1*2", CUMULATIVE_ANSWER, "2"},
    {"1", "12", CUMULATIVE_FOREIGN, NULL},
    {"1*2", "1", CUMULATIVE_FOREIGN, NULL},
    {"1*2", "1*3*4", CUMULATIVE_FOREIGN, NULL},
    {"1*2", "", CUMULATIVE_FOREIGN, NULL},
    {"1", "1*2*3", CUMULATIVE_ANSWER, "2*3"},
    {"1", "1*#", CUMULATIVE_ANSWER, "#"},
};

static void splits_after_what_was_seen(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof splits / sizeof splits[0]; i++) {
        struct span answer = SPAN("never set");
        struct span seen = span_of(splits[i].seen), now = span_of(splits[i].now);
        assert_int_equal(cumulative_split(seen, now, '*', &answer), splits[i].kind);
        if (splits[i].answer != NULL)
            assert_true(span_equal_text(answer, splits[i].answer));
    }
}

static void a_length_does_for_the_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof splits / sizeof splits[0]; i++) {
        struct span with_text, with_length;
        struct span seen = span_of(splits[i].seen), now = span_of(splits[i].now);
        if (!span_starts_with(now, seen))
            continue;
        enum cumulative_kind kind = cumulative_split(seen, now, '*', &with_text);
        assert_int_equal(cumulative_after(seen.len, now, '*', &with_length), kind);
        if (kind == CUMULATIVE_ANSWER)
            assert_true(span_equal(with_text, with_length));
    }
    struct span answer;
    assert_int_equal(cumulative_after(4, SPAN("1*2"), '*', &answer), CUMULATIVE_FOREIGN);
}

static void parts_of_an_unseen_text(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned strip;
        size_t count;
        const char *parts[4];
    } cases[] = {
        {"", 0, 0, {0}},
        {"1", 0, 1, {"1"}},
        {"1*2*hello there", 0, 3, {"1", "2", "hello there"}},
        {"1**3", 0, 3, {"1", "", "3"}},
        {"1*", 0, 2, {"1", ""}},
        {"384*1*2", 1, 2, {"1", "2"}},
        {"384", 1, 0, {0}},
        {"384*1", 3, 0, {0}},
    };
    struct arena *arena = arena_create(4096);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct span *parts;
        size_t count;
        cumulative_parts(span_of(cases[i].text), '*', cases[i].strip, arena, &parts, &count);
        assert_int_equal(count, cases[i].count);
        for (size_t part = 0; part < count; part++)
            assert_true(span_equal_text(parts[part], cases[i].parts[part]));
    }
    arena_destroy(arena);
}

/* Whatever a session types, the answers come out of the growing text as they went in, separators within them included. */
static void answers_come_out_as_they_went_in(void **state)
{
    (void)state;
    static const char *const typed[] = {"1", "2", "*", "a*b", "", "98", "**", "0"};
    struct arena *arena = arena_create(4096);
    struct span seen = SPAN("");
    for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++) {
        struct span now = i == 0 ? span_of(typed[i]) : arena_format(arena, "%.*s*%s", SPAN_ARG(seen), typed[i]);
        struct span answer;
        assert_int_equal(cumulative_split(seen, now, '*', &answer), CUMULATIVE_ANSWER);
        assert_true(span_equal_text(answer, typed[i]));
        seen = now;
    }
    arena_destroy(arena);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_after_what_was_seen),
        cmocka_unit_test(a_length_does_for_the_text),
        cmocka_unit_test(parts_of_an_unseen_text),
        cmocka_unit_test(answers_come_out_as_they_went_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
