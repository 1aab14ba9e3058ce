#include "core/conversation.h"

#include <string.h>
#include "aggregator/cumulative.h"
#include "base/log.h"
#include "base/metrics.h"
#include "core/effects.h"
#include "menu/engine.h"
#include "model/turn.h"

#define REFERENCE_TRIES 10

/* How the input of a message is to be fed to the engine. */
enum feed {
    FEED_NOTHING, /* show the page where the person stands: a first dial, an empty answer, a text out of order */
    FEED_ANSWER,
    FEED_REPLAY,  /* every part of a cumulative text of a session that we had not seen */
};

struct step {
    struct conversation *conversation;
    struct message *message;
    struct talk *talk;
    const struct service *service;
    enum feed feed;
    struct span answer;
    unsigned flags;                      /* TURN_* that the core knows of */
    const struct session_state *earlier; /* offered to go on with, or NULL */
    struct engine_result result;
};

/* ---- repeats ---- */

static bool is_same_message(const struct made_turn *made, const struct identity *identity, bool by_id)
{
    return by_id ? memcmp(&made->message, &identity->message, sizeof made->message) == 0
                 : made->repeat == identity->repeat;
}

static const struct made_turn *find_made(const struct talk *talk, const struct identity *identity, bool by_id)
{
    for (const struct made_turn *made = talk ? talk->made : NULL; made; made = made->before)
        if (is_same_message(made, identity, by_id))
            return made;
    return NULL;
}

static void reply_from_turn(const struct conversation *conversation, struct message *message, const struct turn *turn)
{
    struct span marked = screen_fill_values(turn->skeleton, turn->values, turn->value_count, conversation->arena);
    message->reply.text = screen_plain(marked, conversation->arena);
    message->reply.ends = (turn->flags & TURN_ENDS) != 0;
}

static enum outcome reply_again(const struct conversation *conversation, struct message *message, int64_t session,
                                uint32_t number, struct error *err)
{
    struct turn turn;
    enum outcome outcome = store_load_turn(conversation->store, session, number, conversation->arena, &turn, err);
    if (outcome == OUTCOME_OK)
        reply_from_turn(conversation, message, &turn);
    return outcome == OUTCOME_NOT_FOUND ? OUTCOME_OK : outcome; /* pruned meanwhile: an acknowledgement is all there is */
}

/* Whether the channel's way of telling repeats applies to the session as it stands. */
static bool may_repeat_step(const struct step *step)
{
    const struct inbound *inbound = step->message->inbound;
    const struct session *row = &step->talk->row;
    if (inbound->form == INPUT_CUMULATIVE)
        return inbound->input.len || row->turns <= 1; /* an empty text starts anew once an answer was given */
    return row->seen_hash == step->message->identity.repeat &&
           step->conversation->now - row->last_at <= step->message->channel->repeat_ms;
}

/* OK and *repeated: the reply is set. Looks at this tick first, then at what the load found. */
static enum outcome answer_repeat(const struct step *step, bool *repeated, struct error *err)
{
    struct message *message = step->message;
    bool by_id = identity_is_given(&message->identity.message);
    const struct made_turn *made = NULL;
    *repeated = true;
    if (by_id) {
        made = find_made(step->talk, &message->identity, true);
        if (made)
            message->reply = made->reply;
        else if (message->found.message_seen)
            return reply_again(step->conversation, message, message->found.seen_session, message->found.seen_turn, err);
        else
            *repeated = false;
        return OUTCOME_OK;
    }
    if (step->talk && may_repeat_step(step)) {
        made = find_made(step->talk, &message->identity, false);
        if (made) {
            message->reply = made->reply;
            return OUTCOME_OK;
        }
        if (message->found.repeated) {
            reply_from_turn(step->conversation, message, message->found.repeated);
            return OUTCOME_OK;
        }
    }
    *repeated = false;
    return OUTCOME_OK;
}

/* ---- whose session ---- */

static bool is_silent_too_long(const struct step *step)
{
    const struct message *message = step->message;
    int64_t silence = message->inbound->kind == INBOUND_SMS ? service_sms_silence_ms(step->service)
                                                             : message->channel->silence_ms;
    return silence > 0 && step->conversation->now - step->talk->row.last_at > silence;
}

