/* Texts, pages and tokens as dialects ask for them, and what their answers mean. */
#include "profile_fixture.h"

#define assert_span(span, text) assert_true(span_equal_text(span, text))
#define SMS "kind = \"sms\"; title = \"t\"; request = { fields = { from = \"f\"; text = \"t\"; }; };\n"
#define USSD                                                                                                           \
    "kind = \"ussd\"; title = \"t\"; request = { fields = { session = \"s\"; from = \"f\"; text = \"t\"; }; };\n"
#define SENT "outcomes = ( { means = \"sent\"; } );"

static struct outbox_row a_text(const char *text)
{
    return (struct outbox_row){.id = 4711, .to = SPAN("+8801712345678"), .text = span_of(text)};
}

static struct span header(const struct send_job *job, const char *name)
{
    for (size_t i = 0; i < job->header_count; i++)
        if (span_equal_text(job->headers[i].name, name))
            return job->headers[i].value;
    return SPAN_NONE;
}

static enum outcome build(const struct profile_fixture *f, const struct outbox_row *row, const char *token,
                          struct send_job *job)
{
    struct error err;
    return exchange_build_send(f->channel, row, span_of(token), f->arena, job, &err);
}

static struct send_job must_build(const struct profile_fixture *f, const struct outbox_row *row)
{
    struct send_job job;
    assert_int_equal(build(f, row, NULL, &job), OUTCOME_OK);
    return job;
}

static void refuse(const struct profile_fixture *f, const struct outbox_row *row)
{
    struct send_job job;
    assert_int_equal(build(f, row, NULL, &job), OUTCOME_REFUSED);
}

static void a_text_with_basic_and_no_plus(void **state)
{
    (void)state;
    struct outbox_row row = a_text("a\"b\n");
    struct profile_fixture f = profile_fixture_hold(
        SMS "with = { base = \"https://a.example\"; };"
            "send = { url = \"{{with.base}}/send\"; basic = { user = \"{{secret.key}}\"; password = \"p:w\"; };"
            "headers = ( { name = \"Content-Type\"; value = \"application/json; charset=utf-8\"; } );"
            "body = \"{\\\"to\\\":\\\"{{to_no_plus|json}}\\\",\\\"text\\\":\\\"{{text|json}}\\\",\\\"u\\\":"
            "{{#unicode}}true{{/unicode}}{{^unicode}}false{{/unicode}}}\"; " SENT " };",
        "secrets = { key = \"key-1\"; };");
    struct send_job job = must_build(&f, &row);
    assert_span(job.url, "https://a.example/send");
    assert_span(job.body, "{\"to\":\"8801712345678\",\"text\":\"a\\\"b\\n\",\"u\":false}");
    assert_span(header(&job, "Authorization"), "Basic a2V5LTE6cDp3");
    /* A national form has no plus to lose. */
    row.to = SPAN("0711082123");
    row.text = SPAN("\xE0\xA6\x95");
    job = must_build(&f, &row);
    assert_span(job.body, "{\"to\":\"0711082123\",\"text\":\"\xE0\xA6\x95\",\"u\":true}");
    profile_fixture_free(&f);
}

#define PUSHING                                                                                                        \
    USSD "acknowledge = { body = \"ok\"; }; send = { url = \"https://a.example/sms\"; body = \"{{text|form}}\"; " SENT \
         " };"                                                                                                         \
         "push = { url = \"https://a.example/ussd\"; headers = ( { name = \"Content-Type\"; value = "                  \
         "\"application/json\"; } );"                                                                                  \
         "body = \"{\\\"m\\\":{{text|json-value}},\\\"s\\\":\\\"{{link|json}}\\\",\\\"a\\\":\\\"{{to|json}}\\\","      \
         "\\\"op\\\":\\\"{{#ends}}mt-fin{{/ends}}{{^ends}}mt-cont{{/ends}}\\\"}\";"                                    \
         "outcomes = ( { json = \"statusCode\"; is = [ \"S1000\" ]; means = \"sent\"; }, { json = \"statusCode\"; "    \
         "means = \"rejected\"; } ); };"

