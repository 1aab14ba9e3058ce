/* engine: pages: how one comes to them, what keys and words do there, what is shown of them. */
#include "sample_phone.h"

#include "model/turn.h"

static void a_first_call_chooses_a_language(void **state)
{
    struct fixture *f = *state;
    phone(f, NULL);
    dial(f);
    assert_string_equal(screen(f), "Language\n1 English\n2 Bangla\n9 Danger");
    DOES_NOTHING(f);
    type(f, "2");
    AT(f, "main");
    DOES(f, "language bn");
    SHOWS(f, "নমুনা\n1 সেবা");
    type(f, "00");
    AT(f, "main");
    dial(f);
    AT(f, "main");
}

static void danger_is_two_keys_away(void **state)
{
    struct fixture *f = *state;
    phone(f, NULL);
    CALLS(f, "9");
    assert_string_equal(screen(f), "Call 999\n1 Call me now\n3 I am safe");
    assert_true(f->view.result.turn_flags & TURN_SENSITIVE_SCREEN);
    assert_false(f->view.result.worth_resuming);
    type(f, "1");
    AT(f, "asked");
    SHOWS(f, "We call by today 16:05. Ref 000 0013");
    DOES(f, "request danger 0000013 danger due 2026-11-21 16:05");
    assert_int_equal(f->view.result.effects[0].due_at - NOW, 5 * 60 * 1000);
}

/* The line drops and they dial again: help is on its way already, and its clock is not set back. */
static void a_red_request_is_made_once(void **state)
{
    struct fixture *f = *state;
    phone(f, "en");
    CALLS(f, "9", "1");
    DOES(f, "request danger 0000013 danger due 2026-11-21 16:05");
    simulator_wait(f->simulator, 2 * 60 * 1000);
    CALLS(f, "9", "1");
    AT(f, "asked");
    DOES(f, "urge 0000013 due 2026-11-21 16:07");
    SHOWS(f, "We call by today 16:05. Ref 000 0013");
    simulator_wait(f->simulator, 60 * 60 * 1000); /* nobody called: a new promise, and it is the one that is told */
    CALLS(f, "9", "1");
    DOES(f, "urge 0000013 due 2026-11-21 17:07");
    SHOWS(f, "We call by today 17:07. Ref 000 0013");
    CALLS(f, "00");
    assert_int_equal(f->view.result.state.reference[0], '\0');
}

static void keys_are_forgiven(void **state)
{
    static const char *const ones[] = {"1", " 1 ", "1.", "#1", "১", "１"};
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof ones / sizeof *ones; i++) {
        CALLS(f, ones[i]);
        AT(f, "leaf");
        assert_true(span_equal_text(f->view.result.meaning, "leaf"));
        assert_true(span_equal_text(f->view.result.asked, "main"));
    }
}

static void an_empty_answer_shows_the_page_again(void **state)
{
    struct fixture *f = *state;
    CALLS(f, "1", "");
    AT(f, "leaf");
    type(f, "  ");
    AT(f, "leaf");
    assert_false(f->view.result.bad_input);
    SHOWS_NOT(f, "Pick a number.");
    assert_false(span_is_present(f->view.result.asked));
}

static void bad_input_gets_one_line_and_in_the_end_an_offer(void **state)
{
    struct fixture *f = *state;
    CALLS(f, "8");
    SHOWS(f, "Pick a number.\nSample\n1 Services");
    assert_true(f->view.result.bad_input);
    assert_false(span_is_present(f->view.result.meaning));
    type(f, "x");
    AT(f, "main");
    type(f, "99");
    AT(f, "offer");
    SHOWS_NOT(f, "Pick a number.");
    type(f, "0");
    AT(f, "main");
    type(f, "8");
    type(f, "1");
    type(f, "8");
    type(f, "8");
    AT(f, "leaf"); /* a good answer starts the count anew */
}

static void three_bad_answers_at_the_offer_stay_there(void **state)
{
    struct fixture *f = *state;
    CALLS(f, "8", "8", "8", "8", "8", "8", "8");
    AT(f, "offer");
}

static void back_goes_the_way_one_came(void **state)
{
    struct fixture *f = *state;
    CALLS(f, "1", "1");
    AT(f, "texted");
    type(f, "0");
    AT(f, "leaf");
    type(f, "0");
    AT(f, "main");
    type(f, "0");
    AT(f, "main");
    assert_false(f->view.result.bad_input);
}

static void history_keeps_the_latest(void **state)
{
    struct fixture *f = *state;
    dial(f);
    type(f, "1");
    for (int i = 0; i < 20; i++) {
        type(f, "2");
        type(f, "0");
        type(f, "1");
        type(f, "0");
    }
    AT(f, "leaf");
    assert_true(f->view.result.state.history_count <= HISTORY_MAX);
}

