#include <string.h>
#include <unictype.h>
#include <unigbrk.h>
#include "own_arena.h"
#include "base/buffer.h"
#include "seeded.h"
#include "text/gsm7.h"
#include "text/segments.h"
#include "text/utf8.h"
#include "utf16_units.h"

static struct span repeated(const char *piece, size_t times)
{
    size_t len = strlen(piece);
    char *out = arena_alloc(arena, len * times + 1);
    for (size_t i = 0; i < times; i++)
        memcpy(out + i * len, piece, len);
    return (struct span){out, len * times};
}

static void counts(void **state)
{
    (void)state;
    const struct {
        const char *piece;
        size_t times;
        enum encoding encoding;
        size_t units, count;
    } cases[] = {
        {"a", 0, ENCODING_GSM7, 0, 0},     {"a", 1, ENCODING_GSM7, 1, 1},
        {"a", 160, ENCODING_GSM7, 160, 1}, {"a", 161, ENCODING_GSM7, 161, 2},
        {"a", 306, ENCODING_GSM7, 306, 2}, {"a", 307, ENCODING_GSM7, 307, 3},
        {"€", 80, ENCODING_GSM7, 160, 1},  {"€", 81, ENCODING_GSM7, 162, 2},
        {"€", 152, ENCODING_GSM7, 304, 2}, /* an odd room of 153: one septet of each part stays empty */
        {"€", 153, ENCODING_GSM7, 306, 3}, {"ক", 70, ENCODING_UCS2, 70, 1},
        {"ক", 71, ENCODING_UCS2, 71, 2},   {"ক", 134, ENCODING_UCS2, 134, 2},
        {"ক", 135, ENCODING_UCS2, 135, 3}, {"😀", 35, ENCODING_UCS2, 70, 1},
        {"😀", 36, ENCODING_UCS2, 72, 2},   {"😀", 66, ENCODING_UCS2, 132, 2},
        {"😀", 67, ENCODING_UCS2, 134, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct segments found = segments_measure(repeated(cases[i].piece, cases[i].times));
        assert_int_equal(found.encoding, cases[i].encoding);
        assert_int_equal(found.units, cases[i].units);
        if (found.count != cases[i].count)
            fail_msg("%s x %zu: %zu segments", cases[i].piece, cases[i].times, found.count);
    }
}

static size_t units_of(struct span part, enum encoding encoding)
{
    size_t septets = 0;
    if (encoding == ENCODING_UCS2)
        return utf16_units(part);
    assert_true(gsm7_measure(part, &septets));
    return septets;
}

static bool is_sign(struct span text)
{
    uint32_t character;
    return utf8_next(&text, &character) && uc_is_general_category_withtable(character, UC_CATEGORY_MASK_M);
}

static bool ends_with(struct span text, struct span tail)
{
    return text.len >= tail.len && span_equal(span_from(text, text.len - tail.len), tail);
}

/* Whether a text may be cut at all at `at`: between two graphemes of the whole. */
static bool is_grapheme_end(struct span whole, size_t at)
{
    const uint8_t *from = (const uint8_t *)whole.at, *end = from + whole.len;
    while (from < (const uint8_t *)whole.at + at)
        from = u8_grapheme_next(from, end);
    return from == (const uint8_t *)whole.at + at;
}

/* A letter that a virama before it would have joined to itself. */
static bool is_joined(struct span before, struct span after)
{
    uint32_t next;
    return utf8_next(&after, &next) && uc_is_general_category_withtable(next, UC_CATEGORY_MASK_Lo) &&
           (ends_with(before, SPAN("\u09CD")) || ends_with(before, SPAN("\u094D")) ||
            ends_with(before, SPAN("\u094D\u200D")));
}

static void check_parts(struct span whole)
{
    struct segments measured = segments_measure(whole);
    struct span *parts;
    size_t count, at = 0;
    bool alone = measured.units <= (measured.encoding == ENCODING_GSM7 ? 160u : 70u);
    size_t joined = measured.encoding == ENCODING_GSM7 ? 153 : 67;
    size_t room = alone ? measured.units : joined;
    segments_split(whole, arena, &parts, &count);
    assert_int_equal(count, measured.count);
    assert_true(!alone || count <= 1);
    for (size_t i = 0; i < count; i++) {
        assert_true(parts[i].len > 0 && utf8_is_valid(parts[i]));
        assert_true(units_of(parts[i], measured.encoding) <= room);
        assert_ptr_equal(parts[i].at, whole.at + at);
        at += parts[i].len;
        assert_true(i == 0 || !is_sign(parts[i]));
        assert_true(is_grapheme_end(whole, at));
        assert_true(i + 1 == count || !is_joined(parts[i], parts[i + 1]));
        /* Nothing is given away: the next grapheme and what it is joined to would not have fitted. */
        if (i + 1 < count)
            assert_true(units_of(parts[i], measured.encoding) + 16 > room);
    }
    assert_int_equal(at, whole.len);
}

/* Random texts: parts join to the whole, none is over its room, none divides what a phone shows as one. */
static void parts_are_whole(void **state)
{
    (void)state;
    const char *pieces[] = {"a",
                            "word ",
                            "€",
                            "{x}",
                            "\r\n",
                            "ক্ষ",
                            "স্ত্র",
                            "যা",
                            "হা",
                            "ন্",
                            "ক",
                            "é",
                            "e\u0301",
                            "😀",
                            "👍🏽",
                            "। ",
                            "क्ष",
                            "त्र्य",
                            "हिन्दी",
                            "र\u094D\u200Dय",
                            "🇧🇩",
                            "👨\u200D👩\u200D👧",
                            "1\uFE0F\u20E3",
                            "한",
                            "\u0627\u0650",
                            "ကျွန်",
                            "ก็"};
    enum { PIECES = sizeof pieces / sizeof pieces[0] };
    struct seeded seeded = {1};
    for (int round = 0; round < 3000; round++) {
        arena_reset(arena);
        bool plain = seeded_below(&seeded, 2) == 0;
        struct buffer text;
        buffer_init(&text, arena, 8192);
        for (uint32_t n = seeded_below(&seeded, 250); n > 0; n--)
            buffer_add_text(&text, pieces[seeded_below(&seeded, plain ? 5 : PIECES)]);
        check_parts(buffer_span(&text));
    }
}

/* One character of each kind, at each place around the end of a part. */
static void every_edge(void **state)
{
    (void)state;
    static const struct {
        const char *filling, *edge;
        size_t joined;
    } cases[] = {
        {"a", "€", 153},
        {"a", "{", 153},
        {"a", "\r\n", 153},
        {"ক", "😀", 67},
        {"ক", "ক্ষ", 67},
        {"क", "क्ष", 67},
        {"क", "स्त्री", 67},
        {"ক", "e\u0301", 67},
        {"ক", "🇧🇩", 67},
        {"ক", "👍🏽", 67},
        {"ক", "👨\u200D👩\u200D👧", 67},
        {"ক", "র\u200D্য", 67},
        {"क", "र\u094D\u200Dय", 67},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (size_t before = cases[i].joined - 12; before <= cases[i].joined; before++) {
            struct buffer text;
            arena_reset(arena);
            buffer_init(&text, arena, 4096);
            buffer_add(&text, repeated(cases[i].filling, before));
            buffer_add_text(&text, cases[i].edge);
            buffer_add(&text, repeated(cases[i].filling, cases[i].joined));
            check_parts(buffer_span(&text));
        }
}

static void conjunct_at_the_edge(void **state)
{
    (void)state;
    struct buffer text;
    buffer_init(&text, arena, 1024);
    buffer_add(&text, repeated("ক", 65));
    buffer_add_text(&text, "ক্ষক"); /* its virama would be the 67th unit */
    buffer_add(&text, repeated("খ", 10));
    struct span *parts;
    size_t count;
    segments_split(buffer_span(&text), arena, &parts, &count);
    assert_int_equal(count, 2);
    assert_int_equal(utf16_units(parts[0]), 65);
}

/* Texts as they are queued: what alone keeps one out of GSM-7 is replaced, and nothing where that would not help. */
static void plans(void **state)
{
    (void)state;
    static const struct {
        const char *text, *sent;
        enum encoding encoding;
        unsigned segments;
    } cases[] = {
        {"", "", ENCODING_GSM7, 0},
        {"Call 999", "Call 999", ENCODING_GSM7, 1},
        {"It’s “near” – go…", "It's \"near\" - go...", ENCODING_GSM7, 1},
        {"o\u02BBzbek \u2039a\u203A\u200B\u00A0b\u2011c", "o'zbek 'a' b-c", ENCODING_GSM7, 1},
        {"“ক” – à", "“ক” – à", ENCODING_UCS2, 1},
        {"“á”", "“á”", ENCODING_UCS2, 1},
        {"র\u200Dয", "র\u200Dয", ENCODING_UCS2, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct text_plan plan = segments_plan(span_of(cases[i].text), arena);
        if (!span_equal_text(plan.text, cases[i].sent) || plan.encoding != cases[i].encoding ||
            plan.segments != cases[i].segments)
            fail_msg("%s: %.*s, %u", cases[i].text, SPAN_ARG(plan.text), plan.segments);
    }
    /* One curly quote would have made three texts of it. */
    struct buffer text;
    buffer_init(&text, arena, 1024);
    buffer_add(&text, repeated("a", 159));
    buffer_add_text(&text, "’");
    assert_int_equal(segments_measure(buffer_span(&text)).count, 3);
    assert_int_equal(segments_plan(buffer_span(&text), arena).segments, 1);
}

/* A heap of signs on one letter is longer than a part: it is cut between characters rather than refused. */
static void endless_cluster(void **state)
{
    (void)state;
    struct buffer text;
    buffer_init(&text, arena, 4096);
    buffer_add_text(&text, "e");
    buffer_add(&text, repeated("\u0301", 300));
    struct span *parts;
    size_t count;
    segments_split(buffer_span(&text), arena, &parts, &count);
    assert_int_equal(count, 5);
    for (size_t i = 0; i < count; i++)
        assert_true(utf8_is_valid(parts[i]) && utf16_units(parts[i]) <= 67);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts),          cmocka_unit_test(parts_are_whole),
        cmocka_unit_test(every_edge),      cmocka_unit_test(conjunct_at_the_edge),
        cmocka_unit_test(endless_cluster), cmocka_unit_test(plans),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
