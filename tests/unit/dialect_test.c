/* A dialect that nobody speaks, connected by its .conf alone: read, answered, ended, and played by the terminal's phone. */
#include "aggregator/handset.h"
#include "own_profile.h"

static const char invented[] =
    "kind = \"ussd\"; title = \"Nobody's USSD\";\n"
    "request = { methods = [ \"GET\" ]; encoding = \"query\"; from_format = \"digits\"; input = "
    "\"latest-after-code\";\n"
    "  fields = { session = \"ussdId\"; from = \"msisdn\"; text = \"input\"; date = \"stamp\"; }; dates = [ \"unix\" "
    "]; };\n"
    "reply = { continue = \"C;{{text}}\"; end = \"E;{{text}}\"; };\n"
    "notify = { methods = [ \"GET\" ]; encoding = \"query\"; fields = { session = \"ussdId\"; status = \"why\"; };\n"
    "  causes = ( { value = \"1\"; means = \"closed\"; }, { value = \"2\"; means = \"timeout\"; } ); };\n";

static void a_new_dialect_is_data(void **state)
{
    (void)state;
    struct profile_fixture own = own_must_load(invented, "");
    const struct channel *channel = own.channel;
    struct inbound first =
        own_get(&own, DOOR_IN, "msisdn=8801712345678&ussdId=77&input=*384%23&stamp=1763683200").first;
    assert_true(span_equal_text(first.from.text, "+8801712345678"));
    assert_true(span_equal_text(first.input, "*384#"));
    assert_int_equal(first.form, INPUT_LATEST_AFTER_CODE);
    assert_int_equal(first.event, INBOUND_RESUME);
    assert_int_equal(first.at, 1763683200000);
    struct reply reply = {.text = SPAN("Hello")};
    struct http_response response;
    struct span screen;
    bool ends;
    exchange_reply(channel, &first, &reply, own.arena, &response);
    assert_true(span_equal_text(response.body, "C;Hello"));
    assert_int_equal(handset_screen(channel, &response, own.arena, &screen, &ends), OUTCOME_OK);
    assert_true(span_equal_text(screen, "Hello") && !ends);
    struct inbound end = own_get(&own, DOOR_NOTIFY, "ussdId=77&why=2").first;
    assert_int_equal(end.cause, END_TIMEOUT);
    assert_int_equal(end.event, INBOUND_CLOSE);
    profile_fixture_free(&own);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(a_new_dialect_is_data)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
