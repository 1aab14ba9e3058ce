#include "core/talk/step.h"

#include <string.h>
#include "aggregator/cumulative.h"
#include "base/log.h"
#include "core/talk/cases.h"
#include "core/talk/people.h"
#include "core/talk/reference_pick.h"
#include "model/turn.h"

static bool leads(const struct step *step, struct span text)
{
    const struct session *row = &step->talk->row;
    return text.len >= row->seen_bytes &&
           identity_of_input(step->conversation->keyring, span_first(text, row->seen_bytes)) == row->seen_hash;
}

static void feed_cumulative(struct step *step)
{
    const struct inbound *inbound = step->message->inbound;
    const struct session *row = &step->talk->row;
    if (row->turns == 0) {
        step->feed = inbound->input.len ? FEED_REPLAY : FEED_NOTHING;
        step->way = inbound->input;
        return;
    }
    enum cumulative_kind kind = leads(step, inbound->input) ? cumulative_after(row->seen_bytes, inbound->input,
                                                                               inbound->separator, &step->answer)
                                                            : CUMULATIVE_FOREIGN;
    step->out_of_order = kind == CUMULATIVE_FOREIGN;
    step->feed = kind == CUMULATIVE_ANSWER && step->answer.len ? FEED_ANSWER : FEED_NOTHING;
}

/* Whether what could not be read lies in the answer. A cumulative text holds the unreadable one until its session ends: the
 * answers after it are none the worse. Where no mark of it is left, all is in doubt. */
static bool is_unreadable(const struct inbound *inbound, struct span answer)
{
    static const char mark[] = "\xEF\xBF\xBD"; /* U+FFFD */
    return inbound->undecodable &&
           (memmem(answer.at, answer.len, mark, 3) || !memmem(inbound->input.at, inbound->input.len, mark, 3));
}

static void choose_feed(struct step *step)
{
    const struct inbound *inbound = step->message->inbound;
    bool first = step->talk->row.turns == 0;
    step->answer = inbound->input;
    if (inbound->form == INPUT_CUMULATIVE)
        feed_cumulative(step);
    else if (inbound->kind == INBOUND_SMS)
        step->feed = FEED_ANSWER; /* a first text may be a keyword */
    else if (first && inbound->route.len) {
        step->feed = FEED_REPLAY;
        step->way = inbound->route;
    } else
        step->feed = first || !inbound->input.len ? FEED_NOTHING : FEED_ANSWER;
    if (step->feed == FEED_NOTHING || !is_unreadable(inbound, step->answer))
        return;
    step->answer = SPAN("?"); /* no page takes it: the person gets the page again with its one line */
    step->flags |= TURN_UNDECODABLE;
    step->feed = first ? FEED_NOTHING : FEED_ANSWER;
}

/* What the engine is told of people; again after each thing that it learned. */
struct views {
    struct person_view person, own;
};

static void look_at_people(const struct step *step, struct views *views, struct engine_input *in)
{
    const struct talk *talk = step->talk;
    const bool is_another = talk->person != talk->party->person;
    views->person = people_view(step, talk->person);
    if (is_another)
        views->own = people_view(step, talk->party->person);
    in->person = &views->person;
    in->own = is_another ? &views->own : NULL;
}

/* What a step wants to know before it can be taken. Only a step that gives a reference pays for finding one. */
static enum outcome find_out(struct step *step, struct engine_input *in, bool *again, struct error *err)
{
    const struct engine_result *result = &step->result;
    *again = true;
    in->learned.times++;
    switch (result->wants.kind) {
    case WANT_PIN:
    case WANT_CASE:
        return pins_judge(step, &result->wants, &in->learned, err);
    case WANT_KEPT:
        return case_learn_kept(step->conversation, step->talk->person, &in->learned, err);
    case WANT_ASKED:
        case_learn_asked(step->conversation, step->talk, result->wants.reference, &in->learned);
        return OUTCOME_OK;
    case WANT_NOTHING:
        break;
    }
    *again = result->used_reference && in->reference[0] == '\0';
    return *again ? reference_pick(step->conversation->store, in->reference, err) : OUTCOME_OK;
}

static enum outcome run_engine(struct step *step, struct session_state *state, bool answered, struct span input,
                               bool replay, bool moved, struct error *err)
{
    struct conversation *conversation = step->conversation;
    struct views views;
    struct engine_input in = {
        .state = state,
        .channel = step->message->channel->kind,
        .carrier = &step->message->channel->carrier,
        .earlier = step->earlier,
        .answers = step->talk->answers,
        .answer_count = step->talk->answer_count,
        .answered = answered,
        .input = input,
        .replay = replay,
        .moved = moved,
        .now = conversation->now,
        .airtime_free = step->message->channel->airtime.free,
        .airtime_cost = step->message->channel->airtime.cost,
        .others_served = conversation->catalogue->service_count > 1,
    };
    enum outcome outcome = people_settle(step, state, err);
    for (bool again = true; outcome == OUTCOME_OK && again;) {
        look_at_people(step, &views, &in);
        outcome = engine_step(step->service, &in, conversation->arena, &step->result, err);
        if (outcome == OUTCOME_OK)
            outcome = find_out(step, &in, &again, err);
    }
    return outcome;
}

/* Plays a text that we saw none of, or what was dialled behind the code, part by part; only the last one has effects. What was
 * not played is not kept either: it may be the words of a form that stopped it. */
static enum outcome replay(struct step *step, struct error *err)
{
    const struct inbound *inbound = step->message->inbound;
    struct span *parts;
    size_t count;
    unsigned strip = inbound->form == INPUT_CUMULATIVE ? inbound->strip_parts : 0;
    cumulative_parts(step->way, inbound->separator, strip, step->conversation->arena, &parts, &count);
    step->answer = SPAN_NONE;
    struct session_state state = step->talk->row.state;
    enum outcome outcome = run_engine(step, &state, false, SPAN_NONE, count > 0, false, err);
    for (size_t i = 0; outcome == OUTCOME_OK && i < count && !step->result.stops_replay && !step->result.ends; i++) {
        state = step->result.state;
        outcome = run_engine(step, &state, true, parts[i], i + 1 < count, false, err);
        step->flags |= step->result.turn_flags & (TURN_SENSITIVE_INPUT | TURN_SECRET_INPUT);
        step->answer = span_first(step->way, (size_t)(parts[i].at + parts[i].len - step->way.at));
    }
    if (count)
        step->flags |= TURN_REPLAYED;
    return outcome;
}

static enum outcome play(struct step *step, struct error *err)
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
    log_event(LOG_LEVEL_ERROR, "menu", "step_failed", "session=%lld what=\"%s\"", (long long)step->talk->row.id,
              err->text);
    memset(&step->result, 0, sizeof step->result);
    step->result.state = step->talk->row.state;
    step->result.screen = service_safety_page(step->service, step->talk->row.state.lang);
    step->result.ends = true;
    step->failed = true;
}

void feed_engine(struct step *step)
{
    struct error err;
    choose_feed(step);
    step->talk->person = step->talk->party->person;
    if (play(step, &err) != OUTCOME_OK)
        fall_to_safety(step, &err);
}
