/* Follow-ups: when they are due, whom they must not reach, and what a real store holds of one from the plan to its answer. */
#include "talker.h"

#include "base/clock.h"
#include "core/follow_up.h"
#include "menu/dialogue.h"
#include "menu/follow_up.h"
#include "menu/proof.h"

#define DAY (24 * (int64_t)HOUR)
#define SERVICE "tests/dialogues/services/follow"

/* ---- when ---- */

static int64_t at(const char *written)
{
    int64_t ms = 0;
    assert_true(clock_read(span_of(written), 360, &ms));
    return ms;
}

static struct service *service_of_follow(struct arena *arena)
{
    struct problems problems;
    struct service *service = NULL;
    struct error err;
    problems_init(&problems, arena);
    enum outcome outcome = service_load(SERVICE, &service, &problems, &err);
    for (size_t i = 0; i < problems.count; i++)
        print_error("%s\n", problems.lines[i]);
    assert_int_equal(outcome, OUTCOME_OK);
    return service;
}

static void only_what_is_to_come_is_planned(void **state)
{
    (void)state;
    struct arena *arena = arena_create(4096);
    struct service *service = service_of_follow(arena);
    struct follow_up_date dates[FOLLOW_UPS_MAX];
    assert_int_equal(follow_up_plan(service, at("2026-01-31 10:00"), at("2026-01-31 10:00"), dates), 2);
    assert_int_equal(dates[0].month, 1);
    assert_int_equal(dates[0].due_at, at("2026-02-28 10:00"));
    assert_int_equal(dates[1].due_at, at("2026-04-30 10:00"));
    assert_int_equal(follow_up_plan(service, at("2026-01-31 22:00"), at("2026-02-28 12:00"), dates), 2);
    assert_int_equal(dates[0].due_at, at("2026-03-01 09:00")); /* the evening is no time to be texted */
    assert_int_equal(follow_up_plan(service, at("2026-01-31 10:00"), at("2026-02-28 10:00"), dates), 1);
    assert_int_equal(dates[0].month, 3);
    assert_int_equal(follow_up_plan(service, at("2026-01-31 10:00"), at("2027-01-01 10:00"), dates), 0);
    service_free(service);
    arena_destroy(arena);
}

static void it_reaches_nobody_whom_it_must_not(void **state)
{
    (void)state;
    const struct due_follow_up usual = {.row = {.person = 7, .month = 1},
                                        .registered_at = at("2026-01-31 10:00"),
                                        .agreed = true,
                                        .phone = 3,
                                        .answers = 7,
                                        .last_at = at("2026-01-31 10:10"),
                                        .has_number = true};
    struct due_follow_up withdrawn = usual, stopped = usual, numberless = usual, phoneless = usual, other = usual,
                         busy = usual, recycled = usual, asked = usual;
    withdrawn.agreed = false;
    stopped.opted_out = true;
    numberless.has_number = false;
    phoneless.phone = 0;
    other.answers = 8;
    busy.last_at = at("2026-02-28 09:59");
    recycled.registered_at = at("2026-01-31 10:00");
    recycled.last_at = at("2025-06-01 10:00");
    asked.row.state = FOLLOW_UP_ASKED;
    const struct {
        const struct due_follow_up *due;
        const char *now;
        enum follow_up_fate fate;
        const char *again;
    } cases[] = {{&usual, "2026-02-28 10:00", FATE_ASK, NULL},
                 {&usual, "2026-02-28 18:59", FATE_ASK, NULL},
                 {&usual, "2026-02-28 19:00", FATE_WAIT, "2026-03-01 09:00"},
                 {&usual, "2026-03-01 03:00", FATE_WAIT, "2026-03-01 09:00"},
                 {&usual, "2026-03-07 10:00", FATE_ASK, NULL},
                 {&usual, "2026-03-07 10:01", FATE_MISS, NULL},
                 {&withdrawn, "2026-02-28 10:00", FATE_STOP, NULL},
                 {&stopped, "2026-02-28 10:00", FATE_STOP, NULL},
                 {&numberless, "2026-02-28 10:00", FATE_STOP, NULL},
                 {&phoneless, "2026-02-28 10:00", FATE_STOP, NULL},
                 {&recycled, "2026-02-28 10:00", FATE_STOP, NULL},
                 {&other, "2026-02-28 10:00", FATE_WAIT, "2026-03-01 10:00"},
                 {&busy, "2026-02-28 10:00", FATE_WAIT, "2026-02-28 15:59"},
                 {&asked, "2026-03-07 10:00", FATE_MISS, NULL}};
    struct arena *arena = arena_create(4096);
    struct service *service = service_of_follow(arena);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t again = 0;
        enum follow_up_fate fate = follow_up_judge(service, cases[i].due, at(cases[i].now), &again);
        if (fate != cases[i].fate || (cases[i].again && again != at(cases[i].again)))
            fail_msg("case %zu: fate %d", i, (int)fate);
    }
    service_free(service);
    arena_destroy(arena);
}

