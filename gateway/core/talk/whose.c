#include <string.h>
#include "core/talk/manners.h"
#include "core/talk/people.h"
#include "menu/follow_up.h"

/* A text session that began with a text of ours, and has no turn yet. */
static bool was_invited(const struct session *row)
{
    return row->kind == CHANNEL_SMS && row->turns == 0;
}

static bool is_silent_too_long(const struct step *step)
{
    const struct message *message = step->message;
    int64_t silence =
        message->inbound->kind == INBOUND_SMS ? service_sms_silence_ms(step->service) : message->channel->silence_ms;
    if (was_invited(&step->talk->row))
        silence = FOLLOW_UP_ANSWER_MS;
    if (step->talk->row.state.opened && (silence == 0 || silence > SERVICE_OPEN_MS))
        silence = SERVICE_OPEN_MS; /* what somebody opened with their PIN does not wait for whoever comes next */
    return silence > 0 && step->conversation->now - step->talk->row.last_at > silence;
}

static bool holds_answers(const struct inbound *inbound)
{
    size_t parts = inbound->input.len > 0;
    for (size_t i = 0; i < inbound->input.len; i++)
        parts += inbound->input.at[i] == inbound->separator;
    return parts > inbound->strip_parts;
}

bool whose_is_open(const struct step *step)
{
    return step->talk && !step->talk->row.ended_at && !is_silent_too_long(step);
}

bool whose_starts_anew(const struct inbound *inbound, const struct session *row)
{
    return !holds_answers(inbound) && row->seen_bytes > inbound->input.len;
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
    if (inbound->form == INPUT_CUMULATIVE) /* without an answer in it, it is the page of a first dial in any case */
        return !whose_starts_anew(inbound, row) && !(inbound->event == INBOUND_NEW && holds_answers(inbound));
    return inbound->event != INBOUND_NEW && !is_silent_too_long(step);
}

void whose_end(struct session *row, enum end_cause cause, int64_t now)
{
    if (row->ended_at)
        return;
    row->ended_at = now;
    row->cause = cause;
}

/* Somebody asks after a case and has not given its PIN. */
static bool seeks(const struct step *step, const struct session *row)
{
    const struct talk *talk = step->talk;
    if (!row->state.reference[0] || row->state.acting || !talk || row != &talk->row)
        return false;
    for (size_t i = 0; talk->person && i < talk->person->request_count; i++)
        if (strcmp(talk->person->requests[i].reference, row->state.reference) == 0)
            return false;
    return true;
}

void whose_save(const struct step *step, const struct session *row, bool is_new)
{
    struct session *copy = ARENA_NEW(step->conversation->arena, struct session);
    *copy = *row; /* the tick may change it again */
    struct change *change = change_list_add(step->conversation->changes, CHANGE_SESSION, step->message->index);
    change->session.row = copy;
    change->session.is_new = is_new;
    change->session.seeks = seeks(step, row);
}

static bool can_be_continued(const struct step *step, const struct session *last)
{
    return last && last->cause != END_ANSWERED && engine_worth_resuming(step->service, &last->state) &&
           step->conversation->now - last->last_at <= engine_resume_ms(step->service, &last->state);
}

static enum outcome load_earlier(const struct step *step, int64_t id, struct error *err)
{
    struct conversation *conversation = step->conversation;
    struct talk *talk = step->talk;
    struct session *earlier = ARENA_NEW(conversation->arena, struct session);
    enum outcome outcome = store_load_session(conversation->store, id, conversation->arena, earlier, err);
    if (outcome == OUTCOME_NOT_FOUND)
        return OUTCOME_OK; /* forgotten or pruned meanwhile: there is nothing to go on with */
    if (outcome != OUTCOME_OK)
        return outcome;
    talk->earlier = earlier;
    return earlier->state.entry ? store_load_answers(conversation->store, earlier->state.entry, conversation->arena,
                                                     &talk->answers, &talk->answer_count, err)
                                : OUTCOME_OK;
}

