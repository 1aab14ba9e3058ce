/* The loader: what holds is loaded, everything else is refused with its file, its line and the nearest name. */
#include "loaded_sample.h"

#include "menu/service/model.h"
#include "menu/service.h"
#include "sample_folder.h"

static void load(struct fixture *f, const char *file, const char *from, const char *to)
{
    enum outcome outcome = sample_parse_changed(file, from, to, f->arena, &f->service, &f->problems, &f->err);
    for (size_t i = 0; i < f->problems.count && i < PROBLEMS_MAX; i++)
        print_message("%s\n", f->problems.lines[i]);
    assert_int_equal(outcome, OUTCOME_OK);
    assert_int_equal(f->problems.count, 0);
}

static void the_sample_loads(void **state)
{
    struct fixture *f = *state;
    load(f, NULL, NULL, NULL);
    assert_true(span_equal_text(service_name(f->service), "sample"));
    struct replied replied = {0};
    for (int i = 0; i < 100; i++)
        assert_true(service_may_reply(f->service, REPLY_TO_WORDS, 1000 + i, &replied));
    assert_false(service_may_reply(f->service, REPLY_TO_WORDS, 1000 + 10 * 60 * 1000 - 1, &replied));
    assert_true(service_may_reply(f->service, REPLY_TO_WORDS, 1000 + 10 * 60 * 1000, &replied));
    assert_int_equal(service_sms_silence_ms(f->service), 6 * 3600 * 1000);
    assert_int_equal(service_zone_minutes(f->service), 360);
    assert_int_equal(service_language_count(f->service), 2);
    assert_true(span_equal_text(service_language(f->service, 1), "bn"));
    assert_false(span_is_present(service_language(f->service, 2)));
    assert_true(span_equal_text(service_safety_page(f->service, SPAN("bn")), "Call 999 in danger."));
    assert_true(span_equal_text(service_safety_page(f->service, SPAN_NONE), "Call 999 in danger."));
    assert_non_null(service_find_node(f->service, SPAN("danger")));
    assert_null(service_find_node(f->service, SPAN("dange")));
    assert_null(service_find_node(f->service, SPAN_NONE));
}

static void a_zone_may_lie_west(void **state)
{
    struct fixture *f = *state;
    load(f, "service.conf", "+06:00", "-03:30");
    assert_int_equal(service_zone_minutes(f->service), -210);
}

