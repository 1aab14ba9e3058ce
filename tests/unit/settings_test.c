/* settings: all that libconfig accepts in silence is refused with its line; the table finds what does not belong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/settings.h"

struct fixture {
    struct arena *arena;
    struct problems problems;
    struct settings *settings;
    struct error err;
    char folder[64], path[128];
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->arena = arena_create(4096);
    problems_init(&f->problems, f->arena);
    snprintf(f->folder, sizeof f->folder, "/tmp/helpline-settings-XXXXXX");
    if (!mkdtemp(f->folder)) {
        return -1;
    }
    snprintf(f->path, sizeof f->path, "%s/file", f->folder);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    settings_free(f->settings);
    arena_destroy(f->arena);
    unlink(f->path);
    rmdir(f->folder);
    free(f);
    return 0;
}

static enum outcome parse_bytes(struct fixture *f, const char *text, size_t len)
{
    settings_free(f->settings);
    arena_reset(f->arena);
    problems_init(&f->problems, f->arena);
    /* A copy of exactly this size, so that a sanitizer sees every step beyond it. */
    char *exact = malloc(len ? len : 1);
    if (len > 0) {
        memcpy(exact, text, len);
    }
    enum outcome outcome = settings_parse((struct span){exact, len}, "f.conf", &f->settings, &f->problems);
    free(exact);
    assert_int_equal(outcome == OUTCOME_OK, f->settings != NULL);
    assert_int_equal(outcome == OUTCOME_OK, f->problems.count == 0);
    if (outcome == OUTCOME_REFUSED) {
        assert_memory_equal(f->problems.lines[0], "f.conf:", 7);
        assert_null(strstr(f->problems.lines[0], "syntax error")); /* libconfig's only words: ours must come before */
    }
    return outcome;
}

static struct setting parse(struct fixture *f, const char *text)
{
    if (parse_bytes(f, text, strlen(text)) != OUTCOME_OK) {
        fail_msg("%s", f->problems.lines[0]);
    }
    return settings_root(f->settings);
}

static void assert_finding(const struct fixture *f, const char *part)
{
    for (size_t i = 0; i < f->problems.count; i++) {
        if (strstr(f->problems.lines[i], part)) {
            return;
        }
    }
    fail_msg("no finding \"%s\", first is \"%s\"", part, f->problems.count ? f->problems.lines[0] : "none");
}

