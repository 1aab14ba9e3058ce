/* A folder of its own with keys and a store for each test; everything is gone afterwards. */
#pragma once
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/problems.h"
#include "store/reader.h"
#include "store/store.h"

#define OK(call) assert_outcome(call, OUTCOME_OK, &f->err, #call, __FILE__, __LINE__)
#define OUTCOME(call, wanted) assert_outcome(call, wanted, &f->err, #call, __FILE__, __LINE__)
#define NOW INT64_C(1790000000000)

struct fixture {
    char dir[64], path[96], keys[96], forgotten[96];
    struct keyring *keyring;
    struct store *store;
    struct arena *arena;
    struct error err;
    size_t failed_at;
};

static inline void assert_outcome(enum outcome got, enum outcome wanted, const struct error *err, const char *call,
                                  const char *file, int line)
{
    if (got != wanted) {
        print_error("%s:%d: %s gave \"%s\", wanted \"%s\": %s\n", file, line, call, outcome_name(got),
                    outcome_name(wanted), err->text);
        _fail(file, line);
    }
}

static inline struct store_options fixture_options(struct fixture *f)
{
    return (struct store_options){.path = f->path, .keyring = f->keyring, .create = true, .forgotten = f->forgotten};
}

static inline void fixture_open(struct fixture *f)
{
    const struct store_options options = fixture_options(f);
    OK(store_open(&options, &f->store, &f->err));
}

static inline void fixture_close(struct fixture *f)
{
    store_close(f->store);
    f->store = NULL;
}

static inline int fixture_setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    snprintf(f->dir, sizeof f->dir, "%s", "/tmp/helpline-store-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    snprintf(f->path, sizeof f->path, "%s/data.db", f->dir);
    snprintf(f->keys, sizeof f->keys, "%s/keys", f->dir);
    snprintf(f->forgotten, sizeof f->forgotten, "%s/forgotten", f->dir);
    OK(keyring_generate(f->keys, &f->err));
    OK(keyring_open(f->keys, &f->keyring, &f->err));
    f->arena = arena_create(4096);
    fixture_open(f);
    *state = f;
    return 0;
}

static inline int fixture_remove(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static inline int fixture_teardown(void **state)
{
    struct fixture *f = *state;
    store_close(f->store);
    keyring_close(f->keyring);
    arena_destroy(f->arena);
    nftw(f->dir, fixture_remove, 8, FTW_DEPTH | FTW_PHYS);
    free(f);
    return 0;
}

static inline struct lookup fixture_lookup(struct fixture *f, const char *domain, const char *text)
{
    struct lookup lookup;
    keyring_lookup(f->keyring, span_of(domain), span_of(text), &lookup);
    return lookup;
}

static inline enum outcome fixture_save(struct fixture *f, const struct change *changes, size_t count)
{
    return store_save(f->store, changes, count, &f->failed_at, &f->err);
}

#define SAVE(...)                                                                                                      \
    fixture_save(f, (const struct change[]){__VA_ARGS__},                                                              \
                 sizeof((const struct change[]){__VA_ARGS__}) / sizeof(struct change))

static inline void assert_span(struct span got, const char *wanted)
{
    if (!wanted) {
        assert_null(got.at);
        return;
    }
    assert_non_null(got.at);
    assert_int_equal(got.len, strlen(wanted));
    assert_memory_equal(got.at, wanted, got.len);
}

/* Ids in tests: phone 1.., person 101, session 1001, entry 2001, request 3001, registration 4001, outbox 5001. */
static inline struct phone_row a_phone(struct fixture *f, int64_t id, const char *number)
{
    return (struct phone_row){
        .id = id, .lookup = fixture_lookup(f, "phone", number), .first_at = NOW, .last_at = NOW, .lang = SPAN("bn")};
}

static inline struct session a_session(struct fixture *f, int64_t id, int64_t phone, const char *key)
{
    return (struct session){.id = id,
                            .phone = phone,
                            .key = fixture_lookup(f, "session", key),
                            .channel = SPAN("at-ussd"),
                            .started_at = NOW,
                            .last_at = NOW,
                            .state = {.at = {.node = SPAN("main")}, .lang = SPAN("bn")}};
}

static inline struct turn a_turn(int64_t session, uint32_t number)
{
    return (struct turn){.session = session,
                         .number = number,
                         .at = NOW,
                         .node = SPAN("main"),
                         .lang = SPAN("bn"),
                         .skeleton = SPAN("Helpline\n1 Find services")};
}

/* A phone with a session and a person, which most things hang on. */
static inline void fixture_someone(struct fixture *f)
{
    const struct phone_row phone = a_phone(f, 1, "+8801712345678");
    const struct session session = a_session(f, 1001, 1, "s1");
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&phone, SPAN("+8801712345678")}},
            {.kind = CHANGE_SESSION, .session = {&session, true}},
            {.kind = CHANGE_PERSON, .person = {.id = 101, .phone = 1, .at = NOW}}));
}

/* A column of the first row, read by a connection beside the store's; "" for NULL. */
static inline const char *fixture_ask_column(struct fixture *f, const char *text, int column)
{
    static char answer[512];
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_open_v2(f->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    if (sqlite3_prepare_v2(db, text, -1, &stmt, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", text, sqlite3_errmsg(db));
    }
    const char *value = sqlite3_step(stmt) == SQLITE_ROW ? (const char *)sqlite3_column_text(stmt, column) : NULL;
    snprintf(answer, sizeof answer, "%s", value ? value : "");
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return answer;
}

static inline const char *fixture_ask(struct fixture *f, const char *text)
{
    return fixture_ask_column(f, text, 0);
}

/* How SQLite goes about a statement, step by step, each ended by "; ". */
static inline const char *fixture_plan(struct fixture *f, const char *text)
{
    static char got[1000];
    sqlite3 *db = NULL;
    sqlite3_stmt *plan = NULL;
    char *asks = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", text);
    assert_int_equal(sqlite3_open_v2(f->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    assert_int_equal(sqlite3_prepare_v2(db, asks, -1, &plan, NULL), SQLITE_OK);
    got[0] = '\0';
    while (sqlite3_step(plan) == SQLITE_ROW)
        snprintf(got + strlen(got), sizeof got - strlen(got), "%s; ", sqlite3_column_text(plan, 3));
    sqlite3_free(asks);
    sqlite3_finalize(plan);
    sqlite3_close(db);
    return got;
}

/* Every row of the file hangs together and opens. */
static inline void verify_is_clean(struct fixture *f)
{
    struct reader *reader = NULL;
    struct verify_counts counts;
    struct problems problems;
    problems_init(&problems, f->arena);
    OK(reader_open(f->path, f->keyring, &reader, &f->err));
    enum outcome outcome = reader_verify(reader, &counts, &problems, NULL, NULL, &f->err);
    if (outcome != OUTCOME_OK)
        fail_msg("%s: %s", f->err.text, problems.count ? problems.lines[0] : "");
    reader_close(reader);
}
