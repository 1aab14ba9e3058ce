/* How dialects say a screen, an acknowledgement, an answer, a refusal. */
#include "profile_fixture.h"

#define assert_span(span, text) assert_true(span_equal_text(span, text))
#define USSD                                                                                                           \
    "kind = \"ussd\"; title = \"t\"; request = { encoding = \"json\"; "                                                \
    "fields = { session = \"s\"; from = \"f\"; text = \"t\"; id = \"i\"; }; };\n"
#define SMS                                                                                                            \
    "kind = \"sms\"; title = \"t\"; request = { encoding = \"json\"; fields = { from = \"f\"; text = \"t\"; id = "     \
    "\"i\"; }; };\n"
#define SCREEN "A \"b\" <c> & d|e\\\n1 \xE0\xA6\xB8"

/* What a request becomes, read and answered; `text` NULL: only acknowledged. */
static struct http_response said(const struct profile_fixture *f, const char *body, const struct reply *reply)
{
    struct http_request request = {.method = SPAN("POST"), .path = SPAN("/in/it/sample-secret"), .body = span_of(body)};
    static const struct pair json[] = {{{"Content-Type", 12}, {"application/json", 16}}};
    struct exchange_received received;
    struct http_response response;
    request.target = request.path;
    request.headers = json;
    request.header_count = 1;
    if (exchange_read(f->channel, DOOR_IN, &request, 0, f->arena, &received) == OUTCOME_OK)
        exchange_reply(f->channel, received.count > 0 ? &received.list[0] : NULL, reply, f->arena, &response);
    else
        exchange_reject(f->channel, &received.rejection, f->arena, &response);
    return response;
}

static struct span header(const struct http_response *response, const char *name)
{
    for (size_t i = 0; i < response->header_count; i++)
        if (span_equal_text(response->headers[i].name, name))
            return response->headers[i].value;
    return SPAN_NONE;
}

static void screens_of_every_grammar(void **state)
{
    (void)state;
    static const struct {
        const char *reply, *go_on, *end;
    } cases[] = {
        {"content_type = \"text/plain\"; continue = \"CON {{text}}\"; end = \"END {{text}}\";", "CON " SCREEN,
         "END " SCREEN},
        {"content_type = \"application/json\"; continue = "
         "\"{\\\"m\\\":{{text|json-value}},\\\"u\\\":{{in.u|json-value}},"
         "\\\"n\\\":{{in.n|json-value}},\\\"x\\\":{{in.x|json-value}},\\\"go\\\":true}\";"
         "end = \"{\\\"m\\\":\\\"{{text|json}}\\\",\\\"u\\\":\\\"{{in.u|json}}\\\",\\\"go\\\":false}\";",
         "{\"m\":\"A \\\"b\\\" <c> & d|e\\\\\\n1 \xE0\xA6\xB8\",\"u\":\"q\\\"\",\"n\":7,\"x\":null,\"go\":true}",
         "{\"m\":\"A \\\"b\\\" <c> & d|e\\\\\\n1 \xE0\xA6\xB8\",\"u\":\"q\\\"\",\"go\":false}"},
        {"content_type = \"text/xml\"; translate = ( { text = \"\\n\"; becomes = \"<br/>\"; } );"
         "continue = \"<p><i>{{session|xml}}</i><d>{{text|xml}}</d><n/></p>\"; end = \"<p><d>{{text|xml}}</d></p>\";",
         "<p><i>77</i><d>A &quot;b&quot; &lt;c&gt; &amp; d|e\\<br/>1 \xE0\xA6\xB8</d><n/></p>",
         "<p><d>A &quot;b&quot; &lt;c&gt; &amp; d|e\\<br/>1 \xE0\xA6\xB8</d></p>"},
        {"translate = ( { text = \"|\"; becomes = \"/\"; } ); continue = \"1|{{text}}|null\"; end = "
         "\"1|{{text}}|end\";",
         "1|A \"b\" <c> & d/e\\\n1 \xE0\xA6\xB8|null", "1|A \"b\" <c> & d/e\\\n1 \xE0\xA6\xB8|end"},
        {"continue = \"{{to}} {{to_no_plus}} {{from}} {{id}} {{channel}} {{public_url}}{{#unicode}} U{{/unicode}}"
         "{{#ends}} E{{/ends}} {{text|ucs2hex}}\"; end = \"{{text}}{{#ends}} E{{/ends}}\";",
         "+254711000111 254711000111  9 it https://h.example U "
         "004100200022006200220020003C0063003E0020002600200064007C0065005C000A0031002009B8",
         SCREEN " E"},
    };
    static const char request[] = "{\"s\":\"77\",\"f\":\"+254711000111\",\"t\":\"1\",\"i\":9,\"u\":\"q\\\"\",\"n\":7}";
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char profile[2000];
        snprintf(profile, sizeof profile, USSD "reply = { %s };", cases[i].reply);
        struct profile_fixture f = profile_fixture_hold(profile, "");
        struct reply reply = {.text = SPAN(SCREEN)};
        struct http_response response = said(&f, request, &reply);
        if (response.status != 200 || !span_equal_text(response.body, cases[i].go_on))
            fail_msg("%zu: %.*s", i, SPAN_ARG(response.body));
        reply.ends = true;
        response = said(&f, request, &reply);
        if (!span_equal_text(response.body, cases[i].end))
            fail_msg("%zu: %.*s", i, SPAN_ARG(response.body));
        profile_fixture_free(&f);
    }
}

