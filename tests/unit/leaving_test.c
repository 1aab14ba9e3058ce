/* Who asks to be forgotten while a complaint is open, on a real store and in a simulated world: it stays, and the rest goes with it. */
#include "talker.h"

#include "shared_phone.h"

/* The flow of shared_phone.h; its page about people says "acts" where something stays. */
static char *leaving_flow(void)
{
    static const char was[] = "if = \"acting\"", is[] = "if = \"keeps_something\"";
    const char *at = strstr(shared_flow, was);
    char *flow = malloc(sizeof shared_flow + sizeof is);
    assert_non_null(at);
    sprintf(flow, "%.*s%s%s", (int)(at - shared_flow), shared_flow, is, at + strlen(was));
    return flow;
}

static int open_leaving(void **state)
{
    open_stage(state);
    struct talker *t = *state;
    char dir[200], path[220], service[sizeof shared_service + 64];
    char *flow = leaving_flow();
    snprintf(dir, sizeof dir, "%s/menus/small", t->stage.f->dir);
    snprintf(path, sizeof path, "%s/text/bn.conf", dir);
    snprintf(service, sizeof service, "%skeep_until_closed = [ \"call\" ];\n", shared_service);
    assert_int_equal(remove(path), 0);
    stage_write(dir, "service.conf", service);
    stage_write(dir, "flow/main.conf", flow);
    stage_write(dir, "text/en.conf", shared_text);
    free(flow);
    catalogue_free(t->stage.catalogue);
    stage_load(&t->stage);
    return 0;
}

static const char *types(struct talker *t, const char *phone, const char *session, const char *const *keys)
{
    const char *heard = say(t, (struct said){.session = session, .text = "", .from = phone, .event = INBOUND_NEW});
    if (!strncmp(heard, "CON Language", 12))
        heard = say(t, (struct said){.session = session, .text = "1", .from = phone, .event = INBOUND_RESUME});
    if (!strncmp(heard, "CON Welcome", 11))
        heard = say(t, (struct said){.session = session, .text = "00", .from = phone, .event = INBOUND_RESUME});
    for (; *keys; keys++)
        heard = say(t, (struct said){.session = session, .text = *keys, .from = phone, .event = INBOUND_RESUME});
    return heard;
}
#define TYPES(session, ...) types(t, MOBILE, session, (const char *const[]){__VA_ARGS__, NULL})
#define HOLDS(heard, wanted) assert_non_null(strstr(heard, wanted))
#define HOLDS_NOT(heard, wanted) assert_null(strstr(heard, wanted))

static void complain_and_leave(struct talker *t)
{
    HOLDS(TYPES("a", "1", "1", "1", "1"), "Kept. Ref"); /* registered, without a PIN */
    HOLDS(TYPES("b", "3", "Rahima", "1"), "Sent. Ref");
    const char *heard = TYPES("c", "5", "5");
    HOLDS(heard, "acts"); /* something stays, says the page */
    HOLDS_NOT(heard, "registered");
}

static void what_is_kept_stays_and_nothing_else(void **state)
{
    struct talker *t = *state;
    complain_and_leave(t);
    assert_int_equal(rows(t, "registration"), 0);
    assert_int_equal(rows(t, "request WHERE state = 0"), 1);
    assert_int_equal(rows(t, "entry"), 1);
    assert_int_equal(rows(t, "person WHERE leaving_at IS NOT NULL AND key IS NOT NULL"), 1);
    assert_int_equal(rows(t, "phone WHERE person IS NOT NULL AND number IS NOT NULL"), 1);
    HOLDS(TYPES("d", "2"), "Yours (1)");
}

static void with_the_last_one_the_rest_goes_at_once(void **state)
{
    struct talker *t = *state;
    complain_and_leave(t);
    HOLDS(TYPES("d", "2", "1", "1"), "Yours (0)");
    assert_int_equal(rows(t, "person"), 0);
    assert_int_equal(rows(t, "request"), 0);
    assert_int_equal(rows(t, "entry"), 0);
    assert_int_equal(rows(t, "answer"), 0);
    assert_int_equal(rows(t, "phone WHERE person IS NOT NULL OR number IS NOT NULL"), 0);
}

static void who_asks_for_something_new_stays(void **state)
{
    struct talker *t = *state;
    complain_and_leave(t);
    HOLDS(TYPES("d", "1", "1", "1", "1"), "Kept. Ref");
    assert_int_equal(rows(t, "person WHERE leaving_at IS NULL"), 1);
    HOLDS(TYPES("e", "2", "1", "1"), "Yours (0)");
    assert_int_equal(rows(t, "registration"), 1);
}

static void without_a_complaint_all_goes(void **state)
{
    struct talker *t = *state;
    HOLDS(TYPES("a", "1", "1", "1", "1"), "Kept. Ref");
    HOLDS_NOT(TYPES("c", "5", "5"), "acts");
    assert_int_equal(rows(t, "person"), 0);
    assert_int_equal(rows(t, "turn WHERE at > 0 AND (shown IS NOT NULL OR sealed IS NOT NULL)"), 0);
    assert_int_equal(rows(t, "session WHERE phone IS NOT NULL"), 1); /* the one in which it was asked for */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_kept_stays_and_nothing_else, open_leaving, close_stage),
        cmocka_unit_test_setup_teardown(with_the_last_one_the_rest_goes_at_once, open_leaving, close_stage),
        cmocka_unit_test_setup_teardown(who_asks_for_something_new_stays, open_leaving, close_stage),
        cmocka_unit_test_setup_teardown(without_a_complaint_all_goes, open_leaving, close_stage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
