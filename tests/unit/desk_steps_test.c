/* steps: the turns of a session as a transcript says them; and how pages say days, ends and references. */
#include "cmocka_all.h"

#include <string.h>

#include "console/pages/choice.h"
#include "console/pages/said.h"
#include "console/pages/steps.h"
#include "menu/drawing/scene.h"
#include "model/triage.h"
#include "sample_service.h"

#define DHAKA 360

struct fixture {
    struct arena *arena;
    struct service *service;
};

static struct service *load(struct arena *arena)
{
    struct problems problems;
    struct service *service = NULL;
    struct error err;
    problems_init(&problems, arena);
    assert_int_equal(sample_parse_with(NULL, SPAN_NONE, &service, &problems, &err), OUTCOME_OK);
    return service;
}

static int set_up(void **state)
{
    static struct fixture f;
    f.arena = arena_create(64 * 1024);
    f.service = load(f.arena);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    service_free(f->service);
    arena_destroy(f->arena);
    return 0;
}

static void assert_span(struct span got, const char *expected)
{
    if (!expected ? got.len > 0 : !span_equal_text(got, expected))
        fail_msg("got \"%.*s\", expected \"%s\"", SPAN_ARG(got), expected ? expected : "(nothing)");
}

static const struct carrier ussd = {.gsm7_units = 160, .ucs2_units = 70, .paged = true};

static struct steps_rule rule_of(const struct fixture *f)
{
    return (struct steps_rule){
        .service = f->service, .carrier = &ussd, .lang = SPAN("en"), .zone_minutes = DHAKA, .may_see_sealed = true};
}

/* One turn as a line. */
static struct step_line say(const struct fixture *f, const struct steps_rule *rule, struct shown_turn shown)
{
    struct steps_view view;
    const struct session_view session = {.turns = &shown, .turn_count = 1};
    steps_fill(&session, rule, 0, f->arena, &view);
    assert_int_equal(view.line_count, 1);
    return view.lines[0];
}

static void gaps_and_days(void **state)
{
    const struct fixture *f = *state;
    /* 17:59:00 and 18:00:10 UTC: midnight in Dhaka lies between */
    const int64_t evening = INT64_C(1700000000000) / DAY_MS * DAY_MS + (17 * 60 + 59) * INT64_C(60000);
    struct shown_turn turns[] = {{.turn = {.number = 0, .at = evening}},
                                 {.turn = {.number = 1, .at = evening + 20000}},
                                 {.turn = {.number = 2, .at = evening + 70000}},
                                 {.turn = {.number = 3, .at = evening + 60000}}};
    const struct session_view session = {.turns = turns, .turn_count = 4};
    const struct steps_rule rule = rule_of(f);
    struct steps_view view;
    steps_fill(&session, &rule, 0, f->arena, &view);
    static const struct {
        bool has_gap, is_new_day;
        int64_t gap_ms;
    } expected[] = {{false, true, 0}, {true, false, 20000}, {true, true, 50000}, {true, false, 0}};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(view.lines[i].number, i + 1);
        assert_int_equal(view.lines[i].has_gap, expected[i].has_gap);
        assert_int_equal(view.lines[i].is_new_day, expected[i].is_new_day);
        assert_int_equal(view.lines[i].gap_ms, expected[i].gap_ms);
    }
    steps_fill(&session, &rule, evening - 5000, f->arena, &view); /* a later page of it */
    assert_true(view.lines[0].has_gap);
    assert_int_equal(view.lines[0].gap_ms, 5000);
    assert_false(view.lines[0].is_new_day);
}