static void a_page_goes_to_whoever_asked(void **state)
{
    (void)state;
    struct profile_fixture f = profile_fixture_hold(PUSHING, "");
    struct outbox_row row = {.id = 1,
                             .kind = OUTBOX_PUSH,
                             .to = SPAN("tel:B%3C4pbgs\"x"),
                             .text = SPAN("1 Yes\n2 No"),
                             .link = SPAN("1330929317043")};
    struct send_job job = must_build(&f, &row);
    assert_span(job.body, "{\"m\":\"1 Yes\\n2 No\",\"s\":\"1330929317043\",\"a\":\"tel:B%3C4pbgs\\\"x\",\"op\":\"mt-"
                          "cont\"}");
    row.kind = OUTBOX_PUSH_END;
    job = must_build(&f, &row);
    assert_non_null(strstr(arena_text(f.arena, job.body), "\"op\":\"mt-fin\""));
    struct send_verdict verdict;
    struct send_outcome outcome = {.status = 200, .body = SPAN("{\"statusCode\":\"E1383\"}")};
    exchange_read_outcome(f.channel, &outcome, f.arena, &verdict);
    assert_int_equal(verdict.state, OUTBOX_FAILED);
    profile_fixture_free(&f);
}

static void what_cannot_be_pushed(void **state)
{
    (void)state;
    struct profile_fixture f = profile_fixture_hold(PUSHING, "");
    struct outbox_row row = {.id = 1, .kind = OUTBOX_PUSH, .to = SPAN(""), .text = SPAN("a")};
    refuse(&f, &row);
    row.to = SPAN("a\nb");
    refuse(&f, &row);
    row.to = SPAN("tel:1");
    row.text = SPAN("");
    refuse(&f, &row);
    /* One channel, one way out: its answers are judged by one table. */
    row = a_text("a text");
    refuse(&f, &row);
    assert_false(f.channel->sends);
    profile_fixture_free(&f);
    f = profile_fixture_hold(SMS "send = { url = \"https://a.example\"; body = \"{{text|form}}\"; " SENT " };", "");
    row.kind = OUTBOX_PUSH;
    refuse(&f, &row);
    profile_fixture_free(&f);
}

/* Whatever the values are, what goes out is one request with the headers that the profile names. */
static void nothing_is_smuggled_out(void **state)
{
    (void)state;
    struct profile_fixture f = profile_fixture_hold(
        SMS "send = { url = \"https://a.example/?t={{text|form}}\"; headers = ( { name = \"X-Link\"; value = "
            "\"{{link}}\"; } ); " SENT " };",
        "");
    struct outbox_row row = a_text("a&b=c#d e\r\nHost: x\x7f");
    struct send_job job = must_build(&f, &row);
    assert_span(job.url, "https://a.example/?t=a%26b%3Dc%23d%20e%0D%0AHost%3A%20x%7F");
    static const char *const links[] = {"a\nb", "a\r\nB: c", "\x7f", "\x01"};
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        row.link = span_of(links[i]);
        refuse(&f, &row);
    }
    row.link = SPAN("");
    char *text = arena_alloc(f.arena, 70000);
    memset(text, 'a', 70000);
    row.text = (struct span){text, 70000};
    refuse(&f, &row);
    profile_fixture_free(&f);
}

static void alphabets(void **state)
{
    (void)state;
    struct profile_fixture f = profile_fixture_hold(
        SMS "send = { method = \"GET\"; url = \"https://a.example/?to={{to|form}}{{#unicode}}&coding=2&text="
            "{{text|utf16form}}{{/unicode}}{{^unicode}}&text={{text|gsm7form}}{{/unicode}}\"; " SENT " };",
        "");
    struct outbox_row row = a_text("caf\xC3\xA9 {1}");
    struct send_job job = must_build(&f, &row);
    assert_span(job.url, "https://a.example/?to=%2B8801712345678&text=caf%05%20%1B%281%1B%29");
    row.text = SPAN("\xE0\xA6\x95");
    job = must_build(&f, &row);
    assert_span(job.url, "https://a.example/?to=%2B8801712345678&coding=2&text=%09%95");
    profile_fixture_free(&f);
    f = profile_fixture_hold(SMS
                             "send = { url = \"https://a.example/\"; headers = ( { name = \"Content-Type\"; value = "
                             "\"application/x-www-form-urlencoded\"; } ); body = \"t={{text|utf16form}}\"; " SENT " };",
                             "");
    job = must_build(&f, &row);
    assert_span(job.body, "t=%09%95");
    profile_fixture_free(&f);
    f = profile_fixture_hold(SMS "send = { url = \"https://a.example/{{text|gsm7form}}\"; " SENT " };", "");
    refuse(&f, &row);
    profile_fixture_free(&f);
}

