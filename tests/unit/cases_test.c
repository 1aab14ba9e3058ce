/* What a person is told of their requests and their registration, and which office they chose: one pure step at a time. */
#include "case_service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "menu/engine.h"
#include "menu/drawing/facts.h"
#include "menu/drawing/office.h"
#include "menu/proof.h"
#include "model/turn.h"

#define NOW INT64_C(1795255200000) /* Sat 2026-11-21 10:00 UTC, 16:00 in the service's zone */
#define HOUR (60 * 60 * INT64_C(1000))

struct fixture {
    struct arena *arena;
    struct service *service;
    struct request requests[3];
    struct person_view person;
    struct session_state state;
    const struct answer *answers; /* one, or NULL */
    struct engine_learned learned;
    struct engine_result result;
    struct error err;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->arena = arena_create(4096);
    f->service = case_service(f->arena, NULL, NULL, NULL);
    f->state.lang = SPAN("en");
    f->requests[0] = (struct request){.reference = "0000013", .kind = SPAN("call"), .created_at = NOW - HOUR};
    f->requests[1] = (struct request){.reference = "0000021", .kind = SPAN("pay"), .created_at = NOW - 2 * HOUR};
    f->person = (struct person_view){.person = 1, .requests = f->requests, .request_count = 2};
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    service_free(f->service);
    arena_destroy(f->arena);
    free(f);
    return 0;
}

/* The step that `typed` makes of where the person stands; NULL: the page is shown. */
static void step(struct fixture *f, const char *typed)
{
    static const struct carrier ussd = {160, 70, true};
    struct session_state before = f->state;
    const struct engine_input in = {.state = &before,
                                    .channel = CHANNEL_USSD,
                                    .carrier = &ussd,
                                    .person = &f->person,
                                    .learned = f->learned,
                                    .answers = f->answers,
                                    .answer_count = f->answers != NULL,
                                    .answered = typed != NULL,
                                    .input = span_of(typed),
                                    .now = NOW,
                                    .reference = "0000099"};
    assert_int_equal(engine_step(f->service, &in, f->arena, &f->result, &f->err), OUTCOME_OK);
    f->state = f->result.state;
}

static void stand_at(struct fixture *f, const char *node, const char *reference)
{
    f->state = (struct session_state){.at = {span_of(node), 0}, .lang = SPAN("en")};
    snprintf(f->state.reference, sizeof f->state.reference, "%s", reference);
    step(f, NULL);
}

static const char *shown(struct fixture *f)
{
    return arena_text(f->arena, screen_plain(f->result.screen, f->arena));
}

static void shows(struct fixture *f, const char *words)
{
    if (!strstr(shown(f), words))
        print_error("no \"%s\" in:\n%s\n", words, shown(f));
    assert_non_null(strstr(shown(f), words));
}

#define BEFORE (NOW - HOUR)
#define AFTER (NOW + HOUR)

static const struct {
    enum request_state state;
    enum request_step step;
    int64_t due_at, next_at;
    const char *says;
} told[] = {
    {REQUEST_WAITING, STEP_MADE, AFTER, 0, "It waits. We call by today 17:00."},
    {REQUEST_WAITING, STEP_MADE, NOW, 0, "It waits."}, /* to the very moment */
    {REQUEST_WAITING, STEP_MADE, NOW - 1, 0, "We are late: it was for today 15:59."},
    {REQUEST_WAITING, STEP_MADE, 0, 0, "It waits. We call by -."}, /* nothing was promised: nothing is late */
    {REQUEST_WAITING, STEP_MADE, BEFORE, AFTER, "It waits."},
    {REQUEST_WAITING, STEP_TRIED, BEFORE, AFTER, "We called and missed you. Next: today 17:00."},
    {REQUEST_ASSIGNED, STEP_TRIED, BEFORE, NOW - 1, "We are late"},
    {REQUEST_ASSIGNED, STEP_ASSIGNED, BEFORE, 0, "We are late"},
    {REQUEST_ASSIGNED, STEP_ASSIGNED, AFTER, 0, "A counsellor has it."},
    {REQUEST_ASSIGNED, STEP_MADE, AFTER, 0, "A counsellor has it."}, /* of a file that knew no steps yet */
    {REQUEST_WAITING, STEP_CHANGED, AFTER, 0, "You changed it"},
    {REQUEST_WAITING, STEP_URGED, AFTER, 0, "You said it is urgent."},
    {REQUEST_WAITING, STEP_URGED, BEFORE, 0, "We are late"},
    {REQUEST_CALLED, STEP_CALLED, BEFORE, 0, "We spoke."}, /* what was done is not late */
    {REQUEST_CALLED, STEP_MADE, BEFORE, 0, "We spoke."},
    {REQUEST_CALLED, STEP_REFERRED, BEFORE, 0, "An office has it."},
    {REQUEST_WAITING, STEP_REOPENED, AFTER, 0, "We look again."},
    {REQUEST_CLOSED, STEP_CALLED, BEFORE, 0, "Done."},
    {REQUEST_CLOSED, STEP_CLOSED, AFTER, 0, "Done."},
    {REQUEST_CANCELLED, STEP_URGED, BEFORE, AFTER, "You cancelled it."},
};

