/* sealed: key files are strict and never overwritten; what is sealed opens in its place with its key, and nowhere else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sealed.h"

#define KEY_A "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define KEY_B "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100"

struct fixture {
    char folder[64];
    char path[128];
    struct arena *arena;
    struct error err;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    snprintf(f->folder, sizeof f->folder, "/tmp/helpline-sealed-XXXXXX");
    if (!mkdtemp(f->folder)) {
        return -1;
    }
    snprintf(f->path, sizeof f->path, "%s/keys", f->folder);
    f->arena = arena_create(4096);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    unlink(f->path);
    rmdir(f->folder);
    arena_destroy(f->arena);
    free(f);
    return 0;
}

static void write_file(const struct fixture *f, const char *text, size_t len)
{
    unlink(f->path);
    int fd = open(f->path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, len), len);
    close(fd);
}

static struct keyring *open_text(struct fixture *f, const char *text)
{
    struct keyring *keyring;
    write_file(f, text, strlen(text));
    assert_int_equal(keyring_open(f->path, &keyring, &f->err), OUTCOME_OK);
    return keyring;
}

static void generated_files_are_private_and_kept(void **state)
{
    struct fixture *f = *state;
    mode_t before = umask(0);
    assert_int_equal(keyring_generate(f->path, &f->err), OUTCOME_OK);
    umask(before);
    struct stat info;
    assert_int_equal(stat(f->path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0600);
    unsigned char first[KEY_CHECK_BYTES], second[KEY_CHECK_BYTES];
    struct keyring *keyring;
    assert_int_equal(keyring_open(f->path, &keyring, &f->err), OUTCOME_OK);
    keyring_check_value(keyring, first);
    keyring_close(keyring);
    assert_int_equal(keyring_generate(f->path, &f->err), OUTCOME_CONFLICT);
    assert_int_equal(keyring_open(f->path, &keyring, &f->err), OUTCOME_OK);
    keyring_check_value(keyring, second);
    assert_memory_equal(first, second, sizeof first);
    keyring_close(keyring);
    keyring_close(NULL);
}

static void two_generated_files_differ(void **state)
{
    struct fixture *f = *state;
    unsigned char values[2][KEY_CHECK_BYTES];
    for (int i = 0; i < 2; i++) {
        struct keyring *keyring;
        unlink(f->path);
        assert_int_equal(keyring_generate(f->path, &f->err), OUTCOME_OK);
        assert_int_equal(keyring_open(f->path, &keyring, &f->err), OUTCOME_OK);
        keyring_check_value(keyring, values[i]);
        keyring_close(keyring);
    }
    assert_memory_not_equal(values[0], values[1], sizeof values[0]);
}

static void places_that_cannot_hold_a_file(void **state)
{
    struct fixture *f = *state;
    struct keyring *keyring;
    assert_int_equal(keyring_generate("/nowhere/at/all", &f->err), OUTCOME_BROKEN);
    assert_int_equal(keyring_open("/nowhere/at/all", &keyring, &f->err), OUTCOME_NOT_FOUND);
    assert_null(keyring);
    assert_int_equal(keyring_open(f->path, &keyring, &f->err), OUTCOME_NOT_FOUND);
    assert_int_equal(keyring_open(f->folder, &keyring, &f->err), OUTCOME_REFUSED);
    assert_int_equal(mkfifo(f->path, 0600), 0);
    assert_int_equal(keyring_open(f->path, &keyring, &f->err), OUTCOME_REFUSED);
    /* A link in the place of the new file must not be followed. */
    unlink(f->path);
    assert_int_equal(symlink("/tmp/helpline-sealed-target", f->path), 0);
    assert_int_equal(keyring_generate(f->path, &f->err), OUTCOME_CONFLICT);
    assert_int_equal(access("/tmp/helpline-sealed-target", F_OK), -1);
}

static void files_open_to_others_are_refused(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(keyring_generate(f->path, &f->err), OUTCOME_OK);
    static const mode_t modes[] = {0640, 0620, 0610, 0604, 0602, 0601, 0666};
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        struct keyring *keyring;
        assert_int_equal(chmod(f->path, modes[i]), 0);
        assert_int_equal(keyring_open(f->path, &keyring, &f->err), OUTCOME_REFUSED);
        assert_null(keyring);
    }
    struct keyring *keyring;
    assert_int_equal(chmod(f->path, 0400), 0);
    assert_int_equal(keyring_open(f->path, &keyring, &f->err), OUTCOME_OK);
    keyring_close(keyring);
}

