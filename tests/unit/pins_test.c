/* PINs in the engine, played in a simulated world: guarded pages, cases from another phone, several people on one. */
#include "simulated_phone.h"

#include <stdio.h>

#include "menu/proof.h"
#include "model/turn.h"
#include "shared_phone.h"

#define MINUTE INT64_C(60000)
#define DAY (24 * 60 * MINUTE)
#define FIRST_REFERENCE "0000013"

static enum outcome parse(struct fixture *f, const char *from, const char *to)
{
    struct span flow = span_of(shared_flow);
    const char *at = from ? strstr(shared_flow, from) : NULL;
    if (from)
        assert_non_null(at);
    if (from)
        flow = arena_format(f->arena, "%.*s%s%s", (int)(at - shared_flow), shared_flow, to, at + strlen(from));
    const struct service_file files[] = {
        {"service.conf", span_of(shared_service)}, {"flow/main.conf", flow}, {"text/en.conf", span_of(shared_text)}};
    problems_init(&f->problems, f->arena);
    service_free(f->service);
    f->service = NULL;
    return service_parse(files, sizeof files / sizeof *files, &f->service, &f->problems, &f->err);
}

static int set_up(void **state)
{
    struct fixture *f = fixture_create();
    *state = f;
    assert_parsed(f, parse(f, NULL, NULL));
    phone(f, "en");
    return 0;
}

static void other_phone(struct fixture *f, const char *name)
{
    simulator_pick_up(f->simulator, span_of(name));
    dial(f);
    if (strstr(screen(f), "Language"))
        TYPES(f, "1");
}

/* Registered with this PIN, one request open, back on the plain main page. */
static void be_somebody(struct fixture *f, const char *pin)
{
    dial(f);
    if (strstr(screen(f), "Welcome"))
        TYPES(f, "2");
    TYPES(f, "1", "1", pin, "1", "00", "3", "Rahima", "1", "00");
    SHOWS(f, "Plain");
}

static void a_guarded_page_comes_after_the_right_pin(void **state)
{
    struct fixture *f = *state;
    dial(f);
    TYPES(f, "2");
    SHOWS(f, "Yours (0)"); /* nobody has a PIN here */
    be_somebody(f, "4711");
    TYPES(f, "2");
    SHOWS(f, "Your code?");
    assert_true(f->view.result.stops_replay);
    TYPES(f, "4712");
    SHOWS(f, "Not right.\nYour code?");
    SHOWS_NOT(f, "Yours");
    TYPES(f, "47");
    SHOWS(f, "Type again.");
    TYPES(f, "4711");
    SHOWS(f, "Yours (1)");
    assert_true(f->view.result.turn_flags & TURN_SECRET_INPUT);
    assert_false(span_is_present(f->view.result.meaning));
    TYPES(f, "0");
    SHOWS(f, "Plain"); /* and back from it, not into the PIN page */
    TYPES(f, "2");
    SHOWS(f, "Your code?"); /* the main page closed it */
}

static void once_open_it_stays_open_until_the_main_page(void **state)
{
    struct fixture *f = *state;
    be_somebody(f, "4711");
    TYPES(f, "7", "4711");
    SHOWS(f, "registered\n2 has\n3 open");
    SHOWS_NOT(f, "acts");
    TYPES(f, "1");
    SHOWS(f, "Yours (1)");
    TYPES(f, "0", "2");
    SHOWS(f, "Yours (1)");
    dial(f); /* closed by a new call as well */
    SHOWS(f, "Welcome back");
    TYPES(f, "2", "2");
    SHOWS(f, "Your code?");
}

static void back_leads_into_no_guarded_page(void **state)
{
    struct fixture *f = *state;
    be_somebody(f, "4711");
    TYPES(f, "2", "4711", "1");
    SHOWS(f, "Which one?");
    TYPES(f, "0");
    SHOWS(f, "Yours (1)");
    struct session_state closed = f->view.result.state;
    closed.opened = 0; /* as if it had been closed in between */
    closed.history[closed.history_count++] = (struct place){SPAN("mine"), 0};
    closed.at = (struct place){SPAN("which"), 0};
    const struct person_view person = {.person = 9, .has_pin = true};
    const struct carrier carrier = {160, 70, true};
    const struct engine_input in = {
        .state = &closed, .carrier = &carrier, .person = &person, .answered = true, .input = SPAN("0"), .now = NOW};
    struct engine_result result;
    assert_int_equal(engine_step(f->service, &in, f->arena, &result, &f->err), OUTCOME_OK);
    assert_string_equal(arena_text(f->arena, result.state.at.node), "pin");
}

