/* PINs in the engine, played in a simulated world: guarded pages, cases from another phone, several people on one. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "menu/engine.h"
#include "menu/proof.h"
#include "menu/simulator.h"
#include "model/turn.h"
#include "shared_phone.h"

#define NOW INT64_C(1795255200000)
#define MINUTE INT64_C(60000)
#define DAY (24 * 60 * MINUTE)
#define FIRST_REFERENCE "0000013"

struct world {
    struct arena *arena;
    struct problems problems;
    struct service *service;
    struct simulator *simulator;
    struct simulator_view view;
    struct error err;
};

static enum outcome parse(struct world *w, const char *from, const char *to)
{
    struct span flow = span_of(shared_flow);
    const char *at = from ? strstr(shared_flow, from) : NULL;
    if (from)
        assert_non_null(at);
    if (from)
        flow = arena_format(w->arena, "%.*s%s%s", (int)(at - shared_flow), shared_flow, to, at + strlen(from));
    const struct service_file files[] = {
        {"service.conf", span_of(shared_service)}, {"flow/main.conf", flow}, {"text/en.conf", span_of(shared_text)}};
    problems_init(&w->problems, w->arena);
    service_free(w->service);
    w->service = NULL;
    return service_parse(files, sizeof files / sizeof *files, &w->service, &w->problems, &w->err);
}

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    w->arena = arena_create(4096);
    *state = w;
    if (parse(w, NULL, NULL) != OUTCOME_OK) {
        for (size_t i = 0; i < w->problems.count; i++)
            print_error("%s\n", w->problems.lines[i]);
        return -1;
    }
    const struct simulator_options options = {
        .lang = SPAN("en"), .ussd = {160, 70, true}, .sms = {459, 201, false}, .start_at = NOW};
    w->simulator = simulator_create(w->service, &options);
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    simulator_free(w->simulator);
    service_free(w->service);
    arena_destroy(w->arena);
    free(w);
    return 0;
}

static const char *screen(struct world *w)
{
    return arena_text(w->arena, w->view.screen);
}

static void dial(struct world *w)
{
    simulator_drop(w->simulator);
    assert_int_equal(simulator_dial(w->simulator, &w->view, &w->err), OUTCOME_OK);
}

static void types(struct world *w, const char *const *keys)
{
    for (; *keys; keys++)
        assert_int_equal(simulator_type(w->simulator, span_of(*keys), &w->view, &w->err), OUTCOME_OK);
}
#define TYPES(w, ...) types(w, (const char *const[]){__VA_ARGS__, NULL})

static void shows_at(struct world *w, const char *words, int line)
{
    if (!strstr(screen(w), words)) {
        print_error("%s:%d: no \"%s\" in:\n%s\n", __FILE__, line, words, screen(w));
        _fail(__FILE__, line);
    }
}
#define SHOWS(w, words) shows_at(w, words, __LINE__)
#define SHOWS_NOT(w, words) assert_null(strstr(screen(w), words))

static void other_phone(struct world *w, const char *name)
{
    simulator_pick_up(w->simulator, span_of(name));
    dial(w);
    if (strstr(screen(w), "Language"))
        TYPES(w, "1");
}

/* Registered with this PIN, one request open, back on the plain main page. */
static void be_somebody(struct world *w, const char *pin)
{
    dial(w);
    if (strstr(screen(w), "Welcome"))
        TYPES(w, "2");
    TYPES(w, "1", "1", pin, "1", "00", "3", "Rahima", "1", "00");
    SHOWS(w, "Plain");
}

