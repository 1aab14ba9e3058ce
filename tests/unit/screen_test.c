#include <string.h>
#include <unictype.h>
#include "own_arena.h"
#include "base/buffer.h"
#include "seeded.h"
#include "text/gsm7.h"
#include "text/screen.h"
#include "text/utf8.h"
#include "utf16_units.h"

#define OPEN "\x01"
#define SHUT "\x02"

static const struct carrier ussd = {160, 70, true};
static const struct carrier sms = {320, 140, false};

static void measures(void **state)
{
    (void)state;
    const struct {
        const char *text;
        enum encoding encoding;
        size_t units;
    } cases[] = {
        {"", ENCODING_GSM7, 0},
        {"1 Find services", ENCODING_GSM7, 15},
        {"5 €", ENCODING_GSM7, 4},
        {"Ref " OPEN "482 7153" SHUT ".", ENCODING_GSM7, 13},
        {OPEN SHUT, ENCODING_GSM7, 0},
        {"কল", ENCODING_UCS2, 2},
        {"€" OPEN "ক" SHUT, ENCODING_UCS2, 2},
        {"😀{", ENCODING_UCS2, 3},
        {"it’s", ENCODING_UCS2, 4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct measure found = screen_measure(span_of(cases[i].text));
        assert_int_equal(found.encoding, cases[i].encoding);
        assert_int_equal(found.units, cases[i].units);
    }
    assert_int_equal(screen_measure(SPAN_NONE).units, 0);
}

static void fits(void **state)
{
    (void)state;
    struct carrier small = {4, 2, true}, latin = {4, 0, true};
    assert_true(screen_fits(span_of("abcd"), &small));
    assert_false(screen_fits(span_of("abcde"), &small));
    assert_false(screen_fits(span_of("abc€"), &small));
    assert_true(screen_fits(span_of("কখ"), &small));
    assert_false(screen_fits(span_of("কখগ"), &small));
    assert_false(screen_fits(span_of("ক"), &latin));
    assert_true(screen_fits(SPAN(""), &latin));
    assert_int_equal(screen_limit(&latin, ENCODING_UCS2), 0);
    assert_int_equal(screen_limit(&small, ENCODING_GSM7), 4);
}

static void values(void **state)
{
    (void)state;
    const char *marked = "Ref " OPEN "482 7153" SHUT ", " OPEN SHUT OPEN "Dhaka" SHUT;
    struct span skeleton, *found;
    size_t count;
    screen_split_values(span_of(marked), arena, &skeleton, &found, &count);
    assert_true(span_equal_text(skeleton, "Ref " OPEN SHUT ", " OPEN SHUT OPEN SHUT));
    assert_int_equal(count, 3);
    assert_true(span_equal_text(found[0], "482 7153"));
    assert_int_equal(found[1].len, 0);
    assert_true(span_equal_text(found[2], "Dhaka"));
    assert_true(span_equal_text(screen_fill_values(skeleton, found, count, arena), marked));
    assert_true(span_equal_text(screen_plain(span_of(marked), arena), "Ref 482 7153, Dhaka"));
    screen_split_values(SPAN("none"), arena, &skeleton, &found, &count);
    assert_true(span_equal_text(skeleton, "none"));
    assert_int_equal(count, 0);
}

static void values_that_do_not_match(void **state)
{
    (void)state;
    struct span skeleton, *found, given[2] = {SPAN("x"), SPAN("y")};
    size_t count;
    screen_split_values(span_of("a" OPEN "unclosed"), arena, &skeleton, &found, &count);
    assert_int_equal(count, 1);
    assert_true(span_equal_text(found[0], "unclosed"));
    assert_true(span_equal_text(screen_fill_values(SPAN("a" OPEN SHUT), given, 2, arena), "a" OPEN "x" SHUT));
    assert_true(
        span_equal_text(screen_fill_values(SPAN(OPEN SHUT OPEN SHUT), given, 1, arena), OPEN "x" SHUT OPEN SHUT));
}

/* A value cannot forge a mark, a line or a control. */
static void hostile_value(void **state)
{
    (void)state;
    struct span marked = screen_mark_value(SPAN("a\x01"
                                                "b\x02\x1B"
                                                "c\nd\x7F\xC2\x85"
                                                "e\tক"),
                                           arena);
    assert_true(span_equal_text(marked, OPEN "abc de ক" SHUT));
    assert_true(span_equal_text(screen_mark_value(SPAN(""), arena), OPEN SHUT));
    /* Direction overrides and isolates, the line separator; the plain marks that Arabic needs stay. */
    /* NOLINTNEXTLINE(misc-misleading-bidirectional): they are what is tested */
    marked = screen_mark_value(SPAN("a\xE2\x80\xAE"
                                    "b\xE2\x81\xA6"
                                    "c\xE2\x81\xA9"
                                    "d\xE2\x80\xA8"
                                    "e\xE2\x80\x8F"
                                    "f"),
                               arena);
    assert_true(span_equal_text(marked, OPEN "abcde\xE2\x80\x8F"
                                             "f" SHUT));
}

static struct screen_draft menu_draft(const struct screen_line *lines, size_t count)
{
    return (struct screen_draft){.notice = SPAN_NONE,
                                 .title = SPAN("InfoLine"),
                                 .lines = lines,
                                 .line_count = count,
                                 .more = SPAN("98 More"),
                                 .foot = SPAN("0 Back 00 Main"),
                                 .foot_inner = SPAN("0 Back")};
}

static void expect_pages(const struct screen_draft *draft, const struct carrier *carrier, const char *const *wanted,
                         int line)
{
    struct span *pages;
    size_t count, i;
    struct error err;
    assert_int_equal(screen_layout(draft, carrier, arena, &pages, &count, &err), OUTCOME_OK);
    for (i = 0; wanted[i] && i < count; i++)
        if (!span_equal_text(pages[i], wanted[i]))
            fail_msg("line %d, page %zu: %.*s", line, i, SPAN_ARG(pages[i]));
    if (wanted[i] || i < count)
        fail_msg("line %d: %zu pages", line, count);
}
#define PAGES(draft, carrier, ...)                                                                                     \
    expect_pages(&(draft), &(carrier), (const char *const[]){__VA_ARGS__, NULL}, __LINE__)

static void one_page(void **state)
{
    (void)state;
    const struct screen_line lines[] = {{SPAN("1 Find services"), true}, {SPAN("2 Ask us to call you"), true}};
    struct screen_draft draft = menu_draft(lines, 2);
    draft.notice = SPAN("Please choose a number.");
    PAGES(draft, ussd,
          "Please choose a number.\nInfoLine\n1 Find services\n2 Ask us to call you\n"
          "0 Back 00 Main");
    draft = (struct screen_draft){.lines = lines, .line_count = 1};
    PAGES(draft, ussd, "1 Find services");
    draft = (struct screen_draft){.title = SPAN("Thank you.")};
    PAGES(draft, ussd, "Thank you.");
}

static void options_over_pages(void **state)
{
    (void)state;
    const struct screen_line lines[] = {{SPAN("1 English"), true},    {SPAN("2 বাংলা"), true},
                                        {SPAN("3 Tieng Viet"), true}, {SPAN("4 Russkiy"), true},
                                        {SPAN("5 Tojiki"), true},     {SPAN("6 Indonesia"), true}};
    struct screen_draft draft = menu_draft(lines, 6);
    draft.notice = SPAN("Once.");
    /* Without the Bangla line the second page is GSM-7 and has room for the rest. */
    PAGES(draft, ussd, "Once.\nInfoLine\n1 English\n2 বাংলা\n3 Tieng Viet\n4 Russkiy\n98 More 0 Back",
          "InfoLine\n5 Tojiki\n6 Indonesia\n0 Back 00 Main");
}

static void paragraph_is_divided_at_blanks(void **state)
{
    (void)state;
    const struct screen_line lines[] = {{SPAN("alpha beta gamma delta"), false}, {SPAN("1 Go"), true}};
    struct screen_draft draft = {.lines = lines, .line_count = 2, .more = SPAN("98 More"), .foot = SPAN("0 Back")};
    struct carrier carrier = {24, 10, true};
    PAGES(draft, carrier, "alpha beta gamma\n98 More", "delta\n1 Go\n0 Back");
}

/* A number that somebody has to dial is not torn apart while it fits a page of its own. */
static void value_stays_whole(void **state)
{
    (void)state;
    const struct screen_line lines[] = {{SPAN("Call us: " OPEN "01 234 567 890" SHUT " by day"), false}};
    struct screen_draft draft = {.lines = lines, .line_count = 1, .more = SPAN("98 More"), .foot = SPAN("0")};
    struct carrier carrier = {24, 10, true};
    PAGES(draft, carrier, "Call us:\n98 More", OPEN "01 234 567 890" SHUT " by day\n0");
    carrier.gsm7_units = 20; /* now it does not: marks are closed and opened again around the division */
    PAGES(draft, carrier, "Call us:\n98 More", OPEN "01 234 567" SHUT "\n98 More", OPEN "890" SHUT " by day\n0");
}

static void refused(void **state)
{
    (void)state;
    const struct screen_line option[] = {{SPAN("1 twenty units wide!"), true}};
    const struct screen_line bangla[] = {{SPAN("1 কল"), true}};
    struct screen_draft draft = {.lines = option, .line_count = 1, .title = SPAN("T"), .foot = SPAN("0")};
    struct carrier narrow = {20, 0, true};
    struct span *pages;
    size_t count;
    struct error err;
    assert_int_equal(screen_layout(&draft, &narrow, arena, &pages, &count, &err), OUTCOME_REFUSED);
    assert_non_null(strstr(err.text, "line 1"));
    assert_non_null(strstr(err.text, "4 units over"));
    draft.lines = bangla;
    assert_int_equal(screen_layout(&draft, &narrow, arena, &pages, &count, &err), OUTCOME_REFUSED);
    assert_non_null(strstr(err.text, "UCS-2"));
    draft = (struct screen_draft){.title = SPAN("a title of more than twenty")};
    assert_int_equal(screen_layout(&draft, &narrow, arena, &pages, &count, &err), OUTCOME_REFUSED);
    assert_non_null(strstr(err.text, "7 units over"));
}

static void texts_are_one_page(void **state)
{
    (void)state;
    char words[401];
    memset(words, 'a', sizeof words);
    struct screen_line line = {{words, 319}, false};
    struct screen_draft draft = {.lines = &line, .line_count = 1, .more = SPAN("98 More"), .foot = SPAN("0")};
    struct span *pages;
    size_t count;
    struct error err;
    assert_int_equal(screen_layout(&draft, &sms, arena, &pages, &count, &err), OUTCOME_REFUSED);
    assert_non_null(strstr(err.text, "1 units over"));
    line.text.len = 318;
    assert_int_equal(screen_layout(&draft, &sms, arena, &pages, &count, &err), OUTCOME_OK);
    assert_int_equal(count, 1);
    assert_int_equal(screen_measure(pages[0]).units, 320);
}

/* ---- properties over random drafts ---- */

static const char *const pieces[] = {
    "a",           "word ", "go ",   "€",  "{",  "x\ny", "1",  " ",       "é", OPEN "01 23" SHUT,
    "longerword ", "ক্ষ",    "স্ত্রী ", "যা", "হা", "ন্দ্ব",  "ক ", "e\u0301", "😀", OPEN "ঢাকা ১" SHUT};
#define LATIN_PIECES 11
#define ALL_PIECES 20

static struct span random_text(struct seeded *seeded, uint32_t kinds, uint32_t longest)
{
    struct buffer text;
    buffer_init(&text, arena, 8192);
    buffer_add_char(&text, 'P'); /* something to see, so that no line is empty */
    for (uint32_t n = seeded_below(seeded, longest); n > 0; n--)
        buffer_add_text(&text, pieces[seeded_below(seeded, kinds)]);
    return buffer_span(&text);
}

static struct span without_blanks(struct span text)
{
    char *out = arena_alloc(arena, text.len + 1);
    size_t to = 0;
    for (size_t i = 0; i < text.len; i++)
        if (!strchr(" \n" OPEN SHUT, text.at[i]))
            out[to++] = text.at[i];
    return (struct span){out, to};
}

static size_t units_of(struct span page)
{
    struct span plain = screen_plain(page, arena);
    size_t septets;
    return gsm7_measure(plain, &septets) ? septets : utf16_units(plain);
}

static void check_marks(struct span page)
{
    bool open = false;
    for (size_t i = 0; i < page.len; i++) {
        if (page.at[i] == OPEN[0] || page.at[i] == SHUT[0]) {
            assert_int_equal(page.at[i] == OPEN[0], !open);
            open = !open;
        }
    }
    assert_false(open);
}

/* Takes head and foot off; checks that they were there. */
static struct span page_body(struct span page, const struct screen_draft *draft, size_t number, size_t count)
{
    bool last = number + 1 == count;
    struct span tail = last ? draft->foot : SPAN("98 More 0 Back");
    if (number == 0 && draft->notice.len > 0) {
        assert_true(span_starts_with(page, draft->notice));
        page = span_from(page, draft->notice.len + 1);
    }
    assert_true(span_starts_with(page, draft->title));
    page = span_from(page, draft->title.len);
    assert_true(page.len >= tail.len);
    assert_true(span_equal(span_from(page, page.len - tail.len), tail));
    return span_trim(span_first(page, page.len - tail.len));
}

static void check_cut(struct span before, struct span after)
{
    uint32_t first = 0;
    before = screen_plain(before, arena);
    after = screen_plain(after, arena);
    struct span rest = after;
    if (before.len == 0 || !utf8_next(&rest, &first))
        return;
    assert_false(uc_is_general_category_withtable(first, UC_CATEGORY_MASK_M));
    bool virama = before.len >= 3 && span_equal(span_from(before, before.len - 3), SPAN("\u09CD"));
    assert_false(virama && uc_is_general_category_withtable(first, UC_CATEGORY_MASK_Lo));
}

static void check_pages(const struct screen_draft *draft, const struct carrier *carrier, struct span *pages,
                        size_t count)
{
    struct buffer said, shown;
    buffer_init(&said, arena, 65536);
    buffer_init(&shown, arena, 65536);
    for (size_t i = 0; i < draft->line_count; i++)
        buffer_add(&said, without_blanks(draft->lines[i].text));
    struct span before = SPAN_NONE;
    for (size_t i = 0; i < count; i++) {
        assert_true(screen_fits(pages[i], carrier));
        assert_int_equal(units_of(pages[i]), screen_measure(pages[i]).units);
        assert_true(utf8_is_valid(pages[i]));
        check_marks(pages[i]);
        struct span body = page_body(pages[i], draft, i, count);
        assert_true(body.len > 0 || (i == 0 && draft->notice.len > 0));
        check_cut(before, body);
        buffer_add(&shown, without_blanks(body));
        before = body;
    }
    assert_true(span_equal(buffer_span(&said), buffer_span(&shown)));
    for (size_t i = 0; i < draft->line_count; i++) {
        size_t found = 0;
        for (size_t p = 0; p < count && draft->lines[i].keep; p++)
            found += memmem(pages[p].at, pages[p].len, draft->lines[i].text.at, draft->lines[i].text.len) != NULL;
        assert_true(!draft->lines[i].keep || found >= 1);
    }
}

static void random_drafts(void **state)
{
    (void)state;
    struct seeded seeded = {42};
    size_t laid_out = 0;
    for (int round = 0; round < 4000; round++) {
        arena_reset(arena);
        struct screen_line lines[8];
        uint32_t kinds = seeded_below(&seeded, 2) ? ALL_PIECES : LATIN_PIECES;
        size_t line_count = 1 + seeded_below(&seeded, 8);
        for (size_t i = 0; i < line_count; i++) {
            bool keep = seeded_below(&seeded, 2);
            lines[i] = (struct screen_line){random_text(&seeded, kinds, keep ? 8 : 60), keep};
        }
        struct screen_draft draft = menu_draft(lines, line_count);
        if (seeded_below(&seeded, 2))
            draft.notice = SPAN("Notice");
        if (seeded_below(&seeded, 2))
            draft.foot = SPAN("0 Back 00 Main 9 Danger");
        struct carrier carrier = {40 + (int)seeded_below(&seeded, 150), 36 + (int)seeded_below(&seeded, 50), true};
        struct span *pages;
        size_t count;
        struct error err;
        if (screen_layout(&draft, &carrier, arena, &pages, &count, &err) == OUTCOME_OK) {
            check_pages(&draft, &carrier, pages, count);
            laid_out++;
        } else {
            assert_non_null(strstr(err.text, "units over"));
        }
    }
    assert_true(laid_out > 2500);
}

/* At the standard's limits nothing of this size may be refused: refusing is for options that no page can hold. */
static void nothing_is_refused_at_full_size(void **state)
{
    (void)state;
    struct seeded seeded = {7};
    for (int round = 0; round < 1000; round++) {
        arena_reset(arena);
        struct screen_line lines[3];
        for (size_t i = 0; i < 3; i++)
            lines[i] = (struct screen_line){random_text(&seeded, ALL_PIECES, i == 0 ? 300 : 4), i > 0};
        struct screen_draft draft = menu_draft(lines, 3);
        struct span *pages;
        size_t count;
        struct error err;
        assert_int_equal(screen_layout(&draft, &ussd, arena, &pages, &count, &err), OUTCOME_OK);
        check_pages(&draft, &ussd, pages, count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures),
        cmocka_unit_test(fits),
        cmocka_unit_test(values),
        cmocka_unit_test(values_that_do_not_match),
        cmocka_unit_test(hostile_value),
        cmocka_unit_test(one_page),
        cmocka_unit_test(options_over_pages),
        cmocka_unit_test(paragraph_is_divided_at_blanks),
        cmocka_unit_test(value_stays_whole),
        cmocka_unit_test(refused),
        cmocka_unit_test(texts_are_one_page),
        cmocka_unit_test(random_drafts),
        cmocka_unit_test(nothing_is_refused_at_full_size),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