/* Whether a message goes on with the session that has its key. Aggregators reuse session ids. */
static bool goes_on(const struct step *step)
{
    const struct inbound *inbound = step->message->inbound;
    const struct session *row = &step->talk->row;
    if (inbound->kind == INBOUND_SMS)
        return !row->ended_at && !is_silent_too_long(step);
    if (row->cause == END_ANSWERED)
        return false;
    if (inbound->form == INPUT_CUMULATIVE)
        return inbound->input.len > 0 || row->turns <= 1;
    return inbound->event != INBOUND_NEW && !is_silent_too_long(step);
}

static void end_session(struct session *row, enum end_cause cause, int64_t now)
{
    if (row->ended_at)
        return;
    row->ended_at = now;
    row->cause = cause;
}

static void save_session(const struct step *step, const struct session *row, bool is_new)
{
    struct session *copy = ARENA_NEW(step->conversation->arena, struct session);
    *copy = *row; /* the tick may change it again */
    struct change *change = change_list_add(step->conversation->changes, CHANGE_SESSION, step->message->index);
    change->session.row = copy;
    change->session.is_new = is_new;
}

static bool can_be_continued(const struct step *step, const struct session *last)
{
    return last && last->cause != END_ANSWERED && span_is_present(last->state.at.node) &&
           step->conversation->now - last->last_at <= service_resume_ms(step->service);
}

/* The session that a returning caller may go on with: the last one, or the one that it was still offering itself. */
static enum outcome find_earlier(struct step *step, struct session *last, struct error *err)
{
    struct conversation *conversation = step->conversation;
    struct talk *talk = step->talk;
    struct session *earlier = last;
    struct answer *answers = talk->party->last_answers;
    size_t count = talk->party->last_answer_count;
    if (last && last->continues) {
        earlier = ARENA_NEW(conversation->arena, struct session);
        enum outcome outcome = store_load_session(conversation->store, last->continues, conversation->arena, earlier, err);
        if (outcome == OUTCOME_OK)
            outcome = store_load_answers(conversation->store, earlier->state.entry, conversation->arena, &answers, &count,
                                         err);
        if (outcome != OUTCOME_OK)
            return outcome == OUTCOME_NOT_FOUND ? OUTCOME_OK : outcome;
    }
    if (!can_be_continued(step, earlier))
        return OUTCOME_OK;
    step->earlier = &earlier->state;
    talk->row.continues = earlier->id;
    talk->answers = answers;
    talk->answer_count = count;
    return OUTCOME_OK;
}

/* The offer that stands from an earlier turn of this session. */
static enum outcome find_standing_offer(struct step *step, struct error *err)
{
    struct conversation *conversation = step->conversation;
    struct talk *talk = step->talk;
    if (!talk->row.continues)
        return OUTCOME_OK;
    struct session *earlier = ARENA_NEW(conversation->arena, struct session);
    enum outcome outcome =
        store_load_session(conversation->store, talk->row.continues, conversation->arena, earlier, err);
    if (outcome == OUTCOME_NOT_FOUND)
        return OUTCOME_OK;
    if (outcome == OUTCOME_OK)
        outcome = store_load_answers(conversation->store, earlier->state.entry, conversation->arena, &talk->answers,
                                     &talk->answer_count, err);
    if (outcome == OUTCOME_OK && can_be_continued(step, earlier))
        step->earlier = &earlier->state;
    return outcome;
}

static enum outcome open_session(struct step *step, struct party *party, struct error *err)
{
    struct conversation *conversation = step->conversation;
    const struct message *message = step->message;
    struct session *last = step->talk ? ARENA_NEW(conversation->arena, struct session) : party->last;
    if (step->talk)
        *last = step->talk->row; /* the same key used anew */
    if (last && !last->ended_at) {
        end_session(last, END_DROPPED, conversation->now);
        save_session(step, last, false);
    }
    if (!party->row.id) {
        party->row.id = id_next(conversation->ids, conversation->now);
        party->row.first_at = conversation->now;
    }
    step->talk = working_set_open(conversation->set, &message->identity.session, party);
    struct session *row = &step->talk->row;
    row->id = id_next(conversation->ids, conversation->now);
    row->phone = party->row.id;
    row->channel = message->channel->id;
    row->kind = message->channel->kind;
    row->started_at = conversation->now;
    row->state.lang = party->row.lang;
    party->row.last_session = row->id;
    party->row.last_at = conversation->now;
    party->changed = true;
    /* A text that already holds answers was given to pages that its sender saw: an offer would misread it. */
    return message->inbound->form == INPUT_CUMULATIVE && message->inbound->input.len ? OUTCOME_OK
                                                                                    : find_earlier(step, last, err);
}

