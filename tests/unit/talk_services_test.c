/* A gateway that serves two services: when a request is due goes by its own service's calendar, whichever line its person calls. */
#include "talker.h"

#include <stdlib.h>
#include "core/desk_run.h"
#include "store/desk.h"

#define MONDAY_EVENING (NOW - NOW % HOUR)
#define FIRST "ussd"
#define SECOND_LINE "guide"

static void run(const char *command, const struct talker *t)
{
    char line[1200];
    snprintf(line, sizeof line, "M=%s/menus; %s", t->stage.f->dir, command);
    assert_int_equal(system(line), 0);
}

/* Two copies of the service of cases. The first is open on all days but Friday and keeps to the hours that somebody gave; the second is
 * open for an hour a week, and asks for none. */
static void write_services(const struct talker *t)
{
    run("cp -r tests/dialogues/services/case $M/case && sed -i "
        "'/id = \"urge\"; kind/s/urgency = \"danger\"/urgency = \"soon\"/' $M/case/flow/main.conf && "
        "cp -r $M/case $M/other && "
        "sed -i 's/name = \"case\"/name = \"other\"/; s/zone = .*/zone = \"+05:00\";/' $M/other/service.conf",
        t);
    run("echo 'calendar = { week = ( { days = [ \"sat\", \"sun\", \"mon\", \"tue\", \"wed\", \"thu\" ]; from = "
        "\"09:00\"; "
        "to = \"17:00\"; } ); };"
        " desk = { contact = ( { field = \"when\"; is = [ \"morning\" ]; from = \"09:00\"; to = \"11:00\"; },"
        " { field = \"when\"; is = [ \"evening\" ]; from = \"16:00\"; to = \"17:00\"; } ); };' >> "
        "$M/case/service.conf",
        t);
    run("echo 'calendar = { week = ( { days = [ \"fri\" ]; from = \"12:00\"; to = \"13:00\"; } ); };' >> "
        "$M/other/service.conf",
        t);
}

static int open_two_services(void **state)
{
    char text[8192];
    assert_int_equal(open_stage(state), 0);
    struct talker *t = *state;
    write_services(t);
    int len = snprintf(text, sizeof text, small_config, t->stage.f->dir, t->stage.port, "");
    for (char *at; (at = strstr(text, "service = \"small\"")) != NULL;)
        memcpy(at, "service = \"case\" ", strlen("service = \"small\""));
    len -= (int)strlen("};\n"); /* of the channels */
    snprintf(text + len, sizeof text - (size_t)len,
             "  guide = { profile = \"africastalking-ussd\"; service = \"other\"; code = \"*385#\"; auth = \"path\"; "
             "secret = \"0123456789abcdef\";\n"
             "    numbers = { country = \"880\"; trunk = \"0\"; min = 8; max = 10; }; }; };\n");
    stage_write(t->stage.f->dir, "helpline.conf", text);
    catalogue_free(t->stage.catalogue);
    stage_load(&t->stage);
    assert_int_equal(t->stage.catalogue->service_count, 2);
    return 0;
}

/* A new call, and the keys of `keys` ("2*1") one after the other. */
static const char *call(struct talker *t, const char *channel, const char *from, const char *keys)
{
    static unsigned calls;
    char session[16];
    snprintf(session, sizeof session, "c%u", ++calls);
    struct said said = {.channel = channel, .session = session, .from = from, .text = "", .event = INBOUND_NEW};
    const char *heard = say(t, said);
    said.event = INBOUND_RESUME;
    if (strstr(heard, "English") || strstr(heard, "Welcome back")) { /* the first time; not the first */
        said.text = strstr(heard, "English") ? "1" : "2";
        say(t, said);
    }
    for (const char *at = keys; *at;) {
        char key[16];
        size_t len = strcspn(at, "*");
        snprintf(key, sizeof key, "%.*s", (int)len, at);
        at += len + (at[len] == '*');
        said.text = key;
        say(t, said);
    }
    return t->heard[0];
}

#define LATEST "SELECT due_at FROM request ORDER BY id DESC"

static long long due(struct talker *t)
{
    return atoll(fixture_ask(t->stage.f, LATEST));
}

static void make(struct talker *t, const char *channel, const char *from, const char *keys)
{
    t->now = MONDAY_EVENING;
    EXPECT(call(t, channel, from, keys), "CON Sent");
    t->now = MONDAY_EVENING + HOUR;
}

static void urging_on_another_line_keeps_the_calendar(void **state)
{
    struct talker *t = *state;
    make(t, FIRST, "+8801712345671", "1*1");
    call(t, FIRST, "+8801712345671", "2*1*1*2");
    const long long first = due(t);
    assert_string_equal(fixture_ask(t->stage.f, "SELECT urgency FROM request ORDER BY id DESC"), "1");
    make(t, SECOND_LINE, "+8801712345672", "1*1");
    call(t, SECOND_LINE, "+8801712345672", "2*1*1*2");
    const long long second = due(t);
    assert_true(first + 24 * HOUR < second);

    make(t, FIRST, "+8801712345673", "1*1");
    EXPECT(call(t, SECOND_LINE, "+8801712345673", "2*1*1*2"), "CON ");
    assert_true(llabs(due(t) - first) < 60 * SECOND);
    make(t, SECOND_LINE, "+8801712345674", "1*1");
    EXPECT(call(t, FIRST, "+8801712345674", "2*1*1*2"), "CON ");
    assert_true(llabs(due(t) - second) < 60 * SECOND);
}

