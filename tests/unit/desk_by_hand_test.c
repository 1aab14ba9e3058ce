/* desk: a request that is made by hand is what it would be from a phone: what they allow, how urgent it is, what the service has. */
/* timeout: 300: under the sanitizers on a loaded machine */
#include "desk_stage.h"

static void a_request_is_made_by_hand(void **state)
{
    struct desk_stage *d = *state;
    struct request request;
    struct desk_new_request made = {.number = SPAN("01799999999"),
                                    .kind = SPAN("call"),
                                    .may_be_texted = true,
                                    .note = SPAN("Called from a neighbour's")};
    DO(.verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    assert_int_equal(d->result.text.len, REFERENCE_DIGITS);
    int64_t first = d->result.id;
    assert_int_equal(desk_of(d, first, &request).made_by, d->counsellor);
    DO(.verb = DESK_REPLY, .operator = d->counsellor, .object = first, .text = SPAN("We have it."));
    made.may_be_texted = false;
    DO(.verb = DESK_NEW, .operator = d->counsellor, .made = &made); /* the same person again */
    struct request again;
    desk_of(d, d->result.id, &again);
    assert_int_equal(again.person, request.person);
    REFUSED("why_no_texts", .verb = DESK_REPLY, .operator = d->counsellor, .object = again.id, .text = SPAN("Hello"));
    made.number = SPAN_NONE; /* stands at the counter */
    made.came_by = CONTACT_WALK_IN;
    DO(.verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    int64_t walked = d->result.id;
    expect_act(d, (struct desk_action){.verb = DESK_REVEAL, .operator = d->counsellor, .object = walked, .code = 1},
               OUTCOME_NOT_FOUND, "why_no_number_kept", __LINE__);
    DO(.verb = DESK_CLOSE, .operator = d->counsellor, .object = walked, .code = CLOSED_INFORMED);
}

/* A number that was silent for so long counts as new, also when it is typed here and not dialled from: the request is of whoever rings
 * now, and they are still nobody else when they dial the next time. */
static void a_number_that_was_silent_is_somebody_elses(void **state)
{
    struct desk_stage *d = *state;
    struct fixture *f = d->f;
    const int64_t number_ms = service_number_ms(d->stage.catalogue->services[0]);
    const struct desk_new_request made = {.number = SPAN(CALLER), .kind = SPAN("call")};
    struct request request;
    struct phone_row phone;
    d->now += number_ms; /* not yet */
    DO(.verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    desk_of(d, d->result.id, &request);
    assert_int_equal(request.person, 101);
    d->now += number_ms + 1;
    DO(.verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    desk_of(d, d->result.id, &request);
    assert_int_equal(request.phone, 1);
    assert_int_not_equal(request.person, 101);
    OK(store_load_phone(f->store, 1, f->arena, &phone, &f->err));
    assert_int_equal(phone.person, request.person);
    assert_int_equal(phone.renewed_at, d->now);
    assert_int_equal(phone.last_session, 0);
    assert_false(span_is_present(phone.lang));
    assert_true(phone.has_number);
    REFUSED("why_number_changed", .verb = DESK_REVEAL, .operator = d->counsellor, .object = 3001, .code = 1);
}

static void what_they_say_of_when_to_call_is_kept(void **state)
{
    struct desk_stage *d = *state;
    const struct service *service = d->stage.catalogue->services[0];
    struct request request;
    const struct answer evening[] = {{.field = SPAN("time"), .value = SPAN("evening")},
                                     {.field = SPAN("answered"), .value = SPAN("hang_up")}};
    const struct answer never = {.field = SPAN("safe"), .value = SPAN("no")};
    struct desk_new_request made = {
        .number = SPAN("01799999997"), .kind = SPAN("call"), .answers = evening, .answer_count = 2};
    DO(.verb = DESK_NEW, .operator = d->counsellor, .made = &made); /* it is ten o'clock */
    const int64_t id = d->result.id;
    desk_of(d, id, &request);
    assert_true(request.due_at > d->now + 7 * 60 * MINUTE); /* not before they may be called */
    struct answer *kept;
    size_t count;
    struct contact_rule rule;
    struct error err;
    assert_int_equal(store_load_answers(d->f->store, request.entry, d->f->arena, &kept, &count, &err), OUTCOME_OK);
    desk_rule_of(service, kept, count, &rule);
    assert_true(rule.is_known && rule.may_call && !rule.may_text && rule.window_count == 1);
    assert_int_equal(rule.windows[0].from, 17 * 60);
    assert_int_equal(count, 3); /* of texts they said nothing */
    assert_span(kept[2].field, BY_HAND_SERVICE);
    assert_span(kept[2].value, "infoline");
    for (size_t i = 0; i < count; i++) /* as on a phone */
        assert_int_equal(kept[i].sensitive, span_equal_text(kept[i].field, "answered"));
    REFUSED("why_not_safe_now", .verb = DESK_REVEAL, .operator = d->counsellor, .object = id, .code = 1);
    REFUSED("why_not_safe_now", .verb = DESK_ATTEMPT, .operator = d->counsellor, .object = id);
    made.kind = SPAN("danger");
    DO(.verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    desk_of(d, d->result.id, &request);
    assert_true(request.due_at < d->now + 60 * MINUTE); /* now, says who is in danger */
    d->now += 7 * 60 * MINUTE + MINUTE;
    DO(.verb = DESK_REVEAL, .operator = d->counsellor, .object = id, .code = 1);
    made.answers = &never;
    made.answer_count = 1;
    DO(.verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    REFUSED("why_never_safe", .verb = DESK_REVEAL, .operator = d->counsellor, .object = d->result.id, .code = 1);
}

/* "Only at some times" says nothing of now. */
static void which_times_are_safe_is_asked(void **state)
{
    struct desk_stage *d = *state;
    const struct answer said[] = {{.field = SPAN("safe"), .value = SPAN("times")},
                                  {.field = SPAN("time"), .value = SPAN("evening")}};
    struct desk_new_request made = {
        .number = SPAN("01799999996"), .kind = SPAN("call"), .answers = said, .answer_count = 1};
    REFUSED("why_no_hours", .verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    assert_int_equal(count_of(d, "request"), 1);
    made.answer_count = 2;
    DO(.verb = DESK_NEW, .operator = d->counsellor, .made = &made); /* it is ten o'clock */
    REFUSED("why_not_safe_now", .verb = DESK_REVEAL, .operator = d->counsellor, .object = d->result.id, .code = 1);
}

/* A box that nobody ticked is no answer: who wants to be texted only is. */
static void who_wants_texts_only_is_texted(void **state)
{
    struct desk_stage *d = *state;
    const struct answer texts = {.field = SPAN("safe"), .value = SPAN("sms")};
    const struct desk_new_request made = {
        .number = SPAN("01799999995"), .kind = SPAN("sms"), .answers = &texts, .answer_count = 1};
    DO(.verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    assert_int_equal(count_of(d, "answer WHERE field = (SELECT id FROM word WHERE text = '" DESK_TEXTS_FIELD "')"), 0);
    DO(.verb = DESK_REPLY, .operator = d->counsellor, .object = d->result.id, .text = SPAN("We have it."));
}

static void they_say_only_what_the_service_asks(void **state)
{
    struct desk_stage *d = *state;
    static const struct {
        const char *field, *value;
    } cases[] = {{"time", "midnight"}, {"time", ""},           {"pizza", "yes"},    {"safe", "other"},
                 {"texts", "yes"},     {"area", "dhaka"},      {"confirm", "send"}, {DESK_TEXTS_FIELD, "yes"},
                 {"number", "12345"},  {"time", "evening any"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct answer answer = {.field = span_of(cases[i].field), .value = span_of(cases[i].value)};
        const struct desk_new_request made = {.kind = SPAN("call"), .answers = &answer, .answer_count = 1};
        REFUSED("why_not_a_choice", .verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    }
    assert_int_equal(count_of(d, "request"), 1);
}

/* Whoever takes the call may forget to say how urgent danger is. */
static void danger_made_by_hand_is_danger(void **state)
{
    struct desk_stage *d = *state;
    struct request request;
    struct desk_new_request made = {.number = SPAN("01799999998"), .kind = SPAN("danger"), .urgency = URGENCY_NORMAL};
    DO(.verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    desk_of(d, d->result.id, &request);
    assert_int_equal(request.urgency, URGENCY_DANGER);
    assert_true(request.due_at < d->now + 60 * 60000);
    made.kind = SPAN("call");
    made.urgency = URGENCY_SOON;
    DO(.verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    desk_of(d, d->result.id, &request);
    assert_int_equal(request.urgency, URGENCY_SOON);
    made.topic = SPAN("danger"); /* said in the other place */
    DO(.verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    desk_of(d, d->result.id, &request);
    assert_int_equal(request.urgency, URGENCY_DANGER);
    assert_true(request.due_at < d->now + 60 * MINUTE);
}

static void what_is_made_by_hand_is_the_services(void **state)
{
    struct desk_stage *d = *state;
    struct desk_new_request made = {.kind = SPAN("pizza")};
    REFUSED("why_no_kind", .verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    made.kind = SPAN("call");
    made.topic = SPAN("pizza");
    REFUSED("why_no_topic", .verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    made.topic = SPAN_NONE;
    made.service = SPAN("pizza");
    REFUSED("why_no_service", .verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    made.service = SPAN_NONE;
    made.number = SPAN("12");
    REFUSED("why_no_number", .verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    assert_int_equal(count_of(d, "request"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_DESK(a_request_is_made_by_hand),
        ON_A_DESK(a_number_that_was_silent_is_somebody_elses),
        ON_A_DESK(what_they_say_of_when_to_call_is_kept),
        ON_A_DESK(which_times_are_safe_is_asked),
        ON_A_DESK(who_wants_texts_only_is_texted),
        ON_A_DESK(they_say_only_what_the_service_asks),
        ON_A_DESK(danger_made_by_hand_is_danger),
        ON_A_DESK(what_is_made_by_hand_is_the_services),
    };
    return cmocka_run_group_tests(tests, load_desk_service, drop_desk_service);
}
