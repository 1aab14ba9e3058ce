/* Exports: what was said and asked for, one row at a time, in the order it was made, unsealed. */
#include "store/sqlite/cells.h"
#include "store/sqlite/columns.h"
#include "store/sqlite/database.h"
#include "text/screen.h"

struct export_form {
    const char *count, *select;
    const char *const *names;
    enum outcome (*fill)(struct exporting *row, struct error *err);
};

static const char *const kind_names[] = {[CHANNEL_USSD] = "ussd", [CHANNEL_SMS] = "sms"};
static const char *const cause_names[] = {
    [END_NONE] = NULL,       [END_ANSWERED] = "answered", [END_CLOSED] = "closed",  [END_TIMEOUT] = "timeout",
    [END_FAILED] = "failed", [END_DROPPED] = "dropped",   [END_ABORTED] = "aborted"};
static const char *const state_names[] = {[REQUEST_WAITING] = "waiting",
                                          [REQUEST_ASSIGNED] = "assigned",
                                          [REQUEST_CALLED] = "called",
                                          [REQUEST_CLOSED] = "closed",
                                          [REQUEST_CANCELLED] = "cancelled"};
static const char *const urgency_names[] = {
    [URGENCY_NORMAL] = "normal", [URGENCY_SOON] = "soon", [URGENCY_DANGER] = "danger"};
static const char *const attention_names[] = {[ATTENTION_NONE] = NULL,
                                              [ATTENTION_TEXT_FAILED] = "answer_failed",
                                              [ATTENTION_TEXT_UNKNOWN] = "answer_unknown",
                                              [ATTENTION_NEW_WORD] = "new_word",
                                              [ATTENTION_OFFICE] = "ask_office"};
static const char *const text_kind_names[] = {
    [OUTBOX_TEXT] = "text", [OUTBOX_PUSH] = "page", [OUTBOX_PUSH_END] = "last_page"};
static const char *const fate_names[] = {
    [OUTBOX_QUEUED] = "queued",       [OUTBOX_SENDING] = "sending", [OUTBOX_SENT] = "sent",
    [OUTBOX_DELIVERED] = "delivered", [OUTBOX_FAILED] = "failed",   [OUTBOX_UNKNOWN] = "unknown",
    [OUTBOX_EXPIRED] = "expired"};
static const char *const encoding_names[] = {[ENCODING_GSM7] = "gsm7", [ENCODING_UCS2] = "ucs2"};

/* ---- turns ---- */

static const char *const turn_names[] = {"session", "turn", "at",   "channel", "phone", "language",  "asked", "input",
                                         "meaning", "node", "page", "screen",  "ends",  "bad_input", NULL};

