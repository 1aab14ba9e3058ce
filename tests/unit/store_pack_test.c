/* The store's blobs: what goes in comes out, and every cut, overlong or padded form is refused. */
#include "store_fixture.h"

#include "store/sqlite/pack.h"
#include "store/sqlite/turns.h"

static void numbers_round_trip(void **state)
{
    struct fixture *f = *state;
    static const uint64_t numbers[] = {0,         1, 127, 128, 255, 16383, 16384, UINT32_MAX, INT64_MAX, UINT64_MAX - 1,
                                       UINT64_MAX};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct packer packer = pack_begin(f->arena, 1);
        pack_number(&packer, numbers[i]);
        const struct span packed = pack_done(&packer);
        struct unpacker unpacker = unpack_begin(packed);
        assert_true(unpack_number(&unpacker, UINT64_MAX) == numbers[i]);
        assert_true(unpack_done(&unpacker));
        for (size_t len = 0; len < packed.len; len++) {
            unpacker = unpack_begin((struct span){packed.at, len});
            unpack_number(&unpacker, UINT64_MAX);
            assert_false(unpack_done(&unpacker));
        }
        if (numbers[i]) {
            unpacker = unpack_begin(packed);
            assert_int_equal(unpack_number(&unpacker, numbers[i] - 1), 0);
            assert_false(unpack_done(&unpacker));
        }
    }
}

static void odd_forms_of_numbers_are_refused(void **state)
{
    (void)state;
    static const struct span odd[] = {
        SPAN("\x80"),
        SPAN("\x80\x00"),
        SPAN("\x81\x80\x00"),
        SPAN("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"),
        SPAN("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
    };
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        struct unpacker unpacker = unpack_begin(odd[i]);
        unpack_number(&unpacker, UINT64_MAX);
        assert_false(unpack_done(&unpacker));
    }
}

static void lists_round_trip_and_every_cut_is_refused(void **state)
{
    struct fixture *f = *state;
    static const struct span list[] = {SPAN("one"), SPAN(""), SPAN_NONE, SPAN("\x00\xff")};
    const struct span packed = pack_list(f->arena, list, 4);
    struct span *out;
    size_t count;
    assert_true(unpack_list(packed, f->arena, &out, &count));
    assert_int_equal(count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_true(span_equal(out[i], list[i]));
    }
    for (size_t len = 0; len < packed.len; len++) {
        assert_false(unpack_list((struct span){packed.at, len}, f->arena, &out, &count));
        assert_int_equal(count, 0);
    }
    assert_false(unpack_list(SPAN("\x01\x01\x00"), f->arena, &out, &count));
    assert_false(unpack_list(SPAN("\xff\xff\xff\xff\x7f"), f->arena, &out, &count));
    assert_true(unpack_list(SPAN_NONE, f->arena, &out, &count));
    assert_null(pack_list(f->arena, list, 0).at);
}

static void a_turn_is_divided_by_what_is_sensitive(void **state)
{
    struct fixture *f = *state;
    static const struct span values[] = {SPAN("v")};
    static const struct {
        unsigned flags;
        bool input, shown, secret;
    } table[] = {
        {0, true, true, false},
        {TURN_SENSITIVE_INPUT, false, true, true},
        {TURN_SENSITIVE_SCREEN, true, false, true},
        {TURN_SENSITIVE_INPUT | TURN_SENSITIVE_SCREEN, false, false, true},
        {TURN_SECRET_INPUT, false, true, false},
        {TURN_SECRET_INPUT | TURN_SENSITIVE_INPUT, false, true, false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct turn turn = {.number = 4,
                            .input = SPAN("i"),
                            .meaning = SPAN("m"),
                            .values = values,
                            .value_count = 1,
                            .flags = table[i].flags};
        const struct turn_parts parts = turn_divide(&turn, f->arena);
        assert_int_equal(parts.input.at != NULL, table[i].input);
        assert_int_equal(parts.meaning.at != NULL, table[i].input);
        assert_int_equal(parts.shown.at != NULL, table[i].shown);
        assert_int_equal(parts.secret.at != NULL, table[i].secret);
        struct turn again = {.number = 4, .flags = table[i].flags};
        assert_true(turn_unite(&again, &parts, f->arena));
        assert_int_equal(again.value_count, 1);
        assert_int_equal(again.input.at != NULL, !(table[i].flags & TURN_SECRET_INPUT));
        again.number = 5;
        assert_int_equal(turn_unite(&again, &parts, f->arena), !table[i].secret);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(numbers_round_trip),
        TEST(odd_forms_of_numbers_are_refused),
        TEST(lists_round_trip_and_every_cut_is_refused),
        TEST(a_turn_is_divided_by_what_is_sensitive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