/* One change of the sample each, and what is said of it. */
static const struct mistake {
    const char *file, *from, *to, *said;
} mistakes[] = {
    {"service.conf", "name = \"sample\"", "name = \"Sample 1\"", "service.conf:1: \"Sample 1\" is no name"},
    {"service.conf", "+06:00", "+6:000", "expected hours and minutes east of UTC"},
    {"service.conf", "+06:00", "+26:00", "expected hours and minutes east of UTC"},
    {"service.conf", "fallback = \"en\"", "fallback = \"fr\"", "service.conf:2: service.conf lists no language \"fr\""},
    {"service.conf", "{ id = \"bn\"; fallback = \"en\"; }", "{ id = \"en\"; }", "language \"en\" is listed twice"},
    {"service.conf", "known = \"main\"", "known = \"mian\"", "did you mean \"main\"?"},
    {"service.conf", "goto = \"stop\"", "goto = \"stopp\"", "the keyword leads to \"stopp\", which is no node"},
    {"text/en.conf", "\"MENU\"", "\"stop\"", "\"stop\" is also another keyword: text/en.conf:"},
    {"text/en.conf", "\"MENU\"", "\"MENU\", \"menu!\"", "the keyword \"menu!\" is listed twice"},
    {"text/en.conf", "\"MENU\"", "\"1.\"", "the keyword \"1.\" would stand in the way of a key"},
    {"text/en.conf", "\"MENU\"", "\"!?\"", "the keyword \"!?\" holds no letter"},
    {"text/en.conf", "menu = [ \"MENU\" ]; ", "", "no text file lists a word for \"menu\" in its group \"keywords\""},
    {"text/en.conf", "menu = [", "menyu = [", "has no \"menyu\" in its list \"keywords\"; did you mean \"menu\"?"},
    {"text/en.conf", "[ \"MENU\" ]", "\"MENU\"", "expected a list of words"},
    {"service.conf", "continue = true", "continue = false", "a keyword leads somewhere"},
    {"service.conf", "goto = \"main\"; match", "goto = \"main\"; once = true; match",
     "once = true: expected `goto` to a deed"},
    {"text/en.conf", "\"kill\"", "\"kill\", \"KILL\"", "the triage word \"KILL\" is listed twice"},
    {"text/en.conf", "\"kill\"", "\"Menu\"", "\"Menu\" is also a keyword: text/en.conf:"},
    {"text/en.conf", "\"money lender\"", "\"Kill\"", "\"Kill\" is also of another triage rule: text/en.conf:"},
    {"text/bn.conf", "violence = [", "violense = [",
     "has no \"violense\" in its list \"triage\"; did you mean \"violence\"?"},
    {"service.conf", "goto = \"offer\"; }", "goto = \"call\"; }", "a triage rule shows something"},
    {"service.conf", "\"out of office\"", "\"go\"", "the keyword \"GO ON\" would not be heard"},
    {"service.conf", "replies = 100", "replies = 0", "\"replies\" is out of range"},
    {"service.conf", "replies = 100", "resume = \"aks\"", "\"resume\" is none of: ask, continue, restart"},
    {"flow/main.conf", "resume = false", "resume = 3", "\"resume\" has the wrong type; expected true, false or text"},
    {"service.conf", "danger = \"danger\"", "danger = \"call\"", "expected a menu or a page"},
    {"service.conf", "resume = \"resume\"", "resume = \"offer\"", "needs the options \"continue\" and \"restart\""},
    {"service.conf", "zone", "zoned", "\"zone\""},
    {"flow/main.conf", "goto = \"leaf\"", "goto = \"laef\"", "flow/main.conf:5: the option leads to \"laef\""},
    {"flow/main.conf", "goto = \"leaf\";", "", "option \"leaf\" leads nowhere"},
    {"flow/main.conf", "key = \"4\"; id = \"mine\"", "key = \"3\"; id = \"mine\"", "key 3 is taken"},
    {"flow/main.conf", "key = \"4\"; id = \"mine\"", "key = \"98\"; id = \"mine\"", "belongs to the engine"},
    {"flow/main.conf", "key = \"4\"; id = \"mine\"", "key = \"0\"; id = \"mine\"", "belongs to the engine"},
    {"flow/main.conf", "key = \"4\"; id = \"mine\"", "key = \"04\"; id = \"mine\"", "without a leading zero"},
    {"flow/main.conf", "key = \"4\"; id = \"mine\"", "key = \"a\"; id = \"mine\"", "expected a key from"},
    {"flow/main.conf", "key = \"4\"; id = \"mine\"", "key = \"7\"; id = \"mine\"", "key 7 is retired in \"main\""},
    {"flow/main.conf", "key = \"4\"; id = \"mine\"", "key = \"4\"; id = \"title\"", "cannot be called \"title\""},
    {"flow/main.conf", "key = \"4\"; id = \"mine\"", "key = \"4\"; id = \"reg\"", "two options called \"reg\""},
    {"flow/main.conf", "kind = \"branch\"", "kind = \"brunch\"", "unknown kind \"brunch\""},
    {"flow/main.conf", "effect = \"forget\"", "effect = \"forge\"", "unknown effect \"forge\""},
    {"flow/main.conf", "consent_version = \"7\";", "", "this effect needs `consent_version`"},
    {"flow/main.conf", "if = \"registered\"", "if = \"registred\"", "did you mean \"registered\""},
    {"flow/main.conf", "if = \"registered\"; goto", "goto", "a case needs `if` or `when`"},
    {"flow/main.conf", "is = [ \"other\" ]", "is = [ \"othr\" ]", "\"safe\" is never answered with \"othr\""},
    {"flow/main.conf", "field = \"safe\"; is = [ \"other\" ]", "request = [ \"pizza\" ]", "of the kind \"pizza\""},
    {"flow/main.conf", "field = \"safe\"; is", "field = \"saif\"; is", "no question is called \"saif\""},
    {"flow/main.conf", "ask = \"safe\"", "ask = \"saif\"", "has no question \"saif\""},
    {"flow/main.conf", "type = \"date\"", "type = \"dat\"", "did you mean \"date\"?"},
    {"flow/main.conf", "min = 5; max = 15", "min = 15; max = 5", "`min` is more than `max`"},
    {"flow/main.conf", "list = \"countries\"", "list = \"contries\"", "no file in lists/ has the id \"contries\""},
    {"flow/main.conf", "key = \"8\"; id = \"else\"", "key = \"2\"; id = \"else\"", "key 2 is taken"},
    {"flow/main.conf", "key = \"2\"; id = \"evening\"", "key = \"9\"; id = \"evening\"", "key 9 skips this question"},
    {"flow/main.conf", "key = \"4\"; id = \"legal\"", "key = \"14\"; id = \"legal\"", "a key of one digit"},
    {"flow/main.conf", "id = \"kept\"", "id = \"sent\"", "is also at flow/main.conf"},
    {"flow/main.conf", "id = \"kept\"", "id = \"safety\"", "a node cannot be called \"safety\""},
    {"flow/main.conf", "shortcut = false", "shortcuts = false", "shortcut"},
    {"flow/main.conf", "type = \"place\"; list = \"districts\"; goto", "type = \"place\"; goto",
     "a place is looked up in a list"},
    {"text/en.conf", "language = \"en\"", "language = \"fr\"", "service.conf lists no language \"fr\""},
    {"text/en.conf", "own_name", "own_nam", "own_name"},
    {"text/en.conf", "reg = \"Register\";", "", "text/en.conf has no main.reg"},
    {"text/en.conf", "reg = \"Register\";", "rge = \"Register\";", "did you mean \"reg\"?"},
    {"text/en.conf", "offer = {", "ofer = {", "did you mean \"offer\"?"},
    {"text/en.conf", "{office} {phone} {hours}", "{ofice}", "did you mean {office}"},
    {"text/en.conf", "{office} {phone} {hours}", "{office", "a { without its }"},
    {"text/en.conf", "{answer.when}", "{answer.wen}", "no question whose answer may be shown is called \"wen\""},
    {"text/en.conf", "{answer.when}", "{answer.code}", "no question whose answer may be shown is called \"code\""},
    {"text/en.conf", "Call 999 in danger.", "Call {phone}.", "the safety page is fixed"},
    {"text/en.conf", "\"Sat\" ]", "\"Sat\", \"Sun\" ]", "expected seven days"},
    {"text/en.conf", "bad = \"Pick a number.\";", "", "\"bad\" is missing in the group \"engine\""},
    {"text/en.conf", "danger = \"urgent\"", "dangr = \"urgent\"", "\"request_kinds\" has no \"danger\""},
    {"text/en.conf", "which = { title = \"Which one?\"; }", "which = { state = \"draft\"; }",
     "has no which.title or body"},
    {"text/en.conf", "state = \"approved\"", "state = \"aproved\"", "expected \"draft\", \"reviewed\" or \"approved\""},
    {"text/en.conf", "Welcome back", "Welcome\x01 back", "control character"},
    {"lists/countries.conf", "key = \"1\"; ", "", "the item needs a key"},
    {"lists/countries.conf", "en = \"Saudi Arabia\"", "fr = \"Arabie\"", "lists no language \"fr\""},
    {"lists/countries.conf", "id = \"om\"", "id = \"sa\"", "item \"sa\" is listed twice"},
    {"lists/countries.conf", "id = \"countries\"", "id = \"districts\"", "another file has a list \"districts\""},
    {"lists/districts.conf", "id = \"savar\";", "id = \"savar\"; within = \"daka\";", "the list has no item \"daka\""},
    {"lists/districts.conf", "id = \"savar\";", "id = \"savar\"; within = \"om\";", "the list has no item \"om\""},
    {"lists/districts.conf", "id = \"savar\";", "id = \"savar\"; within = \"savar\";",
     "\"savar\" is within another item"},
    {"service.conf", "entry = {",
     "calendar = { week = ( { days = [ \"sun\" ]; from = \"9\"; to = \"17:00\"; } ); }; entry = {",
     "expected from = \"09:00\""},
    {"service.conf", "entry = {",
     "calendar = { week = ( { days = [ \"sun\" ]; from = \"22:00\"; to = \"02:00\"; } ); }; entry = {",
     "what goes on past midnight are two"},
    {"service.conf", "entry = {",
     "calendar = { week = ( { days = [ \"sunday\" ]; from = \"09:00\"; to = \"17:00\"; } ); }; entry = {",
     "expected days as [ \"sun\""},
    {"service.conf", "entry = {",
     "calendar = { week = ( { days = [ \"sun\", \"sun\" ]; from = \"09:00\"; to = \"17:00\"; } ); }; entry = {",
     "these hours overlap"},
    {"service.conf", "entry = {",
     "calendar = { week = ( { days = [ \"sun\" ]; from = \"09:00\"; to = \"17:00\"; } ); holidays = \"districts\"; }; "
     "entry = {",
     "expected the day of this holiday"},
    {"service.conf", "entry = {",
     "calendar = { week = ( { days = [ \"sun\" ]; from = \"09:00\"; to = \"17:00\"; } ); holidays = \"feasts\"; }; "
     "entry = {",
     "expected a list in lists/"},
    {"service.conf", "entry = {", "follow_up = { invite = \"mian\"; months = [ 1 ]; }; entry = {",
     "did you mean \"main\"?"},
    {"service.conf", "entry = {", "follow_up = { invite = \"reg\"; months = [ 1 ]; }; entry = {",
     "expected a page with a body"},
    {"service.conf", "entry = {", "follow_up = { invite = \"leaf\"; months = [ 1 ]; }; entry = {", "without { }"},
    {"service.conf", "entry = {", "follow_up = { invite = \"long\"; months = [ 3, 1 ]; }; entry = {",
     "each after the one before"},
    {"flow/main.conf", "effect = \"forget\"", "effect = \"follow\"", "service.conf says no follow_up"},
    {"text/en.conf", "{day} {time}", "{day}", "expected {day} and {time}"},
    {"text/en.conf", "{d} {month}", "{d} {mnth}", "expected {d} and {month} or {m}"},
    {"text/en.conf", " - {cost}", " - cost", "expected {cost} in it"},
    {"text/en.conf", "\"Dec\" ]", "\"Dec\", \"Jan\" ]", "expected twelve months"},
    {"text/en.conf", "own_name", "plural = \"arabic\"; own_name", "expected \"one_other\""},
    {"text/en.conf", "\"Yours ({requests})\"", "[ \"One\", \"{requests} of them\" ]", "expected plural = "},
    {"directory/work.conf", "area = \"sylhet\"", "area = \"silhet\"", "no list has an area \"silhet\""},
    {"directory/work.conf", "2026-11-01", "01-11-2026", "expected a day as \"2026-11-01\""},
    {"directory/work.conf", "id = \"syl\"", "id = \"desk\"", "another office is called \"desk\""},
    {"directory/work.conf", "topic = \"certificate\"; area = \"*\"", "area = \"*\"", "expected `topic = "},
    {"directory/work.conf", "phone = \"02-000000\"", "phone = \"02-000000\"; cost = { fr = \"gratuit\"; }",
     "lists no language \"fr\""},
    {"service.conf", "{ id = \"bn\"; fallback = \"en\"; }", "{ id = \"bn\"; }", "\"request_kinds\" has no \"call\""},
    {"text/en.conf", "{requests}", "{request.says}", "\"request_says\" has no \"waiting\""},
    {"text/en.conf", "{requests}", "{request.sais}", "did you mean {request.says}"},
    {"text/en.conf", "waiting = \"waiting\"", "waiting = \"{request.state}\"", "these words may hold {request.ref}"},
    {"text/en.conf", "waiting = \"waiting\"", "waiting = \"{due}\"", "these words may hold {request.ref}"},
    {"text/en.conf", "waiting = \"waiting\"", "waiting = \"{answer.when}\"",
     "no question whose answer may be shown is called \"when\""},
    {"text/en.conf", "waiting = \"waiting\"", "waitin = \"waiting\"", "nearest is waiting"},
    {"text/en.conf", "request_kinds = {", "request_says = { waiting = \"{request.says}\"; }; request_kinds = {",
     "these words may hold"},
    {"flow/main.conf", "effect = \"opt_out\"", "effect = \"urge\"; urgency = \"normal\"", "is \"soon\" or \"danger\""},
    {"flow/main.conf", "effect = \"cancel\";", "effect = \"cancel\"; field = \"which\";", "field"},
    {"flow/main.conf", "id = \"evening\"; }", "id = \"evening\"; cycle = \"late\"; }", "cycle"},
    {"flow/main.conf", "id = \"evening\"; }", "id = \"short\"; }", "an option cannot be called \"short\""},
    {"text/en.conf", "{answer.when}", "{answer.which}", "no question whose answer may be shown is called \"which\""},
};

