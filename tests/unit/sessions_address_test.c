/* Which part of the sessions an address shows, the address of a part, and what goes with who opens one of them. */
#include <string.h>
#include "console/pages/sessions_address.h"
#include "own_arena.h"

#define ALL_OF_IT                                                                                                      \
    "channel=at-ussd&lang=bn-latn&end=timeout&screen=call%26back&from=2026-11-01&to=2026-11-22&request=1&person=101"   \
    "&phone=7&below=55"

static struct sessions_address read_text(const char *text)
{
    struct sessions_address address;
    sessions_address_read_list(span_of(text), arena, &address);
    return address;
}

static void what_is_chosen_comes_back(void **state)
{
    (void)state;
    static const char *const texts[] = {ALL_OF_IT,     "channel=at-sms", "lang=en",       "end=answered",
                                        "screen=main", "from=1.2.03",    "to=2026-11-22", "request=1",
                                        "person=5",    "phone=6",        "end=x&above=9"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const struct sessions_address address = read_text(texts[i]);
        assert_true(sessions_address_is_filtered(&address));
        assert_string_equal(arena_text(arena, sessions_address_write(&address, arena)), texts[i]);
    }
}

static void what_is_not_understood_is_left_open(void **state)
{
    (void)state;
    char longest[400] = "channel=";
    memset(longest + strlen(longest), 'a', 300);
    const char *const open[] = {NULL,        "",         "channel=", "channel=%20&lang=",          "what=ever",
                                "tab=mine",  "person=x", "phone=-1", "person=9223372036854775808", "%zz",
                                "channel=%", "below=5",  longest};
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        const struct sessions_address address = read_text(open[i]);
        assert_false(sessions_address_is_filtered(&address));
    }
    assert_int_equal(read_text("below=5").below, 5);
}

static void what_is_too_long_is_no_address(void **state)
{
    (void)state;
    char each[65] = "";
    memset(each, '%', sizeof each - 1); /* three letters each in an address */
    const struct span value = span_of(each);
    const struct sessions_address address = {
        .channel = value, .lang = value, .end = value, .node = value, .from = value, .to = value};
    assert_false(span_is_present(sessions_address_write(&address, arena)));
}

static void a_part_as_the_store_understands_it(void **state)
{
    (void)state;
    struct session_filter filter;
    struct sessions_address address = read_text(ALL_OF_IT);
    assert_null(sessions_address_filter(&address, 0, &filter));
    assert_true(span_equal_text(filter.channel, "at-ussd") && span_equal_text(filter.lang, "bn-latn"));
    assert_true(span_equal_text(filter.node, "call&back") && filter.with_request);
    assert_int_equal(filter.cause, END_TIMEOUT);
    assert_int_equal(filter.to - filter.from, INT64_C(22) * 24 * 3600 * 1000);
    assert_int_equal(filter.person, 101);
    assert_int_equal(filter.phone, 7);
    assert_int_equal(filter.below, 55);
    address = read_text("end=never&from=22.11.2026&to=2026-11-22");
    assert_string_equal(sessions_address_filter(&address, 0, &filter), "said_bad_day");
    assert_int_equal(filter.cause, -1);
    assert_true(filter.from == 0 && filter.to == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_chosen_comes_back, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_understood_is_left_open, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_too_long_is_no_address, setup, teardown),
        cmocka_unit_test_setup_teardown(a_part_as_the_store_understands_it, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
