/* The engine, one pure step at a time and in conversations: every kind of node and question, keys, drops, replays, changes. */
#include "sample_phone.h"

#include <stdlib.h>
#include <string.h>

#include "menu/engine.h"
#include "model/turn.h"

#define NOW INT64_C(1795255200000) /* Sat 2026-11-21 10:00 UTC, 16:00 in the sample's zone */

static struct simulator_options options(const char *lang)
{
    return (struct simulator_options){
        .lang = span_of(lang), .ussd = {160, 70, true}, .sms = {459, 201, false}, .start_at = NOW};
}

static void phone(struct fixture *f, const char *lang)
{
    struct simulator_options o = options(lang);
    simulator_free(f->simulator);
    f->simulator = simulator_create(f->service, &o);
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->arena = arena_create(4096);
    problems_init(&f->problems, f->arena);
    if (sample_parse_changed(NULL, NULL, NULL, f->arena, &f->service, &f->problems, &f->err) != OUTCOME_OK)
        return -1;
    phone(f, "en");
    *state = f;
    return 0;
}

/* A new call of somebody who left the last one on the main page: nothing is offered. */
static void types(struct fixture *f, const char *const *keys)
{
    if (simulator_is_calling(f->simulator))
        type(f, "00");
    dial(f);
    for (; *keys; keys++)
        type(f, *keys);
}
#define TYPES(f, ...) types(f, (const char *const[]){__VA_ARGS__, NULL})

static void text(struct fixture *f, const char *words)
{
    assert_int_equal(simulator_text(f->simulator, span_of(words), &f->view, &f->err), OUTCOME_OK);
}

static const char *screen(struct fixture *f)
{
    return arena_text(f->arena, f->view.screen);
}

static void at(struct fixture *f, const char *node)
{
    assert_string_equal(arena_text(f->arena, f->view.result.state.at.node), node);
}

static void shows(struct fixture *f, const char *words)
{
    if (!strstr(screen(f), words))
        print_message("no \"%s\" in:\n%s\n", words, screen(f));
    assert_non_null(strstr(screen(f), words));
}

static void shows_not(struct fixture *f, const char *words)
{
    assert_null(strstr(screen(f), words));
}

static void does(struct fixture *f, const char *const *lines)
{
    size_t i = 0;
    for (; lines[i]; i++) {
        assert_true(i < f->view.result.effect_count);
        struct span words = simulator_describe(f->simulator, &f->view.result.effects[i], f->arena);
        assert_string_equal(arena_text(f->arena, words), lines[i]);
    }
    assert_int_equal(f->view.result.effect_count, i);
}
#define DOES(f, ...) does(f, (const char *const[]){__VA_ARGS__, NULL})
#define DOES_NOTHING(f) assert_int_equal((f)->view.result.effect_count, 0)

static void a_first_call_chooses_a_language(void **state)
{
    struct fixture *f = *state;
    phone(f, NULL);
    dial(f);
    assert_string_equal(screen(f), "Language\n1 English\n2 Bangla\n9 Danger");
    DOES_NOTHING(f);
    type(f, "2");
    at(f, "main");
    DOES(f, "language bn");
    shows(f, "নমুনা\n1 সেবা");
    type(f, "00");
    at(f, "main");
    dial(f);
    at(f, "main");
}

static void danger_is_two_keys_away(void **state)
{
    struct fixture *f = *state;
    phone(f, NULL);
    TYPES(f, "9");
    assert_string_equal(screen(f), "Call 999\n1 Call me now\n3 I am safe");
    assert_true(f->view.result.turn_flags & TURN_SENSITIVE_SCREEN);
    assert_false(f->view.result.worth_resuming);
    type(f, "1");
    at(f, "asked");
    shows(f, "We call by today 16:05. Ref 000 0013");
    DOES(f, "request danger 0000013 danger due 2026-11-21 16:05");
    assert_int_equal(f->view.result.effects[0].due_at - NOW, 5 * 60 * 1000);
}