static bool is_said(const struct problems *problems, const char *words)
{
    for (size_t i = 0; i < problems->count && i < PROBLEMS_MAX; i++)
        if (strstr(problems->lines[i], words))
            return true;
    return false;
}

static void mistakes_are_named(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        const struct mistake *m = &mistakes[i];
        struct service *out = NULL;
        problems_init(&f->problems, f->arena);
        enum outcome outcome = sample_parse_changed(m->file, m->from, m->to, f->arena, &out, &f->problems, &f->err);
        bool said = is_said(&f->problems, m->said);
        if (outcome != OUTCOME_REFUSED || !said) {
            print_message("%s -> %s: %s, %s\n", m->from, m->to, outcome_name(outcome), f->err.text);
            for (size_t p = 0; p < f->problems.count && p < PROBLEMS_MAX; p++)
                print_message("  %s\n", f->problems.lines[p]);
        }
        assert_int_equal(outcome, OUTCOME_REFUSED);
        assert_null(out);
        assert_true(said);
    }
}

static void production_serves_approved_texts_only(void **state)
{
    struct fixture *f = *state;
    load(f, "service.conf", "version", "production = true; version");
    struct service *out = NULL;
    const char *resume = strstr(sample_text_en, "resume = {");
    struct span draft = arena_format(f->arena, "%.*sresume = { state = \"draft\";%s", (int)(resume - sample_text_en),
                                     sample_text_en, resume + strlen("resume = {"));
    struct service_file files[SAMPLE_FILES];
    for (size_t i = 0; i < SAMPLE_FILES; i++)
        files[i] = (struct service_file){sample_files[i].name, span_of(sample_files[i].text)};
    files[0].text = arena_format(f->arena, "production = true; %s", sample_service_conf);
    files[2].text = draft;
    assert_int_equal(service_parse(files, SAMPLE_FILES, &out, &f->problems, &f->err), OUTCOME_REFUSED);
    assert_true(is_said(&f->problems, "resume.title or body that is approved"));
    assert_true(is_said(&f->problems, "resume.continue that is approved"));
}