/* ---- what a call costs, on the same service ---- */

static void the_price_is_said_where_it_is_known(void **state)
{
    (void)state;
    const struct {
        bool free;
        const char *cost, *lang, *title;
    } cases[] = {{true, NULL, "en", "Follow - free\n"},
                 {false, "Tk 2/min", "en", "Follow - Tk 2/min\n"},
                 {false, NULL, "en", "Follow\n"},
                 {true, NULL, "ru", "Связь - бесплатно\n"}};
    struct arena *arena = arena_create(4096);
    struct service *service = service_of_follow(arena);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct simulator_options options = dialogue_usual_options();
        struct simulator_view view;
        struct error err;
        options.lang = span_of(cases[i].lang);
        options.airtime_free = cases[i].free;
        options.airtime_cost = span_of(cases[i].cost);
        struct simulator *simulator = simulator_create(service, &options);
        assert_int_equal(simulator_dial(simulator, &view, &err), OUTCOME_OK);
        assert_true(span_starts_with(view.screen, span_of(cases[i].title)));
        simulator_free(simulator);
    }
    service_free(service);
    arena_destroy(arena);
}

/* ---- the longest values of time are proven ---- */

static void the_longest_dates_are_proven(void **state)
{
    (void)state;
    const struct {
        const char *name;
        struct carrier carrier;
        const char *cost;
        bool holds;
    } cases[] = {{"wide", {160, 70, true}, NULL, true}};
    struct arena *arena = arena_create(4096);
    struct service *service = service_of_follow(arena);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct proof_channel channel = {cases[i].name, cases[i].carrier, span_of(cases[i].cost)};
        struct proof_counts counts;
        struct problems problems;
        problems_init(&problems, arena);
        proof_run(service, &channel, 1, &problems, &counts);
        if ((problems.count == 0) != cases[i].holds)
            fail_msg("%s: %zu findings, %s", cases[i].name, problems.count, problems.count ? problems.lines[0] : "");
    }
    service_free(service);
    arena_destroy(arena);
}

/* ---- on a real store ---- */

static const char asking[] = "calendar = { week = ( { days = [ \"mon\" ]; from = \"09:00\"; to = \"17:00\"; } ); "
                             "polite = { from = \"00:00\"; to "
                             "= \"24:00\"; }; };\n"
                             "follow_up = { invite = \"invite\"; months = [ 1, 3 ]; };\n";
