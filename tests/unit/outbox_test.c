/* outbox: the policy with a real store, a real sender and a server that says what the test wants. The clock is the test's. */
#include "post.h"

#include "base/clock.h"

static void one_attempt_and_its_fate(void **state)
{
    struct post *p = *state;
    static const struct {
        struct step step;
        enum outbox_state state;
        enum outbox_reason reason;
        int wait_ms; /* with QUEUED: 0 is any */
    } cases[] = {
        {{SENT, 0, 0, CLOSE}, OUTBOX_SENT, REASON_NONE, 0},
        {{REFUSED_ONE, 0, 0, CLOSE}, OUTBOX_FAILED, REASON_REJECTED, 0},
        {{LATER, 0, 0, CLOSE}, OUTBOX_QUEUED, REASON_THROTTLED, 7000},
        {{BUSY, 0, 0, CLOSE}, OUTBOX_QUEUED, REASON_THROTTLED, 0},
        {{"", 0, 0, RESET}, OUTBOX_UNKNOWN, REASON_UNKNOWN, 0},      /* it may have arrived */
        {{SENT, 0, HELD, CLOSE}, OUTBOX_UNKNOWN, REASON_UNKNOWN, 0}, /* an answer after our patience is none */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct step steps[] = {cases[i].step, {0}};
        p->server.steps = steps;
        int64_t id = (int64_t)i + 1;
        queue(p, id);
        assert_int_equal(pass(p), 1);
        assert_int_equal(column(p, id, "state"), OUTBOX_SENDING);
        await(p);
        p->now += 10;
        assert_int_equal(pass(p), 1);
        assert_int_equal(column(p, id, "state"), cases[i].state);
        assert_int_equal(column(p, id, "reason"), cases[i].reason);
        assert_int_equal(column(p, id, "attempts"), 1);
        char due[64];
        snprintf(due, sizeof due, "due_at - %lld", (long long)p->now);
        int wait = column(p, id, due);
        if (cases[i].wait_ms)
            assert_int_equal(wait, cases[i].wait_ms);
        else if (cases[i].state == OUTBOX_QUEUED)
            assert_true(wait >= 1000 && wait < 3000);
    }
    assert_int_equal(atomic_load(&p->server.requests), sizeof cases / sizeof *cases); /* none went twice */
}

static void nobody_there_is_proven_unsent_and_tried_until_it_is_too_late(void **state)
{
    struct post *p = *state;
    stop_server(&p->server);
    p->server.listen_fd = -1;
    queue(p, 1);
    int attempts = 0;
    while (in_state(p, OUTBOX_QUEUED)) {
        p->now = outbox_next_at(p->outbox, p->stage.catalogue, p->stage.f->store, p->now);
        assert_true(p->now <= NOW + HOUR + 1);
        attempts += (int)pass(p);
        if (in_state(p, OUTBOX_SENDING)) {
            await(p);
            pass(p);
        }
        assert_true(attempts < 50);
    }
    assert_int_equal(column(p, 1, "state"), OUTBOX_EXPIRED);
    assert_int_equal(column(p, 1, "reason"), REASON_EXPIRED);
    assert_true(attempts >= 6);
}

static void what_is_too_late_is_not_sent(void **state)
{
    struct post *p = *state;
    queue(p, 1);
    p->now += HOUR;
    queue(p, 2);
    p->now += 1;
    pass(p);
    assert_int_equal(column(p, 1, "state"), OUTBOX_EXPIRED);
    assert_int_equal(column(p, 2, "state"), OUTBOX_SENDING);
}

static void no_more_leave_at_once_than_the_channel_allows(void **state)
{
    struct post *p = *state;
    const struct step steps[] = {{SENT, 0, 0, CLOSE}, {SENT, 0, 0, CLOSE}, {SENT, 0, 0, CLOSE},
                                 {SENT, 0, 0, CLOSE}, {SENT, 0, 0, CLOSE}, {0}};
    unsigned most = stage_channel(&p->stage, "sms")->sends_in_flight;
    assert_int_equal(most, 4);
    p->server.steps = steps;
    for (int64_t id = 1; id <= 5; id++)
        queue(p, id);
    assert_int_equal(pass(p), most);
    assert_int_equal(in_state(p, OUTBOX_QUEUED), 1);
    int64_t next = outbox_next_at(p->outbox, p->stage.catalogue, p->stage.f->store, p->now);
    assert_true(next > p->now); /* held back: looked at again soon, and not at once */
    for (int landed = 0; landed < 5;) {
        await(p);
        pass(p);
        landed = in_state(p, OUTBOX_SENT);
    }
}

/* So many leave, however slowly, and then none for a while. */
static void sends_no_more_than(struct post *p, unsigned count)
{
    for (int64_t until = clock_monotonic_ms() + PATIENCE_MS; in_state(p, OUTBOX_SENT) < (int)count;) {
        assert_true(clock_monotonic_ms() < until);
        pass(p);
        usleep(1000);
    }
    for (int i = 0; i < 20; i++) {
        pass(p);
        usleep(10000);
    }
    assert_int_equal(in_state(p, OUTBOX_SENT), count);
    assert_int_equal(in_state(p, OUTBOX_SENDING), 0);
}

static void no_more_leave_in_a_second_than_the_channel_allows(void **state)
{
    struct post *p = *state;
    struct step steps[31];
    unsigned rate = stage_channel(&p->stage, "sms")->sends_per_second;
    assert_int_equal(rate, 10);
    for (size_t i = 0; i < 30; i++)
        steps[i] = (struct step){SENT, 0, 0, CLOSE};
    steps[30] = (struct step){0};
    p->server.steps = steps;
    for (int64_t id = 1; id <= 30; id++)
        queue(p, id);
    sends_no_more_than(p, rate + 1); /* the clock stands: a burst of one second's worth, and then nothing */
    p->now += 500;
    sends_no_more_than(p, rate + 1 + rate / 2);
}

