/* From a request of any shape to what somebody said: profiles written here, requests as a vendor might send them. */
#include "own_profile.h"
#include "text/utf8.h"

#define assert_span(span, text) assert_true(span_equal_text(span, text))

static const char everything[] =
    "kind = \"sms\"; title = \"T\";\n"
    "request = { methods = [ \"POST\", \"GET\" ]; encoding = \"form\";\n"
    "  fields = { from = [ \"from\", \"msisdn\" ]; to = \"to\"; text = \"text\"; id = \"id\"; date = \"date\"; network "
    "= \"net\"; };\n"
    "  dates = [ \"unix\" ];\n"
    "  variants = ( { encoding = \"json\"; items = \"list\"; fields = { text = \"content.text\"; network = \"/net\"; "
    "}; },\n"
    "    { encoding = \"xml\"; items = \"message\"; fields = { id = \"@id\"; network = \"/@net\"; }; },\n"
    "    { encoding = \"text\"; fields = { from = \"header:X-From\"; text = \"body\"; }; } ); };\n";

static struct profile_fixture sms;

static int load(void **state)
{
    (void)state;
    sms = own_must_load(everything, "");
    return 0;
}

static int unload(void **state)
{
    (void)state;
    profile_fixture_free(&sms);
    return 0;
}

/* One fact, said in each way. */
static void the_shape_is_told_by_what_comes(void **state)
{
    (void)state;
    static const struct {
        const char *type, *body;
    } cases[] = {
        {"application/x-www-form-urlencoded", "FROM=%2B8801712345678&text=hello&id=7&date=1511300000&net=n1"},
        {"application/json; charset=utf-8", "{\"net\":\"n1\",\"List\":[{\"msisdn\":8801712345678,\"content\":{\"TEXT\":"
                                            "\"hello\"},\"id\":7,\"date\":1511300000}]}"},
        {"application/vnd.x+json",
         "{\"net\":\"n1\",\"list\":{\"from\":null,\"msisdn\":8801712345678,\"content\":{\"text\":\"hello\"},\"id\":7,"
         "\"date\":1511300000}}"},
        {NULL, " {\"net\":\"n1\",\"list\":[{\"from\":\"+8801712345678\",\"content\":{\"text\":\"hello\"},\"id\":\"7\","
               "\"date\":\"1511300000\"}]}"},
        {"text/xml", "<r net=\"n1\"><MESSAGE ID=\"7\"><from>+8801712345678</from><text>hel</text><text>lo</text>"
                     "<date>1511300000</date></MESSAGE></r>"},
        {"text/plain", "\n<r net=\"n1\"><message id=\"7\"><from>tel: 8801712345678</from><text>hello</text>"
                       "<date>1511300000</date></message></r>"},
        {"application/octet-stream", "from=8801712345678&text=hello&id=7&date=1511300000&net=n1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pair header = {SPAN("content-type"), span_of(cases[i].type)};
        struct http_request request = {.method = SPAN("POST"),
                                       .path = SPAN("/in/c"),
                                       .body = span_of(cases[i].body),
                                       .headers = &header,
                                       .header_count = cases[i].type != NULL};
        struct own_reading r = own_ask(&sms, DOOR_IN, &request);
        if (r.outcome != OUTCOME_OK || r.count != 1 || !span_equal_text(r.first.from.text, "+8801712345678") ||
            !span_equal_text(r.first.input, "hello") || !span_equal_text(r.first.id, "7") ||
            r.first.at != 1511300000000 || !span_equal_text(r.first.network, "n1"))
            fail_msg("case %zu: %.*s %.*s", i, SPAN_ARG(r.rejection.field), SPAN_ARG(r.rejection.reason));
    }
    assert_span(own_get(&sms, DOOR_IN, "from=2233&text=a").first.input, "a");
}

/* The same fact twice says nothing new; two facts of one name leave it open whose the message is. */
static void two_senders_are_none(void **state)
{
    (void)state;
    assert_span(own_get(&sms, DOOR_IN, "from=2233&text=a&FROM=2234").rejection.field, "from");
    assert_span(own_get(&sms, DOOR_IN, "from=2233&id=1&id=2").rejection.field, "id");
    assert_span(own_get(&sms, DOOR_IN, "from=2233&from=2233&from=&text=a&text=b").first.input, "a");
}

static void a_body_may_be_the_text(void **state)
{
    (void)state;
    struct pair headers[] = {{SPAN("Content-Type"), SPAN("text/plain")}, {SPAN("x-from"), SPAN("+8801712345678")}};
    struct http_request request = {
        .method = SPAN("POST"), .path = SPAN("/in/c"), .body = SPAN("to=1&%zz"), .headers = headers, .header_count = 2};
    struct own_reading r = own_ask(&sms, DOOR_IN, &request);
    assert_int_equal(r.outcome, OUTCOME_OK);
    assert_span(r.first.input, "to=1&%zz");
    assert_span(r.first.from.text, "+8801712345678");
}

static void batches_are_read_whole(void **state)
{
    (void)state;
    struct own_reading r =
        own_post(&sms, DOOR_IN,
                 SPAN("{\"list\":[{\"from\":\"+8801712345678\",\"content\":{\"text\":\"a\"},\"id\":1},"
                      "{\"content\":{\"text\":\"whose?\"}},"
                      "{\"from\":\"+8801712345679\",\"content\":{\"text\":\"b\"},\"id\":2}, null, 5]}"));
    assert_int_equal(r.outcome, OUTCOME_OK);
    assert_int_equal(r.count, 5);
    assert_span(r.list[0].input, "a");
    assert_span(r.list[2].id, "2");
    static const char *const raws[] = {NULL, "{\"content\":{\"text\":\"whose?\"}}", NULL, "null", "5"};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(r.list[i].kind, raws[i] == NULL ? INBOUND_SMS : INBOUND_UNREADABLE);
        assert_true(raws[i] == NULL || span_equal_text(r.list[i].raw, raws[i]));
        assert_int_equal(r.list[i].channel, 0);
    }
    r = own_post(&sms, DOOR_IN,
                 SPAN("<r><message><text>whose?</text></message><message><from>+8801712345678</from></message></r>"));
    assert_int_equal(r.count, 2);
    assert_int_equal(r.list[0].kind, INBOUND_UNREADABLE);
    assert_span(r.list[0].raw, "<message><text>whose?</text></message>");
    assert_span(r.list[1].input, "");
}