static void a_guarded_page_comes_after_the_right_pin(void **state)
{
    struct world *w = *state;
    dial(w);
    TYPES(w, "2");
    SHOWS(w, "Yours (0)"); /* nobody has a PIN here */
    be_somebody(w, "4711");
    TYPES(w, "2");
    SHOWS(w, "Your code?");
    assert_true(w->view.result.stops_replay);
    TYPES(w, "4712");
    SHOWS(w, "Not right.\nYour code?");
    SHOWS_NOT(w, "Yours");
    TYPES(w, "47");
    SHOWS(w, "Type again.");
    TYPES(w, "4711");
    SHOWS(w, "Yours (1)");
    assert_true(w->view.result.turn_flags & TURN_SECRET_INPUT);
    assert_false(span_is_present(w->view.result.meaning));
    TYPES(w, "0");
    SHOWS(w, "Plain"); /* and back from it, not into the PIN page */
    TYPES(w, "2");
    SHOWS(w, "Your code?"); /* the main page closed it */
}

static void once_open_it_stays_open_until_the_main_page(void **state)
{
    struct world *w = *state;
    be_somebody(w, "4711");
    TYPES(w, "7", "4711");
    SHOWS(w, "registered\n2 has\n3 open");
    SHOWS_NOT(w, "acts");
    TYPES(w, "1");
    SHOWS(w, "Yours (1)");
    TYPES(w, "0", "2");
    SHOWS(w, "Yours (1)");
    dial(w); /* closed by a new call as well */
    SHOWS(w, "Welcome back");
    TYPES(w, "2", "2");
    SHOWS(w, "Your code?");
}

static void back_leads_into_no_guarded_page(void **state)
{
    struct world *w = *state;
    be_somebody(w, "4711");
    TYPES(w, "2", "4711", "1");
    SHOWS(w, "Which one?");
    TYPES(w, "0");
    SHOWS(w, "Yours (1)");
    struct session_state closed = w->view.result.state;
    closed.opened = 0; /* as if it had been closed in between */
    closed.history[closed.history_count++] = (struct place){SPAN("mine"), 0};
    closed.at = (struct place){SPAN("which"), 0};
    const struct person_view person = {.person = 9, .has_pin = true};
    const struct carrier carrier = {160, 70, true};
    const struct engine_input in = {
        .state = &closed, .carrier = &carrier, .person = &person, .answered = true, .input = SPAN("0"), .now = NOW};
    struct engine_result result;
    assert_int_equal(engine_step(w->service, &in, w->arena, &result, &w->err), OUTCOME_OK);
    assert_string_equal(arena_text(w->arena, result.state.at.node), "pin");
}

static void what_was_closed_in_between_is_not_shown_again(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *input;
        bool answered, moved;
    } cases[] = {{"1", true, false}, {"98", true, false}, {"x", true, false}, {"", false, false}, {"1", true, true}};
    const struct session_state at = {.at = {SPAN("mine"), 0}, .lang = SPAN("en"), .opened = 8};
    const struct person_view person = {.person = 9, .has_pin = true};
    const struct carrier carrier = {160, 70, true};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct engine_input in = {.state = &at,
                                        .carrier = &carrier,
                                        .person = &person,
                                        .answered = cases[i].answered,
                                        .moved = cases[i].moved,
                                        .input = span_of(cases[i].input),
                                        .now = NOW};
        struct engine_result result;
        assert_int_equal(engine_step(w->service, &in, w->arena, &result, &w->err), OUTCOME_OK);
        assert_string_equal(arena_text(w->arena, result.state.at.node), "pin");
        assert_string_equal(arena_text(w->arena, result.state.wanted), "mine");
    }
}

static void ten_silent_minutes_end_what_a_pin_opened(void **state)
{
    struct world *w = *state;
    be_somebody(w, "4711");
    static const char *const texts[] = {"00", "2", "4711"};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(simulator_text(w->simulator, span_of(texts[i]), &w->view, &w->err), OUTCOME_OK);
    SHOWS(w, "Yours (1)");
    simulator_wait(w->simulator, 10 * MINUTE);
    assert_int_equal(simulator_text(w->simulator, SPAN("2"), &w->view, &w->err), OUTCOME_OK);
    SHOWS(w, "You\n");
    simulator_wait(w->simulator, 11 * MINUTE);
    assert_int_equal(simulator_text(w->simulator, SPAN("1"), &w->view, &w->err), OUTCOME_OK);
    SHOWS(w, "Welcome back");
}