static const char asking_flow[] =
    "nodes = ( { id = \"invite\"; kind = \"page\"; options = ( { key = \"1\"; id = \"yes\"; goto = \"survey\"; } ); "
    "},\n"
    " { id = \"survey\"; kind = \"form\"; then = \"followed\"; fields = ( { id = \"work\"; type = \"choice\"; options "
    "= "
    "( { key = \"1\"; id = \"yes\"; } ); } ); },\n"
    " { id = \"followed\"; kind = \"do\"; effect = \"followed\"; goto = \"bye\"; },\n"
    " { id = \"join\"; kind = \"do\"; effect = \"register\"; consent_version = \"1\"; goto = \"follow\"; },\n"
    " { id = \"follow\"; kind = \"do\"; effect = \"follow\"; goto = \"done\"; },\n"
    " { id = \"leave\"; kind = \"do\"; effect = \"unfollow\"; goto = \"done\"; } );\n";
static const char asking_text[] = "invite = { body = \"Five questions: 1\"; yes = \"Begin\"; }; survey = { work = { "
                                  "title = \"Work?\"; yes = \"Yes\"; "
                                  "}; };\n";

/* The small service with follow-ups, two options more on a page of it. */
static void write_service(struct talker *t)
{
    static char conf[8192], flow[16384], text[16384];
    char dir[200];
    const char *from = "{ key = \"4\"; id = \"text\"; goto = \"text_me\"; }";
    const char *where = strstr(small_flow, from);
    assert_non_null(where);
    snprintf(flow, sizeof flow,
             "%.*s%s, { key = \"5\"; id = \"join\"; goto = \"join\"; }, { key = \"6\"; id = \"leave\"; goto = "
             "\"leave\"; }%s",
             (int)(where - small_flow), small_flow, from, where + strlen(from));
    const char *words = "text = \"Text me\"; ", *there = strstr(small_text_en, words);
    assert_non_null(there);
    snprintf(text, sizeof text, "%.*s%sjoin = \"Join\"; leave = \"Leave\"; %s%s", (int)(there - small_text_en),
             small_text_en, words, there + strlen(words), asking_text);
    snprintf(conf, sizeof conf, "%s%s", small_service, asking);
    snprintf(dir, sizeof dir, "%s/menus/small", t->stage.f->dir);
    stage_write(dir, "service.conf", conf);
    stage_write(dir, "flow/main.conf", flow);
    stage_write(dir, "flow/asking.conf", asking_flow);
    stage_write(dir, "text/en.conf", text);
    stage_configure(&t->stage, "", "", "");
}

static int open_asking(void **state)
{
    int failed = open_stage(state);
    write_service(*state);
    be_known(*state);
    return failed;
}

/* One key on the page of settings, in a call that ends well. */
static void press(struct talker *t, const char *session, char key)
{
    char way[] = {'4', '*', key, '*', '0', '0', '*', '3', '\0'};
    EXPECT(dial(t, session, ""), "CON Small");
    EXPECT(dial(t, session, "4"), "CON Settings");
    for (size_t len = 3; len < sizeof way; len += len == 3 ? 3 : 2) {
        char so_far[sizeof way] = {0};
        memcpy(so_far, way, len);
        dial(t, session, so_far);
    }
    EXPECT(t->heard[0], "END Bye");
}

static void join(struct talker *t)
{
    press(t, "joining", '5');
    assert_int_equal(rows(t, "follow_up WHERE state = 0"), 2);
}

/* What the tick does with those that are due; how many there were. */
static size_t settle(struct talker *t)
{
    struct fixture *f = t->stage.f;
    struct arena *arena = arena_create(65536);
    struct due_follow_up *due;
    size_t count;
    const struct conversation conversation = {.store = f->store,
                                              .keyring = f->keyring,
                                              .catalogue = t->stage.catalogue,
                                              .ids = &t->ids,
                                              .arena = arena,
                                              .metrics = &t->metrics,
                                              .now = t->now};
    OK(store_load_due_follow_ups(f->store, t->now, 16, arena, &due, &count, &f->err));
    for (size_t i = 0; i < count; i++) {
        struct change_list changes = {.arena = arena};
        OK(follow_up_settle(&conversation, &due[i], &changes, &f->err));
        OK(store_save(f->store, changes.at, changes.count, &f->failed_at, &f->err));
    }
    arena_destroy(arena);
    return count;
}

