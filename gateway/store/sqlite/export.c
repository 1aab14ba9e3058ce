/* Exports: what was said and asked for, one row at a time, in the order it was made, unsealed. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/sqlite/columns.h"
#include "store/sqlite/database.h"
#include "store/sqlite/reader.h"
#include "text/screen.h"

#define VALUES_MAX 24

/* One row being written: values in the order of the kind's names. */
struct exporting {
    struct reader *reader;
    struct arena *arena;
    struct sql sql;
    sqlite3_stmt *answers;
    struct span values[VALUES_MAX];
    size_t count;
};

struct export_form {
    const char *count, *select;
    const char *const *names;
    enum outcome (*fill)(struct exporting *row, struct error *err);
};

static void add(struct exporting *row, struct span value)
{
    row->values[row->count++] = value;
}

static void add_number(struct exporting *row, int64_t number)
{
    add(row, arena_format(row->arena, "%lld", (long long)number));
}

static void add_id(struct exporting *row, int64_t id)
{
    if (id) {
        add_number(row, id);
    } else {
        add(row, SPAN_NONE);
    }
}

static void add_time(struct exporting *row, int64_t at)
{
    char iso[CLOCK_ISO_MAX];
    if (at) {
        clock_format_iso(at, iso);
    }
    add(row, at ? arena_copy(row->arena, span_of(iso)) : SPAN_NONE);
}

static void add_flag(struct exporting *row, bool flag)
{
    add(row, flag ? SPAN("yes") : SPAN("no"));
}

/* A word of a fixed list, by its number; what is past the list is shown as the number. */
#define ADD_NAMED(row, names, number) add_named((row), (names), sizeof(names) / sizeof *(names), (unsigned)(number))

static void add_named(struct exporting *row, const char *const *names, size_t count, unsigned number)
{
    if (number < count) {
        add(row, span_of(names[number]));
    } else {
        add_number(row, number);
    }
}

static const char *const kind_names[] = {[CHANNEL_USSD] = "ussd", [CHANNEL_SMS] = "sms"};
static const char *const cause_names[] = {
    [END_NONE] = NULL,         [END_ANSWERED] = "answered", [END_CLOSED] = "closed",
    [END_TIMEOUT] = "timeout", [END_FAILED] = "failed",     [END_DROPPED] = "dropped"};
static const char *const state_names[] = {[REQUEST_WAITING] = "waiting",
                                          [REQUEST_ASSIGNED] = "assigned",
                                          [REQUEST_CALLED] = "called",
                                          [REQUEST_CLOSED] = "closed",
                                          [REQUEST_CANCELLED] = "cancelled"};
static const char *const urgency_names[] = {
    [URGENCY_NORMAL] = "normal", [URGENCY_SOON] = "soon", [URGENCY_DANGER] = "danger"};

/* ---- turns ---- */

static const char *const turn_names[] = {"session", "turn", "at",   "channel", "phone", "language",  "asked", "input",
                                         "meaning", "node", "page", "screen",  "ends",  "bad_input", NULL};

static enum outcome fill_turn(struct exporting *row, struct error *err)
{
    struct turn turn;
    enum outcome outcome = take_turn(&row->reader->source, &row->sql, row->arena, &turn, err);
    if (outcome != OUTCOME_OK) {
        return outcome;
    }
    const struct span channel = words_text(row->reader->source.words, take_int(&row->sql));
    const int64_t phone = take_int(&row->sql);
    add_number(row, turn.session);
    add_number(row, turn.number);
    add_time(row, turn.at);
    add(row, channel);
    add_id(row, phone);
    add(row, turn.lang);
    add(row, turn.asked);
    add(row, turn.input);
    add(row, turn.meaning);
    add(row, turn.node);
    add_number(row, turn.page);
    add(row,
        span_is_present(turn.skeleton)
            ? screen_plain(screen_fill_values(turn.skeleton, turn.values, turn.value_count, row->arena), row->arena)
            : SPAN_NONE);
    add_flag(row, turn.flags & TURN_ENDS);
    add_flag(row, turn.flags & TURN_BAD_INPUT);
    return OUTCOME_OK;
}

