/* The proof: what a loaded service must still hold before it is served; one change of the sample for each finding. */
#include "loaded_sample.h"

#include "menu/proof.h"

static struct proof_counts counts; /* of the last proof */

static const struct proof_channel usual[] = {{"ussd", {160, 70, true}, {NULL, 0}},
                                             {"sms", {459, 201, false}, {NULL, 0}}};

static void prove(struct fixture *f, const char *file, const char *from, const char *to,
                  const struct proof_channel *channels, size_t count)
{
    service_free(f->service);
    f->service = NULL;
    problems_init(&f->problems, f->arena);
    enum outcome outcome = sample_parse_changed(file, from, to, f->arena, &f->service, &f->problems, &f->err);
    for (size_t i = 0; i < f->problems.count && i < PROBLEMS_MAX; i++)
        print_message("loading: %s\n", f->problems.lines[i]);
    assert_int_equal(outcome, OUTCOME_OK);
    proof_run(f->service, channels, count, &f->problems, &counts);
}

static void the_sample_is_proven(void **state)
{
    struct fixture *f = *state;
    prove(f, NULL, NULL, NULL, usual, 2);
    for (size_t i = 0; i < f->problems.count; i++)
        print_message("%s\n", f->problems.lines[i]);
    assert_int_equal(f->problems.count, 0);
    assert_true(counts.nodes >= 28);
    assert_int_equal(counts.languages, 2);
    assert_true(counts.texts > 80 && counts.screens > 100 && counts.pages >= counts.screens);
    assert_true(counts.longest_gsm7 > 100 && counts.longest_gsm7 <= 160);
    assert_true(counts.longest_ucs2 > 30 && counts.longest_ucs2 <= 70);
    assert_int_equal(counts.drafts, 8); /* the words of bn's main */
    assert_int_equal(counts.forms, 2);
    assert_true(counts.questions >= 14 && counts.ways >= 41 && counts.keys >= 43);
    assert_int_equal(counts.near_danger, 4);
    assert_int_equal(counts.danger_keys, 1);
    assert_int_equal(counts.most_keys, 7);
}