static void one_is_asked_and_answered(void **state)
{
    struct talker *t = *state;
    struct fixture *f = t->stage.f;
    join(t);
    assert_int_equal(settle(t), 0);
    t->now = store_next_follow_up(f->store);
    assert_int_equal(settle(t), 1);
    assert_int_equal(rows(t, "follow_up WHERE state = 1 AND session IS NOT NULL"), 1);
    struct outbox_row sent = last_sent(t);
    assert_span(sent.text, "Five questions: 1");
    assert_span(sent.to, MOBILE);
    assert_true(sent.unasked);
    assert_int_equal(settle(t), 0); /* nobody is asked twice */
    t->now += 5 * DAY;
    EXPECT(text(t, "1", "m1"), "CON Work?");
    assert_int_equal(rows(t, "phone JOIN follow_up ON phone.last_session = follow_up.session"), 1);
    text(t, "1", "m2");
    assert_int_equal(rows(t, "follow_up WHERE state = 2"), 1);
    assert_int_equal(rows(t, "entry WHERE state = 1"), 1);
    t->now += 8 * DAY;
    assert_int_equal(settle(t), 0); /* what was answered is not missed */
}

static void one_that_nobody_answers_is_given_up(void **state)
{
    struct talker *t = *state;
    struct fixture *f = t->stage.f;
    join(t);
    t->now = store_next_follow_up(f->store);
    assert_int_equal(settle(t), 1);
    fixture_close(f); /* a restart in between changes nothing */
    fixture_open(f);
    t->now += 7 * DAY - 1;
    assert_int_equal(settle(t), 0);
    t->now += 1;
    assert_int_equal(settle(t), 1);
    assert_int_equal(rows(t, "follow_up WHERE state = 4"), 1);
    assert_int_equal(rows(t, "outbox WHERE text IS NOT NULL"), 1);
    t->now += SECOND;
    EXPECT(text(t, "1", "m1"), "CON Small"); /* a new conversation, from its first page */
}

static void who_said_no_is_not_asked(void **state)
{
    struct talker *t = *state;
    struct fixture *f = t->stage.f;
    join(t);
    press(t, "stopping", '1');
    t->now = store_next_follow_up(f->store);
    assert_int_equal(settle(t), 1);
    assert_int_equal(rows(t, "follow_up WHERE state = 3"), 1);
    assert_int_equal(rows(t, "outbox"), 0);
}

static void agreeing_again_plans_anew(void **state)
{
    struct talker *t = *state;
    join(t);
    t->now += 40 * DAY;
    press(t, "again", '5');
    assert_int_equal(rows(t, "follow_up WHERE state = 0"), 2);
    assert_int_equal(rows(t, "follow_up WHERE state = 3"), 2);
    press(t, "leaving", '6');
    assert_int_equal(rows(t, "follow_up WHERE state = 0"), 0);
}

static void the_forgotten_leave_none(void **state)
{
    struct talker *t = *state;
    join(t);
    press(t, "forgetting", '2');
    assert_int_equal(rows(t, "follow_up"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_to_come_is_planned),
        cmocka_unit_test(it_reaches_nobody_whom_it_must_not),
        cmocka_unit_test(the_price_is_said_where_it_is_known),
        cmocka_unit_test(the_longest_dates_are_proven),
        cmocka_unit_test_setup_teardown(one_is_asked_and_answered, open_asking, close_stage),
        cmocka_unit_test_setup_teardown(one_that_nobody_answers_is_given_up, open_asking, close_stage),
        cmocka_unit_test_setup_teardown(who_said_no_is_not_asked, open_asking, close_stage),
        cmocka_unit_test_setup_teardown(agreeing_again_plans_anew, open_asking, close_stage),
        cmocka_unit_test_setup_teardown(the_forgotten_leave_none, open_asking, close_stage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
