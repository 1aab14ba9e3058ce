/* text_file: a text file comes back with its comments, in one layout, and what is not understood is refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/whole_file.h"
#include "menu/text_file.h"
#include "own_arena.h"

static struct text_file *parse(const char *text)
{
    struct problems problems;
    struct text_file *file = NULL;
    problems_init(&problems, arena);
    if (text_file_parse(span_of(text), "text/xx.conf", arena, &file, &problems) != OUTCOME_OK)
        fail_msg("%s", problems.lines[0]);
    return file;
}

static void is_written(const struct text_file *file, const char *expected)
{
    struct span out;
    struct error err = {0};
    if (text_file_write(file, arena, &out, &err) != OUTCOME_OK)
        fail_msg("%s", err.text);
    assert_string_equal(arena_text(arena, out), expected);
}

static const char canonical[] = "# Above.\n"
                                "language = \"xx\";\n"
                                "state = \"draft\";   # for all\n"
                                "\n"
                                "# ---- one\n"
                                "main = { title = \"A \\\"b\\\" \\\\ {x}\\n2\"; danger = \"D\"; };   # short\n"
                                "days = [ \"a\", \"b\" ];\n"
                                "none = [];\n"
                                "triage = {\n"
                                "  # what people write\n"
                                "  violence = [ \"beat me\", \"মারে\" ];   // all of it\n"
                                "  hunger = [ \"no food\" ]; };\n"
                                "call = {\n"
                                "  state = \"draft\"; source = \"123abc\";\n"
                                "  safe = { title = \"Safe?\"; yes = \"Yes\"; };\n"
                                "  when = {\n"
                                "    title = \"When?\";   # of the day\n"
                                "    yes = \"Y\"; }; };\n";

static void a_canonical_file_changes_no_byte(void **state)
{
    (void)state;
    is_written(parse(canonical), canonical);
}

static const struct {
    const char *read, *written;
} layouts[] = {
    {"", ""},
    {"a=\"1\"", "a = \"1\";\n"},
    {"a : \"1\", b = \"2\" c=\"3\";", "a = \"1\";\nb = \"2\";\nc = \"3\";\n"},
    {"a = \"1\" \"2\"\n  \"3\";\r\n", "a = \"123\";\n"},
    {"\n\n\na = \"1\";\n\n\n\nb = \"2\";\n\n", "a = \"1\";\n\nb = \"2\";\n"},
    {"g={a=\"1\";\n\nb=\"2\"}", "g = { a = \"1\"; b = \"2\"; };\n"},
    {"g = { # about g\n a = \"1\"; };", "g = {\n  # about g\n  a = \"1\"; };\n"},
    {"g = { a = \"1\";\n # last\n};", "g = {\n  a = \"1\";\n  # last\n};\n"},
    {"g = { a = \"1\"; # one\n # two\n};", "g = {\n  a = \"1\";   # one\n  # two\n};\n"},
    {"g = { };", "g = { };\n"},
    {"l = ( \"a\" , \"b\", );", NULL},
    {"l = ( \"a\" , \"b\" );", "l = [ \"a\", \"b\" ];\n"},
    {"f = { q = { a = \"1\"; }; };", "f = {\n  q = { a = \"1\"; }; };\n"},
    {"f = { q = { a = \"1\"; }; b = \"2\"; };", "f = {\n  q = { a = \"1\"; };\n  b = \"2\"; };\n"},
};

static void one_layout(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        struct problems problems;
        struct text_file *file = NULL;
        struct span once = SPAN_NONE, twice = SPAN_NONE;
        struct error err;
        problems_init(&problems, arena);
        enum outcome outcome = text_file_parse(span_of(layouts[i].read), "x.conf", arena, &file, &problems);
        if (outcome == OUTCOME_OK)
            outcome = text_file_write(file, arena, &once, &err);
        if (!layouts[i].written) { /* libconfig does not read it either */
            assert_int_equal(outcome, OUTCOME_REFUSED);
            continue;
        }
        assert_int_equal(outcome, OUTCOME_OK);
        assert_string_equal(arena_text(arena, once), layouts[i].written);
        assert_int_equal(text_file_write(parse(arena_text(arena, once)), arena, &twice, &err), OUTCOME_OK);
        assert_true(span_equal(twice, once));
    }
}

static const struct {
    const char *text, *said;
} strange[] = {
    {"a = 1;", "x.conf:1: expected a text in quotes, a list of texts or a group"},
    {"a = true;", "x.conf:1: expected a text in quotes"},
    {"a = \"1\";\n/* note */ b = \"2\";", "x.conf:2: expected a name, a comment or the end of the group"},
    {"a = \"1", "x.conf:1: a text that does not end on its line"},
    {"a = \"1\nb\";", "x.conf:1: a text that does not end on its line"},
    {"a = \"1\\", "x.conf:1: a text that does not end on its line"},
    {"a = \"1\" # why\n;", "x.conf:1: a comment before the ; could not be kept"},
    {"a # why\n= \"1\";", "x.conf:1: expected = behind the name"},
    {"l = [ \"a\", # first\n \"b\" ];", "x.conf:1: a comment inside a list could not be kept"},
    {"l = [ \"a\", 2 ];", "x.conf:1: expected a text in quotes, or the end of the list"},
    {"l = ( { a = \"1\"; } );", "x.conf:1: expected a text in quotes, or the end of the list"},
    {"l = [ \"a\"", "x.conf:1: expected a text in quotes, or the end of the list"},
    {"g = { a = \"1\";", "x.conf:1: expected the end of the group"},
    {"g = { a = \"1\"; } }", "x.conf:1: a } too many"},
    {"a { b }", "x.conf:1: expected = behind the name"},
    {"a = { b = { c = { d = \"1\"; }; }; };", "x.conf:1: expected a text in quotes, a list of texts or a group"},
    {"@include \"b.conf\"\n", "x.conf:1: expected a name"},
    {"1 = \"a\";", "x.conf:1: expected a name"},
    {"\xEF\xBB\xBF"
     "a = \"1\";",
     "x.conf:1: expected a name"},
};