/* The line drops and they dial again: help is on its way already, and its clock is not set back. */
static void a_red_request_is_made_once(void **state)
{
    struct fixture *f = *state;
    phone(f, "en");
    TYPES(f, "9", "1");
    DOES(f, "request danger 0000013 danger due 2026-11-21 16:05");
    simulator_wait(f->simulator, 2 * 60 * 1000);
    TYPES(f, "9", "1");
    at(f, "asked");
    DOES(f, "urge 0000013 due 2026-11-21 16:07");
    shows(f, "We call by today 16:05. Ref 000 0013");
    simulator_wait(f->simulator, 60 * 60 * 1000); /* nobody called: a new promise, and it is the one that is told */
    TYPES(f, "9", "1");
    DOES(f, "urge 0000013 due 2026-11-21 17:07");
    shows(f, "We call by today 17:07. Ref 000 0013");
    TYPES(f, "00");
    assert_int_equal(f->view.result.state.reference[0], '\0');
}

static void keys_are_forgiven(void **state)
{
    static const char *const ones[] = {"1", " 1 ", "1.", "#1", "১", "１"};
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof ones / sizeof *ones; i++) {
        TYPES(f, ones[i]);
        at(f, "leaf");
        assert_true(span_equal_text(f->view.result.meaning, "leaf"));
        assert_true(span_equal_text(f->view.result.asked, "main"));
    }
}

static void an_empty_answer_shows_the_page_again(void **state)
{
    struct fixture *f = *state;
    TYPES(f, "1", "");
    at(f, "leaf");
    type(f, "  ");
    at(f, "leaf");
    assert_false(f->view.result.bad_input);
    shows_not(f, "Pick a number.");
    assert_false(span_is_present(f->view.result.asked));
}

static void bad_input_gets_one_line_and_in_the_end_an_offer(void **state)
{
    struct fixture *f = *state;
    TYPES(f, "8");
    shows(f, "Pick a number.\nSample\n1 Services");
    assert_true(f->view.result.bad_input);
    assert_false(span_is_present(f->view.result.meaning));
    type(f, "x");
    at(f, "main");
    type(f, "99");
    at(f, "offer");
    shows_not(f, "Pick a number.");
    type(f, "0");
    at(f, "main");
    type(f, "8");
    type(f, "1");
    type(f, "8");
    type(f, "8");
    at(f, "leaf"); /* a good answer starts the count anew */
}

static void three_bad_answers_at_the_offer_stay_there(void **state)
{
    struct fixture *f = *state;
    TYPES(f, "8", "8", "8", "8", "8", "8", "8");
    at(f, "offer");
}

static void back_goes_the_way_one_came(void **state)
{
    struct fixture *f = *state;
    TYPES(f, "1", "1");
    at(f, "texted");
    type(f, "0");
    at(f, "leaf");
    type(f, "0");
    at(f, "main");
    type(f, "0");
    at(f, "main");
    assert_false(f->view.result.bad_input);
}

static void long_pages_turn_both_ways(void **state)
{
    struct fixture *f = *state;
    TYPES(f, "6");
    shows(f, "98 More");
    shows_not(f, "1 Call me");
    size_t first = f->view.screen.len;
    type(f, "98");
    assert_int_equal(f->view.result.state.at.page, 1);
    shows(f, "1 Call me");
    shows(f, "0 Back 00 Main");
    type(f, "98");
    assert_true(f->view.result.bad_input);
    assert_int_equal(f->view.result.state.at.page, 1);
    type(f, "0");
    assert_int_equal(f->view.result.state.at.page, 0);
    assert_int_equal(f->view.screen.len, first);
    type(f, "1"); /* a key of the other page holds on this one */
    at(f, "call");
}

static void a_text_is_not_paged(void **state)
{
    struct fixture *f = *state;
    text(f, "hello");
    at(f, "main");
    text(f, "6");
    shows(f, "one may call.\n1 Call me");
    shows_not(f, "98");
    text(f, "98");
    assert_true(f->view.result.bad_input);
}

static void keywords_are_whole_texts(void **state)
{
    struct fixture *f = *state;
    text(f, " stop ");
    at(f, "done");
    DOES(f, "opt out");
    const char *same[] = {"Stop.", "\"STOP\"", "sToP!!", "(stop)", "стоп", "СТОП।"};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        text(f, "menu.");
        at(f, "main");
        text(f, same[i]);
        at(f, "done");
        DOES(f, "opt out");
    }
    text(f, "please stop");
    assert_true(f->view.result.bad_input);
    text(f, "bn");
    DOES(f, "language bn");
    at(f, "main");
    TYPES(f, "STOP"); /* not on a call */
    assert_true(f->view.result.bad_input);
}

