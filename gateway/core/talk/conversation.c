#include "core/conversation.h"

#include <string.h>
#include "base/metrics.h"
#include "core/effects.h"
#include "core/talk/manners.h"
#include "core/talk/reopening.h"
#include "core/talk/step.h"
#include "core/common/stray.h"
#include "model/turn.h"
#include "text/digits.h"

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

/* Four digits that no page asked for are a PIN more often than not, typed too early or too late. */
static bool holds_pin(const struct step *step)
{
    struct span rest = step->answer;
    const char separator = step->feed == FEED_REPLAY ? step->message->inbound->separator : '\0';
    while (span_is_present(rest)) {
        const struct span part = digits_to_ascii(span_trim(span_cut(&rest, separator)), step->conversation->arena);
        uint64_t number;
        if (part.len == PIN_DIGITS && span_to_u64(part, &number))
            return true;
    }
    return false;
}

static bool forgets(const struct engine_result *result)
{
    for (size_t i = 0; i < result->effect_count; i++)
        if (result->effects[i].kind == EFFECT_FORGET)
            return true;
    return false;
}

/* Words of their own, and no answer to what was asked: somebody at the desk has to read them. */
static bool is_new_word(const struct step *step)
{
    if (step->message->inbound->kind != INBOUND_SMS || step->failed || step->result.by_keyword)
        return false;
    for (size_t i = 0; i < step->result.effect_count; i++)
        if (step->result.effects[i].kind == EFFECT_TRIAGE)
            return true;
    return holds_words(step);
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
    if (forgets(result)) { /* nothing of what they said is kept, this least of all */
        turn->flags &= ~(unsigned)TURN_SENSITIVE_INPUT;
        turn->flags |= TURN_SECRET_INPUT;
    }
    if (!(turn->flags & TURN_SECRET_INPUT) && holds_words(step))
        turn->flags |= holds_pin(step) ? TURN_SECRET_INPUT : TURN_SENSITIVE_INPUT;
    if (!(turn->flags & TURN_SECRET_INPUT)) {
        turn->input = step->feed == FEED_NOTHING ? SPAN_NONE : step->answer;
        turn->meaning = result->meaning;
    }
    screen_split_values(result->screen, arena, &turn->skeleton, &values, &turn->value_count);
    turn->values = values;
    return turn;
}

/* So that the same message again gets the same answer. Session 0: an acknowledgement was all. */
static void remember(const struct step *step, const struct lookup *message, int64_t session, uint32_t turn)
{
    if (!identity_is_given(message))
        return;
    struct conversation *conversation = step->conversation;
    struct change *change = change_list_add(conversation->changes, CHANGE_MESSAGE_SEEN, step->message->index);
    change->seen.key = *message;
    change->seen.session = session;
    change->seen.turn = turn;
    change->seen.at = conversation->now;
}

static void add_made(const struct step *step, const struct made_turn *made)
{
    struct made_turn *copy = ARENA_NEW(step->conversation->arena, struct made_turn);
    *copy = *made;
    copy->before = step->talk->made;
    step->talk->made = copy;
}

/* The parts before the last were only acknowledged, and are again. */
static void remember_parts(const struct step *step)
{
    const struct lookup *last = &step->message->identity.message;
    for (const struct part *part = step->message->parts; part; part = part->next)
        if (memcmp(&part->message, last, sizeof *last) != 0) {
            remember(step, &part->message, 0, 0);
            if (step->talk)
                add_made(step, &(struct made_turn){.message = part->message});
        }
}

static void save_turn(const struct step *step, struct turn *turn, const struct change_list *pending)
{
    struct conversation *conversation = step->conversation;
    const struct message *message = step->message;
    change_list_append(conversation->changes, pending);
    struct change *change = change_list_add(conversation->changes, CHANGE_TURN, message->index);
    change->turn.row = turn;
    change->turn.person = step->talk->person->row.id;
    remember_parts(step);
    remember(step, &message->identity.message, turn->session, turn->number);
    add_made(step, &(struct made_turn){.session = turn->session,
                                       .repeat = message->identity.repeat,
                                       .message = message->identity.message,
                                       .reply = message->reply});
}

static void save_stray(const struct step *step, const char *why)
{
    const struct conversation *conversation = step->conversation;
    const struct message *message = step->message;
    const struct stray stray = {message->channel, why, stray_raw(message->inbound), message->index,
                                &message->identity.phone};
    stray_add(conversation->changes, conversation->ids, conversation->now, &stray);
}

/* What nobody is answered to comes again all the same, when its acknowledgement was lost on the way. */
static void save_stray_once(const struct step *step, const char *why)
{
    const struct lookup *message = &step->message->identity.message;
    if (identity_is_given(message)) {
        if (step->message->found.message_seen || !working_set_sees_first(step->conversation->set, message)) {
            atomic_fetch_add_explicit(&step->conversation->metrics->repeats, 1, memory_order_relaxed);
            return;
        }
        remember(step, message, 0, 0);
    }
    save_stray(step, why);
}