static void what_was_closed_in_between_is_not_shown_again(void **state)
{
    struct fixture *f = *state;
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
        assert_int_equal(engine_step(f->service, &in, f->arena, &result, &f->err), OUTCOME_OK);
        assert_string_equal(arena_text(f->arena, result.state.at.node), "pin");
        assert_string_equal(arena_text(f->arena, result.state.wanted), "mine");
    }
}

static void ten_silent_minutes_end_what_a_pin_opened(void **state)
{
    struct fixture *f = *state;
    be_somebody(f, "4711");
    static const char *const texts[] = {"00", "2", "4711"};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(simulator_text(f->simulator, span_of(texts[i]), &f->view, &f->err), OUTCOME_OK);
    SHOWS(f, "Yours (1)");
    simulator_wait(f->simulator, 10 * MINUTE);
    assert_int_equal(simulator_text(f->simulator, SPAN("2"), &f->view, &f->err), OUTCOME_OK);
    SHOWS(f, "You\n");
    simulator_wait(f->simulator, 11 * MINUTE);
    assert_int_equal(simulator_text(f->simulator, SPAN("1"), &f->view, &f->err), OUTCOME_OK);
    SHOWS(f, "Welcome back");
}

static void what_changes_a_pin_is_guarded_unasked(void **state)
{
    struct fixture *f = *state;
    be_somebody(f, "4711");
    TYPES(f, "5", "1");
    SHOWS(f, "Your code?");
    TYPES(f, "4711");
    SHOWS(f, "Four digits?");
    TYPES(f, "0815");
    SHOWS(f, "has\n3 open");
    TYPES(f, "00", "2", "4711");
    SHOWS(f, "Not right.");
    TYPES(f, "0815");
    SHOWS(f, "Yours (1)");
    TYPES(f, "00", "5", "2");
    SHOWS(f, "Your code?");
    TYPES(f, "0815");
    SHOWS_NOT(f, "has");
    TYPES(f, "00", "2");
    SHOWS(f, "Yours (1)"); /* no PIN any more */
    TYPES(f, "00", "1", "1", "1234", "1", "00", "1", "1");
    SHOWS(f, "Sure?"); /* a form's question about a new one is left out while it is closed */
}

static void five_wrong_ones_lock_for_an_hour(void **state)
{
    struct fixture *f = *state;
    be_somebody(f, "4711");
    TYPES(f, "2", "0001", "0002", "0003");
    SHOWS(f, "Shall we call?"); /* three bad answers in a row, as everywhere */
    TYPES(f, "0");
    SHOWS(f, "Your code?");
    TYPES(f, "0004");
    SHOWS(f, "Not right.");
    TYPES(f, "0005");
    SHOWS(f, "Wait an hour.");
    TYPES(f, "4711");
    SHOWS(f, "Shall we call?");
    TYPES(f, "0", "4711");
    SHOWS(f, "Wait an hour."); /* the right one is not looked at either */
    simulator_wait(f->simulator, 59 * MINUTE);
    TYPES(f, "4711");
    SHOWS(f, "Wait an hour.");
    simulator_wait(f->simulator, MINUTE);
    TYPES(f, "4711");
    SHOWS(f, "Yours (1)");
    TYPES(f, "00", "2", "0001", "0002", "4711");
    SHOWS(f, "Yours (1)");
    TYPES(f, "00", "2", "0003", "0004", "4711");
    SHOWS(f, "Yours (1)"); /* the right one ended the row */
}

static void a_case_is_open_to_reference_and_pin(void **state)
{
    struct fixture *f = *state;
    be_somebody(f, "4711");
    other_phone(f, "borrowed");
    TYPES(f, "4", "000 0012");
    SHOWS(f, "Type again.\nReference?"); /* the check digit is looked at before anybody is asked */
    TYPES(f, "000 0013");
    SHOWS(f, "Its code?");
    TYPES(f, "0815");
    SHOWS(f, "Not right.\nIts code?");
    TYPES(f, "4711");
    SHOWS(f, "Yours (1)");
    TYPES(f, "1", "1");
    SHOWS(f, "Yours (0)"); /* cancelled, and it was theirs */
    TYPES(f, "00", "2");
    SHOWS(f, "Yours (0)");
    SHOWS_NOT(f, "cancelled"); /* this phone's own person has nothing */
    simulator_pick_up(f->simulator, SIMULATOR_FIRST_PHONE);
    dial(f);
    TYPES(f, "2", "4711");
    SHOWS(f, "cancelled");
}