static void offices_follow_topic_and_area(void **state)
{
    struct fixture *f = *state;
    TYPES(f, "1");
    shows(f, "TTC desk 02-000000 Sun-Thu");
    type(f, "1");
    assert_int_equal(f->view.text_count, 1);
    assert_true(span_equal_text(f->view.texts[0], "TTC desk 02-000000"));
    type(f, "0");
    type(f, "3");
    at(f, "area");
    type(f, "syl");
    shows(f, "1 Sylhet");
    type(f, "1");
    DOES(f, "open area", "answer area = sylhet");
    shows(f, "Sylhet TTC 0821-000000");
}

static void a_form_asks_saves_and_ends(void **state)
{
    struct fixture *f = *state;
    TYPES(f, "2");
    DOES_NOTHING(f); /* who only looks leaves nothing */
    assert_true(f->view.result.worth_resuming);
    assert_true(f->view.result.stops_replay);
    type(f, "1");
    DOES(f, "open call", "answer safe = yes (sealed)");
    assert_true(f->view.result.turn_flags & TURN_SENSITIVE_INPUT);
    shows(f, "When?"); /* the number is asked for only after "other" */
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
    TYPES(f, "2", "2");
    shows(f, "Which number?");
    type(f, "1234");
    shows(f, "Type again.");
    type(f, "12345-678");
    DOES(f, "answer number = 12345678");
    type(f, "9");
    DOES_NOTHING(f);
    shows(f, "Call: -");
    type(f, "2");
    shows(f, "Safe?");
    type(f, "1");
    type(f, "0");
    shows(f, "Safe?");
    type(f, "3");
    at(f, "main");
    DOES_NOTHING(f);
    type(f, "0");
    at(f, "main");
}

static void back_skips_what_was_not_asked(void **state)
{
    struct fixture *f = *state;
    TYPES(f, "2", "1", "1", "0");
    shows(f, "When?");
    type(f, "0");
    shows(f, "Safe?");
    type(f, "0");
    at(f, "main");
}

static void three_bad_answers_leave_a_form_that_can_be_gone_on_with(void **state)
{
    struct fixture *f = *state;
    TYPES(f, "2", "1", "7", "7", "7");
    at(f, "offer");
    type(f, "0");
    shows(f, "When?");
    type(f, "1");
    DOES(f, "answer when = morning");
}

/* The first question of a type, a few answers to it, and what is made of each; NULL: it is asked again. */
static void answers(struct fixture *f, const char *const *before, const char *typed, const char *effect)
{
    types(f, before);
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
    types(f, cases[11].before);
    type(f, "dha");
    shows(f, "1 Dhaka");
    type(f, "0");
    shows_not(f, "1 Dhaka");
    shows(f, "District?");
}

static void a_pin_is_never_kept(void **state)
{
    struct fixture *f = *state;
    TYPES(f, "3", "1", "9", "12", "9", "1.1.2026", "note");
    type(f, "৪৮২৯");
    DOES(f, "pin (never kept)", "register 0000013 consent 7");
    assert_true(span_equal_text(f->view.result.effects[0].pin, "4829"));
    assert_true(f->view.result.turn_flags & TURN_SECRET_INPUT);
    assert_false(span_is_present(f->view.result.meaning));
    shows(f, "Kept: Job, Money. Ref 000 0013");
    TYPES(f, "3");
    at(f, "mine"); /* the branch: registered by now */
}

static void requests_are_listed_and_cancelled(void **state)
{
    struct fixture *f = *state;
    TYPES(f, "4");
    assert_string_equal(screen(f), "Yours (0)\nNone yet.\n0 Back 00 Main");
    type(f, "1");
    assert_true(f->view.result.bad_input); /* hidden while there is nothing to cancel */
    TYPES(f, "2", "1", "1", "1");
    TYPES(f, "4");
    assert_string_equal(screen(f), "Yours (1)\n000 0013 call: waiting\n1 Cancel one\n0 Back 00 Main");
    type(f, "1");
    shows(f, "Which one?\n1 000 0013 call: waiting");
    type(f, "2");
    assert_true(f->view.result.bad_input);
    type(f, "1");
    DOES(f, "cancel 0000013");
    shows(f, "Yours (0)\n000 0013 call: cancelled");
}

