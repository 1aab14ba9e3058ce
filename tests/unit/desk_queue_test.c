/* desk: many threads hand in, one loop carries out: each is answered once, after the commit, and nobody waits for ever. */
/* timeout: 300: under the sanitizers on a loaded machine */
#include "desk_stage.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

#define THREADS 16
#define EACH 12

struct browser {
    pthread_t thread;
    struct desk *desk;
    struct desk_action action;
    struct desk_result result;
    unsigned done, refused;
};

/* ---- the loop's side ---- */

static void turn(struct desk_stage *d)
{
    struct fixture *f = d->f;
    const struct desk_pass pass = desk_pass(d);
    OK(desk_run(d->desk, &pass, &f->err));
    arena_reset(f->arena);
}

static void turn_until(struct desk_stage *d, atomic_uint *left)
{
    for (int64_t until = clock_monotonic_ms() + 60000; atomic_load(left) > 0;) {
        struct pollfd fd = {.fd = desk_poll_fd(d->desk), .events = POLLIN};
        if (clock_monotonic_ms() > until)
            fail_msg("%u threads still wait", atomic_load(left));
        if (poll(&fd, 1, 50) == 1)
            turn(d);
    }
}

static atomic_uint left;

static void *write_notes(void *context)
{
    struct browser *browser = context;
    struct arena *arena = arena_create(1024);
    for (unsigned i = 0; i < EACH; i++) {
        struct desk_action action = browser->action;
        memcpy(action.key.at, &(uint64_t){i + 1}, sizeof(uint64_t));
        for (int again = 0; again < 2; again++) /* pressed twice */
            browser->done += desk_do(browser->desk, &action, arena, &browser->result) == OUTCOME_OK;
        arena_reset(arena);
    }
    arena_destroy(arena);
    atomic_fetch_sub(&left, 1);
    return NULL;
}

static void browsers_start(struct desk_stage *d, struct browser *browsers, size_t count, void *(*run)(void *context),
                           struct desk_action action)
{
    atomic_store(&left, (unsigned)count);
    for (size_t i = 0; i < count; i++) {
        browsers[i] = (struct browser){.desk = d->desk, .action = action};
        assert_int_equal(pthread_create(&browsers[i].thread, NULL, run, &browsers[i]), 0);
    }
}

static void browsers_join(struct browser *browsers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        pthread_join(browsers[i].thread, NULL);
}

static void every_action_is_carried_out_once(void **state)
{
    struct desk_stage *d = *state;
    struct browser browsers[THREADS];
    const uint64_t changes = desk_changes(d->desk);
    browsers_start(d, browsers, THREADS, write_notes,
                   (struct desk_action){
                       .verb = DESK_NOTE, .operator = d->counsellor, .object = 3001, .text = SPAN("She is well")});
    turn_until(d, &left);
    browsers_join(browsers, THREADS);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(browsers[i].done, 2 * EACH);
    assert_int_equal(count_of(d, "note"), EACH); /* all threads press the same buttons */
    assert_true(desk_changes(d->desk) > changes);
}

static void *claim(void *context)
{
    struct browser *browser = context;
    struct arena *arena = arena_create(1024);
    enum outcome outcome = desk_do(browser->desk, &browser->action, arena, &browser->result);
    browser->done = outcome == OUTCOME_OK;
    browser->refused = outcome == OUTCOME_CONFLICT;
    arena_destroy(arena);
    atomic_fetch_sub(&left, 1);
    return NULL;
}

static void of_many_who_claim_one_gets_it(void **state)
{
    struct desk_stage *d = *state;
    struct browser browsers[THREADS];
    unsigned done = 0, refused = 0;
    atomic_store(&left, THREADS);
    for (size_t i = 0; i < THREADS; i++) {
        browsers[i] = (struct browser){
            .desk = d->desk,
            .action = {
                .verb = DESK_CLAIM, .operator = i % 2 ? d->counsellor : d->supervisor, .object = 3001, .version = 1}};
        assert_int_equal(pthread_create(&browsers[i].thread, NULL, claim, &browsers[i]), 0);
    }
    turn_until(d, &left);
    browsers_join(browsers, THREADS);
    for (size_t i = 0; i < THREADS; i++) {
        done += browsers[i].done;
        refused += browsers[i].refused;
    }
    assert_int_equal(done, 1);
    assert_int_equal(refused, THREADS - 1);
    assert_int_equal(count_of(d, "request_step WHERE request = 3001 AND step = 3"), 1);
}

/* Those that do not meet stand in one transaction; one that the store refuses takes nobody with it. */
static void one_that_does_not_hold_harms_no_other(void **state)
{
    struct desk_stage *d = *state;
    struct browser browsers[4];
    static const char *const references[] = {"2345675", "3456783", "4567892"};
    for (int i = 0; i < 3; i++)
        somebody_asks(d, &(struct wish){.id = 3002 + i, .reference = references[i]});
    atomic_store(&left, 4);
    for (int i = 0; i < 4; i++) {
        browsers[i] = (struct browser){
            .desk = d->desk,
            .action = {.verb = DESK_NOTE, .operator = d->counsellor, .object = 3001 + i, .text = SPAN("x")}};
        if (i == 2) /* a name that the table of sign-ins holds already: refused by a constraint */
            browsers[i].action = (struct desk_action){.verb = DESK_SIGN_IN, .object = d->auditor, .token = {"same"}};
    }
    DO(.verb = DESK_SIGN_IN, .object = d->admin, .token = {"same"});
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&browsers[i].thread, NULL, claim, &browsers[i]), 0);
    usleep(50000); /* so that they come in one turn; in several the same holds */
    turn_until(d, &left);
    browsers_join(browsers, 4);
    assert_int_equal(browsers[0].done + browsers[1].done + browsers[3].done, 3);
    assert_int_equal(browsers[2].done, 0);
    assert_int_equal(browsers[2].result.outcome, OUTCOME_REFUSED);
    assert_int_equal(count_of(d, "note"), 3);
}

