#include <string.h>
#include "own_arena.h"
#include "base/buffer.h"
#include "cli/arguments.h"
#include "cli/csv.h"

static int run(const struct verb_arguments *arguments)
{
    (void)arguments;
    return EXIT_DONE;
}

static const struct verb_option options[] = {
    {"from", "NUMBER", "who dials", true, false},
    {"key", "KEY", "a key to press", false, true},
    {"quiet", NULL, "say less", false, false},
    {0},
};
static const struct verb dial = {.name = "dial",
                                 .operands = "CHANNEL [CODE]",
                                 .summary = "dial a channel",
                                 .details = "More about it.",
                                 .options = options,
                                 .operands_min = 1,
                                 .operands_max = 2,
                                 .run = run};
static const struct verb bare = {.name = "bare", .summary = "takes nothing", .run = run};
static const struct verb *const verbs[] = {&dial, &bare, NULL};

/* Words parted by blanks; "" stands for an empty word. */
static enum outcome parse(const struct verb *verb, const char *line, struct verb_arguments **out, struct error *err)
{
    const char **words = ARENA_ARRAY(arena, const char *, strlen(line) + 1);
    size_t count = 0;
    struct span rest = line[0] ? span_of(line) : SPAN_NONE;
    while (span_is_present(rest)) {
        struct span word = span_cut(&rest, ' ');
        words[count++] = span_equal_text(word, "\"\"") ? "" : arena_text(arena, word);
    }
    *out = NULL;
    return arguments_parse(verb, count, words, arena, out, err);
}

static void values_and_operands(void **state)
{
    (void)state;
    struct verb_arguments *arguments;
    struct error err;
    assert_int_equal(
        parse(&dial, "at-ussd --from=+88017 --key 1 --set a.b=1 --key=2=3 --quiet *384# --set c=2", &arguments, &err),
        OUTCOME_OK);
    const char *const *values;
    assert_string_equal(verb_value(arguments, "from"), "+88017");
    assert_string_equal(verb_value(arguments, "key"), "2=3");
    assert_int_equal(verb_values(arguments, "key", &values), 2);
    assert_string_equal(values[0], "1");
    assert_int_equal(verb_values(arguments, "set", &values), 2);
    assert_string_equal(values[1], "c=2");
    assert_true(verb_has(arguments, "quiet"));
    assert_false(verb_has(arguments, "config"));
    assert_null(verb_value(arguments, "config"));
    assert_null(verb_value(arguments, "quiet"));
    assert_int_equal(verb_values(arguments, "quiet", &values), 0);
    assert_int_equal(verb_operands(arguments, &values), 2);
    assert_string_equal(values[0], "at-ussd");
    assert_string_equal(values[1], "*384#");
    assert_false(arguments_want_help(arguments));
}

static void last_one_wins(void **state)
{
    (void)state;
    struct verb_arguments *arguments;
    struct error err;
    assert_int_equal(parse(&dial, "x --from a --from b --from=", &arguments, &err), OUTCOME_OK);
    assert_string_equal(verb_value(arguments, "from"), "");
}

static void operands_that_look_like_options(void **state)
{
    (void)state;
    struct verb_arguments *arguments;
    struct error err;
    const char *const *operands;
    assert_int_equal(parse(&dial, "--from --quiet -- --quiet -x", &arguments, &err), OUTCOME_OK);
    assert_string_equal(verb_value(arguments, "from"), "--quiet"); /* a value is what follows, whatever it looks like */
    assert_false(verb_has(arguments, "quiet"));
    assert_int_equal(verb_operands(arguments, &operands), 2);
    assert_string_equal(operands[0], "--quiet");
    assert_int_equal(parse(&dial, "- --from a", &arguments, &err), OUTCOME_OK);
    assert_int_equal(verb_operands(arguments, &operands), 1);
}

