#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "exchange_fixture.h"

static const char *channel(struct arena *arena, const char *rest)
{
    return arena_text(arena,
                      arena_format(arena,
                                   "channels : { c : { profile = \"africastalking-ussd\"; service = \"infoline\";"
                                   " %s }; };",
                                   rest));
}

/* Each of these is refused, with words that name what is wrong. */
static void what_does_not_load(void **state)
{
    (void)state;
    static const struct {
        const char *rest, *says;
    } cases[] = {
        {"", "needs auth"},
        {"auth = \"path\";", "secret must have at least"},
        {"auth = \"path\"; secret = \"short\";", "secret must have at least"},
        {"auth = \"path\"; secret = \"has/a/slash\";", "letters, digits"},
        {"auth = \"path\"; secret = \"@/nowhere/at/all\";", "/nowhere/at/all"},
        {"auth = \"pat\"; secret = \"long-enough\";", "path"},
        {"auth = \"networks\";", "needs networks"},
        {"auth = \"networks\"; networks = [ \"10.0.0.0/33\" ];", "192.0.2.0/24"},
        {"trust = \"everybody\";", "network-only"},
        {"trust = \"network-only\"; repat_ms = 3;", "repeat_ms"},
        {"trust = \"network-only\"; repeat_ms = -1;", "repeat_ms"},
        {"trust = \"network-only\"; reply = { continu = \"x\"; };", "continue"},
        {"trust = \"network-only\"; reply = { continue = \"CON\"; };", "{{text}}"},
        {"trust = \"network-only\"; reply = { continue = \"CON {{txt}}\"; };", "text"},
        {"trust = \"network-only\"; reply = { continue = \"CON {{text|jsn}}\"; };", "json"},
        {"trust = \"network-only\"; reply = { continue = \"CON {{text\"; };", "}}"},
        {"trust = \"network-only\"; reply = { continue = \"{{#text}}{{text}}\"; };", "never closed"},
        {"trust = \"network-only\"; reply = { continue = \"{{text}}{{/text}}\"; };", "did not begin"},
        {"trust = \"network-only\"; request = { input = \"cumulativ\"; };", "cumulative"},
        {"trust = \"network-only\"; request = { methods = [ \"PATCH\" ]; };", "GET, POST and PUT"},
        {"trust = \"network-only\"; request = { date_zone = \"+3:000\"; };", "+03:00"},
        {"trust = \"network-only\"; request = { fields = { sesion = \"x\"; }; };", "session"},
        {"trust = \"network-only\"; notify = { causes = ( { value = \"x\"; means = \"closd\"; } ); };", "closed"},
        {"trust = \"network-only\"; send = { url = \"http://x/\"; };", "outcomes"},
        {"trust = \"network-only\"; send = { url = \"{{secret.key}}\"; outcomes = ( { means = \"sent\"; } ); };",
         "secrets.key"},
        {"trust = \"network-only\"; send = { url = \"x\"; outcomes = ( { means = \"sent\"; retry = true; } ); };",
         "sent again"},
        {"trust = \"network-only\"; send = { url = \"x\"; outcomes = ( { status = \"2xx\"; means = \"sent\"; } ); };",
         "range"},
        {"trust = \"network-only\"; send = { url = \"x\"; outcomes = ( { json = \"a..b\"; means = \"sent\"; } ); };",
         "path"},
    };
    struct arena *arena = arena_create(65536);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct problems problems;
        struct fixture f = fixture_load(channel(arena, cases[i].rest), &problems);
        fixture_refused(&f, &problems, cases[i].rest, cases[i].says);
        fixture_free(&f);
    }
    arena_destroy(arena);
}

