#include <string.h>
#include <unictype.h>
#include "cmocka_all.h"
#include "base/buffer.h"
#include "seeded.h"
#include "text/gsm7.h"
#include "text/segments.h"
#include "text/utf8.h"

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_create(65536);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

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
        return utf8_utf16_units(part);
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

/* Random texts: parts join to the whole, none is over its room, none begins with a sign or ends with a virama. */
static void parts_are_whole(void **state)
{
    (void)state;
    const char *pieces[] = {"a",  "word ", "€", "{x}", "\r\n",    "ক্ষ", "স্ত্র",      "যা",
                            "হা", "ন্",     "ক", "é",   "e\u0301", "😀",  "👍🏽", "। "};
    struct seeded seeded = {1};
    for (int round = 0; round < 1500; round++) {
        arena_reset(arena);
        bool plain = seeded_below(&seeded, 2) == 0;
        struct buffer text;
        buffer_init(&text, arena, 8192);
        for (uint32_t n = seeded_below(&seeded, 250); n > 0; n--)
            buffer_add_text(&text, pieces[seeded_below(&seeded, plain ? 5 : 16)]);
        struct span whole = buffer_span(&text), *parts;
        struct segments measured = segments_measure(whole);
        size_t count, at = 0;
        segments_split(whole, arena, &parts, &count);
        assert_int_equal(count, measured.count);
        for (size_t i = 0; i < count; i++) {
            bool alone = measured.encoding == ENCODING_GSM7 ? measured.units <= 160 : measured.units <= 70;
            size_t room = measured.encoding == ENCODING_GSM7 ? (alone ? 160 : 153) : (alone ? 70 : 67);
            assert_true(parts[i].len > 0);
            assert_true(units_of(parts[i], measured.encoding) <= room);
            assert_ptr_equal(parts[i].at, whole.at + at);
            at += parts[i].len;
            if (i > 0)
                assert_false(is_sign(parts[i]));
            if (i + 1 < count) {
                uint32_t next;
                struct span after = parts[i + 1];
                assert_true(utf8_next(&after, &next));
                if (uc_is_general_category_withtable(next, UC_CATEGORY_MASK_Lo))
                    assert_false(ends_with(parts[i], SPAN("\u09CD")));
                assert_false(ends_with(parts[i], SPAN("\r")) && next == '\n');
            }
        }
        assert_int_equal(at, whole.len);
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
    assert_int_equal(utf8_utf16_units(parts[0]), 65);
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
        assert_true(utf8_is_valid(parts[i]) && utf8_utf16_units(parts[i]) <= 67);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts),          cmocka_unit_test(parts_are_whole), cmocka_unit_test(conjunct_at_the_edge),
        cmocka_unit_test(endless_cluster), cmocka_unit_test(plans),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