/* The offer that stands from an earlier turn of this session. */
static enum outcome find_standing_offer(struct step *step, struct error *err)
{
    const struct talk *talk = step->talk;
    enum outcome outcome =
        talk->row.continues && !talk->earlier ? load_earlier(step, talk->row.continues, err) : OUTCOME_OK;
    if (outcome == OUTCOME_OK && talk->row.continues && can_be_continued(step, talk->earlier))
        step->earlier = &talk->earlier->state;
    return outcome;
}

/* What a party did last, before the session at hand. */
struct previous {
    struct session *row;     /* NULL: nothing */
    const struct talk *talk; /* the same, when this tick has it in its hands */
};

static struct previous previous_of(const struct party *party)
{
    return party->latest ? (struct previous){&party->latest->row, party->latest} : (struct previous){party->last, NULL};
}

/* What a returning caller may go on with: where the previous session stopped, or, when that was nowhere worth going back to,
 * the one that it was still offering itself. */
static enum outcome find_earlier(struct step *step, const struct previous *previous, struct error *err)
{
    struct talk *talk = step->talk;
    if (!previous->row)
        return OUTCOME_OK;
    bool own = can_be_continued(step, previous->row);
    int64_t id = own ? previous->row->id : previous->row->continues;
    if (!id)
        return OUTCOME_OK;
    if (previous->talk && (own || previous->talk->earlier)) {
        talk->earlier = own ? previous->row : previous->talk->earlier;
        talk->answers = previous->talk->answers;
        talk->answer_count = previous->talk->answer_count;
    } else {
        enum outcome outcome = load_earlier(step, id, err);
        if (outcome != OUTCOME_OK)
            return outcome;
    }
    talk->row.continues = can_be_continued(step, talk->earlier) ? id : 0;
    return find_standing_offer(step, err);
}

static void end_dropped(const struct step *step, struct session *row)
{
    if (!row || row->ended_at)
        return;
    whose_end(row, END_DROPPED, step->conversation->now);
    whose_save(step, row, false);
}

static struct talk *new_talk(const struct step *step, struct party *party)
{
    struct conversation *conversation = step->conversation;
    const struct message *message = step->message;
    struct talk *talk = working_set_open(conversation->set, &message->identity.session, party);
    struct session *row = &talk->row;
    row->id = id_next(conversation->ids, conversation->now);
    row->phone = party->row.id;
    row->channel = message->channel->id;
    row->kind = message->channel->kind;
    row->started_at = conversation->now;
    row->state.lang = party->row.lang;
    party->row.last_session = row->id;
    party->row.last_at = conversation->now;
    party->changed = true;
    return talk;
}

static enum outcome open_session(struct step *step, struct party *party, struct error *err)
{
    struct conversation *conversation = step->conversation;
    const struct inbound *inbound = step->message->inbound;
    people_renew_if_silent(step, party);
    const struct previous previous = previous_of(party);
    end_dropped(step, previous.row);
    if (step->talk)
        end_dropped(step, &step->talk->row); /* the same key used anew */
    if (!party->row.id) {
        party->row.id = id_next(conversation->ids, conversation->now);
        party->row.first_at = conversation->now;
    }
    step->talk = new_talk(step, party);
    if (previous.row)
        manners_go_on(step, previous.row);
    /* Answers to pages that their sender saw, or a way from the first page: an offer in between would misread them. */
    bool misleads = inbound->form == INPUT_CUMULATIVE ? holds_answers(inbound) : inbound->route.len > 0;
    return misleads ? OUTCOME_OK : find_earlier(step, &previous, err);
}

/* They answer our text: from here on it is what they did last. */
static void take_up_invite(struct step *step, struct party *party)
{
    struct talk *talk = step->talk;
    if (talk->is_new || !was_invited(&talk->row) || party->row.last_session == talk->row.id)
        return;
    end_dropped(step, previous_of(party).row);
    party->row.last_session = talk->row.id;
    party->row.last_at = step->conversation->now;
    party->latest = talk;
    party->changed = true;
}

enum outcome whose_session(struct step *step, struct party *party, struct error *err)
{
    if (!step->talk || !goes_on(step))
        return open_session(step, party, err);
    take_up_invite(step, party);
    return find_standing_offer(step, err);
}