static void a_batch_of_nobody_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        unsigned status;
        const char *field;
    } cases[] = {
        {"{\"list\":[{},{\"from\":\"\"}]}", 400, "from"},
        {"{\"list\":\"text\"}", 400, "list"},
        {"{\"list\":7}", 400, "list"},
        {"{}", 400, "from"},
        {"[]", 400, "from"},
        {"{\"list\":[{\"from\":{\"a\":1}}]}", 400, "from"},
        {"<r><message/></r>", 400, "from"},
        {"<r/>", 400, "from"},
        {"{\"list\":[", 400, NULL},
        {"{\"list\":[],\"list\":[]}", 400, NULL},
        {"{\"list\":[{\"from\":\"\xFF\"}]}", 400, "from"},
        {"{\"list\":[\xFF{\"from\":\"1\"}]}", 400, NULL},
        {"<!DOCTYPE r><r><message><from>1</from></message></r>", 400, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct own_reading r = own_post(&sms, DOOR_IN, span_of(cases[i].body));
        bool named = cases[i].field == NULL ? !span_is_present(r.rejection.field)
                                            : span_equal_text(r.rejection.field, cases[i].field);
        if (r.outcome != OUTCOME_REFUSED || r.rejection.status != cases[i].status || !named ||
            r.rejection.reason.len == 0)
            fail_msg("%s: %.*s", cases[i].body, SPAN_ARG(r.rejection.field));
    }
    struct own_reading none = own_post(&sms, DOOR_IN, SPAN("{\"list\":[]}"));
    assert_int_equal(none.outcome, OUTCOME_OK);
    assert_int_equal(none.count, 0);
}

