/* A data file with requests of every kind, and those who look at it, for what is read beside the store that writes. */
#pragma once
#include "store_fixture.h"

#include "base/random.h"
#include "store/desk_reader.h"
#include "store/sqlite/database.h"
#include "store/sqlite/desk_read.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define HOUR INT64_C(3600000)

static const struct operator supervisor = {.id = 901, .roles = ROLE_BIT(ROLE_SUPERVISOR)};
static const struct operator counsellor = {
    .id = 902, .roles = ROLE_BIT(ROLE_COUNSELLOR), .topics = SPAN("wages health")};
static const struct operator officer = {.id = 903, .roles = ROLE_BIT(ROLE_COMPLAINTS)};
static const struct operator admin = {.id = 904, .roles = ROLE_BIT(ROLE_ADMIN)};

static inline struct reader *open_reader(struct fixture *f)
{
    struct reader *reader = NULL;
    OK(reader_open(f->path, f->keyring, &reader, &f->err));
    return reader;
}

/* ---- what is there ---- */

static inline void say_reference(int64_t id, char out[REFERENCE_DIGITS + 1])
{
    char six[8];
    snprintf(six, sizeof six, "%06d", (int)(id % 1000000));
    reference_complete(six, out);
}

static inline struct request a_request(int64_t id, const char *topic, enum request_urgency urgency, int64_t due_at)
{
    struct request request = {.id = id,
                              .person = 101,
                              .phone = 1,
                              .session = 1001,
                              .kind = SPAN("call"),
                              .topic = span_of(topic),
                              .urgency = urgency,
                              .created_at = NOW,
                              .due_at = due_at,
                              .changed_at = NOW + id,
                              .version = 1,
                              .lang = SPAN("bn")};
    say_reference(id, request.reference);
    return request;
}

static inline void save_request(struct fixture *f, struct request request)
{
    OK(SAVE({.kind = CHANGE_REQUEST, .request = {&request}}));
}

static inline void save_desk(struct fixture *f, int64_t request, struct request_desk desk)
{
    OK(SAVE({.kind = CHANGE_REQUEST_DESK, .desk = {request, &desk}}));
}

/* An answer of the entry that is made for it. */
static inline void answer_in(struct fixture *f, int64_t entry, const char *field, const char *value, bool sensitive)
{
    const struct answer answer = {span_of(field), span_of(value), sensitive};
    OK(SAVE({.kind = CHANGE_ENTRY, .entry = {.id = entry, .session = 1001, .at = NOW, .form = SPAN("form")}},
            {.kind = CHANGE_ANSWER, .answer = {entry, 101, NOW, &answer}}));
}

/* Six that are open, one that waits, two that are over. */
static inline void fill_queue(struct fixture *f)
{
    fixture_someone(f);
    save_request(f, a_request(3001, "wages", URGENCY_NORMAL, NOW + 5 * HOUR));
    save_request(f, a_request(3002, "wages", URGENCY_NORMAL, NOW - HOUR));
    save_request(f, a_request(3003, "land", URGENCY_DANGER, NOW + HOUR / 2));
    save_request(f, a_request(3004, "health", URGENCY_DANGER, 0));
    save_request(f, a_request(3005, NULL, URGENCY_SOON, NOW + 2 * HOUR));
    struct request complaint = a_request(3006, "wages", URGENCY_SOON, NOW + HOUR);
    complaint.desk = SPAN("complaints");
    complaint.lang = SPAN("en");
    complaint.attention = ATTENTION_TEXT_FAILED;
    save_request(f, complaint);
    save_request(f, a_request(3007, "wages", URGENCY_DANGER, NOW));
    struct request closed = a_request(3008, "wages", URGENCY_NORMAL, NOW);
    closed.state = REQUEST_CLOSED;
    save_request(f, closed);
    closed = a_request(3009, "wages", URGENCY_DANGER, NOW);
    closed.state = REQUEST_CANCELLED;
    save_request(f, closed);
    save_desk(f, 3001, (struct request_desk){.assignee = 902, .assigned_at = NOW});
    save_desk(f, 3007, (struct request_desk){.assignee = 902, .wait_until = NOW + 1});
}

static inline struct request_view read_request(struct fixture *f, int64_t id, const struct operator *who)
{
    struct request_view view;
    struct reader *reader = open_reader(f);
    OK(desk_read_request(reader, id, who, NULL, f->arena, &view, &f->err));
    reader_close(reader);
    return view;
}

static inline void run_sql(struct fixture *f, const char *text)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static inline void assert_plan(struct fixture *f, enum desk_sql id, const char *wanted)
{
    assert_string_equal(fixture_plan(f, desk_sql_texts[id]), wanted);
}

/* Many at once, as no test should wait for. */
static inline void save_many_requests(struct fixture *f, int64_t first, size_t count, enum request_state state,
                                      const char *topic)
{
    struct request *rows = calloc(count, sizeof *rows);
    struct change *changes = calloc(count, sizeof *changes);
    for (size_t i = 0; i < count; i++) {
        rows[i] =
            a_request(first + (int64_t)i, topic, (enum request_urgency)(i % 3), i % 7 ? NOW + (int64_t)(i / 5) : 0);
        rows[i].state = state;
        changes[i] = (struct change){.kind = CHANGE_REQUEST, .request = {&rows[i]}};
    }
    OK(fixture_save(f, changes, count));
    free(rows);
    free(changes);
}

static inline struct queue_page read_queue(struct fixture *f, struct reader *reader, struct queue_filter filter)
{
    struct queue_page page;
    OK(desk_read_queue(reader, &filter, f->arena, &page, &f->err));
    assert_true(page.count <= DESK_PAGE);
    return page;
}

static inline void assert_ids(const struct queue_page *page, const char *wanted)
{
    char got[400] = "";
    for (size_t i = 0; i < page->count; i++) {
        snprintf(got + strlen(got), sizeof got - strlen(got), "%s%lld", i ? " " : "",
                 (long long)page->rows[i].request.id);
    }
    assert_string_equal(got, wanted);
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
