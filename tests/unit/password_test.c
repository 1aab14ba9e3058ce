/* password: what is taken, what is recognised, and that a name that does not exist takes as long as one that does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/password.h"

static void test_its_own_and_no_other(void **state)
{
    (void)state;
    char hash[PASSWORD_HASH_BYTES], again[PASSWORD_HASH_BYTES];
    struct error err;
    assert_int_equal(password_hash(SPAN("four words nobody says"), hash, &err), OUTCOME_OK);
    assert_int_equal(strncmp(hash, "$argon2id$", 10), 0);
    assert_true(password_is(span_of(hash), SPAN("four words nobody says")));
    assert_false(password_is(span_of(hash), SPAN("four words nobody say")));
    assert_false(password_is(span_of(hash), SPAN("")));
    assert_false(password_is(span_of(hash), SPAN_NONE));
    assert_int_equal(password_hash(SPAN("four words nobody says"), again, &err), OUTCOME_OK);
    assert_string_not_equal(hash, again); /* salted */
}

static void test_bounds(void **state)
{
    (void)state;
    char hash[PASSWORD_HASH_BYTES], text[PASSWORD_BYTES_MAX + 1];
    struct error err;
    memset(text, 'x', sizeof text);
    static const struct {
        size_t len;
        enum outcome outcome;
    } cases[] = {{0, OUTCOME_REFUSED},
                 {PASSWORD_BYTES_MIN - 1, OUTCOME_REFUSED},
                 {PASSWORD_BYTES_MIN, OUTCOME_OK},
                 {PASSWORD_BYTES_MAX, OUTCOME_OK},
                 {PASSWORD_BYTES_MAX + 1, OUTCOME_REFUSED}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(password_hash((struct span){text, cases[i].len}, hash, &err), cases[i].outcome);
}

static void test_what_is_no_hash_matches_nothing(void **state)
{
    (void)state;
    static const char *const hashes[] = {"", "x", "$argon2id$", "$argon2id$v=19$m=65536,t=2,p=1$AAAA$BBBB",
                                         "a plain password that somebody wrote into the file"};
    for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++)
        assert_false(password_is(span_of(hashes[i]), span_of(hashes[i])));
    assert_false(password_is(SPAN_NONE, SPAN("")));
    char endless[4 * PASSWORD_HASH_BYTES];
    memset(endless, '$', sizeof endless);
    assert_false(password_is((struct span){endless, sizeof endless}, SPAN("whatever it is")));
}

static int64_t time_of(struct span hash)
{
    int64_t best = INT64_MAX;
    for (int i = 0; i < 3; i++) {
        int64_t began = clock_monotonic_us();
        assert_false(password_is(hash, SPAN("not this one at all")));
        int64_t took = clock_monotonic_us() - began;
        best = took < best ? took : best;
    }
    return best;
}

/* Half and double are far from what a missing hash would save: nearly all of it. */
static void test_nobody_takes_as_long_as_somebody(void **state)
{
    (void)state;
    char hash[PASSWORD_HASH_BYTES];
    struct error err;
    assert_int_equal(password_hash(SPAN("four words nobody says"), hash, &err), OUTCOME_OK);
    int64_t somebody = time_of(span_of(hash)), nobody = time_of(SPAN_NONE);
    assert_true(nobody > somebody / 2 && nobody < somebody * 2);
}

static void test_made_ones(void **state)
{
    (void)state;
    char one[PASSWORD_MADE + 1], other[PASSWORD_MADE + 1];
    password_make(one);
    password_make(other);
    assert_int_equal(strlen(one), PASSWORD_MADE);
    assert_string_not_equal(one, other);
    assert_int_equal(strspn(one, "abcdefghjkmnpqrstuvwxyz23456789"), PASSWORD_MADE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_its_own_and_no_other),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_what_is_no_hash_matches_nothing),
        cmocka_unit_test(test_nobody_takes_as_long_as_somebody),
        cmocka_unit_test(test_made_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
