#include <string.h>
#include "aggregator/handset.h"
#include "exchange_fixture.h"

static struct fixture f;

static int setup(void **state)
{
    (void)state;
    f = fixture_standard();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fixture_free(&f);
    return 0;
}

struct answer {
    enum outcome outcome;
    struct inbound first;
    size_t count;
    struct rejection rejection;
};

/* Routes and reads a raw request as the gateway would. */
static struct answer ask(const char *raw)
{
    struct http_request request;
    struct error err;
    struct answer answer = {0};
    enum exchange_door door;
    const struct channel *channel;
    assert_int_equal(http_parse_request(span_of(raw), f.arena, &request, &err), OUTCOME_OK);
    answer.outcome = exchange_route(f.set, request.path, &door, &channel);
    if (answer.outcome != OUTCOME_OK)
        return answer;
    struct exchange_received received;
    answer.outcome = exchange_read(channel, door, &request, 0, f.arena, &received);
    answer.count = received.count;
    answer.rejection = received.rejection;
    if (answer.count > 0)
        answer.first = received.list[0];
    return answer;
}

static const char *with_body(const char *head, const char *body)
{
    return arena_text(f.arena, arena_format(f.arena, "%s HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n%s", head,
                                            strlen(body), body));
}

#define assert_span(span, text) assert_true(span_equal_text(span, text))
#define IN_USSD "POST /in/at-ussd/" SECRET
#define CALL                                                                                                           \
    "sessionId=ATUid_5d3b4c2bc589f4811820a7184eed4df5&phoneNumber=%2B254711000111&networkCode=63902&"                  \
    "serviceCode=*384*123%23&text="

static void a_call_begins(void **state)
{
    (void)state;
    struct answer a = ask(with_body(IN_USSD, CALL));
    assert_int_equal(a.outcome, OUTCOME_OK);
    assert_int_equal(a.count, 1);
    assert_int_equal(a.first.kind, INBOUND_USSD);
    assert_int_equal(a.first.event, INBOUND_NEW);
    assert_span(a.first.session, "ATUid_5d3b4c2bc589f4811820a7184eed4df5");
    assert_span(a.first.from.text, "+254711000111");
    assert_int_equal(a.first.from.kind, PHONE_NUMBER);
    assert_span(a.first.to, "*384*123#");
    assert_span(a.first.network, "63902");
    assert_span(a.first.input, "");
    assert_int_equal(a.first.form, INPUT_CUMULATIVE);
}

static void text_grows(void **state)
{
    (void)state;
    struct answer a = ask(with_body(IN_USSD, CALL "1%2A2*hello+there%2B"));
    assert_int_equal(a.outcome, OUTCOME_OK);
    assert_int_equal(a.first.event, INBOUND_RESUME);
    assert_span(a.first.input, "1*2*hello there+");
    assert_int_equal(a.first.separator, '*');
}

static void what_is_missing_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *head, *body, *field;
    } cases[] = {
        {IN_USSD, "phoneNumber=%2B254711000111&text=", "sessionId"},
        {IN_USSD, "sessionId=&phoneNumber=%2B254711000111&text=", "sessionId"},
        {IN_USSD, "sessionId=a%20b&phoneNumber=%2B254711000111&text=", "sessionId"},
        {IN_USSD, "sessionId=%C3%A9&phoneNumber=%2B254711000111&text=", "sessionId"},
        {IN_USSD, "sessionId=a&text=", "phoneNumber"},
        {IN_USSD, "sessionId=a&phoneNumber=+++&text=", "phoneNumber"},
        {IN_USSD, "sessionId=a&phoneNumber=%FF%FE&text=", "phoneNumber"},
        {IN_USSD, "", "sessionId"},
        {"POST /in/at-sms/" SECRET, "to=21512&text=1", "from"},
        {"POST /dlr/at-sms/" SECRET, "status=Success", "id"},
        {"POST /notify/at-ussd/" SECRET, "status=Success", "sessionId"},
        {"GET /in/kannel?secret=" SECRET "&text=1", "", "from"},
        {"GET /dlr/kannel?secret=" SECRET "&ref=12a&status=1", "", "ref"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct answer a = ask(with_body(cases[i].head, cases[i].body));
        assert_int_equal(a.outcome, OUTCOME_REFUSED);
        assert_int_equal(a.count, 0);
        assert_int_equal(a.rejection.status, 400);
        assert_span(a.rejection.field, cases[i].field);
        assert_true(a.rejection.reason.len > 0);
    }
}

static void a_long_session_id_is_refused(void **state)
{
    (void)state;
    char id[202];
    memset(id, 'a', sizeof id);
    struct span body = arena_format(f.arena, "sessionId=%.200s&phoneNumber=%%2B254711000111&text=", id);
    assert_int_equal(ask(with_body(IN_USSD, body.at)).outcome, OUTCOME_OK);
    body = arena_format(f.arena, "sessionId=%.201s&phoneNumber=%%2B254711000111&text=", id);
    assert_int_equal(ask(with_body(IN_USSD, body.at)).rejection.status, 400);
}