static void the_sentence_says_what_is_so(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        f->requests[1].state = told[i].state;
        f->requests[1].step = told[i].step;
        f->requests[1].due_at = told[i].due_at;
        f->requests[1].next_at = told[i].next_at;
        stand_at(f, "one", "0000021");
        shows(f, "000 0021 pay\n");
        shows(f, told[i].says);
    }
}

static void the_list_does_not_promise_what_is_past(void **state)
{
    struct fixture *f = *state;
    f->requests[0].due_at = AFTER;
    f->requests[1].due_at = BEFORE;
    stand_at(f, "mine", "");
    shows(f, "000 0013 call: we call by today 17:00\n000 0021 pay: late, sorry\n");
}

static void a_request_that_is_not_theirs_says_nothing(void **state)
{
    struct fixture *f = *state;
    stand_at(f, "one", "7777777");
    assert_string_equal(shown(f), "- -\n-\nMade -, next -. (-)\n0 Back 00 Main");
    step(f, "1"); /* nor can anything be done to it */
    assert_true(f->result.bad_input);
    assert_int_equal(f->result.effect_count, 0);
}

static void without_a_name_the_latest_open_one_is_meant(void **state)
{
    struct fixture *f = *state;
    f->requests[0].state = REQUEST_CANCELLED;
    stand_at(f, "one", "");
    shows(f, "000 0021 pay\n");
    step(f, "1");
    assert_int_equal(f->result.effects[0].kind, EFFECT_CANCEL);
    assert_string_equal(f->result.effects[0].reference, "0000021");
    shows(f, "You cancelled it.");
}

static void a_choice_names_it_and_keeps_no_answer(void **state)
{
    struct fixture *f = *state;
    f->requests[0].state = REQUEST_CLOSED; /* closed ones cannot be chosen */
    stand_at(f, "which", "");
    shows(f, "1 000 0021 pay");
    step(f, "1");
    assert_int_equal(f->result.effect_count, 0);
    assert_string_equal(f->state.reference, "0000021");
    shows(f, "000 0021 pay\n");
    step(f, "00"); /* the main page is about none */
    assert_string_equal(f->state.reference, "");
}

static const struct {
    enum request_urgency had;
    int64_t due_at, next_at, by;
    int64_t due_then, next_then;
} urged[] = {
    {URGENCY_NORMAL, AFTER, 0, NOW + 5, NOW + 5, 0},       /* sooner */
    {URGENCY_DANGER, NOW + 1, 0, NOW + 5, NOW + 1, 0},     /* never later */
    {URGENCY_NORMAL, 0, 0, NOW + 5, NOW + 5, 0},           /* the first promise */
    {URGENCY_NORMAL, BEFORE, 0, NOW + 5, BEFORE, NOW + 5}, /* missed: what was promised stands, with a new one */
    {URGENCY_NORMAL, BEFORE, NOW - 1, NOW + 5, BEFORE, NOW + 5},
    {URGENCY_NORMAL, BEFORE, AFTER, NOW + 5, BEFORE, NOW + 5}, /* the next one comes sooner too */
    {URGENCY_NORMAL, BEFORE, NOW + 1, NOW + 5, BEFORE, NOW + 1},
};

static void urging_is_never_for_later(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof urged / sizeof *urged; i++) {
        struct request request = {.urgency = urged[i].had, .due_at = urged[i].due_at, .next_at = urged[i].next_at};
        request_urge(&request, URGENCY_SOON, urged[i].by, NOW);
        assert_int_equal(request.due_at, urged[i].due_then);
        assert_int_equal(request.next_at, urged[i].next_then);
        assert_int_equal(request.urgency, urged[i].had > URGENCY_SOON ? urged[i].had : URGENCY_SOON);
        assert_false(request_is_late(&request, NOW));
    }
}