static void what_changes_a_pin_is_guarded_unasked(void **state)
{
    struct world *w = *state;
    be_somebody(w, "4711");
    TYPES(w, "5", "1");
    SHOWS(w, "Your code?");
    TYPES(w, "4711");
    SHOWS(w, "Four digits?");
    TYPES(w, "0815");
    SHOWS(w, "has\n3 open");
    TYPES(w, "00", "2", "4711");
    SHOWS(w, "Not right.");
    TYPES(w, "0815");
    SHOWS(w, "Yours (1)");
    TYPES(w, "00", "5", "2");
    SHOWS(w, "Your code?");
    TYPES(w, "0815");
    SHOWS_NOT(w, "has");
    TYPES(w, "00", "2");
    SHOWS(w, "Yours (1)"); /* no PIN any more */
    TYPES(w, "00", "1", "1", "1234", "1", "00", "1", "1");
    SHOWS(w, "Sure?"); /* a form's question about a new one is left out while it is closed */
}

static void five_wrong_ones_lock_for_an_hour(void **state)
{
    struct world *w = *state;
    be_somebody(w, "4711");
    TYPES(w, "2", "0001", "0002", "0003");
    SHOWS(w, "Shall we call?"); /* three bad answers in a row, as everywhere */
    TYPES(w, "0");
    SHOWS(w, "Your code?");
    TYPES(w, "0004");
    SHOWS(w, "Not right.");
    TYPES(w, "0005");
    SHOWS(w, "Wait an hour.");
    TYPES(w, "4711");
    SHOWS(w, "Shall we call?");
    TYPES(w, "0", "4711");
    SHOWS(w, "Wait an hour."); /* the right one is not looked at either */
    simulator_wait(w->simulator, 59 * MINUTE);
    TYPES(w, "4711");
    SHOWS(w, "Wait an hour.");
    simulator_wait(w->simulator, MINUTE);
    TYPES(w, "4711");
    SHOWS(w, "Yours (1)");
    TYPES(w, "00", "2", "0001", "0002", "4711");
    SHOWS(w, "Yours (1)");
    TYPES(w, "00", "2", "0003", "0004", "4711");
    SHOWS(w, "Yours (1)"); /* the right one ended the row */
}

static void a_case_is_open_to_reference_and_pin(void **state)
{
    struct world *w = *state;
    be_somebody(w, "4711");
    other_phone(w, "borrowed");
    TYPES(w, "4", "000 0012");
    SHOWS(w, "Type again.\nReference?"); /* the check digit is looked at before anybody is asked */
    TYPES(w, "000 0013");
    SHOWS(w, "Its code?");
    TYPES(w, "0815");
    SHOWS(w, "Not right.\nIts code?");
    TYPES(w, "4711");
    SHOWS(w, "Yours (1)");
    TYPES(w, "1", "1");
    SHOWS(w, "Yours (0)"); /* cancelled, and it was theirs */
    TYPES(w, "00", "2");
    SHOWS(w, "Yours (0)");
    SHOWS_NOT(w, "cancelled"); /* this phone's own person has nothing */
    simulator_pick_up(w->simulator, SIMULATOR_FIRST_PHONE);
    dial(w);
    TYPES(w, "2", "4711");
    SHOWS(w, "cancelled");
}

