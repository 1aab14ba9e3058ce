#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cmocka_all.h"
#include "core/config.h"

/* The tests run from the top of the repository. */
#define SAMPLE "conf/helpline.conf"
#define MINIMAL "conf/helpline-minimal.conf"

struct loaded {
    struct arena *arena;
    struct problems problems;
    struct config *config;
    struct error err;
    enum outcome outcome;
};

static void read_with(struct loaded *loaded, const char *path, const char *const *overrides, size_t count)
{
    loaded->arena = arena_create(65536);
    loaded->config = NULL;
    problems_init(&loaded->problems, loaded->arena);
    loaded->outcome = config_read(path, overrides, count, &loaded->config, &loaded->problems, &loaded->err);
}

static void release(struct loaded *loaded)
{
    config_free(loaded->config);
    arena_destroy(loaded->arena);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void read_text(struct loaded *loaded, const char *text)
{
    char path[] = "/tmp/helpline-config-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    write_file(path, text);
    read_with(loaded, path, NULL, 0);
    unlink(path);
}

/* The sample shows the defaults, so reading it and reading almost nothing give the same. */
static void sample_shows_the_defaults(void **state)
{
    (void)state;
    struct loaded full, least;
    read_with(&full, SAMPLE, NULL, 0);
    read_text(&least, "channels = { };\n");
    assert_int_equal(full.outcome, OUTCOME_OK);
    assert_int_equal(least.outcome, OUTCOME_OK);
    const struct config *a = full.config, *b = least.config;
    assert_string_equal(a->listen.webhooks, "127.0.0.1:8080");
    assert_string_equal(a->listen.webhooks, b->listen.webhooks);
    assert_string_equal(a->listen.console, b->listen.console);
    assert_string_equal(a->listen.control, b->listen.control);
    assert_string_equal(a->listen.public_url, b->listen.public_url);
    assert_string_equal(a->listen.public_url, "http://127.0.0.1:8080");
    assert_int_equal(a->listen.max_connections, b->listen.max_connections);
    assert_string_equal(a->data.path, b->data.path);
    assert_string_equal(a->data.keys, b->data.keys);
    assert_string_equal(a->data.forgotten, b->data.forgotten);
    assert_string_equal(a->data.backups, b->data.backups);
    assert_int_equal(a->data.backup_every_ms, b->data.backup_every_ms);
    assert_int_equal(a->data.backup_every_ms, 24 * 3600 * 1000);
    assert_int_equal(a->data.backups_kept, b->data.backups_kept);
    assert_string_equal(a->dir.menus, b->dir.menus);
    assert_string_equal(a->dir.profiles, b->dir.profiles);
    assert_int_equal(a->limits.max_parked, b->limits.max_parked);
    assert_int_equal(a->limits.max_body, b->limits.max_body);
    assert_int_equal(a->limits.idle_seconds, b->limits.idle_seconds);
    assert_int_equal(a->limits.drain_seconds, b->limits.drain_seconds);
    for (int urgency = URGENCY_NORMAL; urgency <= URGENCY_DANGER; urgency++)
        assert_int_equal(a->desk.return_minutes[urgency], b->desk.return_minutes[urgency]);
    assert_int_equal(a->desk.search_notes, b->desk.search_notes);
    assert_null(a->listen.console_url);
    assert_int_equal(a->log_level, b->log_level);
    release(&full);
    release(&least);
}

static char *whole_file(const char *path)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char *text = calloc(1, 65536);
    assert_non_null(text);
    assert_true(fread(text, 1, 65535, file) > 0);
    fclose(file);
    return text;
}

/* The comment lines that end right above `line`, as one text. */
static struct span comment_above(const char *text, const char *line, struct arena *arena)
{
    const char *start = line;
    struct span said = SPAN("");
    while (start > text) {
        const char *before = start - 1;
        while (before > text && before[-1] != '\n')
            before--;
        struct span words = span_trim((struct span){before, (size_t)(start - before)});
        if (!span_starts_with(words, SPAN("#")) || words.at[words.len - 1] == ';')
            break; /* a setting, or one that is commented out */
        words = span_trim(span_from(words, 1));
        said = said.len ? arena_format(arena, "%.*s %.*s", SPAN_ARG(words), SPAN_ARG(said)) : words;
        start = before;
    }
    return said;
}

