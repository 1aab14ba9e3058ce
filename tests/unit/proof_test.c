/* The proof: what a loaded service must still hold before it is served; one change of the sample for each finding. */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "menu/proof.h"
#include "sample_service.h"

struct fixture {
    struct arena *arena;
    struct problems problems;
    struct service *service;
    struct proof_counts counts;
    struct error err;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->arena = arena_create(4096);
    problems_init(&f->problems, f->arena);
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
    proof_run(f->service, channels, count, &f->problems, &f->counts);
}

static void the_sample_is_proven(void **state)
{
    struct fixture *f = *state;
    prove(f, NULL, NULL, NULL, usual, 2);
    for (size_t i = 0; i < f->problems.count; i++)
        print_message("%s\n", f->problems.lines[i]);
    assert_int_equal(f->problems.count, 0);
    assert_true(f->counts.nodes >= 28);
    assert_int_equal(f->counts.languages, 2);
    assert_true(f->counts.texts > 80 && f->counts.screens > 100 && f->counts.pages >= f->counts.screens);
    assert_true(f->counts.longest_gsm7 > 100 && f->counts.longest_gsm7 <= 160);
    assert_true(f->counts.longest_ucs2 > 30 && f->counts.longest_ucs2 <= 70);
    assert_int_equal(f->counts.drafts, 8); /* the words of bn's main */
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
     "danger is not within 2 keys of the resume entry"},
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
        bool said = is_said(&f->problems, flaws[i].said);
        if (!said)
            print_message("not said: %s\n", flaws[i].said);
        for (size_t p = 0; !said && p < f->problems.count && p < PROBLEMS_MAX; p++)
            print_message("  %s\n", f->problems.lines[p]);
        assert_true(said);
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
    assert_int_equal(f->counts.screens, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_sample_is_proven),           TEST(flaws_are_named),
        TEST(what_stands_in_a_value_counts),  TEST(every_day_of_a_year_counts),
        TEST(a_channel_without_ucs2_is_told), TEST(a_flow_is_proven_without_channels_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