static void a_form_without_answers_changes_nothing(void **state)
{
    struct fixture *f = *state;
    stand_at(f, "danger", "");
    step(f, "1");
    assert_int_equal(f->result.effects[0].kind, EFFECT_REQUEST);
    assert_int_equal(f->result.effects[0].urgency, URGENCY_DANGER);
    assert_string_equal(f->state.reference, "0000099");
    f->requests[2] = (struct request){.reference = "0000099", .kind = SPAN("danger")};
    f->person.request_count = 3;
    step(f, "9");
    step(f, "9");
    assert_int_equal(f->result.effect_count, 0);
}

static void other_hours_move_what_was_promised(void **state)
{
    (void)state;
    static const struct {
        int64_t due_at, next_at, by, due_then, next_then;
    } moved[] = {
        {AFTER, 0, AFTER + 5, AFTER + 5, 0},
        {AFTER, 0, AFTER - 5, AFTER - 5, 0},
        {AFTER, AFTER + 9, AFTER + 5, AFTER + 5, AFTER + 5},
        {0, 0, AFTER, AFTER, 0},
        {BEFORE, 0, AFTER, BEFORE, AFTER}, /* what was missed stays so */
        {BEFORE, AFTER + 9, AFTER, BEFORE, AFTER},
    };
    for (size_t i = 0; i < sizeof moved / sizeof *moved; i++) {
        struct request request = {.due_at = moved[i].due_at, .next_at = moved[i].next_at};
        request_move(&request, moved[i].by, NOW);
        assert_int_equal(request.due_at, moved[i].due_then);
        assert_int_equal(request.next_at, moved[i].next_then);
    }
}

static void what_is_kept_is_asked_for(void **state)
{
    struct fixture *f = *state;
    const struct answer kept[] = {{SPAN("country"), SPAN("qatar"), false},
                                  {SPAN("why"), SPAN("deported"), true},
                                  {SPAN("of_before"), SPAN("something"), false}};
    f->person.registered = true;
    stand_at(f, "kept", "");
    assert_int_equal(f->result.wants.kind, WANT_KEPT);
    f->learned = (struct engine_learned){.has_kept = true, .kept = kept, .kept_count = 3};
    step(f, NULL);
    assert_int_equal(f->result.wants.kind, WANT_NOTHING);
    shows(f, "What we keep\nCountry: Qatar\nWhy: Sent back\nof_before: something\n");
    assert_true(f->result.turn_flags & TURN_SENSITIVE_SCREEN);
    f->person.registered = false;
    f->learned.has_kept = false;
    step(f, NULL); /* nobody is registered: there is nothing to ask for */
    assert_int_equal(f->result.wants.kind, WANT_NOTHING);
    shows(f, "What we keep\nNone yet.");
}

static const struct {
    const char *topic, *area;
    const char *keys[4]; /* which office 1, 2, 3... is */
} offered[] = {
    {"papers", "sylhet", {"syl_passport", "syl_demo", "hotline", "welfare"}},
    {"papers", "khulna", {"hotline", "welfare", NULL, NULL}},
    {"jobs", "dhaka", {"dhk_demo", "hotline", NULL, NULL}},
    {"jobs", NULL, {"hotline", NULL, NULL, NULL}},
    {"papers", "of nowhere", {"hotline", "welfare", NULL, NULL}},
    {"of nothing", "dhaka", {NULL, NULL, NULL, NULL}},
    {NULL, "dhaka", {NULL, NULL, NULL, NULL}},
};

static void offices_of_the_area_come_first(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof offered / sizeof *offered; i++) {
        const struct answer area = {SPAN("area"), span_of(offered[i].area), false};
        const struct facts facts = {.person = &f->person,
                                    .topic = span_of(offered[i].topic),
                                    .stored = &area,
                                    .stored_count = offered[i].area != NULL};
        for (size_t k = 0; k < 4; k++) {
            const char key[] = {(char)('1' + k), '\0'};
            const struct office *office = office_of_key(f->service, &facts, span_of(key));
            assert_true((office == NULL) == (offered[i].keys[k] == NULL));
            assert_true(!office || span_equal_text(office->id, offered[i].keys[k]));
        }
        static const char *const none[] = {"0", "", "9", "12", "18446744073709551616", "1x", "-1"};
        for (size_t k = 0; k < sizeof none / sizeof *none; k++)
            assert_null(office_of_key(f->service, &facts, span_of(none[k])));
    }
}

