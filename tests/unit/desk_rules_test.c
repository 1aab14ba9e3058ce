/* desk: what answers allow, in what words they are read, what may be texted, where to refer to. */
#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/duration.h"
#include "menu/desk.h"
#include "menu/desk_screen.h"
#include "menu/service/model.h"
#include "menu/proof.h"
#include "model/turn.h"
#include "sample_service.h"
#include "text/segments.h"

#define DHAKA 360

struct fixture {
    struct arena *arena;
    struct service *service;
};

static struct service *load(struct arena *arena, const char *dir)
{
    struct problems problems;
    struct service *service = NULL;
    struct error err;
    problems_init(&problems, arena);
    enum outcome outcome = service_load(dir, &service, &problems, &err);
    for (size_t i = 0; i < problems.count; i++)
        print_error("%s\n", problems.lines[i]);
    assert_int_equal(outcome, OUTCOME_OK);
    return service;
}

static int set_up(void **state)
{
    static struct fixture f;
    f.arena = arena_create(64 * 1024);
    f.service = load(f.arena, "menus/infoline");
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
    if (!expected ? span_is_present(got) : !span_equal_text(got, expected))
        fail_msg("got \"%.*s\", expected \"%s\"", SPAN_ARG(got), expected ? expected : "(absent)");
}

static int64_t at(const char *written, int zone)
{
    int64_t ms = 0;
    assert_true(clock_read(span_of(written), zone, &ms));
    return ms;
}

/* ---- what answers allow ---- */

#define ANSWERS 4
struct said {
    const char *field, *value;
};

static size_t answers_of(const struct said *said, struct answer *answers)
{
    size_t count = 0;
    for (; count < ANSWERS && said[count].field; count++)
        answers[count] = (struct answer){.field = span_of(said[count].field), .value = span_of(said[count].value)};
    return count;
}