static void write_file(const struct fixture *f, const char *text, size_t len)
{
    FILE *file = fopen(f->path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static const char SAMPLE[] = "# a comment\n"
                             "listen : { webhooks = \"127.0.0.1:8080\"; port = 8080; };\n"
                             "/* a block\n   of two lines */\n"
                             "languages = [ \"en\",\n"
                             "  \"bn\"\n"
                             "];\n"
                             "nodes = (\n"
                             "  { id = \"start\"; text = \"one \" \n    \"two\"; },\n"
                             "  { id = \"end\"; last = true; wait = 5000000000L; }\n"
                             ");\n"
                             "empty = (); none = [];\n"
                             "bangla = \"\xE0\xA6\xB8\"; // \xE0\xA6\xB8\n"
                             "less = -5; hex = 0xFF; escaped = \"a\\n\\\"b\\\\\\x41\\t\"";

static void reads_what_is_written(void **state)
{
    struct fixture *f = *state;
    struct setting root = parse(f, SAMPLE), listen = setting_get(root, "listen");
    assert_true(span_equal_text(setting_string(listen, "webhooks", "x"), "127.0.0.1:8080"));
    assert_int_equal(setting_integer(listen, "port", 1), 8080);
    assert_int_equal(setting_count(setting_get(root, "languages")), 2);
    struct setting nodes = setting_get(root, "nodes");
    assert_true(setting_is_list(nodes));
    assert_int_equal(setting_count(nodes), 2);
    assert_true(span_equal_text(setting_string(setting_at(nodes, 0), "text", ""), "one two"));
    assert_true(setting_bool(setting_at(nodes, 1), "last", false));
    assert_int_equal(setting_integer(setting_at(nodes, 1), "wait", 0), 5000000000);
    assert_int_equal(setting_integer(root, "less", 0), -5);
    assert_int_equal(setting_integer(root, "hex", 0), 255);
    assert_true(span_equal_text(setting_string(root, "escaped", ""), "a\n\"b\\A\t"));
    assert_true(span_equal_text(setting_string(root, "bangla", ""), "\xE0\xA6\xB8"));
    assert_string_equal(setting_name(listen), "listen");
    assert_string_equal(setting_name(setting_at(nodes, 0)), "");
    assert_string_equal(setting_name(root), "");
}

static void absent_gives_the_default(void **state)
{
    struct fixture *f = *state;
    struct setting root = parse(f, "g : { s = \"x\"; n = 1; };"), none = setting_get(root, "nix");
    assert_false(setting_is_present(none));
    assert_false(setting_is_present(setting_get(none, "deeper")));
    assert_false(setting_is_present(setting_at(none, 0)));
    assert_false(setting_is_present(setting_at(root, 1)));
    assert_int_equal(setting_count(none), 0);
    assert_false(setting_is_group(none) || setting_is_list(none) || setting_is_string(none));
    assert_false(span_is_present(setting_as_string(none)));
    assert_false(span_is_present(setting_string(root, "nix", NULL)));
    assert_true(span_equal_text(setting_string(root, "nix", "d"), "d"));
    assert_int_equal(setting_integer(root, "nix", 7), 7);
    assert_true(setting_bool(root, "nix", true));
    struct setting g = setting_get(root, "g"); /* another type is as good as absent */
    assert_int_equal(setting_integer(g, "s", 7), 7);
    assert_true(setting_bool(g, "n", true));
    assert_true(span_equal_text(setting_string(g, "n", "d"), "d"));
    assert_int_equal(setting_count(setting_get(g, "s")), 0);
}

static void lines_are_true(void **state)
{
    struct fixture *f = *state;
    struct setting root =
        parse(f, "a\n=\n\"x\"\n;\nl = (\n  \"one\",\n  \"two\"\n  \"more\"\n\n,\n\n[ \"in\"\n]\n);\n\ng : {\n b "
                 "= 1;\n};\n");
    struct setting list = setting_get(root, "l");
    assert_int_equal(setting_line(setting_get(root, "a")), 1);
    assert_int_equal(setting_line(setting_at(list, 0)), 6);
    assert_int_equal(setting_line(setting_at(list, 1)), 7);
    assert_int_equal(setting_line(setting_at(setting_at(list, 2), 0)), 12);
    assert_int_equal(setting_line(setting_get(setting_get(root, "g"), "b")), 17);
    assert_string_equal(setting_file(list), "f.conf");
    setting_problem(setting_at(list, 1), &f->problems, "is %s", "wrong");
    assert_string_equal(f->problems.lines[0], "f.conf:7: is wrong");
}

static void texts_come_in_nfc(void **state)
{
    struct fixture *f = *state;
    struct setting root = parse(f, "a = \"\xE0\xA7\x9F\"; b = \"e\xCC\x81\"; c = [ \"e\" \n \"\xCC\x81\" ];");
    assert_true(span_equal_text(setting_string(root, "a", ""), "\xE0\xA6\xAF\xE0\xA6\xBC"));
    assert_true(span_equal_text(setting_string(root, "b", ""), "\xC3\xA9"));
    assert_true(span_equal_text(setting_as_string(setting_at(setting_get(root, "c"), 0)), "\xC3\xA9"));
}

static void accepts(void **state)
{
    struct fixture *f = *state;
    static const char *const cases[] = {
        "",
        "\n\n",
        "# only a comment",
        "// only a comment",
        "a = 2147483647; b = -2147483647; c = 9223372036854775807L; d = 0; e = 0x7FFFFFFF; f = 0xFFFFFFFFL;",
        "a = TRUE; b = False;",
        "a = 1 b = 2",
        "a : { b : { c = ( ( [ 1, 2 ] ) ); }; };",
        "a = 1;\r\nb = \"x\";\r\n",
        "a = \"/* no comment */ # none // none @include\";",
        "a = ( \"x\"\n\"y\" );",
        "*any-name_1 = 1;",
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        parse(f, cases[i]);
    }
}

static const struct {
    const char *text, *finding;
} refusals[] = {
    {"\xEF\xBB\xBF"
     "a = 1;",
     "f.conf:1: the file starts with a byte order mark"},
    {"a = 1;\nb = 3000000000;", "f.conf:2: a number over 2147483647 takes an L"},
    {"a = 2147483648;", "f.conf:1: a number over"},
    {"a = -2147483648;", "f.conf:1: a number over"},
    {"a = 0x80000000;", "f.conf:1: a number over"},
    {"a = 9223372036854775808L;", "f.conf:1: this number is too large"},
    {"a = 99999999999999999999L;", "f.conf:1: this number is too large"},
    {"a = 0712;", "f.conf:1: a number loses the 0"},
    {"a = -01;", "f.conf:1: a number loses the 0"},
    {"a = [ 1,\n 00 ];", "f.conf:2: a number loses the 0"},
    {"a = 10s;", "f.conf:1: expected a whole number"},
    {"a = 12abc = 5;", "f.conf:1: expected a whole number"},
    {"a = 1.2.3.4;", "f.conf:1: expected a whole number"},
    {"a = 1.5;", "f.conf:1: expected a whole number"},
    {"a = 1e5;", "f.conf:1: expected a whole number"},
    {"a = 0x;", "f.conf:1: expected a whole number"},
    {"a = .5;", "f.conf:1: a character that means nothing here"},
    {"a = -0x5;", "f.conf:1: expected a whole number"},
    {"a = 1LLL;", "f.conf:1: expected a whole number"},
    {"a = 08:30;", "f.conf:1: a number loses the 0"},
    {"\n\n/* never\nends", "f.conf:3: this comment never ends"},
    {"a = 1; /*/", "f.conf:1: this comment never ends"},
    {"a = \"x\xFF\";", "f.conf:1: not valid UTF-8"},
    {"\n# \xC3\x28", "f.conf:2: not valid UTF-8"},
    {"a = \"\xED\xA0\x80\";", "f.conf:1: not valid UTF-8"},
    {"a = \"\xC0\x80\";", "f.conf:1: not valid UTF-8"},
    {"a = \"one\ntwo\";", "f.conf:1: this text is not closed"},
    {"a = 1;\nb = \"x;\nc = 2;", "f.conf:2: this text is not closed"},
    {"a = \"x", "f.conf:1: this text is not closed"},
    {"a = \"x\\", "f.conf:1: "},
    {"a = \"x\\\"", "f.conf:1: this text is not closed"},
    {"a = \"\\q\";", "f.conf:1: unknown escape"},
    {"a = \"\\u00e9\";", "f.conf:1: unknown escape"},
    {"a = \"\\a\";", "f.conf:1: unknown escape"},
    {"a = \"\\x00\";", "f.conf:1: \\x stands for ASCII only"},
    {"a = \"\\xe9\";", "f.conf:1: \\x stands for ASCII only"},
    {"a = \"\\x4\";", "f.conf:1: \\x stands for ASCII only"},
    {"a = \"\x01\";", "f.conf:1: a control character"},
    {"a = \"\x7F\";", "f.conf:1: a control character"},
    {"a = yes;", "f.conf:1: a bare word as a value"},
    {"a = [ en, bn ];", "f.conf:1: a bare word as a value"},
    {"a = ( \"x\" \"y\" );", "f.conf:1: a comma is missing between two texts"},
    {"a = [ 1,\n2,\n];", "f.conf:2: a comma behind the last item"},
    {"true = \"x\";", "f.conf:1: true and false are values"},
    {"a = 1; FALSE = 2;", "f.conf:1: true and false are values"},
    {"98 = \"x\";", "f.conf:1: expected a name here"},
    {"a = 1;\n\"mo-init\" = 2;", "f.conf:2: expected a name here"},
    {"_a = 1;", "f.conf:1: a character that means nothing here"},
    {"\xC3\xA9 = 1;", "f.conf:1: a character outside of ASCII"},
    {"a = \xE2\x80\x9Cx\xE2\x80\x9D;", "typographic quote"},
    {"@include \"/etc/passwd\"", "f.conf:1: @include is not known here"},
    {"a = 1;\n  @include \"x\"", "f.conf:2: @include is not known here"},
    {"a : {\nb : {\n};", "f.conf:1: this { is never closed"},
    {"a = (1\n];", "f.conf:2: ] here, but expected ) for the ( of line 1"},
    {"a = 1; };", "f.conf:1: this } closes nothing"},
    {"a = 1;\nA = 1;\na = 2;", "f.conf:3: duplicate setting name"},
    {"a = 1;\nb 2;", "f.conf:2: expected = or : behind a name"},
    {"a = (1,,2);", "f.conf:1: expected an item of the list here"},
    {"a = ( , 1 );", "f.conf:1: expected an item of the list here"},
    {"a = (1;2);", "f.conf:1: expected a comma between two items"},
    {"a = (1 2);", "f.conf:1: expected a comma between two items"},
    {"a = ({ } { });", "f.conf:1: expected a comma between two items"},
    {"a = [ { } ];", "f.conf:1: [ ] holds plain values only"},
    {"a = 5 6;", "f.conf:1: expected ; behind a value"},
    {"a = ;", "f.conf:1: expected a value behind ="},
    {"a = = 5;", "f.conf:1: expected a value behind ="},
    {"b = 1;\na =\n\n", "f.conf:2: expected a value behind ="},
    {"a\n\n", "f.conf:1: expected = or : behind a name"},
    {"a : { b }", "f.conf:1: expected = or : behind a name"},
    {"a = 1;;", "f.conf:1: expected a name here"},
    {"a = 1\n\"b\" = 2;", "f.conf:2: expected ; behind a value"},
    {"a = \"1\"\n\"b\" = 2;", "f.conf:2: expected a name before ="},
    {"= 5", "f.conf:1: expected a name here"},
    {"{ a = 1; }", "f.conf:1: expected a name here"},
    {"a = [ 1, \"x\" ];", "f.conf:1: mismatched element type in array"},
    {"a = \x02;", "f.conf:1: a character that means nothing here"},
};

static void refuses_with_line_and_reason(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        if (parse_bytes(f, refusals[i].text, strlen(refusals[i].text)) == OUTCOME_OK) {
            fail_msg("accepted: %s", refusals[i].text);
        }
        assert_finding(f, refusals[i].finding);
    }
    assert_int_equal(parse_bytes(f, "a = 1;\n\0", 8), OUTCOME_REFUSED);
    assert_finding(f, "f.conf:2: a NUL byte");
}

static void nesting_and_size_are_bounded(void **state)
{
    struct fixture *f = *state;
    char text[200] = "a = ";
    memset(text + 4, '(', 100);
    assert_int_equal(parse_bytes(f, text, 104), OUTCOME_REFUSED);
    assert_finding(f, "nested too deep");
    size_t len = 1024 * 1024;
    char *large = malloc(len + 1);
    memset(large, '\n', len + 1);
    assert_int_equal(parse_bytes(f, large, len), OUTCOME_OK);
    assert_int_equal(parse_bytes(f, large, len + 1), OUTCOME_REFUSED);
    write_file(f, large, len + 1);
    struct settings *settings;
    assert_int_equal(settings_read(f->path, "f.conf", &settings, &f->problems, &f->err), OUTCOME_REFUSED);
    assert_null(settings);
    free(large);
}

/* Whatever is cut off or put in: an answer, and when it is no, a finding with its file. */
static void hostile_bytes_get_an_answer(void **state)
{
    struct fixture *f = *state;
    static const char bytes[] = "\"\\{)]#/*@=9L\n\r\xFF\xC3 \0";
    char text[sizeof SAMPLE];
    for (size_t len = 0; len < sizeof SAMPLE; len++) {
        parse_bytes(f, SAMPLE, len);
    }
    for (size_t at = 0; at < sizeof SAMPLE - 1; at++) {
        for (size_t i = 0; i < sizeof bytes; i++) {
            memcpy(text, SAMPLE, sizeof text);
            text[at] = bytes[i];
            parse_bytes(f, text, sizeof text - 1);
        }
    }
}

static void findings_show_no_value(void **state)
{
    struct fixture *f = *state;
    static const char *const cases[] = {"a = 4915112345678;", "a = 0151123456;", "a = secretword;",
                                        "a = \"secretword\n\";"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(parse_bytes(f, cases[i], strlen(cases[i])), OUTCOME_REFUSED);
        assert_null(strstr(f->problems.lines[0], "123456"));
        assert_null(strstr(f->problems.lines[0], "secretword"));
    }
}

static void reads_files(void **state)
{
    struct fixture *f = *state;
    struct settings *settings;
    assert_int_equal(settings_read(f->path, NULL, &settings, &f->problems, &f->err), OUTCOME_NOT_FOUND);
    assert_null(settings);
    assert_int_equal(settings_read(f->folder, NULL, &settings, &f->problems, &f->err), OUTCOME_REFUSED);
    assert_int_equal(f->problems.count, 1);
    write_file(f, "a = 5", 5);
    assert_int_equal(settings_read(f->path, NULL, &settings, &f->problems, &f->err), OUTCOME_OK);
    assert_int_equal(setting_integer(settings_root(settings), "a", 0), 5);
    assert_string_equal(setting_file(settings_root(settings)), f->path);
    settings_free(settings);
    write_file(f, "a = ", 4);
    assert_int_equal(settings_read(f->path, "shown.conf", &settings, &f->problems, &f->err), OUTCOME_REFUSED);
    assert_finding(f, "shown.conf:");
    settings_free(NULL);
}

static const char *const modes[] = {"fast", "slow", NULL};
static const struct setting_rule rules[] = {
    {"name", SETTING_STRING, true, 1, 5, NULL, "a name"},
    {"port", SETTING_INTEGER, false, 1, 65535, NULL, "a port"},
    {"offset", SETTING_INTEGER, false, -720, 0, NULL, "no upper bound"},
    {"on", SETTING_BOOL, false, 0, 0, NULL, "a switch"},
    {"mode", SETTING_STRING, false, 0, 0, modes, "a choice"},
    {"listen", SETTING_GROUP, false, 0, 0, NULL, "a group"},
    {"nodes", SETTING_LIST, false, 0, 0, NULL, "a list"},
    {"languages", SETTING_STRINGS, false, 2, 2, NULL, "texts"},
    {NULL, SETTING_STRING, false, 0, 0, NULL, NULL},
};

static void the_table_finds_what_is_wrong(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *text, *finding; /* no finding: it holds */
    } cases[] = {
        {"name = \"x\";", NULL},
        {"name = \"12345\"; port = 65535; offset = 5000000000L; on = false; mode = \"slow\"; listen : { }; nodes = ( "
         ");",
         NULL},
        {"name = \"x\"; nodes = [ ]; languages = ( \"en\", \"bn\" );", NULL},
        {"name = \"x\"; languages = [ ];", NULL},
        {"", "f.conf: \"name\" is missing; expected text in quotes"},
        {"name = \"\";", "f.conf:1: \"name\" is out of range; expected a length in bytes of 1 to 5"},
        {"name = \"123456\";", "f.conf:1: \"name\" is out of range"},
        {"name = \"\xE0\xA7\x9F\";", "f.conf:1: \"name\" is out of range"}, /* six bytes in NFC */
        {"name = 5;", "f.conf:1: \"name\" has the wrong type; expected text in quotes"},
        {"name = \"x\";\nport = 0;", "f.conf:2: \"port\" is out of range; expected a number of 1 to 65535"},
        {"name = \"x\"; port = 65536;", "\"port\" is out of range"},
        {"name = \"x\"; port = 4295032831L;", "\"port\" is out of range"}, /* 65535 after a wrap */
        {"name = \"x\"; port = \"80\";", "\"port\" has the wrong type; expected a whole number"},
        {"name = \"x\"; offset = -721;", "\"offset\" is out of range; expected a number of -720 or more"},
        {"name = \"x\"; on = 1;", "\"on\" has the wrong type; expected true or false"},
        {"name = \"x\"; mode = \"fsat\";", "\"mode\" is none of: fast, slow; nearest is fast"},
        {"name = \"x\"; mode = \"purple\";", "\"mode\" is none of: fast, slow"},
        {"name = \"x\"; listen = ( );", "\"listen\" has the wrong type; expected a group"},
        {"name = \"x\"; nodes : { };", "\"nodes\" has the wrong type; expected a list"},
        {"name = \"x\"; languages = [ 1 ];", "an item of \"languages\" is not text"},
        {"name = \"x\"; languages = [ \"en\",\n\"eng\"\n];", "f.conf:2: \"languages\" is out of range"},
        {"name = \"x\";\n\nlanguage = [ ];", "f.conf:3: \"language\" is not known here; nearest is languages"},
        {"name = \"x\"; Port = 5;", "\"Port\" is not known here; nearest is port"},
        {"name = \"x\"; zzzzzz = 5;", "\"zzzzzz\" is not known here; expected one of: name, port, offset, on"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        settings_check(parse(f, cases[i].text), rules, &f->problems);
        if (cases[i].finding) {
            assert_finding(f, cases[i].finding);
        } else if (f->problems.count > 0) {
            fail_msg("%s", f->problems.lines[0]);
        }
    }
    settings_check(setting_get(parse(f, "listen = 5;"), "listen"), rules, &f->problems);
    assert_finding(f, "f.conf:1: expected a group");
}

static void a_missing_name_says_where(void **state)
{
    struct fixture *f = *state;
    settings_check(setting_get(parse(f, "\nlisten :\n{ };"), "listen"), rules, &f->problems);
    assert_finding(f, "f.conf:2: \"name\" is missing in listen");
}

static void overrides_take_the_type_of_the_table(void **state)
{
    struct fixture *f = *state;
    struct setting root = parse(f, "name = \"x\"; languages = [ \"en\" ];");
    static const char *const given[] = {"name=y=1",         "port=8080", "on=true",
                                        "languages=bn, hi", "mode=slow", "offset=-5"};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        assert_int_equal(settings_override(f->settings, given[i], &f->err), OUTCOME_OK);
    }
    settings_check(root, rules, &f->problems);
    assert_int_equal(f->problems.count, 0);
    assert_true(span_equal_text(setting_string(root, "name", ""), "y=1"));
    assert_int_equal(setting_integer(root, "port", 0), 8080);
    assert_int_equal(setting_integer(root, "offset", 0), -5);
    assert_true(setting_bool(root, "on", false));
    struct setting languages = setting_get(root, "languages");
    assert_int_equal(setting_count(languages), 2);
    assert_true(span_equal_text(setting_as_string(setting_at(languages, 1)), "hi"));
}

