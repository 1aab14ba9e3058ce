/* Words that a service lists: keywords of each kind, triage, machines; and what becomes of a conversation that was left. */
#include "sample_phone.h"

#include "model/turn.h"

#define HOUR (INT64_C(3600) * 1000)

static bool answered(const struct fixture *f)
{
    return span_is_present(f->view.screen);
}

/* ---- keywords ---- */

static void a_first_word_is_enough_where_nobody_asked_for_words(void **state)
{
    struct fixture *f = *state;
    text(f, "1");
    AT(f, "main");
    text(f, "1");
    AT(f, "leaf");
    text(f, "Menu, please");
    AT(f, "main");
    text(f, "stop please"); /* this one is the whole message or none */
    assert_true(f->view.result.bad_input);
    text(f, "menus");
    assert_true(f->view.result.bad_input);
}

static void where_words_are_asked_for_only_a_whole_keyword_counts(void **state)
{
    struct fixture *f = *state;
    static const char *const way[] = {"menu", "3", "1", "9", "9", "9", "5.11.2020"};
    for (size_t i = 0; i < sizeof way / sizeof *way; i++)
        text(f, way[i]);
    text(f, "menu of the camp");
    DOES(f, "answer note = menu of the camp (sealed)");
    text(f, "0");
    text(f, "menu");
    AT(f, "main");
}

static void what_holds_already_is_not_answered(void **state)
{
    struct fixture *f = *state;
    begin(f, "service.conf", "id = \"stop\"; goto = \"stop\";", "id = \"stop\"; goto = \"stop\"; once = true;");
    text(f, "STOP");
    assert_true(answered(f));
    DOES(f, "opt out");
    text(f, "stop.");
    assert_false(answered(f));
    DOES_NOTHING(f);
    simulator_wait(f->simulator, 7 * HOUR);
    text(f, "Stop"); /* the first text of a conversation too */
    assert_false(answered(f));
    text(f, "SOS"); /* danger is for everybody */
    assert_true(answered(f));
    AT(f, "danger");
    text(f, "1");
    DOES(f, "request danger 0000013 danger due 2026-11-21 23:05");
}

/* ---- what was left ---- */

/* A call that is cut off in the form, after one answer. */
static void leave(struct fixture *f)
{
    if (simulator_is_calling(f->simulator))
        type(f, "00");
    dial(f);
    type(f, "2");
    type(f, "1");
    AT(f, "call");
    simulator_drop(f->simulator);
}

static void a_word_goes_on_with_what_a_call_left(void **state)
{
    struct fixture *f = *state;
    leave(f);
    text(f, "go on");
    AT(f, "call");
    DOES(f, "continue");
    text(f, "1");
    DOES(f, "answer when = morning");
    text(f, "Go on"); /* here is where it goes on */
    AT(f, "call");
    assert_false(f->view.result.bad_input);
    dial(f); /* the other way round; the texts were left by dialling */
    AT(f, "resume");
    type(f, "1");
    AT(f, "call");
    type(f, "1");
    AT(f, "sent");
    text(f, "hello");
    AT(f, "main");
    text(f, "go on");
    AT(f, "main");
}

static void a_word_answers_the_offer_too(void **state)
{
    struct fixture *f = *state;
    leave(f);
    text(f, "hello");
    AT(f, "resume");
    text(f, "go on");
    AT(f, "call");
    DOES(f, "continue");
}

static void a_service_may_go_on_unasked_or_never(void **state)
{
    struct fixture *f = *state;
    begin(f, "service.conf", "replies = 100", "resume = \"continue\"; replies = 100");
    leave(f);
    dial(f);
    AT(f, "call");
    DOES(f, "continue");
    simulator_drop(f->simulator);
    text(f, "hello");
    AT(f, "call");
    begin(f, "service.conf", "replies = 100", "resume = \"restart\"; replies = 100");
    leave(f);
    dial(f);
    AT(f, "main");
}

static void a_node_may_say_otherwise(void **state)
{
    struct fixture *f = *state;
    begin(f, "flow/main.conf", "id = \"call\"; kind = \"form\";",
          "id = \"call\"; kind = \"form\"; resume = \"continue\"; resume_hours = 48;");
    leave(f);
    simulator_wait(f->simulator, 47 * HOUR);
    dial(f);
    AT(f, "call");
    leave(f);
    simulator_wait(f->simulator, 48 * HOUR + 1);
    dial(f);
    AT(f, "main");
    begin(f, "flow/main.conf", "id = \"call\"; kind = \"form\";", "id = \"call\"; kind = \"form\"; resume = false;");
    leave(f);
    dial(f);
    AT(f, "main");
    begin(f, "flow/main.conf", "id = \"call\"; kind = \"form\";", "id = \"call\"; kind = \"form\"; resume_hours = 1;");
    leave(f);
    simulator_wait(f->simulator, HOUR);
    dial(f);
    AT(f, "resume");
    type(f, "2");
    leave(f);
    simulator_wait(f->simulator, HOUR + 1);
    dial(f);
    AT(f, "main");
}

static void whoever_has_a_pin_is_asked_in_any_case(void **state)
{
    struct fixture *f = *state;
    const struct session_state earlier = {.at = {.node = SPAN("call")}, .lang = SPAN("en")},
                               fresh = {.lang = SPAN("en")};
    const struct person_view person = {.person = 1, .has_pin = true};
    const struct carrier carrier = {160, 70, true};
    const struct engine_input input = {.state = &fresh,
                                       .carrier = &carrier,
                                       .earlier = &earlier,
                                       .person = &person,
                                       .now = NOW,
                                       .reference = "0000000"};
    struct engine_result result;
    begin(f, "service.conf", "replies = 100", "resume = \"continue\"; replies = 100");
    assert_int_equal(engine_step(f->service, &input, f->arena, &result, &f->err), OUTCOME_OK);
    assert_string_equal(arena_text(f->arena, result.state.at.node), "resume");
}