static void key_files_are_strict(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *text;
        enum outcome outcome;
        const char *place;
    } cases[] = {
        {"helpline-key 1\n1 " KEY_A "\n", OUTCOME_OK, ""},
        {"helpline-key 1\n1 " KEY_A, OUTCOME_OK, ""},
        {"helpline-key 1\n255 " KEY_A "\n7 " KEY_B "\n", OUTCOME_OK, ""},
        {"", OUTCOME_REFUSED, ":1: "},
        {"helpline-key 2\n1 " KEY_A "\n", OUTCOME_REFUSED, ":1: "},
        {"helpline-key 1\r\n1 " KEY_A "\r\n", OUTCOME_REFUSED, ":1: "},
        {"helpline-key 1", OUTCOME_REFUSED, "holds no key"},
        {"helpline-key 1\n", OUTCOME_REFUSED, "holds no key"},
        {"helpline-key 1\n0 " KEY_A "\n", OUTCOME_REFUSED, ":2: "},
        {"helpline-key 1\n256 " KEY_A "\n", OUTCOME_REFUSED, ":2: "},
        {"helpline-key 1\n-1 " KEY_A "\n", OUTCOME_REFUSED, ":2: "},
        {"helpline-key 1\n" KEY_A "\n", OUTCOME_REFUSED, ":2: "},
        {"helpline-key 1\n1\n", OUTCOME_REFUSED, ":2: "},
        {"helpline-key 1\n1  " KEY_A "\n", OUTCOME_REFUSED, ":2: "},
        {"helpline-key 1\n1 " KEY_A "0\n", OUTCOME_REFUSED, ":2: "},
        {"helpline-key 1\n1 0g" KEY_A "\n", OUTCOME_REFUSED, ":2: "},
        {"helpline-key 1\n1 " KEY_A "\n\n", OUTCOME_REFUSED, ":3: "},
        {"helpline-key 1\n1 " KEY_A "\n1 " KEY_B "\n", OUTCOME_REFUSED, ":3: "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct keyring *keyring;
        write_file(f, cases[i].text, strlen(cases[i].text));
        assert_int_equal(keyring_open(f->path, &keyring, &f->err), cases[i].outcome);
        if (cases[i].outcome != OUTCOME_OK) {
            assert_null(keyring);
            assert_non_null(strstr(f->err.text, cases[i].place));
            assert_null(strstr(f->err.text, "00112233"));
        }
        keyring_close(keyring);
    }
}

static void every_truncation_is_refused(void **state)
{
    struct fixture *f = *state;
    static const char whole[] = "helpline-key 1\n1 " KEY_A;
    for (size_t len = 0; len < sizeof whole - 1; len++) {
        struct keyring *keyring;
        write_file(f, whole, len);
        assert_int_equal(keyring_open(f->path, &keyring, &f->err), OUTCOME_REFUSED);
    }
}

static void too_many_bytes_are_refused(void **state)
{
    struct fixture *f = *state;
    char *text = calloc(1, 100000);
    memset(text, '\n', 99999);
    memcpy(text, "helpline-key 1", 14);
    write_file(f, text, 99999);
    struct keyring *keyring;
    assert_int_equal(keyring_open(f->path, &keyring, &f->err), OUTCOME_REFUSED);
    free(text);
}

static void holds_all_the_keys_it_can(void **state)
{
    struct fixture *f = *state;
    char text[255 * 70 + 20];
    size_t len = (size_t)snprintf(text, sizeof text, "helpline-key 1\n");
    for (int id = 1; id <= 255; id++) {
        len += (size_t)snprintf(text + len, sizeof text - len, "%d %062x%02x\n", id, 0, (unsigned)id);
    }
    struct keyring *keyring = open_text(f, text);
    struct span plain, sealed = keyring_seal(keyring, 1, SPAN("x"), f->arena);
    assert_int_equal((unsigned char)sealed.at[0], 255);
    assert_int_equal(keyring_unseal(keyring, 1, sealed, f->arena, &plain), OUTCOME_OK);
    keyring_close(keyring);
}