static const struct flaw {
    const char *file, *from, *to, *said;
} flaws[] = {
    {"flow/main.conf", "goto = \"texted\"", "goto = \"leaf\"", "nothing leads to the node \"texted\""},
    {"flow/main.conf",
     "{ id = \"resume\"; kind = \"menu\"; options = ( { key = \"1\"; id = \"continue\"; }, { key = \"2\"; id = "
     "\"restart\"; },\n   { key = \"9\"; id = \"danger\"; goto = \"danger\"; }",
     "{ id = \"resume\"; kind = \"menu\"; options = ( { key = \"1\"; id = \"continue\"; }, { key = \"2\"; id = "
     "\"restart\"; },\n   { key = \"8\"; id = \"danger\"; goto = \"done\"; }",
     "danger is not within 2 keys of \"resume\""},
    {"service.conf", "danger = \"danger\"; ", "danger = \"danger\"; danger_near = [ \"long\" ]; ",
     "service.conf:3: danger is not within 2 keys of \"long\""},
    {"service.conf", "danger = \"danger\"; ", "danger = \"danger\"; danger_near = [ \"reg.needs\" ]; ",
     "danger is not within 2 keys of \"reg.needs\""},
    {"flow/main.conf", "{ key = \"9\"; id = \"danger\"; goto = \"danger\"; } ); },\n { id = \"main\"",
     "{ key = \"9\"; id = \"danger\"; goto = \"danger\"; if = \"registered\"; } ); },\n { id = \"main\"",
     NULL}, /* still two keys: a language, then main's 9 */
    {"flow/main.conf", "{ key = \"9\"; id = \"danger\"; goto = \"danger\"; } ); },\n { id = \"resume\"",
     "{ key = \"9\"; id = \"danger\"; goto = \"danger\"; if = \"registered\"; } ); },\n { id = \"resume\"",
     "danger is not within 2 keys of \"main\""},
    {"service.conf", "call_within_hours = 24; danger_within_minutes = 5",
     "call_within_hours = 1; danger_within_minutes = 1440", "danger_within_minutes is longer than call_within_hours"},
    {"service.conf", "entry = {", "follow_up = { invite = \"long\"; months = [ 1, 3, 6, 12 ]; }; entry = {",
     "expected number_days of 193 at least"},
    {"service.conf", "entry = {", "follow_up = { invite = \"long\"; months = [ 1, 5 ]; }; entry = {", NULL},
    {"service.conf", "sms_silence_hours = 6", "sms_silence_hours = 25",
     "sms_silence_hours is longer than resume_hours"},
    {"text/en.conf", "done = { body = \"Done {{so}.\"", "done = { body = \"Done, ref {ref}.\"",
     "\"done\" tells a reference or a time, but may be come to by somebody who has neither"},
    {"text/en.conf", "cancel = \"Cancel one\"", "cancel = \"Cancel, due {due}\"",
     "\"mine\" tells a reference or a time"},
    {"flow/main.conf", "type = \"several\"; max = 3;",
     "type = \"several\"; max = 3; when = { field = \"left\"; is = [ \"1\" ]; };",
     "\"needs\" depends on \"left\", which is asked later"},
    {"flow/main.conf", "{ key = \"2\"; id = \"evening\"; }",
     "{ key = \"2\"; id = \"evening\"; when = { field = \"confirm\"; is = [ \"send\" ]; }; }",
     "\"when\" depends on \"confirm\", which is asked later"},
    {"text/en.conf", "number = { title = \"Which number?\"; }", "number = { title = \"Which number? {answer.when}\"; }",
     "\"number\" shows {answer.when}, which is asked later"},
    {"flow/main.conf",
     "id = \"country\"; type = \"choice\"; list = \"countries\"; options = ( { key = \"8\"; id = \"else\"; } ); }",
     "id = \"country\"; type = \"choice\"; options = ( { key = \"8\"; id = \"else\"; if = \"registered\"; } ); }",
     "every option of \"country\" is hidden from somebody"},
    {"flow/main.conf", "{ key = \"1\"; id = \"cancel\"; goto = \"which\"; if = \"has_requests\"; } ); },",
     "{ key = \"1\"; id = \"cancel\"; goto = \"which\"; if = \"has_requests\"; } ); foot = \"none\"; },",
     "every option of \"mine\" is hidden from somebody"},
    {"flow/main.conf", "type = \"request\";", "type = \"request\"; list = \"countries\";",
     "key 1 of \"which\" is a request's"},
    {"flow/main.conf", "key = \"3\"; id = \"safe\"; goto", "key = \"9\"; id = \"safe\"; goto",
     "key 9 means danger on every menu"},
    {"flow/main.conf", "{ id = \"asked\"; kind = \"page\";", "{ id = \"asked\"; kind = \"page\"; foot = \"none\";",
     "is a dead end"},
    {"flow/main.conf", "{ id = \"long\"; kind = \"page\";", "{ id = \"long\"; kind = \"page\"; ends = true;",
     "nobody can press its options"},
    {"flow/main.conf", "request_kind = \"call\"; goto = \"sent\"", "request_kind = \"call\"; goto = \"ask_now\"",
     "two deeds that give a reference"},
    {"flow/main.conf", "effect = \"opt_in\"; goto = \"done\"", "effect = \"opt_in\"; goto = \"start\"",
     "lead on without end"},
    {"flow/main.conf", "topic = \"certificate\";", "", "may be reached without a topic"},
    {"directory/work.conf", "topic = \"certificate\"; area = \"*\"", "topic = \"other\"; area = \"*\"",
     "the directory has none with area"},
    {"text/en.conf", "Sent. Ref {ref}", SAMPLE_LONG SAMPLE_LONG " {ref}", "a page that ends the call has to be one"},
    {"text/en.conf", "Call 999 in danger.", SAMPLE_LONG SAMPLE_LONG, "the safety page"},
    {"text/en.conf", "leaf = \"Services\"", "leaf = \"" SAMPLE_LONG "\"", "\"main\" in \"en\" on ussd"},
    {"text/en.conf", "body = \"{office} {phone}\"",
     "body = \"{office} " SAMPLE_LONG SAMPLE_LONG SAMPLE_LONG SAMPLE_LONG "\"", "the text of \"leaf_text\""},
    {"lists/countries.conf", "{ id = \"om\"; key = \"2\"; name = \"Oman\"; }",
     "{ id = \"b\"; key = \"2\"; name = \"B\"; }, { id = \"c\"; key = \"3\"; name = \"C\"; }, { id = \"d\"; key = "
     "\"4\"; name = \"D\"; },"
     "{ id = \"e\"; key = \"5\"; name = \"E\"; }, { id = \"f\"; key = \"6\"; name = \"F\"; }, { id = \"g\"; key = "
     "\"7\"; name = \"G\"; }",
     "shows 8 options on one page"},
};

static bool is_said(const struct problems *problems, const char *words)
{
    for (size_t i = 0; i < problems->count && i < PROBLEMS_MAX; i++)
        if (strstr(problems->lines[i], words))
            return true;
    return false;
}

static void flaws_are_named(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof flaws / sizeof *flaws; i++) {
        prove(f, flaws[i].file, flaws[i].from, flaws[i].to, usual, 2);
        bool said = flaws[i].said ? is_said(&f->problems, flaws[i].said) : f->problems.count == 0;
        if (!said)
            print_message("not said: %s\n", flaws[i].said ? flaws[i].said : "nothing");
        for (size_t p = 0; !said && p < f->problems.count && p < PROBLEMS_MAX; p++)
            print_message("  %s\n", f->problems.lines[p]);
        assert_true(said);
    }
}