static void long_pages_turn_both_ways(void **state)
{
    struct fixture *f = *state;
    CALLS(f, "6");
    SHOWS(f, "98 More");
    SHOWS_NOT(f, "1 Call me");
    size_t first = f->view.screen.len;
    type(f, "98");
    assert_int_equal(f->view.result.state.at.page, 1);
    SHOWS(f, "1 Call me");
    SHOWS(f, "0 Back 00 Main");
    type(f, "98");
    assert_true(f->view.result.bad_input);
    assert_int_equal(f->view.result.state.at.page, 1);
    type(f, "0");
    assert_int_equal(f->view.result.state.at.page, 0);
    assert_int_equal(f->view.screen.len, first);
    type(f, "1"); /* a key of the other page holds on this one */
    AT(f, "call");
}

static void a_text_is_not_paged(void **state)
{
    struct fixture *f = *state;
    text(f, "hello");
    AT(f, "main");
    text(f, "6");
    SHOWS(f, "one may call.\n1 Call me");
    SHOWS_NOT(f, "98");
    text(f, "98");
    assert_true(f->view.result.bad_input);
}

static void keywords_are_whole_texts(void **state)
{
    struct fixture *f = *state;
    text(f, " stop ");
    AT(f, "done");
    DOES(f, "opt out");
    const char *same[] = {"Stop.", "\"STOP\"", "sToP!!", "(stop)", "стоп", "СТОП।"};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        text(f, "menu.");
        AT(f, "main");
        text(f, same[i]);
        AT(f, "done");
        DOES(f, "opt out");
    }
    text(f, "please stop");
    assert_true(f->view.result.bad_input);
    text(f, "bn");
    DOES(f, "language bn");
    AT(f, "main");
    CALLS(f, "STOP"); /* not on a call */
    assert_true(f->view.result.bad_input);
}

static void offices_follow_topic_and_area(void **state)
{
    struct fixture *f = *state;
    CALLS(f, "1");
    SHOWS(f, "TTC desk 02-000000 Sun-Thu");
    type(f, "1");
    assert_int_equal(f->view.text_count, 1);
    assert_true(span_equal_text(f->view.texts[0], "TTC desk 02-000000"));
    type(f, "0");
    type(f, "3");
    AT(f, "area");
    type(f, "syl");
    SHOWS(f, "1 Sylhet");
    type(f, "1");
    DOES(f, "open area", "answer area = sylhet");
    SHOWS(f, "Sylhet TTC 0821-000000");
}

static void requests_are_listed_and_cancelled(void **state)
{
    struct fixture *f = *state;
    CALLS(f, "4");
    assert_string_equal(screen(f), "Yours (0)\nNone yet.\n0 Back 00 Main");
    type(f, "1");
    assert_true(f->view.result.bad_input); /* hidden while there is nothing to cancel */
    CALLS(f, "2", "1", "1", "1");
    CALLS(f, "4");
    assert_string_equal(screen(f), "Yours (1)\n000 0013 call: waiting\n1 Cancel one\n0 Back 00 Main");
    type(f, "1");
    SHOWS(f, "Which one?\n1 000 0013 call: waiting");
    type(f, "2");
    assert_true(f->view.result.bad_input);
    type(f, "1");
    DOES(f, "cancel 0000013");
    SHOWS(f, "Yours (0)\n000 0013 call: cancelled");
}

static void settings_do_what_they_say(void **state)
{
    struct fixture *f = *state;
    CALLS(f, "5", "1");
    DOES(f, "opt out");
    CALLS(f, "5", "2");
    DOES(f, "opt in");
    CALLS(f, "2", "1", "1", "1");
    CALLS(f, "5", "3");
    DOES(f, "forget");
    SHOWS(f, "Done {so}.");
    CALLS(f, "4");
    SHOWS(f, "None yet.");
    CALLS(f, "5", "4");
    DOES(f, "language bn");
    SHOWS(f, "নমুনা");
    type(f, "6");
    SHOWS(f, "98 More"); /* bn has no such word: the first language's */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_PHONE(a_first_call_chooses_a_language),
        ON_A_PHONE(danger_is_two_keys_away),
        ON_A_PHONE(a_red_request_is_made_once),
        ON_A_PHONE(keys_are_forgiven),
        ON_A_PHONE(an_empty_answer_shows_the_page_again),
        ON_A_PHONE(bad_input_gets_one_line_and_in_the_end_an_offer),
        ON_A_PHONE(three_bad_answers_at_the_offer_stay_there),
        ON_A_PHONE(back_goes_the_way_one_came),
        ON_A_PHONE(history_keeps_the_latest),
        ON_A_PHONE(long_pages_turn_both_ways),
        ON_A_PHONE(a_text_is_not_paged),
        ON_A_PHONE(keywords_are_whole_texts),
        ON_A_PHONE(offices_follow_topic_and_area),
        ON_A_PHONE(requests_are_listed_and_cancelled),
        ON_A_PHONE(settings_do_what_they_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
