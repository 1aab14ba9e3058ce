#include "core/step.h"

static bool is_silent_too_long(const struct step *step)
{
    const struct message *message = step->message;
    int64_t silence =
        message->inbound->kind == INBOUND_SMS ? service_sms_silence_ms(step->service) : message->channel->silence_ms;
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

void whose_end(struct session *row, enum end_cause cause, int64_t now)
{
    if (row->ended_at)
        return;
    row->ended_at = now;
    row->cause = cause;
}

void whose_save(const struct step *step, const struct session *row, bool is_new)
{
    struct session *copy = ARENA_NEW(step->conversation->arena, struct session);
    *copy = *row; /* the tick may change it again */
    struct change *change = change_list_add(step->conversation->changes, CHANGE_SESSION, step->message->index);
    change->session.row = copy;
    change->session.is_new = is_new;
}

static bool can_be_continued(const struct step *step, const struct session *last)
{
    return last && last->cause != END_ANSWERED && engine_worth_resuming(step->service, &last->state) &&
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
        enum outcome outcome =
            store_load_session(conversation->store, last->continues, conversation->arena, earlier, err);
        if (outcome == OUTCOME_OK)
            outcome = store_load_answers(conversation->store, earlier->state.entry, conversation->arena, &answers,
                                         &count, err);
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
        whose_end(last, END_DROPPED, conversation->now);
        whose_save(step, last, false);
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

enum outcome whose_session(struct step *step, struct party *party, struct error *err)
{
    return step->talk && goes_on(step) ? find_standing_offer(step, err) : open_session(step, party, err);
}
