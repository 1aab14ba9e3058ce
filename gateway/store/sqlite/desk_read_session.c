/* One session as the person saw it. */
#include "store/sqlite/desk_read.h"
#include "store/sqlite/desk_rows.h"
#include "text/screen.h"

#define TURNS_SHOWN 400
#define REQUESTS_SHOWN 20
#define TRIAGE_SHOWN 100

static const struct span gone = SPAN("\xe2\x80\xa6");

struct reading_session {
    struct reader *reader;
    struct arena *arena;
    const struct operator *operator;
    struct session_view *view;
};

static size_t count_places(struct span skeleton)
{
    size_t count = 0;
    for (size_t i = 0; i < skeleton.len; i++)
        count += skeleton.at[i] == SCREEN_VALUE_BEGIN;
    return count;
}

/* A value that is not there any more is told from none. */
static struct span compose(const struct turn *turn, struct arena *arena)
{
    if (!span_is_present(turn->skeleton))
        return SPAN_NONE;
    const size_t places = count_places(turn->skeleton);
    struct span *values = ARENA_ARRAY(arena, struct span, places + 1);
    for (size_t i = 0; i < places; i++)
        values[i] = i < turn->value_count ? turn->values[i] : gone;
    return screen_plain(screen_fill_values(turn->skeleton, values, places, arena), arena);
}

/* A first turn has no input, and a PIN's is never kept: neither was destroyed. */
static bool is_gone(const struct turn *turn)
{
    const bool had_input =
        (turn->flags & TURN_SENSITIVE_INPUT) != 0 && !(turn->flags & (TURN_SECRET_INPUT | TURN_REDACTED));
    return (had_input && !span_is_present(turn->input)) || turn->value_count < count_places(turn->skeleton);
}

static void show_turn(struct shown_turn *shown, struct arena *arena)
{
    struct turn *turn = &shown->turn;
    if (turn->flags & TURN_SECRET_INPUT)
        turn->input = turn->meaning = SPAN_NONE;
    shown->is_gone = is_gone(turn);
    shown->screen = compose(turn, arena);
}

/* Its number and time were taken before what does not open. */
static void blank_turn(struct shown_turn *shown)
{
    const struct turn *turn = &shown->turn;
    shown->turn = (struct turn){
        .session = turn->session, .number = turn->number, .at = turn->at, .node = turn->node, .flags = turn->flags};
    shown->is_damaged = true;
}

static enum outcome read_turns(struct reading_session *to, uint32_t from, struct error *err)
{
    struct session_view *view = to->view;
    struct error ignored;
    struct sql sql = desk_sql(to->reader, DESK_TURNS);
    put_int(&sql, view->session.id);
    put_int(&sql, from);
    put_int(&sql, TURNS_SHOWN + 1);
    while (!view->next_turn && sql_next(&sql)) {
        if (view->turn_count == TURNS_SHOWN) {
            view->next_turn = view->turns[TURNS_SHOWN - 1].turn.number + 1;
            break;
        }
        view->turns = desk_room(to->arena, view->turns, view->turn_count, sizeof *view->turns);
        struct shown_turn *shown = &view->turns[view->turn_count++];
        if (take_turn(&to->reader->source, &sql, to->arena, &shown->turn, &ignored) == OUTCOME_OK)
            show_turn(shown, to->arena);
        else
            blank_turn(shown);
    }
    return sql_end(&sql, err);
}

/* Those of the turns that were read. */
static enum outcome read_redactions(struct reading_session *to, uint32_t from, struct error *err)
{
    struct session_view *view = to->view;
    struct sql sql = desk_sql(to->reader, DESK_SESSION_REDACTIONS);
    put_int(&sql, view->session.id);
    put_int(&sql, from);
    put_int(&sql, TURNS_SHOWN);
    for (size_t i = 0; sql_next(&sql);) {
        const uint32_t number = (uint32_t)take_int(&sql);
        while (i < view->turn_count && view->turns[i].turn.number < number)
            i++;
        if (i == view->turn_count || view->turns[i].turn.number != number)
            continue;
        view->turns[i].redacted.at = take_int(&sql);
        view->turns[i].redacted.who = take_span(&sql, to->arena);
        view->turns[i].redacted.characters = (unsigned)take_int(&sql);
    }
    return sql_end(&sql, err);
}

