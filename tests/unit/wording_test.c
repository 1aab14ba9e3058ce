/* What people write, as plain words: folding, and whole words in any script. */
#include "cmocka_all.h"

#include "menu/service/wording.h"

static struct arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_create(4096);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

static void words_are_folded(void **state)
{
    (void)state;
    static const struct {
        const char *written, *folded;
    } table[] = {
        {"STOP", "stop"},
        {" \"Stop!\" ", "stop"},
        {"go   on,\nplease", "go on please"},
        {"СТОП।", "стоп"},
        {"don't", "don t"},
        {"S.O.S.", "s o s"},
        {"\u0995\u09CD\u200D\u09B7", "\u0995\u09CD\u09B7"}, /* the joiner between the parts of a letter is not seen */
        {"e\u0301te\u0301", "\u00E9t\u00E9"},
        {"Straße 5", "strasse 5"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct span folded = wording_fold(span_of(table[i].written), arena);
        assert_true(span_is_present(folded));
        assert_string_equal(arena_text(arena, folded), table[i].folded);
    }
    static const char *const nothing[] = {"", "  ", "!?", "...", "\xF0\x9F\x98\xA2"};
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
        assert_false(span_is_present(wording_fold(span_of(nothing[i]), arena)));
    assert_false(span_is_present(wording_fold(SPAN_NONE, arena)));
}

static bool holds(const char *text, const char *phrase)
{
    return wording_holds(wording_fold(span_of(text), arena), wording_fold(span_of(phrase), arena));
}

static bool begins(const char *text, const char *phrase)
{
    return wording_begins(wording_fold(span_of(text), arena), wording_fold(span_of(phrase), arena));
}

static void whole_words_are_found(void **state)
{
    (void)state;
    static const struct {
        const char *text, *phrase;
        bool holds;
    } rows[] = {
        {"He BEAT me, again", "beat me", true},
        {"beat me", "Beat  me", true},
        {"he beat-me", "beat me", true},
        {"killers may kill", "kill", true},
        {"a skilled worker", "kill", false},
        {"killer", "kill", false},
        {"kill", "kill me", false},
        {"kil", "kill", false},
        {"আমাকে মারছে।", "মারছে", true},
        {"মারছেন", "মারছে", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (holds(rows[i].text, rows[i].phrase) != rows[i].holds)
            fail_msg("\"%s\" in \"%s\"", rows[i].phrase, rows[i].text);
    assert_true(begins("Out of office: back on Monday", "out of office"));
    assert_false(begins("I am out of office", "out of office"));
    assert_false(begins("outing", "out"));
    assert_false(wording_holds(SPAN_NONE, SPAN("kill")));
    assert_false(wording_holds(SPAN("kill"), SPAN_NONE));
}

/* Where words stand side by side a word may begin anywhere, but not in the middle of a letter. */
static void scripts_without_blanks_have_words_too(void **state)
{
    (void)state;
    assert_true(holds("\u1782\u17C1\u179C\u17B6\u1799\u1781\u17D2\u1789\u17BB\u17C6", "\u179C\u17B6\u1799"));
    assert_true(holds("OK\u179C\u17B6\u1799no", "\u179C\u17B6\u1799"));
    assert_false(holds("\u179C\u17B6\u1799\u17B6", "\u179C\u17B6\u1799")); /* a vowel sign follows: another word */
    assert_false(
        holds("\u1781\u17D2\u1789\u17BB\u17C6", "\u1789\u17BB\u17C6")); /* the first letter hangs below another */
    assert_true(holds("\u0E40\u0E02\u0E32\u0E15\u0E35\u0E09\u0E31\u0E19", "\u0E15\u0E35"));
}

static void keys_are_no_words(void **state)
{
    (void)state;
    static const char *const digits[] = {"1", "1 3 5", "01712-345678", "১২", "5.11.2026"};
    for (size_t i = 0; i < sizeof digits / sizeof *digits; i++)
        assert_true(wording_is_digits(wording_fold(span_of(digits[i]), arena)));
    assert_false(wording_is_digits(wording_fold(SPAN("1 x"), arena)));
}

static void bytes_that_are_no_text_harm_nobody(void **state)
{
    (void)state;
    char bytes[64];
    for (unsigned seed = 1; seed < 2000; seed++) {
        unsigned value = seed * 2654435761u;
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (char)((value = value * 1103515245u + 12345u) >> 16);
        struct span folded = wording_fold((struct span){bytes, seed % sizeof bytes}, arena);
        (void)wording_holds(folded, SPAN("a"));
        (void)wording_is_digits(folded);
        arena_reset(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_folded),
        cmocka_unit_test(whole_words_are_found),
        cmocka_unit_test(scripts_without_blanks_have_words_too),
        cmocka_unit_test(keys_are_no_words),
        cmocka_unit_test(bytes_that_are_no_text_harm_nobody),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