/* They may be called at another time of the day: which hours that is, says the service that it was asked of. */
static void other_hours_given_on_another_line_are_its_own(void **state)
{
    struct talker *t = *state;
    make(t, FIRST, "+8801712345671", "1*2");
    call(t, FIRST, "+8801712345671", "2*1*1*3*1");
    const long long first = due(t);
    make(t, FIRST, "+8801712345672", "1*2");
    const long long before = due(t);
    EXPECT(call(t, SECOND_LINE, "+8801712345672", "2*1*1*3*1"), "CON ");
    assert_true(before != first);
    assert_true(llabs(due(t) - first) < 60 * SECOND);
}

/* By no channel: it is kept with it for whom it was made. */
static void one_made_by_hand_is_its_services(void **state)
{
    struct talker *t = *state;
    struct fixture *f = t->stage.f;
    const struct operator cora = {.id = 7001,
                                  .name = SPAN("cora"),
                                  .shown = SPAN("Cora"),
                                  .roles = ROLE_BIT(ROLE_COUNSELLOR),
                                  .password = SPAN("$argon2id$x"),
                                  .created_at = t->now,
                                  .changed_at = t->now,
                                  .version = 1};
    OK(SAVE({.kind = CHANGE_OPERATOR, .operator = {&cora}}));
    static const char *const services[] = {"case", "other"};
    long long found[2][2]; /* made by phone, by hand */
    for (size_t i = 0; i < 2; i++) {
        const char *lines[] = {FIRST, SECOND_LINE};
        char phone[] = "+8801712345670", hand[] = "+8801712345680";
        phone[13] = hand[13] = (char)('1' + i);
        make(t, lines[i], phone, "1*1");
        call(t, lines[i], phone, "2*1*1*2");
        found[i][0] = due(t);
        t->now = MONDAY_EVENING;
        const struct answer morning = {.field = SPAN("when"), .value = SPAN("morning")};
        const struct desk_new_request made = {.number = span_of(hand),
                                              .service = span_of(services[i]),
                                              .kind = SPAN("call"),
                                              .lang = SPAN("en"),
                                              .answers = &morning,
                                              .answer_count = i == 0 ? 1 : 0};
        const struct desk_action action = {.verb = DESK_NEW, .operator = 7001, .made = &made};
        const struct desk_pass pass = {f->store, f->keyring, t->stage.catalogue, &t->ids, f->arena, t->now, true};
        struct desk_result result;
        OK(desk_act(&pass, &action, &result));
        t->now = MONDAY_EVENING + HOUR;
        EXPECT(call(t, lines[1 - i], hand, "2*1*1*2"), "CON ");
        found[i][1] = due(t);
    }
    assert_true(found[0][0] + 24 * HOUR < found[1][0]);
    assert_true(llabs(found[0][0] - found[0][1]) < 60 * SECOND);
    assert_true(llabs(found[1][0] - found[1][1]) < 60 * SECOND);
}

#define TYPES(typed)                                                                                                   \
    {                                                                                                                  \
        .channel = line, .session = "s", .from = from, .text = typed, .form = INPUT_CUMULATIVE                         \
    }

/* The session that it was made in is not in the file yet. */
static void made_and_urged_in_one_tick(void **state)
{
    struct talker *t = *state;
    static const char *const lines[] = {FIRST, SECOND_LINE};
    for (size_t i = 0; i < 2; i++) {
        const char *line = lines[i], *from = i == 0 ? "+8801712345671" : "+8801712345672";
        make(t, line, "+8801712345673", "1*1");
        call(t, line, "+8801712345673", "2*1*1*2");
        const long long wanted = due(t);
        t->now = MONDAY_EVENING - 100 * HOUR;
        call(t, line, from, ""); /* the language is chosen */
        t->now = MONDAY_EVENING + HOUR;
        TICK(TYPES(""), TYPES("1"), TYPES("1*1"), TYPES("1*1*00"), TYPES("1*1*00*2"), TYPES("1*1*00*2*1"),
             TYPES("1*1*00*2*1*1"), TYPES("1*1*00*2*1*1*2"));
        assert_int_equal(rows(t, "request WHERE urgency = 1"), 2 * (i + 1));
        assert_true(llabs(due(t) - wanted) < 60 * SECOND);
    }
}

#define WITH_TWO_SERVICES(test) cmocka_unit_test_setup_teardown(test, open_two_services, close_stage)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_TWO_SERVICES(urging_on_another_line_keeps_the_calendar),
        WITH_TWO_SERVICES(other_hours_given_on_another_line_are_its_own),
        WITH_TWO_SERVICES(one_made_by_hand_is_its_services),
        WITH_TWO_SERVICES(made_and_urged_in_one_tick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
