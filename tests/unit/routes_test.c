/* routes: which channel takes a text, and which one instead. */
#include "core_fixture.h"

#include "core/routes.h"

#define A_CHANNEL(id, more)                                                                                            \
    "  " id " = { profile = \"africastalking-sms\"; service = \"small\"; code = \"1\"; auth = \"path\"; secret = "     \
    "\"0123456789abcdef\"; secrets = { api_key = \"none\"; }; with = { username = \"sandbox\"; }; " more " };\n"
#define CHANNELS A_CHANNEL("one", "") A_CHANNEL("two", "") A_CHANNEL("off", "enabled = false;")

static int open_stage(void **state)
{
    struct stage *stage = calloc(1, sizeof *stage);
    *stage = stage_open(9);
    *state = stage;
    return 0;
}

static int close_stage(void **state)
{
    struct stage *stage = *state;
    stage_close(stage);
    free(stage);
    return 0;
}

static const char *chosen(const struct stage *stage, const char *network, const char *number)
{
    const struct config *config = stage->catalogue->config;
    const struct channel *channel =
        routes_choose(&config->routes, config->channels, network ? span_of(network) : SPAN_NONE, span_of(number));
    return channel ? arena_text(stage->f->arena, channel->id) : "nobody";
}

static void the_first_route_that_fits_is_taken(void **state)
{
    struct stage *stage = *state;
    static const struct {
        const char *network, *number, *channel;
    } table[] = {
        {NULL, "+8801712345678", "one"},
        {NULL, "+8801912345678", "sms"},
        {"47001", "+8801912345678", "two"},
        {"47001", "+8801712345678", "one"},
        {"roaming", "+8801912345678", "two"},
        {"470010", "+8801912345678", "sms"},
        {"", "+88017", "one"},
        {NULL, "", "sms"},
        {NULL, "+880", "sms"},
    };
    stage_configure(stage, "", CHANNELS,
                    "routes = ( { prefixes = [ \"+88018\", \"+88017\" ]; channels = [ \"off\", \"one\" ]; },\n"
                    "  { networks = [ \"47001\", \"Roaming\" ]; channels = [ \"two\", \"one\" ]; } );\n");
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        assert_string_equal(chosen(stage, table[i].network, table[i].number), table[i].channel);
}

static void without_routes_the_first_that_sends_does(void **state)
{
    struct stage *stage = *state;
    stage_configure(stage, "", CHANNELS, "");
    assert_string_equal(chosen(stage, NULL, "+8801712345678"), "sms");
    stage_configure(stage, "enabled = false;", CHANNELS, "routes = ( { channels = [ \"off\" ]; } );\n");
    assert_string_equal(chosen(stage, NULL, "+8801712345678"), "one");
}

static bool is_not(const void *context, const struct channel *channel)
{
    const char *unwanted = context;
    return !span_equal_text(channel->id, unwanted);
}

static const char *instead_of(const struct stage *stage, const char *from, const char *number, const char *unwanted)
{
    const struct config *config = stage->catalogue->config;
    const struct route_test test = {unwanted, is_not};
    const struct channel *channel = routes_instead(&config->routes, stage_channel(stage, from), span_of(number), &test);
    return channel ? arena_text(stage->f->arena, channel->id) : "nobody";
}

static void another_of_the_same_route_steps_in(void **state)
{
    struct stage *stage = *state;
    stage_configure(stage, "", CHANNELS,
                    "routes = ( { prefixes = [ \"+88017\" ]; channels = [ \"sms\", \"off\", \"one\", \"two\" ]; },\n"
                    "  { networks = [ \"47001\" ]; channels = [ \"two\", \"sms\" ]; } );\n");
    assert_string_equal(instead_of(stage, "sms", "+8801712345678", ""), "one");
    assert_string_equal(instead_of(stage, "sms", "+8801712345678", "one"), "two");
    assert_string_equal(instead_of(stage, "one", "+8801712345678", ""), "sms");
    assert_string_equal(instead_of(stage, "one", "+8801712345678", "sms"), "two");
    assert_string_equal(instead_of(stage, "two", "+8801912345678", ""), "sms"); /* it may have been its network */
    assert_string_equal(instead_of(stage, "one", "+8801912345678", ""), "nobody");
    assert_true(routes_hold(&stage->catalogue->config->routes, stage_channel(stage, "one")));
    assert_false(routes_hold(&stage->catalogue->config->routes, stage_channel(stage, "ussd")));
}

static void what_leads_nowhere_does_not_load(void **state)
{
    struct stage *stage = *state;
    static const struct {
        const char *routes, *says;
    } table[] = {
        {"routes = ( { channels = [ \"nobody\" ]; } );", "there is no channel \"nobody\""},
        {"routes = ( { channels = [ \"ussd\" ]; } );", "channel \"ussd\" sends no texts"},
        {"routes = ( { channels = [ ]; } );", "leads nowhere"},
        {"routes = ( { prefixes = [ \"+88017\" ]; } );", "channels"},
        {"routes = ( { prefixes = [ \"88017\" ]; channels = [ \"sms\" ]; } );", "a prefix is + and digits"},
        {"routes = ( { prefixes = [ \"+88x\" ]; channels = [ \"sms\" ]; } );", "a prefix is + and digits"},
        {"routes = ( \"sms\" );", "a route is a group"},
        {"routes = ( { channel = [ \"sms\" ]; } );", "nearest"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct problems problems;
        struct config *config = NULL;
        struct error err;
        char text[8192];
        int len = snprintf(text, sizeof text, small_config, stage->f->dir, 9u, "");
        snprintf(text + len, sizeof text - (size_t)len, "%s\n", table[i].routes);
        stage_write(stage->f->dir, "helpline.conf", text);
        problems_init(&problems, stage->f->arena);
        assert_int_equal(config_load(stage->config, NULL, 0, &config, &problems, &err), OUTCOME_REFUSED);
        assert_true(problems.count > 0);
        if (!strstr(problems.lines[0], table[i].says) || !strstr(problems.lines[0], "helpline.conf:"))
            fail_msg("%s: %s", table[i].routes, problems.lines[0]);
    }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_stage, close_stage)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(the_first_route_that_fits_is_taken),
        CASE(without_routes_the_first_that_sends_does),
        CASE(another_of_the_same_route_steps_in),
        CASE(what_leads_nowhere_does_not_load),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
