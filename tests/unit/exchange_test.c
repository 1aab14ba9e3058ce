#include <string.h>
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
    struct inbound *list;
    answer.outcome = exchange_read(channel, door, &request, f.arena, &list, &answer.count, &answer.rejection);
    if (answer.count > 0)
        answer.first = list[0];
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

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(a_call_begins, setup, teardown),
};

int main(void)
{
    return cmocka_run_group_tests(tests, NULL, NULL);
}