static void an_unknown_profile(void **state)
{
    (void)state;
    static const char *const names[] = {"africastalking", "../kannel", "", "Kannel"};
    struct arena *arena = arena_create(4096);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct problems problems;
        struct span text = arena_format(
            arena, "channels : { c : { profile = \"%s\"; service = \"x\"; trust = \"network-only\"; }; };", names[i]);
        struct fixture f = fixture_load(text.at, &problems);
        assert_null(f.set);
        assert_true(problems.count > 0);
        fixture_free(&f);
    }
    arena_destroy(arena);
}

static void a_disabled_channel_needs_no_secret(void **state)
{
    (void)state;
    struct problems problems;
    struct fixture f = fixture_load("channels : { c : { profile = \"africastalking-sms\"; service = \"infoline\"; "
                                    "auth = \"path\"; enabled = false; }; };",
                                    &problems);
    assert_non_null(f.set);
    assert_int_equal(channel_set_count(f.set), 1);
    assert_null(channel_set_find(f.set, SPAN("c")));
    assert_null(channel_set_texting(f.set));
    fixture_free(&f);
}

static void a_channel_overrides_its_profile(void **state)
{
    (void)state;
    struct problems problems;
    struct arena *arena = arena_create(4096);
    struct fixture f = fixture_load(channel(arena, "trust = \"network-only\"; limits = { gsm7 = 182; ucs2 = 0; };"
                                                   " reply = { continue = \"MORE {{text}}\"; };"
                                                   " request = { strip_parts = 1; fields = { session = \"sid\"; }; };"),
                                    &problems);
    assert_non_null(f.set);
    const struct channel *c = fixture_channel(&f, "c");
    assert_int_equal(c->carrier.gsm7_units, 182);
    assert_int_equal(c->carrier.ucs2_units, 0);
    assert_true(c->carrier.paged);
    assert_int_equal(c->silence_ms, 180000);
    struct http_request request = {
        .method = SPAN("POST"), .path = SPAN("/in/c"), .body = SPAN("sid=1&phoneNumber=%2B254711000111&text=7*1")};
    struct exchange_received received;
    assert_int_equal(exchange_read(c, DOOR_IN, &request, 0, arena, &received), OUTCOME_OK);
    assert_int_equal(received.list[0].strip_parts, 1);
    struct reply reply = {.text = SPAN("x")};
    struct http_response response;
    exchange_reply(c, &received.list[0], &reply, arena, &response);
    assert_true(span_equal_text(response.body, "MORE x"));
    reply.ends = true;
    exchange_reply(c, &received.list[0], &reply, arena, &response);
    assert_true(span_equal_text(response.body, "END x"));
    fixture_free(&f);
    arena_destroy(arena);
}

static unsigned status_for(const char *rest, struct http_request request)
{
    struct problems problems;
    struct arena *arena = arena_create(4096);
    struct fixture f = fixture_load(channel(arena, rest), &problems);
    assert_non_null(f.set);
    struct exchange_received received;
    request.method = SPAN("POST");
    request.path = SPAN("/in/c");
    request.body = SPAN("sessionId=1&phoneNumber=%2B254711000111&text=&key=long-enough");
    enum outcome outcome = exchange_read(fixture_channel(&f, "c"), DOOR_IN, &request, 0, arena, &received);
    fixture_free(&f);
    arena_destroy(arena);
    return outcome == OUTCOME_OK ? 200 : received.rejection.status;
}

