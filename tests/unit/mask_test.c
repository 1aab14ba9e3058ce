/* mask: words taken out of a text, where they stand by themselves. */
#include "cmocka_all.h"

#include "text/mask.h"

static void what_is_taken_out(void **state)
{
    (void)state;
    static const struct {
        const char *text, *words, *left; /* NULL: they do not stand in it */
    } cases[] = {
        {"Rina Begum", "Rina Begum", "**********"},
        {"You wrote: Rina Begum.", "Rina Begum", "You wrote: **********."},
        {"Rina and Rina", "Rina", "**** and ****"},
        {"Rinad, aRina, Rina1, 1Rina", "Rina", NULL},
        {"(Rina)", "Rina", "(****)"},
        {"rina", "Rina", NULL},
        {"01712345678", "1234", NULL},
        {"PIN 1234!", "1234", "PIN ****!"},
        {"...", "...", "***"},
        {"aa...bb", "...", "aa***bb"},
        {"12", "12", "**"}, /* as the whole text alone */
        {"12 of 12", "12", NULL},
        {"বলেছেন: রহিম।", "রহিম", "বলেছেন: ****।"},
        {"é", "é", "*"},
        {"", "Rina", NULL},
        {"Rina", "", NULL},
        {"Ri", "Rina", NULL},
        /* divided over two screens */
        {"Name: Rina Begum o", "Rina Begum of Sylhet", "Name: ************"},
        {"f Sylhet, in the east", "Begum, a teacher of Sylhet", "********, in the east"},
        {"Name: Rina Be", "Rina Begum of Sylhet", NULL}, /* so little may be anything */
        {"gum of Sy", "Rina Begum of Sylhet", "*********"},
        {"gum of", "Rina Begum of Sylhet", NULL},
        {"\xff\xfe Rina", "Rina", "\xff\xfe ****"}, /* what is no text stays as it is */
    };
    struct arena *arena = arena_create(4096);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct span left;
        const bool any = mask_words(span_of(cases[i].text), span_of(cases[i].words), arena, &left);
        if (any != (cases[i].left != NULL) || !span_equal(left, span_of(cases[i].left)))
            fail_msg("\"%s\" in \"%s\": got \"%.*s\", wanted \"%s\"", cases[i].words, cases[i].text, SPAN_ARG(left),
                     cases[i].left ? cases[i].left : "(not there)");
    }
    struct span absent = SPAN("x");
    assert_false(mask_words(SPAN_NONE, SPAN_NONE, arena, &absent));
    assert_null(absent.at);
    arena_destroy(arena);
}

static void it_keeps_its_length(void **state)
{
    (void)state;
    struct arena *arena = arena_create(4096);
    struct span left;
    const struct span text = SPAN("ক Rina খ ৯ Rina"), words = SPAN("Rina");
    assert_true(mask_words(text, words, arena, &left));
    assert_int_equal(mask_count(left), mask_count(text));
    assert_int_equal(mask_count(SPAN("রহিম")), 4);
    assert_int_equal(mask_count(SPAN_NONE), 0);
    arena_destroy(arena);
}

/* Every cut of both, none of which may be read beyond. */
static void nothing_is_read_beyond(void **state)
{
    (void)state;
    static const char text[] = "লিখেছেন Rina Begum of Sylhet ok", words[] = "Rina Begum of Sylhet";
    for (size_t t = 0; t < sizeof text; t++) {
        for (size_t w = 0; w < sizeof words; w++) {
            struct arena *arena = arena_create(1024);
            struct span cut = arena_copy(arena, (struct span){text, t}), left;
            const bool any = mask_words(cut, arena_copy(arena, (struct span){words, w}), arena, &left);
            assert_true(!any || mask_count(left) == mask_count(cut));
            arena_destroy(arena);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_taken_out),
        cmocka_unit_test(it_keeps_its_length),
        cmocka_unit_test(nothing_is_read_beyond),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