static void settings_do_what_they_say(void **state)
{
    struct fixture *f = *state;
    TYPES(f, "5", "1");
    DOES(f, "opt out");
    TYPES(f, "5", "2");
    DOES(f, "opt in");
    TYPES(f, "2", "1", "1", "1");
    TYPES(f, "5", "3");
    DOES(f, "forget");
    shows(f, "Done {so}.");
    TYPES(f, "4");
    shows(f, "None yet.");
    TYPES(f, "5", "4");
    DOES(f, "language bn");
    shows(f, "নমুনা");
    type(f, "6");
    shows(f, "98 More"); /* bn has no such word: the first language's */
}

static void a_drop_in_a_form_is_gone_on_with(void **state)
{
    struct fixture *f = *state;
    TYPES(f, "2", "1");
    dial(f);
    at(f, "resume");
    assert_true(f->view.result.turn_flags & TURN_OFFERS_RESUME);
    DOES_NOTHING(f);
    type(f, "");
    at(f, "resume");
    type(f, "1");
    DOES(f, "continue");
    shows(f, "When?");
    type(f, "2");
    DOES(f, "answer when = evening");
    shows(f, "Call: Evening");
}

static void a_drop_is_gone_on_with_by_text_or_declined(void **state)
{
    struct fixture *f = *state;
    TYPES(f, "2", "1");
    simulator_drop(f->simulator);
    text(f, "hello");
    at(f, "resume");
    text(f, "2");
    DOES(f, "restart");
    at(f, "main");
    dial(f);
    at(f, "main");
}

static void an_offer_stands_until_it_is_taken_declined_or_replaced(void **state)
{
    struct fixture *f = *state;
    TYPES(f, "2", "1");
    dial(f);
    type(f, "9");
    at(f, "danger");
    dial(f);
    at(f, "resume"); /* danger was looked at, the form still waits */
    type(f, "9");
    type(f, "3");
    type(f, "3");
    at(f, "reg");
    DOES(f, "restart"); /* another form begins: the first one no longer waits */
    dial(f);
    type(f, "1");
    at(f, "reg");
}

static void nothing_is_offered_where_nothing_is_lost(void **state)
{
    struct fixture *f = *state;
    TYPES(f, "9", "1");
    dial(f);
    at(f, "main"); /* never into a sensitive page */
    TYPES(f, "2", "1", "1", "1");
    dial(f);
    at(f, "main"); /* it was ended */
    TYPES(f, "1", "1");
    at(f, "texted");
    dial(f);
    at(f, "main"); /* what was to be done was done: the page says so */
    TYPES(f, "2", "1");
    simulator_wait(f->simulator, 25 * INT64_C(3600000));
    dial(f);
    at(f, "main"); /* too long ago */
}

static void a_silent_sms_talk_begins_anew(void **state)
{
    struct fixture *f = *state;
    text(f, "x");
    text(f, "2");
    at(f, "call");
    simulator_wait(f->simulator, 5 * INT64_C(3600000));
    text(f, "1");
    shows(f, "When?");
    simulator_wait(f->simulator, 7 * INT64_C(3600000));
    text(f, "1");
    at(f, "resume");
}

static void chain(struct fixture *f, const char *parts)
{
    simulator_drop(f->simulator);
    assert_int_equal(simulator_dial_chain(f->simulator, span_of(parts), &f->view, &f->err), OUTCOME_OK);
}

static void a_dialled_chain_walks_but_does_nothing_on_the_way(void **state)
{
    struct fixture *f = *state;
    chain(f, "1*3");
    at(f, "area");
    chain(f, "2*1*1*1");
    at(f, "call"); /* a form is for people: the rest is dropped */
    DOES_NOTHING(f);
    shows(f, "Safe?");
    chain(f, "5*1");
    at(f, "all"); /* shortcut = false */
    chain(f, "9*1*0");
    at(f, "danger"); /* a deed on the way is not done */
    DOES_NOTHING(f);
    assert_true(f->view.result.stops_replay);
    chain(f, "9*1");
    at(f, "asked"); /* as the last key it is */
    assert_int_equal(f->view.result.effect_count, 1);
    phone(f, NULL);
    chain(f, "2*1");
    at(f, "leaf");
    DOES_NOTHING(f); /* the language was chosen on the way: for this call */
    assert_true(span_equal_text(f->view.result.state.lang, "bn"));
    chain(f, "");
    at(f, "lang");
}