static void overrides_are_checked_too(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *given, *finding;
    } cases[] = {
        {"port=http", "--set: \"port\" has the wrong type"},
        {"port=", "--set: \"port\" has the wrong type"},
        {"port=99999999999999999999", "--set: \"port\" has the wrong type"},
        {"port=9223372036854775808", "--set: \"port\" has the wrong type"},
        {"port=70000", "--set: \"port\" is out of range"},
        {"on=yes", "--set: \"on\" has the wrong type"},
        {"name=", "--set: \"name\" is out of range"},
        {"mode=fsat", "--set: \"mode\" is none of: fast, slow; nearest is fast"},
        {"languages=eng", "--set: \"languages\" is out of range"},
        {"prt=5", "--set: \"prt\" is not known here; nearest is port"},
        {"deep.er=5", "--set: \"deep\" is not known here"},
        {"listen=5", "--set: \"listen\" has the wrong type"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct setting root = parse(f, "name = \"x\";");
        assert_int_equal(settings_override(f->settings, cases[i].given, &f->err), OUTCOME_OK);
        settings_check(root, rules, &f->problems);
        assert_finding(f, cases[i].finding);
    }
}

static void overrides_make_groups_and_keep_neighbours(void **state)
{
    struct fixture *f = *state;
    struct setting root = parse(f, "listen : { webhooks = \"a\"; console = \"b\"; };");
    assert_int_equal(settings_override(f->settings, "listen.webhooks=c", &f->err), OUTCOME_OK);
    assert_int_equal(settings_override(f->settings, "channels.at-ussd.secret=s", &f->err), OUTCOME_OK);
    struct setting listen = setting_get(root, "listen");
    assert_true(span_equal_text(setting_string(listen, "webhooks", ""), "c"));
    assert_true(span_equal_text(setting_string(listen, "console", ""), "b"));
    struct setting channel = setting_get(setting_get(root, "channels"), "at-ussd");
    assert_true(span_equal_text(setting_string(channel, "secret", ""), "s"));
    assert_string_equal(setting_file(channel), "--set");
    assert_int_equal(setting_line(channel), 0);
}