/* Values on file must not change with the code: these are what this construction gives, for ever. */
static void look_ups_are_stable(void **state)
{
    struct fixture *f = *state;
    struct keyring *keyring = open_text(f, "helpline-key 1\n1 " KEY_A "\n");
    struct lookup a, b;
    keyring_lookup(keyring, SPAN("phone"), SPAN("+000000000001"), &a);
    keyring_lookup(keyring, SPAN("phone"), SPAN("+000000000001"), &b);
    assert_memory_equal(&a, &b, sizeof a);
    static const unsigned char expected[LOOKUP_BYTES] = {0x85, 0x64, 0xfe, 0xca, 0xcd, 0x6f, 0x72, 0x09,
                                                         0xd7, 0xf5, 0xfb, 0x79, 0x2d, 0x52, 0x66, 0x2c};
    assert_memory_equal(a.at, expected, sizeof expected);
    keyring_close(keyring);
}

static void fingerprints_are_stable_and_keep_apart(void **state)
{
    struct fixture *f = *state;
    struct keyring *keyring = open_text(f, "helpline-key 1\n1 " KEY_A "\n");
    struct keyring *other = open_text(f, "helpline-key 1\n1 " KEY_B "\n");
    uint64_t one = keyring_fingerprint(keyring, SPAN("step"), SPAN("1*2"));
    assert_true(one == UINT64_C(0xDD0F69850D81A230));
    assert_true(one == keyring_fingerprint(keyring, SPAN("step"), SPAN("1*2")));
    assert_true(one != keyring_fingerprint(keyring, SPAN("step"), SPAN("1*3")));
    assert_true(one != keyring_fingerprint(keyring, SPAN("step1"), SPAN("*2")));
    assert_true(one != keyring_fingerprint(keyring, SPAN("screen"), SPAN("1*2")));
    assert_true(one != keyring_fingerprint(other, SPAN("step"), SPAN("1*2")));
    assert_true(keyring_fingerprint(keyring, SPAN("step"), SPAN("")) ==
                keyring_fingerprint(keyring, SPAN("step"), SPAN_NONE));
    keyring_close(keyring);
    keyring_close(other);
}

static void look_ups_keep_apart(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *domain, *text;
    } cases[] = {{"phone", "+1"}, {"phone", "+2"}, {"session", "+1"}, {"phone+", "1"},
                 {"", "phone+1"}, {"phone+1", ""}, {"", ""}};
    const size_t count = sizeof cases / sizeof cases[0];
    struct lookup found[2 * sizeof cases / sizeof cases[0]];
    static const char *const files[] = {"helpline-key 1\n1 " KEY_A "\n", "helpline-key 1\n1 " KEY_B "\n"};
    for (size_t file = 0; file < 2; file++) {
        struct keyring *keyring = open_text(f, files[file]);
        for (size_t i = 0; i < count; i++) {
            keyring_lookup(keyring, span_of(cases[i].domain), span_of(cases[i].text), &found[file * count + i]);
        }
        keyring_close(keyring);
    }
    for (size_t i = 0; i < 2 * count; i++) {
        for (size_t j = 0; j < i; j++) {
            assert_memory_not_equal(&found[i], &found[j], sizeof found[i]);
        }
    }
}

static void seals_open_in_their_place_only(void **state)
{
    struct fixture *f = *state;
    struct keyring *keyring = open_text(f, "helpline-key 1\n1 " KEY_A "\n");
    struct span plain, sealed = keyring_seal(keyring, 42, SPAN("the text"), f->arena);
    assert_int_equal(sealed.len, 1 + SEAL_OVERHEAD + 8);
    assert_int_equal(keyring_unseal(keyring, 42, sealed, f->arena, &plain), OUTCOME_OK);
    assert_true(span_equal_text(plain, "the text"));
    assert_int_equal(plain.at[plain.len], '\0');
    assert_int_equal(keyring_unseal(keyring, 43, sealed, f->arena, &plain), OUTCOME_REFUSED);
    assert_false(span_is_present(plain));
    for (size_t len = 0; len < sealed.len; len++) {
        assert_int_equal(keyring_unseal(keyring, 42, span_first(sealed, len), f->arena, &plain), OUTCOME_REFUSED);
    }
    char *changed = (char *)(uintptr_t)sealed.at;
    for (size_t at = 0; at < sealed.len; at++) {
        changed[at] = (char)(changed[at] ^ 1);
        assert_int_equal(keyring_unseal(keyring, 42, sealed, f->arena, &plain), OUTCOME_REFUSED);
        changed[at] = (char)(changed[at] ^ 1);
    }
    struct span again = keyring_seal(keyring, 42, SPAN("the text"), f->arena);
    assert_false(span_equal(again, sealed)); /* the nonce is new each time */
    keyring_close(keyring);
}