static void where_reports_go(void **state)
{
    (void)state;
    static const char profile[] = SMS
        "reports = { fields = { id = \"i\"; status = \"s\"; }; refers_to = \"ours\"; };"
        "send = { url = \"https://a.example/?t={{text|form}}{{#report_url}}&cb={{report_url|form}}{{/report_url}}\";"
        "report_url = \"{{report_door}}i={{id}}&x=%d\"; " SENT " };";
    static const struct {
        const char *channel, *url;
    } cases[] = {
        {"auth = \"path\"; ",
         "https://a.example/?t=x&cb=https%3A%2F%2Fh.example%2Fdlr%2Fit%2Fsample-secret%3Fi%3D4711%26x%3D%25d"},
        {"auth = \"field\"; secret_field = \"a&b\";",
         "https://a.example/"
         "?t=x&cb=https%3A%2F%2Fh.example%2Fdlr%2Fit%3Fa%2526b%3Dsample-secret%26i%3D4711%26x%3D%25d"},
        {"auth = \"header\"; ", "https://a.example/?t=x"}, /* no URL could say it */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct profile_fixture f = profile_fixture_hold(profile, cases[i].channel);
        struct outbox_row row = a_text("x");
        struct send_job job = must_build(&f, &row);
        if (!span_equal_text(job.url, cases[i].url))
            fail_msg("%.*s", SPAN_ARG(job.url));
        profile_fixture_free(&f);
    }
}

#define TOKEN                                                                                                          \
    SMS "token = { url = \"https://a.example/token\"; basic = { user = \"id\"; password = \"{{secret.key}}\"; };"      \
        "headers = ( { name = \"Content-Type\"; value = \"application/x-www-form-urlencoded\"; } );"                   \
        "body = \"grant_type=client_credentials\"; lives_seconds = 100; };"                                            \
        "send = { url = \"https://a.example/\"; headers = ( { name = \"Authorization\"; value = \"Bearer "             \
        "{{token}}\"; } );"                                                                                            \
        "body = \"{{text|form}}\"; outcomes = ( { status = \"200\"; means = \"sent\"; }, { status = \"401\"; means = " \
        "\"unauthorized\"; } ); };"

static void tokens(void **state)
{
    (void)state;
    struct profile_fixture f = profile_fixture_hold(TOKEN, "secrets = { key = \"k\"; };");
    struct send_job job;
    struct error err = {0};
    assert_int_equal(exchange_build_token(f.channel, f.arena, &job, &err), OUTCOME_OK);
    assert_span(job.url, "https://a.example/token");
    assert_span(job.method, "POST");
    assert_span(job.body, "grant_type=client_credentials");
    assert_span(header(&job, "Authorization"), "Basic aWQ6aw==");
    struct outbox_row row = a_text("x");
    refuse(&f, &row);
    assert_int_equal(build(&f, &row, "a\nb", &job), OUTCOME_REFUSED);
    assert_int_equal(build(&f, &row, "t.1", &job), OUTCOME_OK);
    assert_span(header(&job, "Authorization"), "Bearer t.1");
    struct send_outcome outcome = {.status = 401, .body = SPAN("")};
    struct send_verdict verdict;
    exchange_read_outcome(f.channel, &outcome, f.arena, &verdict);
    assert_int_equal(verdict.state, OUTBOX_QUEUED);
    assert_true(verdict.unauthorized);
    outcome.status = 200;
    exchange_read_outcome(f.channel, &outcome, f.arena, &verdict);
    assert_false(verdict.unauthorized);
    profile_fixture_free(&f);
}