static void offices_of_the_region_come_next(void **state)
{
    struct fixture *f = *state;
    const struct answer area = {SPAN("area"), SPAN("khulna"), false};
    const struct facts facts = {.person = &f->person, .topic = SPAN("papers"), .stored = &area, .stored_count = 1};
    assert_false(service_has_office(f->service, SPAN("papers"), SPAN("khulna")));
    service_free(f->service);
    f->service =
        case_service(f->arena, "lists/districts.conf", "{ id = \"khulna\";", "{ id = \"khulna\"; within = \"sylhet\";");
    assert_true(service_has_office(f->service, SPAN("papers"), SPAN("khulna")));
    static const char *const expected[] = {"syl_passport", "syl_demo", "hotline", "welfare"};
    for (size_t k = 0; k < 4; k++) {
        const char key[] = {(char)('1' + k), '\0'};
        assert_true(span_equal_text(office_of_key(f->service, &facts, span_of(key))->id, expected[k]));
    }
    assert_true(span_equal_text(office_meant(f->service, &facts)->id, "syl_passport"));
    service_free(f->service); /* the district's own are nearer */
    f->service =
        case_service(f->arena, "lists/districts.conf", "{ id = \"sylhet\";", "{ id = \"sylhet\"; within = \"dhaka\";");
    const struct answer jobs = {SPAN("area"), SPAN("sylhet"), false};
    const struct facts about = {.person = &f->person, .topic = SPAN("jobs"), .stored = &jobs, .stored_count = 1};
    assert_true(span_equal_text(office_of_key(f->service, &about, SPAN("1"))->id, "syl_demo"));
    assert_true(span_equal_text(office_of_key(f->service, &about, SPAN("2"))->id, "dhk_demo"));
}

#define SHORT_OFFICE(id)                                                                                               \
    "{ id = \"" id "\"; topic = \"jobs\"; area = \"dhaka\"; name = \"" id                                              \
    "\"; phone = \"1\"; verified = \"2026-11-01\"; },"

static void six_offices_stand_on_a_page(void **state)
{
    struct fixture *f = *state;
    service_free(f->service);
    f->service = case_service(f->arena, "directory/all.conf", "offices = (",
                              "offices = (" SHORT_OFFICE("a") SHORT_OFFICE("b") SHORT_OFFICE("c") SHORT_OFFICE("d")
                                  SHORT_OFFICE("e") SHORT_OFFICE("f") SHORT_OFFICE("g") SHORT_OFFICE("h"));
    const struct answer area = {SPAN("area"), SPAN("dhaka"), false};
    f->state = (struct session_state){
        .at = {SPAN("near"), 0}, .form_step = 1, .entry = 7, .lang = SPAN("en"), .topic = SPAN("jobs")};
    f->answers = &area;
    step(f, NULL);
    assert_string_equal(shown(f), "Which office?\n1 a\n2 b\n3 c\n4 d\n5 e\n6 f\n98 More 0 Back");
    step(f, "98");
    assert_string_equal(shown(f), "Which office?\n7 g\n8 h\n10 DEMO Dhaka\n11 Hotline\n0 Back");
    step(f, "98"); /* there is no more */
    assert_true(f->result.bad_input);
    step(f, "0");
    shows(f, "6 f\n98 More");
    step(f, "10"); /* a key means what it means on every page */
    assert_true(span_equal_text(f->result.meaning, "dhk_demo"));
}

static void keys_of_offices_leave_nine_out(void **state)
{
    (void)state;
    assert_int_equal(office_key(0), 1);
    assert_int_equal(office_key(7), 8);
    assert_int_equal(office_key(8), 10);
    assert_int_equal(office_key(OFFICES_OFFERED - 1), OFFICES_OFFERED + 1);
}

static void a_chosen_office_counts_while_its_topic_does(void **state)
{
    struct fixture *f = *state;
    const struct answer answers[] = {{SPAN("area"), SPAN("sylhet"), false}, {SPAN("office"), SPAN("welfare"), false}};
    struct facts facts = {.person = &f->person, .topic = SPAN("papers"), .stored = answers, .stored_count = 2};
    assert_true(span_equal_text(office_meant(f->service, &facts)->id, "welfare"));
    facts.topic = SPAN("jobs"); /* the board does not do jobs */
    assert_true(span_equal_text(office_meant(f->service, &facts)->id, "syl_demo"));
    facts.topic = SPAN("of nothing");
    assert_null(office_meant(f->service, &facts));
}