static void every_truncation_is_answered(void **state)
{
    struct fixture *f = *state;
    for (size_t file = 0; file < SAMPLE_FILES; file++) {
        size_t len = strlen(sample_files[file].text);
        for (size_t cut = 0; cut < len; cut += 5) {
            struct service *out = NULL;
            problems_init(&f->problems, f->arena);
            enum outcome outcome = sample_parse_with(
                sample_files[file].name, (struct span){sample_files[file].text, cut}, &out, &f->problems, &f->err);
            assert_true(outcome == OUTCOME_OK || f->problems.count > 0);
            service_free(out);
            arena_reset(f->arena);
        }
    }
}

static void files_that_belong_nowhere_are_named(void **state)
{
    struct fixture *f = *state;
    const struct service_file files[] = {{"service.conf", SPAN(sample_service_conf)}, {"notes.txt", SPAN("x")}};
    assert_int_equal(service_parse(files, 2, &f->service, &f->problems, &f->err), OUTCOME_REFUSED);
    assert_true(is_said(&f->problems, "notes.txt: expected service.conf"));
    problems_init(&f->problems, f->arena);
    assert_int_equal(service_parse(files, 0, &f->service, &f->problems, &f->err), OUTCOME_REFUSED);
    assert_true(is_said(&f->problems, "service.conf: no such file"));
}

static void a_folder_is_read(void **state)
{
    struct fixture *f = *state;
    char dir[SAMPLE_FOLDER_MAX], path[2 * SAMPLE_FOLDER_MAX];
    sample_make_folders(dir);
    assert_int_equal(service_load(dir, &f->service, &f->problems, &f->err), OUTCOME_REFUSED);
    assert_true(is_said(&f->problems, "service.conf: no such file"));
    sample_write_folder(dir);
    snprintf(path, sizeof path, "%s/flow/notes.txt", dir);
    sample_write_file(path, "not looked at");
    problems_init(&f->problems, f->arena);
    assert_int_equal(service_load(dir, &f->service, &f->problems, &f->err), OUTCOME_OK);
    assert_non_null(service_find_node(f->service, SPAN("main")));
    sample_remove_folder(dir);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_sample_loads),
        TEST(a_zone_may_lie_west),
        TEST(mistakes_are_named),
        TEST(production_serves_approved_texts_only),
        TEST(every_truncation_is_answered),
        TEST(files_that_belong_nowhere_are_named),
        TEST(a_folder_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