static void a_report_settles_what_nobody_could_tell(void **state)
{
    struct post *p = *state;
    const struct step steps[] = {{SENT, 0, 0, CLOSE}, {0}};
    p->server.steps = steps;
    queue(p, 1);
    pass(p);
    await(p);
    pass(p);
    static const struct {
        enum delivery said;
        enum outbox_state state;
    } reports[] = {{DELIVERY_SENT, OUTBOX_SENT},
                   {DELIVERY_UNKNOWN, OUTBOX_SENT},
                   {DELIVERY_DELIVERED, OUTBOX_DELIVERED},
                   {DELIVERY_SENT, OUTBOX_DELIVERED},
                   {DELIVERY_FAILED, OUTBOX_DELIVERED}};
    for (size_t i = 0; i < sizeof reports / sizeof *reports; i++) {
        const struct inbound report = report_of("ATXid_1", reports[i].said);
        pass_with(p, &report);
        assert_int_equal(column(p, 1, "state"), reports[i].state);
    }
    assert_string_equal(fixture_ask(p->stage.f, "SELECT count(*) FROM report"), "5");
}

static void a_report_before_the_answer_is_not_undone_by_it(void **state)
{
    struct post *p = *state;
    const struct step steps[] = {{BUSY, 0, 200, CLOSE}, {0}};
    p->server.steps = steps;
    queue(p, 1);
    pass(p);
    struct inbound report = report_of("1", DELIVERY_DELIVERED);
    report.refers_to_ours = true;
    pass_with(p, &report);
    assert_int_equal(column(p, 1, "state"), OUTBOX_DELIVERED);
    await(p);
    assert_int_equal(pass(p), 0);
    assert_int_equal(column(p, 1, "state"), OUTBOX_DELIVERED);
}

static void a_report_for_nothing_of_ours_is_a_stray(void **state)
{
    struct post *p = *state;
    static const struct {
        const char *refers_to;
        bool ours;
    } cases[] = {{"77", true}, {"no number", true}, {"99999999999999999999", true}, {"0", true}, {"", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct inbound report = report_of(cases[i].refers_to, DELIVERY_FAILED);
        report.refers_to_ours = cases[i].ours;
        assert_int_equal(pass_with(p, &report), 1);
    }
    assert_string_equal(fixture_ask(p->stage.f, "SELECT count(*) FROM stray WHERE why = 'report_for_no_text'"), "5");
}

/* What a pass decides and the tick then takes back; `held`: the commit that failed stands in the file all the same. */
static void pass_and_take_back(struct post *p, bool held)
{
    struct fixture *f = p->stage.f;
    struct arena *arena = arena_create(16384);
    struct change_list changes = {.arena = arena};
    const struct outbox_pass pass = {f->store, p->stage.catalogue, arena, &changes, &p->ids, &p->metrics, p->now};
    OK(outbox_collect(p->outbox, &pass, &f->err));
    OK(outbox_pick(p->outbox, &pass, &f->err));
    assert_int_equal(changes.count, 1);
    if (held)
        OK(store_save(f->store, changes.at, changes.count, &f->failed_at, &f->err));
    outbox_take_back(p->outbox);
    arena_destroy(arena);
}

static void what_is_taken_back_comes_again_after_a_rest(void **state)
{
    struct post *p = *state;
    struct fixture *f = p->stage.f;
    const struct step steps[] = {{SENT, 0, 0, CLOSE}, {0}};
    p->server.steps = steps;
    queue(p, 1);
    pass_and_take_back(p, false);
    assert_int_equal(outbox_next_at(p->outbox, p->stage.catalogue, f->store, p->now), p->now + 1000);
    assert_int_equal(pass(p), 0);
    p->now += 1000;
    assert_int_equal(pass(p), 1);
    await(p);
    pass(p);
    assert_int_equal(column(p, 1, "attempts"), 1);
    assert_int_equal(column(p, 1, "state"), OUTBOX_SENT);
}

/* It would stand as sending, with nobody who sends it. */
static void what_is_taken_back_though_its_commit_held_leaves_too(void **state)
{
    struct post *p = *state;
    const struct step steps[] = {{SENT, 0, 0, CLOSE}, {0}};
    p->server.steps = steps;
    queue(p, 1);
    pass_and_take_back(p, true);
    assert_int_equal(column(p, 1, "state"), OUTBOX_SENDING);
    pass_and_take_back(p, true); /* and once more, as it is put back */
    assert_int_equal(column(p, 1, "state"), OUTBOX_QUEUED);
    pass(p);
    p->now += 1000;
    assert_int_equal(pass(p), 1);
    await(p);
    pass(p);
    assert_int_equal(column(p, 1, "state"), OUTBOX_SENT);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_post, close_post)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(one_attempt_and_its_fate),
        CASE(nobody_there_is_proven_unsent_and_tried_until_it_is_too_late),
        CASE(what_is_too_late_is_not_sent),
        CASE(no_more_leave_at_once_than_the_channel_allows),
        CASE(no_more_leave_in_a_second_than_the_channel_allows),
        CASE(a_report_settles_what_nobody_could_tell),
        CASE(a_report_before_the_answer_is_not_undone_by_it),
        CASE(a_report_for_nothing_of_ours_is_a_stray),
        CASE(what_is_taken_back_comes_again_after_a_rest),
        CASE(what_is_taken_back_though_its_commit_held_leaves_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