static void answers_that_hold_a_token(void **state)
{
    (void)state;
    static const struct {
        enum send_fate fate;
        unsigned status;
        const char *body, *token;
        int64_t lives_ms;
    } cases[] = {
        {SEND_ANSWERED, 200, "{\"access_token\":\"abc\",\"expires_in\":3600}", "abc", 3600000},
        {SEND_ANSWERED, 201, "{\"Access_Token\":\"abc\",\"expires_in\":\"60\"}", "abc", 60000},
        {SEND_ANSWERED, 200, "{\"access_token\":\"abc\"}", "abc", 100000},
        {SEND_ANSWERED, 200, "{\"access_token\":\"abc\",\"expires_in\":59.9}", "abc", 59000},
        {SEND_ANSWERED, 200, "{\"access_token\":\"abc\",\"expires_in\":\"soon\"}", "abc", 100000},
        {SEND_ANSWERED, 200, "{\"access_token\":\"abc\",\"expires_in\":99999999999999}", "abc", 2592000000},
        {SEND_ANSWERED, 200, "{\"access_token\":\"\"}", NULL, 0},
        {SEND_ANSWERED, 200, "{\"access_token\":null}", NULL, 0},
        {SEND_ANSWERED, 200, "{\"access_token\":\"a\\nb\"}", NULL, 0},
        {SEND_ANSWERED, 200, "{\"access_token\":\"abc\"", NULL, 0},
        {SEND_ANSWERED, 200, "", NULL, 0},
        {SEND_ANSWERED, 400, "{\"access_token\":\"abc\"}", NULL, 0},
        {SEND_ANSWERED, 302, "{\"access_token\":\"abc\"}", NULL, 0},
        {SEND_UNKNOWN, 200, "{\"access_token\":\"abc\"}", NULL, 0},
        {SEND_NOT_SENT, 0, "", NULL, 0},
    };
    struct profile_fixture f = profile_fixture_hold(TOKEN, "secrets = { key = \"k\"; };");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct send_outcome outcome = {
            .fate = cases[i].fate, .status = cases[i].status, .body = span_of(cases[i].body)};
        struct channel_token token;
        struct error err = {0};
        enum outcome read = exchange_read_token(f.channel, &outcome, f.arena, &token, &err);
        assert_int_equal(read, cases[i].token == NULL ? OUTCOME_REFUSED : OUTCOME_OK);
        assert_null(strstr(err.text, "abc"));
        if (read == OUTCOME_OK &&
            (!span_equal_text(token.token, cases[i].token) || token.lives_ms != cases[i].lives_ms))
            fail_msg("%zu: %.*s %lld", i, SPAN_ARG(token.token), (long long)token.lives_ms);
    }
    profile_fixture_free(&f);
}

static void a_channel_without_tokens(void **state)
{
    (void)state;
    struct profile_fixture f =
        profile_fixture_hold(SMS "send = { url = \"https://a.example/{{text|form}}\"; " SENT " };", "");
    struct send_job job;
    struct error err;
    assert_int_equal(exchange_build_token(f.channel, f.arena, &job, &err), OUTCOME_REFUSED);
    profile_fixture_free(&f);
}

#define OUTCOMES                                                                                                       \
    SMS "send = { url = \"https://a.example/{{text|form}}\"; id = \"messages[0].id\"; outcomes = ("                    \
        "{ json = \"messages[*].status\"; is = [ \"0\", \"10\" ]; means = \"sent\"; },"                                \
        "{ json = \"messages[*].status\"; is = [ \"1\" ]; means = \"throttled\"; wait_ms = 900; wait_ms_after = "      \
        "\"wait [\"; },"                                                                                               \
        "{ json = \"messages[*].status\"; is = [ \"9\" ]; means = \"credit\"; retry = true; },"                        \
        "{ json = \"messages[0].status\"; is = [ \"0\" ]; means = \"unknown\"; },"                                     \
        "{ json = \"messages[*].status\"; means = \"rejected\"; },"                                                    \
        "{ xml = \"response/code\"; is = [ \"ok\" ]; means = \"sent\"; },"                                             \
        "{ xml = \"response/@error\"; means = \"unreachable\"; },"                                                     \
        "{ status = \"202\"; contains = \"queued for\"; means = \"sent\"; },"                                          \
        "{ status = \"202\"; means = \"expired\"; } ); };"