static void overrides_that_cannot_be(void **state)
{
    struct fixture *f = *state;
    static const char *const cases[] = {"",      "x",   "=5",    ".a=5", "a.=5",   "a..b=5", "9=5",
                                        "a b=5", "g=5", "n.x=5", "l=5",  "s=\xFF", "s=a\nb", "\xC3\xA9=5"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        parse(f, "g : { }; n = 1; l = ( { } ); s = \"x\";");
        f->err.text[0] = '\0';
        assert_int_equal(settings_override(f->settings, cases[i], &f->err), OUTCOME_REFUSED);
        assert_memory_equal(f->err.text, "--set", 5);
    }
}

static void overrides_read_files(void **state)
{
    struct fixture *f = *state;
    struct setting root = parse(f, "");
    char given[200];
    snprintf(given, sizeof given, "s=@%s", f->path);
    assert_int_equal(settings_override(f->settings, given, &f->err), OUTCOME_NOT_FOUND);
    write_file(f, " the secret \r\n\n", 15);
    assert_int_equal(settings_override(f->settings, given, &f->err), OUTCOME_OK);
    assert_true(span_equal_text(setting_string(root, "s", ""), " the secret"));
    static const struct {
        const char *text;
        size_t len;
    } bad[] = {{"two\nlines", 9}, {"a\0b", 3}, {"\xFF", 1}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        write_file(f, bad[i].text, bad[i].len);
        assert_int_equal(settings_override(f->settings, given, &f->err), OUTCOME_REFUSED);
    }
    char *long_line = calloc(1, 64 * 1024 + 1);
    memset(long_line, 'x', 64 * 1024 + 1);
    write_file(f, long_line, 64 * 1024);
    assert_int_equal(settings_override(f->settings, given, &f->err), OUTCOME_OK);
    write_file(f, long_line, 64 * 1024 + 1);
    assert_int_equal(settings_override(f->settings, given, &f->err), OUTCOME_REFUSED);
    free(long_line);
    write_file(f, "", 0);
    assert_int_equal(settings_override(f->settings, given, &f->err), OUTCOME_OK);
    assert_true(span_equal_text(setting_string(root, "s", "x"), ""));
    assert_int_equal(settings_override(f->settings, "s=@@file", &f->err), OUTCOME_OK);
    assert_true(span_equal_text(setting_string(root, "s", ""), "@file"));
}

