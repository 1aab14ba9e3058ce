#include <string.h>
#include "exchange_fixture.h"

static struct fixture f, unreachable; /* with a public address, and without */

static int setup(void **state)
{
    (void)state;
    f = fixture_standard_at("https://h.example/");
    unreachable = fixture_standard();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fixture_free(&f);
    fixture_free(&unreachable);
    return 0;
}

#define assert_span(span, text) assert_true(span_equal_text(span, text))

static struct outbox_row a_text(const char *text)
{
    return (struct outbox_row){.id = 4711, .to = SPAN("+8801712345678"), .text = span_of(text)};
}

static enum outcome build(const char *id, const struct outbox_row *row, const char *public_url, struct send_job *job)
{
    struct error err;
    const struct fixture *site = public_url != NULL ? &f : &unreachable;
    return exchange_build_send(fixture_channel(site, id), row, SPAN_NONE, f.arena, job, &err);
}

static struct span header(const struct send_job *job, const char *name)
{
    for (size_t i = 0; i < job->header_count; i++)
        if (span_equal_text(job->headers[i].name, name))
            return job->headers[i].value;
    return SPAN_NONE;
}

static void a_text_by_post(void **state)
{
    (void)state;
    struct outbox_row row = a_text("a&b=c +\xE0\xA6\x95");
    row.from = SPAN("21512");
    row.link = SPAN("0309");
    struct send_job job;
    assert_int_equal(build("at-sms", &row, "https://h.example/", &job), OUTCOME_OK);
    assert_int_equal(job.id, 4711);
    assert_span(job.method, "POST");
    assert_span(job.url, "https://api.africastalking.com/version1/messaging");
    assert_span(job.body, "username=sandbox&to=%2B8801712345678&message=a%26b%3Dc%20%2B%E0%A6%95&from=21512&linkId=0309"
                          "&bulkSMSMode=1&enqueue=1");
    assert_span(header(&job, "apiKey"), "key-1");
    assert_span(header(&job, "Content-Type"), "application/x-www-form-urlencoded");
}

static void a_link_that_is_not_there_is_left_out(void **state)
{
    (void)state;
    struct outbox_row row = a_text("x");
    row.link = SPAN("");
    struct send_job job;
    assert_int_equal(build("at-sms", &row, NULL, &job), OUTCOME_OK);
    assert_null(strstr(arena_text(f.arena, job.body), "linkId"));
}

static void a_text_by_get_with_our_id_in_the_report(void **state)
{
    (void)state;
    struct outbox_row row = a_text("Hi 50%");
    struct send_job job;
    assert_int_equal(build("kannel", &row, "https://h.example", &job), OUTCOME_OK);
    assert_span(job.method, "GET");
    assert_span(job.url, "http://127.0.0.1:13013/cgi-bin/sendsms?username=helpline&password=p%26w&from=2233"
                         "&to=%2B8801712345678&text=Hi%2050%25&charset=UTF-8&dlr-mask=27&dlr-url="
                         "https%3A%2F%2Fh.example%2Fdlr%2Fkannel%3Fsecret%3D" SECRET
                         "%26ref%3D4711%26status%3D%25d%26ts%3D%25T");
    assert_span(job.body, "");
}

static void what_gsm7_lacks_goes_as_ucs2(void **state)
{
    (void)state;
    struct outbox_row row = a_text("\xE0\xA6\x95");
    struct send_job job;
    assert_int_equal(build("kannel", &row, NULL, &job), OUTCOME_OK);
    assert_non_null(strstr(arena_text(f.arena, job.url), "&text=%09%95&coding=2"));
    assert_null(strstr(arena_text(f.arena, job.url), "dlr-url")); /* nobody could reach it */
}

/* What text/phone.h calls a number is somebody who can be texted. */
static void every_form_of_a_number_is_a_receiver(void **state)
{
    (void)state;
    static const char *const receivers[] = {"+8801712345678", "+0712345678", "0711082123"};
    struct send_job job;
    for (size_t i = 0; i < sizeof receivers / sizeof receivers[0]; i++) {
        struct outbox_row row = a_text("x");
        row.to = span_of(receivers[i]);
        assert_int_equal(build("at-sms", &row, NULL, &job), OUTCOME_OK);
    }
}

static void what_cannot_be_sent(void **state)
{
    (void)state;
    static const char *const receivers[] = {
        "", "MTN", "2233", "+", "+88017****678", "8801712345678", "+8801712345678,+1", "+88017123456789012"};
    struct send_job job;
    for (size_t i = 0; i < sizeof receivers / sizeof receivers[0]; i++) {
        struct outbox_row row = a_text("x");
        row.to = span_of(receivers[i]);
        assert_int_equal(build("at-sms", &row, NULL, &job), OUTCOME_REFUSED);
    }
    struct outbox_row empty = a_text("");
    assert_int_equal(build("at-sms", &empty, NULL, &job), OUTCOME_REFUSED);
    struct outbox_row row = a_text("x");
    assert_int_equal(build("at-ussd", &row, NULL, &job), OUTCOME_REFUSED);
}

#define RECIPIENT(code)                                                                                                \
    "{\"SMSMessageData\":{\"Message\":\"Sent\",\"Recipients\":[{\"statusCode\":" code                                  \
    ",\"number\":\"+254711000111\",\"status\":\"x\",\"messageId\":\"ATXid_1\"}]}}"