/* ---- what is new in it ---- */

static void feed_cumulative(struct step *step)
{
    const struct inbound *inbound = step->message->inbound;
    const struct session *row = &step->talk->row;
    if (step->talk->is_new && row->turns == 0) {
        step->feed = inbound->input.len ? FEED_REPLAY : FEED_NOTHING;
        return;
    }
    struct span seen = span_first(inbound->input, row->seen_bytes);
    bool leads = seen.len == row->seen_bytes &&
                 identity_of_input(step->conversation->keyring, seen) == row->seen_hash;
    enum cumulative_kind kind =
        leads ? cumulative_after(row->seen_bytes, inbound->input, inbound->separator, &step->answer) : CUMULATIVE_FOREIGN;
    step->feed = kind == CUMULATIVE_ANSWER && step->answer.len ? FEED_ANSWER : FEED_NOTHING;
}

static void choose_feed(struct step *step)
{
    const struct inbound *inbound = step->message->inbound;
    bool first = step->talk->row.turns == 0;
    step->answer = inbound->input;
    if (inbound->undecodable) {
        step->answer = SPAN("?"); /* no page takes it: the person gets the page again with its one line */
        step->flags |= TURN_UNDECODABLE;
        step->feed = first ? FEED_NOTHING : FEED_ANSWER;
    } else if (inbound->form == INPUT_CUMULATIVE) {
        feed_cumulative(step);
    } else if (inbound->kind == INBOUND_SMS) {
        step->feed = FEED_ANSWER; /* a first text may be a keyword */
    } else {
        step->feed = first || !inbound->input.len ? FEED_NOTHING : FEED_ANSWER;
    }
}

/* ---- the engine ---- */

static enum outcome pick_reference(struct conversation *conversation, char out[REFERENCE_DIGITS + 1], struct error *err)
{
    char six[7];
    for (int i = 0; i < REFERENCE_TRIES; i++) {
        random_digits(six, 6);
        reference_complete(six, out);
        enum outcome outcome = store_find_reference(conversation->store, out, err);
        if (outcome == OUTCOME_NOT_FOUND)
            return OUTCOME_OK;
        if (outcome != OUTCOME_OK)
            return outcome;
    }
    return error_set(err, OUTCOME_BROKEN, "no unused reference found in %d tries", REFERENCE_TRIES);
}

static enum outcome run_engine(struct step *step, const struct session_state *state, bool answered, struct span input,
                               bool replay, bool moved, struct error *err)
{
    struct conversation *conversation = step->conversation;
    struct party *party = step->talk->party;
    const struct person_view person = {
        .person = party->row.person,
        .opted_out = party->row.opted_out,
        .can_be_called = step->message->inbound->from.kind == PHONE_NUMBER,
        .registered = party->is_registered,
        .requests = party->requests,
        .request_count = party->request_count,
    };
    struct engine_input in = {
        .state = state,
        .channel = step->message->channel->kind,
        .carrier = &step->message->channel->carrier,
        .earlier = step->earlier,
        .person = &person,
        .answers = step->talk->answers,
        .answer_count = step->talk->answer_count,
        .answered = answered,
        .input = input,
        .replay = replay,
        .moved = moved,
        .now = conversation->now,
        .reference = "0000000",
    };
    enum outcome outcome = engine_step(step->service, &in, conversation->arena, &step->result, err);
    if (outcome != OUTCOME_OK || !step->result.used_reference)
        return outcome;
    /* Only a step that gives a reference pays for finding one: the same pure step again, with a free one. */
    outcome = pick_reference(conversation, in.reference, err);
    return outcome == OUTCOME_OK ? engine_step(step->service, &in, conversation->arena, &step->result, err) : outcome;
}