static void no_reference_no_pin_and_a_wrong_pin_look_the_same(void **state)
{
    struct fixture *f = *state;
    be_somebody(f, "4711");
    other_phone(f, "without");
    TYPES(f, "1", "1", "1", "1", "00"); /* registered without a PIN */
    other_phone(f, "borrowed");
    static const char *const references[] = {"0000013", "0000031", "7777770"};
    char seen[3][200];
    for (size_t i = 0; i < 3; i++) {
        char checked[REFERENCE_DIGITS + 1];
        reference_complete(references[i], checked);
        TYPES(f, "4", checked, "1234");
        snprintf(seen[i], sizeof seen[i], "%s", screen(f));
        TYPES(f, "00");
    }
    assert_non_null(strstr(seen[0], "Not right."));
    assert_string_equal(seen[0], seen[1]);
    assert_string_equal(seen[0], seen[2]);
    TYPES(f, "4", "0000013", "1234", "1234");
    SHOWS(f, "Wait an hour."); /* five on this phone, whatever they were about */
    TYPES(f, "4711");
    SHOWS_NOT(f, "Yours");
    other_phone(f, "third");
    TYPES(f, "4", "0000013", "4711");
    SHOWS(f, "Yours"); /* against this person there were three: from another phone the right one does */
}

static void pins_tell_people_on_one_phone_apart(void **state)
{
    struct fixture *f = *state;
    be_somebody(f, "4711");
    TYPES(f, "5", "3"); /* somebody else uses the phone now */
    SHOWS(f, "open");
    SHOWS_NOT(f, "registered");
    SHOWS_NOT(f, "has");
    TYPES(f, "00", "2");
    SHOWS(f, "Yours (0)");
    be_somebody(f, "0815");
    TYPES(f, "2", "4711"); /* the first one's */
    SHOWS(f, "Yours (1)");
    SHOWS(f, "000 0021"); /* hers, not his */
    TYPES(f, "00", "7", "4711");
    SHOWS(f, "acts");
    TYPES(f, "00", "7", "0815");
    SHOWS_NOT(f, "acts");
}

static void forgetting_who_acts_leaves_the_phones_own(void **state)
{
    struct fixture *f = *state;
    be_somebody(f, "4711");
    other_phone(f, "borrowed");
    TYPES(f, "1", "1", "1", "1", "00");
    TYPES(f, "7", "4711");
    SHOWS(f, "Not right."); /* by reference only: she was never on this phone */
    TYPES(f, "00", "4", "0000013", "4711", "2");
    SHOWS(f, "acts");
    TYPES(f, "4", "5");
    SHOWS(f, "registered"); /* who is asked for now is the phone's own */
    SHOWS_NOT(f, "acts");
    SHOWS_NOT(f, "has");
    TYPES(f, "00", "4", "0000013", "4711");
    SHOWS(f, "Not right.");
    simulator_pick_up(f->simulator, SIMULATOR_FIRST_PHONE);
    dial(f);
    TYPES(f, "2");
    SHOWS(f, "Yours (0)");
}

static void who_moves_here_is_at_home_here(void **state)
{
    struct fixture *f = *state;
    be_somebody(f, "4711");
    TYPES(f, "5", "4");
    SHOWS(f, "registered"); /* nobody acts for another: nothing moves */
    other_phone(f, "new");
    TYPES(f, "4", "0000013", "4711", "2", "4", "4");
    SHOWS(f, "registered\n2 has\n3 open");
    SHOWS_NOT(f, "acts");
    TYPES(f, "00", "2");
    SHOWS(f, "Your code?");
    TYPES(f, "4711");
    SHOWS(f, "Yours (1)");
    simulator_pick_up(f->simulator, SIMULATOR_FIRST_PHONE);
    dial(f);
    TYPES(f, "00", "2");
    SHOWS(f, "Yours (0)"); /* whoever has the old phone is not taken for her */
    TYPES(f, "00", "7", "4711");
    SHOWS(f, "Not right.");
}

static void the_earlier_call_goes_on_behind_the_pin(void **state)
{
    struct fixture *f = *state;
    be_somebody(f, "4711");
    TYPES(f, "3", "Rahima");
    dial(f);
    SHOWS(f, "Welcome back");
    TYPES(f, "1");
    SHOWS(f, "Your code?");
    TYPES(f, "0000");
    SHOWS(f, "Not right.");
    dial(f);
    SHOWS(f, "Welcome back"); /* the offer stands */
    TYPES(f, "1", "4711");
    SHOWS(f, "When?");
    TYPES(f, "1");
    SHOWS(f, "Sent.");
    TYPES(f, "00", "5", "3", "00", "3", "Karim");
    dial(f);
    TYPES(f, "1");
    SHOWS(f, "When?"); /* without a PIN as ever */
}

static void nobody_goes_on_where_somebody_acted_for_another(void **state)
{
    struct fixture *f = *state;
    be_somebody(f, "4711");
    other_phone(f, "borrowed");
    TYPES(f, "4", "0000013", "4711");
    SHOWS(f, "Yours (1)");
    dial(f);
    SHOWS(f, "Plain");
}

