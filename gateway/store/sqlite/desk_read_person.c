/* A person, with what is kept of them. */
#include <string.h>

#include "store/sqlite/desk_read.h"
#include "store/sqlite/desk_rows.h"

#define REGISTRATIONS_SHOWN 20
#define REQUESTS_SHOWN 50
#define SESSIONS_SHOWN 20
#define FOLLOW_UPS_SHOWN 40

struct reading_person {
    struct reader *reader;
    struct arena *arena;
    struct person_view_desk *view;
};

static enum outcome read_row(struct reading_person *to, int64_t id, struct error *err)
{
    struct person_view_desk *view = to->view;
    struct sql sql = desk_sql(to->reader, DESK_PERSON);
    enum outcome outcome = OUTCOME_NOT_FOUND;
    put_int(&sql, id);
    if (sql_next(&sql)) {
        outcome = take_person(&sql, to->arena, &view->row, err);
        view->created_at = take_int(&sql);
        view->forgotten_at = take_int(&sql);
    }
    explicit_bzero(view->row.pin, sizeof view->row.pin);
    outcome = sql_end_after(&sql, outcome, err);
    return outcome == OUTCOME_NOT_FOUND ? error_set(err, outcome, "there is no such person") : outcome;
}

static enum outcome read_phone(struct reading_person *to, struct error *err)
{
    struct person_view_desk *view = to->view;
    struct desk_phone phone;
    enum outcome outcome = desk_take_phone(to->reader, view->row.phone, to->arena, &phone, err);
    view->masked = phone.masked;
    view->opted_out = phone.opted_out;
    view->first_at = phone.first_at;
    view->last_at = phone.last_at;
    view->renewed_at = phone.renewed_at;
    return outcome;
}

static bool take_registration(struct reading_person *to, struct sql *sql, struct registration *row)
{
    row->id = take_int(sql);
    row->person = take_int(sql);
    row->session = take_int(sql);
    row->entry = take_int(sql);
    const bool held = take_reference(sql, to->arena, row->reference);
    row->created_at = take_int(sql);
    row->corrected_at = take_int(sql);
    row->withdrawn_at = take_int(sql);
    row->consent_version = take_span(sql, to->arena);
    row->lang = arena_copy(to->arena, words_text(to->reader->source.words, take_int(sql)));
    return held;
}

static enum outcome read_registrations(struct reading_person *to, struct error *err)
{
    struct person_view_desk *view = to->view;
    struct sql sql = desk_sql(to->reader, DESK_REGISTRATIONS);
    enum outcome outcome = OUTCOME_OK;
    view->registrations = ARENA_ARRAY(to->arena, struct registration_view, REGISTRATIONS_SHOWN);
    put_int(&sql, view->row.id);
    put_int(&sql, REGISTRATIONS_SHOWN);
    while (outcome == OUTCOME_OK && view->registration_count < REGISTRATIONS_SHOWN && sql_next(&sql)) {
        struct registration_view *shown = &view->registrations[view->registration_count];
        if (!take_registration(to, &sql, &shown->row))
            continue;
        view->registration_count++;
        outcome =
            desk_take_answers(to->reader, shown->row.entry, to->arena, &shown->answers, &shown->answer_count, err);
    }
    return sql_end_after(&sql, outcome, err);
}

static enum outcome read_requests(struct reading_person *to, struct error *err)
{
    struct person_view_desk *view = to->view;
    return desk_take_requests(to->reader, DESK_REQUESTS_OF_PERSON, view->row.id, REQUESTS_SHOWN, to->arena,
                              &view->requests, err);
}