static void every_kind_of_authentication(void **state)
{
    (void)state;
    struct pair basic = {SPAN("authorization"), SPAN("Basic dTpsb25nLWVub3VnaA==")};
    struct pair wrong = {SPAN("Authorization"), SPAN("Basic dTpsb25nLWVub3VnaB==")};
    struct pair bearer = {SPAN("Authorization"), SPAN("Bearer long-enough")};
    struct http_request none = {.peer = SPAN("192.0.2.7")};
    struct http_request with_basic = {.headers = &basic, .header_count = 1};
    struct http_request with_wrong = {.headers = &wrong, .header_count = 1};
    struct http_request with_bearer = {.headers = &bearer, .header_count = 1};
    const char *by_basic = "auth = \"basic\"; user = \"u\"; secret = \"long-enough\";";
    const char *by_header = "auth = \"header\"; secret_prefix = \"Bearer \"; secret = \"long-enough\";";
    assert_int_equal(status_for(by_basic, with_basic), 200);
    assert_int_equal(status_for(by_basic, with_wrong), 401);
    assert_int_equal(status_for(by_basic, none), 401);
    assert_int_equal(status_for(by_header, with_bearer), 200);
    assert_int_equal(status_for(by_header, with_basic), 401);
    assert_int_equal(status_for("auth = \"field\"; secret_field = \"key\"; secret = \"long-enough\";", none), 200);
    assert_int_equal(status_for("auth = \"field\"; secret_field = \"key\"; secret = \"long-enougH\";", none), 403);
    assert_int_equal(status_for("auth = \"field\"; secret = \"long-enough\";", none), 403);
    assert_int_equal(status_for("auth = \"networks\"; networks = [ \"192.0.2.0/24\" ];", none), 200);
    assert_int_equal(status_for("auth = \"networks\"; networks = [ \"192.0.3.0/24\", \"::/0\" ];", none), 403);
    assert_int_equal(status_for("auth = \"networks\"; networks = [ \"192.0.2.0/24\" ];", with_basic), 403);
    assert_int_equal(status_for("trust = \"network-only\"; networks = [ \"10.0.0.0/8\" ];", none), 403);
    assert_int_equal(status_for("trust = \"network-only\";", with_wrong), 200);
}

static void a_secret_in_a_file(void **state)
{
    (void)state;
    char path[] = "/tmp/helpline-secret-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "long-enough\n", 12), 12);
    close(fd);
    struct arena *arena = arena_create(4096);
    const char *text =
        channel(arena, arena_text(arena, arena_format(arena, "auth = \"path\"; secret = \"@%s\";", path)));
    struct problems problems;
    struct fixture f = fixture_load(text, &problems);
    assert_non_null(f.set);
    fixture_free(&f);
    assert_int_equal(chmod(path, 0644), 0);
    f = fixture_load(text, &problems);
    assert_null(f.set);
    assert_non_null(strstr(problems.lines[0], "0600"));
    fixture_free(&f);
    unlink(path);
    arena_destroy(arena);
}

static void the_standard_channels(void **state)
{
    (void)state;
    struct fixture f = fixture_standard();
    assert_int_equal(channel_set_count(f.set), 3);
    assert_true(span_equal_text(channel_set_texting(f.set)->id, "at-sms"));
    const struct channel *sms = fixture_channel(&f, "at-sms");
    assert_int_equal(sms->carrier.gsm7_units, 459); /* three parts of 153 */
    assert_int_equal(sms->carrier.ucs2_units, 201);
    assert_false(sms->carrier.paged);
    assert_true(sms->sends);
    assert_false(fixture_channel(&f, "at-ussd")->sends);
    fixture_free(&f);
}

/* No finding may ever show a secret. */
static void findings_keep_secrets(void **state)
{
    (void)state;
    struct arena *arena = arena_create(4096);
    struct problems problems;
    struct fixture f =
        fixture_load(channel(arena, "auth = \"path\"; secret = \"TOP/SECRET\"; nonsense = 1;"), &problems);
    assert_null(f.set);
    assert_true(problems.count >= 2);
    for (size_t i = 0; i < problems.count; i++)
        assert_null(strstr(problems.lines[i], "TOP"));
    fixture_free(&f);
    arena_destroy(arena);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_does_not_load),
        cmocka_unit_test(an_unknown_profile),
        cmocka_unit_test(a_disabled_channel_needs_no_secret),
        cmocka_unit_test(a_channel_overrides_its_profile),
        cmocka_unit_test(every_kind_of_authentication),
        cmocka_unit_test(a_secret_in_a_file),
        cmocka_unit_test(the_standard_channels),
        cmocka_unit_test(findings_keep_secrets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