static void headers_say_whether_it_goes_on(void **state)
{
    (void)state;
    struct profile_fixture f = profile_fixture_hold(
        USSD "reply = { continue = \"{{text}}\"; end = \"{{text}}\";"
             "continue_headers = ( { name = \"Freeflow\"; value = \"FC\"; }, { name = \"cpRefId\"; value = "
             "\"{{in.ref}}\"; } );"
             "end_headers = ( { name = \"Freeflow\"; value = \"FB\"; } ); };",
        "");
    struct reply reply = {.text = SPAN("x")};
    struct http_response r = said(&f, "{\"s\":\"1\",\"f\":\"+254711000111\",\"t\":\"\",\"ref\":12}", &reply);
    assert_span(header(&r, "Freeflow"), "FC");
    assert_span(header(&r, "cpRefId"), "12");
    assert_true(span_is_present(http_format_response(&r, f.arena)));
    /* No fact of a request begins a header of its own; the screen is shown all the same. */
    r = said(&f, "{\"s\":\"1\",\"f\":\"+254711000111\",\"t\":\"\",\"ref\":\"1\\r\\nSet-Cookie: a\"}", &reply);
    assert_int_equal(r.status, 200);
    assert_span(r.body, "x");
    assert_span(header(&r, "cpRefId"), "");
    assert_true(span_is_present(http_format_response(&r, f.arena)));
    reply.ends = true;
    r = said(&f, "{\"s\":\"1\",\"f\":\"+254711000111\",\"t\":\"\"}", &reply);
    assert_int_equal(r.header_count, 1);
    assert_span(header(&r, "Freeflow"), "FB");
    profile_fixture_free(&f);
}

