/* password: what is taken, what is recognised, and that a name that does not exist costs as much as one that does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <dlfcn.h>
#include <sodium.h>

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

/* What libsodium was last asked to compare with, and how often: this program's function goes before the library's, and calls it. */
static struct {
    unsigned times;
    char hash[PASSWORD_HASH_BYTES];
} compared;

int crypto_pwhash_str_verify(const char hash[crypto_pwhash_STRBYTES], const char *const password,
                             unsigned long long len)
{
    int (*verify)(const char *, const char *, unsigned long long);
    void *library = dlsym(RTLD_NEXT, "crypto_pwhash_str_verify");
    memcpy(&verify, &library, sizeof verify);
    compared.times++;
    memcpy(compared.hash, hash, sizeof compared.hash);
    return verify(hash, password, len);
}

/* Memory and passes stand before the fourth "$", the salt and the hash after it. */
static size_t cost_len(const char *hash)
{
    const char *at = hash;
    for (int i = 0; i < 4; i++) {
        at = strchr(at, '$');
        assert_non_null(at);
        at++;
    }
    return (size_t)(at - hash);
}

/* Who tries names must not learn from the time it takes which of them exist: where there is no hash, one of the same cost is tried. */
static void test_nobody_costs_as_much_as_somebody(void **state)
{
    (void)state;
    static const struct span passwords[] = {SPAN("not this one at all"), SPAN("")};
    char hash[PASSWORD_HASH_BYTES];
    struct error err;
    assert_int_equal(password_hash(SPAN("four words nobody says"), hash, &err), OUTCOME_OK);
    for (size_t i = 0; i < sizeof passwords / sizeof *passwords; i++) {
        compared.times = 0;
        assert_false(password_is(span_of(hash), passwords[i]));
        assert_int_equal(compared.times, 1);
        assert_string_equal(compared.hash, hash);
        assert_false(password_is(SPAN_NONE, passwords[i]));
        assert_int_equal(compared.times, 2);
        size_t len = cost_len(hash);
        assert_int_equal(cost_len(compared.hash), len);
        assert_memory_equal(compared.hash, hash, len);
        assert_int_equal(strlen(compared.hash), strlen(hash)); /* as much to compute */
    }
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
        cmocka_unit_test(test_nobody_costs_as_much_as_somebody),
        cmocka_unit_test(test_made_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