static void replace(struct fixture *f, const char *from, const char *to)
{
    struct service *service = NULL;
    assert_int_equal(sample_parse_changed("flow/main.conf", from, to, f->arena, &service, &f->problems, &f->err),
                     OUTCOME_OK);
    simulator_replace_service(f->simulator, service);
    service_free(f->service);
    f->service = service;
}

static void a_changed_node_is_shown_again(void **state)
{
    struct fixture *f = *state;
    TYPES(f, "5");
    replace(f, "key = \"1\"; id = \"out\"", "key = \"8\"; id = \"out\"");
    type(f, "1");
    at(f, "all");
    shows(f, "The menu changed.\nSettings");
    DOES_NOTHING(f);
    type(f, "8");
    DOES(f, "opt out");
}

static void a_node_that_did_not_change_is_not_disturbed(void **state)
{
    struct fixture *f = *state;
    TYPES(f, "2", "1");
    replace(f, "key = \"1\"; id = \"out\"", "key = \"8\"; id = \"out\"");
    type(f, "2");
    DOES(f, "answer when = evening");
}

static void a_node_that_went_gives_way_to_its_ancestor(void **state)
{
    struct fixture *f = *state;
    struct session_state gone = {
        .at = {SPAN("gone"), 3}, .lang = SPAN("en"), .form_step = 2, .shape = 77, .history_count = 2};
    gone.history[0] = (struct place){SPAN("leaf"), 0};
    gone.history[1] = (struct place){SPAN("gone_too"), 0};
    assert_false(engine_place_holds(f->service, &gone));
    assert_true(span_equal_text(gone.at.node, "leaf"));
    assert_int_equal(gone.at.page, 0);
    assert_int_equal(gone.form_step, 0);
    struct session_state lost = {.at = {SPAN("gone"), 0}, .lang = SPAN("en")};
    assert_false(engine_place_holds(f->service, &lost));
    assert_true(span_equal_text(lost.at.node, "main"));
    struct session_state unknown = {.at = {SPAN("send"), 0}}; /* a deed is no place */
    assert_false(engine_place_holds(f->service, &unknown));
    assert_true(span_equal_text(unknown.at.node, "lang"));
    struct session_state fresh = {.lang = SPAN("en")};
    assert_true(engine_place_holds(f->service, &fresh));
}

static void the_earlier_place_may_have_gone(void **state)
{
    struct fixture *f = *state;
    TYPES(f, "2", "1");
    dial(f);
    replace(f, "key = \"1\"; id = \"morning\"", "key = \"3\"; id = \"morning\"");
    type(f, "1");
    DOES(f, "continue");
    shows(f, "The menu changed.\nSafe?"); /* its answers are kept, its questions begin again */
    type(f, "1");
    DOES(f, "answer safe = yes (sealed)");
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
    at(f, "leaf");
    assert_true(f->view.result.state.history_count <= HISTORY_MAX);
}

/* A step over states and inputs that no conversation makes: it answers, or says what breaks, and never reads beyond. */
static void hostile_states_are_answered(void **state)
{
    struct fixture *f = *state;
    static const char *const nodes[] = {"main", "call",   "reg",  "area", "which",
                                        "mine", "resume", "send", "gone", "long"};
    static const char *const inputs[] = {"", "1", "0", "00", "98", "9", "65535", "na", "\x01\x02", "ক", "1*2*3"};
    const struct carrier carrier = {160, 70, true};
    const struct person_view person = {.person = 1};
    for (size_t n = 0; n < sizeof nodes / sizeof *nodes; n++)
        for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++)
            for (unsigned page = 0; page < 70000; page = page * 3 + 1) {
                struct session_state odd = {.at = {span_of(nodes[n]), (uint16_t)page},
                                            .form_step = (uint8_t)(page * 7),
                                            .bad_answers = (uint8_t)page,
                                            .lang = SPAN("zz"),
                                            .history_count = HISTORY_MAX};
                for (size_t h = 0; h < HISTORY_MAX; h++)
                    odd.history[h] = (struct place){span_of(nodes[(n + h) % 10]), (uint16_t)(page + h)};
                struct engine_input in = {.state = &odd,
                                          .carrier = &carrier,
                                          .person = &person,
                                          .answered = true,
                                          .input = span_of(inputs[i]),
                                          .now = NOW,
                                          .reference = "0000013"};
                struct engine_result result;
                enum outcome outcome = engine_step(f->service, &in, f->arena, &result, &f->err);
                assert_true(outcome == OUTCOME_OK || outcome == OUTCOME_BROKEN);
                if (outcome == OUTCOME_OK)
                    assert_true(screen_fits(result.screen, &carrier));
                arena_reset(f->arena);
            }
}