static void doors_and_channels(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        enum outcome outcome;
    } cases[] = {
        {"/in/at-ussd/x", OUTCOME_OK},
        {"/in/at-ussd", OUTCOME_OK},
        {"/notify/at-ussd/x", OUTCOME_OK},
        {"/dlr/at-sms/x", OUTCOME_OK},
        {"/in/kannel", OUTCOME_OK},
        {"/in/kannel/x", OUTCOME_NOT_FOUND},
        {"/in/kannel/", OUTCOME_NOT_FOUND},
        {"/dlr/at-ussd/x", OUTCOME_NOT_FOUND},
        {"/notify/at-sms/x", OUTCOME_NOT_FOUND},
        {"/in/nobody", OUTCOME_NOT_FOUND},
        {"/in/", OUTCOME_NOT_FOUND},
        {"/in", OUTCOME_NOT_FOUND},
        {"/", OUTCOME_NOT_FOUND},
        {"", OUTCOME_NOT_FOUND},
        {"in/at-ussd/x", OUTCOME_NOT_FOUND},
        {"//in/at-ussd", OUTCOME_NOT_FOUND},
        {"/out/at-ussd/x", OUTCOME_NOT_FOUND},
        {"/in/at-uss", OUTCOME_NOT_FOUND},
        {"/in/AT-USSD/x", OUTCOME_NOT_FOUND},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        enum exchange_door door;
        const struct channel *channel;
        assert_int_equal(exchange_route(f.set, span_of(cases[i].path), &door, &channel), cases[i].outcome);
    }
}

/* The secret comes before all else: nothing of a request without it is commented on. */
static void without_the_secret_nothing_is_read(void **state)
{
    (void)state;
    static const char *const heads[] = {
        "POST /in/at-ussd/wrong",
        "POST /in/at-ussd",
        "POST /in/at-ussd/",
        "POST /in/at-ussd/" SECRET "/",
        "POST /in/at-ussd/" SECRET "x",
        "POST /in/at-ussd//" SECRET,
        "PUT /in/at-ussd/wrong",
        "POST /notify/at-ussd/wrong",
        "POST /in/kannel",
        "GET /in/kannel?secret=wrong",
        "GET /in/kannel?secret=",
        "GET /in/kannel?secret=" SECRET "x&text=%zz",
        "GET /dlr/kannel?ref=1",
    };
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        struct answer a = ask(with_body(heads[i], "nonsense=%zz"));
        assert_int_equal(a.outcome, OUTCOME_REFUSED);
        assert_int_equal(a.rejection.status, 403);
    }
    assert_int_equal(ask(with_body("PUT /in/at-ussd/" SECRET, "")).rejection.status, 405);
    assert_span(ask(with_body("PUT /dlr/kannel?secret=" SECRET, "")).rejection.allow, "GET");
    assert_int_equal(ask(with_body(IN_USSD, "text=%zz")).rejection.status, 400);
    assert_span(ask(with_body(IN_USSD, "sessionId=1&TEXT=%zz")).rejection.field, "text");
    assert_span(ask(with_body(IN_USSD, "text=1&phoneNumber=%4")).rejection.field, "phoneNumber");
    assert_false(span_is_present(ask(with_body(IN_USSD, "%2B8801712345678=%zz")).rejection.field));
    assert_int_equal(ask(with_body("GET /in/kannel?from=2233444&text=1&SECRET=" SECRET, "")).outcome, OUTCOME_OK);
}

static void a_stranger_may_not_send_much(void **state)
{
    (void)state;
    static const struct {
        const char *channel, *path;
        bool known;
    } rows[] = {
        {"at-ussd", "/in/at-ussd/" SECRET, true},
        {"at-ussd", "/in/at-ussd/wrong", false},
        {"at-ussd", "/in/at-ussd/" SECRET "x", false},
        {"kannel", "/in/kannel", true}, /* its secret is in a field */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct channel *channel = fixture_channel(&f, rows[i].channel);
        struct http_request head = {
            .method = SPAN("POST"), .path = span_of(rows[i].path), .target = span_of(rows[i].path)};
        size_t limit = exchange_body_limit(channel, &head);
        assert_int_equal(limit == channel->max_body, rows[i].known);
        assert_true(rows[i].known || limit <= 4096);
    }
}

static void what_cannot_be_decoded_is_kept(void **state)
{
    (void)state;
    struct answer a = ask(with_body(IN_USSD, CALL "1*caf%E9"));
    assert_int_equal(a.outcome, OUTCOME_OK);
    assert_true(a.first.undecodable);
    assert_span(a.first.input, "1*caf\xEF\xBF\xBD");
    assert_span(a.first.raw, "1*caf\xE9");
    assert_int_equal(a.first.event, INBOUND_RESUME);
    /* the same text with an answer more still continues it */
    struct answer b = ask(with_body(IN_USSD, CALL "1*caf%E9*2"));
    assert_true(span_starts_with(b.first.input, a.first.input));
}

