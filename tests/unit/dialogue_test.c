/* Dialogue files and the phone they are played on. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "menu/dialogue.h"
#include "sample_folder.h"

struct fixture {
    struct arena *arena;
    struct problems problems;
    struct dialogue_counts counts;
    struct error err;
    char dir[SAMPLE_FOLDER_MAX], path[96];
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->arena = arena_create(4096);
    problems_init(&f->problems, f->arena);
    sample_make_folders(f->dir);
    sample_write_folder(f->dir);
    snprintf(f->path, sizeof f->path, "%s/x.dialogue", f->dir);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    sample_remove_folder(f->dir);
    arena_destroy(f->arena);
    free(f);
    return 0;
}

static enum outcome play(struct fixture *f, const char *text, bool update)
{
    problems_init(&f->problems, f->arena);
    if (text)
        sample_write_file(f->path, text);
    return dialogue_play(f->path, &(struct dialogue_options){.service_dir = f->dir, .update = update}, &f->problems,
                         &f->counts, &f->err);
}

static void says(const struct fixture *f, const char *words)
{
    for (size_t i = 0; i < f->problems.count && i < PROBLEMS_MAX; i++) {
        if (strstr(f->problems.lines[i], words))
            return;
        print_message("%s\n", f->problems.lines[i]);
    }
    fail_msg("not said: %s", words);
}

static void reads(const struct fixture *f, const char *expected)
{
    char text[4096] = {0};
    FILE *file = fopen(f->path, "rbe");
    assert_non_null(file);
    assert_true(fread(text, 1, sizeof text - 1, file) > 0);
    assert_int_equal(fclose(file), 0);
    assert_string_equal(text, expected);
}

static const char call[] = "# a call\n"
                           "lang: en\n"
                           "\n"
                           ":dial\n"
                           "| Sample\n"
                           "| 1 Services\n"
                           "| 2 Call me\n"
                           "| 3 Register\n"
                           "| 4 My requests\n"
                           "| 5 Settings\n"
                           "| 6 About\n"
                           "| 9 Danger\n"
                           "> 2\n"
                           "| Safe?\n"
                           "| 1 Yes\n"
                           "| 2 Other number\n"
                           "| 3 No\n"
                           "| 0 Back\n"
                           "> 1\n"
                           "+ open call\n"
                           "+ answer safe = yes (sealed)\n"
                           "| When?\n"
                           "| 1 Morning\n"
                           "| 2 Evening\n"
                           "| 9 Skip\n"
                           "| 0 Back\n"
                           "\n"
                           "# and goes on\n"
                           "> 2\n"
                           "+ answer when = evening\n"
                           "| Call: Evening\n"
                           "| 1 Send\n"
                           "| 2 Change\n"
                           "| 0 Back\n"
                           "> 1\n"
                           "+ answer confirm = send\n"
                           "+ request call 0000013 normal topic work due 2026-11-22 10:00\n"
                           "| Sent. Ref 000 0013, by tomorrow 10:00\n"
                           "(end)\n";

static void what_is_as_written_passes(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(play(f, call, false), OUTCOME_OK);
    assert_int_equal(f->counts.exchanges, 5);
    assert_int_equal(play(f, NULL, true), OUTCOME_OK);
    assert_false(f->counts.rewritten);
    reads(f, call);
}

static void a_difference_is_a_finding_at_its_line(void **state)
{
    struct fixture *f = *state;
    char *changed = strdup(call);
    memcpy(strstr(changed, "| 2 Evening"), "| 2 Evenink", 11);
    assert_int_equal(play(f, changed, false), OUTCOME_REFUSED);
    assert_int_equal(f->counts.differences, 1);
    says(f, "x.dialogue:24: expected \"| 2 Evenink\", the phone shows \"| 2 Evening\"");
    assert_int_equal(play(f, NULL, true), OUTCOME_OK);
    assert_true(f->counts.rewritten);
    assert_int_equal(f->problems.count, 0);
    reads(f, call);
    free(changed);
}

static void what_is_missing_or_more_is_a_finding(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(play(f, "lang: en\n:dial\n", false), OUTCOME_REFUSED);
    says(f, "the phone shows \"| Sample\"");
    assert_int_equal(play(f, "lang: en\n:drop\n| Sample\n", false), OUTCOME_REFUSED);
    says(f, ":3: expected \"| Sample\", the phone shows \"nothing more\"");
    assert_int_equal(
        play(f,
             "lang: en\n:dial\n| Sample\n| 1 Services\n| 2 Call me\n| 3 Register\n| 4 My requests\n| 5 Settings\n"
             "| 6 About\n| 9 Danger\n| more\n",
             false),
        OUTCOME_REFUSED);
    says(f, ":11: expected \"| more\", the phone shows \"nothing more\"");
}

static void update_fills_typed_lines(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(play(f, "channel: sms\nlang: en\n\n> hello\n> 1\n> 1\n:wait 25h\n> stop\n", true), OUTCOME_OK);
    reads(f, "channel: sms\nlang: en\n\n"
             "> hello\n| Sample\n| 1 Services\n| 2 Call me\n| 3 Register\n| 4 My requests\n| 5 Settings\n| 6 About\n| "
             "9 Danger\n"
             "> 1\n| Certificate\n| TTC desk 02-000000 Sun-Thu\n| 1 Text me\n| 2 Call me\n| 3 Area\n| 0 Back 00 Main\n"
             "> 1\n+ text TTC desk 02-000000\n| It comes.\n| 0 Back 00 Main\n"
             ":wait 25h\n"
             "> stop\n+ opt out\n| Done {so}.\n| 0 Back 00 Main\n");
    assert_int_equal(play(f, NULL, false), OUTCOME_OK);
}

static void mistakes_are_named(void **state)
{
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"lnag: en\n:dial\n", ":1: expected service:"},
        {"channel: fax\n:dial\n", ":1: expected service:"},
        {"start: tomorrow\n:dial\n", "expected start:"},
        {"start: 2026-11-21 10:00 x\n:dial\n", "expected start:"},
        {"lang: en\n:dail\n", ":2: expected :dial"},
        {"lang: en\n> 1\n", ":2: no call is open"},
        {"lang: en\n:wait long\n", ":2: expected how long"},
        {"lang: en\n:wait 99999999999999h\n", ":2: expected how long"},
        {"lang: en\n:drop\nhello\n", ":3: expected a line that begins with"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(play(f, cases[i].text, false), OUTCOME_REFUSED);
        says(f, cases[i].said);
        assert_int_equal(play(f, cases[i].text, true), OUTCOME_REFUSED); /* nor is such a file rewritten */
        reads(f, cases[i].text);
    }
    assert_int_equal(dialogue_play(f->path, &(struct dialogue_options){.service_dir = "/nonexistent"}, &f->problems,
                                   &f->counts, &f->err),
                     OUTCOME_REFUSED);
    assert_int_equal(
        dialogue_play("/nonexistent", &(struct dialogue_options){.update = false}, &f->problems, &f->counts, &f->err),
        OUTCOME_BROKEN);
    sample_write_file(f->path, "\xff\xfe");
    assert_int_equal(
        dialogue_play(f->path, &(struct dialogue_options){.service_dir = f->dir}, &f->problems, &f->counts, &f->err),
        OUTCOME_BROKEN);
    sample_write_file(f->path, ":dial\n");
    problems_init(&f->problems, f->arena);
    assert_int_equal(
        dialogue_play(f->path, &(struct dialogue_options){.update = false}, &f->problems, &f->counts, &f->err),
        OUTCOME_REFUSED);
    says(f, "expected service:");
}

static void every_truncation_is_answered(void **state)
{
    struct fixture *f = *state;
    char text[sizeof call];
    for (size_t cut = 0; cut < sizeof call - 1; cut += 7) {
        memcpy(text, call, cut);
        text[cut] = '\0';
        enum outcome outcome = play(f, text, false);
        assert_true(outcome == OUTCOME_OK || (outcome == OUTCOME_REFUSED && f->problems.count > 0));
        arena_reset(f->arena);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_as_written_passes),
        TEST(a_difference_is_a_finding_at_its_line),
        TEST(what_is_missing_or_more_is_a_finding),
        TEST(update_fills_typed_lines),
        TEST(mistakes_are_named),
        TEST(every_truncation_is_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
