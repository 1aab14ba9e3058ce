/* Who may call a channel: addresses behind proxies, secrets in every place, signatures; and what of it does not load. */
#include <string.h>
#include "aggregator/access/proxies.h"
#include "exchange_fixture.h"

#define GENUINE "auth = \"signature\"; secret = \"long-enough\"; "
#define SIGNATURE                                                                                                      \
    GENUINE "signature = { scheme = \"content\"; algorithm = \"hmac-sha256\"; header = \"X-Sign\"; "                   \
            "signs = [ \"header:X-Time\", \"body\" ]; timestamp = \"header:X-Time\"; };"
#define SHAPES                                                                                                         \
    "request = { methods = [ \"GET\", \"POST\" ]; variants = ( { encoding = \"json\"; }, { encoding = \"xml\"; } ); "  \
    "};"

/* One channel `c` that speaks a known SMS dialect, at a site with these proxies. */
static struct fixture load(const char *rest, const char *proxies, struct problems *problems)
{
    struct fixture f = {.arena = arena_create(65536)};
    struct error err = {0};
    problems_init(problems, f.arena);
    struct span text = arena_format(f.arena,
                                    "proxies = [ %s ]; channels : { c : { profile = \"africastalking-sms\"; "
                                    "service = \"infoline\"; sends = false; %s }; };",
                                    proxies, rest);
    assert_int_equal(settings_parse(text, "test.conf", &f.settings, problems), OUTCOME_OK);
    struct setting root = settings_root(f.settings);
    struct channel_site site = {.public_url = SPAN("https://helpline.example.org/"),
                                .trusted_proxies = setting_get(root, "proxies")};
    enum outcome outcome =
        channel_set_load(setting_get(root, "channels"), "conf/aggregators", &site, &f.set, problems, &err);
    assert_int_equal(outcome == OUTCOME_OK, f.set != NULL);
    return f;
}

static struct fixture load_well(const char *rest, const char *proxies)
{
    struct problems problems;
    struct fixture f = load(rest, proxies, &problems);
    if (f.set == NULL)
        fail_msg("'%s' should load: %s", rest, problems.lines[0]);
    return f;
}

static unsigned status_of(struct fixture *f, struct http_request request, int64_t now, struct rejection *rejection)
{
    struct exchange_received received;
    enum exchange_door door;
    const struct channel *channel;
    *rejection = (struct rejection){.reason = SPAN("")};
    if (exchange_route(f->set, request.path, &door, &channel) != OUTCOME_OK)
        return 404;
    enum outcome outcome = exchange_read(channel, door, &request, now, f->arena, &received);
    *rejection = received.rejection;
    return outcome == OUTCOME_OK ? 200 : rejection->status;
}

static unsigned status_for(struct fixture *f, const char *raw, struct span peer)
{
    struct http_request request;
    struct rejection rejection;
    struct error err = {0};
    if (http_parse_request(span_of(raw), f->arena, &request, &err) != OUTCOME_OK)
        fail_msg("%s", err.text);
    request.peer = peer;
    return status_of(f, request, 0, &rejection);
}

#define TEXT "from=%2B254711000111&to=21512&text=hello&id=1&date=2026-09-03T06:04:45Z"

