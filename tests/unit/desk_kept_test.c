/* desk: what is told to who waits when the disk is full, when more came than a turn takes, and after the end. */
/* timeout: 300: under the sanitizers on a loaded machine */
#include "desk_stage.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include "base/log.h"
#include "core/desk/desk_queue.h"

#define BROWSERS 3

struct browser {
    pthread_t thread;
    struct desk *desk;
    struct desk_action action;
    struct desk_result result;
};

static void *ask(void *context)
{
    struct browser *browser = context;
    struct arena *arena = arena_create(1024);
    browser->result.outcome = desk_do(browser->desk, &browser->action, arena, &browser->result);
    arena_destroy(arena);
    return NULL;
}

static void start(struct desk_stage *d, struct browser *browsers, struct desk_action action)
{
    for (size_t i = 0; i < BROWSERS; i++) {
        browsers[i] = (struct browser){.desk = d->desk, .action = action};
        assert_int_equal(pthread_create(&browsers[i].thread, NULL, ask, &browsers[i]), 0);
        action.object++;
    }
    usleep(50000); /* so that they come in one turn; in several the same holds */
}

static void join(struct browser *browsers)
{
    for (size_t i = 0; i < BROWSERS; i++)
        pthread_join(browsers[i].thread, NULL);
}

static bool is_something_there(const struct desk_stage *d)
{
    struct pollfd fd = {.fd = desk_poll_fd(d->desk), .events = POLLIN};
    return poll(&fd, 1, 0) == 1;
}

/* Less than a page: no file takes one more. */
static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* Each had been found good, and the COMMIT of all of them failed. */
static void what_was_not_kept_was_not_done(void **state)
{
    struct desk_stage *d = *state;
    struct fixture *f = d->f;
    struct browser browsers[BROWSERS];
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675"});
    somebody_asks(d, &(struct wish){.id = 3003, .reference = "3456783"});
    log_set_level(LOG_LEVEL_ERROR);
    signal(SIGXFSZ, SIG_IGN);
    start(d, browsers, (struct desk_action){.verb = DESK_CLAIM, .operator = d->counsellor, .object = 3001});
    const struct desk_pass pass = desk_pass(d);
    limit_files(4000);
    enum outcome outcome = desk_run(d->desk, &pass, &f->err);
    limit_files(RLIM_INFINITY);
    assert_int_equal(outcome, OUTCOME_BROKEN);
    while (is_something_there(d))
        OUTCOME(desk_run(d->desk, &pass, &f->err), OUTCOME_BROKEN);
    join(browsers);
    for (size_t i = 0; i < BROWSERS; i++) {
        assert_int_equal(browsers[i].result.outcome, OUTCOME_BROKEN);
        assert_string_equal(browsers[i].result.why, "why_not_kept");
    }
    fixture_close(f);
    fixture_open(f);
    assert_int_equal(count_of(d, "request_desk WHERE assignee IS NOT NULL"), 0);
}

/* Whoever is left behind by a turn wakes the loop for the next one. */
static void who_is_left_behind_is_not_forgotten(void **state)
{
    struct desk_stage *d = *state;
    struct browser browsers[BROWSERS];
    const struct desk_result done = {.outcome = OUTCOME_OK, .id = 7};
    start(d, browsers, (struct desk_action){.verb = DESK_CLAIM, .object = 3001});
    for (size_t left = BROWSERS; left > 0; left--) {
        struct ticket *ticket;
        for (int64_t until = clock_monotonic_ms() + 60000; !is_something_there(d);)
            assert_true(clock_monotonic_ms() < until);
        assert_int_equal(desk_take(d->desk, &ticket, 1), 1);
        desk_answer(d->desk, ticket, &done);
    }
    assert_false(is_something_there(d));
    join(browsers);
    for (size_t i = 0; i < BROWSERS; i++)
        assert_int_equal(browsers[i].result.id, 7);
}

static void nobody_waits_after_the_end(void **state)
{
    struct desk_stage *d = *state;
    struct fixture *f = d->f;
    const struct desk_action claim = {.verb = DESK_CLAIM, .operator = d->counsellor, .object = 3001};
    struct desk_result result;
    desk_stop(d->desk);
    OUTCOME(desk_do(d->desk, &claim, f->arena, &result), OUTCOME_BROKEN);
    assert_string_equal(result.why, "why_stopping"); /* who waits in vain is told another reason */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_DESK(what_was_not_kept_was_not_done),
        ON_A_DESK(who_is_left_behind_is_not_forgotten),
        ON_A_DESK(nobody_waits_after_the_end),
    };
    return cmocka_run_group_tests(tests, load_desk_service, drop_desk_service);
}