/* Every key of the tables stands in the sample, below its help, word for word. */
static void sample_explains_every_key(void **state)
{
    (void)state;
    static const char *const groups[] = {"listen", "data", "dir", "limits", "retention", "desk", "log"};
    struct arena *arena = arena_create(65536);
    char *text = whole_file(SAMPLE);
    for (size_t g = 0; g < sizeof groups / sizeof groups[0]; g++) {
        const char *group = strstr(text, arena_format(arena, "\n%s = {", groups[g]).at);
        assert_non_null(group);
        for (const struct setting_rule *rule = config_rules(groups[g]); rule->name; rule++) {
            const char *key = strstr(group, arena_format(arena, "\n    %s = ", rule->name).at);
            if (!key)
                key = strstr(group, arena_format(arena, "\n    # %s = ", rule->name).at);
            if (!key)
                fail_msg("%s.%s is not in %s", groups[g], rule->name, SAMPLE);
            struct span said = comment_above(text, key + 1, arena);
            if (!span_equal_text(said, rule->help))
                fail_msg("%s.%s: the sample says \"%.*s\"", groups[g], rule->name, SPAN_ARG(said));
        }
    }
    free(text);
    arena_destroy(arena);
}

/* The sample's routes are commented out, each key below its help. */
static void sample_explains_routes(void **state)
{
    (void)state;
    struct arena *arena = arena_create(65536);
    char *text = whole_file(SAMPLE);
    for (const struct setting_rule *rule = config_rules("routes"); rule->name; rule++) {
        struct span lines = arena_format(arena, "\n#         # %s\n#         %s = ", rule->help, rule->name);
        if (!strstr(text, lines.at))
            fail_msg("routes.%s is not in %s, or its help is another", rule->name, SAMPLE);
    }
    free(text);
    arena_destroy(arena);
}

static void tables_by_name(void **state)
{
    (void)state;
    for (const struct setting_rule *rule = config_rules(""); rule->name; rule++)
        assert_true(strcmp(rule->name, "channels") == 0 || config_rules(rule->name) != NULL);
    assert_null(config_rules("nothing"));
}

static void overrides_win(void **state)
{
    (void)state;
    const char *const overrides[] = {"listen.webhooks=127.0.0.1:26001", "limits.drain_seconds=7", "log.level=debug",
                                     "listen.webhooks=127.0.0.1:26002"};
    struct loaded loaded;
    read_with(&loaded, MINIMAL, overrides, 4);
    assert_int_equal(loaded.outcome, OUTCOME_OK);
    assert_string_equal(loaded.config->listen.webhooks, "127.0.0.1:26002");
    assert_string_equal(loaded.config->listen.public_url, "http://127.0.0.1:26002");
    assert_int_equal(loaded.config->limits.drain_seconds, 7);
    assert_int_equal(loaded.config->log_level, 7);
    assert_null(loaded.config->channels);
    release(&loaded);
}