static void no_reference_no_pin_and_a_wrong_pin_look_the_same(void **state)
{
    struct world *w = *state;
    be_somebody(w, "4711");
    other_phone(w, "without");
    TYPES(w, "1", "1", "1", "1", "00"); /* registered without a PIN */
    other_phone(w, "borrowed");
    static const char *const references[] = {"0000013", "0000031", "7777770"};
    char seen[3][200];
    for (size_t i = 0; i < 3; i++) {
        char checked[REFERENCE_DIGITS + 1];
        reference_complete(references[i], checked);
        TYPES(w, "4", checked, "1234");
        snprintf(seen[i], sizeof seen[i], "%s", screen(w));
        TYPES(w, "00");
    }
    assert_non_null(strstr(seen[0], "Not right."));
    assert_string_equal(seen[0], seen[1]);
    assert_string_equal(seen[0], seen[2]);
    TYPES(w, "4", "0000013", "1234", "1234");
    SHOWS(w, "Wait an hour."); /* five on this phone, whatever they were about */
    TYPES(w, "4711");
    SHOWS_NOT(w, "Yours");
    other_phone(w, "third");
    TYPES(w, "4", "0000013", "4711");
    SHOWS(w, "Yours"); /* against this person there were three: from another phone the right one does */
}

static void pins_tell_people_on_one_phone_apart(void **state)
{
    struct world *w = *state;
    be_somebody(w, "4711");
    TYPES(w, "5", "3"); /* somebody else uses the phone now */
    SHOWS(w, "open");
    SHOWS_NOT(w, "registered");
    SHOWS_NOT(w, "has");
    TYPES(w, "00", "2");
    SHOWS(w, "Yours (0)");
    be_somebody(w, "0815");
    TYPES(w, "2", "4711"); /* the first one's */
    SHOWS(w, "Yours (1)");
    SHOWS(w, "000 0021"); /* hers, not his */
    TYPES(w, "00", "7", "4711");
    SHOWS(w, "acts");
    TYPES(w, "00", "7", "0815");
    SHOWS_NOT(w, "acts");
}

static void forgetting_who_acts_leaves_the_phones_own(void **state)
{
    struct world *w = *state;
    be_somebody(w, "4711");
    other_phone(w, "borrowed");
    TYPES(w, "1", "1", "1", "1", "00");
    TYPES(w, "7", "4711");
    SHOWS(w, "Not right."); /* by reference only: she was never on this phone */
    TYPES(w, "00", "4", "0000013", "4711", "2");
    SHOWS(w, "acts");
    TYPES(w, "4", "5");
    SHOWS(w, "registered"); /* who is asked for now is the phone's own */
    SHOWS_NOT(w, "acts");
    SHOWS_NOT(w, "has");
    TYPES(w, "00", "4", "0000013", "4711");
    SHOWS(w, "Not right.");
    simulator_pick_up(w->simulator, SIMULATOR_FIRST_PHONE);
    dial(w);
    TYPES(w, "2");
    SHOWS(w, "Yours (0)");
}

static void who_moves_here_is_at_home_here(void **state)
{
    struct world *w = *state;
    be_somebody(w, "4711");
    TYPES(w, "5", "4");
    SHOWS(w, "registered"); /* nobody acts for another: nothing moves */
    other_phone(w, "new");
    TYPES(w, "4", "0000013", "4711", "2", "4", "4");
    SHOWS(w, "registered\n2 has\n3 open");
    SHOWS_NOT(w, "acts");
    TYPES(w, "00", "2");
    SHOWS(w, "Your code?");
    TYPES(w, "4711");
    SHOWS(w, "Yours (1)");
    simulator_pick_up(w->simulator, SIMULATOR_FIRST_PHONE);
    dial(w);
    TYPES(w, "00", "2");
    SHOWS(w, "Yours (0)"); /* whoever has the old phone is not taken for her */
    TYPES(w, "00", "7", "4711");
    SHOWS(w, "Not right.");
}

static void the_earlier_call_goes_on_behind_the_pin(void **state)
{
    struct world *w = *state;
    be_somebody(w, "4711");
    TYPES(w, "3", "Rahima");
    dial(w);
    SHOWS(w, "Welcome back");
    TYPES(w, "1");
    SHOWS(w, "Your code?");
    TYPES(w, "0000");
    SHOWS(w, "Not right.");
    dial(w);
    SHOWS(w, "Welcome back"); /* the offer stands */
    TYPES(w, "1", "4711");
    SHOWS(w, "When?");
    TYPES(w, "1");
    SHOWS(w, "Sent.");
    TYPES(w, "00", "5", "3", "00", "3", "Karim");
    dial(w);
    TYPES(w, "1");
    SHOWS(w, "When?"); /* without a PIN as ever */
}