static void answers_are_a_rule(void **state)
{
    const struct fixture *f = *state;
    const struct {
        struct said said[ANSWERS];
        bool known, call, text;
        int from; /* -1: no hours */
        const char *number;
    } cases[] = {
        {{{NULL, NULL}}, false, true, false, -1, NULL},
        {{{"what", "wages"}}, false, true, false, -1, NULL},
        {{{"safe", "yes"}, {"time", "morning"}}, true, true, false, 8 * 60, NULL},
        {{{"safe", "times"}, {"time", "evening"}}, true, true, false, 17 * 60, NULL},
        {{{"safe", "yes"}, {"time", "any"}}, true, true, false, -1, NULL},
        {{{"safe", "sms"}}, true, false, true, -1, NULL},
        {{{"safe", "no"}}, true, false, false, -1, NULL},
        {{{"safe", "yes"}, {"texts", "yes"}}, true, true, true, -1, NULL},
        {{{"safe", "yes"}, {"texts", "no"}}, true, true, false, -1, NULL},
        {{{"safe", "sms"}, {"texts", "no"}}, true, false, false, -1, NULL}, /* no is no, whatever else they said */
        {{{"texts", "no"}, {"safe", "sms"}}, true, false, false, -1, NULL},
        {{{"texts", "no"}, {"safe", "yes"}, {"texts", "yes"}}, true, true, true, -1, NULL},
        {{{"safe", "other"}, {"number", "01700000000"}}, true, true, false, -1, "01700000000"},
        {{{"safe", "other"}}, true, true, false, -1, NULL}, /* the line dropped before the number */
        /* The number of an answer that was changed since is not called. */
        {{{"safe", "other"}, {"number", "01700000000"}, {"safe", "yes"}}, true, true, false, -1, NULL},
        {{{"safe", "yes"}, {"safe", "no"}}, true, false, false, -1, NULL}, /* the last one counts */
        {{{"safe", "whatever"}}, false, true, false, -1, NULL},
        {{{"time", "midday"}}, true, true, false, 11 * 60, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct answer answers[ANSWERS];
        struct contact_rule rule;
        memset(&rule, 0xaa, sizeof rule);
        contact_rule_of(f->service, answers, answers_of(cases[i].said, answers), &rule);
        bool hours = cases[i].from >= 0;
        if (rule.is_known != cases[i].known || rule.may_call != cases[i].call || rule.may_text != cases[i].text ||
            rule.window_count != hours || (hours && rule.windows[0].from != cases[i].from))
            fail_msg("case %zu", i);
        assert_span(rule.number, cases[i].number);
    }
}

/* Safe at some hours only: none is, while it is not known which. That they were asked and said "any time" is known. */
static void some_hours_only_is_none_until_they_are_known(void **state)
{
    const struct fixture *f = *state;
    const struct {
        struct said said[ANSWERS];
        bool needs_hours, call, text;
    } cases[] = {
        {{{"safe", "times"}}, true, false, false},
        {{{"safe", "times"}, {"time", "whenever"}}, true, false, false},
        {{{"safe", "times"}, {"texts", "yes"}}, true, false, true},
        {{{"time", "evening"}, {"safe", "times"}}, false, true, false},
        {{{"safe", "times"}, {"time", "any"}}, false, true, false},
        {{{"safe", "times"}, {"safe", "no"}}, false, false, false},
        {{{"safe", "yes"}}, false, true, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct answer answers[ANSWERS];
        struct contact_rule rule;
        contact_rule_of(f->service, answers, answers_of(cases[i].said, answers), &rule);
        if (!rule.is_known || rule.needs_hours != cases[i].needs_hours || rule.may_call != cases[i].call ||
            rule.may_text != cases[i].text)
            fail_msg("case %zu", i);
    }
    assert_span(desk_hours_field(f->service), "time");
}

static void some_answers_only_say_how(void **state)
{
    const struct fixture *f = *state;
    static const char *const tell[] = {"safe", "time", "number", "answered", "who"};
    for (size_t i = 0; i < sizeof tell / sizeof *tell; i++) {
        assert_true(desk_tells_how(f->service, span_of(tell[i])));
        assert_int_equal(desk_is_number(f->service, span_of(tell[i])), i == 2);
    }
    assert_false(desk_tells_how(f->service, SPAN("against")));
    assert_false(desk_tells_how(f->service, SPAN_NONE));
    assert_false(desk_is_number(f->service, SPAN_NONE)); /* most of what says how gives none */
}

/* Those are shown where somebody asks for them; a number that was refused stands nowhere else. */
static void a_number_to_call_is_known_among_what_was_typed(void **state)
{
    const struct fixture *f = *state;
    static const struct {
        const char *asked, *meaning;
        unsigned flags;
        bool is;
    } cases[] = {
        {"call.number", "01700000000", TURN_SENSITIVE_INPUT, true},
        {"call", "01700000000", TURN_SENSITIVE_INPUT, true},
        {"danger_how.number", "01700000000", TURN_SENSITIVE_INPUT, true},
        {"call.number", "01700000000", TURN_SENSITIVE_INPUT | TURN_BAD_INPUT, false},
        {"call.number", NULL, TURN_SENSITIVE_INPUT, false},
        {"call.safe", "other", TURN_SENSITIVE_INPUT, false},
        {"claim.against", "170000", TURN_SENSITIVE_INPUT, false},
        {"nowhere.at", "01700000000", TURN_SENSITIVE_INPUT, true},
        {"nowhere.at", "01700000000", 0, false},
        {"nowhere.at", "1700", TURN_SENSITIVE_INPUT, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct turn turn = {
            .asked = span_of(cases[i].asked), .meaning = span_of(cases[i].meaning), .flags = cases[i].flags};
        if (desk_took_number(f->service, &turn) != cases[i].is)
            fail_msg("case %zu", i);
    }
}

/* ---- when ---- */

static void the_desk_opens_when_it_says(void **state)
{
    const struct fixture *f = *state;
    const struct {
        const char *now, *opens;
    } cases[] = {{"2026-11-22 09:00", "2026-11-22 09:00"},
                 {"2026-11-22 16:59", "2026-11-22 16:59"},
                 {"2026-11-22 08:59", "2026-11-22 09:00"},
                 {"2026-11-26 17:00", "2026-11-29 09:00"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t now = at(cases[i].now, DHAKA), opens = at(cases[i].opens, DHAKA);
        assert_int_equal(service_opens_at(f->service, now), opens);
    }
    assert_int_equal(service_after_open_ms(f->service, at("2026-11-26 16:59", DHAKA), 2 * MINUTE_MS),
                     at("2026-11-29 09:01", DHAKA));
}

/* ---- in words ---- */

static void answers_are_read_in_another_language(void **state)
{
    const struct fixture *f = *state;
    const struct {
        const char *form, *field, *value, *lang, *question, *answer;
    } cases[] = {
        {"call", "safe", "times", "en", "Is it safe to call this phone?", "Yes, only at some times"},
        {"danger_how", "safe", "yes", "en", "May we call this phone?", "Yes"},
        {"call", "time", "evening", "en", "Best time? We are here Sun-Thu 9-17", "Evening"},
        {"call", "time", "evening", "bn", NULL, "সন্ধ্যা"},
        {"call", "time", "evening", "xx", "Best time? We are here Sun-Thu 9-17", "Evening"},
        {"claim", "proof", "contract bank", "en", "What papers do you have? (type 13)", "Contract, Bank record"},
        {"reg", "area", "sylhet", "en", "Area", "Sylhet"},
        {"reg", "country", "other", "en", "Country", "Type another"},
        {NULL, "amount", "band_2", "en", "About how much, in taka?", "50,000 to 1 lakh"},
        {"gone", "what", "wages", "en", "What happened?", "Wages not paid"},
        {"call", "against", "Karim", "en",
         "Type the name of the agent or company. We do not contact them without your OK.", "Karim"},
        {"call", "nothing", "left", "en", "nothing", "left"},
        {"call", "time", "dawn", "en", "Best time? We are here Sun-Thu 9-17", "dawn"},
        {"danger_how", "safe", "sms", "en", "May we call this phone?", "SMS only"},
        {"danger_how", "safe", "times", "en", "Is it safe to call this phone?", "Yes, only at some times"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct answer answer = {.field = span_of(cases[i].field), .value = span_of(cases[i].value)};
        struct answer_words words;
        desk_answer_words(f->service, span_of(cases[i].form), &answer, span_of(cases[i].lang), f->arena, &words);
        if (cases[i].question)
            assert_span(words.question, cases[i].question);
        assert_span(words.answer, cases[i].answer);
    }
}

static void what_the_desk_asks_itself(void **state)
{
    struct fixture *f = *state;
    struct desk_question *questions;
    static const struct {
        const char *field, *words, *choices;
    } wanted[] = {
        {"safe", "Is it safe to call this phone?",
         "yes=Yes;times=Yes, only at some times;sms=SMS only;no=No. I will dial again;"},
        {"time", "Best time? We are here Sun-Thu 9-17",
         "morning=Morning;midday=Midday;afternoon=Afternoon;evening=Evening;any=Any time;"},
        {"answered", "If someone else answers:", "hang_up=Hang up;ask=Ask for me, say nothing else;"},
        {"who", "Who should call?", "woman=A woman;man=A man;anyone=Anyone;"},
    };
    const size_t count = desk_questions(f->service, SPAN("en"), f->arena, &questions);
    for (size_t i = 0; i < count && i < sizeof wanted / sizeof *wanted; i++) {
        char choices[400] = "";
        for (size_t n = 0; n < questions[i].choice_count; n++) {
            const struct desk_choice *one = &questions[i].choices[n];
            size_t at = strlen(choices);
            snprintf(choices + at, sizeof choices - at, "%.*s=%.*s;", SPAN_ARG(one->id), SPAN_ARG(one->words));
        }
        assert_span(questions[i].field, wanted[i].field);
        assert_span(questions[i].words, wanted[i].words);
        assert_string_equal(choices, wanted[i].choices);
    }
    assert_int_equal(count,
                     sizeof wanted / sizeof *wanted); /* whether texts are allowed is asked in the desk's words */
    struct answer secret = {.field = SPAN("answered"), .value = SPAN("hang_up")};
    struct answer plain = {.field = SPAN("time"), .value = SPAN("any"), .sensitive = true};
    assert_true(desk_may_answer(f->service, &secret) && secret.sensitive);
    assert_true(desk_may_answer(f->service, &plain) && !plain.sensitive);
}

static void keys_and_pages_have_words(void **state)
{
    const struct fixture *f = *state;
    const struct {
        const char *node, *meaning, *expected;
    } meanings[] = {{"main", "services", "Find services"},
                    {"call", "evening", "Evening"},
                    {"call.safe", "other", "Call another number"},
                    {"claim.what", "other", "Other"},
                    {"main", "nothing", NULL},
                    {"gone", "services", NULL},
                    {"reg", "sylhet", "Sylhet"},
                    {"call.number", "01700000000", NULL},
                    {"main", NULL, NULL},
                    {NULL, "services", NULL}};
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        assert_span(desk_meaning_words(f->service, span_of(meanings[i].node), span_of(meanings[i].meaning), SPAN("en"),
                                       f->arena),
                    meanings[i].expected);
    assert_span(desk_node_words(f->service, SPAN("services"), SPAN("en"), f->arena), "Services");
    assert_span(desk_node_words(f->service, SPAN("call.time"), SPAN("en"), f->arena),
                "Best time? We are here Sun-Thu 9-17");
    assert_span(desk_node_words(f->service, SPAN("call_sent"), SPAN("en"), f->arena), "Sent.");
    assert_span(desk_node_words(f->service, SPAN("gone"), SPAN("en"), f->arena), "gone");
    /* A question whose title holds the open hours is known by it, and is not taken for the form's first. */
    const struct desk_shown shown = {.node = SPAN("call"),
                                     .text = SPAN("Best time? We are here Sun-Thu 9-17\n1 Morning\n0 Back"),
                                     .from = SPAN("en"),
                                     .to = SPAN_NONE};
    struct desk_screen found;
    desk_screen_find(f->service, &shown, f->arena, &found);
    assert_span(found.place, "call.time");
    assert_span(desk_node_words(f->service, SPAN("danger_make"), SPAN("en"), f->arena), "danger_make");
}

static bool is_among(const struct span *ids, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (span_equal_text(ids[i], id))
            return true;
    return false;
}

static void topics_kinds_and_districts_have_words(void **state)
{
    const struct fixture *f = *state;
    size_t count;
    const struct span *ids = desk_kinds(f->service, &count);
    assert_int_equal(count, 5);
    assert_span(ids[0], "danger"); /* as the data orders them */
    assert_span(desk_kind_words(f->service, SPAN("pay"), SPAN("en"), f->arena), "Pay complaint");
    assert_span(desk_kind_words(f->service, SPAN("concern"), SPAN("bn"), f->arena), "জরিপে উদ্বেগ");
    assert_span(desk_kind_words(f->service, SPAN("gone"), SPAN("en"), f->arena), "gone");
    ids = desk_topics(f->service, &count);
    assert_true(is_among(ids, count, "work") && is_among(ids, count, "danger") && is_among(ids, count, "survey"));
    for (size_t i = 0; i < count; i++) /* each has words of its own */
        if (span_equal(desk_topic_words(f->service, ids[i], SPAN("en"), f->arena), ids[i]))
            fail_msg("the topic %.*s has no words", SPAN_ARG(ids[i]));
    assert_span(desk_topic_words(f->service, SPAN("certificate"), SPAN("en"), f->arena),
                "Certificate for skills you have");
    ids = desk_areas(f->service, &count);
    assert_int_equal(count, 64);
    assert_true(is_among(ids, count, "sylhet"));
    assert_span(desk_area_words(f->service, SPAN("sylhet"), SPAN("bn"), f->arena), "সিলেট");
    assert_span(desk_area_field(f->service), "area");
    assert_span(desk_for_kind(f->service, SPAN("pay")), "complaints");
    assert_span(desk_for_kind(f->service, SPAN("concern")), "supervisor");
    assert_span(desk_for_kind(f->service, SPAN("call")), NULL);
    assert_int_equal(desk_urgency_of_kind(f->service, SPAN("danger")), URGENCY_DANGER);
    assert_int_equal(desk_urgency_of_kind(f->service, SPAN("call")), URGENCY_NORMAL);
    assert_int_equal(desk_urgency_of_kind(f->service, SPAN("pizza")), URGENCY_NORMAL);
    size_t topics;
    const struct span *topic = desk_topics(f->service, &topics);
    for (size_t i = 0; i < topics; i++) /* of no other is every request that is asked for danger */
        assert_int_equal(desk_urgency_of_topic(f->service, topic[i]),
                         span_equal_text(topic[i], "danger") ? URGENCY_DANGER : URGENCY_NORMAL);
    assert_int_equal(desk_urgency_of_topic(f->service, SPAN_NONE), URGENCY_NORMAL);
}

/* ---- what is texted ---- */

static void every_text_is_one_segment_in_every_language(void **state)
{
    struct fixture *f = *state;
    static const char *const dirs[] = {"menus/infoline", "menus/rohnamo"};
    for (size_t d = 0; d < 2; d++) {
        struct service *service = load(f->arena, dirs[d]);
        assert_int_equal(desk_reply_count(service), 6);
        for (size_t l = 0; l < service_language_count(service); l++)
            for (size_t i = 0; i < desk_reply_count(service); i++) {
                struct span lang = service_language(service, l);
                /* 23:00 of each day of a week: the longest weekday is among them */
                for (int64_t day = 0; day < 7; day++) {
                    struct span text = desk_reply_words(service, i, lang, "4827153",
                                                        at("2026-11-22 23:00", 360) + day * DAY_MS, f->arena);
                    if (segments_measure(text).count != 1)
                        fail_msg("%s %.*s in %.*s: %.*s", dirs[d], SPAN_ARG(desk_reply_id(service, i)), SPAN_ARG(lang),
                                 SPAN_ARG(text));
                    assert_true(span_holds_nocase(text, SPAN("482 7153")));
                }
            }
        service_free(service);
    }
}

static void a_text_says_the_weekday(void **state)
{
    const struct fixture *f = *state;
    size_t call_at = desk_reply_count(f->service);
    for (size_t i = 0; i < desk_reply_count(f->service); i++)
        if (span_equal_text(desk_reply_id(f->service, i), "desk_call_at"))
            call_at = i;
    int64_t next = at("2026-11-23 09:00", DHAKA);
    assert_span(desk_reply_words(f->service, call_at, SPAN("en"), "4827153", next, f->arena),
                "InfoLine: we call you Mon 9:00. Not a good time? Answer this text with another. Ref 482 7153.");
    assert_span(desk_reply_words(f->service, call_at, SPAN("en"), "4827153", 0, f->arena), NULL);
    assert_span(desk_reply_words(f->service, DESK_REPLIES_MAX, SPAN("en"), "4827153", next, f->arena), NULL);
    assert_span(desk_tried_words(f->service, SPAN("xx"), "4827153", f->arena),
                "InfoLine: we called and did not reach you. Dial again when it suits you. Ref 482 7153.");
    assert_span(desk_reply_id(f->service, DESK_REPLIES_MAX), NULL);
}

/* ---- offices ---- */

static void offices_come_nearest_first(void **state)
{
    struct fixture *f = *state;
    struct desk_office *offices, one;
    int64_t now = at("2026-11-22 10:00", DHAKA);
    size_t here = desk_offices(f->service, SPAN("certificate"), SPAN("sylhet"), SPAN("en"), now, f->arena, &offices);
    assert_true(here > 1);
    assert_span(offices[0].area, "sylhet");
    assert_true(span_is_present(offices[here - 1].area) && !span_equal_text(offices[here - 1].area, "sylhet"));
    assert_false(offices[0].is_stale);
    size_t anywhere = desk_offices(f->service, SPAN("certificate"), SPAN_NONE, SPAN("en"), now, f->arena, &offices);
    assert_int_equal(anywhere, here); /* those elsewhere stand last, or behind those for everywhere */
    assert_false(span_is_present(offices[0].area));
    size_t all = desk_offices(f->service, SPAN_NONE, SPAN_NONE, SPAN("bn"), now + 200 * DAY_MS, f->arena, &offices);
    assert_int_equal(all, f->service->office_count);
    assert_true(offices[0].is_stale && span_is_present(offices[0].name));
    assert_true(desk_find_office(f->service, offices[0].id, SPAN("en"), f->arena, &one));
    assert_true(span_equal(one.id, offices[0].id));
    assert_false(desk_find_office(f->service, SPAN("gone"), SPAN("en"), f->arena, &one));
    assert_int_equal(desk_offices(f->service, SPAN("gone"), SPAN_NONE, SPAN("en"), now, f->arena, &offices), 0);
}

/* Of the district, then of its region. */
static void a_region_is_nearer_than_the_country(void **state)
{
    struct fixture *f = *state;
    struct service *service = load(f->arena, "menus/rohnamo");
    struct desk_office *offices;
    size_t count = desk_offices(service, SPAN_NONE, SPAN("vose"), SPAN("ru"), 0, f->arena, &offices), region = 0;
    while (region < count && span_equal_text(offices[region].area, "khatlon"))
        region++;
    assert_true(region > 0 && region < count);
    assert_false(span_is_present(offices[region].area));
    service_free(service);
}

/* ---- what the data may not say ---- */

#define DESK(words) "machines = [ \"out of office\" ]; desk = { " words " };\n"
#define SAFE "{ field = \"safe\"; is = [ \"yes\", \"other\", \"no\" ]; }"

static void what_does_not_hold_is_found(void **state)
{
    const struct fixture *f = *state;
    const struct {
        const char *desk, *finding; /* NULL: it holds */
    } cases[] = {
        {DESK("contact = ( " SAFE " );"), NULL},
        {DESK("say = [ \"when\" ]; area = \"district\"; topics = { work = \"Work\"; }; kinds = { call = \"Call\"; };"),
         NULL},
        {DESK("contct = ( );"), "\"contct\" is not known here; nearest is contact"},
        {DESK("contact = ( { field = \"save\"; is = [ \"yes\" ]; } );"), "no question is called \"save\""},
        {DESK("contact = ( { field = \"safe\"; is = [ \"maybe\" ]; }, " SAFE " );"),
         "service.conf:10: \"safe\" is never answered with \"maybe\""},
        {DESK("contact = ( { field = \"safe\"; is = [ \"yes\", \"no\" ]; } );"),
         "desk.contact of service.conf says nothing of the answer \"other\" to \"safe\""},
        {DESK("contact = ( " SAFE ", { field = \"when\"; is = [ \"morning\", \"evening\" ]; from = \"8\"; } );"),
         "expected from = \"09:00\"; to = \"17:00\""},
        {DESK("contact = ( { field = \"when\"; is = [ \"morning\", \"evening\" ]; from = \"20:00\"; to = \"06:00\"; } "
              ");"),
         "what goes on past midnight are two"},
        {DESK("contact = ( { field = \"safe\"; is = [ \"yes\", \"other\", \"no\" ]; call = false; from = \"08:00\"; "
              "to = \"09:00\"; } );"),
         "hours to call in, and call = false"},
        {DESK("contact = ( { field = \"safe\"; is = [ \"yes\", \"other\", \"no\" ]; hours = true; } );"),
         "hours = true, and no answer has hours"},
        {DESK("contact = ( { field = \"safe\"; is = [ \"yes\", \"other\", \"no\" ]; call = false; hours = true; } );"),
         "hours to call in, and call = false"},
        {DESK("contact = ( { field = \"when\"; is = [ \"morning\", \"evening\" ]; hours = true; from = \"08:00\"; "
              "to = \"09:00\"; } );"),
         "hours = true is of an answer that has none itself"},
        {DESK("contact = ( { field = \"safe\"; is = [ \"yes\", \"other\", \"no\" ]; hours = true; },"
              " { field = \"when\"; is = [ \"morning\", \"evening\" ]; from = \"08:00\"; to = \"09:00\"; } );"),
         NULL},
        {DESK(
             "contact = ( { field = \"safe\"; is = [ \"yes\", \"other\", \"no\" ]; from = \"08:00\"; to = \"09:00\"; },"
             " { field = \"when\"; is = [ \"morning\", \"evening\" ]; from = \"08:00\"; to = \"09:00\"; } );"),
         "hours stand at \"safe\" already"},
        {DESK("contact = ( { field = \"safe\"; is = [ \"yes\", \"other\", \"no\" ]; number = \"when\"; } );"),
         "\"when\" asks for no number"},
        {DESK("say = [ \"wen\" ];"), "no question is called \"wen\""},
        {DESK("area = \"when\";"), "expected a question of type place"},
        {DESK("topics = { werk = \"Work\"; };"), "no node has the topic \"werk\""},
        {DESK("kinds = { cal = \"Call\"; };"), "no node has the kind of request \"cal\""},
        {DESK("replies = [ \"gone\" ];"), "the desk's text leads to \"gone\", which is no node"},
        {DESK("replies = [ \"main\" ];"), "\"main\" is what the desk texts: expected a page with ends = true"},
        {DESK("tried = \"sent\";"), "this is texted: it may hold {ref}, and nothing else of its person"},
        {DESK("replies = [ \"sent\" ];"), NULL}, /* that callers come to it is for the proof to find */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct problems problems;
        struct service *service = NULL;
        struct error err;
        problems_init(&problems, f->arena);
        enum outcome outcome = sample_parse_changed("service.conf", "machines = [ \"out of office\" ];\n",
                                                    cases[i].desk, f->arena, &service, &problems, &err);
        bool found = !cases[i].finding && problems.count == 0;
        for (size_t p = 0; p < problems.count && cases[i].finding; p++)
            found = found || strstr(problems.lines[p], cases[i].finding);
        if (!found || (outcome == OUTCOME_OK) != !cases[i].finding)
            fail_msg("case %zu: %s", i, problems.count ? problems.lines[0] : err.text);
        service_free(service);
    }
}

static void no_caller_comes_to_what_is_texted(void **state)
{
    const struct fixture *f = *state;
    struct problems problems;
    struct service *service = NULL;
    struct error err;
    struct proof_counts counts;
    const struct proof_channel channel = {"ussd", {160, 70, true}, SPAN_NONE};
    problems_init(&problems, f->arena);
    assert_int_equal(sample_parse_changed("service.conf", "machines = [ \"out of office\" ];\n",
                                          DESK("replies = [ \"sent\" ];"), f->arena, &service, &problems, &err),
                     OUTCOME_OK);
    proof_run(service, &channel, 1, &problems, &counts);
    bool found = false;
    for (size_t i = 0; i < problems.count; i++)
        found = found || strstr(problems.lines[i], "\"sent\" is what the desk texts: no caller may come to it");
    assert_true(found);
    service_free(service);
}

/* What nobody said anything of: whenever the desk is open, and nothing is texted. */
static void a_service_may_say_nothing(void **state)
{
    const struct fixture *f = *state;
    struct problems problems;
    struct service *service = NULL;
    struct error err;
    struct contact_rule rule;
    size_t count;
    problems_init(&problems, f->arena);
    assert_int_equal(sample_parse_changed(NULL, NULL, NULL, f->arena, &service, &problems, &err), OUTCOME_OK);
    const struct answer answer = {.field = SPAN("safe"), .value = SPAN("no")};
    contact_rule_of(service, &answer, 1, &rule);
    assert_true(!rule.is_known && rule.may_call && !rule.may_text);
    assert_int_equal(desk_reply_count(service), 0);
    assert_span(desk_tried_words(service, SPAN("en"), "4827153", f->arena), NULL);
    assert_span(desk_area_field(service), NULL);
    (void)desk_areas(service, &count);
    assert_int_equal(count, 0);
    (void)desk_kinds(service, &count);
    assert_int_equal(count, 2);
    service_free(service);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(answers_are_a_rule, set_up, tear_down),
        cmocka_unit_test_setup_teardown(some_hours_only_is_none_until_they_are_known, set_up, tear_down),
        cmocka_unit_test_setup_teardown(some_answers_only_say_how, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_number_to_call_is_known_among_what_was_typed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_desk_opens_when_it_says, set_up, tear_down),
        cmocka_unit_test_setup_teardown(answers_are_read_in_another_language, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_the_desk_asks_itself, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keys_and_pages_have_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(topics_kinds_and_districts_have_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_text_is_one_segment_in_every_language, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_text_says_the_weekday, set_up, tear_down),
        cmocka_unit_test_setup_teardown(offices_come_nearest_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_region_is_nearer_than_the_country, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_does_not_hold_is_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_caller_comes_to_what_is_texted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_service_may_say_nothing, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