/* Whose call it is, seen from a gateway that trusts 127.0.0.0/8, 10.1.0.0/16, 2001:db8::/32 and its unix socket. */
static const struct {
    const char *peer, *headers, *caller; /* no peer: the unix socket; no caller: not known */
} calls[] = {
    {"192.0.2.7", "", "192.0.2.7"},
    {"192.0.2.7", "X-Forwarded-For: 198.51.100.1\n", "192.0.2.7"}, /* nobody's word */
    {"127.0.0.1", "X-Forwarded-For: 198.51.100.1\n", "198.51.100.1"},
    {"127.0.0.1", "x-forwarded-for:198.51.100.1\n", "198.51.100.1"},
    {NULL, "X-Forwarded-For: 198.51.100.1\n", "198.51.100.1"},
    {"::ffff:127.0.0.1", "X-Forwarded-For: 198.51.100.1\n", "198.51.100.1"},
    {"2001:db8::1", "X-Forwarded-For: 2a00::7\n", "2a00::7"},
    /* what the caller wrote before is not looked at */
    {"127.0.0.1", "X-Forwarded-For: 203.0.113.9, 198.51.100.1\n", "198.51.100.1"},
    {"127.0.0.1", "X-Forwarded-For: <script>, 198.51.100.1\n", "198.51.100.1"},
    {"127.0.0.1", "X-Forwarded-For: 203.0.113.9\nX-Forwarded-For: 198.51.100.1\n", "198.51.100.1"},
    /* a chain of ours */
    {"127.0.0.1", "X-Forwarded-For: 203.0.113.9, 198.51.100.1, 10.1.2.3\n", "198.51.100.1"},
    {"127.0.0.1", "X-Forwarded-For: 198.51.100.1\nX-Forwarded-For: 10.1.2.3,\t2001:db8::9\n", "198.51.100.1"},
    {"127.0.0.1", "X-Forwarded-For: 198.51.100.1, ::ffff:10.1.2.3\n", "198.51.100.1"},
    {"127.0.0.1", "X-Forwarded-For: 10.2.0.1\n", "10.2.0.1"},
    /* nothing that could be believed: the proxy's own address is never the caller's */
    {"127.0.0.1", "", NULL},
    {NULL, "", NULL},
    {"127.0.0.1", "X-Forwarded-For:\n", NULL},
    {"127.0.0.1", "X-Forwarded-For: ,\n", NULL},
    {"127.0.0.1", "X-Forwarded-For: unknown\n", NULL},
    {"127.0.0.1", "X-Forwarded-For: 198.51.100.1, \n", NULL},
    {"127.0.0.1", "X-Forwarded-For: 198.51.100.1, nonsense\n", NULL},
    {"127.0.0.1", "X-Forwarded-For: 198.51.100.1, nonsense, 10.1.2.3\n", NULL},
    {"127.0.0.1", "X-Forwarded-For: 198.51.100.1:8080\n", NULL},
    {"127.0.0.1", "X-Forwarded-For: [2a00::7]\n", NULL},
    {"127.0.0.1", "X-Forwarded-For: 198.51.100.1/32\n", NULL},
    {"127.0.0.1", "X-Forwarded-For: 198.51.100\n", NULL},
    {"127.0.0.1", "X-Forwarded-For: 127.0.0.1, 10.1.2.3\n", NULL},
    {"127.0.0.1", "X-Forwarded-For: 10.1.2.3\nX-Forwarded-For: 127.0.0.1\n", NULL},
    {"127.0.0.1", "Forwarded: for=198.51.100.1\nX-Real-IP: 198.51.100.1\n", NULL},
};

static void whose_call_it_is(void **state)
{
    (void)state;
    struct problems problems;
    struct fixture f =
        load("trust = \"network-only\";", "\"127.0.0.0/8\", \"10.1.0.0/16\", \"2001:db8::/32\", \"unix\"", &problems);
    const struct proxies *proxies = proxies_read(setting_get(settings_root(f.settings), "proxies"), f.arena, &problems);
    assert_int_equal(problems.count, 0);
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        struct http_request request;
        struct error err = {0};
        struct span raw = arena_format(f.arena, "GET / HTTP/1.1\n%s\n", calls[i].headers);
        assert_int_equal(http_parse_request(raw, f.arena, &request, &err), OUTCOME_OK);
        request.peer = span_of(calls[i].peer);
        struct span caller = proxies_caller(proxies, &request);
        if (!span_equal(caller, span_of(calls[i].caller)) && (span_is_present(caller) || calls[i].caller != NULL))
            fail_msg("row %zu: %s%s is the call of %.*s", i, calls[i].headers, calls[i].peer, SPAN_ARG(caller));
    }
    fixture_free(&f);
}