static void refused(void **state)
{
    (void)state;
    static const struct {
        const char *line, *says;
    } cases[] = {
        {"", "--from NUMBER is missing"},
        {"x", "--from NUMBER is missing"},
        {"--from a", "expected CHANNEL [CODE]"},
        {"x y z --from a", "\"z\" is one too many"},
        {"x --from", "--from needs NUMBER"},
        {"x --form a", "nearest is --from"},
        {"x --conf f", "nearest is --config"},
        {"x --from a --quiet=yes", "switch"},
        {"x --from a -q", "two dashes"},
        {"x --from a --", NULL},
        {"x --from a --nothinglikeit", "there is no option --nothinglikeit"},
        {"x --from a --=1", "there is no option --"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct verb_arguments *arguments;
        struct error err = {0};
        enum outcome outcome = parse(&dial, cases[i].line, &arguments, &err);
        assert_int_equal(outcome, cases[i].says ? OUTCOME_REFUSED : OUTCOME_OK);
        if (cases[i].says && !strstr(err.text, cases[i].says))
            fail_msg("\"%s\": %s", cases[i].line, err.text);
        assert_true((arguments == NULL) == (outcome != OUTCOME_OK));
    }
    struct verb_arguments *arguments;
    struct error err;
    assert_int_equal(parse(&bare, "x", &arguments, &err), OUTCOME_REFUSED);
    assert_non_null(strstr(err.text, "no operand"));
}

/* Help is given before anything else is found wrong, but not when it is somebody's operand. */
static void help_is_asked_for(void **state)
{
    (void)state;
    struct verb_arguments *arguments;
    struct error err;
    assert_int_equal(parse(&dial, "--help", &arguments, &err), OUTCOME_OK);
    assert_true(arguments_want_help(arguments));
    assert_int_equal(parse(&dial, "--nonsense a b c d -h", &arguments, &err), OUTCOME_OK);
    assert_true(arguments_want_help(arguments));
    assert_int_equal(parse(&dial, "--from a -- --help", &arguments, &err), OUTCOME_OK);
    assert_false(arguments_want_help(arguments));
}

static const char *text_of(const struct buffer *text)
{
    assert_false(buffer_failed(text));
    return arena_text(arena, buffer_span(text));
}

/* The help is the table: whatever parses is in it. */
static void help_tells_all(void **state)
{
    (void)state;
    struct buffer text;
    buffer_init(&text, arena, 8192);
    help_write_verb(&dial, &text);
    const char *said = text_of(&text);
    static const char *const expected[] = {"helpline dial CHANNEL [CODE]",
                                           "dial a channel",
                                           "More about it.",
                                           "--from NUMBER",
                                           "(required)",
                                           "--key KEY",
                                           "(may be repeated)",
                                           "--quiet",
                                           "--config FILE",
                                           "--set PATH=VALUE",
                                           "--help"};
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        if (!strstr(said, expected[i]))
            fail_msg("the help lacks \"%s\":\n%s", expected[i], said);
    buffer_init(&text, arena, 8192);
    help_write_list(verbs, &text);
    said = text_of(&text);
    assert_non_null(strstr(said, "dial      dial a channel"));
    assert_non_null(strstr(said, "bare      takes nothing"));
    assert_non_null(strstr(said, "7 no gateway answers"));
}

static void unknown_verbs(void **state)
{
    (void)state;
    assert_ptr_equal(help_find(verbs, "bare"), &bare);
    assert_null(help_find(verbs, "bar"));
    struct buffer text;
    buffer_init(&text, arena, 1024);
    help_write_unknown(verbs, "dail", &text);
    assert_non_null(strstr(text_of(&text), "nearest is \"dial\""));
    buffer_init(&text, arena, 1024);
    help_write_unknown(verbs, "completely-else", &text);
    assert_null(strstr(text_of(&text), "nearest"));
}

/* ---- CSV ---- */

static void csv_cells(void **state)
{
    (void)state;
    static const struct {
        const char *value, *cell; /* NULL: absent */
    } cases[] = {
        {NULL, ""},
        {"", "\"\""},
        {"plain", "plain"},
        {"a,b", "\"a,b\""},
        {"say \"hi\"", "\"say \"\"hi\"\"\""},
        {"two\nlines", "\"two\nlines\""},
        {"two\r\nlines", "\"two\r\nlines\""},
        {" padded", "\" padded\""},
        {"padded ", "\"padded \""},
        {"+8801712345678", "+8801712345678"},
        {"-5", "-5"},
        {"0712", "0712"},
        {"-1.5", "-1.5"},
        {"+880 17", "'+880 17"},
        {"+1+2", "'+1+2"},
        {"+1.2.3", "'+1.2.3"},
        {"-.5", "'-.5"},
        {"+5.", "'+5."},
        {"+", "'+"},
        {"-", "'-"},
        {"=1+1", "'=1+1"},
        {"=HYPERLINK(\"x\",1)", "\"'=HYPERLINK(\"\"x\"\",1)\""},
        {"@SUM(A1)", "'@SUM(A1)"},
        {"\tcmd", "\"'\tcmd\""},
        {"\r=1", "\"'\r=1\""},
        {"'quoted", "''quoted"},
        {"-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"},
        {"সাহায্য", "সাহায্য"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer out;
        buffer_init(&out, arena, 1024);
        csv_add_cell(&out, span_of(cases[i].value));
        if (strcmp(text_of(&out), cases[i].cell) != 0)
            fail_msg("case %zu: %s", i, text_of(&out));
    }
}

static void csv_rows(void **state)
{
    (void)state;
    const struct span values[] = {SPAN("a"), SPAN_NONE, SPAN("b,c")};
    struct buffer out;
    buffer_init(&out, arena, 1024);
    csv_add_row(&out, values, 3);
    csv_add_row(&out, values, 1);
    assert_string_equal(text_of(&out), "a,,\"b,c\"\r\na\r\n");
}

/* Reads one cell back as the help of `export` says: quotes off, doubled quotes halved, one leading ' off. */
static struct span read_cell(struct span cell)
{
    char *out = arena_alloc(arena, cell.len + 1);
    size_t to = 0;
    bool quoted = cell.len > 0 && cell.at[0] == '"';
    if (quoted)
        cell = span_first(span_from(cell, 1), cell.len - 2);
    for (size_t i = 0; i < cell.len; i++) {
        out[to++] = cell.at[i];
        if (quoted && cell.at[i] == '"')
            i++;
    }
    struct span value = {out, to};
    return span_starts_with(value, SPAN("'")) ? span_from(value, 1) : value;
}

/* Every text of up to four of the characters that matter comes back as it was, and none is left a formula. */
static void csv_round_trip(void **state)
{
    (void)state;
    static const char alphabet[] = "=+-@'\"\t\r\n ,.1a";
    const size_t letters = sizeof alphabet - 1;
    for (size_t n = 0; n < letters * letters * letters * letters; n++) {
        char text[4];
        for (size_t i = 0, rest = n; i < 4; i++, rest /= letters)
            text[i] = alphabet[rest % letters];
        struct span value = {text, 1 + n % 4};
        struct buffer out;
        buffer_init(&out, arena, 64);
        csv_add_cell(&out, value);
        assert_true(span_equal(read_cell(buffer_span(&out)), value));
        struct span cell = buffer_span(&out);
        struct span shown = cell.len > 0 && cell.at[0] == '"' ? span_from(cell, 1) : cell;
        if (strchr("=@\t", shown.at[0]) && shown.len > 0)
            fail_msg("a formula got through: case %zu", n);
        if (n % 1024 == 0)
            arena_reset(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_and_operands),
        cmocka_unit_test(last_one_wins),
        cmocka_unit_test(operands_that_look_like_options),
        cmocka_unit_test(refused),
        cmocka_unit_test(help_is_asked_for),
        cmocka_unit_test(help_tells_all),
        cmocka_unit_test(unknown_verbs),
        cmocka_unit_test(csv_cells),
        cmocka_unit_test(csv_rows),
        cmocka_unit_test(csv_round_trip),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
