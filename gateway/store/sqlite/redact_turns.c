/* Words that go for good, in turns: what was typed, and screens that repeat it. */
#include "store/sqlite/redact.h"

#include <string.h>
#include "base/duration.h"

#include "store/sqlite/changes.h"
#include "store/sqlite/rows.h"
#include "store/sqlite/turns.h"
#include "text/mask.h"

#define QUIET_MS HOUR_MS /* nobody repeats a message of a session that was silent for so long */

struct read_turn {
    struct turn turn;
    int64_t person; /* whose key sealed it; 0: nobody's */
};

static struct span words_of(const struct turn *turn)
{
    return turn->meaning.len ? turn->meaning : span_trim(turn->input);
}

/* What a repeat is known by tells what was typed to who has the keys and tries: it goes once nobody repeats anything. */
static bool is_quiet(const struct redacting *redacting)
{
    return redacting->session.last_at < redacting->row->at - QUIET_MS;
}

static enum outcome save_turn(const struct redacting *redacting, const struct read_turn *read, struct error *err)
{
    struct store *store = redacting->store;
    const struct turn *turn = &read->turn;
    const struct turn_parts parts = turn_divide(turn, store->scratch);
    struct span sealed = SPAN_NONE;
    enum outcome outcome = seal_for(store, read->person, turn->session, parts.secret, &sealed, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_REDACT_SAVE);
    put_int(&sql, turn->session);
    put_int(&sql, turn->number);
    put_int(&sql, turn->flags);
    put_text(&sql, parts.input);
    put_text(&sql, parts.meaning);
    put_blob(&sql, parts.shown);
    put_blob(&sql, sealed);
    put_int(&sql, (turn->flags & TURN_REDACTED) && is_quiet(redacting));
    return sql_run_one(&sql, OUTCOME_REFUSED, "a turn that is not there", err);
}

/* That it was taken out; and which listed words were heard in it goes as well, not what they meant. */
static enum outcome note_redaction(const struct redacting *redacting, const struct turn *turn, struct error *err)
{
    struct sql note = sql_start(redacting->store, SQL_REDACTION_INSERT);
    put_int(&note, turn->session);
    put_int(&note, turn->number);
    put_int(&note, redacting->row->at);
    put_int(&note, redacting->row->operator);
    put_int(&note, redacting->row->characters);
    enum outcome outcome = sql_run(&note, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql heard = sql_start(redacting->store, SQL_REDACT_HEARD);
    put_int(&heard, turn->session);
    put_int(&heard, turn->number);
    return sql_run(&heard, err);
}

/* The same once more in the same conversation, typed again because it was not understood, or sent twice. */
static bool take_input(const struct redacting *redacting, struct turn *turn)
{
    const bool is_the_one = turn->session == redacting->row->session && turn->number == redacting->row->turn;
    const bool says = turn->session == redacting->row->session &&
                      !(turn->flags & (TURN_SECRET_INPUT | TURN_REDACTED)) &&
                      span_equal(words_of(turn), redacting->words);
    if (!is_the_one && !says)
        return false;
    turn->input = turn->meaning = SPAN_NONE;
    turn->flags |= TURN_REDACTED;
    return true;
}

static bool take_values(const struct redacting *redacting, struct turn *turn)
{
    struct arena *arena = redacting->store->scratch;
    struct span *values = ARENA_ARRAY(arena, struct span, turn->value_count + 1);
    bool any = false;
    for (size_t i = 0; i < turn->value_count; i++) {
        const bool says = mask_words(turn->values[i], redacting->words, arena, &values[i]);
        if (!says)
            values[i] = turn->values[i];
        any = any || says;
    }
    turn->values = values;
    if (any)
        turn->flags |= TURN_SCREEN_REDACTED;
    return any;
}

static enum outcome redact_turn(const struct redacting *redacting, struct read_turn *read, struct error *err)
{
    const bool typed = take_input(redacting, &read->turn);
    const bool shown = take_values(redacting, &read->turn);
    enum outcome outcome = typed || shown ? save_turn(redacting, read, err) : OUTCOME_OK;
    return typed && outcome == OUTCOME_OK ? note_redaction(redacting, &read->turn, err) : outcome;
}

/* What does not open is left out: nobody reads it either. */
static enum outcome read_turns(const struct redacting *redacting, struct sql *sql, struct read_turn **turns,
                               size_t *count, struct error *err)
{
    struct store *store = redacting->store;
    struct error ignored;
    size_t room = 0;
    *turns = NULL;
    *count = 0;
    while (sql_next(sql)) {
        if (*count == room) {
            room = room ? 2 * room : 32;
            struct read_turn *wider = ARENA_ARRAY(store->scratch, struct read_turn, room);
            if (*count)
                memcpy(wider, *turns, *count * sizeof *wider);
            *turns = wider;
        }
        struct read_turn *read = &(*turns)[*count];
        if (take_turn(&store->source, sql, store->scratch, &read->turn, &ignored) == OUTCOME_OK) {
            read->person = take_int(sql);
            (*count)++;
        }
    }
    return sql_end(sql, err);
}

static enum outcome redact_session(const struct redacting *redacting, int64_t session, struct error *err)
{
    struct read_turn *turns = NULL;
    size_t count = 0;
    struct sql sql = sql_start(redacting->store, SQL_REDACT_TURNS);
    put_int(&sql, session);
    enum outcome outcome = read_turns(redacting, &sql, &turns, &count, err);
    for (size_t i = 0; i < count && outcome == OUTCOME_OK; i++)
        outcome = redact_turn(redacting, &turns[i], err);
    return outcome;
}

static enum outcome forget_seen(const struct redacting *redacting, struct error *err)
{
    if (!is_quiet(redacting))
        return OUTCOME_OK;
    struct sql sql = sql_start(redacting->store, SQL_REDACT_SEEN);
    put_int(&sql, redacting->row->session);
    return sql_run(&sql, err);
}

enum outcome redact_sessions(const struct redacting *redacting, struct error *err)
{
    enum outcome outcome = redact_session(redacting, redacting->row->session, err);
    size_t left = REDACTED_MOST;
    for (size_t i = 0; i < redacting->sessions.count && left > 0 && outcome == OUTCOME_OK; i++)
        if (redacting->sessions.at[i] > redacting->row->session) {
            outcome = redact_session(redacting, redacting->sessions.at[i], err);
            left--;
        }
    return outcome == OUTCOME_OK ? forget_seen(redacting, err) : outcome;
}

enum outcome redact_find_words(struct redacting *redacting, struct error *err)
{
    struct read_turn *turns = NULL;
    size_t count = 0;
    struct sql sql = sql_start(redacting->store, SQL_REDACT_TURN);
    put_int(&sql, redacting->row->session);
    put_int(&sql, redacting->row->turn);
    enum outcome outcome = read_turns(redacting, &sql, &turns, &count, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (!turns || (turns->turn.flags & (TURN_SECRET_INPUT | TURN_REDACTED)) || !words_of(&turns->turn).len)
        return error_set(err, OUTCOME_CONFLICT, "nothing is typed at that turn any more");
    redacting->words = words_of(&turns->turn);
    redacting->at = turns->turn.at;
    redacting->person = turns->person;
    return OUTCOME_OK;
}