static struct span list_of(size_t count)
{
    struct buffer text;
    buffer_init(&text, sms.arena, 1 << 20);
    buffer_add_text(&text, "{\"list\":[");
    for (size_t i = 0; i < count; i++)
        buffer_add_format(&text, "%s{\"from\":\"+8801712345678\"}", i > 0 ? "," : "");
    buffer_add_text(&text, "]}");
    return buffer_span(&text);
}

static void a_batch_has_a_bound(void **state)
{
    (void)state;
    assert_int_equal(own_post(&sms, DOOR_IN, list_of(512)).count, 512);
    struct own_reading r = own_post(&sms, DOOR_IN, list_of(513));
    assert_int_equal(r.rejection.status, 413);
    assert_span(r.rejection.field, "list");
}

/* Whatever is cut off at whatever place: refused, or what was read is sound. */
static void every_truncation_is_safe(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "from=%2B8801712345678&text=hello%20%E0%A6%95&id=7&date=1511300000&net=n1",
        "{\"net\":\"n1\",\"list\":[{\"from\":\"+8801712345678\",\"content\":{\"text\":\"h\\u0995 "
        "\xE0\xA6\x95\"},\"id\":7}]}",
        "<?xml version=\"1.0\"?><r net=\"n1\"><message "
        "id=\"7\"><from>+8801712345678</from><text>h&amp;\xE0\xA6\x95</text></message></r>",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        for (size_t len = 0; len < strlen(bodies[i]); len++) {
            char *exact = malloc(len + 1); /* so that a sanitizer sees what is read behind the end */
            memcpy(exact, bodies[i], len);
            struct own_reading r = own_post(&sms, DOOR_IN, (struct span){exact, len});
            assert_true(i == 0 || r.outcome == OUTCOME_REFUSED);
            assert_true(r.outcome == OUTCOME_OK ? utf8_is_valid(r.first.input) : r.rejection.status == 400);
            free(exact);
        }
        assert_int_equal(own_post(&sms, DOOR_IN, span_of(bodies[i])).count, 1);
    }
}