static enum outcome read_sessions(struct reading_person *to, struct error *err)
{
    struct person_view_desk *view = to->view;
    struct error ignored;
    struct sql sql;
    const struct desk_ids all = desk_ids_of(0, 0);
    enum outcome outcome = desk_sessions_of(to->reader, view->row.id, &all, &sql, err);
    view->sessions = ARENA_ARRAY(to->arena, struct session_row, SESSIONS_SHOWN);
    while (outcome == OUTCOME_OK && view->session_count < SESSIONS_SHOWN && sql_next(&sql)) {
        struct session_row *row = &view->sessions[view->session_count];
        if (take_session(&to->reader->source, &sql, to->arena, &row->session, &ignored) != OUTCOME_OK)
            continue;
        view->session_count++;
        outcome = desk_take_session_request(to->reader, row, err);
    }
    return sql_end_after(&sql, outcome, err);
}

static enum outcome read_flags(struct reading_person *to, struct error *err)
{
    struct person_view_desk *view = to->view;
    struct desk_flags flags;
    enum outcome outcome = desk_take_flags(to->reader, view->row.id, true, to->arena, &flags, err);
    view->flags = flags.rows;
    view->flag_authors = flags.authors;
    view->flag_count = flags.count;
    return outcome;
}

static enum outcome read_follow_ups(struct reading_person *to, struct error *err)
{
    struct person_view_desk *view = to->view;
    struct sql sql = desk_sql(to->reader, DESK_FOLLOW_UPS);
    view->follow_ups = ARENA_ARRAY(to->arena, struct follow_up, FOLLOW_UPS_SHOWN);
    put_int(&sql, view->row.id);
    put_int(&sql, FOLLOW_UPS_SHOWN);
    while (view->follow_up_count < FOLLOW_UPS_SHOWN && sql_next(&sql)) {
        struct follow_up *row = &view->follow_ups[view->follow_up_count++];
        row->id = take_int(&sql);
        row->person = take_int(&sql);
        row->phone = take_int(&sql);
        row->registration = take_int(&sql);
        row->session = take_int(&sql);
        row->month = (unsigned)take_int(&sql);
        row->due_at = take_int(&sql);
        row->changed_at = take_int(&sql);
        row->state = (enum follow_up_state)take_int(&sql);
    }
    return sql_end(&sql, err);
}

static enum outcome read_all(struct reading_person *to, int64_t id, struct error *err)
{
    static enum outcome (*const parts[])(struct reading_person *, struct error *) = {
        read_phone, read_registrations, read_requests, read_sessions, read_flags, read_follow_ups};
    enum outcome outcome = read_row(to, id, err);
    for (size_t i = 0; i < sizeof parts / sizeof *parts && outcome == OUTCOME_OK; i++)
        outcome = parts[i](to, err);
    return outcome;
}

static enum outcome check_seen(struct reader *reader, int64_t id, const struct operator *who, struct error *err)
{
    bool sees = false, has_others;
    enum outcome outcome = desk_sees_person(reader, who, id, &sees, &has_others, err);
    return outcome == OUTCOME_OK && !sees ? error_set(err, OUTCOME_NOT_FOUND, "there is no such person") : outcome;
}

enum outcome desk_read_person(struct reader *reader, int64_t id, const struct operator *who, struct arena *arena,
                              struct person_view_desk *view, struct error *err)
{
    struct reading_person to = {reader, arena, view};
    *view = (struct person_view_desk){0};
    enum outcome outcome = desk_begin(reader, err);
    if (outcome == OUTCOME_OK)
        outcome = check_seen(reader, id, who, err);
    if (outcome == OUTCOME_OK)
        outcome = read_all(&to, id, err);
    return desk_end(reader, outcome, err);
}

enum outcome desk_may_see_person(struct reader *reader, int64_t id, const struct operator *who, struct error *err)
{
    struct person_view_desk view = {0};
    struct reading_person to = {reader, reader->row, &view};
    enum outcome outcome = desk_begin(reader, err);
    if (outcome == OUTCOME_OK)
        outcome = check_seen(reader, id, who, err);
    if (outcome == OUTCOME_OK)
        outcome = read_row(&to, id, err);
    arena_reset(reader->row);
    return desk_end(reader, outcome, err);
}