static enum outcome read_requests(struct reading_session *to, struct error *err)
{
    struct session_view *view = to->view;
    return desk_take_requests(to->reader, DESK_SESSION_REQUESTS, view->session.id, REQUESTS_SHOWN, to->arena,
                              &view->requests, err);
}

/* A word that does not open is a row without its word. */
static enum outcome read_triage(struct reading_session *to, struct error *err)
{
    struct session_view *view = to->view;
    struct error ignored;
    struct sql sql = desk_sql(to->reader, DESK_SESSION_TRIAGE);
    put_int(&sql, view->session.id);
    put_int(&sql, TRIAGE_SHOWN);
    while (sql_next(&sql)) {
        view->triage = desk_room(to->arena, view->triage, view->triage_count, sizeof *view->triage);
        struct triage_row *row = &view->triage[view->triage_count++];
        if (take_triage(&to->reader->source, &sql, to->arena, row, &ignored) != OUTCOME_OK)
            row->word = SPAN_NONE;
    }
    return sql_end(&sql, err);
}

static enum outcome read_person(struct reading_session *to, struct error *err)
{
    struct session_view *view = to->view;
    struct sql sql = desk_sql(to->reader, DESK_SESSION_PERSON);
    put_int(&sql, view->session.id);
    put_id(&sql, view->session.phone);
    put_int(&sql, view->session.last_at);
    if (sql_next(&sql))
        view->person = take_int(&sql);
    return sql_end(&sql, err);
}

/* Who sees the person by another request sees no answers of a complaint by that. */
static enum outcome check_person(struct reading_session *to, struct error *err)
{
    struct session_view *view = to->view;
    bool sees = false;
    enum outcome outcome = desk_sees_person(to->reader, to->operator, view->person, &sees, &view->has_others, err);
    view->shows_sealed = sees;
    if (!sees)
        view->person = 0;
    const struct request_list *requests = &view->requests;
    for (size_t i = 0; i < requests->count; i++)
        view->shows_sealed =
            view->shows_sealed && desk_sees(to->operator, requests->rows[i].desk, requests->rows[i].topic);
    return outcome;
}

static enum outcome read_resumed(struct reading_session *to, struct error *err)
{
    struct session_view *view = to->view;
    enum outcome outcome = desk_resumed_from(to->reader, &view->session, &view->resumed_from, err);
    if (outcome == OUTCOME_OK)
        outcome = desk_resumed_by(to->reader, &view->session, &view->resumed_by, err);
    arena_reset(to->reader->row);
    return outcome;
}

static enum outcome read_row(struct reading_session *to, int64_t id, struct error *err)
{
    struct sql sql = desk_sql(to->reader, DESK_SESSION);
    put_int(&sql, id);
    const bool found = sql_next(&sql);
    enum outcome outcome =
        found ? take_session(&to->reader->source, &sql, to->arena, &to->view->session, err) : OUTCOME_OK;
    outcome = sql_end_after(&sql, outcome, err);
    return outcome == OUTCOME_OK && !found ? error_set(err, OUTCOME_NOT_FOUND, "there is no such session") : outcome;
}

static enum outcome read_all(struct reading_session *to, int64_t id, uint32_t from, struct error *err)
{
    enum outcome outcome = read_row(to, id, err);
    if (outcome == OUTCOME_OK)
        outcome = read_turns(to, from, err);
    if (outcome == OUTCOME_OK)
        outcome = read_redactions(to, from, err);
    if (outcome == OUTCOME_OK)
        outcome = read_person(to, err);
    if (outcome == OUTCOME_OK)
        outcome = read_requests(to, err);
    if (outcome == OUTCOME_OK)
        outcome = check_person(to, err);
    if (outcome == OUTCOME_OK)
        outcome = read_triage(to, err);
    return outcome == OUTCOME_OK ? read_resumed(to, err) : outcome;
}

enum outcome desk_read_session(struct reader *reader, int64_t id, uint32_t from_turn, const struct operator *who,
                               struct arena *arena, struct session_view *view, struct error *err)
{
    struct reading_session to = {reader, arena, who, view};
    *view = (struct session_view){0};
    enum outcome outcome = desk_begin(reader, err);
    if (outcome == OUTCOME_OK)
        outcome = read_all(&to, id, from_turn, err);
    return desk_end(reader, outcome, err);
}
