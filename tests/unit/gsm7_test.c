#include <string.h>
#include "own_arena.h"
#include "text/gsm7.h"
#include "text/utf8.h"

/* Every code of both tables goes to a character and back to itself, and no two codes share a character. */
static void round_trip(void **state)
{
    (void)state;
    struct span seen[256];
    size_t count = 0;
    for (int escaped = 0; escaped < 2; escaped++) {
        for (int code = 0; code < 128; code++) {
            char septets[2] = {0x1B, (char)code};
            struct span in = {septets + !escaped, (size_t)(escaped ? 2 : 1)}, utf8, back;
            if (!gsm7_decode(in, arena, &utf8))
                continue;
            assert_true(utf8_is_valid(utf8));
            assert_true(gsm7_encode(utf8, arena, &back));
            assert_true(span_equal(in, back));
            uint32_t character;
            struct span rest = utf8;
            assert_true(utf8_next(&rest, &character));
            assert_int_equal(rest.len, 0);
            size_t measured;
            assert_true(gsm7_measure(utf8, &measured));
            assert_int_equal(measured, in.len);
            for (size_t i = 0; i < count; i++)
                assert_false(span_equal(seen[i], utf8));
            seen[count++] = utf8;
        }
    }
    assert_int_equal(count, 127 + 10); /* 128 codes, of which one is the escape, and the extension */
}

/* The alphabet as the standard prints it, row by row of sixteen: an independent second source for the table. */
static void as_printed(void **state)
{
    (void)state;
    static const char alphabet[] = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1B"
                                   "ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
                                   "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    struct span rest = SPAN(alphabet);
    uint32_t character;
    int code = 0;
    for (const char *from = rest.at; utf8_next(&rest, &character); from = rest.at, code++) {
        struct span one = {from, (size_t)(rest.at - from)}, septets;
        if (code == 0x1B)
            continue;
        assert_true(gsm7_encode(one, arena, &septets));
        assert_int_equal(septets.len, 1);
        assert_int_equal(septets.at[0], code);
    }
    assert_int_equal(code, 128);
}

static void extension(void **state)
{
    (void)state;
    struct span septets;
    assert_true(gsm7_encode(span_of("\f^{}\\[~]|€"), arena, &septets));
    static const char expected[] = "\x1B\x0A\x1B\x14\x1B\x28\x1B\x29\x1B\x2F\x1B\x3C\x1B\x3D\x1B\x3E\x1B\x40\x1B\x65";
    assert_true(span_equal(septets, SPAN(expected)));
}

static void outside_the_alphabet(void **state)
{
    (void)state;
    const char *outside[] = {"ç", "`", "\x01", "\t", "ক", "😀", "’", "Α", "\u20AD", "\x7F", "á"};
    struct span septets;
    size_t units = 99;
    for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++) {
        assert_false(gsm7_measure(span_of(outside[i]), &units));
        assert_false(gsm7_encode(span_of(outside[i]), arena, &septets));
    }
    assert_int_equal(units, 99);
}

static void undefined_codes(void **state)
{
    (void)state;
    const char *bad[] = {"\x1B", "a\x1B", "\x1B\x1B", "\x1B\x41", "\x1B\x01", "\x80", "\xFF", "\x1B\xE5"};
    struct span utf8;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(gsm7_decode(span_of(bad[i]), arena, &utf8));
    assert_true(gsm7_decode(SPAN(""), arena, &utf8));
    assert_int_equal(utf8.len, 0);
}

static void measures(void **state)
{
    (void)state;
    const struct {
        const char *text;
        size_t septets;
    } cases[] = {{"", 0}, {"abc", 3}, {"5 €", 4}, {"{}", 4}, {"ÇØΔ", 3}, {"a\nb", 3}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t septets = 99;
        assert_true(gsm7_measure(span_of(cases[i].text), &septets));
        assert_int_equal(septets, cases[i].septets);
    }
}

static void substitutes(void **state)
{
    (void)state;
    const struct {
        const char *from, *to;
    } cases[] = {
        {"it’s “so” – now…", "it's \"so\" - now..."},
        {"a\u00A0b\u2009c\td", "a b c d"},
        {"x\uFEFFy\u00ADz", "xyz"},
        {"`q´ «r»", "'q' \"r\""},
        {"সাহায্য – ক", "সাহায্য - ক"},
        {"র\u200Dয", "র\u200Dয"},
        {"plain", "plain"},
        {"ç", "ç"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_true(span_equal_text(gsm7_substitute(span_of(cases[i].from), arena), cases[i].to));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip),           cmocka_unit_test(as_printed),      cmocka_unit_test(extension),
        cmocka_unit_test(outside_the_alphabet), cmocka_unit_test(undefined_codes), cmocka_unit_test(measures),
        cmocka_unit_test(substitutes),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
