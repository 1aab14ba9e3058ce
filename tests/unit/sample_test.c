/* sample: the shape of a refused request, and never a word of it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core_fixture.h"

#include "core/tick/sample.h"

#define SECRET "s3cr3t-T0ken"
#define NUMBER "8801712345678"
#define WORDS "husband beats"

static int open_stage(void **state)
{
    struct stage *stage = calloc(1, sizeof *stage);
    *stage = stage_open(9);
    *state = stage;
    return 0;
}

static int close_stage(void **state)
{
    stage_close(*state);
    free(*state);
    return 0;
}

static const char *sample(struct stage *stage, const char *raw)
{
    struct http_request request;
    struct fixture *f = stage->f;
    arena_reset(f->arena);
    OK(http_parse_request(span_of(raw), f->arena, &request, &f->err));
    return arena_text(f->arena, sample_of(stage_channel(stage, "ussd"), &request, f->arena));
}

static void what_is_kept_and_what_is_masked(void **state)
{
    static const struct {
        const char *raw, *wanted;
    } cases[] = {
        {"GET /in/ussd/" SECRET "?sessionId=ab-12&who=%2B880 HTTP/1.1\r\nHost: h1.example\r\n\r\n",
         "GET /in/ussd/*?sessionId=aa-99&aaa=%9a999\nHost: a9.aaaaaaa"},
        {"POST /in/ussd HTTP/1.1\r\nContent-Type: application/json; charset=utf-8\r\nX-Token: " SECRET "\r\n\r\n"
         "{\"phoneNumber\": \"+88017\", \"msg\":{\"text\":\"caf\xC3\xA9!\"}, \"n\":12}",
         "POST /in/ussd\nContent-Type: application/json; aaaaaaa=aaa-9\na-aaaaa: a9aa9a-a9aaa\n\n"
         "{\"phoneNumber\": \"+99999\", \"aaa\":{\"text\":\"aaaa!\"}, \"a\":99}"},
        {"POST /in/ussd/x/y HTTP/1.1\r\nContent-Type: text/xml\r\n\r\n<?xml version='1.0'?><a "
         "text=\"x\"><phoneNumber>01</phoneNumber></a>",
         "POST /in/ussd/*/*\nContent-Type: text/xml\n\n<?aaa aaaaaaa='9.9'?><a "
         "text=\"a\"><phoneNumber>99</phoneNumber></a>"},
        {"POST /in/ussd HTTP/1.1\r\nContent-Type: " NUMBER "\r\n\r\n", "POST /in/ussd\nContent-Type: 9999999999999"},
        {"POST /in/ussd HTTP/1.1\r\n\r\nhello there", "POST /in/ussd\n\naaaaa aaaaa"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(sample(*state, cases[i].raw), cases[i].wanted);
}

static void a_long_value_is_not_measured(void **state)
{
    const char *form =
        sample(*state, "POST /in/ussd HTTP/1.1\r\n\r\ntext=aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeee&x=1");
    assert_string_equal(form, "POST /in/ussd\n\ntext=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa~&a=9");
    const char *json =
        sample(*state, "POST /in/ussd HTTP/1.1\r\n\r\n{\"text\":\"aaaaaaaaaa bbbbbbbbbb cccccccccc dddddddddd "
                       "eeeee fffff ggggg hhhhhhh iiiii jjjjjj kkkkk lllll\",\"x\":1}");
    assert_string_equal(json, "POST /in/ussd\n\n{\"text\":\"aaaaaaaaaa aaaaaaaaaa aaaaaaaaaa aaaaaaa~\",\"a\":9}");
    char raw[8192];
    int len = snprintf(raw, sizeof raw, "POST /in/ussd HTTP/1.1\r\n\r\n");
    for (int i = 0; i < 500; i++)
        len += snprintf(raw + len, sizeof raw - (size_t)len, "%s=%d&", i % 2 ? "text" : "f", i);
    const char *many = sample(*state, raw);
    assert_int_equal(strlen(many), SAMPLE_MAX);
    assert_int_equal(many[SAMPLE_MAX - 1], '~');
}

static void a_nul_is_masked_like_any_other_byte(void **state)
{
    struct stage *stage = *state;
    struct fixture *f = stage->f;
    static const char body[] = "\0{\"text\":\"a\0b\"}";
    const struct http_request request = {
        .method = SPAN("POST"), .path = SPAN("/in/ussd"), .body = {body + 1, sizeof body - 2}};
    struct span text = sample_of(stage_channel(stage, "ussd"), &request, f->arena);
    assert_null(memchr(text.at, '\0', text.len));
    assert_true(text.len > 20);
}

/* The same said in every way that there is, cut everywhere: no piece of it is in the sample. */
static void no_word_survives(void **state)
{
    static const char *const raws[] = {
        "POST /in/ussd/" SECRET "/" NUMBER "?k=" SECRET "&" NUMBER "=" WORDS
        " HTTP/1.1\r\nAuthorization: Bearer " SECRET "\r\nX-" NUMBER ": " WORDS
        "\r\nContent-Type: application/json\r\nCookie: " SECRET "\r\n\r\n"
        "{\"" NUMBER "\":\"" WORDS "\",\"text\":\"" WORDS " \\\"" SECRET "\\\": <" NUMBER "=\",\"phoneNumber\":" NUMBER
        "}",
        "POST /in/ussd HTTP/1.1\r\nUser-Agent: " SECRET "\r\n\r\n<" WORDS " phoneNumber='" NUMBER "'><text>" WORDS
        "</text><" SECRET "/></" NUMBER ">",
        "POST /in/ussd HTTP/1.1\r\n\r\nphoneNumber=" NUMBER "&text=" WORDS "&" SECRET "&" WORDS "=" SECRET,
        SECRET " /in/ussd HTTP/1.1\r\n\r\n[\"" SECRET "\", \"" NUMBER "\", {\"" WORDS "\": null}]",
    };
    static const char *const pieces[] = {"s3cr3t", "T0ken", "880171", "345678", "husband", "beats"};
    struct stage *stage = *state;
    for (size_t i = 0; i < sizeof raws / sizeof *raws; i++)
        for (size_t len = 30; len <= strlen(raws[i]); len++) {
            char raw[1024];
            struct http_request request;
            struct fixture *f = stage->f;
            snprintf(raw, sizeof raw, "%.*s", (int)len, raws[i]);
            arena_reset(f->arena);
            if (http_parse_request(span_of(raw), f->arena, &request, &f->err) != OUTCOME_OK)
                continue;
            const char *text = arena_text(f->arena, sample_of(stage_channel(stage, "ussd"), &request, f->arena));
            for (size_t k = 0; k < sizeof pieces / sizeof *pieces; k++)
                if (strstr(text, pieces[k]))
                    fail_msg("case %zu cut at %zu: \"%s\" in \"%s\"", i, len, pieces[k], text);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_kept_and_what_is_masked),
        cmocka_unit_test(a_nul_is_masked_like_any_other_byte),
        cmocka_unit_test(a_long_value_is_not_measured),
        cmocka_unit_test(no_word_survives),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