static void senders_of_every_kind(void **state)
{
    (void)state;
    static const struct {
        const char *format, *from;
        enum phone_kind kind;
        const char *text, *address;
    } cases[] = {
        {"plus", "%2B8801712345678", PHONE_NUMBER, "+8801712345678", "+8801712345678"},
        {"plus", "+8801712345678", PHONE_NUMBER, "+8801712345678", "8801712345678"},
        {"plus", "tel:%2B8801712345678", PHONE_NUMBER, "+8801712345678", "tel:+8801712345678"},
        {"plus", "TEL:%208801712345678", PHONE_NUMBER, "+8801712345678", "TEL: 8801712345678"},
        {"digits", "254711000111", PHONE_NUMBER, "+254711000111", "254711000111"},
        {"digits", "tel:25471100", PHONE_SHORT, "25471100", "tel:25471100"},
        {"plus", "MTN", PHONE_ALPHA, "MTN", "MTN"},
        {"plus", "tel:%20A1B2C3", PHONE_OPAQUE, "A1B2C3", "tel: A1B2C3"},
        {"plus", "tel:B%253C4pbgs", PHONE_OPAQUE, "B%3C4pbgs", "tel:B%3C4pbgs"},
        {"plus", "B%253C4", PHONE_OPAQUE, "B%3C4", "B%3C4"},
        {"plus", "88017****678", PHONE_OPAQUE, "88017****678", "88017****678"},
        {"opaque", "254711000111", PHONE_OPAQUE, "254711000111", "254711000111"},
        {"opaque", "tel:%20abc", PHONE_OPAQUE, "abc", "tel: abc"},
        {"opaque", "tel:", 0, NULL, NULL},
        {"plus", "tel:", 0, NULL, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char profile[300];
        snprintf(profile, sizeof profile,
                 "kind = \"sms\"; title = \"T\"; request = { methods = [ \"GET\" ]; encoding = \"query\";"
                 "fields = { from = \"from\"; text = \"text\"; }; from_format = \"%s\"; };",
                 cases[i].format);
        struct profile_fixture own = own_must_load(profile, "");
        char query[100];
        snprintf(query, sizeof query, "from=%s", cases[i].from);
        struct own_reading r = own_get(&own, DOOR_IN, query);
        bool right = cases[i].text == NULL
                         ? r.outcome == OUTCOME_REFUSED
                         : r.first.from.kind == cases[i].kind && span_equal_text(r.first.from.text, cases[i].text) &&
                               span_equal_text(r.first.address, cases[i].address);
        if (!right)
            fail_msg("%s: %d %.*s %.*s", cases[i].from, (int)r.first.from.kind, SPAN_ARG(r.first.from.text),
                     SPAN_ARG(r.first.address));
        profile_fixture_free(&own);
    }
}

static const struct {
    const char *more, *request, *text;
    bool undecodable;
} texts[] = {
    {"encoding = \"query\";", "t=a%E9", "a\xEF\xBF\xBD", true},
    {"encoding = \"query\";", "t=a%00b",
     "a\xEF\xBF\xBD"
     "b",
     true},
    {"encoding = \"query\";", "t=%41%CC%8A", "\xC3\x85", false},
    {"encoding = \"query\"; charset = \"ISO-8859-1\";", "t=%E9", "\xC3\xA9", false},
    {"encoding = \"query\"; charset = \"WINDOWS-1252\";", "t=%80", "\xE2\x82\xAC", false},
    {"encoding = \"query\"; charset = \"UTF-16BE\";", "t=%00A%09%95", "A\xE0\xA6\x95", false},
    {"encoding = \"query\"; charset = \"UTF-16BE\";", "t=%FF%FEA%00", "A", false},
    {"encoding = \"query\"; charset = \"UTF-16LE\";", "t=A%00%95%09", "A\xE0\xA6\x95", false},
    {"encoding = \"query\"; charset = \"UTF-16LE\";", "t=A%00%95", "A\xEF\xBF\xBD", true},
    {"encoding = \"query\"; charset = \"UTF-32\";", "t=%00%00%00A%00%01%F6%00", "A\xF0\x9F\x98\x80", false},
    {"encoding = \"query\"; charset = \"UTF-32\";", "t=%FF%FE%00%00A%00%00%00", "A", false},
    {"encoding = \"query\"; charset = \"UTF-32\";", "t=%00%00%D8%00%00%11%00%00", "\xEF\xBF\xBD\xEF\xBF\xBD", true},
    {"encoding = \"query\"; charset = \"UTF-32\";", "t=%00%00%00A%00", "A\xEF\xBF\xBD", true},
    {"encoding = \"query\"; charset = \"GSM-7\";", "t=%05%00%1B%65", "\xC3\xA9@\xE2\x82\xAC", false},
    {"encoding = \"query\"; charset = \"GSM-7\";", "t=%81", "\xEF\xBF\xBD", true},
    {"encoding = \"query\";", "t=%E9&cs=latin1", "\xC3\xA9", false},
    {"encoding = \"query\";", "t=%E9&cs=text/plain;+charset=%22ISO-8859-1%22", "\xC3\xA9", false},
    {"encoding = \"query\";", "t=abc&cs=text/plain", "abc", false},
    {"encoding = \"query\";", "t=abc&cs=KOI8-R", "abc", true},
    {"encoding = \"query\";", "t=%00A&c=2", "A", false},
    {"encoding = \"query\";", "t=%00A&c=1",
     "\xEF\xBF\xBD"
     "A",
     true},
    {"encoding = \"query\"; text_as = \"hex\";", "t=e0a695", "\xE0\xA6\x95", false},
    {"encoding = \"query\"; text_as = \"hex\";", "t=00410995&c=2", "A\xE0\xA6\x95", false},
    {"encoding = \"query\"; text_as = \"hex\";", "t=e0a", "e0a", true},
    {"encoding = \"query\"; text_as = \"hex\";", "t=hello", "hello", true},
    {"encoding = \"query\"; text_as = \"hex\";", "t=", "", false},
    {"encoding = \"json\"; text_as = \"percent\";", "{\"t\":\"100%41 + x\"}", "100%41 + x", false},
    {"encoding = \"json\"; text_as = \"percent\";", "{\"t\":\"100%41\",\"cs\":\"UTF-8\"}", "100%41", false},
    {"encoding = \"json\"; text_as = \"percent\";", "{\"t\":\"%00m%00%ED\",\"cs\":\"UTF-16BE\"}", "m\xC3\xAD", false},
    {"encoding = \"json\"; text_as = \"percent\";", "{\"t\":\"a+%E9\",\"cs\":\"ISO-8859-1\"}", "a \xC3\xA9", false},
    {"encoding = \"json\"; text_as = \"percent\";", "{\"t\":\"a%E\",\"cs\":\"ISO-8859-1\"}", "a%E", true},
    {"encoding = \"json\";", "{\"t\":\"\\u0995\",\"cs\":\"UTF-16BE\"}", "\xE0\xA6\x95", false},
    {"encoding = \"json\";", "{\"t\":\"abc\",\"c\":1}", "abc", true},
    {"encoding = \"json\";", "{\"t\":true}", "true", false},
    {"encoding = \"json\";", "{\"t\":0.1}", "0.1", false},
    {"encoding = \"json\";", "{\"t\":null}", "", false},
    {"encoding = \"json\";", "{\"t\":{\"a\":1}}", "", false},
    {"encoding = \"json\"; text_as = \"base64-guess\";",
     "{\"t\":\"SSBhbSBiYWNrIGluIFN5bGhldCBhbmQgbmVlZCBhIGRvY3RvciwgcGxlYXNlIGNhbGwu\"}",
     "I am back in Sylhet and need a doctor, please call.", false},
    {"encoding = \"json\"; text_as = \"base64-guess\";", "{\"t\":\"SSBhbSBiYWNr\"}", "SSBhbSBiYWNr", false},
    {"encoding = \"json\"; text_as = \"base64-guess\";",
     "{\"t\":\"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefgh\"}",
     "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefgh", false},
};

/* How bytes become words: `more` are the door's own words about it, `request` a query or a JSON text. */
static void texts_of_every_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char profile[500];
        snprintf(profile, sizeof profile,
                 "kind = \"sms\"; title = \"T\"; request = { methods = [ \"GET\", \"POST\" ]; %s "
                 "fields = { from = \"const:+8801712345678\"; text = \"t\"; charset = \"cs\"; coding = \"c\"; };"
                 "codings = ( { value = \"1\"; means = \"binary\"; }, { value = \"2\"; means = \"UTF-16BE\"; } ); };",
                 texts[i].more);
        struct profile_fixture own = own_must_load(profile, "");
        struct own_reading r = texts[i].request[0] == '{' ? own_post(&own, DOOR_IN, span_of(texts[i].request))
                                                          : own_get(&own, DOOR_IN, texts[i].request);
        if (r.outcome != OUTCOME_OK || !span_equal_text(r.first.input, texts[i].text) ||
            r.first.undecodable != texts[i].undecodable || span_is_present(r.first.raw) != texts[i].undecodable)
            fail_msg("%s: %.*s %d", texts[i].request, SPAN_ARG(r.first.input), r.first.undecodable);
        profile_fixture_free(&own);
    }
}