static enum outcome fill_turn(struct exporting *row, struct error *err)
{
    struct turn turn;
    enum outcome outcome = take_turn(&row->reader->source, &row->sql, row->arena, &turn, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    const struct span channel = words_text(row->reader->source.words, take_int(&row->sql));
    const int64_t phone = take_int(&row->sql);
    cell_add_number(row, turn.session);
    cell_add_number(row, turn.number);
    cell_add_time(row, turn.at);
    cell_add(row, channel);
    cell_add_id(row, phone);
    cell_add(row, turn.lang);
    cell_add(row, turn.asked);
    cell_add(row, turn.input);
    cell_add(row, turn.meaning);
    cell_add(row, turn.node);
    cell_add_number(row, turn.page);
    cell_add(row, span_is_present(turn.skeleton)
                      ? screen_plain(screen_fill_values(turn.skeleton, turn.values, turn.value_count, row->arena),
                                     row->arena)
                      : SPAN_NONE);
    cell_add_flag(row, turn.flags & TURN_ENDS);
    cell_add_flag(row, turn.flags & TURN_BAD_INPUT);
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
    if (outcome != OUTCOME_OK)
        return outcome;
    cell_add_number(row, session.id);
    cell_add(row, session.channel);
    CELL_ADD_NAMED(row, kind_names, session.kind);
    cell_add_id(row, session.phone);
    cell_add_time(row, session.started_at);
    cell_add_time(row, session.last_at);
    cell_add_time(row, session.ended_at);
    CELL_ADD_NAMED(row, cause_names, session.cause);
    cell_add(row, session.state.lang);
    cell_add_number(row, session.turns);
    cell_add(row, session.state.at.node);
    cell_add_id(row, session.continues);
    return OUTCOME_OK;
}

/* ---- requests and registrations ---- */

static const char *const step_names[] = {
    [STEP_MADE] = "made",         [STEP_CHANGED] = "changed", [STEP_URGED] = "urged",
    [STEP_ASSIGNED] = "assigned", [STEP_TRIED] = "tried",     [STEP_CALLED] = "called",
    [STEP_REFERRED] = "referred", [STEP_CLOSED] = "closed",   [STEP_CANCELLED] = "cancelled",
    [STEP_REOPENED] = "reopened", [STEP_WROTE] = "wrote",     [STEP_SAID] = "said"};

static const char *const request_names[] = {
    "request",    "reference", "kind",    "topic",      "state",    "urgency", "attention", "desk",   "hidden",  "step",
    "created_at", "due_at",    "next_at", "changed_at", "language", "person",  "session",   "number", "answers", NULL};

static enum outcome fill_request(struct exporting *row, struct error *err)
{
    struct request request;
    enum outcome outcome = take_request(&row->reader->source, &row->sql, row->arena, &request, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    const struct span number = take_span(&row->sql, row->arena);
    cell_add_number(row, request.id);
    cell_add(row, arena_copy(row->arena, span_of(request.reference)));
    cell_add(row, request.kind);
    cell_add(row, request.topic);
    CELL_ADD_NAMED(row, state_names, request.state);
    CELL_ADD_NAMED(row, urgency_names, request.urgency);
    CELL_ADD_NAMED(row, attention_names, request.attention);
    cell_add(row, request.desk);
    cell_add_flag(row, request.hidden);
    CELL_ADD_NAMED(row, step_names, request.step);
    cell_add_time(row, request.created_at);
    cell_add_time(row, request.due_at);
    cell_add_time(row, request.next_at);
    cell_add_time(row, request.changed_at);
    cell_add(row, request.lang);
    cell_add_number(row, request.person);
    cell_add_id(row, request.session);
    outcome = cell_add_number_to_call(row, request.phone, number, err);
    return outcome == OUTCOME_OK ? cell_add_answers(row, request.entry, err) : outcome;
}

static const char *const registration_names[] = {
    "registration",    "reference", "created_at", "corrected_at", "withdrawn_at",
    "consent_version", "language",  "person",     "session",      "number",
    "cycle",           "answers",   NULL};

/* Somebody who took consent back has a row that proves it, and no answers. */
static enum outcome fill_registration(struct exporting *row, struct error *err)
{
    const struct words *words = row->reader->source.words;
    cell_add_number(row, take_int(&row->sql));
    cell_add(row, take_span(&row->sql, row->arena));
    cell_add_time(row, take_int(&row->sql));
    cell_add_time(row, take_int(&row->sql));
    cell_add_time(row, take_int(&row->sql));
    cell_add(row, take_span(&row->sql, row->arena));
    cell_add(row, words_text(words, take_int(&row->sql)));
    cell_add_number(row, take_int(&row->sql));
    cell_add_number(row, take_int(&row->sql));
    const int64_t entry = take_int(&row->sql);
    const struct span channel = words_text(words, take_int(&row->sql));
    const int64_t phone = take_int(&row->sql);
    enum outcome outcome = cell_add_number_to_call(row, phone, take_span(&row->sql, row->arena), err);
    return outcome == OUTCOME_OK ? cell_add_cycle_and_answers(row, channel, entry, err) : outcome;
}

/* ---- texts ---- */

static const char *const text_names[] = {"text",     "session",    "channel",   "kind",       "state",      "reason",
                                         "attempts", "created_at", "due_at",    "changed_at", "expires_at", "segments",
                                         "encoding", "cost",       "vendor_id", "number",     "said",       NULL};

/* In the channel's currency. */
static struct span price(struct arena *arena, int64_t micros)
{
    if (!micros)
        return SPAN_NONE;
    return arena_format(arena, "%lld.%06lld", (long long)(micros / 1000000), (long long)(micros % 1000000));
}

static struct span reason_word(const struct exporting *row, enum outbox_reason reason)
{
    return reason <= REASON_REFUSED ? span_of(outbox_reason_words[reason])
                                    : arena_format(row->arena, "%d", (int)reason);
}

static enum outcome fill_text(struct exporting *row, struct error *err)
{
    struct outbox_row text;
    enum outcome outcome = take_outbox(&row->reader->source, &row->sql, row->arena, &text, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    cell_add_number(row, text.id);
    cell_add_id(row, text.session);
    cell_add(row, text.channel);
    CELL_ADD_NAMED(row, text_kind_names, text.kind);
    CELL_ADD_NAMED(row, fate_names, text.state);
    cell_add(row, text.reason == REASON_NONE ? SPAN_NONE : reason_word(row, text.reason));
    cell_add_number(row, text.attempts);
    cell_add_time(row, text.created_at);
    cell_add_time(row, text.due_at);
    cell_add_time(row, text.changed_at);
    cell_add_time(row, text.expires_at);
    cell_add_number(row, text.segments);
    CELL_ADD_NAMED(row, encoding_names, text.encoding);
    cell_add(row, price(row->arena, text.cost_micros));
    cell_add(row, text.vendor_id);
    cell_add(row, text.to);
    cell_add(row, text.text);
    return OUTCOME_OK;
}

/* ---- triage ---- */

static const char *const triage_names[] = {"triage", "at", "session", "turn", "person", "rule", "urgency", NULL};
static const char *const triage_word_names[] = {"triage", "at",      "session", "turn", "person",
                                                "rule",   "urgency", "word",    NULL};

static enum outcome fill_triage(struct exporting *row, struct error *err)
{
    struct triage_row triage;
    enum outcome outcome = take_triage(&row->reader->source, &row->sql, row->arena, &triage, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    cell_add_number(row, triage.id);
    cell_add_time(row, triage.at);
    cell_add_number(row, triage.session);
    cell_add_number(row, triage.turn);
    cell_add_number(row, triage.person);
    cell_add(row, triage.rule);
    CELL_ADD_NAMED(row, urgency_names, triage.urgency);
    cell_add(row, triage.word);
    return OUTCOME_OK;
}

static enum outcome fill_triage_alone(struct exporting *row, struct error *err)
{
    enum outcome outcome = fill_triage(row, err);
    if (outcome == OUTCOME_OK)
        row->count--;
    return outcome;
}

/* ---- follow-ups ---- */

static const char *const follow_up_names[] = {"follow_up", "reference", "month",        "state", "due_at", "changed_at",
                                              "person",    "session",   "registration", "phone", NULL};
static const char *const follow_up_states[] = {[FOLLOW_UP_WAITING] = "waiting",
                                               [FOLLOW_UP_ASKED] = "asked",
                                               [FOLLOW_UP_ANSWERED] = "answered",
                                               [FOLLOW_UP_STOPPED] = "stopped",
                                               [FOLLOW_UP_MISSED] = "missed"};

static enum outcome fill_follow_up(struct exporting *row, struct error *err)
{
    (void)err;
    cell_add_number(row, take_int(&row->sql));
    cell_add(row, take_span(&row->sql, row->arena));
    cell_add_number(row, take_int(&row->sql));
    const int64_t state = take_int(&row->sql);
    CELL_ADD_NAMED(row, follow_up_states, state);
    cell_add_time(row, take_int(&row->sql));
    cell_add_time(row, take_int(&row->sql));
    cell_add_number(row, take_int(&row->sql));
    cell_add_id(row, take_int(&row->sql));
    cell_add_number(row, take_int(&row->sql));
    cell_add_id(row, take_int(&row->sql));
    return OUTCOME_OK;
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
                              "SELECT registration.id, reference, registration.created_at, corrected_at, withdrawn_at, "
                              "consent_version, registration.lang, person.id, session, entry, session.channel, "
                              "phone.id, phone.number FROM registration "
                              "JOIN session ON session.id = registration.session "
                              "JOIN person ON person.id = registration.person JOIN phone ON phone.id = person.phone "
                              "ORDER BY registration.id",
                              registration_names, fill_registration},
    [EXPORT_TEXTS] = {"SELECT count(*) FROM outbox", "SELECT " OUTBOX_COLUMNS " FROM outbox ORDER BY id", text_names,
                      fill_text},
    [EXPORT_FOLLOW_UPS] = {"SELECT count(*) FROM follow_up",
                           "SELECT follow_up.id, reference, month, follow_up.state, due_at, changed_at, "
                           "follow_up.person, follow_up.session, follow_up.registration, follow_up.phone "
                           "FROM follow_up LEFT JOIN registration ON registration.id = follow_up.registration "
                           "ORDER BY follow_up.id",
                           follow_up_names, fill_follow_up},
    [EXPORT_TRIAGE] = {"SELECT count(*) FROM triage", "SELECT " TRIAGE_COLUMNS " ORDER BY triage.id", triage_names,
                       fill_triage_alone},
    [EXPORT_TRIAGE_WORDS] = {"SELECT count(*) FROM triage", "SELECT " TRIAGE_COLUMNS " ORDER BY triage.id",
                             triage_word_names, fill_triage},
};

const char *const *reader_export_names(enum export_kind kind)
{
    return forms[kind].names;
}

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
        if (outcome == OUTCOME_OK && !take(context, &out))
            outcome = error_set(err, OUTCOME_REFUSED, "the export was stopped by who asked for it");
    }
    return sql_end_after(&row->sql, outcome, err);
}

static enum outcome export_snapshot(struct reader *reader, const struct export_form *form, int64_t *total,
                                    take_row *take, void *context, struct error *err)
{
    struct exporting row = {.reader = reader, .arena = reader->row};
    sqlite3_stmt *select = NULL;
    enum outcome outcome = database_number(reader->db, form->count, total, err);
    if (outcome == OUTCOME_OK)
        outcome = reader_prepare(reader, form->select, &select, err);
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
    if ((unsigned)kind >= sizeof forms / sizeof *forms)
        return error_set(err, OUTCOME_REFUSED, "there is no export of kind %d", (int)kind);
    enum outcome outcome = reader_begin(reader, err);
    if (outcome == OUTCOME_OK)
        outcome = export_snapshot(reader, &forms[kind], total, take, context, err);
    reader_end(reader);
    return outcome;
}