/* ---- sessions ---- */

static const char *const session_names[] = {"session", "channel",   "kind",  "phone",    "started_at",
                                            "last_at", "ended_at",  "cause", "language", "turns",
                                            "node",    "continues", NULL};

static enum outcome fill_session(struct exporting *row, struct error *err)
{
    struct session session;
    enum outcome outcome = take_session(&row->reader->source, &row->sql, row->arena, &session, err);
    if (outcome != OUTCOME_OK) {
        return outcome;
    }
    add_number(row, session.id);
    add(row, session.channel);
    ADD_NAMED(row, kind_names, session.kind);
    add_id(row, session.phone);
    add_time(row, session.started_at);
    add_time(row, session.last_at);
    add_time(row, session.ended_at);
    ADD_NAMED(row, cause_names, session.cause);
    add(row, session.state.lang);
    add_number(row, session.turns);
    add(row, session.state.at.node);
    add_id(row, session.continues);
    return OUTCOME_OK;
}

/* ---- requests and registrations ---- */

static enum outcome add_number_to_call(struct exporting *row, int64_t phone, struct span sealed, struct error *err)
{
    struct span number = SPAN_NONE;
    if (span_is_present(sealed) &&
        keyring_unseal(row->reader->source.keyring, phone, sealed, row->arena, &number) != OUTCOME_OK) {
        return error_set(err, OUTCOME_BROKEN, "the number of phone %lld does not open", (long long)phone);
    }
    add(row, number);
    return OUTCOME_OK;
}

static enum outcome collect_answers(struct exporting *row, int64_t entry, json_t *object, struct error *err)
{
    enum outcome outcome = OUTCOME_OK;
    struct sql sql = sql_use(row->answers);
    put_int(&sql, entry);
    while (outcome == OUTCOME_OK && sql_next(&sql)) {
        struct answer answer;
        outcome = take_answer(&row->reader->source, &sql, row->arena, &answer, err);
        if (outcome == OUTCOME_OK) {
            json_object_set_new(object, arena_text(row->arena, answer.field),
                                json_stringn_nocheck(answer.value.at, answer.value.len));
        }
    }
    return sql_end_after(&sql, outcome, err);
}

/* One JSON object, fields in the order first answered; absent when there was no form. */
static enum outcome add_answers(struct exporting *row, int64_t entry, struct error *err)
{
    if (!entry) {
        add(row, SPAN_NONE);
        return OUTCOME_OK;
    }
    json_t *object = json_object();
    enum outcome outcome = collect_answers(row, entry, object, err);
    char *text = outcome == OUTCOME_OK ? json_dumps(object, JSON_COMPACT) : NULL;
    add(row, arena_copy(row->arena, span_of(text)));
    free(text);
    json_decref(object);
    return outcome;
}

static const char *const request_names[] = {"request", "reference",  "kind",   "topic",      "state",
                                            "urgency", "created_at", "due_at", "changed_at", "language",
                                            "person",  "session",    "number", "answers",    NULL};

static enum outcome fill_request(struct exporting *row, struct error *err)
{
    struct request request;
    enum outcome outcome = take_request(&row->reader->source, &row->sql, row->arena, &request, err);
    if (outcome != OUTCOME_OK) {
        return outcome;
    }
    const struct span number = take_span(&row->sql, row->arena);
    add_number(row, request.id);
    add(row, arena_copy(row->arena, span_of(request.reference)));
    add(row, request.kind);
    add(row, request.topic);
    ADD_NAMED(row, state_names, request.state);
    ADD_NAMED(row, urgency_names, request.urgency);
    add_time(row, request.created_at);
    add_time(row, request.due_at);
    add_time(row, request.changed_at);
    add(row, request.lang);
    add_number(row, request.person);
    add_number(row, request.session);
    outcome = add_number_to_call(row, request.phone, number, err);
    return outcome == OUTCOME_OK ? add_answers(row, request.entry, err) : outcome;
}

static const char *const registration_names[] = {
    "registration", "reference", "created_at", "consent_version", "person", "session", "number", "answers", NULL};