static void the_same_object_comes_back(void **state)
{
    (void)state;
    struct profile_fixture f = profile_fixture_hold(
        USSD "reply = { content_type = \"application/json\"; same_object = true;"
             "translate = ( { text = \"|\"; becomes = \"/\"; } );"
             "set_continue = ( { name = \"response\"; value = \"{{text}}\"; }, { name = \"open\"; value = \"true\"; "
             "json = true; }, { name = \"n\"; value = \"{{in.n|json-value}}\"; json = true; } );"
             "set_end = ( { name = \"response\"; value = \"{{text}}\"; }, { name = \"open\"; value = \"false\"; json = "
             "true; } ); };",
        "");
    struct reply reply = {.text = SPAN("a\"|b\n")};
    struct http_response r = said(
        &f, "{ \"s\": \"1\", \"Response\": null, \"f\": \"+254711000111\", \"t\": \"\", \"o\": {\"k\":[1]} }", &reply);
    assert_span(r.body, "{\"s\":\"1\",\"Response\":\"a\\\"/b\\n\",\"f\":\"+254711000111\",\"t\":\"\",\"o\":{\"k\":[1]},"
                        "\"open\":true,\"n\":null}");
    reply.ends = true;
    r = said(&f, "{\"s\":\"1\",\"f\":\"+254711000111\",\"t\":\"\"}", &reply);
    assert_span(r.body, "{\"s\":\"1\",\"f\":\"+254711000111\",\"t\":\"\",\"response\":\"a\\\"/b\\n\",\"open\":false}");
    profile_fixture_free(&f);
}

static void who_asks_is_told(void **state)
{
    (void)state;
    static const char profile[] =
        "kind = \"ussd\"; title = \"t\"; request = { encoding = \"json\"; fields = { session = \"s\"; from = \"f\"; "
        "text = "
        "\"t\"; phase = \"p\"; }; phases = ( { value = \"status\"; means = \"ask\"; } ); };"
        "reply = { content_type = \"application/json\"; continue = \"{\\\"m\\\":{{text|json-value}}}\"; end = "
        "\"{\\\"m\\\":{{text|json-value}}}\"; open = \"{\\\"active\\\":true}\"; closed = \"{\\\"active\\\":false}\"; };"
        "acknowledge = { body = \"ok\"; };";
    struct profile_fixture f = profile_fixture_hold(profile, "");
    static const char request[] = "{\"s\":\"1\",\"f\":\"+254711000111\",\"t\":\"\",\"p\":\"status\"}";
    struct reply reply = {.is_open = true};
    assert_span(said(&f, request, &reply).body, "{\"active\":true}");
    reply.is_open = false;
    assert_span(said(&f, request, &reply).body, "{\"active\":false}");
    assert_span(said(&f, request, NULL).body, "ok");
    profile_fixture_free(&f);
}

static void a_refusal_in_their_own_words(void **state)
{
    (void)state;
    struct profile_fixture f = profile_fixture_hold(
        USSD "reply = { content_type = \"application/json\"; continue = \"{\\\"m\\\":{{text|json-value}}}\"; end = "
             "\"{\\\"m\\\":{{text|json-value}}}\"; refusal = { body = "
             "\"{\\\"code\\\":400,\\\"why\\\":\\\"{{field|json}}: {{reason|json}}\\\"}\"; }; };",
        "");
    struct http_response r = said(&f, "{\"s\":\"1\",\"t\":\"\"}", NULL);
    assert_int_equal(r.status, 200);
    assert_span(r.content_type, "application/json");
    assert_span(r.body, "{\"code\":400,\"why\":\"f: It is missing or empty.\"}");
    /* Who is a stranger is told so as ever. */
    struct rejection stranger = {.status = 403, .reason = SPAN("No.")};
    exchange_reject(f.channel, &stranger, f.arena, &r);
    assert_int_equal(r.status, 403);
    profile_fixture_free(&f);
}

static void acknowledgements(void **state)
{
    (void)state;
    struct profile_fixture f = profile_fixture_hold(
        SMS
        "acknowledge = { status = 202; content_type = \"application/json\"; body = "
        "\"{\\\"id\\\":\\\"{{id|json}}\\\",\\\"v\\\":{{in.v|json-value}}}\"; headers = ( { name = \"X-Id\"; value = "
        "\"{{id}}\"; } ); };",
        "");
    /* Not even when the core has an answer: the body of an acknowledgement may be texted on. */
    struct reply reply = {.text = SPAN("secret words")};
    struct http_response r = said(&f, "{\"f\":\"+254711000111\",\"t\":\"hi\",\"i\":\"a\\\"1\",\"v\":2}", &reply);
    assert_int_equal(r.status, 202);
    assert_span(r.body, "{\"id\":\"a\\\"1\",\"v\":2}");
    assert_span(header(&r, "X-Id"), "a\"1");
    profile_fixture_free(&f);
}