static void outcomes_are_judged(void **state)
{
    (void)state;
    static const struct {
        const char *channel;
        enum send_fate fate;
        unsigned status;
        const char *body;
        enum outbox_state state;
        enum outbox_reason reason;
    } cases[] = {
        {"at-sms", SEND_ANSWERED, 201, RECIPIENT("102"), OUTBOX_SENT, REASON_NONE},
        {"at-sms", SEND_ANSWERED, 201, RECIPIENT("101"), OUTBOX_SENT, REASON_NONE},
        {"at-sms", SEND_ANSWERED, 201, RECIPIENT("\"100\""), OUTBOX_SENT, REASON_NONE},
        {"at-sms", SEND_ANSWERED, 201, RECIPIENT("403"), OUTBOX_FAILED, REASON_REJECTED},
        {"at-sms", SEND_ANSWERED, 201, RECIPIENT("405"), OUTBOX_FAILED, REASON_CREDIT},
        {"at-sms", SEND_ANSWERED, 201, RECIPIENT("500"), OUTBOX_UNKNOWN, REASON_UNKNOWN},
        {"at-sms", SEND_ANSWERED, 201, "{\"SMSMessageData\":{\"Message\":\"InvalidSenderId\",\"Recipients\":[]}}",
         OUTBOX_FAILED, REASON_REJECTED},
        {"at-sms", SEND_ANSWERED, 201, "<html>", OUTBOX_UNKNOWN, REASON_UNKNOWN},
        {"at-sms", SEND_ANSWERED, 200, "", OUTBOX_UNKNOWN, REASON_UNKNOWN},
        {"at-sms", SEND_ANSWERED, 401, "The supplied authentication is invalid", OUTBOX_FAILED, REASON_REJECTED},
        {"at-sms", SEND_ANSWERED, 429, "", OUTBOX_QUEUED, REASON_THROTTLED},
        {"at-sms", SEND_ANSWERED, 502, "", OUTBOX_UNKNOWN, REASON_UNKNOWN},
        {"at-sms", SEND_ANSWERED, 302, "", OUTBOX_UNKNOWN, REASON_UNKNOWN},
        {"at-sms", SEND_NOT_SENT, 0, "", OUTBOX_QUEUED, REASON_UNREACHABLE},
        {"at-sms", SEND_UNKNOWN, 0, "", OUTBOX_UNKNOWN, REASON_UNKNOWN},
        {"kannel", SEND_ANSWERED, 202, "0: Accepted for delivery", OUTBOX_SENT, REASON_NONE},
        {"kannel", SEND_ANSWERED, 202, "3: Queued for later delivery", OUTBOX_SENT, REASON_NONE},
        {"kannel", SEND_ANSWERED, 200, "Sent.", OUTBOX_SENT, REASON_NONE},
        {"kannel", SEND_ANSWERED, 200, "<html>", OUTBOX_UNKNOWN, REASON_UNKNOWN},
        {"kannel", SEND_ANSWERED, 403, "Not routable. Do not try again.", OUTBOX_FAILED, REASON_REJECTED},
        {"kannel", SEND_ANSWERED, 403, "Authorization failed for sendsms", OUTBOX_FAILED, REASON_REJECTED},
        {"kannel", SEND_ANSWERED, 503, "Temporal failure, try again later.", OUTBOX_QUEUED, REASON_THROTTLED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct send_outcome outcome = {
            .fate = cases[i].fate, .status = cases[i].status, .body = span_of(cases[i].body)};
        struct send_verdict verdict;
        exchange_read_outcome(fixture_channel(&f, cases[i].channel), &outcome, f.arena, &verdict);
        if (verdict.state != cases[i].state || verdict.reason != cases[i].reason)
            fail_msg("case %zu: state %d, reason %d", i, (int)verdict.state, (int)verdict.reason);
    }
}

static void the_vendors_id_and_the_wait(void **state)
{
    (void)state;
    struct send_outcome outcome = {.status = 201, .body = SPAN(RECIPIENT("102"))};
    struct send_verdict verdict;
    exchange_read_outcome(fixture_channel(&f, "at-sms"), &outcome, f.arena, &verdict);
    assert_span(verdict.vendor_id, "ATXid_1");
    outcome = (struct send_outcome){.status = 429, .retry_after_ms = 7000, .body = SPAN("")};
    exchange_read_outcome(fixture_channel(&f, "at-sms"), &outcome, f.arena, &verdict);
    assert_int_equal(verdict.retry_after_ms, 7000);
    assert_false(span_is_present(verdict.vendor_id));
}

/* A truncated answer may never pass for a success: the text would be lost in silence. */
static void every_truncation_of_an_answer(void **state)
{
    (void)state;
    static const char whole[] = RECIPIENT("102");
    for (size_t len = 0; len < sizeof whole - 1; len++) {
        struct send_outcome outcome = {.status = 201, .body = {whole, len}};
        struct send_verdict verdict;
        exchange_read_outcome(fixture_channel(&f, "at-sms"), &outcome, f.arena, &verdict);
        assert_int_equal(verdict.state, OUTBOX_UNKNOWN);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(a_text_by_post),
        TEST(a_link_that_is_not_there_is_left_out),
        TEST(a_text_by_get_with_our_id_in_the_report),
        TEST(what_gsm7_lacks_goes_as_ucs2),
        TEST(every_form_of_a_number_is_a_receiver),
        TEST(what_cannot_be_sent),
        TEST(outcomes_are_judged),
        TEST(the_vendors_id_and_the_wait),
        TEST(every_truncation_of_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