static void answers_are_judged(void **state)
{
    (void)state;
    static const struct {
        unsigned status;
        const char *body;
        enum outbox_state state;
        enum outbox_reason reason;
        int64_t wait_ms;
        const char *id;
    } cases[] = {
        {200, "{\"messages\":[{\"status\":\"0\",\"id\":\"a\"}]}", OUTBOX_SENT, REASON_NONE, 0, "a"},
        {200, "{\"Messages\":[{\"STATUS\":0,\"id\":7},{\"status\":10}]}", OUTBOX_SENT, REASON_NONE, 0, "7"},
        {200, "{\"messages\":{\"status\":0}}", OUTBOX_SENT, REASON_NONE, 0, NULL},
        {200, "{\"messages\":[{\"status\":0},{}]}", OUTBOX_UNKNOWN, REASON_UNKNOWN, 0, NULL},
        {200, "{\"messages\":[{\"status\":0},{\"status\":9}]}", OUTBOX_UNKNOWN, REASON_UNKNOWN, 0, NULL},
        {200, "{\"messages\":[]}", OUTBOX_UNKNOWN, REASON_UNKNOWN, 0, NULL},
        {200, "{\"messages\":\"0\"}", OUTBOX_UNKNOWN, REASON_UNKNOWN, 0, NULL},
        {200, "{\"messages\":[{\"status\":4}]}", OUTBOX_FAILED, REASON_REJECTED, 0, NULL},
        {200, "{\"messages\":[{\"status\":9}]}", OUTBOX_QUEUED, REASON_CREDIT, 0, NULL},
        {200, "{\"messages\":[{\"status\":1,\"e\":\"please wait [ 250 ] and\"}]}", OUTBOX_QUEUED, REASON_THROTTLED, 250,
         NULL},
        {200, "{\"messages\":[{\"status\":1,\"e\":\"please wait [ x ]\"}]}", OUTBOX_QUEUED, REASON_THROTTLED, 900,
         NULL},
        {200, "{\"messages\":[{\"status\":1,\"e\":\"wait [99999999999999999999\"}]}", OUTBOX_QUEUED, REASON_THROTTLED,
         900, NULL},
        {200, "{\"messages\":[{\"status\":1,\"e\":\"wait [7200000\"}]}", OUTBOX_QUEUED, REASON_THROTTLED, 3600000,
         NULL},
        {200, "{\"messages\":[{\"status\":1}]}", OUTBOX_QUEUED, REASON_THROTTLED, 900, NULL},
        {200, "<Response><Code> OK </Code></Response>", OUTBOX_SENT, REASON_NONE, 0, NULL},
        {200, "<response error='7'/>", OUTBOX_FAILED, REASON_UNREACHABLE, 0, NULL},
        {200, "<response><code>ok</code>", OUTBOX_UNKNOWN, REASON_UNKNOWN, 0, NULL},
        {200, "<!DOCTYPE a [<!ENTITY b \"ok\">]><response><code>&b;</code></response>", OUTBOX_UNKNOWN, REASON_UNKNOWN,
         0, NULL},
        {202, "3: queued for later", OUTBOX_SENT, REASON_NONE, 0, NULL},
        {202, "queued  for", OUTBOX_EXPIRED, REASON_EXPIRED, 0, NULL},
        {202, "", OUTBOX_EXPIRED, REASON_EXPIRED, 0, NULL},
        {500, "", OUTBOX_UNKNOWN, REASON_UNKNOWN, 0, NULL},
    };
    struct profile_fixture f = profile_fixture_hold(OUTCOMES, "");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct send_outcome outcome = {.status = cases[i].status, .body = span_of(cases[i].body)};
        struct send_verdict verdict;
        exchange_read_outcome(f.channel, &outcome, f.arena, &verdict);
        if (verdict.state != cases[i].state || verdict.reason != cases[i].reason ||
            verdict.retry_after_ms != cases[i].wait_ms)
            fail_msg("case %zu: state %d, reason %d, wait %d", i, (int)verdict.state, (int)verdict.reason,
                     (int)verdict.retry_after_ms);
        if (cases[i].id == NULL ? span_is_present(verdict.vendor_id) : !span_equal_text(verdict.vendor_id, cases[i].id))
            fail_msg("case %zu: id %.*s", i, SPAN_ARG(verdict.vendor_id));
    }
    /* What the server says in Retry-After counts most. */
    struct send_outcome outcome = {
        .status = 200, .retry_after_ms = 5000, .body = SPAN("{\"messages\":[{\"status\":1,\"e\":\"wait [250\"}]}")};
    struct send_verdict verdict;
    exchange_read_outcome(f.channel, &outcome, f.arena, &verdict);
    assert_int_equal(verdict.retry_after_ms, 5000);
    profile_fixture_free(&f);
}