static void a_cycle_is_told_of_an_answer(void **state)
{
    const struct fixture *f = *state;
    assert_true(span_equal_text(service_cycle(f->service, SPAN("why"), SPAN("unpaid")), "incomplete"));
    assert_true(span_equal_text(service_cycle(f->service, SPAN("why"), SPAN("ended")), "complete"));
    assert_false(span_is_present(service_cycle(f->service, SPAN("country"), SPAN("oman"))));
    assert_false(span_is_present(service_cycle(f->service, SPAN("why"), SPAN("bored"))));
    assert_false(span_is_present(service_cycle(f->service, SPAN("nothing"), SPAN("unpaid"))));
}

#define LONG_WORDS                                                                                                     \
    "and this is more than anybody can read on the one last page of a call, so it cannot end here and now"

static const struct {
    const char *file, *from, *to, *said; /* NULL: it holds */
} proven[] = {
    {NULL, NULL, NULL, NULL},
    /* the sentence for what happened last is too long for a page that ends, the one for waiting is not */
    {"text/en.conf", "We call by {request.due}. Ref {request.ref}", "{request.ref} {request.says}", NULL},
    {"text/en.conf", "We call by {request.due}. Ref {request.ref}",
     "{request.ref} {request.says} Tell nobody. " LONG_WORDS, "a page that ends the call has to be one"},
    {"text/en.conf", "We call by {request.due}. Ref {request.ref}",
     "It waits. We call by Thu 20:00. Tell nobody. " LONG_WORDS, NULL},
    {"text/en.conf", "assigned = \"with us\"", "assigned = \"" LONG_WORDS " " LONG_WORDS "\"", "does not fit"},
    {"text/en.conf", "late = \"late, sorry\"", "late = \"" LONG_WORDS " " LONG_WORDS "\"", "does not fit"},
    /* an answer that is kept may be divided, an office's name may not */
    {"text/en.conf", "deported = \"Sent back\"", "deported = \"" LONG_WORDS "\"", NULL},
    {"directory/all.conf", "name = \"Hotline\"", "name = \"Hotline " LONG_WORDS " " LONG_WORDS "\"", "\"office\""},
    /* who is asked for an office needs a topic, and somebody for everywhere */
    {"flow/main.conf", "goto = \"near\"; topic = \"jobs\"", "goto = \"near\"", "may be reached without a topic"},
    {"directory/all.conf", "topics = [ \"papers\", \"jobs\" ]; area = \"*\"", "topics = [ \"papers\" ]; area = \"*\"",
     "for the topic \"jobs\""},
};

static void prove(struct fixture *f, size_t i)
{
    static const struct proof_channel channels[] = {{"ussd", {160, 70, true}, SPAN_NONE},
                                                    {"sms", {459, 201, false}, SPAN_NONE}};
    struct problems problems;
    struct proof_counts counts;
    struct service *service = case_service(f->arena, proven[i].file, proven[i].from, proven[i].to);
    problems_init(&problems, f->arena);
    proof_run(service, channels, 2, &problems, &counts);
    bool said = proven[i].said == NULL && problems.count == 0;
    for (size_t p = 0; p < problems.count; p++)
        said = said || (proven[i].said && strstr(problems.lines[p], proven[i].said));
    for (size_t p = 0; !said && p < problems.count; p++)
        print_error("%s -> %s\n", proven[i].to, problems.lines[p]);
    if (!said)
        print_error("not said of %s: %s\n", proven[i].to, proven[i].said ? proven[i].said : "nothing");
    service_free(service);
    assert_true(said);
}

static void the_longest_that_can_be_told_is_proven(void **state)
{
    for (size_t i = 0; i < sizeof proven / sizeof *proven; i++)
        prove(*state, i);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_sentence_says_what_is_so),
        TEST(the_list_does_not_promise_what_is_past),
        TEST(a_request_that_is_not_theirs_says_nothing),
        TEST(without_a_name_the_latest_open_one_is_meant),
        TEST(a_choice_names_it_and_keeps_no_answer),
        TEST(urging_is_never_for_later),
        TEST(a_form_without_answers_changes_nothing),
        TEST(what_is_kept_is_asked_for),
        TEST(other_hours_move_what_was_promised),
        TEST(offices_of_the_area_come_first),
        TEST(offices_of_the_region_come_next),
        TEST(six_offices_stand_on_a_page),
        TEST(keys_of_offices_leave_nine_out),
        TEST(a_chosen_office_counts_while_its_topic_does),
        TEST(a_cycle_is_told_of_an_answer),
        TEST(the_longest_that_can_be_told_is_proven),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
