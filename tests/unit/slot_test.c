/* When somebody may be called next, as the words of a page need it. */
#include "console/pages/slot.h"
#include "base/clock.h"
#include "base/duration.h"
#include "console/pages/said.h"
#include "model/outbox.h"
#include "own_arena.h"

#define ZONE 360

static int64_t at(const char *local)
{
    int64_t ms;
    assert_true(clock_read(span_of(local), ZONE, &ms));
    return ms;
}

static struct slot_view say(const char *lang, const char *now, const struct contact_rule *rule, const char *from,
                            const char *until)
{
    struct slot_view view;
    struct html_style style = {.words = words_of(span_of(lang)), .zone_minutes = ZONE, .now = at(now)};
    struct contact_slot slot = {.from = from ? at(from) : 0, .until = until ? at(until) : 0};
    slot_say(&style, rule, from ? &slot : NULL, arena, &view);
    return view;
}

static const struct contact_rule callable = {.is_known = true, .may_call = true, .may_text = true};

static void assert_span(struct span got, const char *wanted)
{
    assert_string_equal(span_is_present(got) ? arena_text(arena, got) : "", wanted);
}

static void days(void **state)
{
    (void)state;
    static const struct {
        const char *now, *from, *until;
        enum slot_kind kind;
        const char *from_text, *until_text;
    } cases[] = {
        {"2026-11-22 10:00", "2026-11-22 09:00", "2026-11-22 18:05", SLOT_NOW, "09:00", "18:05"},
        {"2026-11-22 10:00", "2026-11-22 10:00", "2026-11-22 10:01", SLOT_NOW, "10:00", "10:01"},
        {"2026-11-22 10:00", "2026-11-20 00:00", "2026-11-29 00:00", SLOT_NOW, "00:00", ""},
        {"2026-11-22 10:00", "2026-11-22 17:00", "2026-11-22 20:00", SLOT_TODAY, "17:00", "20:00"},
        {"2026-11-22 23:59", "2026-11-23 00:00", "2026-11-23 20:00", SLOT_TOMORROW, "00:00", "20:00"},
        {"2026-11-22 00:00", "2026-11-23 23:59", "2026-11-24 20:00", SLOT_TOMORROW, "23:59", ""},
        {"2026-12-31 10:00", "2027-01-02 09:00", "2027-01-02 17:00", SLOT_LATER, "09:00", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct slot_view view = say("en", cases[i].now, &callable, cases[i].from, cases[i].until);
        assert_int_equal(view.kind, cases[i].kind);
        assert_int_equal(view.at, at(cases[i].from));
        assert_span(view.from, cases[i].from_text);
        assert_span(view.until, cases[i].until_text);
    }
}

static void who_is_not_called(void **state)
{
    (void)state;
    struct contact_rule text_only = {.is_known = true, .may_text = true}, never = {.is_known = true};
    assert_int_equal(say("en", "2026-11-22 10:00", &text_only, "2026-11-22 09:00", "2026-11-22 18:00").kind,
                     SLOT_TEXT_ONLY);
    assert_int_equal(say("en", "2026-11-22 10:00", &never, "2026-11-22 09:00", "2026-11-22 18:00").kind, SLOT_NEVER);
    const struct contact_rule unknown = {.is_known = true, .may_text = true, .needs_hours = true};
    assert_int_equal(say("en", "2026-11-22 10:00", &unknown, NULL, NULL).kind, SLOT_NONE);
    struct contact_rule stopped = callable;
    stopped.has_stopped = true;
    assert_int_equal(say("en", "2026-11-22 10:00", &stopped, "2026-11-22 09:00", "2026-11-22 18:00").kind,
                     SLOT_STOPPED);
    assert_int_equal(say("en", "2026-11-22 10:00", &callable, NULL, NULL).kind, SLOT_NONE);
    struct slot_view view;
    struct html_style style = {.words = words_of(SPAN("en")), .zone_minutes = ZONE, .now = at("2026-11-22 10:00")};
    slot_of(&style, NULL, &callable, URGENCY_NORMAL, arena, &view);
    assert_int_equal(view.kind, SLOT_NONE);
}

static void hours_at_which_the_desk_is_closed(void **state)
{
    (void)state;
    struct slot_view view;
    struct html_style style = {.words = words_of(SPAN("en")), .zone_minutes = ZONE, .now = at("2026-11-22 10:00")};
    struct contact_slot slot = {
        .from = at("2026-11-22 19:00"), .until = at("2026-11-22 21:00"), .is_after_hours = true};
    slot_say(&style, &callable, &slot, arena, &view);
    assert_int_equal(view.kind, SLOT_TODAY);
    assert_true(view.is_after_hours);
    assert_false(say("en", "2026-11-22 10:00", &callable, "2026-11-22 17:00", "2026-11-22 20:00").is_after_hours);
}

static void digits_of_who_looks(void **state)
{
    (void)state;
    assert_span(say("bn", "2026-11-22 10:00", &callable, "2026-11-22 17:30", "2026-11-22 20:00").from, "১৭:৩০");
    struct html_style style = {.words = words_of(SPAN("en")), .zone_minutes = ZONE};
    struct contact_window evening = {.from = 17 * 60, .until = 24 * 60};
    assert_span(slot_window(&style, &evening, arena), "17:00\xE2\x80\x93"
                                                      "24:00");
    style.words = words_of(SPAN("bn"));
    assert_span(slot_window(&style, &evening, arena), "১৭:০০\xE2\x80\x93"
                                                      "২৪:০০");
}

/* What is written now is newer than the page that it was written on: it waits for nothing, and is not said to. */
static void only_a_text_that_was_kept_leaves_later(void **state)
{
    (void)state;
    const int64_t now = 1000000;
    const struct outbox_row at_once = {.state = OUTBOX_QUEUED, .created_at = now + 7, .due_at = now + 7};
    struct outbox_row kept = {.state = OUTBOX_QUEUED, .created_at = now - 7, .due_at = now + 7};
    assert_int_equal(said_leaves_at(&at_once, now), 0);
    assert_int_equal(said_leaves_at(&kept, now), now + 7);
    assert_int_equal(said_leaves_at(&kept, now + 7), 0);
    kept.attempts = 1;
    assert_int_equal(said_leaves_at(&kept, now), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(days, setup, teardown),
        cmocka_unit_test_setup_teardown(who_is_not_called, setup, teardown),
        cmocka_unit_test_setup_teardown(hours_at_which_the_desk_is_closed, setup, teardown),
        cmocka_unit_test_setup_teardown(digits_of_who_looks, setup, teardown),
        cmocka_unit_test(only_a_text_that_was_kept_leaves_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