#define ANSWERING                                                                                                      \
    SMS "acknowledge = { content_type = \"text/xml\"; body = \"<Response/>\"; "                                        \
        "answer = \"<Response><Message>{{text|xml}}</Message></Response>\"; };"

static void an_answer_in_the_reply(void **state)
{
    (void)state;
    static const char request[] = "{\"f\":\"+254711000111\",\"t\":\"hi\"}";
    struct reply reply = {.text = SPAN("a < b")}, nothing = {.text = SPAN_NONE};
    struct profile_fixture f = profile_fixture_hold(ANSWERING, "answer_in_reply = true;");
    assert_span(said(&f, request, &reply).body, "<Response><Message>a &lt; b</Message></Response>");
    assert_span(said(&f, request, &nothing).body, "<Response/>");
    assert_span(said(&f, request, NULL).body, "<Response/>");
    profile_fixture_free(&f);
    f = profile_fixture_hold(ANSWERING, "");
    assert_span(said(&f, request, &reply).body, "<Response/>");
    profile_fixture_free(&f);
}

/* Where pages are pushed the reply carries none, whatever the core says. */
static void a_pushing_channel_acknowledges(void **state)
{
    (void)state;
    struct profile_fixture f = profile_fixture_hold(
        USSD "acknowledge = { content_type = \"application/json\"; body = \"{\\\"statusCode\\\":\\\"S1000\\\"}\"; };"
             "push = { url = \"https://a.example/\"; body = \"{{text|form}}{{#ends}}&end{{/ends}}\"; "
             "outcomes = ( { means = \"sent\"; } ); };",
        "");
    struct reply reply = {.text = SPAN("page")};
    assert_span(said(&f, "{\"s\":\"1\",\"f\":\"+254711000111\",\"t\":\"\"}", &reply).body,
                "{\"statusCode\":\"S1000\"}");
    profile_fixture_free(&f);
}