static void values_stand_between_marks(void **state)
{
    struct fixture *f = *state;
    struct span skeleton, *values;
    size_t count;
    TYPES(f, "2", "1", "1", "1");
    screen_split_values(f->view.result.screen, f->arena, &skeleton, &values, &count);
    assert_int_equal(count, 2);
    assert_true(span_equal_text(values[0], "000 0013"));
    assert_true(span_equal_text(values[1], "tomorrow 16:00"));
    TYPES(f, "1");
    screen_split_values(f->view.result.screen, f->arena, &skeleton, &values, &count);
    assert_int_equal(count, 3);
}

static void the_same_step_gives_the_same_result(void **state)
{
    struct fixture *f = *state;
    const struct carrier carrier = {160, 70, true};
    const struct person_view person = {.person = 1};
    struct session_state here = {.at = {SPAN("main"), 0}, .lang = SPAN("en")};
    struct engine_input in = {.state = &here,
                              .carrier = &carrier,
                              .person = &person,
                              .answered = true,
                              .input = SPAN("2"),
                              .now = NOW,
                              .reference = "0000013"};
    struct engine_result first, second;
    assert_int_equal(engine_step(f->service, &in, f->arena, &first, &f->err), OUTCOME_OK);
    assert_int_equal(engine_step(f->service, &in, f->arena, &second, &f->err), OUTCOME_OK);
    assert_true(span_equal(first.screen, second.screen));
    assert_int_equal(first.state.shape, second.state.shape);
    assert_true(span_equal(here.at.node, SPAN("main"))); /* what went in is as it was */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_first_call_chooses_a_language),
        TEST(danger_is_two_keys_away),
        TEST(a_red_request_is_made_once),
        TEST(keys_are_forgiven),
        TEST(an_empty_answer_shows_the_page_again),
        TEST(bad_input_gets_one_line_and_in_the_end_an_offer),
        TEST(three_bad_answers_at_the_offer_stay_there),
        TEST(back_goes_the_way_one_came),
        TEST(long_pages_turn_both_ways),
        TEST(a_text_is_not_paged),
        TEST(keywords_are_whole_texts),
        TEST(offices_follow_topic_and_area),
        TEST(a_form_asks_saves_and_ends),
        TEST(a_form_jumps_skips_leaves_and_goes_back),
        TEST(back_skips_what_was_not_asked),
        TEST(three_bad_answers_leave_a_form_that_can_be_gone_on_with),
        TEST(every_type_of_answer),
        TEST(a_pin_is_never_kept),
        TEST(requests_are_listed_and_cancelled),
        TEST(settings_do_what_they_say),
        TEST(a_drop_in_a_form_is_gone_on_with),
        TEST(a_drop_is_gone_on_with_by_text_or_declined),
        TEST(an_offer_stands_until_it_is_taken_declined_or_replaced),
        TEST(nothing_is_offered_where_nothing_is_lost),
        TEST(a_silent_sms_talk_begins_anew),
        TEST(a_dialled_chain_walks_but_does_nothing_on_the_way),
        TEST(a_changed_node_is_shown_again),
        TEST(a_node_that_did_not_change_is_not_disturbed),
        TEST(a_node_that_went_gives_way_to_its_ancestor),
        TEST(the_earlier_place_may_have_gone),
        TEST(history_keeps_the_latest),
        TEST(hostile_states_are_answered),
        TEST(values_stand_between_marks),
        TEST(the_same_step_gives_the_same_result),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