static void nobody_goes_on_where_somebody_acted_for_another(void **state)
{
    struct world *w = *state;
    be_somebody(w, "4711");
    other_phone(w, "borrowed");
    TYPES(w, "4", "0000013", "4711");
    SHOWS(w, "Yours (1)");
    dial(w);
    SHOWS(w, "Plain");
}

/* The call that is offered by text went on meanwhile, and somebody acts for another in it: found by the fuzzer. */
static void nobody_goes_on_as_somebody_else_by_text(void **state)
{
    struct world *w = *state;
    be_somebody(w, "4711");
    TYPES(w, "5", "3", "00", "1", "2", "0815", "1", "00", "5");
    assert_int_equal(simulator_text(w->simulator, SPAN("hello"), &w->view, &w->err), OUTCOME_OK);
    SHOWS(w, "Welcome back");
    TYPES(w, "1", "4711");
    SHOWS(w, "Four digits?");
    assert_true(w->view.result.state.acting != 0);
    static const char *const texts[] = {"1", "0815"};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(simulator_text(w->simulator, span_of(texts[i]), &w->view, &w->err), OUTCOME_OK);
        assert_int_equal(w->view.result.state.acting, 0);
    }
}

static void a_number_that_was_silent_counts_as_new(void **state)
{
    struct world *w = *state;
    be_somebody(w, "4711");
    simulator_wait(w->simulator, 90 * DAY);
    dial(w);
    SHOWS(w, "Plain");
    TYPES(w, "7", "4711");
    SHOWS(w, "registered");
    simulator_wait(w->simulator, 91 * DAY);
    dial(w);
    SHOWS(w, "Language");
    TYPES(w, "1", "2");
    SHOWS(w, "Yours (0)");
    TYPES(w, "00", "7", "4711");
    SHOWS(w, "Not right."); /* by PIN alone nobody of before is reached */
    TYPES(w, "00", "4", "0000013", "4711");
    SHOWS(w, "Yours (1)");
}

static void a_dialled_chain_stops_before_a_pin(void **state)
{
    struct world *w = *state;
    be_somebody(w, "4711");
    simulator_drop(w->simulator);
    assert_int_equal(simulator_dial_chain(w->simulator, SPAN("2*4711"), &w->view, &w->err), OUTCOME_OK);
    SHOWS(w, "Your code?");
    simulator_drop(w->simulator);
    assert_int_equal(simulator_dial_chain(w->simulator, SPAN("4*0000013*4711"), &w->view, &w->err), OUTCOME_OK);
    SHOWS(w, "Reference?");
}

static void the_engine_wants_and_changes_nothing(void **state)
{
    struct world *w = *state;
    const struct session_state at = {.at = {SPAN("pin"), 0}, .lang = SPAN("en"), .wanted = SPAN("mine")};
    const struct person_view person = {.person = 9, .has_pin = true};
    const struct carrier carrier = {160, 70, true};
    struct engine_input in = {
        .state = &at, .carrier = &carrier, .person = &person, .answered = true, .input = SPAN("৪৭১১"), .now = NOW};
    struct engine_result result;
    assert_int_equal(engine_step(w->service, &in, w->arena, &result, &w->err), OUTCOME_OK);
    assert_int_equal(result.wants.kind, WANT_PIN);
    assert_string_equal(arena_text(w->arena, result.wants.pin), "4711");
    assert_int_equal(result.effect_count, 0);
    in.learned = (struct engine_learned){.verdict = VERDICT_RIGHT, .person = 9};
    assert_int_equal(engine_step(w->service, &in, w->arena, &result, &w->err), OUTCOME_OK);
    assert_int_equal(result.wants.kind, WANT_NOTHING);
    assert_int_equal(result.state.opened, 9);
    assert_int_equal(result.state.acting, 0);
    assert_string_equal(arena_text(w->arena, result.state.at.node), "mine");
    assert_false(span_is_present(result.state.wanted));
}

