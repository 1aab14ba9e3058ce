/* The worked example of conf/aggregators/README.md, taken from that page: a new dialect is connected by its .conf alone. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "aggregator/handset.h"
#include "exchange_fixture.h"

static char folder[] = "/tmp/helpline-dialect-XXXXXX";
static char path[sizeof folder + 32];

/* The indented block that follows the name of the file. */
static void write_profile(FILE *page, FILE *profile)
{
    char line[400];
    bool found = false, inside = false;
    while (fgets(line, sizeof line, page) != NULL) {
        found = found || strstr(line, "`conf/aggregators/example-ussd.conf`:") != NULL;
        bool fence = strstr(line, "   ```") == line;
        if (found && fence && inside)
            break;
        if (inside)
            fputs(line, profile);
        inside = inside || (found && fence);
    }
    assert_true(inside);
}

static int setup(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/example-ussd.conf", folder);
    FILE *page = fopen("conf/aggregators/README.md", "r"), *profile = fopen(path, "w");
    assert_true(page != NULL && profile != NULL);
    write_profile(page, profile);
    fclose(page);
    fclose(profile);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    unlink(path);
    rmdir(folder);
    return 0;
}

static struct inbound read_query(const struct channel *channel, enum exchange_door door, const char *query,
                                 struct arena *arena)
{
    struct http_request request = {
        .method = SPAN("GET"), .path = SPAN("/in/example/sample-secret"), .query = span_of(query)};
    struct inbound *list;
    size_t count;
    struct rejection rejection;
    assert_int_equal(exchange_read(channel, door, &request, 0, arena, &list, &count, &rejection), OUTCOME_OK);
    assert_int_equal(count, 1);
    return list[0];
}

static void the_page_holds(void **state)
{
    (void)state;
    static const char text[] = "channels : { example : { profile = \"example-ussd\"; service = \"infoline\"; "
                               "auth = \"path\"; secret = \"sample-secret\"; }; };";
    struct arena *arena = arena_create(65536);
    struct settings *settings;
    struct channel_set *set = NULL;
    struct problems problems;
    struct error err;
    problems_init(&problems, arena);
    assert_int_equal(settings_parse(SPAN(text), "test", &settings, &problems), OUTCOME_OK);
    enum outcome outcome =
        channel_set_load(setting_get(settings_root(settings), "channels"), folder, NULL, &set, &problems, &err);
    if (outcome != OUTCOME_OK)
        fail_msg("%s", problems.count > 0 ? problems.lines[0] : err.text);
    const struct channel *channel = channel_set_at(set, 0);
    struct inbound first =
        read_query(channel, DOOR_IN, "msisdn=8801712345678&ussdId=77&input=*384%23&stamp=1763683200", arena);
    assert_true(span_equal_text(first.from.text, "+8801712345678"));
    assert_true(span_equal_text(first.input, "*384#"));
    assert_int_equal(first.form, INPUT_LATEST_AFTER_CODE);
    assert_int_equal(first.event, INBOUND_RESUME);
    assert_int_equal(first.at, 1763683200000);
    struct reply reply = {.text = SPAN("Hello")};
    struct http_response response;
    struct span screen;
    bool ends;
    exchange_reply(channel, &first, &reply, arena, &response);
    assert_true(span_equal_text(response.body, "C;Hello"));
    assert_int_equal(handset_screen(channel, &response, arena, &screen, &ends), OUTCOME_OK);
    assert_true(span_equal_text(screen, "Hello") && !ends);
    struct inbound end = read_query(channel, DOOR_NOTIFY, "ussdId=77&why=2", arena);
    assert_int_equal(end.cause, END_TIMEOUT);
    assert_int_equal(end.event, INBOUND_CLOSE);
    channel_set_free(set);
    settings_free(settings);
    arena_destroy(arena);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(the_page_holds)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
