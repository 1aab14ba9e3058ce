/* What it takes to read each page of the operators' desk out of a large data file and out of a small one: a line a page, microseconds,
 * medians of rounds in which the two take turns. What is asked for is another thing each time, out of all that is in the file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "base/clock.h"
#include "store/desk_reader.h"

#define ROUNDS 300
#define SAMPLES 200
#define HUNDREDTH 100

static const struct operator supervisor = {.id = 1, .roles = ROLE_BIT(ROLE_SUPERVISOR)};
static const struct operator counsellor = {
    .id = 2, .roles = ROLE_BIT(ROLE_COUNSELLOR), .topics = SPAN("topic_0 topic_1 topic_2 topic_3 topic_4 topic_5")};

struct file {
    struct reader *reader;
    struct keyring *keyring;
    struct arena *arena;
    int64_t now, deep; /* `below` of a page far down */
    int64_t sessions[SAMPLES], people[SAMPLES], requests[SAMPLES];
    char references[SAMPLES][REFERENCE_DIGITS + 1];
};

static void require(enum outcome outcome, const struct error *err)
{
    if (outcome != OUTCOME_OK) {
        fprintf(stderr, "desk_pages: %s\n", err->text);
        exit(EXIT_FAILURE);
    }
}

/* ---- the pages ---- */

static struct span area_field(const void *context, const struct request_origin *origin)
{
    (void)context, (void)origin;
    return SPAN("area");
}

static enum outcome read_queue_as(struct file *in, const struct operator *who, struct error *err)
{
    const struct area_fields areas = {.of = area_field};
    const struct queue_filter filter = {.operator = who, .now = in->now, .areas = &areas};
    struct queue_page page;
    struct open_requests open;
    enum outcome outcome = desk_read_queue(in->reader, &filter, in->arena, &page, err);
    return outcome == OUTCOME_OK ? desk_read_open(in->reader, in->arena, &open, err) : outcome;
}

static enum outcome queue_of_supervisor(struct file *in, size_t nth, struct error *err)
{
    (void)nth;
    return read_queue_as(in, &supervisor, err);
}

static enum outcome queue_of_counsellor(struct file *in, size_t nth, struct error *err)
{
    (void)nth;
    return read_queue_as(in, &counsellor, err);
}

static enum outcome request(struct file *in, size_t nth, struct error *err)
{
    struct request_view view;
    return desk_read_request(in->reader, in->requests[nth % SAMPLES], &supervisor, NULL, in->arena, &view, err);
}

static enum outcome search_by_reference(struct file *in, size_t nth, struct error *err)
{
    struct found_reference found;
    struct request_view view;
    enum outcome outcome = desk_find_reference(in->reader, span_of(in->references[nth % SAMPLES]), &found, err);
    return outcome == OUTCOME_OK
               ? desk_read_request(in->reader, found.request, &supervisor, NULL, in->arena, &view, err)
               : outcome;
}

/* The core knows the phone from memory; what is left is the page of who is on it. */
static enum outcome search_by_phone(struct file *in, size_t nth, struct error *err)
{
    struct person_view_desk view;
    struct lookup lookup;
    keyring_lookup(in->keyring, SPAN("phone"), SPAN("+8801712345678"), &lookup);
    return desk_read_person(in->reader, in->people[nth % SAMPLES], &supervisor, in->arena, &view, err);
}

static enum outcome sessions_from(struct file *in, int64_t below, struct error *err)
{
    const struct session_filter filter = {.cause = -1, .below = below};
    struct session_page page;
    return desk_read_sessions(in->reader, &filter, in->arena, &page, err);
}

static enum outcome sessions_first(struct file *in, size_t nth, struct error *err)
{
    (void)nth;
    return sessions_from(in, 0, err);
}

static enum outcome sessions_hundredth(struct file *in, size_t nth, struct error *err)
{
    (void)nth;
    return sessions_from(in, in->deep, err);
}

static enum outcome transcript(struct file *in, size_t nth, struct error *err)
{
    struct session_view view;
    return desk_read_session(in->reader, in->sessions[nth % SAMPLES], 0, &supervisor, in->arena, &view, err);
}

static const struct {
    const char *name;
    enum outcome (*read)(struct file *in, size_t nth, struct error *err);
} pages[] = {
    {"queue and its counters, supervisor", queue_of_supervisor},
    {"queue and its counters, counsellor", queue_of_counsellor},
    {"a request", request},
    {"search by reference", search_by_reference},
    {"search by phone", search_by_phone},
    {"sessions, first page", sessions_first},
    {"sessions, hundredth page", sessions_hundredth},
    {"a transcript", transcript},
};