static void parts_of_long_texts(void **state)
{
    (void)state;
    static const struct {
        const char *query, *reference;
        unsigned number, total;
    } cases[] = {
        {"r=17&n=2&t=3", "17", 2, 3},
        {"r=17&n=0&t=3", "", 0, 0},
        {"r=17&n=4&t=3", "", 0, 0},
        {"r=17&n=1&t=1", "", 0, 0},
        {"n=1&t=2", "", 0, 0},
        {"r=17&n=x&t=2", "", 0, 0},
        {"r=17&n=1&t=256", "", 0, 0},
        {"u=050003A40201", "164", 1, 2},
        {"u=050003a40202", "164", 2, 2},
        {"u=06080401020302", "258", 2, 3},
        {"u=0B0504158A0000050003A40201", "", 0, 0},
        {"u=0A0504158A00000003A40201", "", 0, 0},
        {"u=0B0504158A00000003A40201", "164", 1, 2},
        {"u=050003A402", "", 0, 0},
        {"u=050003A40203", "", 0, 0},
        {"u=0500", "", 0, 0},
        {"u=00", "", 0, 0},
        {"u=FF", "", 0, 0},
        {"u=05000", "", 0, 0},
        {"u=xyz", "", 0, 0},
        {"u=", "", 0, 0},
        {"u=040002A402", "", 0, 0},
        {"r=9&n=1&t=2&u=050003A40201", "9", 1, 2},
    };
    struct profile_fixture own =
        own_must_load("kind = \"sms\"; title = \"T\"; request = { methods = [ \"GET\" ]; encoding = \"query\";"
                      "fields = { from = \"const:2233\"; text = \"x\"; part_ref = \"r\"; part_number = \"n\";"
                      "part_total = \"t\"; udh = \"u\"; }; };",
                      "");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct inbound first = own_get(&own, DOOR_IN, cases[i].query).first;
        bool none = cases[i].total == 0 && !span_is_present(first.part.reference);
        if (first.part.total != cases[i].total || first.part.number != cases[i].number ||
            !(none || span_equal_text(first.part.reference, cases[i].reference)))
            fail_msg("%s: %u of %u", cases[i].query, first.part.number, first.part.total);
    }
    profile_fixture_free(&own);
}