static void findings_say_what_and_where(void **state)
{
    (void)state;
    static const struct {
        const char *text, *line, *words;
    } cases[] = {
        {"channels = { };\nlistn = { };\n", ":2: ", "listen"},
        {"channels = { };\nlisten = {\n  webhoks = \"127.0.0.1:1\"; };\n", ":3: ", "webhooks"},
        {"channels = { };\nlisten = { webhooks = 8080; };\n", ":2: ", "text in quotes"},
        {"channels = { };\nlisten = { webhooks = \"8080\"; };\n", ":2: ", "HOST:PORT"},
        {"channels = { };\nlisten = { webhooks = \"localhost:99999\"; };\n", ":2: ", "HOST:PORT"},
        {"channels = { };\nlisten = { webhooks = \"::1:8080\"; };\n", ":2: ", "[IPV6]:PORT"},
        {"channels = { };\nlisten = { webhooks = \"unix:\"; };\n", ":2: ", "unix:PATH"},
        {"channels = { };\nlisten = { console = \"127.0.0.1:8080\"; };\n", ":2: ", "same address"},
        {"channels = { };\nlisten = { public_url = \"ftp://example.org\"; };\n", ":2: ", "https://"},
        {"channels = { };\nlisten = { public_url = \"https://example.org/\"; };\n", ":2: ", "no / at the end"},
        {"channels = { };\nlisten = { trusted_proxies = \"127.0.0.1\"; };\n", ":2: ", "list of texts"},
        {"channels = { };\nlimits = { max_body = 12; };\n", ":2: ", "1024"},
        {"channels = { };\nlimits = { drain_seconds = \"5\"; };\n", ":2: ", "whole number"},
        {"channels = { };\ndata = { path = \"\"; };\n", ":2: ", "path"},
        {"channels = { };\nlog = { level = \"warn\"; };\n", ":2: ", "warning"},
        {"channels = { };\ndata = \"here\";\n", ":2: ", "group"},
        {"listen = { };\n", "", "channels"},
        {"channels = {", ":1: ", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct loaded loaded;
        read_text(&loaded, cases[i].text);
        assert_int_equal(loaded.outcome, OUTCOME_REFUSED);
        assert_null(loaded.config);
        bool said = false;
        for (size_t n = 0; n < loaded.problems.count; n++)
            said = said || (strstr(loaded.problems.lines[n], cases[i].line) &&
                            strstr(loaded.problems.lines[n], cases[i].words));
        if (!said)
            fail_msg("case %zu: \"%s\"", i, loaded.problems.count ? loaded.problems.lines[0] : "nothing");
        release(&loaded);
    }
}

static void addresses(void **state)
{
    (void)state;
    static const char *const good[] = {"127.0.0.1:0",      "localhost:80", "[::1]:8080",
                                       "unix:/run/x.sock", "fd:3",         "[::]:65535"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        char override[100];
        snprintf(override, sizeof override, "listen.webhooks=%s", good[i]);
        const char *const overrides[] = {override};
        struct loaded loaded;
        read_with(&loaded, MINIMAL, overrides, 1);
        if (loaded.outcome != OUTCOME_OK)
            fail_msg("%s: %s", good[i], loaded.problems.count ? loaded.problems.lines[0] : loaded.err.text);
        release(&loaded);
    }
}

static void absent_and_wrong_overrides(void **state)
{
    (void)state;
    struct loaded loaded;
    read_with(&loaded, "/nowhere/helpline.conf", NULL, 0);
    assert_int_equal(loaded.outcome, OUTCOME_NOT_FOUND);
    assert_non_null(strstr(loaded.err.text, "/nowhere/helpline.conf"));
    release(&loaded);
    static const char *const wrong[] = {"listen.webhoks=127.0.0.1:1", "listen", "listen.webhooks.deep=1", "data=x",
                                        "channels.at-ussd.secret=@/nowhere/secret"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        read_with(&loaded, MINIMAL, &wrong[i], 1);
        assert_int_equal(loaded.outcome, OUTCOME_REFUSED);
        assert_true(loaded.problems.count > 0);
        release(&loaded);
    }
}

/* Both files of the repository load whole once the secrets are given: the sample has a channel for each dialect, three of them
 * enabled and first. */
static void samples_load_whole(void **state)
{
    (void)state;
    static const char *const overrides[] = {"channels.at-ussd.secret=0123456789abcdef",
                                            "channels.at-sms.secret=0123456789abcdef",
                                            "channels.kannel.secret=0123456789abcdef"};
    static const char *const files[] = {SAMPLE, MINIMAL};
    static const size_t enabled[] = {3, 1}, least[] = {40, 1};
    for (size_t i = 0; i < 2; i++) {
        struct loaded loaded = {.arena = arena_create(65536)};
        problems_init(&loaded.problems, loaded.arena);
        loaded.outcome = config_load(files[i], overrides, enabled[i], &loaded.config, &loaded.problems, &loaded.err);
        if (loaded.outcome != OUTCOME_OK)
            fail_msg("%s: %s", files[i], loaded.problems.count ? loaded.problems.lines[0] : loaded.err.text);
        size_t count = channel_set_count(loaded.config->channels);
        assert_true(count >= least[i]);
        for (size_t c = 0; c < count; c++)
            assert_int_equal(channel_set_at(loaded.config->channels, c)->enabled, c < enabled[i]);
        release(&loaded);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sample_shows_the_defaults),
        cmocka_unit_test(sample_explains_every_key),
        cmocka_unit_test(sample_explains_routes),
        cmocka_unit_test(tables_by_name),
        cmocka_unit_test(overrides_win),
        cmocka_unit_test(findings_say_what_and_where),
        cmocka_unit_test(addresses),
        cmocka_unit_test(absent_and_wrong_overrides),
        cmocka_unit_test(samples_load_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