/* ---- what is asked for ---- */

static void sample(sqlite3 *db, const char *text, void *context,
                   void (*take)(struct file *in, size_t nth, sqlite3_stmt *row))
{
    sqlite3_stmt *stmt = NULL;
    size_t count = 0;
    if (sqlite3_prepare_v2(db, text, -1, &stmt, NULL) != SQLITE_OK) {
        fprintf(stderr, "desk_pages: %s\n", sqlite3_errmsg(db));
        exit(EXIT_FAILURE);
    }
    for (; count < SAMPLES; count++) {
        if (sqlite3_step(stmt) != SQLITE_ROW) { /* fewer than that: over again */
            sqlite3_reset(stmt);
            if (sqlite3_step(stmt) != SQLITE_ROW)
                exit(EXIT_FAILURE);
        }
        take(context, count, stmt);
    }
    sqlite3_finalize(stmt);
}

static void take_session_id(struct file *in, size_t nth, sqlite3_stmt *row)
{
    in->sessions[nth] = sqlite3_column_int64(row, 0);
}

static void take_request_of_someone(struct file *in, size_t nth, sqlite3_stmt *row)
{
    in->requests[nth] = sqlite3_column_int64(row, 0);
    in->people[nth] = sqlite3_column_int64(row, 1);
    snprintf(in->references[nth], sizeof in->references[nth], "%s", (const char *)sqlite3_column_text(row, 2));
}

/* The newest first, page after page, until the hundredth or the last that is full. */
static void go_deep(struct file *in)
{
    struct session_filter filter = {.cause = -1};
    struct session_page page = {0};
    struct error err;
    for (int i = 0; i < HUNDREDTH; i++) {
        in->deep = filter.below;
        require(desk_read_sessions(in->reader, &filter, in->arena, &page, &err), &err);
        if (i == 0)
            in->now = page.rows[0].session.last_at;
        if (!page.next)
            break;
        filter.below = page.next;
        arena_reset(in->arena);
    }
}

static void open_file(struct file *in, const char *folder, const char *name, struct keyring *keyring)
{
    char path[512];
    struct error err;
    sqlite3 *db = NULL;
    snprintf(path, sizeof path, "%s/%s.db", folder, name);
    in->keyring = keyring;
    in->arena = arena_create(1u << 20);
    require(reader_open(path, keyring, &in->reader, &err), &err);
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        exit(EXIT_FAILURE);
    sample(db, "SELECT id FROM session ORDER BY random() LIMIT 200", in, take_session_id);
    sample(db, "SELECT id, person, reference FROM request ORDER BY random() LIMIT 200", in, take_request_of_someone);
    sqlite3_close(db);
    go_deep(in);
}

/* ---- the times ---- */

static int by_time(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int64_t time_of(struct file *in, size_t page, size_t nth)
{
    struct error err;
    arena_reset(in->arena);
    const int64_t begun = clock_monotonic_us();
    require(pages[page].read(in, nth, &err), &err);
    return clock_monotonic_us() - begun;
}

static void measure(struct file *small, struct file *large, size_t page)
{
    int64_t of_small[ROUNDS], of_large[ROUNDS];
    for (size_t i = 0; i < SAMPLES; i++) { /* what is measured is no disk */
        time_of(small, page, i);
        time_of(large, page, i);
    }
    for (size_t i = 0; i < ROUNDS; i++) {
        of_small[i] = time_of(small, page, i);
        of_large[i] = time_of(large, page, i);
    }
    qsort(of_small, ROUNDS, sizeof *of_small, by_time);
    qsort(of_large, ROUNDS, sizeof *of_large, by_time);
    printf("%s\t%lld\t%lld\n", pages[page].name, (long long)of_small[ROUNDS / 2], (long long)of_large[ROUNDS / 2]);
}

int main(int argc, char **argv)
{
    struct keyring *keyring = NULL;
    struct error err;
    char keys[512];
    if (argc != 2) {
        fprintf(stderr, "desk_pages FOLDER\n");
        return 2;
    }
    snprintf(keys, sizeof keys, "%s/keys", argv[1]);
    require(keyring_open(keys, &keyring, &err), &err);
    static struct file small, large;
    open_file(&small, argv[1], "small", keyring);
    open_file(&large, argv[1], "large", keyring);
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        measure(&small, &large, i);
    reader_close(small.reader);
    reader_close(large.reader);
    arena_destroy(small.arena);
    arena_destroy(large.arena);
    keyring_close(keyring);
    return 0;
}
