/* Every sample of every profile, whole, cut at every byte, and with every byte damaged, read and answered: nothing falls over, and
 * a request that lost its end is refused or read, never half of each. What is read and answered, byte for byte, is
 * tests/aggregators/samples_test.sh's; under ASan that one tries a sample a profile, and this one all. */
#include <glob.h>
#include <string.h>
#include "exchange_fixture.h"
#include "text/utf8.h"

static struct settings *settings;
static struct channel_set *set;

static int load(void **state)
{
    (void)state;
    struct arena *arena = arena_create(4096);
    struct problems problems;
    struct error err;
    problems_init(&problems, arena);
    assert_int_equal(settings_read("tests/aggregators/helpline.conf", NULL, &settings, &problems, &err), OUTCOME_OK);
    struct setting root = settings_root(settings);
    struct channel_site site = {.public_url =
                                    setting_string(setting_get(root, "listen"), "public_url", "http://localhost")};
    enum outcome outcome =
        channel_set_load(setting_get(root, "channels"), "conf/aggregators", &site, &set, &problems, &err);
    for (size_t i = 0; i < problems.count; i++)
        print_message("%s\n", problems.lines[i]);
    arena_destroy(arena);
    return outcome == OUTCOME_OK ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    channel_set_free(set);
    settings_free(settings);
    return 0;
}

static struct span read_file(const char *path, struct arena *arena)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = arena_alloc(arena, 65536);
    size_t len = fread(text, 1, 65536, file);
    fclose(file);
    return (struct span){text, len};
}

/* Only the first request of a session has to name the caller, in some dialects. */
static bool may_be_nameless(const struct inbound *m)
{
    return m->kind == INBOUND_USSD && m->event != INBOUND_NEW;
}

static void check_message(const struct inbound *m)
{
    bool person = m->kind == INBOUND_USSD || m->kind == INBOUND_SMS;
    assert_true(!person || (span_is_present(m->input) && utf8_is_valid(m->input)));
    assert_true(!person || m->from.text.len > 0 || may_be_nameless(m));
    assert_true(m->part.number <= m->part.total);
    assert_true(m->kind != INBOUND_REPORT || m->refers_to.len > 0);
    assert_true(m->kind != INBOUND_USSD || m->session.len > 0);
}

/* Gives what a gateway would answer, 200 when it is read. */
static unsigned read_request(const struct http_request *request, struct arena *arena)
{
    enum exchange_door door;
    const struct channel *channel;
    if (exchange_route(set, request->path, &door, &channel) != OUTCOME_OK)
        return 404;
    struct exchange_received received;
    struct http_response response;
    if (exchange_read(channel, door, request, 0, arena, &received) != OUTCOME_OK) {
        assert_true(received.rejection.status >= 400 && received.rejection.reason.len > 0);
        exchange_reject(channel, &received.rejection, arena, &response);
        return response.status;
    }
    for (size_t i = 0; i < received.count; i++)
        check_message(&received.list[i]);
    for (int ends = 0; ends < 2; ends++) {
        struct reply reply = {.text = SPAN("InfoLine <free> & \"private\"\n1 Find services"), .ends = ends != 0};
        exchange_reply(channel, received.count > 0 ? &received.list[0] : NULL, &reply, arena, &response);
        assert_int_equal(response.status, 200);
        assert_true(response.body.len < 4096);
    }
    return 200;
}

static unsigned read_raw(struct span raw, struct arena *arena)
{
    struct http_request request;
    struct error err;
    if (http_parse_request(raw, arena, &request, &err) != OUTCOME_OK)
        return 400;
    return read_request(&request, arena);
}

static struct span *fields_of(struct http_request *request)
{
    return request->body.len > 0 ? &request->body : &request->query;
}

static void cut(struct span raw, struct arena *arena)
{
    for (size_t len = 0; len < raw.len; len++) {
        read_raw(span_first(raw, len), arena);
        arena_reset(arena);
    }
    struct http_request request;
    struct error err;
    assert_int_equal(http_parse_request(raw, arena, &request, &err), OUTCOME_OK);
    read_request(&request, arena);
    struct span *fields = fields_of(&request);
    for (struct span whole = *fields; fields->len > 0; *fields = span_first(whole, fields->len - 1)) {
        struct arena *one = arena_create(16384);
        read_request(&request, one);
        arena_destroy(one);
    }
    arena_reset(arena);
}

/* In each place one of them, in turns: over all samples each falls on every kind of place. */
static void damage(struct span raw, struct arena *arena)
{
    static const char hurtful[] = {'\0', '%', '&', '=', '+', '\xFF', '\n', '"', '{', ']', '<', '\\', ';'};
    char copy[4096];
    assert_true(raw.len < sizeof copy);
    for (size_t i = 0; i < raw.len; i++) {
        memcpy(copy, raw.at, raw.len);
        copy[i] = hurtful[(i + raw.len) % sizeof hurtful];
        read_raw((struct span){copy, raw.len}, arena);
        arena_reset(arena);
    }
}

static void each(void (*hurt)(struct span, struct arena *))
{
    glob_t files;
    struct arena *text = arena_create(262144), *arena = arena_create(65536);
    assert_int_equal(glob("tests/aggregators/*/*.http", 0, NULL, &files), 0);
    assert_true(files.gl_pathc > 60);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        hurt(read_file(files.gl_pathv[i], text), arena);
        arena_reset(text);
    }
    globfree(&files);
    arena_destroy(text);
    arena_destroy(arena);
}

static void every_truncation(void **state)
{
    (void)state;
    each(cut);
}

static void every_damaged_byte(void **state)
{
    (void)state;
    each(damage);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_truncation),
        cmocka_unit_test(every_damaged_byte),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
