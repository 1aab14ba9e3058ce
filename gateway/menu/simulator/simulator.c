#include "menu/simulator.h"
#include <stdio.h>
#include "menu/simulator/simulated.h"

#define REFERENCES_FROM 1

struct simulator *simulator_create(const struct service *service, const struct simulator_options *options)
{
    struct arena *arena = arena_create(64 * 1024);
    struct simulator *simulator = ARENA_NEW(arena, struct simulator);
    simulator->arena = arena;
    simulator->service = service;
    simulator->options = *options;
    simulator->now = options->start_at;
    simulator->references = REFERENCES_FROM;
    simulator->phone = simulated_add_phone(simulator, SIMULATOR_FIRST_PHONE, options->lang);
    return simulator;
}

void simulator_free(struct simulator *simulator)
{
    if (simulator)
        arena_destroy(simulator->arena);
}

void simulator_renew(struct simulator *simulator, struct span lang)
{
    struct simulated_phone *phone = simulator->phone, *next = phone->next;
    *phone = (struct simulated_phone){.next = next, .name = phone->name, .lang = arena_copy(simulator->arena, lang)};
}

void simulator_pick_up(struct simulator *simulator, struct span name)
{
    struct simulated_phone *phone = simulator->phones;
    while (phone && !span_equal(phone->name, name))
        phone = phone->next;
    simulator->phone = phone ? phone : simulated_add_phone(simulator, name, SPAN_NONE);
}

struct span simulator_phone(const struct simulator *simulator)
{
    return simulator->phone->name;
}

void simulator_replace_service(struct simulator *simulator, const struct service *service)
{
    simulator->service = service;
}

bool simulator_is_calling(const struct simulator *simulator)
{
    return simulator->phone->ussd && simulator->phone->ussd->open;
}

void simulator_wait(struct simulator *simulator, int64_t ms)
{
    simulated_pass_time(simulator, simulator->now + ms);
}

bool simulator_read_texts(struct simulator *simulator, struct simulator_view *view)
{
    *view = (struct simulator_view){.channel = CHANNEL_SMS};
    struct simulated_phone *phone = simulator->phone;
    for (size_t i = 0; i < phone->came_count && i < sizeof view->texts / sizeof *view->texts; i++)
        view->texts[view->text_count++] = phone->came[i];
    phone->came_count = 0;
    return view->text_count > 0;
}

void simulator_drop(struct simulator *simulator)
{
    if (simulator->phone->ussd)
        simulator->phone->ussd->open = false;
}

static bool can_be_continued(const struct simulator *simulator, const struct line *line)
{
    return line && line->resumable &&
           simulator->now - line->last_at <= engine_resume_ms(simulator->service, &line->state);
}

/* A new conversation; the one before it on either channel may be offered, or what that one was offering itself. */
static struct line *open_line(struct simulator *simulator)
{
    struct line *line = ARENA_NEW(simulator->arena, struct line);
    simulated_renew_if_silent(simulator);
    const struct line *earlier = simulator->phone->last;
    if (earlier && !earlier->resumable && earlier->offered)
        earlier = earlier->offered;
    if (simulator->phone->sms && !simulator->phone->sms->invited)
        simulator->phone->sms->open = false; /* whoever dials has left it, as whoever writes anew has */
    line->open = true;
    line->state.lang = simulator->phone->lang;
    line->offered = can_be_continued(simulator, earlier) ? earlier : NULL;
    simulator->phone->last = line;
    return line;
}

static void keep_state(struct simulator *simulator, struct session_state *state)
{
    state->at.node = simulated_keep(simulator, state->at.node);
    for (uint8_t i = 0; i < state->history_count; i++)
        state->history[i].node = simulated_keep(simulator, state->history[i].node);
    state->lang = simulated_keep(simulator, state->lang);
    state->topic = simulated_keep(simulator, state->topic);
    state->wanted = simulated_keep(simulator, state->wanted);
}

static size_t answers_of(const struct simulator *simulator, const struct line *line, struct answer *out)
{
    size_t count = 0;
    int64_t entry = line->offered ? line->offered->state.entry : line->state.entry;
    for (size_t i = 0; i < simulator->answer_count; i++)
        if (entry != 0 && simulator->answers[i].entry == entry)
            out[count++] = simulator->answers[i].answer;
    return count;
}

static void next_reference(const struct simulator *simulator, char out[REFERENCE_DIGITS + 1])
{
    char six[16];
    snprintf(six, sizeof six, "%06u", simulator->references % 1000000u);
    reference_complete(six, out);
}

/* A step, and again with what it wanted to know. */
static enum outcome take_step(struct simulator *simulator, struct line *line, const struct engine_input *told,
                              struct engine_result *result, struct error *err)
{
    const struct person_view own = simulated_view(simulator, &(struct line){.acting = 0});
    struct person_view person;
    struct engine_input input = *told;
    enum outcome outcome;
    input.person = &person;
    do {
        person = simulated_view(simulator, line);
        input.own = person.person != own.person ? &own : NULL;
        outcome = engine_step(simulator->service, &input, simulator->arena, result, err);
        if (outcome == OUTCOME_OK && result->wants.kind != WANT_NOTHING)
            simulated_learn(simulator, line, &result->wants, &input.learned);
    } while (outcome == OUTCOME_OK && result->wants.kind != WANT_NOTHING);
    return outcome;
}