static void absent_and_empty_are_kept_apart(void **state)
{
    struct fixture *f = *state;
    struct keyring *keyring = open_text(f, "helpline-key 1\n1 " KEY_A "\n");
    struct person_key key;
    struct span plain = SPAN("x");
    person_key_create(&key);
    assert_false(span_is_present(keyring_seal(keyring, 1, SPAN_NONE, f->arena)));
    assert_false(span_is_present(person_seal(&key, 1, SPAN_NONE, f->arena)));
    assert_int_equal(keyring_unseal(keyring, 1, SPAN_NONE, f->arena, &plain), OUTCOME_OK);
    assert_false(span_is_present(plain));
    assert_int_equal(person_unseal(&key, 1, person_seal(&key, 1, SPAN(""), f->arena), f->arena, &plain), OUTCOME_OK);
    assert_true(span_equal_text(plain, ""));
    assert_int_equal(person_unseal(&key, 1, SPAN(""), f->arena, &plain), OUTCOME_REFUSED);
    keyring_close(keyring);
}

static void person_keys_wrap_and_open(void **state)
{
    struct fixture *f = *state;
    struct keyring *keyring = open_text(f, "helpline-key 1\n1 " KEY_A "\n");
    struct person_key key, back;
    unsigned char wrapped[WRAPPED_KEY_BYTES];
    person_key_create(&key);
    person_key_wrap(keyring, 7, &key, wrapped);
    struct span as_span = {(const char *)wrapped, sizeof wrapped};
    assert_int_equal(person_key_unwrap(keyring, 7, as_span, &back), OUTCOME_OK);
    assert_memory_equal(&key, &back, sizeof key);
    assert_int_equal(person_key_unwrap(keyring, 8, as_span, &back), OUTCOME_REFUSED);
    static const struct person_key wiped = {{0}};
    assert_memory_equal(&back, &wiped, sizeof back);
    for (size_t len = 0; len < sizeof wrapped; len++) {
        assert_int_equal(person_key_unwrap(keyring, 7, span_first(as_span, len), &back), OUTCOME_REFUSED);
    }
    assert_int_equal(person_key_unwrap(keyring, 7, SPAN_NONE, &back), OUTCOME_REFUSED);
    /* A wrapped key is not a sealed number, though both come from one master key. */
    struct span plain;
    assert_int_equal(keyring_unseal(keyring, 7, as_span, f->arena, &plain), OUTCOME_REFUSED);
    person_key_wipe(&key);
    assert_memory_equal(&key, &wiped, sizeof key);
    keyring_close(keyring);
}

static void words_open_with_their_person_only(void **state)
{
    struct fixture *f = *state;
    struct person_key mine, other;
    person_key_create(&mine);
    person_key_create(&other);
    struct span plain, sealed = person_seal(&mine, 3, SPAN("words"), f->arena);
    assert_int_equal(sealed.len, 5 + SEAL_OVERHEAD);
    assert_int_equal(person_unseal(&mine, 3, sealed, f->arena, &plain), OUTCOME_OK);
    assert_true(span_equal_text(plain, "words"));
    assert_int_equal(person_unseal(&other, 3, sealed, f->arena, &plain), OUTCOME_REFUSED);
    assert_int_equal(person_unseal(&mine, 4, sealed, f->arena, &plain), OUTCOME_REFUSED);
    for (size_t len = 0; len < sealed.len; len++) {
        assert_int_equal(person_unseal(&mine, 3, span_first(sealed, len), f->arena, &plain), OUTCOME_REFUSED);
    }
}