/* The call that is offered by text went on meanwhile, and somebody acts for another in it: found by the fuzzer. */
static void nobody_goes_on_as_somebody_else_by_text(void **state)
{
    struct fixture *f = *state;
    be_somebody(f, "4711");
    TYPES(f, "5", "3", "00", "1", "2", "0815", "1", "00", "5");
    assert_int_equal(simulator_text(f->simulator, SPAN("hello"), &f->view, &f->err), OUTCOME_OK);
    SHOWS(f, "Welcome back");
    TYPES(f, "1", "4711");
    SHOWS(f, "Four digits?");
    assert_true(f->view.result.state.acting != 0);
    static const char *const texts[] = {"1", "0815"};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(simulator_text(f->simulator, span_of(texts[i]), &f->view, &f->err), OUTCOME_OK);
        assert_int_equal(f->view.result.state.acting, 0);
    }
}

static void a_number_that_was_silent_counts_as_new(void **state)
{
    struct fixture *f = *state;
    be_somebody(f, "4711");
    simulator_wait(f->simulator, 90 * DAY);
    dial(f);
    SHOWS(f, "Plain");
    TYPES(f, "7", "4711");
    SHOWS(f, "registered");
    simulator_wait(f->simulator, 91 * DAY);
    dial(f);
    SHOWS(f, "Language");
    TYPES(f, "1", "2");
    SHOWS(f, "Yours (0)");
    TYPES(f, "00", "7", "4711");
    SHOWS(f, "Not right."); /* by PIN alone nobody of before is reached */
    TYPES(f, "00", "4", "0000013", "4711");
    SHOWS(f, "Yours (1)");
}

static void a_dialled_chain_stops_before_a_pin(void **state)
{
    struct fixture *f = *state;
    be_somebody(f, "4711");
    simulator_drop(f->simulator);
    assert_int_equal(simulator_dial_chain(f->simulator, SPAN("2*4711"), &f->view, &f->err), OUTCOME_OK);
    SHOWS(f, "Your code?");
    simulator_drop(f->simulator);
    assert_int_equal(simulator_dial_chain(f->simulator, SPAN("4*0000013*4711"), &f->view, &f->err), OUTCOME_OK);
    SHOWS(f, "Reference?");
}

static void the_engine_wants_and_changes_nothing(void **state)
{
    struct fixture *f = *state;
    const struct session_state at = {.at = {SPAN("pin"), 0}, .lang = SPAN("en"), .wanted = SPAN("mine")};
    const struct person_view person = {.person = 9, .has_pin = true};
    const struct carrier carrier = {160, 70, true};
    struct engine_input in = {
        .state = &at, .carrier = &carrier, .person = &person, .answered = true, .input = SPAN("৪৭১১"), .now = NOW};
    struct engine_result result;
    assert_int_equal(engine_step(f->service, &in, f->arena, &result, &f->err), OUTCOME_OK);
    assert_int_equal(result.wants.kind, WANT_PIN);
    assert_string_equal(arena_text(f->arena, result.wants.pin), "4711");
    assert_int_equal(result.effect_count, 0);
    in.learned.times = ENGINE_WANTS_MAX; /* who asks without end would hold every other caller */
    assert_int_equal(engine_step(f->service, &in, f->arena, &result, &f->err), OUTCOME_BROKEN);
    assert_non_null(strstr(f->err.text, "node pin"));
    in.learned = (struct engine_learned){.verdict = VERDICT_RIGHT, .person = 9};
    assert_int_equal(engine_step(f->service, &in, f->arena, &result, &f->err), OUTCOME_OK);
    assert_int_equal(result.wants.kind, WANT_NOTHING);
    assert_int_equal(result.state.opened, 9);
    assert_int_equal(result.state.acting, 0);
    assert_string_equal(arena_text(f->arena, result.state.at.node), "mine");
    assert_false(span_is_present(result.state.wanted));
}

static void nobody_finishes_what_another_began(void **state)
{
    struct fixture *f = *state;
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
    assert_int_equal(engine_step(f->service, &in, f->arena, &result, &f->err), OUTCOME_OK);
    assert_int_equal(result.state.acting, 9);
    assert_int_equal(result.state.entry, 0);
    assert_string_equal(result.state.reference, "");
    in.person = &own;
    in.own = NULL;
    in.learned.person = 8;
    assert_int_equal(engine_step(f->service, &in, f->arena, &result, &f->err), OUTCOME_OK);
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
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof flaws / sizeof *flaws; i++) {
        assert_int_equal(parse(f, flaws[i].from, flaws[i].to), OUTCOME_REFUSED);
        bool said = false;
        for (size_t k = 0; k < f->problems.count; k++)
            said = said || strstr(f->problems.lines[k], flaws[i].said);
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