/* Two files have to be changed: an item with key 9, in a question that 9 skips. */
static void a_key_that_skips_is_in_no_list(void **state)
{
    struct fixture *f = *state;
    struct service_file files[SAMPLE_FILES];
    const char *from = "list = \"countries\";", *at = strstr(sample_flow, from);
    for (size_t i = 0; i < SAMPLE_FILES; i++)
        files[i] = (struct service_file){sample_files[i].name, span_of(sample_files[i].text)};
    assert_non_null(at);
    files[1].text = arena_format(f->arena, "%.*sskip = true; %s", (int)(at - sample_flow), sample_flow, at);
    files[4].text = SPAN("id = \"countries\"; items = ( { id = \"sa\"; key = \"9\"; name = \"Saudi Arabia\"; } );\n");
    assert_int_equal(service_parse(files, SAMPLE_FILES, &f->service, &f->problems, &f->err), OUTCOME_OK);
    proof_run(f->service, usual, 2, &f->problems, &counts);
    assert_true(is_said(&f->problems, "key 9 of \"country\" is an option and skips the question"));
}

static void an_office_that_nobody_asked_for_long_is_stale(void **state)
{
    const int64_t day = 24 * 60 * 60 * INT64_C(1000), verified = INT64_C(1793469600000); /* 2026-11-01 in Dhaka */
    struct fixture *f = *state;
    prove(f, NULL, NULL, NULL, NULL, 0);
    const struct {
        int64_t as_of;
        size_t stale;
        const char *says;
    } cases[] = {
        {verified, 0, NULL},
        {verified + 90 * day, 0, NULL},
        {verified + 91 * day, 2,
         "directory/work.conf:1: the office \"desk\" was last verified on 2026-11-01, 91 days ago"},
        {verified - 1, 2, "the office \"syl\" is verified on a day to come"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct problems stale;
        problems_init(&stale, f->arena);
        proof_directory(f->service, cases[i].as_of, &stale, &counts);
        assert_int_equal(stale.count, cases[i].stale);
        assert_int_equal(counts.stale, cases[i].stale);
        assert_int_equal(counts.offices, 2);
        assert_true(!cases[i].says || is_said(&stale, cases[i].says));
    }
}

static void what_stands_in_a_value_counts(void **state)
{
    static const char long_name[] =
        "\"The office for the testing of skills that people learned while they worked in another country, in the "
        "second house "
        "behind the mosque, on the road that leads to the old river port of the town, where one asks for the desk\"";
    struct fixture *f = *state;
    prove(f, "text/en.conf", "{office} {phone} {hours}", "{office}", usual, 2);
    assert_int_equal(f->problems.count, 0);
    prove(f, "directory/work.conf", "\"TTC desk\"", long_name, usual, 1);
    assert_int_equal(f->problems.count, 0); /* a body is divided */
    prove(f, "text/en.conf", "text = \"Text me\"",
          "text = \"Text me {answer.note} {answer.note} {answer.note} {answer.note}\"", usual, 2);
    assert_true(is_said(&f->problems, "\"leaf\" in \"en\" on ussd")); /* 80 letters of any script: an option is not */
}

/* One month of twelve has a letter that needs the other encoding, and does not fit any more: some caller would see it. */
static void every_day_of_a_year_counts(void **state)
{
    static const struct proof_channel narrow[] = {{"narrow", {160, 33, true}, {NULL, 0}}};
    struct fixture *f = *state;
    prove(f, NULL, NULL, NULL, narrow, 1);
    assert_false(is_said(&f->problems, "\"sent\" in \"en\""));
    prove(f, "text/en.conf", "\"Sep\"", "\"сентября\"", narrow, 1);
    assert_true(is_said(&f->problems, "\"sent\" in \"en\" takes 2 pages on narrow"));
    prove(f, "text/en.conf", "today = \"today\"", "today = \"сегодня, \"", narrow, 1);
    assert_true(is_said(&f->problems, "\"sent\" in \"en\" takes 2 pages on narrow"));
}

static void a_channel_without_ucs2_is_told(void **state)
{
    static const struct proof_channel plain[] = {{"plain", {160, 0, true}, {NULL, 0}}};
    struct fixture *f = *state;
    prove(f, NULL, NULL, NULL, plain, 1);
    assert_true(is_said(&f->problems, "\"main\" in \"bn\" on plain"));
}

static void a_flow_is_proven_without_channels_too(void **state)
{
    struct fixture *f = *state;
    prove(f, "flow/main.conf", "goto = \"texted\"", "goto = \"leaf\"", NULL, 0);
    assert_int_equal(f->problems.count, 1);
    assert_int_equal(counts.screens, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_sample_is_proven),
        TEST(flaws_are_named),
        TEST(a_key_that_skips_is_in_no_list),
        TEST(an_office_that_nobody_asked_for_long_is_stale),
        TEST(what_stands_in_a_value_counts),
        TEST(a_channel_without_ucs2_is_told),
        TEST(a_flow_is_proven_without_channels_too),
        TEST(every_day_of_a_year_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
