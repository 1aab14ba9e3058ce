/* desk: what somebody claimed and left lying goes back to the queue, when nobody had a reason to wait. */
/* timeout: 300: under the sanitizers on a loaded machine */
#include "desk_stage.h"

static void what_is_left_lying_goes_back(void **state)
{
    struct desk_stage *d = *state;
    struct request request;
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675", .urgency = URGENCY_DANGER});
    DO(.verb = DESK_CLAIM, .operator = d->counsellor, .object = 3001);
    DO(.verb = DESK_CLAIM, .operator = d->counsellor, .object = 3002);
    d->now += 14 * MINUTE;
    assert_int_equal(tend(d), d->now + DESK_TEND_MS);
    assert_int_equal(desk_of(d, 3002, &request).assignee, d->counsellor);
    d->now += 2 * MINUTE;
    tend(d);
    assert_int_equal(desk_of(d, 3002, &request).assignee, 0);
    assert_int_equal(desk_of(d, 3001, &request).assignee, d->counsellor);
    d->now += 240 * MINUTE; /* within the desk's hours */
    tend(d);
    assert_int_equal(desk_of(d, 3001, &request).assignee, 0);
    assert_int_equal(count_of(d, "audit WHERE action = 16 AND operator IS NULL"), 2);
}

/* Time goes by, and the program looks after what lies about. */
static int64_t has_after(struct desk_stage *d, int64_t ms, int64_t id)
{
    struct request request;
    d->now += ms;
    tend(d);
    return desk_of(d, id, &request).assignee;
}

/* In danger and in a hurry one note is no answer for ever. */
static void the_last_thing_done_counts(void **state)
{
    struct desk_stage *d = *state;
    static const struct {
        enum request_urgency urgency;
        int minutes;
    } rows[] = {{URGENCY_DANGER, 15}, {URGENCY_SOON, 60}};
    const int64_t who = d->counsellor;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const int64_t id = 3002 + (int64_t)i, ms = rows[i].minutes * MINUTE;
        somebody_asks(d, &(struct wish){.id = id, .reference = i ? "3456783" : "2345675", .urgency = rows[i].urgency});
        DO(.verb = DESK_CLAIM, .operator = who, .object = id);
        d->now += ms - MINUTE;
        DO(.verb = DESK_NOTE, .operator = who, .object = id, .text = SPAN("Line busy"));
        DO(.verb = DESK_NOTE, .operator = d->other, .object = id, .text = SPAN("Not I"));
        assert_int_equal(has_after(d, ms - MINUTE, id), who);
        DO(.verb = DESK_DRAFT, .operator = who, .object = id, .name = SPAN("note"), .text = SPAN("She s"));
        assert_int_equal(has_after(d, ms - MINUTE, id), who);
        DO(.verb = DESK_VIEW, .operator = who, .about = OBJECT_REQUEST, .object = id);
        DO(.verb = DESK_NOTE, .operator = d->other, .object = id, .text = SPAN("Not I"));
        assert_int_equal(has_after(d, MINUTE, id), 0);
        assert_int_equal(count_of(d, "request_step WHERE by = 1"), i + 1); /* and its history says so */
    }
}

static void what_waits_until_a_day_does_not_return(void **state)
{
    struct desk_stage *d = *state;
    const int64_t who = d->counsellor;
    for (int urgency = URGENCY_NORMAL; urgency <= URGENCY_DANGER; urgency++) {
        const int64_t id = 3002 + urgency;
        const char *const references[] = {"2345675", "3456783", "4567896"};
        somebody_asks(
            d, &(struct wish){.id = id, .reference = references[urgency], .urgency = (enum request_urgency)urgency});
        DO(.verb = DESK_CLAIM, .operator = who, .object = id);
        DO(.verb = DESK_WAIT, .operator = who, .object = id, .until = d->now + DAY);
    }
    for (int64_t id = 3002; id <= 3004; id++)
        assert_int_equal(has_after(d, id == 3002 ? DAY - MINUTE : 0, id), who);
    assert_int_equal(has_after(d, 10 * MINUTE, 3004), who); /* it counts from then */
    assert_int_equal(has_after(d, 7 * MINUTE, 3004), 0);
    assert_int_equal(has_after(d, 0, 3003), who);
    assert_int_equal(has_after(d, 60 * MINUTE, 3003), 0);
    assert_int_equal(has_after(d, 0, 3002), who);
    assert_int_equal(has_after(d, 180 * MINUTE, 3002), 0);
}

static void a_normal_one_stays_while_it_is_promised_for_later(void **state)
{
    struct desk_stage *d = *state;
    const int64_t who = d->counsellor;
    DO(.verb = DESK_CLAIM, .operator = who, .object = 3001);
    d->now += MINUTE;
    DO(.verb = DESK_NOTE, .operator = who, .object = 3001, .text = SPAN("Rang the ministry"));
    assert_int_equal(has_after(d, 300 * MINUTE, 3001), who);
    assert_int_equal(has_after(d, DAY - 302 * MINUTE, 3001), who); /* due a day after it was made */
    assert_int_equal(has_after(d, 2 * MINUTE, 3001), 0);
}

/* An evening's call is not late at noon. */
static void nobody_has_to_call_before_it_is_safe(void **state)
{
    struct desk_stage *d = *state;
    const struct wish wish = {.id = 3002, .reference = "2345675", .urgency = URGENCY_SOON, .time = "midday"};
    somebody_asks(d, &wish);
    assert_true(clock_read(SPAN("2026-09-22 09:00"), 360, &d->now));
    DO(.verb = DESK_CLAIM, .operator = d->counsellor, .object = 3002);
    assert_int_equal(has_after(d, 119 * MINUTE, 3002), d->counsellor);
    assert_int_equal(has_after(d, 59 * MINUTE, 3002), d->counsellor); /* since eleven */
    assert_int_equal(has_after(d, 3 * MINUTE, 3002), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_DESK(what_is_left_lying_goes_back),           ON_A_DESK(the_last_thing_done_counts),
        ON_A_DESK(what_waits_until_a_day_does_not_return), ON_A_DESK(a_normal_one_stays_while_it_is_promised_for_later),
        ON_A_DESK(nobody_has_to_call_before_it_is_safe),
    };
    return cmocka_run_group_tests(tests, load_desk_service, drop_desk_service);
}