static enum outcome fill_registration(struct exporting *row, struct error *err)
{
    add_number(row, take_int(&row->sql));
    add(row, take_span(&row->sql, row->arena));
    add_time(row, take_int(&row->sql));
    add(row, take_span(&row->sql, row->arena));
    add_number(row, take_int(&row->sql));
    add_number(row, take_int(&row->sql));
    const int64_t entry = take_int(&row->sql);
    const int64_t phone = take_int(&row->sql);
    enum outcome outcome = add_number_to_call(row, phone, take_span(&row->sql, row->arena), err);
    return outcome == OUTCOME_OK ? add_answers(row, entry, err) : outcome;
}

static const struct export_form forms[] = {
    [EXPORT_TURNS] = {"SELECT count(*) FROM turn",
                      "SELECT " TURN_COLUMNS_OF ", session.channel, session.phone FROM " TURN_TABLES
                      " JOIN session ON session.id = turn.session ORDER BY turn.session, turn.number",
                      turn_names, fill_turn},
    [EXPORT_SESSIONS] = {"SELECT count(*) FROM session", "SELECT " SESSION_COLUMNS " FROM session ORDER BY id",
                         session_names, fill_session},
    [EXPORT_REQUESTS] = {"SELECT count(*) FROM request",
                         "SELECT " REQUEST_COLUMNS ", (SELECT number FROM phone WHERE phone.id = request.phone) "
                         "FROM request ORDER BY id",
                         request_names, fill_request},
    [EXPORT_REGISTRATIONS] = {"SELECT count(*) FROM registration",
                              "SELECT registration.id, reference, registration.created_at, consent_version, person.id, "
                              "session, entry, phone.id, phone.number FROM registration "
                              "JOIN person ON person.id = registration.person JOIN phone ON phone.id = person.phone "
                              "ORDER BY registration.id",
                              registration_names, fill_registration},
};

typedef bool take_row(void *context, const struct export_row *row);

static enum outcome export_rows(struct exporting *row, const struct export_form *form, take_row *take, void *context,
                                struct error *err)
{
    enum outcome outcome = OUTCOME_OK;
    while (outcome == OUTCOME_OK && sql_next(&row->sql)) {
        arena_reset(row->arena);
        row->count = 0;
        outcome = form->fill(row, err);
        const struct export_row out = {form->names, row->values, row->count};
        if (outcome == OUTCOME_OK && !take(context, &out)) {
            outcome = error_set(err, OUTCOME_REFUSED, "the export was stopped by who asked for it");
        }
    }
    return sql_end_after(&row->sql, outcome, err);
}

static enum outcome export_snapshot(struct reader *reader, const struct export_form *form, int64_t *total,
                                    take_row *take, void *context, struct error *err)
{
    struct exporting row = {.reader = reader, .arena = reader->row};
    sqlite3_stmt *select = NULL;
    enum outcome outcome = database_number(reader->db, form->count, total, err);
    if (outcome == OUTCOME_OK) {
        outcome = reader_prepare(reader, form->select, &select, err);
    }
    if (outcome == OUTCOME_OK) {
        outcome =
            reader_prepare(reader, "SELECT " ANSWER_COLUMNS " WHERE entry = ?1 ORDER BY answer.id", &row.answers, err);
    }
    if (outcome == OUTCOME_OK) {
        row.sql = sql_use(select);
        outcome = export_rows(&row, form, take, context, err);
    }
    sqlite3_finalize(select);
    sqlite3_finalize(row.answers);
    return outcome;
}

enum outcome reader_export(struct reader *reader, enum export_kind kind, int64_t *total, take_row *take, void *context,
                           struct error *err)
{
    *total = 0;
    if ((unsigned)kind >= sizeof forms / sizeof *forms) {
        return error_set(err, OUTCOME_REFUSED, "there is no export of kind %d", (int)kind);
    }
    enum outcome outcome = reader_begin(reader, err);
    if (outcome == OUTCOME_OK) {
        outcome = export_snapshot(reader, &forms[kind], total, take, context, err);
    }
    reader_end(reader);
    return outcome;
}