/* What a dialect could not carry is found when the profile is loaded, where it stands. */
static void what_is_refused_at_load(void **state)
{
    (void)state;
    static const struct {
        const char *profile, *said;
    } cases[] = {
        {USSD, "needs reply"},
        {USSD "reply = { continue = \"a\"; end = \"{{text}}\"; };", "must both hold {{text}}"},
        {USSD "reply = { end = \"{{text}}\"; };", "must both hold {{text}}"},
        {USSD "reply = { same_object = true; set_end = ( { name = \"a\"; value = \"{{text}}\"; } ); };",
         "set_continue and set_end must both hold"},
        {USSD "reply = { content_type = \"application/json\";\ncontinue = \"{\\\"m\\\":\\\"{{text}}\\\"}\";\n"
              "end = \"{\\\"m\\\":{{text|json-value}}}\"; };",
         "it.conf:3: with a text of quotes, lines and signs what comes out is no JSON"},
        {USSD "reply = { content_type = \"application/json\"; continue = \"{\\\"m\\\":{{text|json-value}}}\";\n"
              "end = \"{\\\"m\\\":{{text|json-value}},\\\"s\\\":{{in.s}}}\"; };",
         "it.conf:3: with a text"},
        {USSD "reply = { content_type = \"application/json\"; continue = "
              "\"{\\\"m\\\":{{text|json-value}}{{#link}},{{/link}}}\"; end = \"{\\\"m\\\":{{text|json-value}}}\"; };",
         "is no JSON"},
        {USSD
         "reply = { content_type = \"text/xml\"; continue = \"<a>{{text}}</a>\"; end = \"<a>{{text|xml}}</a>\"; };",
         "is no XML: a value needs |xml"},
        {USSD "reply = { content_type = \"text/xml\"; continue = \"<a><![CDATA[{{text}}]]></a>\"; end = "
              "\"<a>{{text|xml}}</a>\"; };",
         "is no XML"},
        {USSD "reply = { content_type = \"text/xml\"; continue = \"<a>{{text|xml}}</a>\"; end = "
              "\"<a>{{text|xml}}<!--{{in.s}}--></a>\"; };",
         "is no XML"},
        {USSD "reply = { content_type = \"text/xml\"; translate = ( { text = \"\\n\"; becomes = \"<br>\"; } ); "
              "continue = \"<a>{{text|xml}}</a>\"; end = \"<a>{{text|xml}}</a>\"; };",
         "is no XML"},
        {USSD "reply = { continue = \"{{text}}\"; end = \"{{text}}\"; continue_headers = ( { name = \"A\"; value = "
              "\"{{text}}\"; } ); };",
         "a header cannot hold {{text}}"},
        {USSD "reply = { continue = \"{{text}}\"; end = \"{{text}}\"; end_headers = ( { name = \"A B\"; value = "
              "\"c\"; } ); };",
         "a header's name"},
        {USSD "reply = { continue = \"{{text}}\"; end = \"{{text}}\"; end_headers = ( { name = \"A\"; value = "
              "\"c\\r\\nB: d\"; } ); };",
         "a header's value holds a line break"},
        {USSD "reply = { content_type = \"text/plain\\nA: b\"; continue = \"{{text}}\"; end = \"{{text}}\"; };",
         "content_type holds a line break"},
        {USSD "reply = { continue = \"{{text}}{{token}}\"; end = \"{{text}}\"; };", "not known here: 'token'"},
        {USSD "reply = { continue = \"{{text}}\"; end = \"{{text}}\"; refusal = { body = \"{{in.f}}\"; }; };",
         "no request is answered here"},
        {USSD "reply = { continue = \"{{text}}{{in.path:0}}\"; end = \"{{text}}\"; };", "path:1 to path:9"},
        {SMS "acknowledge = { body = \"{{text}}\"; };", "not known here: 'text'"},
        {SMS "acknowledge = { headers = ( { name = \"A\"; value = \"{{text}}\"; } ); };", "not known here: 'text'"},
        {SMS "acknowledge = { answer = \"thanks\"; };", "the answer to a text must hold {{text}}"},
        {SMS "acknowledge = { content_type = \"text/xml\"; answer = \"<a>{{text}}</a>\"; };", "is no XML"},
        {SMS "acknowledge = { content_type = \"application/json\"; body = \"S1000\"; };", "is no JSON"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        profile_fixture_refuse(cases[i].profile, "", cases[i].said);
}

/* A screen over all that a reply may hold is none: half a screen could be the wrong half. */
static void a_reply_that_does_not_fit(void **state)
{
    (void)state;
    struct profile_fixture f =
        profile_fixture_hold(USSD "reply = { continue = \"{{text}}{{text}}\"; end = \"{{text}}\"; };", "");
    char *page = arena_alloc(f.arena, 40000);
    memset(page, 'a', 40000);
    struct reply reply = {.text = {page, 40000}};
    struct http_response r = said(&f, "{\"s\":\"1\",\"f\":\"+254711000111\",\"t\":\"\"}", &reply);
    assert_int_equal(r.status, 500);
    assert_int_equal(r.body.len, 0);
    profile_fixture_free(&f);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(screens_of_every_grammar),     cmocka_unit_test(headers_say_whether_it_goes_on),
        cmocka_unit_test(the_same_object_comes_back),   cmocka_unit_test(who_asks_is_told),
        cmocka_unit_test(a_refusal_in_their_own_words), cmocka_unit_test(acknowledgements),
        cmocka_unit_test(an_answer_in_the_reply),       cmocka_unit_test(a_pushing_channel_acknowledges),
        cmocka_unit_test(what_is_refused_at_load),      cmocka_unit_test(a_reply_that_does_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