/* Where the aggregator knows our id, asking again cannot send twice: whatever is unknown waits for its turn again. */
static void what_may_be_asked_again(void **state)
{
    (void)state;
    struct profile_fixture f = profile_fixture_hold(OUTCOMES, "idempotent = true;");
    const struct send_outcome outcomes[] = {{.fate = SEND_UNKNOWN}, {.status = 500, .body = SPAN("")}};
    for (size_t i = 0; i < 2; i++) {
        struct send_verdict verdict;
        exchange_read_outcome(f.channel, &outcomes[i], f.arena, &verdict);
        assert_int_equal(verdict.state, OUTBOX_QUEUED);
    }
    profile_fixture_free(&f);
}

static void names_that_are_none(void **state)
{
    (void)state;
    struct profile_fixture f = profile_fixture_hold(OUTCOMES, "");
    char *body = arena_alloc(f.arena, 1000);
    static const struct {
        size_t len;
        bool named;
    } cases[] = {{0, false}, {1, true}, {200, true}, {201, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char id[202] = {0};
        memset(id, 'a', cases[i].len);
        snprintf(body, 1000, "{\"messages\":[{\"status\":0,\"id\":\"%s\"}]}", id);
        struct send_outcome outcome = {.status = 200, .body = span_of(body)};
        struct send_verdict verdict;
        exchange_read_outcome(f.channel, &outcome, f.arena, &verdict);
        assert_int_equal(span_is_present(verdict.vendor_id), cases[i].named);
    }
    profile_fixture_free(&f);
}

static void what_is_refused_at_load(void **state)
{
    (void)state;
#define RULE(rule) SMS "send = { url = \"https://a.example/{{text|form}}\"; outcomes = (\n{ " rule " } ); };"
    static const struct {
        const char *profile, *said;
    } cases[] = {
        {SMS "send = { url = \"https://a.example\"; " SENT " };", "must hold {{text}}"},
        {SMS "send = { url = \"ftp://a.example/{{text|form}}\"; " SENT " };", "comes out as no URL"},
        {SMS "send = {\nurl = \"https://a.example/{{text}}\"; " SENT " };", "it.conf:3: comes out as no URL"},
        {SMS "send = { url = \"https://a.example/{{text|form}}{{#link}}&l={{link}}{{/link}}\"; " SENT " };",
         "comes out as no URL"},
        {SMS
         "send = { url = \"https://a.example\"; headers = ( { name = \"content-type\"; value = \"application/json\"; } "
         ");\nbody = \"{\\\"t\\\":\\\"{{text|form}}\\\",\\\"l\\\":\\\"{{link}}\\\"}\"; " SENT " };",
         "it.conf:3: with a text of quotes, lines and signs what comes out is no JSON"},
        {SMS "send = { url = \"https://a.example\"; headers = ( { name = \"Content-Type\"; value = "
             "\"application/x-www-form-urlencoded\"; } ); body = \"t={{text}}\"; " SENT " };",
         "is no form"},
        {SMS "send = { url = \"https://a.example\"; headers = ( { name = \"Content-Type\"; value = \"text/xml\"; } ); "
             "body = \"<t>{{text|json}}</t>\"; " SENT " };",
         "is no XML"},
        {SMS "send = { url = \"https://a.example\"; headers = ( { name = \"Content-Type\"; value = \"text/xml\"; } ); "
             "body = \"<t><![CDATA[{{text}}]]></t>\"; " SENT " };",
         "is no XML"},
        {SMS "send = { url = \"https://a.example\"; body = \"t={{text}}\"; " SENT " };", "is no form"},
        {SMS "send = { url = \"https://a.example\"; body = \"{\\\"t\\\":\\\"{{text}}\\\"}\"; " SENT " };",
         "is no JSON"},
        {SMS "send = { url = \"https://a.example\"; body = \" <t>{{text}}</t>\"; " SENT " };", "is no XML"},
        {SMS "send = { url = \"https://a.example/{{text|form}}{{in.f|form}}\"; " SENT " };",
         "no request is answered here"},
        {SMS "send = { url = \"https://a.example/{{text|form}}{{session|form}}\"; " SENT " };",
         "not known here: 'session'"},
        {SMS "send = { url = \"https://a.example/{{text|form}}{{token|form}}\"; " SENT " };", "needs token"},
        {SMS
         "send = { url = \"https://a.example/{{text|form}}\"; basic = { user = \"{{to}}\"; password = \"\"; }; " SENT
         " };",
         "not known here: 'to'"},
        {SMS "send = { url = \"https://a.example/{{text|form}}\"; basic = { user = \"a:b\"; password = \"\"; }; " SENT
             " };",
         "holds no colon"},
        {SMS "send = { url = \"https://a.example/{{text|form}}\"; basic = { user = \"a\"; }; " SENT " };",
         "'password' is missing"},
        {RULE("means = \"unauthorized\";"), "there is no token group"},
        {RULE("means = \"snt\";"), "the nearest is 'sent'"},
        {RULE("json = \"a[*\"; means = \"sent\";"), "it.conf:3: json must be a path"},
        {RULE("json = \"[*]x\"; xml = \"a\"; means = \"sent\";"), "JSON or XML, not both"},
        {RULE("is = [ \"1\" ]; means = \"sent\";"), "`is` lists values"},
        {RULE("means = \"sent\"; retry = true;"), "must not be sent again"},
        {RULE("means = \"rejected\"; wait_ms = 100;"), "a wait is for what is sent again"},
        {RULE("status = \"99\"; means = \"sent\";"), "status must be"},
        {USSD "push = { url = \"https://a.example/{{text|form}}\"; " SENT " };", "with {{ends}} whether"},
        {USSD
         "push = { url = \"https://a.example/{{text|form}}{{ends}}\"; headers = ( { name = \"Content-Type\"; value = "
         "\"application/json\"; } ); body = \"{\\\"to\\\":\\\"{{to}}\\\"}\"; " SENT " };",
         "is no JSON"},
        {SMS "token = { body = \"a\"; };", "'url' is missing"},
        {SMS "token = { url = \"https://a.example\"; path = \"a[\"; };", "path and expires must be paths"},
        {SMS "token = { url = \"https://a.example/{{text|form}}\"; };", "not known here: 'text'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        profile_fixture_refuse(cases[i].profile, "", cases[i].said);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_with_basic_and_no_plus),
        cmocka_unit_test(a_page_goes_to_whoever_asked),
        cmocka_unit_test(what_cannot_be_pushed),
        cmocka_unit_test(nothing_is_smuggled_out),
        cmocka_unit_test(alphabets),
        cmocka_unit_test(where_reports_go),
        cmocka_unit_test(tokens),
        cmocka_unit_test(answers_that_hold_a_token),
        cmocka_unit_test(a_channel_without_tokens),
        cmocka_unit_test(answers_are_judged),
        cmocka_unit_test(what_may_be_asked_again),
        cmocka_unit_test(names_that_are_none),
        cmocka_unit_test(what_is_refused_at_load),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