/* Plays a text that we saw none of, part by part; only the last one has effects. */
static enum outcome replay(struct step *step, struct error *err)
{
    const struct inbound *inbound = step->message->inbound;
    struct span *parts;
    size_t count;
    cumulative_parts(inbound->input, inbound->separator, inbound->strip_parts, step->conversation->arena, &parts, &count);
    struct session_state state = step->talk->row.state;
    enum outcome outcome = run_engine(step, &state, false, SPAN_NONE, count > 0, false, err);
    for (size_t i = 0; outcome == OUTCOME_OK && i < count && !step->result.stops_replay && !step->result.ends; i++) {
        state = step->result.state;
        outcome = run_engine(step, &state, true, parts[i], i + 1 < count, false, err);
    }
    if (count)
        step->flags |= TURN_REPLAYED;
    return outcome;
}

static enum outcome feed_engine(struct step *step, struct error *err)
{
    if (step->feed == FEED_REPLAY)
        return replay(step, err);
    struct session_state state = step->talk->row.state;
    bool moved = span_is_present(state.at.node) && !engine_place_holds(step->service, &state);
    return run_engine(step, &state, step->feed == FEED_ANSWER, step->answer, false, moved, err);
}

/* A proven service does not get here; a person on the line still deserves the emergency numbers. */
static void fall_to_safety(struct step *step, const struct error *err)
{
    log_event(LOG_LEVEL_ERROR, "menu", "step_failed", "session=%lld what=\"%s\"", (long long)step->talk->row.id, err->text);
    memset(&step->result, 0, sizeof step->result);
    step->result.state = step->talk->row.state;
    step->result.screen = service_safety_page(step->service, step->talk->row.state.lang);
    step->result.ends = true;
}

/* ---- what follows ---- */

static void save_party(const struct step *step)
{
    struct party *party = step->talk->party;
    if (!party->changed)
        return;
    struct phone_row *copy = ARENA_NEW(step->conversation->arena, struct phone_row);
    *copy = party->row;
    struct change *change = change_list_add(step->conversation->changes, CHANGE_PHONE, step->message->index);
    change->phone.row = copy;
    change->phone.number = party->number;
    party->changed = party->is_new = false;
    party->number = SPAN_NONE;
}

static struct turn *make_turn(const struct step *step)
{
    struct arena *arena = step->conversation->arena;
    const struct engine_result *result = &step->result;
    struct turn *turn = ARENA_NEW(arena, struct turn);
    struct span *values;
    turn->session = step->talk->row.id;
    turn->number = step->talk->row.turns;
    turn->at = step->conversation->now;
    turn->repeat = step->message->identity.repeat;
    turn->node = result->state.at.node;
    turn->page = result->state.at.page;
    turn->lang = result->state.lang;
    turn->asked = result->asked;
    turn->flags = step->flags | result->turn_flags | (result->ends ? TURN_ENDS : 0u) |
                  (result->bad_input ? TURN_BAD_INPUT : 0u);
    if (!(turn->flags & TURN_SECRET_INPUT)) {
        turn->input = step->feed == FEED_NOTHING ? SPAN_NONE : step->answer;
        turn->meaning = result->meaning;
    }
    screen_split_values(result->screen, arena, &turn->skeleton, &values, &turn->value_count);
    turn->values = values;
    return turn;
}

static void save_turn(const struct step *step, struct turn *turn, const struct change_list *pending)
{
    struct conversation *conversation = step->conversation;
    struct message *message = step->message;
    change_list_append(conversation->changes, pending);
    struct change *change = change_list_add(conversation->changes, CHANGE_TURN, message->index);
    change->turn.row = turn;
    change->turn.person = step->talk->party->row.person;
    if (identity_is_given(&message->identity.message)) {
        change = change_list_add(conversation->changes, CHANGE_MESSAGE_SEEN, message->index);
        change->seen.key = message->identity.message;
        change->seen.session = turn->session;
        change->seen.turn = turn->number;
        change->seen.at = conversation->now;
    }
    struct made_turn *made = ARENA_NEW(conversation->arena, struct made_turn);
    made->before = step->talk->made;
    made->repeat = message->identity.repeat;
    made->message = message->identity.message;
    made->reply = message->reply;
    step->talk->made = made;
}