static void follow(struct step *step)
{
    struct conversation *conversation = step->conversation;
    struct message *message = step->message;
    struct session *row = &step->talk->row;
    struct change_list pending = {.arena = conversation->arena};
    bool was_new = step->talk->is_new;

    if (is_new_word(step))
        reopening_by_word(step, &pending);
    struct turn *turn = make_turn(step);
    row->state = step->result.state;
    effects_apply(conversation, message, step->talk, &step->result, &pending);
    if (turn->flags & (TURN_SENSITIVE_INPUT | TURN_SENSITIVE_SCREEN))
        effects_need_person(conversation, message, step->talk, &pending);
    message->reply.text = screen_plain(step->result.screen, conversation->arena);
    message->reply.ends = step->result.ends;
    message->lang = row->state.lang;
    turn->flags |= answer_send(step, &pending);
    answer_trim(message, turn->flags, &message->reply);

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

/* A dialect that names the caller only once: the number is kept from that request on, or nobody could be called back. */
static enum outcome name_caller(struct step *step, struct party *party, struct error *err)
{
    struct conversation *conversation = step->conversation;
    struct message *message = step->message;
    if (message->inbound->from.text.len) {
        if (message->channel->names_caller_once)
            effects_keep_number(message, party);
        return OUTCOME_OK;
    }
    struct inbound *named = ARENA_NEW(conversation->arena, struct inbound);
    *named = *message->inbound;
    named->from = (struct phone){PHONE_OPAQUE, SPAN_NONE};
    message->inbound = named;
    if (!party->row.has_number)
        return OUTCOME_OK;
    enum outcome outcome =
        store_load_number(conversation->store, party->row.id, conversation->arena, &named->from.text, err);
    if (outcome == OUTCOME_OK)
        named->from.kind = PHONE_NUMBER;
    return outcome == OUTCOME_NOT_FOUND ? OUTCOME_OK : outcome;
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
    if (outcome == OUTCOME_OK)
        outcome = name_caller(step, party, err);
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

/* The dialect names the caller only in the first request, and we never saw that one. */
static void turn_away(const struct step *step)
{
    struct message *message = step->message;
    save_stray_once(step, "unknown_session");
    if (message->inbound->kind == INBOUND_SMS)
        return;
    message->reply.text = service_safety_page(step->service, SPAN_NONE);
    message->reply.ends = true;
    answer_trim(message, 0, &message->reply);
}

/* A part that was taken in before, or one more of a text that is not whole yet: *done, acknowledged or answered as it was. Else
 * the step goes on with the whole text in place of the part. */
static enum outcome take_part(struct step *step, bool *done, struct error *err)
{
    struct message *whole = NULL;
    enum outcome outcome = step->message->is_overdue ? OUTCOME_OK : repeat_answer(step, done, err);
    if (outcome == OUTCOME_OK && !*done)
        outcome = parts_take(step->conversation, step->message, &whole, err);
    *done = *done || !whole;
    if (whole)
        step->message = whole;
    return outcome;
}

static enum outcome answer(struct step *step, struct party *party, struct error *err)
{
    const struct inbound *inbound = step->message->inbound;
    if (inbound->event == INBOUND_CLOSE || inbound->kind == INBOUND_NOTIFY) {
        close_session(step);
        return OUTCOME_OK;
    }
    if (inbound->event == INBOUND_ASK) {
        step->message->reply.is_open = whose_is_open(step);
        return OUTCOME_OK;
    }
    if (!party && step->talk)
        party = step->talk->party;
    if (!party) {
        turn_away(step);
        return OUTCOME_OK;
    }
    if (manners_is_machine(step)) {
        save_stray_once(step, "machine");
        remember_parts(step);
        return OUTCOME_OK;
    }
    return converse(step, party, err);
}

enum outcome conversation_step(struct conversation *conversation, struct message *message, struct error *err)
{
    const struct inbound *inbound = message->inbound;
    struct step step = {
        .conversation = conversation,
        .message = message,
        .service = conversation->catalogue->service_of[message->channel->index],
    };
    if (inbound->kind == INBOUND_UNREADABLE || is_a_machine(inbound)) {
        save_stray_once(&step, inbound->kind == INBOUND_UNREADABLE ? "unreadable" : "not_a_number");
        return OUTCOME_OK;
    }
    struct party *party = identity_is_given(&message->identity.phone)
                              ? working_set_party(conversation->set, &message->identity.phone, &message->found)
                              : NULL;
    step.talk = working_set_talk(conversation->set, &message->identity.session, party, &message->found);
    if (step.talk)
        message->lang = step.talk->row.state.lang;
    bool done = false;
    enum outcome outcome = identity_is_part(inbound) ? take_part(&step, &done, err) : OUTCOME_OK;
    if (outcome == OUTCOME_OK && !done)
        outcome = answer(&step, party, err);
    if (step.message->is_alone) /* what is said to an older text has no place in this request's reply */
        message->reply = step.message->reply;
    return outcome;
}
