/* engine: somebody comes back: after a drop, after silence, by a dialled chain, to a service that changed in between. */
#include "sample_phone.h"

#include "model/turn.h"

static void a_drop_in_a_form_is_gone_on_with(void **state)
{
    struct fixture *f = *state;
    CALLS(f, "2", "1");
    dial(f);
    AT(f, "resume");
    assert_true(f->view.result.turn_flags & TURN_OFFERS_RESUME);
    DOES_NOTHING(f);
    type(f, "");
    AT(f, "resume");
    type(f, "1");
    DOES(f, "continue");
    SHOWS(f, "When?");
    type(f, "2");
    DOES(f, "answer when = evening");
    SHOWS(f, "Call: Evening");
}

static void a_drop_is_gone_on_with_by_text_or_declined(void **state)
{
    struct fixture *f = *state;
    CALLS(f, "2", "1");
    simulator_drop(f->simulator);
    text(f, "hello");
    AT(f, "resume");
    text(f, "2");
    DOES(f, "restart");
    AT(f, "main");
    dial(f);
    AT(f, "main");
}

static void an_offer_stands_until_it_is_taken_declined_or_replaced(void **state)
{
    struct fixture *f = *state;
    CALLS(f, "2", "1");
    dial(f);
    type(f, "9");
    AT(f, "danger");
    dial(f);
    AT(f, "resume"); /* danger was looked at, the form still waits */
    type(f, "9");
    type(f, "3");
    type(f, "3");
    AT(f, "reg");
    DOES(f, "restart"); /* another form begins: the first one no longer waits */
    dial(f);
    type(f, "1");
    AT(f, "reg");
}

static void nothing_is_offered_where_nothing_is_lost(void **state)
{
    struct fixture *f = *state;
    CALLS(f, "9", "1");
    dial(f);
    AT(f, "main"); /* never into a sensitive page */
    CALLS(f, "2", "1", "1", "1");
    dial(f);
    AT(f, "main"); /* it was ended */
    CALLS(f, "1", "1");
    AT(f, "texted");
    dial(f);
    AT(f, "main"); /* what was to be done was done: the page says so */
    CALLS(f, "2", "1");
    simulator_wait(f->simulator, 25 * INT64_C(3600000));
    dial(f);
    AT(f, "main"); /* too long ago */
}

static void a_silent_sms_talk_begins_anew(void **state)
{
    struct fixture *f = *state;
    text(f, "x");
    text(f, "2");
    AT(f, "call");
    simulator_wait(f->simulator, 5 * INT64_C(3600000));
    text(f, "1");
    SHOWS(f, "When?");
    simulator_wait(f->simulator, 7 * INT64_C(3600000));
    text(f, "1");
    AT(f, "resume");
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
    AT(f, "area");
    chain(f, "2*1*1*1");
    AT(f, "call"); /* a form is for people: the rest is dropped */
    DOES_NOTHING(f);
    SHOWS(f, "Safe?");
    chain(f, "5*1");
    AT(f, "all"); /* shortcut = false */
    chain(f, "9*1*0");
    AT(f, "danger"); /* a deed on the way is not done */
    DOES_NOTHING(f);
    assert_true(f->view.result.stops_replay);
    chain(f, "9*1");
    AT(f, "asked"); /* as the last key it is */
    assert_int_equal(f->view.result.effect_count, 1);
    phone(f, NULL);
    chain(f, "2*1");
    AT(f, "leaf");
    DOES_NOTHING(f); /* the language was chosen on the way: for this call */
    assert_true(span_equal_text(f->view.result.state.lang, "bn"));
    chain(f, "");
    AT(f, "lang");
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
    CALLS(f, "5");
    replace(f, "key = \"1\"; id = \"out\"", "key = \"8\"; id = \"out\"");
    type(f, "1");
    AT(f, "all");
    SHOWS(f, "The menu changed.\nSettings");
    DOES_NOTHING(f);
    type(f, "8");
    DOES(f, "opt out");
}

static void a_node_that_did_not_change_is_not_disturbed(void **state)
{
    struct fixture *f = *state;
    CALLS(f, "2", "1");
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
    CALLS(f, "2", "1");
    dial(f);
    replace(f, "key = \"1\"; id = \"morning\"", "key = \"3\"; id = \"morning\"");
    type(f, "1");
    DOES(f, "continue");
    SHOWS(f, "The menu changed.\nSafe?"); /* its answers are kept, its questions begin again */
    type(f, "1");
    DOES(f, "answer safe = yes (sealed)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_PHONE(a_drop_in_a_form_is_gone_on_with),
        ON_A_PHONE(a_drop_is_gone_on_with_by_text_or_declined),
        ON_A_PHONE(an_offer_stands_until_it_is_taken_declined_or_replaced),
        ON_A_PHONE(nothing_is_offered_where_nothing_is_lost),
        ON_A_PHONE(a_silent_sms_talk_begins_anew),
        ON_A_PHONE(a_dialled_chain_walks_but_does_nothing_on_the_way),
        ON_A_PHONE(a_changed_node_is_shown_again),
        ON_A_PHONE(a_node_that_did_not_change_is_not_disturbed),
        ON_A_PHONE(a_node_that_went_gives_way_to_its_ancestor),
        ON_A_PHONE(the_earlier_place_may_have_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