static void save_stray(const struct step *step, const char *why)
{
    const struct message *message = step->message;
    struct change *change = change_list_add(step->conversation->changes, CHANGE_STRAY, message->index);
    change->stray.id = id_next(step->conversation->ids, step->conversation->now);
    change->stray.at = step->conversation->now;
    change->stray.channel = message->channel->id;
    change->stray.why = span_of(why);
    change->stray.raw = span_is_present(message->inbound->raw) ? message->inbound->raw : message->inbound->input;
}

static void follow(struct step *step)
{
    struct conversation *conversation = step->conversation;
    struct message *message = step->message;
    struct session *row = &step->talk->row;
    struct change_list pending = {.arena = conversation->arena};
    bool was_new = step->talk->is_new;

    struct turn *turn = make_turn(step);
    row->state = step->result.state;
    effects_apply(conversation, message, step->talk, &step->result, &pending);
    if (turn->flags & (TURN_SENSITIVE_INPUT | TURN_SENSITIVE_SCREEN))
        effects_need_person(conversation, message, step->talk->party, &pending);
    message->reply.text = screen_plain(step->result.screen, conversation->arena);
    message->reply.ends = step->result.ends;
    message->lang = row->state.lang;
    if (message->inbound->kind == INBOUND_SMS)
        effects_queue_text(conversation, message, step->talk, message->channel, message->reply.text, &pending);

    row->turns++;
    row->last_at = conversation->now;
    row->seen_bytes = (uint32_t)message->inbound->input.len;
    row->seen_hash = message->identity.repeat;
    row->ended_at = 0; /* a call that was reported as over and goes on was not over */
    row->cause = END_NONE;
    if (step->result.ends)
        end_session(row, END_ANSWERED, conversation->now);
    step->talk->is_new = false;

    save_party(step);
    save_session(step, row, was_new);
    save_turn(step, turn, &pending);
    if (message->inbound->undecodable)
        save_stray(step, "undecodable");
}

/* ---- the kinds of message ---- */

static void close_session(const struct step *step)
{
    if (!step->talk || step->talk->row.ended_at)
        return;
    enum end_cause cause = step->message->inbound->cause;
    end_session(&step->talk->row, cause == END_NONE ? END_CLOSED : cause, step->conversation->now);
    save_session(step, &step->talk->row, false);
}

static enum outcome converse(struct step *step, struct party *party, struct error *err)
{
    bool repeated = false;
    enum outcome outcome = answer_repeat(step, &repeated, err);
    if (outcome != OUTCOME_OK || repeated) {
        if (repeated)
            atomic_fetch_add_explicit(&step->conversation->metrics->repeats, 1, memory_order_relaxed);
        return outcome;
    }
    outcome = step->talk && goes_on(step) ? find_standing_offer(step, err) : open_session(step, party, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    choose_feed(step);
    if (feed_engine(step, err) != OUTCOME_OK)
        fall_to_safety(step, err);
    follow(step);
    return OUTCOME_OK;
}

/* Names and short codes are machines: what they send is kept and never answered, or two machines would talk for ever. */
static bool is_a_machine(const struct inbound *inbound)
{
    return inbound->kind == INBOUND_SMS && inbound->from.kind != PHONE_NUMBER;
}

enum outcome conversation_step(struct conversation *conversation, struct message *message, struct error *err)
{
    const struct inbound *inbound = message->inbound;
    struct step step = {
        .conversation = conversation,
        .message = message,
        .service = conversation->catalogue->service_of[message->channel->index],
    };
    if (is_a_machine(inbound)) {
        save_stray(&step, "not_a_number");
        return OUTCOME_OK;
    }
    struct party *party = identity_is_given(&message->identity.phone)
                              ? working_set_party(conversation->set, &message->identity.phone, &message->found)
                              : NULL;
    step.talk = working_set_talk(conversation->set, &message->identity.session, party, &message->found);
    if (step.talk)
        message->lang = step.talk->row.state.lang;
    if (inbound->event == INBOUND_CLOSE || inbound->kind == INBOUND_NOTIFY) {
        close_session(&step);
        return OUTCOME_OK;
    }
    if (!party && !step.talk) { /* the dialect names the caller only in the first request, and we never saw that one */
        save_stray(&step, "unknown_session");
        message->reply.text = service_safety_page(step.service, SPAN_NONE);
        message->reply.ends = true;
        return OUTCOME_OK;
    }
    return converse(&step, party ? party : step.talk->party, err);
}