/* ---- triage ---- */

static void a_listed_word_leads_to_safety_and_back(void **state)
{
    struct fixture *f = *state;
    text(f, "1");
    text(f, "1");
    AT(f, "leaf");
    text(f, "my husband BEAT me!");
    AT(f, "danger");
    DOES(f, "triage violence (sealed)");
    assert_false(f->view.result.bad_input);
    assert_true(f->view.result.turn_flags & TURN_SENSITIVE_INPUT);
    assert_int_equal(f->view.result.manner, ANSWER_URGENT);
    text(f, "0");
    AT(f, "leaf");
    text(f, "a skilled worker"); /* no part of a word is one */
    DOES_NOTHING(f);
    assert_true(f->view.result.bad_input);
}

static void the_next_request_is_as_urgent_and_only_that(void **state)
{
    struct fixture *f = *state;
    text(f, "the money lender comes");
    AT(f, "offer");
    DOES(f, "triage debt (sealed)");
    text(f, "1");
    text(f, "1");
    text(f, "1");
    text(f, "1");
    AT(f, "sent");
    DOES(f, "answer confirm = send", "request call 0000013 soon due 2026-11-22 16:00");
    text(f, "menu");
    text(f, "2");
    text(f, "1");
    text(f, "1");
    text(f, "1");
    DOES(f, "answer confirm = send", "request call 0000021 normal topic work due 2026-11-22 16:00");
}

static void the_most_urgent_rule_wins(void **state)
{
    struct fixture *f = *state;
    text(f, "the money lender says he will kill me");
    DOES(f, "triage violence (sealed)");
    text(f, "money lender"); /* does not lower what was raised */
    assert_int_equal(f->view.result.state.urgency, URGENCY_DANGER);
}

static void an_answer_in_words_is_saved_first(void **state)
{
    struct fixture *f = *state;
    dial(f);
    TYPES(f, "3", "1", "9", "9", "9", "5.11.2020", "they beat me");
    AT(f, "danger");
    DOES(f, "triage violence (sealed)", "answer note = they beat me (sealed)");
    type(f, "0");
    AT(f, "reg"); /* at the question after it */
    assert_int_equal(f->view.result.state.form_step, 6);
    type(f, "1");
    AT(f, "kept");
}

static void a_call_that_asks_for_no_words_listens_to_none(void **state)
{
    struct fixture *f = *state;
    dial(f);
    type(f, "kill");
    AT(f, "main");
    DOES_NOTHING(f);
    assert_true(f->view.result.bad_input);
}

static void a_first_word_does_not_hide_what_follows(void **state)
{
    struct fixture *f = *state;
    text(f, "menu he will kill me");
    AT(f, "danger");
    text(f, "kill it menu");
    DOES(f, "triage violence (sealed)");
    text(f, "sos");
    AT(f, "danger");
    DOES_NOTHING(f);
}

static void words_of_every_language_count(void **state)
{
    struct fixture *f = *state;
    text(f, "আমাকে মারছে।");
    AT(f, "danger");
    text(f, "bas");
    DOES(f, "opt out");
    text(f, "стоп");
    DOES(f, "opt out");
}

/* ---- who is answered ---- */

static void words_are_answered_so_many_times(void **state)
{
    struct fixture *f = *state;
    begin(f, "service.conf", "replies = 100", "replies = 3; replies_minutes = 5");
    for (int i = 0; i < 6; i++) {
        text(f, "menu");
        assert_true(answered(f) == (i < 3));
    }
    text(f, "1");
    assert_true(answered(f)); /* keys of the page are counted apart */
    text(f, "he will kill me");
    assert_true(answered(f));
    text(f, "sos");
    assert_true(answered(f));
    text(f, "menu");
    assert_false(answered(f));
    simulator_wait(f->simulator, 5 * 60 * 1000);
    text(f, "menu");
    assert_true(answered(f));
}

static void machines_are_not_answered(void **state)
{
    struct fixture *f = *state;
    assert_true(service_is_machine(f->service, SPAN("OUT OF OFFICE - back on Monday"), f->arena));
    assert_false(service_is_machine(f->service, SPAN("I am out of office"), f->arena));
    text(f, "Out of office: back on Monday");
    assert_false(answered(f));
    text(f, "hello");
    assert_true(answered(f));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_PHONE(a_first_word_is_enough_where_nobody_asked_for_words),
        ON_A_PHONE(where_words_are_asked_for_only_a_whole_keyword_counts),
        ON_A_PHONE(what_holds_already_is_not_answered),
        ON_A_PHONE(a_word_goes_on_with_what_a_call_left),
        ON_A_PHONE(a_word_answers_the_offer_too),
        ON_A_PHONE(a_service_may_go_on_unasked_or_never),
        ON_A_PHONE(a_node_may_say_otherwise),
        ON_A_PHONE(whoever_has_a_pin_is_asked_in_any_case),
        ON_A_PHONE(a_listed_word_leads_to_safety_and_back),
        ON_A_PHONE(the_next_request_is_as_urgent_and_only_that),
        ON_A_PHONE(the_most_urgent_rule_wins),
        ON_A_PHONE(an_answer_in_words_is_saved_first),
        ON_A_PHONE(a_call_that_asks_for_no_words_listens_to_none),
        ON_A_PHONE(a_first_word_does_not_hide_what_follows),
        ON_A_PHONE(words_of_every_language_count),
        ON_A_PHONE(words_are_answered_so_many_times),
        ON_A_PHONE(machines_are_not_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