static void nobody_finishes_what_another_began(void **state)
{
    struct world *w = *state;
    const struct session_state at = {
        .at = {SPAN("pin"), 0}, .lang = SPAN("en"), .wanted = SPAN("mine"), .entry = 77, .reference = "0000013"};
    const struct person_view other = {.person = 9, .has_pin = true}, own = {.person = 8, .has_pin = true};
    const struct carrier carrier = {160, 70, true};
    struct engine_input in = {.state = &at,
                              .carrier = &carrier,
                              .person = &other,
                              .own = &own,
                              .learned = {.verdict = VERDICT_RIGHT, .person = 9},
                              .answered = true,
                              .input = SPAN("4711"),
                              .now = NOW};
    struct engine_result result;
    assert_int_equal(engine_step(w->service, &in, w->arena, &result, &w->err), OUTCOME_OK);
    assert_int_equal(result.state.acting, 9);
    assert_int_equal(result.state.entry, 0);
    assert_string_equal(result.state.reference, "");
    in.person = &own;
    in.own = NULL;
    in.learned.person = 8;
    assert_int_equal(engine_step(w->service, &in, w->arena, &result, &w->err), OUTCOME_OK);
    assert_int_equal(result.state.acting, 0);
    assert_int_equal(result.state.entry, 77); /* the PIN page stood between */
    assert_string_equal(result.state.reference, "0000013");
}

static const struct flaw {
    const char *from, *to, *said;
} flaws[] = {
    {"{ id = \"code\"; type = \"check_pin\"; } ); }", "{ id = \"code\"; type = \"number\"; } ); }",
     "asks for a reference"},
    {"kind = \"ask\"; type = \"check_pin\"", "kind = \"ask\"; type = \"digits\"", "a PIN is asked for by"},
    {"id = \"offer\"; kind = \"menu\";", "id = \"offer\"; kind = \"menu\"; guarded = true;", "expected no `guarded`"},
};

static void a_flow_that_gets_pins_wrong_is_refused(void **state)
{
    struct world *w = *state;
    for (size_t i = 0; i < sizeof flaws / sizeof *flaws; i++) {
        assert_int_equal(parse(w, flaws[i].from, flaws[i].to), OUTCOME_REFUSED);
        bool said = false;
        for (size_t k = 0; k < w->problems.count; k++)
            said = said || strstr(w->problems.lines[k], flaws[i].said);
        if (!said)
            print_error("nothing said \"%s\"\n", flaws[i].said);
        assert_true(said);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_guarded_page_comes_after_the_right_pin, set_up, tear_down),
        cmocka_unit_test_setup_teardown(once_open_it_stays_open_until_the_main_page, set_up, tear_down),
        cmocka_unit_test_setup_teardown(back_leads_into_no_guarded_page, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_closed_in_between_is_not_shown_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(ten_silent_minutes_end_what_a_pin_opened, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_changes_a_pin_is_guarded_unasked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(five_wrong_ones_lock_for_an_hour, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_case_is_open_to_reference_and_pin, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_reference_no_pin_and_a_wrong_pin_look_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pins_tell_people_on_one_phone_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(forgetting_who_acts_leaves_the_phones_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_moves_here_is_at_home_here, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_earlier_call_goes_on_behind_the_pin, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nobody_goes_on_where_somebody_acted_for_another, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nobody_goes_on_as_somebody_else_by_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_number_that_was_silent_counts_as_new, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_dialled_chain_stops_before_a_pin, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_engine_wants_and_changes_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nobody_finishes_what_another_began, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_flow_that_gets_pins_wrong_is_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
