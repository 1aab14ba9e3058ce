/* Languages as packs: facts, languages that are not offered, states of texts, a service that stands on another one. */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "menu/service/model.h"
#include "sample_folder.h"

#define FILES_MAX (2 * SAMPLE_FILES + 8)

struct fixture {
    struct arena *arena;
    struct problems problems;
    struct service *service;
    struct error err;
    struct service_file files[FILES_MAX];
    size_t file_count;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->arena = arena_create(4096);
    problems_init(&f->problems, f->arena);
    for (size_t i = 0; i < SAMPLE_FILES; i++)
        f->files[f->file_count++] = (struct service_file){sample_files[i].name, span_of(sample_files[i].text)};
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

static struct service_file *file_of(struct fixture *f, const char *name)
{
    for (size_t i = 0; i < f->file_count; i++)
        if (strcmp(f->files[i].name, name) == 0)
            return &f->files[i];
    fail_msg("no file %s", name);
    return NULL;
}

static void change(struct fixture *f, const char *name, const char *from, const char *to)
{
    struct service_file *file = file_of(f, name);
    const char *at = strstr(file->text.at, from);
    assert_non_null(at);
    file->text = arena_format(f->arena, "%.*s%s%s", (int)(at - file->text.at), file->text.at, to, at + strlen(from));
}

static void add(struct fixture *f, const char *name, const char *text)
{
    f->files[f->file_count++] = (struct service_file){name, span_of(text)};
}

static enum outcome load(struct fixture *f)
{
    service_free(f->service);
    f->service = NULL;
    problems_init(&f->problems, f->arena);
    return service_parse(f->files, f->file_count, &f->service, &f->problems, &f->err);
}

static void loads(struct fixture *f)
{
    enum outcome outcome = load(f);
    for (size_t i = 0; i < f->problems.count && i < PROBLEMS_MAX; i++)
        print_message("%s\n", f->problems.lines[i]);
    assert_int_equal(outcome, OUTCOME_OK);
}

static void is_refused(struct fixture *f, const char *said)
{
    assert_int_equal(load(f), OUTCOME_REFUSED);
    for (size_t i = 0; i < f->problems.count && i < PROBLEMS_MAX; i++)
        if (strstr(f->problems.lines[i], said))
            return;
    for (size_t i = 0; i < f->problems.count && i < PROBLEMS_MAX; i++)
        print_message("%s\n", f->problems.lines[i]);
    fail_msg("nobody said: %s", said);
}

static const struct question *question_of(struct fixture *f, const char *node)
{
    const struct node *found = service_find_node(f->service, span_of(node));
    assert_non_null(found);
    return found->questions;
}

static void title_is(struct fixture *f, const char *node, size_t language, const char *words)
{
    const struct template *title = &question_of(f, node)->titles[language];
    assert_int_equal(title->count, 1);
    assert_false(title->filled);
    if (!span_equal_text(title->pieces[0].words, words))
        fail_msg("\"%.*s\" is not \"%s\"", SPAN_ARG(title->pieces[0].words), words);
}

/* --- facts --- */

static void facts_are_put_in_when_a_service_is_loaded(void **state)
{
    struct fixture *f = *state;
    change(f, "service.conf", "version",
           "facts = { police = \"999\"; land = { en = \"Home\"; bn = \"দেশ\"; }; }; version");
    change(f, "text/en.conf", "Call 999\"", "{fact.land}: {fact.police}\"");
    change(f, "text/en.conf", "Call 999 in danger.", "Call {fact.police}.");
    change(f, "text/en.conf", "back = \"Back\"", "back = \"Back {fact.land}\"");
    change(f, "text/bn.conf", "title = \"নমুনা\"", "title = \"{fact.land}\"");
    loads(f);
    title_is(f, "danger", 0, "Home: 999");
    title_is(f, "main", 1, "দেশ");
    assert_true(span_equal_text(service_safety_page(f->service, SPAN("bn")), "Call 999."));
    assert_true(span_equal_text(f->service->languages[0].words.foot_back, "0 Back Home"));
    assert_true(span_is_present(question_of(f, "danger")->stills[0].text));
}

static void facts_that_are_missing_are_named(void **state)
{
    struct fixture *f = *state;
    change(f, "service.conf", "version", "facts = { police = \"999\"; }; version");
    change(f, "text/en.conf", "title = \"Call 999\"", "title = \"Call {fact.polcie}\"");
    is_refused(f, "text/en.conf:18: service.conf has no fact \"polcie\"; did you mean \"police\"?");
    assert_int_equal(f->problems.count, 1); /* and not again for each language that falls back to it */
    change(f, "text/en.conf", "{fact.polcie}", "{fact.police");
    is_refused(f, "text/en.conf:18: a { without its }");
    change(f, "service.conf", "\"999\"", "\"{ref}\"");
    is_refused(f, "a fact is what it says");
}

/* --- languages that are not offered --- */

static void nothing_leads_to_a_language_that_is_not_offered(void **state)
{
    struct fixture *f = *state;
    change(f, "service.conf", "fallback = \"en\"", "fallback = \"en\"; offered = false");
    loads(f);
    assert_false(question_find_option(question_of(f, "lang"), SPAN("en"))->hidden);
    assert_true(question_find_option(question_of(f, "lang"), SPAN("bn"))->hidden);
    assert_true(question_find_option(question_of(f, "all"), SPAN("bn"))->hidden); /* behind it a deed sets it */
    assert_false(question_find_option(question_of(f, "all"), SPAN("out"))->hidden);
    assert_true(span_equal_text(question_of(f, "lang")->stills[0].text, "Language\n1 English\n9 Danger"));
    title_is(f, "main", 1, "নমুনা"); /* but it is there, to be proven and tried */
}

static void a_few_languages_are_offered_at_once(void **state)
{
    struct fixture *f = *state;
    change(f, "service.conf", "{ id = \"en\"; }", "{ id = \"en\"; offered = false; }");
    is_refused(f, "service.conf:2: the first language is what is shown");
    change(f, "service.conf", "{ id = \"en\"; offered = false; }",
           "{ id = \"en\"; }, { id = \"bn-latn\"; }, { id = \"vi\"; }, { id = \"km\"; }");
    is_refused(f, "no file in text/ says language = \"km\"");
    change(f, "service.conf", "{ id = \"km\"; }", "{ id = \"km\"; }, { id = \"ru\"; }");
    is_refused(f, "service.conf:2: 5 languages are offered, at most 4");
}

/* --- states --- */

static void a_careful_node_is_never_served_as_a_draft(void **state)
{
    struct fixture *f = *state;
    change(f, "flow/main.conf", "id = \"main\"; kind = \"menu\";", "id = \"main\"; kind = \"menu\"; careful = true;");
    loads(f);
    title_is(f, "main", 1, "Sample"); /* bn's are drafts: the whole node is English */
    change(f, "text/bn.conf", "title = \"নমুনা\";", "title = \"নমুনা\"; state = \"reviewed\"; source = \"123abc\";");
    loads(f);
    title_is(f, "main", 1, "নমুনা");
    change(f, "text/bn.conf", "reg = \"নিবন্ধন\";", "");
    loads(f);
    title_is(f, "main", 1, "Sample"); /* half of a careful node is none */
    const struct option *leaf = question_find_option(question_of(f, "main"), SPAN("leaf"));
    assert_int_equal(leaf->texts[1].language, 0);
}

static void a_careful_node_that_is_a_draft_everywhere_is_refused(void **state)
{
    struct fixture *f = *state;
    change(f, "flow/main.conf", "id = \"reg\"; kind = \"form\";", "id = \"reg\"; kind = \"form\"; careful = true;");
    loads(f);
    change(f, "text/en.conf", "note = { title", "note = { state = \"draft\"; title");
    is_refused(f, "flow/main.conf:30: \"reg\" is careful, never served as a draft");
    assert_int_equal(f->problems.count, 1); /* said once: all languages end with the first */
}

static void the_safety_page_is_never_a_draft(void **state)
{
    struct fixture *f = *state;
    change(f, "text/bn.conf", "main = {", "safety = { body = \"999!\"; };\nmain = {");
    loads(f);
    assert_true(span_equal_text(service_safety_page(f->service, SPAN("bn")), "Call 999 in danger."));
    change(f, "text/bn.conf", "safety = {", "safety = { state = \"approved\";");
    loads(f);
    assert_true(span_equal_text(service_safety_page(f->service, SPAN("bn")), "999!"));
    change(f, "text/en.conf", "safety = {", "safety = { state = \"draft\";");
    is_refused(f, "text/en.conf:13: the safety page is never served as a draft");
}

/* --- a service that stands on another one --- */

static const char other_conf[] =
    "name = \"other\"; version = \"1\"; zone = \"+05:00\"; base = \"sample\"; facts = { police = \"102\"; };\n"
    "languages = ( { id = \"en\"; }, { id = \"tg\"; fallback = \"en\"; } );\n";
static const char other_flow[] =
    "nodes = ( { id = \"lang\"; kind = \"menu\"; options = ( { key = \"1\"; id = \"en\"; goto = \"main\"; set_language "
    "= "
    "\"en\"; },\n"
    "    { key = \"2\"; id = \"tg\"; goto = \"main\"; set_language = \"tg\"; }, { key = \"9\"; id = \"danger\"; goto = "
    "\"danger\"; } ); },\n"
    "  { id = \"all\"; kind = \"menu\"; options = ( { key = \"1\"; id = \"out\"; goto = \"stop\"; } ); } );\n";
static const char other_en[] = "language = \"en\"; own_name = \"English\"; state = \"approved\";\n"
                               "danger = { title = \"Call {fact.police}\"; };\n"
                               "lang = { tg = \"Tajik\"; };\n";
static const char other_tg[] = "language = \"tg\"; own_name = \"Тоҷикӣ\"; main = { title = \"Намуна\"; };\n";

static void stand_on_the_sample(struct fixture *f)
{
    f->file_count = 0;
    add(f, "service.conf", other_conf);
    add(f, "flow/start.conf", other_flow);
    add(f, "text/en.conf", other_en);
    add(f, "text/tg.conf", other_tg);
    for (size_t i = 0; i < SAMPLE_FILES; i++)
        if (strncmp(sample_files[i].name, "directory/", strlen("directory/")) != 0)
            add(f, arena_format(f->arena, "base/%s", sample_files[i].name).at, sample_files[i].text);
    change(f, "base/service.conf", "{ id = \"bangla\"; goto = \"speak_bn\"; }, ", "");
}

static void a_service_stands_on_another_one(void **state)
{
    struct fixture *f = *state;
    stand_on_the_sample(f);
    loads(f);
    title_is(f, "danger", 0, "Call 102");
    title_is(f, "danger", 1, "Call 102");
    title_is(f, "main", 0, "Sample");
    title_is(f, "main", 1, "Намуна");
    title_is(f, "lang", 0, "Language"); /* the group's other members stay the base's */
    assert_int_equal(service_language_count(f->service), 2);
    assert_int_equal(service_zone_minutes(f->service), 300);
    assert_int_equal(f->service->office_count, 0);
    assert_int_equal(f->service->keyword_count, 4);
    assert_int_equal(question_of(f, "all")->option_count, 1);
    assert_true(service_find_node(f->service, SPAN("leaf"))->inherited);
    assert_false(service_find_node(f->service, SPAN("all"))->inherited);
    assert_null(service_find_node(f->service, SPAN("speak_bn"))); /* nothing leads to it any more */
    assert_non_null(service_find_list(f->service, SPAN("countries")));
    assert_int_equal(f->service->follow_up_count, 0);
}

static void what_is_not_said_here_is_the_base_s(void **state)
{
    struct fixture *f = *state;
    stand_on_the_sample(f);
    change(f, "base/service.conf", "zone",
           "follow_up = { invite = \"long\"; months = [ 1, 3 ]; }; keep_until_closed = [ \"call\" ]; zone");
    loads(f);
    assert_int_equal(f->service->follow_up_count, 2);
    assert_int_equal(f->service->kept_kind_count, 1);
    assert_int_equal(f->service->machine_count, 1);
    change(f, "service.conf", "facts", "follow_up = { invite = \"long\"; months = [ 6 ]; }; facts");
    loads(f);
    assert_int_equal(f->service->follow_up_count, 1);
}

static void what_is_said_here_replaces_the_base(void **state)
{
    struct fixture *f = *state;
    stand_on_the_sample(f);
    add(f, "lists/countries.conf", "id = \"countries\"; items = ( { id = \"ru\"; key = \"1\"; name = \"Russia\"; } );");
    change(f, "service.conf", "facts", "keywords = ( { id = \"bas\"; goto = \"main\"; } ); facts");
    change(f, "text/en.conf", "language", "keywords = { bas = [ \"BAS\" ]; }; language");
    loads(f);
    assert_int_equal(service_find_list(f->service, SPAN("countries"))->item_count, 1);
    assert_int_equal(f->service->keyword_count, 1);
}

static void a_base_has_no_base_and_no_offices_to_give(void **state)
{
    struct fixture *f = *state;
    stand_on_the_sample(f);
    change(f, "base/service.conf", "zone", "base = \"third\"; zone");
    is_refused(f, "base/service.conf:1: \"other\" stands on this service: it cannot stand on another one itself");
    add(f, "base/directory/work.conf", sample_offices);
    is_refused(f, "base/directory/work.conf: expected service.conf");
}

static void a_base_that_is_no_name_is_not_looked_for(void **state)
{
    struct fixture *f = *state;
    char dir[SAMPLE_FOLDER_MAX], path[2 * SAMPLE_FOLDER_MAX];
    sample_make_folders(dir);
    sample_write_folder(dir);
    stand_on_the_sample(f);
    change(f, "service.conf", "\"sample\"", "\"../../etc\"");
    snprintf(path, sizeof path, "%s/service.conf", dir);
    sample_write_file(path, file_of(f, "service.conf")->text.at);
    assert_int_equal(service_load(dir, &f->service, &f->problems, &f->err), OUTCOME_REFUSED);
    assert_int_equal(f->problems.count, 1);
    assert_non_null(strstr(f->problems.lines[0], "\"../../etc\" is no name"));
    sample_remove_folder(dir);
}

static void without_a_base_an_entry_is_missed(void **state)
{
    struct fixture *f = *state;
    change(f, "service.conf", "entry = {", "windows = {");
    is_refused(f, "");
    f->file_count = 0;
    add(f, "service.conf", other_conf);
    is_refused(f, "service.conf: \"entry\" is missing");
}

static void folders_lie_side_by_side(void **state)
{
    struct fixture *f = *state;
    static const char *const own[] = {"service.conf", "flow/start.conf", "text/en.conf", "text/tg.conf"};
    char base[SAMPLE_FOLDER_MAX], dir[SAMPLE_FOLDER_MAX], path[2 * SAMPLE_FOLDER_MAX];
    struct span name = arena_format(f->arena, "sample-%d", (int)getpid());
    sample_make_folders(base);
    sample_write_folder(base);
    assert_int_equal(rename(base, arena_format(f->arena, "/tmp/%s", name.at).at), 0);
    sample_make_folders(dir);
    stand_on_the_sample(f);
    change(f, "service.conf", "\"sample\"", arena_format(f->arena, "\"%s\"", name.at).at);
    change(f, "service.conf", "facts", "keywords = ( { id = \"bas\"; goto = \"main\"; } ); facts");
    change(f, "text/en.conf", "language", "keywords = { bas = [ \"BAS\" ]; }; language");
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, own[i]);
        sample_write_file(path, file_of(f, own[i])->text.at);
    }
    const char *const written[] = {dir, arena_format(f->arena, "%s//", dir).at, arena_format(f->arena, "%s/.", dir).at};
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
        service_free(f->service);
        f->service = NULL;
        enum outcome outcome = service_load(written[i], &f->service, &f->problems, &f->err);
        for (size_t p = 0; p < f->problems.count; p++)
            print_message("%s\n", f->problems.lines[p]);
        assert_int_equal(outcome, OUTCOME_OK);
        title_is(f, "danger", 1, "Call 102");
    }
    sample_remove_folder(arena_format(f->arena, "/tmp/%s", name.at).at);
    sample_remove_folder(dir);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(facts_are_put_in_when_a_service_is_loaded),
        TEST(facts_that_are_missing_are_named),
        TEST(nothing_leads_to_a_language_that_is_not_offered),
        TEST(a_few_languages_are_offered_at_once),
        TEST(a_careful_node_is_never_served_as_a_draft),
        TEST(a_careful_node_that_is_a_draft_everywhere_is_refused),
        TEST(the_safety_page_is_never_a_draft),
        TEST(a_service_stands_on_another_one),
        TEST(what_is_not_said_here_is_the_base_s),
        TEST(what_is_said_here_replaces_the_base),
        TEST(a_base_has_no_base_and_no_offices_to_give),
        TEST(a_base_that_is_no_name_is_not_looked_for),
        TEST(without_a_base_an_entry_is_missed),
        TEST(folders_lie_side_by_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