static struct http_response reply_to(const char *head, const char *body, const char *text, bool ends)
{
    struct answer a = ask(with_body(head, body));
    assert_int_equal(a.outcome, OUTCOME_OK);
    struct reply reply = {.text = span_of(text), .ends = ends};
    struct http_response response;
    exchange_reply(channel_set_at(f.set, a.first.channel), &a.first, &reply, f.arena, &response);
    return response;
}

static void screens_and_acknowledgements(void **state)
{
    (void)state;
    struct http_response response = reply_to(IN_USSD, CALL, "Hello\n1 Go & <see>", false);
    assert_int_equal(response.status, 200);
    assert_span(response.body, "CON Hello\n1 Go & <see>");
    assert_true(span_starts_with(response.content_type, SPAN("text/plain")));
    assert_span(reply_to(IN_USSD, CALL, "Bye", true).body, "END Bye");
    assert_span(reply_to("POST /notify/at-ussd/" SECRET, CALL, "never shown", true).body, "");
    assert_span(reply_to("POST /in/at-sms/" SECRET, "from=%2B254711000111&text=1", "never shown", false).body, "");
    response = reply_to("GET /in/kannel?secret=" SECRET "&from=01712345678&text=1", "", "never shown", false);
    assert_int_equal(response.status, 200);
    assert_span(response.body, "");
}

static void a_rejection_is_plain_text(void **state)
{
    (void)state;
    struct rejection missing = {.status = 400, .field = SPAN("phoneNumber"), .reason = SPAN("It is missing or empty.")};
    struct http_response response;
    exchange_reject(fixture_channel(&f, "at-ussd"), &missing, f.arena, &response);
    assert_int_equal(response.status, 400);
    assert_span(response.body, "phoneNumber: It is missing or empty.\n");
    struct rejection method = {
        .status = 405, .reason = SPAN("No."), .allow = SPAN("PUT")}; /* of the door, not of /in */
    exchange_reject(fixture_channel(&f, "kannel"), &method, f.arena, &response);
    assert_int_equal(response.header_count, 1);
    assert_span(response.headers[0].value, "PUT");
}

/* What the phone in the terminal says is what the gateway reads; for every profile in handset_test.c. */
static void a_handset_is_understood(void **state)
{
    (void)state;
    for (size_t i = 0; i < channel_set_count(f.set); i++) {
        const struct channel *channel = channel_set_at(f.set, i);
        struct handset handset = {.session = SPAN("dial-1"),
                                  .from = SPAN("+8801712345678"),
                                  .to = channel->code,
                                  .id = SPAN("m-1"),
                                  .text = SPAN("1*\xE0\xA6\x95 &=+#"),
                                  .event = INBOUND_RESUME};
        struct http_request request;
        struct exchange_received received;
        struct error err;
        assert_int_equal(handset_request(channel, DOOR_IN, &handset, 0, f.arena, &request, &err), OUTCOME_OK);
        assert_int_equal(exchange_read(channel, DOOR_IN, &request, 0, f.arena, &received), OUTCOME_OK);
        assert_true(span_equal(received.list[0].input, handset.text));
        assert_true(span_equal(received.list[0].from.text, handset.from));
        assert_true(span_equal(received.list[0].to, channel->code));
    }
}

static enum outcome show(const struct channel *channel, const char *body, struct span *screen, bool *ends)
{
    struct http_response reply = {.status = 200, .body = span_of(body)};
    return handset_screen(channel, &reply, f.arena, screen, ends);
}

static void a_handset_sees_the_screen(void **state)
{
    (void)state;
    const struct channel *channel = fixture_channel(&f, "at-ussd");
    struct span screen;
    bool ends;
    assert_int_equal(show(channel, "CON a\nb", &screen, &ends), OUTCOME_OK);
    assert_span(screen, "a\nb");
    assert_false(ends);
    assert_int_equal(show(channel, "END ", &screen, &ends), OUTCOME_OK);
    assert_true(ends);
    assert_int_equal(show(channel, " CON a", &screen, &ends), OUTCOME_REFUSED);
    assert_int_equal(show(channel, "", &screen, &ends), OUTCOME_REFUSED);
    assert_span(handset_type(channel, SPAN(""), 0, SPAN("1"), f.arena), "1");
    assert_span(handset_type(channel, SPAN("1"), 1, SPAN("2"), f.arena), "1*2");
    assert_span(handset_type(channel, SPAN(""), 1, SPAN("2"), f.arena), "*2");
    assert_span(handset_type(fixture_channel(&f, "kannel"), SPAN("1"), 1, SPAN("2"), f.arena), "2");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
static const struct CMUnitTest tests[] = {
    TEST(a_call_begins),
    TEST(text_grows),
    TEST(what_is_missing_is_named),
    TEST(a_long_session_id_is_refused),
    TEST(doors_and_channels),
    TEST(without_the_secret_nothing_is_read),
    TEST(a_stranger_may_not_send_much),
    TEST(what_cannot_be_decoded_is_kept),
    TEST(screens_and_acknowledgements),
    TEST(a_rejection_is_plain_text),
    TEST(a_handset_is_understood),
    TEST(a_handset_sees_the_screen),
};

int main(void)
{
    return cmocka_run_group_tests(tests, NULL, NULL);
}
