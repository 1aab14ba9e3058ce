/* engine: forms: each type of answer, which question comes next, and what is kept. */
#include "sample_phone.h"

#include "model/turn.h"

static void a_form_asks_saves_and_ends(void **state)
{
    struct fixture *f = *state;
    CALLS(f, "2");
    DOES_NOTHING(f); /* who only looks leaves nothing */
    assert_true(f->view.result.worth_resuming);
    assert_true(f->view.result.stops_replay);
    type(f, "1");
    DOES(f, "open call", "answer safe = yes (sealed)");
    assert_true(f->view.result.turn_flags & TURN_SENSITIVE_INPUT);
    SHOWS(f, "When?"); /* the number is asked for only after "other" */
    type(f, "2");
    DOES(f, "answer when = evening");
    assert_false(f->view.result.turn_flags & TURN_SENSITIVE_INPUT);
    assert_string_equal(screen(f), "Call: Evening\n1 Send\n2 Change\n0 Back");
    type(f, "1");
    DOES(f, "answer confirm = send", "request call 0000013 normal topic work due 2026-11-22 16:00");
    assert_string_equal(screen(f), "Sent. Ref 000 0013, by tomorrow 16:00");
    assert_true(f->view.ends);
    assert_true(f->view.result.used_reference);
    assert_int_equal(f->view.result.state.history_count, 0);
}

static void a_form_jumps_skips_leaves_and_goes_back(void **state)
{
    struct fixture *f = *state;
    CALLS(f, "2", "2");
    SHOWS(f, "Which number?");
    type(f, "1234");
    SHOWS(f, "Type again.");
    type(f, "12345-678");
    DOES(f, "answer number = 12345678");
    type(f, "9");
    DOES_NOTHING(f);
    SHOWS(f, "Call: -");
    type(f, "2");
    SHOWS(f, "Safe?");
    type(f, "1");
    type(f, "0");
    SHOWS(f, "Safe?");
    type(f, "3");
    AT(f, "main");
    DOES_NOTHING(f);
    type(f, "0");
    AT(f, "main");
}

static void back_skips_what_was_not_asked(void **state)
{
    struct fixture *f = *state;
    CALLS(f, "2", "1", "1", "0");
    SHOWS(f, "When?");
    type(f, "0");
    SHOWS(f, "Safe?");
    type(f, "0");
    AT(f, "main");
}

static void three_bad_answers_leave_a_form_that_can_be_gone_on_with(void **state)
{
    struct fixture *f = *state;
    CALLS(f, "2", "1", "7", "7", "7");
    AT(f, "offer");
    type(f, "0");
    SHOWS(f, "When?");
    type(f, "1");
    DOES(f, "answer when = morning");
}

/* The first question of a type, a few answers to it, and what is made of each; NULL: it is asked again. */
static void answers(struct fixture *f, const char *const *before, const char *typed, const char *effect)
{
    calls(f, before);
    type(f, typed);
    if (!effect) {
        assert_true(f->view.result.bad_input);
        return;
    }
    const struct engine_result *result = &f->view.result;
    assert_true(result->effect_count > 0);
    struct span words = simulator_describe(f->simulator, &result->effects[result->effect_count - 1], f->arena);
    assert_string_equal(arena_text(f->arena, words), effect);
}