static void what_is_not_understood_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof strange / sizeof *strange; i++) {
        struct problems problems;
        struct text_file *file = NULL;
        problems_init(&problems, arena);
        assert_int_equal(text_file_parse(span_of(strange[i].text), "x.conf", arena, &file, &problems), OUTCOME_REFUSED);
        assert_int_equal(problems.count, 1);
        if (!strstr(problems.lines[0], strange[i].said))
            fail_msg("%s: %s", strange[i].text, problems.lines[0]);
    }
}

static void what_would_not_read_back_is_refused(void **state)
{
    (void)state;
    static const char *const files[] = {"a = \"1\"; a = \"2\";", "a = \"\\q\";", "a = \"\xFF\";"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct span out;
        struct error err;
        assert_int_equal(text_file_write(parse(files[i]), arena, &out, &err), OUTCOME_REFUSED);
    }
}

static void set(struct text_file *file, struct text_path path, const char *words, bool first)
{
    struct span text = span_of(words);
    text_file_set(file, path, (struct text_value){&text, 1, false}, first);
}

static void what_is_set_changes_and_nothing_else(void **state)
{
    (void)state;
    struct text_file *file = parse("# c\nmain = { title = \"A\"; danger = \"D\"; };   # r\nmore = \"x\";\n");
    struct span forms[] = {SPAN("1 request"), SPAN("{requests} requests")};
    set(file, (struct text_path){{"main", "title", NULL}}, "say \"no\" \\ and\nthen", false);
    set(file, (struct text_path){{"main", "state", NULL}}, "draft", true);
    set(file, (struct text_path){{"main", "state", NULL}}, "reviewed", true);
    set(file, (struct text_path){{"main", "new", NULL}}, "N", false);
    set(file, (struct text_path){{"call", "safe", "yes"}}, "য\u09BC", false); /* composed as the loader composes it */
    text_file_set(file, (struct text_path){{"mine", "body", NULL}}, (struct text_value){forms, 2, true}, false);
    is_written(file, "# c\n"
                     "main = { state = \"reviewed\"; title = \"say \\\"no\\\" \\\\ and\\nthen\"; danger = \"D\"; new = "
                     "\"N\"; };   # r\n"
                     "more = \"x\";\n"
                     "call = {\n  safe = { yes = \"য\u09BC\"; }; };\n"
                     "mine = { body = [ \"1 request\", \"{requests} requests\" ]; };\n");
}

static void nothing_is_set_inside_a_text(void **state)
{
    (void)state;
    struct text_file *file = parse("main = \"A\";\n");
    struct span out;
    struct error err;
    set(file, (struct text_path){{"main", "title", NULL}}, "B", false);
    assert_int_equal(text_file_write(file, arena, &out, &err), OUTCOME_REFUSED);
    assert_string_equal(err.text,
                        "text/xx.conf: \"main.title\" would not read back as it was meant to: nothing is written");
}

static void every_truncation_is_answered(void **state)
{
    (void)state;
    for (size_t len = 0; len < sizeof canonical - 1; len++) {
        struct problems problems;
        struct text_file *file = NULL;
        struct span out;
        struct error err;
        problems_init(&problems, arena);
        enum outcome outcome = text_file_parse((struct span){canonical, len}, "x.conf", arena, &file, &problems);
        assert_true(outcome == OUTCOME_OK || problems.count == 1);
        if (outcome == OUTCOME_OK)
            assert_int_not_equal(text_file_write(file, arena, &out, &err), OUTCOME_BROKEN);
    }
}

static void a_file_is_replaced_whole_and_keeps_its_mode(void **state)
{
    (void)state;
    char dir[] = "/tmp/helpline-text-XXXXXX";
    assert_non_null(mkdtemp(dir));
    const char *path = arena_format(arena, "%s/xx.conf", dir).at;
    struct error err;
    struct stat before, after;
    struct span text;
    assert_int_equal(text_file_save(path, SPAN("a = \"1\";\n"), &err), OUTCOME_OK);
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(stat(path, &before), 0);
    assert_int_equal(text_file_save(path, SPAN("a = \"1\";\n"), &err), OUTCOME_OK);
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(after.st_ino, before.st_ino); /* the same already: not touched */
    assert_int_equal(text_file_save(path, SPAN("a = \"2\";\n"), &err), OUTCOME_OK);
    assert_int_equal(stat(path, &after), 0);
    assert_int_not_equal(after.st_ino, before.st_ino);
    assert_int_equal(after.st_mode & 0777, 0640);
    assert_int_equal(whole_file_read(path, 100, arena, &text, &err), OUTCOME_OK);
    assert_string_equal(text.at, "a = \"2\";\n");
    assert_int_equal(text_file_save(arena_format(arena, "%s/no/xx.conf", dir).at, SPAN("a"), &err), OUTCOME_BROKEN);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(dir), 0); /* nothing else was left there */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_canonical_file_changes_no_byte, setup, teardown),
        cmocka_unit_test_setup_teardown(one_layout, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_understood_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(what_would_not_read_back_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_set_changes_and_nothing_else, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_is_set_inside_a_text, setup, teardown),
        cmocka_unit_test_setup_teardown(every_truncation_is_answered, setup, teardown),
        cmocka_unit_test_setup_teardown(a_file_is_replaced_whole_and_keeps_its_mode, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
