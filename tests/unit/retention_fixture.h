/* Rules by which what is kept goes by its age, and passes of it, one after the other until they are over. */
#pragma once
#include "store_fixture.h"

#include "store/store.h"

#define DAY INT64_C(86400000)
#define MONTH INT64_C(2629800000)

static const struct span complaints[] = {{"pay", 3}};
static const struct retention usual = {.sessions_ms = 30 * DAY,
                                       .requests_ms = 90 * DAY,
                                       .complaints_ms = 24 * MONTH,
                                       .registrations_ms = 24 * MONTH,
                                       .follow_ups_ms = 12 * MONTH,
                                       .texts_ms = 30 * DAY,
                                       .strays_ms = 7 * DAY,
                                       .messages_ms = 7 * DAY,
                                       .complaints = complaints,
                                       .complaint_count = 1};

static inline void run(struct fixture *f, const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_close(db);
}

static inline size_t a_pass_by(struct fixture *f, const struct retention *retention, int64_t now)
{
    struct retain_step step = {0};
    size_t gone = 0;
    for (int i = 0; i < 200 && !step.is_pass_over; i++) {
        OK(store_retain(f->store, retention, now, &step, &f->err));
        gone += step.gone;
    }
    assert_true(step.is_pass_over);
    return gone;
}

static inline size_t a_pass(struct fixture *f, int64_t now)
{
    return a_pass_by(f, &usual, now);
}