static void nobody_is_trusted_unasked(void **state)
{
    (void)state;
    struct fixture f = load_well("auth = \"networks\"; networks = [ \"198.51.100.0/24\", \"127.0.0.1\" ];", "");
    static const char forwarded[] = "POST /in/c HTTP/1.1\nX-Forwarded-For: 198.51.100.1\n\n" TEXT;
    assert_int_equal(status_for(&f, forwarded, SPAN("198.51.100.9")), 200);
    assert_int_equal(status_for(&f, forwarded, SPAN("127.0.0.1")), 200); /* its own address is in a network */
    assert_int_equal(status_for(&f, forwarded, SPAN("127.0.0.2")), 403);
    assert_int_equal(status_for(&f, forwarded, SPAN_NONE), 403);
    fixture_free(&f);
}

static void networks_behind_a_proxy(void **state)
{
    (void)state;
    struct fixture f =
        load_well("auth = \"networks\"; networks = [ \"198.51.100.0/24\", \"2a00::/16\", \"127.0.0.1\" ];",
                  "\"127.0.0.1\", \"unix\"");
    static const struct {
        const char *forwarded;
        unsigned status;
    } rows[] = {
        {"X-Forwarded-For: 198.51.100.1\n", 200},
        {"X-Forwarded-For: ::ffff:198.51.100.1\n", 200},
        {"X-Forwarded-For: 2a00::1\n", 200},
        {"X-Forwarded-For: 198.51.101.1\n", 403},
        {"X-Forwarded-For: 198.51.100.1, 203.0.113.9\n", 403},
        {"X-Forwarded-For: 203.0.113.9, 198.51.100.1\n", 200},
        {"X-Forwarded-For: junk\n", 403},
        {"", 403}, /* the proxy's own address is in a network, and yet it is nobody's */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct span raw = arena_format(f.arena, "POST /in/c HTTP/1.1\n%s\n%s", rows[i].forwarded, TEXT);
        assert_int_equal(status_for(&f, raw.at, SPAN("127.0.0.1")), rows[i].status);
        assert_int_equal(status_for(&f, raw.at, SPAN_NONE), rows[i].status);
    }
    fixture_free(&f);
}