static void finds_the_nearest_name(void **state)
{
    (void)state;
    static const char *const names[] = {"listen", "languages", "data", "id", "x", "near", "nearer", "neared", NULL};
    static const char *const cases[][2] = {
        {"lisen", "listen"},
        {"lsiten", "listen"},
        {"LISTEN", "listen"},
        {"listens", "listen"},
        {"language", "languages"},
        {"langauges", "languages"},
        {"dta", "data"},
        {"date", "data"},
        {"di", "id"},
        {"idd", "id"},
        {"nearel", "nearer"},
        {"zebra", NULL},
        {"", NULL},
        {"y", NULL},
        {"completely-else", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *nearest = settings_nearest(span_of(cases[i][0]), names);
        if (cases[i][1]) {
            assert_non_null(nearest);
            assert_string_equal(nearest, cases[i][1]);
        } else {
            assert_null(nearest);
        }
    }
    char text[100];
    memset(text, 'l', sizeof text);
    assert_null(settings_nearest((struct span){text, sizeof text}, names));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_what_is_written),
        TEST(absent_gives_the_default),
        TEST(lines_are_true),
        TEST(texts_come_in_nfc),
        TEST(accepts),
        TEST(refuses_with_line_and_reason),
        TEST(nesting_and_size_are_bounded),
        TEST(hostile_bytes_get_an_answer),
        TEST(findings_show_no_value),
        TEST(reads_files),
        TEST(the_table_finds_what_is_wrong),
        TEST(a_missing_name_says_where),
        TEST(overrides_take_the_type_of_the_table),
        TEST(overrides_are_checked_too),
        TEST(overrides_make_groups_and_keep_neighbours),
        TEST(overrides_that_cannot_be),
        TEST(overrides_read_files),
        cmocka_unit_test(finds_the_nearest_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