static void reports_come_in_batches(void **state)
{
    (void)state;
    struct profile_fixture own =
        own_must_load("kind = \"sms\"; title = \"T\"; request = { fields = { from = \"f\"; text = \"t\"; }; };"
                      "reports = { encoding = \"json\"; items = \"\"; fields = { id = \"id\"; status = "
                      "\"status.name\"; reason = \"why\"; };"
                      "  statuses = ( { value = \"DELIVERED\"; means = \"delivered\"; } ); };",
                      "");
    struct own_reading r = own_post(&own, DOOR_REPORT,
                                    SPAN("[{\"id\":\"a-1\",\"status\":{\"name\":\"delivered\"}},{\"status\":{}},"
                                         "{\"id\":7,\"status\":{\"name\":\"new word\"},\"why\":\"no prose here\"}]"));
    assert_int_equal(r.count, 3);
    assert_int_equal(r.list[0].delivery, DELIVERY_DELIVERED);
    assert_int_equal(r.list[1].kind, INBOUND_UNREADABLE);
    assert_span(r.list[2].refers_to, "7");
    assert_int_equal(r.list[2].delivery, DELIVERY_NONE);
    assert_false(span_is_present(r.list[2].reason));
    assert_span(own_post(&own, DOOR_REPORT, SPAN("{\"id\":\"a-1\"}")).first.refers_to, "a-1");
    profile_fixture_free(&own);
}

