/* Where in its session a USSD request stands, and what of its input is an answer: profiles written here. */
#include "own_profile.h"

#define assert_span(span, text) assert_true(span_equal_text(span, text))
#define HEAD                                                                                                           \
    "kind = \"ussd\"; title = \"T\"; reply = { continue = \"{{text}}\"; end = \"{{text}}\"; };"                        \
    "request = { methods = [ \"GET\", \"POST\" ]; encoding = \"query\";"                                               \
    "  fields = { session = \"s\"; from = \"f\"; to = \"to\"; text = \"t\"; phase = \"p\"; };"

static void phases_tell_what_a_request_is(void **state)
{
    (void)state;
    struct profile_fixture own = own_must_load(
        HEAD "phases = ( { value = \"BEG\"; means = \"new\"; }, { value = \"\"; means = \"resume\"; },"
             "  { value = \"end\"; means = \"close\"; }, { value = \"abo\"; means = \"abort\"; },"
             "  { value = \"late\"; means = \"timeout\"; }, { value = \"err\"; means = \"fail\"; },"
             "  { value = \"ask\"; means = \"ask\"; }, { field = \"clean\"; value = \"*\"; means = \"close\"; },"
             "  { field = \"t\"; value = \"Map Dialog*\"; means = \"abort\"; } );"
             "new_if = \"text-empty\"; };",
        "");
    static const struct {
        const char *query;
        enum inbound_event event;
        enum end_cause cause;
    } cases[] = {
        {"s=1&f=2547110001&t=1&p=beg", INBOUND_NEW, END_NONE},
        {"s=1&f=2547110001&t=1&p=%20BEG%20", INBOUND_NEW, END_NONE},
        {"s=1&f=2547110001&t=&p=", INBOUND_RESUME, END_NONE},
        {"s=1&f=2547110001&t=", INBOUND_NEW, END_NONE},
        {"s=1&f=2547110001&t=1", INBOUND_RESUME, END_NONE},
        {"s=1&f=2547110001&t=1&p=BEGIN", INBOUND_RESUME, END_NONE},
        {"s=1&p=end", INBOUND_CLOSE, END_CLOSED},
        {"s=1&f=&p=ABO", INBOUND_CLOSE, END_ABORTED},
        {"s=1&p=late", INBOUND_CLOSE, END_TIMEOUT},
        {"s=1&p=err&t=x", INBOUND_CLOSE, END_FAILED},
        {"s=1&p=ask", INBOUND_ASK, END_NONE},
        {"s=1&clean=cleann&=&=en&=90315", INBOUND_CLOSE, END_CLOSED},
        {"s=1&f=2547110001&clean=&t=5", INBOUND_RESUME, END_NONE},
        {"s=1&t=map+dialog+User+Abort", INBOUND_CLOSE, END_ABORTED},
        {"s=1&f=2547110001&t=ma", INBOUND_RESUME, END_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct own_reading r = own_get(&own, DOOR_IN, cases[i].query);
        if (r.outcome != OUTCOME_OK || r.first.kind != INBOUND_USSD || r.first.event != cases[i].event ||
            r.first.cause != cases[i].cause)
            fail_msg("%s: %d %d", cases[i].query, (int)r.first.event, (int)r.first.cause);
    }
    assert_span(own_get(&own, DOOR_IN, "s=1&t=1&p=beg").rejection.field, "f");
    assert_span(own_get(&own, DOOR_IN, "f=2547110001&p=end").rejection.field, "s");
    profile_fixture_free(&own);
}

static void the_caller_may_be_named_once(void **state)
{
    (void)state;
    struct profile_fixture own =
        own_must_load(HEAD "from_first_only = true; new_if = \"phase\";"
                           "phases = ( { field = \"f\"; value = \"*\"; means = \"new\"; } ); };",
                      "");
    struct inbound first = own_get(&own, DOOR_IN, "s=1&f=2547110001&t=").first;
    assert_int_equal(first.event, INBOUND_NEW);
    assert_span(first.from.text, "+2547110001");
    first = own_get(&own, DOOR_IN, "s=1&t=2").first;
    assert_int_equal(first.event, INBOUND_RESUME);
    assert_false(span_is_present(first.from.text));
    assert_false(span_is_present(first.address));
    profile_fixture_free(&own);
    own = own_must_load(HEAD "};", "");
    assert_span(own_get(&own, DOOR_IN, "s=1&t=2").rejection.field, "f");
    profile_fixture_free(&own);
}

static void what_was_dialled_is_a_way(void **state)
{
    (void)state;
    static const struct {
        const char *more, *channel, *query, *route;
    } cases[] = {
        {"", "code = \"*384*123#\";", "t=*384*123%23", NULL},
        {"", "code = \"*384*123#\";", "t=*384*123*5*3%23", "5*3"},
        {"", "code = \"*384*123#\";", "t=384*123*5", "5"},
        {"", "code = \"384*123\";", "t=*384*123*5%23", "5"},
        {"", "code = \"384*123#\";", "t=%20*384*123*5%23%20", "5"},
        {"", "code = \"*384*123#\";", "t=*384*1234%23", NULL},
        {"", "code = \"*384*123#\";", "t=5*3", NULL},
        {"", "code = \"*384*123#\";", "t=", NULL},
        {"", "", "t=*384*5%23&to=*384%23", "5"},
        {"", "", "t=*384*5%23&to=384", "5"},
        {"", "", "t=*384*5%23", NULL},
        {"", "", "t=*384*5%23&to=*", NULL},
        {"separator = \"#\";", "code = \"384\";", "t=384*5*3", "5#3"},
        {"phases = ( { field = \"to\"; value = \"a\"; means = \"resume\"; } );", "code = \"384\";", "t=384*5&to=a",
         NULL},
        {"phases = ( { field = \"to\"; value = \"a\"; means = \"new\"; } );", "code = \"384\";", "t=384*5&to=a", "5"},
        {"new_if = \"phase\";", "code = \"384\";", "t=384*5", NULL},
        {"new_if = \"text-empty\";", "code = \"384\";", "t=384*5", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char profile[700], query[100];
        snprintf(profile, sizeof profile, HEAD "input = \"latest-after-code\"; %s };", cases[i].more);
        struct profile_fixture own = own_must_load(profile, cases[i].channel);
        snprintf(query, sizeof query, "s=1&f=2547110001&%s", cases[i].query);
        struct inbound first = own_get(&own, DOOR_IN, query).first;
        assert_int_equal(first.form, INPUT_LATEST_AFTER_CODE);
        if (cases[i].route == NULL ? span_is_present(first.route) : !span_equal_text(first.route, cases[i].route))
            fail_msg("%s with %s: %.*s", cases[i].query, cases[i].channel, SPAN_ARG(first.route));
        profile_fixture_free(&own);
    }
}

/* However the code is written, what is left grows by one part an answer. */
static void the_code_is_taken_off_cumulative_input(void **state)
{
    (void)state;
    static const struct {
        const char *query, *input;
    } cases[] = {
        {"t=", ""},
        {"t=*415*33%23", ""},
        {"t=*415*33", ""},
        {"t=415*33%23", ""},
        {"t=1", "1"},
        {"t=1*2", "1*2"},
        {"t=*415*33*1", "1"},
        {"t=*415*33*1%23", "1"},
        {"t=*415*33%23*1", "1"},
        {"t=*415*33*1%23*2", "1*2"},
        {"t=*415*33%23*1*hello+there", "1*hello there"},
        {"t=*415*33*1*a%23b", "1*a#b"},
        {"t=*415*33%23*", ""},
        {"t=*415*33%23**2", "*2"},
        {"t=*415*331*1", "*415*331*1"},
        {"t=415", "415"},
    };
    struct profile_fixture own = own_must_load(HEAD "input = \"cumulative-after-code\"; };", "code = \"*415*33#\";");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char query[100];
        snprintf(query, sizeof query, "s=1&f=2547110001&%s", cases[i].query);
        struct inbound first = own_get(&own, DOOR_IN, query).first;
        assert_int_equal(first.form, INPUT_CUMULATIVE);
        assert_false(span_is_present(first.route));
        if (!span_equal_text(first.input, cases[i].input))
            fail_msg("%s: %.*s", cases[i].query, SPAN_ARG(first.input));
    }
    profile_fixture_free(&own);
}

/* A dialect that says in the path which session it is and what is wanted, and asks whether a session is open. */
static void a_path_may_tell(void **state)
{
    (void)state;
    struct profile_fixture own = own_must_load(
        "kind = \"ussd\"; title = \"T\"; reply = { continue = \"{{text}}\"; end = \"{{text}}\"; };"
        "request = { methods = [ \"GET\", \"POST\", \"PUT\" ]; encoding = \"json\";"
        "  fields = { session = \"path:2\"; from = \"msisdn\"; text = \"text\"; phase = \"path:3\"; network = "
        "\"header:X-Net\";"
        "    link = \"query:l\"; };"
        "  from_format = \"digits\"; new_if = \"phase\"; phases = ( { value = \"start\"; means = \"new\"; },"
        "    { value = \"end\"; means = \"close\"; }, { value = \"status\"; means = \"ask\"; } ); };",
        "");
    static const struct {
        const char *method, *last, *body;
        enum inbound_event event;
    } cases[] = {
        {"POST", "start", "{\"msisdn\":385955363443,\"text\":null}", INBOUND_NEW},
        {"POST", "response", "{\"MSISDN\":\"385955363443\",\"text\":\"1\"}", INBOUND_RESUME},
        {"PUT", "end", "{\"reason\":\"x\",\"exitCode\":600}", INBOUND_CLOSE},
        {"GET", "status", "", INBOUND_ASK},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pair header = {SPAN("x-net"), SPAN("n1")};
        struct http_request request = {.method = span_of(cases[i].method),
                                       .path = arena_format(own.arena, "/in/c/session/a-7/%s", cases[i].last),
                                       .query = SPAN("l=9"),
                                       .body = span_of(cases[i].body),
                                       .headers = &header,
                                       .header_count = 1};
        struct own_reading r = own_ask(&own, DOOR_IN, &request);
        if (r.outcome != OUTCOME_OK || r.first.event != cases[i].event)
            fail_msg("%s: %.*s", cases[i].last, SPAN_ARG(r.rejection.reason));
        assert_span(r.first.session, "a-7");
        assert_span(r.first.network, "n1");
        assert_span(r.first.link, "9");
    }
    struct http_request request = {.method = SPAN("GET"), .path = SPAN("/in/c/session"), .body = SPAN("")};
    assert_int_equal(own_ask(&own, DOOR_IN, &request).rejection.status, 400);
    profile_fixture_free(&own);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(phases_tell_what_a_request_is),
        cmocka_unit_test(the_caller_may_be_named_once),
        cmocka_unit_test(what_was_dialled_is_a_way),
        cmocka_unit_test(the_code_is_taken_off_cumulative_input),
        cmocka_unit_test(a_path_may_tell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