/* What the engine is told; `answered` false shows the page. */
struct said {
    bool answered, replay;
    struct span input;
};

static enum outcome step(struct simulator *simulator, struct line *line, enum channel_kind channel,
                         const struct said *said, struct simulator_view *view, struct error *err)
{
    struct answer *answers = ARENA_ARRAY(simulator->arena, struct answer, ANSWERS_KEPT);
    struct session_state state = line->state;
    bool holds = engine_place_holds(simulator->service, &state);
    struct engine_input input = {.state = &state,
                                 .channel = channel,
                                 .carrier =
                                     channel == CHANNEL_USSD ? &simulator->options.ussd : &simulator->options.sms,
                                 .earlier = line->offered ? &line->offered->state : NULL,
                                 .answers = answers,
                                 .answer_count = answers_of(simulator, line, answers),
                                 .answered = said->answered,
                                 .input = said->input,
                                 .replay = said->replay,
                                 .moved = !holds,
                                 .now = simulator->now,
                                 .airtime_free = simulator->options.airtime_free,
                                 .airtime_cost = simulator->options.airtime_cost};
    next_reference(simulator, input.reference);
    *view = (struct simulator_view){.channel = channel, .input = said->answered ? said->input : SPAN_NONE};
    simulated_settle(simulator, line, &state);
    enum outcome outcome = take_step(simulator, line, &input, &view->result, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    line->state = view->result.state;
    keep_state(simulator, &line->state);
    line->last_at = simulator->now;
    line->invited = false;
    line->resumable = view->result.worth_resuming;
    line->open = !view->result.ends;
    simulator->references += view->result.used_reference;
    for (size_t i = 0; i < view->result.effect_count; i++)
        simulated_apply(simulator, line, &view->result.effects[i], view);
    if (channel == CHANNEL_SMS && !simulated_answers(simulator, &view->result))
        return OUTCOME_OK;
    view->screen = screen_plain(view->result.screen, simulator->arena);
    view->measure = screen_measure(view->result.screen);
    view->ends = view->result.ends;
    return OUTCOME_OK;
}

enum outcome simulator_dial(struct simulator *simulator, struct simulator_view *view, struct error *err)
{
    *view = (struct simulator_view){.channel = CHANNEL_USSD};
    if (simulator_is_calling(simulator))
        return error_set(err, OUTCOME_REFUSED, "a call is open already: drop it first");
    simulator->phone->ussd = open_line(simulator);
    return step(simulator, simulator->phone->ussd, CHANNEL_USSD, &(struct said){.answered = false}, view, err);
}

enum outcome simulator_type(struct simulator *simulator, struct span keys, struct simulator_view *view,
                            struct error *err)
{
    *view = (struct simulator_view){.channel = CHANNEL_USSD};
    if (!simulator_is_calling(simulator))
        return error_set(err, OUTCOME_REFUSED, "no call is open: :dial, or :sms TEXT to go on by text");
    const struct said said = {.answered = keys.len > 0, .input = arena_copy(simulator->arena, keys)};
    return step(simulator, simulator->phone->ussd, CHANNEL_USSD, &said, view, err);
}

enum outcome simulator_dial_chain(struct simulator *simulator, struct span parts, struct simulator_view *view,
                                  struct error *err)
{
    *view = (struct simulator_view){.channel = CHANNEL_USSD};
    if (simulator_is_calling(simulator))
        return error_set(err, OUTCOME_REFUSED, "a call is open already: drop it first");
    simulator->phone->ussd = open_line(simulator);
    simulator->phone->ussd->offered = NULL; /* the parts were meant for pages that their sender knows */
    enum outcome outcome =
        step(simulator, simulator->phone->ussd, CHANNEL_USSD, &(struct said){.replay = parts.len > 0}, view, err);
    for (struct span rest = parts; outcome == OUTCOME_OK && span_is_present(rest) && parts.len > 0;) {
        if (view->result.stops_replay || view->result.ends)
            break;
        struct said said = {.answered = true};
        said.input = arena_copy(simulator->arena, span_cut(&rest, '*'));
        said.replay = span_is_present(rest);
        outcome = step(simulator, simulator->phone->ussd, CHANNEL_USSD, &said, view, err);
    }
    return outcome;
}

enum outcome simulator_text(struct simulator *simulator, struct span text, struct simulator_view *view,
                            struct error *err)
{
    struct line *line = simulator->phone->sms;
    *view = (struct simulator_view){.channel = CHANNEL_SMS};
    if (service_is_machine(simulator->service, text, simulator->arena))
        return OUTCOME_OK; /* it is kept, and that is all */
    int64_t silence = line && line->invited ? FOLLOW_UP_ANSWER_MS : service_sms_silence_ms(simulator->service);
    if (line && line->state.opened && silence > SERVICE_OPEN_MS)
        silence = SERVICE_OPEN_MS;
    bool silent = line && simulator->now - line->last_at > silence;
    if (!line || !line->open || silent)
        simulator->phone->sms = open_line(simulator);
    else if (line->invited) {
        simulator->phone->last = line;
        simulator->phone->last_at = simulator->now;
    }
    const struct said said = {.answered = true, .input = arena_copy(simulator->arena, text)};
    return step(simulator, simulator->phone->sms, CHANNEL_SMS, &said, view, err);
}
