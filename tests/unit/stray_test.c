/* What could not be used is kept as it came, but for what may be a PIN. */
#include "cmocka_all.h"

#include <string.h>

#include "core/common/stray.h"
#include "own_arena.h"

static const struct channel *a_channel(void)
{
    struct channel *channel = ARENA_NEW(arena, struct channel);
    channel->id = SPAN("somewhere");
    return channel;
}

static struct span kept(struct span raw, bool of_a_person)
{
    static const struct lookup sender = {{1}};
    struct change_list changes = {.arena = arena};
    struct id_source ids = {.last = 0};
    const struct stray stray = {a_channel(), "undecodable", raw, 0, of_a_person ? &sender : NULL};
    stray_add(&changes, &ids, 1795255200000, &stray);
    assert_int_equal(changes.count, 1);
    assert_int_equal(changes.at[0].kind, CHANGE_STRAY);
    return changes.at[0].stray.raw;
}

static void four_digits_are_not_kept(void **state)
{
    (void)state;
    static const struct {
        struct span raw, kept;
    } cases[] = {
        {{"2*7391*\xFF", 8}, {"2*####*\xFF", 8}},
        {{"7391", 4}, {"####", 4}},
        {{"pin 7391.", 9}, {"pin ####.", 9}},
        {{"<text>1*0815</text>", 19}, {"<text>1*####</text>", 19}},
        {{"\0007\0003\0009\0001", 8}, {"\0#\0#\0#\0#", 8}}, /* in two bytes a character */
        {{"7\0003\0009\0001\0", 8}, {"#\0#\0#\0#\0", 8}},
        {{"739", 3}, {"739", 3}},
        {{"+8801712345678", 14}, {"+8801712345678", 14}},
        {{"73915", 5}, {"73915", 5}},
        {{"", 0}, {"", 0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_true(span_equal(kept(cases[i].raw, true), cases[i].kept));
}

static void what_no_person_sent_stays_as_it_came(void **state)
{
    (void)state;
    assert_true(span_equal_text(kept(SPAN("status=1234"), false), "status=1234"));
    assert_true(span_equal_text(kept(SPAN_NONE, true), ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(four_digits_are_not_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(what_no_person_sent_stays_as_it_came, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
