/* error: both parts are set, a text that is too long says so, and no character is left in halves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/error.h"

static void sets_both_parts(void **state)
{
    (void)state;
    struct error err;
    memset(&err, 0x55, sizeof err);
    assert_int_equal(error_set(&err, OUTCOME_FULL, "%s %d", "queue of", 7), OUTCOME_FULL);
    assert_int_equal(err.outcome, OUTCOME_FULL);
    assert_string_equal(err.text, "queue of 7");
}

static void leads_with_place(void **state)
{
    (void)state;
    struct error err;
    assert_int_equal(error_set_at(&err, OUTCOME_REFUSED, "a.conf", 12, "no %s", "name"), OUTCOME_REFUSED);
    assert_string_equal(err.text, "a.conf:12: no name");
    error_set_at(&err, OUTCOME_REFUSED, "a.conf", 0, "empty");
    assert_string_equal(err.text, "a.conf: empty");
}

static void works_without_a_taker(void **state)
{
    (void)state;
    assert_int_equal(error_set(NULL, OUTCOME_BROKEN, "x"), OUTCOME_BROKEN);
    assert_int_equal(error_set_at(NULL, OUTCOME_CONFLICT, "f", 1, "x"), OUTCOME_CONFLICT);
}

static void marks_a_text_that_was_cut(void **state)
{
    (void)state;
    char text[ERROR_TEXT_MAX * 2];
    for (size_t len = ERROR_TEXT_MAX - 8; len < ERROR_TEXT_MAX + 8; len++) {
        memset(text, 'x', len);
        text[len] = '\0';
        struct error err;
        error_set(&err, OUTCOME_BROKEN, "%s", text);
        bool cut = len >= ERROR_TEXT_MAX;
        assert_int_equal(strlen(err.text), cut ? ERROR_TEXT_MAX - 1 : len);
        assert_int_equal(strcmp(err.text + strlen(err.text) - 3, "...") == 0, cut);
    }
}

static void cuts_between_characters(void **state)
{
    (void)state;
    for (size_t lead = 0; lead < 3; lead++) {
        char text[ERROR_TEXT_MAX * 2] = "";
        memset(text, 'x', lead);
        for (size_t at = lead; at + 3 < sizeof text; at += 3) {
            memcpy(text + at, "\xE0\xA6\x95", 4);
        }
        struct error err;
        error_set(&err, OUTCOME_BROKEN, "%s", text);
        size_t kept = strlen(err.text) - 3;
        assert_string_equal(err.text + kept, "...");
        assert_int_equal((kept - lead) % 3, 0);
        assert_true(kept > ERROR_TEXT_MAX - 8);
    }
}

static void cuts_a_file_name_too(void **state)
{
    (void)state;
    char name[ERROR_TEXT_MAX * 2];
    memset(name, 'f', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    struct error err;
    error_set_at(&err, OUTCOME_REFUSED, name, 3, "x");
    assert_int_equal(strlen(err.text), ERROR_TEXT_MAX - 1);
    assert_string_equal(err.text + ERROR_TEXT_MAX - 4, "...");
}

static void names_every_outcome(void **state)
{
    (void)state;
    static const char *const names[] = {"ok", "not found", "refused", "conflict", "full", "broken"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_string_equal(outcome_name((enum outcome)i), names[i]);
    }
    assert_non_null(outcome_name((enum outcome)99));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_both_parts),         cmocka_unit_test(leads_with_place),
        cmocka_unit_test(works_without_a_taker),   cmocka_unit_test(marks_a_text_that_was_cut),
        cmocka_unit_test(cuts_between_characters), cmocka_unit_test(cuts_a_file_name_too),
        cmocka_unit_test(names_every_outcome),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