/* What a reply has to repeat, in the profile's own order, whether it is there or not. */
static void what_a_reply_repeats_is_kept(void **state)
{
    (void)state;
    struct profile_fixture own =
        own_must_load("kind = \"ussd\"; title = \"T\"; request = { methods = [ \"POST\" ]; encoding = \"json\";"
                      "  fields = { session = \"s\"; from = \"f\"; text = \"t\"; }; };"
                      "reply = { continue = \"{{in.user.id}} {{text}} {{in.none}} {{in.header:X-A}}\"; end = "
                      "\"{{text}} {{in.user.id}}\"; };",
                      "");
    struct span body = SPAN("{\"s\":1,\"f\":\"+254711000111\",\"t\":\"1\",\"user\":{\"ID\":false}}");
    struct pair header = {SPAN("x-a"), SPAN("b")};
    struct http_request request = {
        .method = SPAN("POST"), .path = SPAN("/in/c"), .body = body, .headers = &header, .header_count = 1};
    struct inbound first = own_ask(&own, DOOR_IN, &request).first;
    if (!first.echoes) {
        fail();
        return;
    }
    assert_span(first.echoes[0], "false");
    assert_false(span_is_present(first.echoes[1]));
    assert_span(first.echoes[2], "b");
    assert_true(span_equal(first.object, body));
    profile_fixture_free(&own);
}

static void what_does_not_hold_is_said(void **state)
{
    (void)state;
    static const struct {
        const char *request, *finding;
    } cases[] = {
        {"encoding = \"json\"; fields = { from = \"a[\"; text = \"t\"; };", "no path in JSON"},
        {"encoding = \"xml\"; fields = { from = \"a//b\"; text = \"t\"; };", "no path in XML"},
        {"fields = { from = [ \"a\", \"\" ]; text = \"t\"; };", "out of range"},
        {"fields = { from = \"hedaer:X\"; text = \"t\"; };", "before a colon"},
        {"fields = { from = 7; text = \"t\"; };", "wrong type"},
        {"fields = { from = [ ]; text = \"t\"; };", "needs 'from'"},
        {"items = \"a\"; fields = { from = \"f\"; text = \"t\"; };", "items are of JSON and XML"},
        {"encoding = \"json\"; items = \"a[\"; fields = { from = \"f\"; text = \"t\"; };", "no path in JSON"},
        {"fields = { from = \"f\"; text = \"t\"; }; variants = ( { encoding = \"jsn\"; } );", "nearest is json"},
        {"fields = { from = \"f\"; text = \"t\"; }; variants = ( \"json\" );", "expected { encoding"},
        {"fields = { from = \"f\"; text = \"t\"; }; phases = ( { value = \"1\"; means = \"new\"; } );",
         "a phase needs a field"},
        {"fields = { from = \"f\"; text = \"t\"; phase = \"p\"; }; phases = ( { value = \"1\"; means = \"nwe\"; } );",
         "nearest is 'new'"},
        {"fields = { from = \"f\"; text = \"t\"; }; dates = [ "
         "\"%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y\" ];",
         "shorter than"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char profile[600];
        snprintf(profile, sizeof profile, "kind = \"sms\"; title = \"T\"; request = { %s };", cases[i].request);
        struct profile_fixture own = own_load(profile, "");
        profile_fixture_refused(&own, cases[i].finding);
        profile_fixture_free(&own);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, load, unload)
int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(the_shape_is_told_by_what_comes),
        TEST(two_senders_are_none),
        TEST(a_body_may_be_the_text),
        TEST(batches_are_read_whole),
        TEST(a_batch_of_nobody_is_refused),
        TEST(a_batch_has_a_bound),
        TEST(every_truncation_is_safe),
        cmocka_unit_test(senders_of_every_kind),
        cmocka_unit_test(texts_of_every_kind),
        cmocka_unit_test(parts_of_long_texts),
        cmocka_unit_test(reports_come_in_batches),
        cmocka_unit_test(what_a_reply_repeats_is_kept),
        cmocka_unit_test(what_does_not_hold_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
