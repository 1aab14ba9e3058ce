/* totp: the vectors of RFC 6238 (appendix B, SHA-1, last six digits), the window, no step twice, and what people type. */
#include "console/door/totp.h"
#include "own_arena.h"

static const struct span rfc_secret = {"12345678901234567890", 20};

static const struct {
    int64_t second;
    const char *code;
} vectors[] = {
    {59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
    {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"},
};

static void test_vectors_of_the_rfc(void **state)
{
    (void)state;
    char code[TOTP_DIGITS + 1];
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        totp_code(rfc_secret, totp_step(vectors[i].second * 1000), code);
        assert_string_equal(code, vectors[i].code);
    }
}

static void test_one_step_before_and_after(void **state)
{
    (void)state;
    const int64_t now = 1234567890000;
    for (int64_t away = -3; away <= 3; away++) {
        char code[TOTP_DIGITS + 1];
        int64_t step = 0;
        totp_code(rfc_secret, totp_step(now) + away, code);
        bool accepted = totp_accepts(rfc_secret, span_of(code), now, 0, &step);
        assert_int_equal(accepted, away >= -1 && away <= 1);
        if (accepted)
            assert_int_equal(step, totp_step(now) + away);
    }
}

static void test_no_step_twice(void **state)
{
    (void)state;
    const int64_t now = 1234567890000, current = totp_step(now);
    char code[TOTP_DIGITS + 1];
    int64_t step = 0;
    totp_code(rfc_secret, current, code);
    assert_true(totp_accepts(rfc_secret, span_of(code), now, current - 1, &step));
    assert_false(totp_accepts(rfc_secret, span_of(code), now, step, &step));
    totp_code(rfc_secret, current - 1, code); /* one that came before the one that was used */
    assert_false(totp_accepts(rfc_secret, span_of(code), now, current, &step));
    totp_code(rfc_secret, current + 1, code);
    assert_true(totp_accepts(rfc_secret, span_of(code), now, current, &step));
}

static void test_as_people_type(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        bool accepted;
    } cases[] = {
        {"005924", true},
        {" 005 924 ", true},
        {"০০৫৯২৪", true},
        {"00592", false},
        {"0059240", false},
        {"5924", false},
        {"005924x", false},
        {"", false},
        {"      ", false},
        {"-05924", false},
        {"0x5924", false},
        {"005925", false},
        {"00 59 24 0", false},
        {"00592400000000000000000000000000000000000000000000000000000000000000000000000000000000000000", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t step;
        if (totp_accepts(rfc_secret, span_of(cases[i].typed), 1234567890000, 0, &step) != cases[i].accepted)
            fail_msg("\"%s\"", cases[i].typed);
    }
    int64_t step;
    assert_false(totp_accepts(SPAN_NONE, SPAN("005924"), 1234567890000, 0, &step));
    assert_false(totp_accepts(rfc_secret, SPAN_NONE, 1234567890000, 0, &step));
}

static void assert_span(struct span got, const char *wanted)
{
    if (!span_equal_text(got, wanted))
        fail_msg("got \"%.*s\", wanted \"%s\"", SPAN_ARG(got), wanted);
}

static void test_secret_and_address(void **state)
{
    (void)state;
    assert_span(totp_secret_text(rfc_secret, arena), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    assert_span(totp_secret_text(SPAN("f"), arena), "MY"); /* RFC 4648, without its padding */
    assert_span(totp_secret_text(SPAN("foobar"), arena), "MZXW 6YTB OI");
    assert_span(totp_address(rfc_secret, SPAN("Help & line"), SPAN("rina.k"), arena),
                "otpauth://totp/Help%20%26%20line:rina.k?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                "&issuer=Help%20%26%20line");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors_of_the_rfc),
        cmocka_unit_test(test_one_step_before_and_after),
        cmocka_unit_test(test_no_step_twice),
        cmocka_unit_test(test_as_people_type),
        cmocka_unit_test_setup_teardown(test_secret_and_address, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