static void every_type_of_answer(void **state)
{
    static const struct {
        const char *before[8], *typed, *effect;
    } cases[] = {
        {{"3"}, "1", "answer country = sa"},
        {{"3"}, "8", "answer country = else"},
        {{"3"}, "3", NULL},
        {{"3", "1"}, "narail", "answer district = narail"},
        {{"3", "1"}, "সিলেট", "answer district = sylhet"},
        {{"3", "1"}, "SILET", "answer district = sylhet"},
        {{"3", "1"}, "xyz", NULL},
        {{"3", "1"}, "5", NULL},
        {{"3", "1"}, "s", NULL},
        {{"3", "1", "na"}, "2", "answer district = natore"},
        {{"3", "1", "na"}, "3", NULL},
        {{"3", "1", "na"}, "dha", "answer district = narail"},
        {{"3", "1", "9"}, "2", "answer needs = money"},
        {{"3", "1", "9"}, "4 1,3", "answer needs = legal job health"},
        {{"3", "1", "9"}, "১২", "answer needs = job money"},
        {{"3", "1", "9"}, "1234", NULL},
        {{"3", "1", "9"}, "15", NULL},
        {{"3", "1", "9"}, "19", NULL},
        {{"3", "1", "9"}, "9", "answer needs = none"},
        {{"3", "1", "9", "1"}, "5000", "answer owed = 5000"},
        {{"3", "1", "9", "1"}, "1,500", "answer owed = 1500"},
        {{"3", "1", "9", "1"}, "০০৮৫", "answer owed = 85"},
        {{"3", "1", "9", "1"}, "5001", NULL},
        {{"3", "1", "9", "1"}, "98", "answer owed = 98"},
        {{"3", "1", "9", "1"}, "99999999999999999999999", NULL},
        {{"3", "1", "9", "1"}, "-5x", NULL},
        {{"3", "1", "9", "1"}, "9", "answer owed = unsure"},
        {{"3", "1", "9", "1", "9"}, "5.11.2026", "answer left = 2026-11-05"},
        {{"3", "1", "9", "1", "9"}, "05112026", "answer left = 2026-11-05"},
        {{"3", "1", "9", "1", "9"}, "5/11/26", "answer left = 2026-11-05"},
        {{"3", "1", "9", "1", "9"}, "29 2 2024", "answer left = 2024-02-29"},
        {{"3", "1", "9", "1", "9"}, "29 2 2025", NULL},
        {{"3", "1", "9", "1", "9"}, "22.11.2026", NULL},
        {{"3", "1", "9", "1", "9"}, "1.2", NULL},
        {{"3", "1", "9", "1", "9"}, "1.2.3.4", NULL},
        {{"3", "1", "9", "1", "9"}, "soon", NULL},
        {{"3", "1", "9", "1", "9", "1.1.2026"}, " two\nlines ", "answer note = two lines (sealed)"},
        {{"3", "1", "9", "1", "9", "1.1.2026"}, "০১২৩৪৫৬৭৮৯০১২৩৪৫৬৭৮৯", "answer note = ০১২৩৪৫৬৭৮৯০১২৩৪৫৬৭৮৯ (sealed)"},
        {{"3", "1", "9", "1", "9", "1.1.2026"}, "123456789012345678901", NULL},
        {{"3", "1", "9", "1", "9", "1.1.2026", "-"}, "123", NULL},
        {{"3", "1", "9", "1", "9", "1.1.2026", "-"}, "12345", NULL},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        phone(f, "en");
        if (strcmp(cases[i].typed, "dha") != 0)
            answers(f, cases[i].before, cases[i].typed, cases[i].effect);
    }
    phone(f, "en"); /* other letters over a choice of places look again */
    calls(f, cases[11].before);
    type(f, "dha");
    SHOWS(f, "1 Dhaka");
    type(f, "0");
    SHOWS_NOT(f, "1 Dhaka");
    SHOWS(f, "District?");
}

static void a_pin_is_never_kept(void **state)
{
    struct fixture *f = *state;
    CALLS(f, "3", "1", "9", "12", "9", "1.1.2026", "note");
    type(f, "৪৮২৯");
    DOES(f, "pin (never kept)", "register 0000013 consent 7");
    assert_true(span_equal_text(f->view.result.effects[0].pin, "4829"));
    assert_true(f->view.result.turn_flags & TURN_SECRET_INPUT);
    assert_false(span_is_present(f->view.result.meaning));
    SHOWS(f, "Kept: Job, Money. Ref 000 0013");
    CALLS(f, "3");
    AT(f, "mine"); /* the branch: registered by now */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_PHONE(a_form_asks_saves_and_ends),    ON_A_PHONE(a_form_jumps_skips_leaves_and_goes_back),
        ON_A_PHONE(back_skips_what_was_not_asked), ON_A_PHONE(three_bad_answers_leave_a_form_that_can_be_gone_on_with),
        ON_A_PHONE(every_type_of_answer),          ON_A_PHONE(a_pin_is_never_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