static void a_secret_field_in_every_encoding(void **state)
{
    (void)state;
    struct fixture f = load_well("auth = \"field\"; secret_field = \"key\"; secret = \"long-enough\"; " SHAPES, "");
    static const struct {
        const char *request;
        unsigned status;
    } rows[] = {
        {"GET /in/c?key=long-enough&" TEXT " HTTP/1.1\n\n", 200},
        {"GET /in/c?key=long-enougH&" TEXT " HTTP/1.1\n\n", 403},
        {"POST /in/c HTTP/1.1\n\nKEY=long-enough&" TEXT, 200},
        {"POST /in/c?key=long-enough HTTP/1.1\n\n" TEXT, 200},
        {"POST /in/c HTTP/1.1\n\n" TEXT, 403},
        {"POST /in/c HTTP/1.1\n\n{\"key\":\"long-enough\",\"from\":\"+254711000111\",\"text\":\"x\"}", 200},
        {"POST /in/c HTTP/1.1\n\n{\"key\":\"long-enougH\",\"from\":\"+254711000111\",\"text\":\"x\"}", 403},
        {"POST /in/c HTTP/1.1\n\n{\"from\":\"+254711000111\",\"text\":\"key=long-enough\"}", 403},
        {"POST /in/c HTTP/1.1\n\n{\"key\":\"long-enough\",\"from\":", 403}, /* nothing can be found in it */
        {"POST /in/c HTTP/1.1\n\n<m><key>long-enough</key><from>+254711000111</from><text>x</text></m>", 200},
        {"POST /in/c HTTP/1.1\n\n<m><key>long</key><from>+254711000111</from><text>x</text></m>", 403},
        {"POST /in/c/long-enough HTTP/1.1\n\n" TEXT, 404},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (status_for(&f, rows[i].request, SPAN_NONE) != rows[i].status)
            fail_msg("expected %u: %s", rows[i].status, rows[i].request);
    fixture_free(&f);
}

/* The rest of the path is the secret, unless the dialect itself says something there. */
static void what_follows_a_secret_in_the_path(void **state)
{
    (void)state;
    static const struct {
        const char *channel, *path;
        unsigned status;
    } rows[] = {
        {"", "/in/c/long-enough", 200},
        {"", "/in/c/long-enough/", 403},
        {"", "/in/c/long-enough/+254711000111", 403},
        {"", "/in/c", 403},
        {"request = { fields = { from = \"path:1\"; }; };", "/in/c/long-enough/+254711000111", 200},
        {"request = { fields = { from = \"path:1\"; }; };", "/in/c/long-enough/+254711000111/more", 200},
        {"request = { fields = { from = \"path:1\"; }; };", "/in/c/long-enough", 400},
        {"request = { fields = { from = \"path:1\"; }; };", "/in/c/long-enougH/+254711000111", 403},
        {"request = { fields = { from = \"path:1\"; }; };", "/in/c/+254711000111/long-enough", 403},
        {"request = { fields = { from = \"path:1\"; }; };", "/in/c/", 403},
        {"request = { fields = { from = [ \"x\", \"path:2\" ]; }; };", "/in/c/long-enough/a/+254711000111", 200},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena *arena = arena_create(4096);
        struct span rest = arena_format(arena, "auth = \"path\"; secret = \"long-enough\"; %s", rows[i].channel);
        struct fixture f = load_well(rest.at, "");
        struct span raw = arena_format(arena, "POST %s HTTP/1.1\n\n%s", rows[i].path, TEXT);
        if (status_for(&f, raw.at, SPAN_NONE) != rows[i].status)
            fail_msg("expected %u: %s %s", rows[i].status, rows[i].channel, rows[i].path);
        fixture_free(&f);
        arena_destroy(arena);
    }
}

static void a_signed_request(void **state)
{
    (void)state;
    struct fixture f = load_well(SIGNATURE, "");
    /* HMAC-SHA256 of "1461605396" and the body, under "long-enough" */
    struct pair headers[] = {
        {SPAN("X-Time"), SPAN("1461605396")},
        {SPAN("X-Sign"), SPAN("c08a2a87d3ab1680a54bd6462f133467c73d8b9176d7d365189c834087b2791a")}};
    struct http_request request = {.method = SPAN("POST"),
                                   .target = SPAN("/in/c"),
                                   .path = SPAN("/in/c"),
                                   .body = SPAN(TEXT),
                                   .headers = headers,
                                   .header_count = 2};
    struct rejection rejection;
    const int64_t now = 1461605396000;
    assert_int_equal(status_of(&f, request, now, &rejection), 200);
    assert_int_equal(status_of(&f, request, now + 300001, &rejection), 403);
    assert_non_null(strstr(rejection.reason.at, "time"));
    request.body = SPAN(TEXT "&text=other");
    assert_int_equal(status_of(&f, request, now, &rejection), 403);
    assert_true(span_equal_text(rejection.field, "X-Sign"));
    request.header_count = 1;
    assert_int_equal(status_of(&f, request, now, &rejection), 403);
    assert_non_null(strstr(rejection.reason.at, "missing"));
    const struct channel *channel = fixture_channel(&f, "c");
    assert_int_equal(exchange_body_limit(channel, &request), 4096);
    request.header_count = 2;
    assert_int_equal(exchange_body_limit(channel, &request), channel->max_body);
    request.path = SPAN("/in/c/more");
    assert_int_equal(status_of(&f, request, now, &rejection), 404);
    fixture_free(&f);
}

static void what_does_not_load(void **state)
{
    (void)state;
    static const struct {
        const char *rest, *proxies, *says;
    } cases[] = {
        {"", "", "\"signature\""},
        {"auth = \"signature\"; secret = \"long-enough\";", "", "to say how it is made"},
        {"auth = \"signature\"; signature = { scheme = \"content\"; algorithm = \"hmac-sha1\"; header = \"S\"; };", "",
         "secret must have"},
        {GENUINE "signature = { scheme = \"content\"; header = \"S\"; };", "", "algorithm"},
        {"auth = \"signature\"; signature = { scheme = \"content\"; algorithm = \"rsa-sha256\"; header = \"S\"; };", "",
         "public_key"},
        {"auth = \"signature\"; public_key = \"@/nowhere.pem\"; "
         "signature = { scheme = \"content\"; algorithm = \"rsa-sha256\"; header = \"S\"; };",
         "", "/nowhere.pem"},
        {"trust = \"network-only\";", "\"localhost\"", "trusted proxies"},
        {"trust = \"network-only\";", "\"127.0.0.1/33\"", "trusted proxies"},
        {"trust = \"network-only\"; kind = \"ussd\";", "", "another kind: sms"},
        {"trust = \"network-only\"; kind = \"both\";", "", "ussd"},
        {"trust = \"network-only\"; answer_in_reply = true;", "", "answer"},
        {"trust = \"network-only\"; cost = { currency = \"KES\"; };", "", "per_segment"},
        {"trust = \"network-only\"; cost = { currency = \"kes\"; per_segment = \"1\"; };", "", "capital"},
        {"trust = \"network-only\"; cost = { currency = \"KES\"; per_segment = \"0.1234567\"; };", "", "decimals"},
        {"trust = \"network-only\"; cost = { currency = \"KES\"; per_segment = \"1,5\"; };", "", "decimals"},
        {"trust = \"network-only\"; cost = { currency = \"KES\"; per_segment = \"1.\"; };", "", "decimals"},
        {"trust = \"network-only\"; cost = { currency = \"KES\"; per_segment = \"-1\"; };", "", "decimals"},
        {"trust = \"network-only\"; breaker = { failures = -1; };", "", "failures"},
        {"trust = \"network-only\"; breaker = { rest = 3; };", "", "rest_seconds"},
        {"trust = \"network-only\"; join_seconds = 0;", "", "join_seconds"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct problems problems;
        struct fixture f = load(cases[i].rest, cases[i].proxies, &problems);
        fixture_refused(&f, &problems, cases[i].rest, cases[i].says);
        fixture_free(&f);
    }
}

static void what_a_channel_adds(void **state)
{
    (void)state;
    struct fixture f =
        load_well("trust = \"network-only\"; kind = \"sms\"; join_seconds = 90; push_expires_seconds = 7; "
                  "cost = { currency = \"KES\"; per_segment = \"0.80\"; }; "
                  "breaker = { failures = 3; rest_seconds = 60; };",
                  "");
    const struct channel *channel = fixture_channel(&f, "c");
    assert_int_equal(channel->join_ms, 90000);
    assert_int_equal(channel->push_expires_ms, 7000);
    assert_true(span_equal_text(channel->cost.currency, "KES"));
    assert_int_equal(channel->cost.micros_per_segment, 800000);
    assert_int_equal(channel->breaker.failures, 3);
    assert_int_equal(channel->breaker.rest_ms, 60000);
    assert_false(channel->pushes || channel->needs_token || channel->answers_in_reply);
    assert_true(span_equal_text(channel->public_url, "https://helpline.example.org"));
    fixture_free(&f);
    f = load_well("trust = \"network-only\";", "");
    channel = fixture_channel(&f, "c");
    assert_int_equal(channel->join_ms, 60000);
    assert_int_equal(channel->push_expires_ms, 20000);
    assert_false(span_is_present(channel->cost.currency));
    assert_int_equal(channel->breaker.failures, 5);
    assert_int_equal(channel->breaker.rest_ms, 30000);
    fixture_free(&f);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(whose_call_it_is),
        cmocka_unit_test(nobody_is_trusted_unasked),
        cmocka_unit_test(networks_behind_a_proxy),
        cmocka_unit_test(a_secret_field_in_every_encoding),
        cmocka_unit_test(what_follows_a_secret_in_the_path),
        cmocka_unit_test(a_signed_request),
        cmocka_unit_test(what_does_not_load),
        cmocka_unit_test(what_a_channel_adds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