/* All in one turn. */
static void at_once(struct desk_stage *d, struct browser *browsers, const struct desk_action *actions, size_t count)
{
    atomic_store(&left, (unsigned)count);
    for (size_t i = 0; i < count; i++) {
        browsers[i] = (struct browser){.desk = d->desk, .action = actions[i]};
        assert_int_equal(pthread_create(&browsers[i].thread, NULL, claim, &browsers[i]), 0);
        while (desk_waiting(d->desk) <= i)
            usleep(100);
    }
    turn_until(d, &left);
    browsers_join(browsers, count);
}

static void of_administrators_who_step_down_at_once_one_stays(void **state)
{
    struct desk_stage *d = *state;
    struct browser browsers[3];
    const struct operator auditors = {.shown = SPAN("x"), .roles = ROLE_BIT(ROLE_AUDITOR)};
    const int64_t second = hire(d, "second", ROLE_BIT(ROLE_ADMIN)), third = hire(d, "third", ROLE_BIT(ROLE_ADMIN));
    const struct desk_action actions[] = {
        {.verb = DESK_USER_DISABLE, .operator = d->admin, .object = d->admin},
        {.verb = DESK_USER_CHANGE, .operator = second, .object = second, .user = &auditors},
        {.verb = DESK_USER_DISABLE, .operator = third, .object = third},
    };
    at_once(d, browsers, actions, 3);
    assert_int_equal(browsers[0].done + browsers[1].done + browsers[2].done, 2);
    assert_int_equal(count_of(d, "operator WHERE disabled = 0 AND roles & 64"), 1);
}

/* Somebody writes about a person while they are forgotten. */
static void what_is_written_of_the_forgotten_is_not_kept(void **state)
{
    struct desk_stage *d = *state;
    static const struct desk_action forget = {.verb = DESK_FORGET, .object = 101},
                                    note = {.verb = DESK_NOTE, .object = 3001, .text = SPAN("She is well")};
    for (int i = 0; i < 2; i++) {
        struct browser browsers[2];
        struct desk_action actions[] = {i ? note : forget, i ? forget : note};
        actions[i].operator = d->supervisor;
        actions[!i].operator = d->counsellor;
        at_once(d, browsers, actions, 2);
        assert_int_equal(count_of(d, "note"), 0);
        assert_int_equal(count_of(d, "person WHERE key IS NOT NULL"), 0);
    }
}

static void who_comes_after_the_end_is_sent_away(void **state)
{
    struct desk_stage *d = *state;
    struct browser browsers[THREADS];
    browsers_start(d, browsers, THREADS, claim,
                   (struct desk_action){.verb = DESK_CLAIM, .operator = d->counsellor, .object = 3001});
    usleep(20000);
    desk_stop(d->desk); /* those who wait, and those who come later */
    browsers_join(browsers, THREADS);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(browsers[i].result.outcome, OUTCOME_BROKEN);
    assert_int_equal(count_of(d, "request_desk"), 0);
}

static void the_queue_is_bounded(void **state)
{
    struct desk_stage *d = *state;
    static struct browser browsers[DESK_QUEUE_MAX + 8];
    unsigned full = 0;
    browsers_start(
        d, browsers, DESK_QUEUE_MAX + 8, claim,
        (struct desk_action){.verb = DESK_VIEW, .operator = d->counsellor, .about = OBJECT_REQUEST, .object = 3001});
    for (int64_t until = clock_monotonic_ms() + 60000; atomic_load(&left) > DESK_QUEUE_MAX;) {
        if (clock_monotonic_ms() > until)
            fail_msg("nobody was told that the queue is full");
        usleep(1000);
    }
    turn_until(d, &left);
    browsers_join(browsers, DESK_QUEUE_MAX + 8);
    for (size_t i = 0; i < DESK_QUEUE_MAX + 8; i++)
        full += browsers[i].result.outcome == OUTCOME_FULL;
    assert_int_equal(full, 8);
}

static void nothing_is_said_when_nothing_can_be_kept(void **state)
{
    struct desk_stage *d = *state;
    struct browser browsers[2];
    browsers_start(d, browsers, 2, claim,
                   (struct desk_action){.verb = DESK_CLAIM, .operator = d->counsellor, .object = 3001});
    while (atomic_load(&left) > 0) {
        desk_turn_away(d->desk);
        usleep(1000);
    }
    browsers_join(browsers, 2);
    assert_string_equal(browsers[0].result.why, "why_not_kept");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_DESK(every_action_is_carried_out_once),
        ON_A_DESK(of_many_who_claim_one_gets_it),
        ON_A_DESK(one_that_does_not_hold_harms_no_other),
        ON_A_DESK(of_administrators_who_step_down_at_once_one_stays),
        ON_A_DESK(what_is_written_of_the_forgotten_is_not_kept),
        ON_A_DESK(who_comes_after_the_end_is_sent_away),
        ON_A_DESK(the_queue_is_bounded),
        ON_A_DESK(nothing_is_said_when_nothing_can_be_kept),
    };
    return cmocka_run_group_tests(tests, load_desk_service, drop_desk_service);
}