static void what_may_be_said_of_an_input(void **state)
{
    const struct fixture *f = *state;
    static const struct {
        const char *input;
        unsigned flags;
        bool is_gone, is_damaged, may_see;
        enum step_typed typed;
    } cases[] = {
        {NULL, 0, false, false, true, TYPED_DIALLED},
        {"", 0, false, false, true, TYPED_DIALLED},
        {"3", 0, false, false, false, TYPED_SHOWN},
        {"1234", TURN_SECRET_INPUT, false, false, true, TYPED_SECRET},
        {NULL, TURN_SECRET_INPUT, true, true, true, TYPED_SECRET},
        {"1234", TURN_SECRET_INPUT | TURN_SENSITIVE_INPUT, false, false, true, TYPED_SECRET},
        {"x", TURN_UNDECODABLE, false, false, true, TYPED_UNDECODABLE},
        {"secret", TURN_SENSITIVE_INPUT, false, false, true, TYPED_SHOWN},
        {"secret", TURN_SENSITIVE_INPUT, false, false, false, TYPED_SEALED},
        {NULL, TURN_SENSITIVE_INPUT, true, false, true, TYPED_GONE},
        {NULL, TURN_SENSITIVE_INPUT, true, false, false, TYPED_GONE},
        {"secret", TURN_SENSITIVE_INPUT, true, false, false, TYPED_SEALED},
        {NULL, 0, false, true, true, TYPED_DAMAGED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct steps_rule rule = rule_of(f);
        rule.may_see_sealed = cases[i].may_see;
        struct step_line line =
            say(f, &rule,
                (struct shown_turn){.turn = {.input = span_of(cases[i].input), .flags = cases[i].flags},
                                    .is_gone = cases[i].is_gone,
                                    .is_damaged = cases[i].is_damaged});
        if (line.typed != cases[i].typed)
            fail_msg("case %zu: %d", i, (int)line.typed);
        assert_span(line.input, line.typed == TYPED_SHOWN ? cases[i].input : NULL);
    }
}

static void nothing_is_typed_but_once(void **state)
{
    const struct fixture *f = *state;
    struct steps_rule rule = rule_of(f);
    assert_int_equal(say(f, &rule, (struct shown_turn){.turn = {.number = 0}}).typed, TYPED_DIALLED);
    assert_int_equal(say(f, &rule, (struct shown_turn){.turn = {.number = 1}}).typed, TYPED_NOTHING);
    rule.is_sms = true;
    assert_int_equal(say(f, &rule, (struct shown_turn){.turn = {.number = 0}}).typed, TYPED_NOTHING);
}

static void a_key_is_said_in_words(void **state)
{
    const struct fixture *f = *state;
    static const struct {
        const char *asked, *input, *meaning, *words;
        unsigned flags;
        bool is_free;
    } cases[] = {
        {"lang", "1", "en", "English", 0, false},
        {"main", "3", "reg", NULL, 0, false}, /* its words are looked up below */
        {"reg", "my own words", "my own words", NULL, 0, true},
        {"reg", "13/5", "2026-05-13", "2026-05-13", 0, false}, /* taken for something else than it says */
        {"nowhere", "7", "gone", "gone", 0, false},            /* an option that the service no longer has */
        {"main", "77", NULL, NULL, TURN_BAD_INPUT, false},
        {"main", "hello?", NULL, NULL, TURN_BAD_INPUT, false},
        {"main", "hello", NULL, NULL, 0, true},
    };
    const struct steps_rule rule = rule_of(f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct step_line line = say(f, &rule,
                                    (struct shown_turn){.turn = {.asked = span_of(cases[i].asked),
                                                                 .input = span_of(cases[i].input),
                                                                 .meaning = span_of(cases[i].meaning),
                                                                 .flags = cases[i].flags}});
        if (i == 1)
            assert_true(line.meaning.len > 0 && !span_equal_text(line.meaning, "reg"));
        else
            assert_span(line.meaning, cases[i].words);
        if (line.is_free != cases[i].is_free)
            fail_msg("case %zu is %s", i, line.is_free ? "free" : "a choice");
        assert_int_equal(line.is_bad, (cases[i].flags & TURN_BAD_INPUT) != 0);
    }
}

/* Who may redact is told which steps it is for; who may not sees no button anywhere. */
static void own_words_may_be_taken_out(void **state)
{
    const struct fixture *f = *state;
    static const struct {
        const char *asked, *input, *meaning;
        unsigned flags;
        bool may;
    } cases[] = {
        {"reg.note", "my own words", "my own words", 0, true},
        {"reg.note", "two\nlines", "two lines", 0, true},
        {"main", "hello?", NULL, TURN_BAD_INPUT, true},
        {"main", "hello", NULL, 0, true}, /* a text that asks for nothing */
        {"main", "47110", NULL, TURN_BAD_INPUT, true},
        {"main", "77", NULL, TURN_BAD_INPUT, false}, /* a key that fits nothing */
        {"main", "\xe0\xa7\xad", NULL, TURN_BAD_INPUT, false},
        {"main", "3", "reg", 0, false},
        {"call.number", "0171234567", "0171234567", 0, true},
        {"call.safe", "2", "other", 0, false},
        {"reg.left", "13/5", "2026-05-13", 0, false},
        {"reg.owed", "500", "500", 0, false},
        {"nowhere", "7777", "7777", 0, false}, /* it may be a number to call */
        {"nowhere", "my words", "my words", 0, true},
        {"reg", "my own words", "my own words", 0, true}, /* of a form it is not kept which question it was */
        {"reg", "1*2*my own words", "my own words", 0, true},
        {"reg", "sa", "sa", 0, false},   /* an option of one of them */
        {"reg", "500", "500", 0, false}, /* how much is owed, or a note */
        {"reg", "5", "sylhet", 0, false},
        {"call", "0171-234 567", "0171234567", 0, true},
        {"nowhere", "7", "gone", 0, false}, /* an option that the service no longer has */
        {"nowhere.at", "words", "others", 0, false},
        {"reg.note", "", NULL, 0, false},
        {"reg.note", "words", "words", TURN_SECRET_INPUT, false},
        {"reg.note", "words", "words", TURN_REDACTED, false},
        {"reg.note", "words", "words", TURN_UNDECODABLE, false},
    };
    struct steps_rule rule = rule_of(f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct shown_turn shown = {.turn = {.asked = span_of(cases[i].asked),
                                                  .input = span_of(cases[i].input),
                                                  .meaning = span_of(cases[i].meaning),
                                                  .flags = cases[i].flags}};
        rule.may_redact = true;
        if (say(f, &rule, shown).may_redact != cases[i].may)
            fail_msg("case %zu", i);
        rule.may_redact = false;
        assert_false(say(f, &rule, shown).may_redact);
    }
    rule = rule_of(f);
    rule.may_redact = true;
    rule.service = NULL; /* none is served any more */
    assert_true(
        say(f, &rule, (struct shown_turn){.turn = {.input = SPAN("words"), .meaning = SPAN("words")}}).may_redact);
    assert_false(say(f, &rule, (struct shown_turn){.turn = {.input = SPAN("3"), .meaning = SPAN("reg")}}).may_redact);
    rule.may_see_sealed = false;
    const struct turn sealed = {.input = SPAN("words"), .flags = TURN_SENSITIVE_INPUT};
    assert_false(say(f, &rule, (struct shown_turn){.turn = sealed}).may_redact);
}

/* Of a number to call its last two digits; it stands at the request, for who asks for it there. */
static void a_number_to_call_is_masked(void **state)
{
    const struct fixture *f = *state;
    struct steps_rule rule = rule_of(f);
    struct shown_turn shown = {.turn = {.asked = SPAN("nowhere.number"),
                                        .input = SPAN("0171-234567"),
                                        .meaning = SPAN("0171234567"),
                                        .flags = TURN_SENSITIVE_INPUT}};
    struct step_line line = say(f, &rule, shown);
    assert_int_equal(line.typed, TYPED_SHOWN);
    assert_true(span_equal_text(span_from(line.input, line.input.len - 2), "67") && line.meaning.len == 0 &&
                !line.is_free);
    for (size_t i = 0; i < line.input.len - 2; i++)
        assert_false(line.input.at[i] >= '0' && line.input.at[i] <= '9');
    shown.turn.flags |= TURN_BAD_INPUT; /* refused: nobody has it but this step */
    assert_span(say(f, &rule, shown).input, "0171-234567");
}

static void what_was_taken_out_is_said(void **state)
{
    const struct fixture *f = *state;
    struct steps_rule rule = rule_of(f);
    const struct shown_turn shown = {
        .turn = {.flags = TURN_SENSITIVE_INPUT | TURN_REDACTED | TURN_BAD_INPUT | TURN_SCREEN_REDACTED},
        .screen = SPAN("You wrote: ****"),
        .redacted = {.at = 5, .who = SPAN("Ada"), .characters = 12}};
    for (int sees = 0; sees < 2; sees++) {
        rule.may_see_sealed = sees;
        struct step_line line = say(f, &rule, shown);
        assert_int_equal(line.typed, TYPED_REDACTED);
        assert_int_equal(line.redacted, 12);
        assert_int_equal(line.redacted_at, 5);
        assert_span(line.redacted_by, "Ada");
        assert_span(line.screen, "You wrote: ****");
        assert_true(line.is_screen_redacted && line.is_bad && !line.may_redact && !line.is_screen_gone);
    }
    /* who did it is not known any more */
    assert_int_equal(say(f, &rule, (struct shown_turn){.turn = {.flags = TURN_REDACTED}}).typed, TYPED_GONE);
}

static void a_screen_is_measured(void **state)
{
    const struct fixture *f = *state;
    struct steps_rule rule = rule_of(f);
    struct step_line line =
        say(f, &rule, (struct shown_turn){.turn = {.node = SPAN("x")}, .screen = SPAN("Hello [1]")});
    assert_string_equal(line.encoding, "GSM-7");
    assert_int_equal(line.units, 11); /* the brackets weigh two */
    assert_int_equal(line.limit, 160);
    assert_int_equal(line.texts, 0);
    line = say(f, &rule, (struct shown_turn){.screen = SPAN("\xe0\xa6\xac\xe0\xa6\xbe")});
    assert_string_equal(line.encoding, "UCS-2");
    assert_int_equal(line.units, 2);
    assert_int_equal(line.limit, 70);
    rule.carrier = NULL; /* the channel is not there any more */
    assert_int_equal(say(f, &rule, (struct shown_turn){.screen = SPAN("Hi")}).limit, 0);
    rule.is_sms = true;
    char text[162] = {0};
    memset(text, 'a', 161);
    line = say(f, &rule, (struct shown_turn){.screen = span_of(text)});
    assert_int_equal(line.texts, 2);
    assert_null(say(f, &rule, (struct shown_turn){.screen = SPAN_NONE}).encoding);
}

static void a_sealed_screen_is_for_who_may(void **state)
{
    const struct fixture *f = *state;
    struct steps_rule rule = rule_of(f);
    const struct shown_turn shown = {.turn = {.flags = TURN_SENSITIVE_SCREEN}, .screen = SPAN("You said: evening")};
    assert_span(say(f, &rule, shown).screen, "You said: evening");
    rule.may_see_sealed = false;
    struct step_line line = say(f, &rule, shown);
    assert_true(line.is_screen_sealed);
    assert_span(line.screen, NULL);
    assert_null(line.encoding); /* its length would tell, too */
}

/* A screen as the engine serves it when nothing is filled in: one page, as wide as it is. */
static struct span still(const struct fixture *f, const char *node, size_t language)
{
    const struct node *found = service_find_node(f->service, span_of(node));
    assert_non_null(found);
    return screen_plain(found->questions[0].stills[language].text, f->arena);
}

static struct step_line say_node(const struct fixture *f, const struct steps_rule *rule, const char *node,
                                 const char *lang, struct span screen)
{
    return say(f, rule, (struct shown_turn){.turn = {.node = span_of(node), .lang = span_of(lang)}, .screen = screen});
}

static void a_screen_is_said_in_another_language(void **state)
{
    const struct fixture *f = *state;
    struct steps_rule rule = rule_of(f);
    struct span bangla = still(f, "main", 1), english = still(f, "main", 0);
    struct step_line line = say_node(f, &rule, "main", "bn", bangla);
    assert_false(line.is_translated || line.is_as_shown); /* as sent, unless it is asked for */
    assert_true(span_equal(line.screen, bangla));
    unsigned units = line.units;
    rule.in_my_language = true;
    line = say_node(f, &rule, "main", "bn", bangla);
    assert_true(line.is_translated && !line.is_as_shown);
    assert_true(span_equal(line.screen, english));
    assert_span(line.lang, "en");
    assert_int_equal(line.units, units); /* the size is that of what was sent */
    struct span above = arena_format(f->arena, "Pick a number.\n%.*s", SPAN_ARG(bangla));
    line = say_node(f, &rule, "main", "bn", above);
    assert_true(line.is_translated && span_starts_with(line.screen, SPAN("Pick a number.\nSample")));
    struct span other = arena_format(f->arena, "%.*s.", SPAN_ARG(bangla)); /* another version's */
    line = say_node(f, &rule, "main", "bn", other);
    assert_true(!line.is_translated && line.is_as_shown);
    assert_true(span_equal(line.screen, other));
    line = say_node(f, &rule, "sent", "en", SPAN("Sent. Ref 482 7153, by Sun 12:00\n0 Back 00 Main"));
    assert_false(line.is_translated ||
                 line.is_as_shown); /* somebody's values are in it; it is in their language as it is */
    line = say_node(f, &rule, "main", "en", english);
    assert_false(line.is_translated || line.is_as_shown);
}

static void a_screen_of_several_pages_says_which(void **state)
{
    const struct fixture *f = *state;
    struct steps_rule rule = rule_of(f);
    static const struct carrier narrow = {.gsm7_units = 100, .ucs2_units = 70, .paged = true};
    rule.carrier = &narrow;
    const struct node *node = service_find_node(f->service, SPAN("long"));
    struct drawn drawn;
    struct error err;
    const struct scene scene = {.service = f->service,
                                .language = f->service->languages,
                                .question = node->questions,
                                .carrier = &narrow,
                                .facts = {.service = f->service, .person = &(struct person_view){0}},
                                .reference = ""};
    assert_int_equal(scene_draw(&scene, f->arena, &drawn, &err), OUTCOME_OK);
    assert_true(drawn.page_count > 1);
    for (unsigned i = 0; i < drawn.page_count; i++) {
        struct step_line line = say_node(f, &rule, "long", "en", screen_plain(drawn.pages[i], f->arena));
        assert_int_equal(line.page, i + 1);
        assert_int_equal(line.pages, drawn.page_count);
    }
    assert_int_equal(say_node(f, &rule, "main", "en", still(f, "main", 0)).pages, 0); /* the only one says nothing */
}

static void heard_words_make_a_danger_step(void **state)
{
    const struct fixture *f = *state;
    struct shown_turn turns[] = {{.turn = {.number = 0, .input = SPAN("a")}},
                                 {.turn = {.number = 1, .input = SPAN("b")}}};
    struct triage_row triage[] = {
        {.turn = 1, .rule = SPAN("violence"), .word = SPAN("beaten"), .urgency = URGENCY_DANGER},
        {.turn = 1, .rule = SPAN("debt"), .word = SPAN("loan"), .urgency = URGENCY_SOON},
        {.turn = 9, .rule = SPAN("debt"), .word = SPAN("never"), .urgency = URGENCY_DANGER}};
    const struct session_view session = {.turns = turns, .turn_count = 2, .triage = triage, .triage_count = 3};
    struct steps_rule rule = rule_of(f);
    struct steps_view view;
    steps_fill(&session, &rule, 0, f->arena, &view);
    assert_true(view.is_danger);
    assert_false(view.lines[0].is_danger);
    assert_true(view.lines[1].is_danger);
    assert_span(view.lines[1].heard, "beaten, loan");
    assert_span(view.lines[1].rules, "violence, debt");
    rule.may_see_sealed = false;
    steps_fill(&session, &rule, 0, f->arena, &view);
    assert_span(view.lines[1].heard, NULL);
    assert_span(view.lines[1].rules, "violence, debt");
    assert_true(say(f, &rule, (struct shown_turn){.turn = {.node = SPAN("danger")}}).is_danger);
    assert_false(say(f, &rule, (struct shown_turn){.turn = {.node = SPAN("main")}}).is_danger);
}

/* Above the steps, so that nobody takes what they see for all that was said. */
static void it_is_told_that_something_is_kept_back(void **state)
{
    const struct fixture *f = *state;
    static const struct {
        unsigned flags[2];
        bool hides;
    } cases[] = {{{0, 0}, false},
                 {{TURN_SENSITIVE_INPUT, 0}, true},
                 {{TURN_SENSITIVE_SCREEN, 0}, true},
                 {{0, TURN_SENSITIVE_INPUT}, true},
                 {{TURN_SECRET_INPUT | TURN_SENSITIVE_INPUT, 0}, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct shown_turn turns[2] = {0};
        const struct session_view session = {.turns = turns, .turn_count = 2};
        struct steps_rule rule = rule_of(f);
        struct steps_view view;
        for (size_t n = 0; n < 2; n++) {
            turns[n].turn.flags = cases[i].flags[n];
            turns[n].turn.input = SPAN("words");
            turns[n].screen = SPAN("Thank you");
        }
        for (int sees = 0; sees < 2; sees++) {
            rule.may_see_sealed = sees;
            steps_fill(&session, &rule, 0, f->arena, &view);
            if (view.hides_sealed != (cases[i].hides && !sees))
                fail_msg("case %zu, %s", i, sees ? "seen" : "not theirs");
        }
    }
}

static void ends_in_words(void **state)
{
    (void)state;
    for (int cause = END_NONE; cause <= END_ABORTED; cause++) {
        assert_true(words_named(said_end((enum end_cause)cause)) < WORD_COUNT);
        for (int other = END_NONE; other < cause; other++)
            assert_string_not_equal(said_end((enum end_cause)cause), said_end((enum end_cause)other));
    }
    assert_string_equal(said_end((enum end_cause)99), "said_unknown");
    for (int i = OUTBOX_QUEUED; i <= OUTBOX_EXPIRED; i++)
        assert_true(words_named(said_outbox_state((enum outbox_state)i)) < WORD_COUNT);
    for (int i = REASON_REJECTED; i <= REASON_REFUSED; i++)
        assert_true(words_named(said_outbox_reason((enum outbox_reason)i)) < WORD_COUNT);
    for (int i = FOLLOW_UP_WAITING; i <= FOLLOW_UP_MISSED; i++)
        assert_true(words_named(said_follow_up((enum follow_up_state)i)) < WORD_COUNT);
}

static void a_text_is_kept_only_for_later(void **state)
{
    static const struct {
        struct outbox_row row;
        int64_t now, leaves_at;
    } cases[] = {
        {{.created_at = 1000, .due_at = 5000}, 1001, 5000},
        {{.created_at = 1000, .due_at = 5000}, 5000, 0},
        {{.created_at = 1000, .due_at = 1000}, 999, 0}, /* the page was asked for a moment before it was written */
        {{.created_at = 1000, .due_at = 5000, .attempts = 1}, 1001, 0},
        {{.created_at = 1000, .due_at = 5000, .state = OUTBOX_SENT}, 1001, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (said_leaves_at(&cases[i].row, cases[i].now) != cases[i].leaves_at)
            fail_msg("case %zu", i);
}

static void days_of_a_filter(void **state)
{
    const struct fixture *f = *state;
    static const struct {
        const char *day;
        bool holds;
    } cases[] = {{"2026-11-22", true},  {"2024-02-29", true},   {"2026-02-29", false}, {"2026-13-01", false},
                 {"2026-00-10", false}, {"2026-1-1", false},    {"22.11.2026", false}, {"", false},
                 {"2026-11", false},    {"2026-11-22-", false}, {"2026-11-2x", false}, {"1969-12-31", false},
                 {"9999-12-31", true},  {"2026-11-22 ", false}, {"\"><img", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t at = 0;
        if (said_read_day(span_of(cases[i].day), DHAKA, &at) != cases[i].holds)
            fail_msg("%s", cases[i].day);
        if (cases[i].holds) {
            assert_span(said_write_day(f->arena, at, DHAKA), cases[i].day);
            assert_span(said_write_day(f->arena, at + DAY_MS - 1, DHAKA), cases[i].day);
        }
    }
    int64_t from, to;
    assert_null(said_read_days(SPAN("2026-11-22"), SPAN("2026-11-22"), DHAKA, &from, &to));
    assert_int_equal(to - from, DAY_MS);
    assert_null(said_read_days(SPAN_NONE, SPAN(""), DHAKA, &from, &to));
    assert_int_equal(from + to, 0);
    assert_string_equal(said_read_days(SPAN("2026-11-23"), SPAN("2026-11-22"), DHAKA, &from, &to), "said_days_crossed");
    assert_string_equal(said_read_days(SPAN("2026-11-23"), SPAN("soon"), DHAKA, &from, &to), "said_bad_day");
    assert_int_equal(from + to, 0); /* what is no day filters nothing */
}

static void names_from_data(void **state)
{
    const struct fixture *f = *state;
    const struct words *en = words_of(SPAN("en"));
    assert_span(said_named(en, "audit_did_", SPAN("sign_in")), "signed in");
    assert_span(said_named(en, "audit_did_", SPAN("xx")), "xx");
    assert_span(said_named(en, "audit_did_", SPAN("\"><img src=x>")), "\"><img src=x>");
    char longer[200];
    memset(longer, 'a', sizeof longer);
    assert_int_equal(said_named(en, "audit_did_", (struct span){longer, sizeof longer}).len, sizeof longer);
    assert_span(said_reference(f->arena, "4827153"), "482 7153");
    assert_span(said_reference(f->arena, ""), NULL);
    struct choices choices = choices_make(f->arena, 2);
    choices_add(&choices, SPAN("a"), SPAN("A"), SPAN("b"));
    choices_add(&choices, SPAN("b"), SPAN("B"), SPAN("b"));
    choices_add(&choices, SPAN("b"), SPAN("again"), SPAN("b"));
    choices_add(&choices, SPAN("c"), SPAN("C"), SPAN("b"));
    assert_int_equal(choices.count, 2);
    assert_false(choices.list[0].is_chosen);
    assert_true(choices.list[1].is_chosen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gaps_and_days),
        cmocka_unit_test(what_may_be_said_of_an_input),
        cmocka_unit_test(nothing_is_typed_but_once),
        cmocka_unit_test(a_key_is_said_in_words),
        cmocka_unit_test(own_words_may_be_taken_out),
        cmocka_unit_test(a_number_to_call_is_masked),
        cmocka_unit_test(what_was_taken_out_is_said),
        cmocka_unit_test(a_screen_is_measured),
        cmocka_unit_test(a_sealed_screen_is_for_who_may),
        cmocka_unit_test(a_screen_is_said_in_another_language),
        cmocka_unit_test(a_screen_of_several_pages_says_which),
        cmocka_unit_test(heard_words_make_a_danger_step),
        cmocka_unit_test(it_is_told_that_something_is_kept_back),
        cmocka_unit_test(ends_in_words),
        cmocka_unit_test(a_text_is_kept_only_for_later),
        cmocka_unit_test(days_of_a_filter),
        cmocka_unit_test(names_from_data),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
