/* Which part of the queue an address shows, and the address of a part. */
#include <string.h>
#include "console/pages/queue_address.h"
#include "own_arena.h"

static void read_text(const char *text, struct queue_address *out)
{
    struct pair *pairs;
    size_t count;
    struct error err;
    assert_int_equal(form_decode(span_of(text), arena, &pairs, &count, &err), OUTCOME_OK);
    queue_address_read(pairs, count, out);
}

static void assert_span(struct span got, const char *wanted)
{
    assert_true(span_is_present(got));
    assert_string_equal(arena_text(arena, got), wanted);
}

static void every_tab_is_said_and_read(void **state)
{
    (void)state;
    for (enum queue_tab tab = 0; tab < TAB_COUNT; tab++) {
        struct queue_address address = {.tab = tab}, again;
        struct span text = queue_address_write(&address, arena);
        read_text(arena_text(arena, text), &again);
        assert_int_equal(again.tab, tab);
        assert_false(queue_address_is_filtered(&again));
    }
}

static void what_is_chosen_comes_back(void **state)
{
    (void)state;
    struct queue_address address, again;
    read_text("topic=work&district=syl%26het&channel=sms&language=bn-latn&tab=mine&desk=complaints&after=17.5",
              &address);
    assert_int_equal(address.tab, TAB_MINE);
    assert_span(address.area, "syl&het");
    assert_span(address.after, "17.5");
    assert_true(queue_address_is_filtered(&address));
    struct span text = queue_address_write(&address, arena);
    assert_span(text, "tab=mine&topic=work&language=bn-latn&channel=sms&district=syl%26het&desk=complaints");
    read_text(arena_text(arena, text), &again);
    assert_span(again.topic, "work");
    assert_span(again.lang, "bn-latn");
    assert_int_equal(again.channel, QUEUE_BY_SMS);
    assert_span(again.area, "syl&het");
    assert_span(again.desk, "complaints");
    assert_false(span_is_present(again.after));
}

static void every_channel_is_said_and_read(void **state)
{
    (void)state;
    for (enum queue_channel channel = QUEUE_ANY_CHANNEL; channel <= QUEUE_BY_HAND; channel++) {
        const struct queue_address address = {.channel = channel};
        const struct operator operator = {.id = 7};
        struct queue_address again;
        struct queue_filter filter;
        read_text(arena_text(arena, queue_address_write(&address, arena)), &again);
        assert_int_equal(again.channel, channel);
        assert_int_equal(queue_address_is_filtered(&again), channel != QUEUE_ANY_CHANNEL);
        queue_address_filter(&again, &operator, 1, &filter);
        assert_int_equal(filter.channel, channel);
    }
}

static void what_is_not_understood_is_left_open(void **state)
{
    (void)state;
    struct queue_address address;
    char longest[400] = "topic=";
    memset(longest + strlen(longest), 'a', 300);
    const char *const open[] = {"",
                                "tab=",
                                "tab=everything",
                                "tab=MINE&topic=",
                                "topic=%20%20",
                                "what=ever",
                                "channel=SMS&channel=sms",
                                "channel=0",
                                longest};
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        read_text(open[i], &address);
        assert_int_equal(address.tab, TAB_ALL);
        assert_false(queue_address_is_filtered(&address));
    }
}

static void tabs_as_the_store_understands_them(void **state)
{
    (void)state;
    enum { NOW = 1000000 };
    static const struct {
        enum queue_tab tab;
        enum queue_whose whose;
        enum queue_state state;
        bool is_danger;
        int64_t due_before;
    } cases[] = {
        {TAB_ALL, QUEUE_ALL, QUEUE_OPEN, false, 0},
        {TAB_MINE, QUEUE_MINE, QUEUE_OPEN, false, 0},
        {TAB_UNASSIGNED, QUEUE_UNASSIGNED, QUEUE_OPEN, false, 0},
        {TAB_DANGER, QUEUE_ALL, QUEUE_OPEN, true, 0},
        {TAB_DUE, QUEUE_ALL, QUEUE_OPEN, false, NOW + QUEUE_DUE_SOON_MS},
        {TAB_OVERDUE, QUEUE_ALL, QUEUE_OPEN, false, NOW},
        {TAB_WAITING, QUEUE_ALL, QUEUE_WAITING_FOR, false, 0},
        {TAB_TROUBLE, QUEUE_ALL, QUEUE_TROUBLE, false, 0},
        {TAB_DONE, QUEUE_ALL, QUEUE_DONE, false, 0},
    };
    const struct operator operator = {.id = 7};
    assert_int_equal(sizeof cases / sizeof *cases, TAB_COUNT);
    for (size_t i = 0; i < TAB_COUNT; i++) {
        struct queue_address address = {.tab = cases[i].tab, .topic = SPAN("work")};
        struct queue_filter filter;
        queue_address_filter(&address, &operator, NOW, &filter);
        assert_ptr_equal(filter.operator, &operator);
        assert_int_equal(filter.now, NOW);
        assert_int_equal(filter.whose, cases[i].whose);
        assert_int_equal(filter.state, cases[i].state);
        assert_int_equal(filter.is_danger, cases[i].is_danger);
        assert_int_equal(filter.due_before, cases[i].due_before);
        assert_span(filter.topic, "work");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_tab_is_said_and_read, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_chosen_comes_back, setup, teardown),
        cmocka_unit_test_setup_teardown(every_channel_is_said_and_read, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_understood_is_left_open, setup, teardown),
        cmocka_unit_test_setup_teardown(tabs_as_the_store_understands_them, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
