#include "core/conversation.h"

#include "base/log.h"
#include "base/metrics.h"
#include "core/effects.h"
#include "core/step.h"
#include "core/stray.h"
#include "model/turn.h"

/* Texts of one conversation that nobody understood, before we fall silent: far more than a person in need sends. */
#define TEXTS_BEFORE_SILENCE 60
#define TEXT_AGAIN_MS ((int64_t)10 * 60 * 1000)
#define KEY_BYTES_MAX 3 /* "00", "98", a mistyped one: more than that are words */

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

static bool has_long_part(struct span text, char separator)
{
    while (span_is_present(text))
        if (span_cut(&text, separator).len > KEY_BYTES_MAX)
            return true;
    return false;
}

/* What no page asked for and is longer than a mistyped key: it may be what somebody could not keep to themselves. */
static bool holds_words(const struct step *step)
{
    if (step->feed == FEED_REPLAY) /* of all its parts only what became of the last is known */
        return has_long_part(step->answer, step->message->inbound->separator);
    bool was_understood = span_is_present(step->result.meaning) && !step->result.bad_input;
    return !was_understood && step->feed != FEED_NOTHING && step->answer.len > KEY_BYTES_MAX;
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
    turn->flags =
        step->flags | result->turn_flags | (result->ends ? TURN_ENDS : 0u) | (result->bad_input ? TURN_BAD_INPUT : 0u);
    if (holds_words(step))
        turn->flags |= TURN_SENSITIVE_INPUT;
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
    made->session = turn->session;
    made->repeat = message->identity.repeat;
    made->message = message->identity.message;
    made->reply = message->reply;
    step->talk->made = made;
}

static void save_stray(const struct step *step, const char *why)
{
    const struct conversation *conversation = step->conversation;
    const struct message *message = step->message;
    const struct stray stray = {message->channel, why, stray_raw(message->inbound), message->index};
    stray_add(conversation->changes, conversation->ids, conversation->now, &stray);
}

/* A machine behind an ordinary number answers every text of ours, and we every one of its: the two would go on until one of
 * them has no money left. What is understood is always answered. */
static bool may_answer_by_text(const struct step *step)
{
    const struct session *row = &step->talk->row;
    int64_t most = TEXTS_BEFORE_SILENCE + (step->conversation->now - row->started_at) / TEXT_AGAIN_MS;
    if (!step->result.bad_input || row->turns < most)
        return true;
    log_event(LOG_LEVEL_NOTICE, "outbox", "too_many_not_understood", "channel=%.*s", SPAN_ARG(row->channel));
    return false;
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
    if (message->inbound->kind == INBOUND_SMS && may_answer_by_text(step))
        effects_queue_text(conversation, message, step->talk, message->channel, message->reply.text, &pending);

    row->turns++;
    row->last_at = conversation->now;
    if (!step->out_of_order) {
        row->seen_bytes = (uint32_t)message->inbound->input.len;
        row->seen_hash = message->identity.repeat;
    }
    row->ended_at = 0; /* a call that was reported as over and goes on was not over */
    row->cause = END_NONE;
    if (step->result.ends)
        whose_end(row, step->failed ? END_FAILED : END_ANSWERED, conversation->now);
    step->talk->is_new = false;

    save_party(step);
    whose_save(step, row, was_new);
    save_turn(step, turn, &pending);
    if (step->flags & TURN_UNDECODABLE)
        save_stray(step, "undecodable");
}

/* ---- the kinds of message ---- */

static void close_session(const struct step *step)
{
    if (!step->talk || step->talk->row.ended_at)
        return;
    enum end_cause cause = step->message->inbound->cause;
    /* "Answered" is ours to say: whoever was shown the safety page as an end comes back to go on. */
    bool is_known = cause != END_NONE && cause != END_ANSWERED;
    whose_end(&step->talk->row, is_known ? cause : END_CLOSED, step->conversation->now);
    whose_save(step, &step->talk->row, false);
}

static enum outcome converse(struct step *step, struct party *party, struct error *err)
{
    bool repeated = false;
    enum outcome outcome = repeat_answer(step, &repeated, err);
    if (outcome != OUTCOME_OK || repeated) {
        if (repeated)
            atomic_fetch_add_explicit(&step->conversation->metrics->repeats, 1, memory_order_relaxed);
        return outcome;
    }
    outcome = whose_session(step, party, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    feed_engine(step);
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