static void a_new_key_line_rotates(void **state)
{
    struct fixture *f = *state;
    struct keyring *old = open_text(f, "helpline-key 1\n1 " KEY_A "\n");
    struct keyring *both = open_text(f, "helpline-key 1\n1 " KEY_A "\n2 " KEY_B "\n");
    struct keyring *only_new = open_text(f, "helpline-key 1\n2 " KEY_B "\n");
    struct span plain, by_old = keyring_seal(old, 1, SPAN("n"), f->arena),
                       by_new = keyring_seal(both, 1, SPAN("n"), f->arena);
    assert_int_equal(by_old.at[0], 1);
    assert_int_equal(by_new.at[0], 2);
    assert_int_equal(keyring_unseal(both, 1, by_old, f->arena, &plain), OUTCOME_OK);
    assert_int_equal(keyring_unseal(both, 1, by_new, f->arena, &plain), OUTCOME_OK);
    assert_int_equal(keyring_unseal(only_new, 1, by_new, f->arena, &plain), OUTCOME_OK);
    assert_int_equal(keyring_unseal(only_new, 1, by_old, f->arena, &plain), OUTCOME_REFUSED);
    assert_int_equal(keyring_unseal(old, 1, by_new, f->arena, &plain), OUTCOME_REFUSED);
    struct lookup a, b;
    keyring_lookup(old, SPAN("phone"), SPAN("x"), &a);
    keyring_lookup(both, SPAN("phone"), SPAN("x"), &b);
    assert_memory_equal(&a, &b, sizeof a);
    unsigned char checks[3][KEY_CHECK_BYTES];
    keyring_check_value(old, checks[0]);
    keyring_check_value(both, checks[1]);
    keyring_check_value(only_new, checks[2]);
    assert_memory_equal(checks[0], checks[1], sizeof checks[0]);
    assert_memory_not_equal(checks[0], checks[2], sizeof checks[0]);
    keyring_close(old);
    keyring_close(both);
    keyring_close(only_new);
}

static void pins_belong_to_their_person(void **state)
{
    struct fixture *f = *state;
    struct keyring *keyring = open_text(f, "helpline-key 1\n1 " KEY_A "\n");
    unsigned char hashes[4][PIN_HASH_BYTES];
    pin_hash(keyring, 1, SPAN("1234"), hashes[0]);
    pin_hash(keyring, 1, SPAN("1234"), hashes[1]);
    pin_hash(keyring, 2, SPAN("1234"), hashes[2]);
    pin_hash(keyring, 1, SPAN("1235"), hashes[3]);
    assert_memory_equal(hashes[0], hashes[1], PIN_HASH_BYTES);
    assert_memory_not_equal(hashes[0], hashes[2], PIN_HASH_BYTES);
    assert_memory_not_equal(hashes[0], hashes[3], PIN_HASH_BYTES);
    keyring_close(keyring);
}

static void secrets_compare(void **state)
{
    (void)state;
    assert_true(secret_equal(SPAN("abc"), SPAN("abc")));
    assert_false(secret_equal(SPAN("abc"), SPAN("abd")));
    assert_false(secret_equal(SPAN("abc"), SPAN("ab")));
    assert_true(secret_equal(SPAN(""), SPAN("")));
    assert_false(secret_equal(SPAN_NONE, SPAN_NONE));
    assert_false(secret_equal(SPAN_NONE, SPAN("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(generated_files_are_private_and_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(two_generated_files_differ, set_up, tear_down),
        cmocka_unit_test_setup_teardown(places_that_cannot_hold_a_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(files_open_to_others_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(key_files_are_strict, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_truncation_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(too_many_bytes_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(holds_all_the_keys_it_can, set_up, tear_down),
        cmocka_unit_test_setup_teardown(look_ups_are_stable, set_up, tear_down),
        cmocka_unit_test_setup_teardown(look_ups_keep_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(fingerprints_are_stable_and_keep_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(seals_open_in_their_place_only, set_up, tear_down),
        cmocka_unit_test_setup_teardown(absent_and_empty_are_kept_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(person_keys_wrap_and_open, set_up, tear_down),
        cmocka_unit_test_setup_teardown(words_open_with_their_person_only, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_new_key_line_rotates, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pins_belong_to_their_person, set_up, tear_down),
        cmocka_unit_test(secrets_compare),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
