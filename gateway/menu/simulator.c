#include "menu/simulator.h"
#include <stdio.h>
#include <string.h>
#include "base/clock.h"

#define REQUESTS_KEPT 20
#define ANSWERS_KEPT 400
#define REFERENCES_FROM 1

/* A conversation on one of the two channels. */
struct line {
    struct session_state state;
    bool open, resumable;
    int64_t last_at;
    const struct line *offered; /* the earlier one that it may go on with, or NULL */
};

struct kept_answer {
    int64_t entry;
    struct answer answer;
};

struct simulator {
    const struct service *service;
    struct arena *arena;
    struct simulator_options options;
    int64_t now;
    struct span lang;
    bool opted_out, registered;
    struct line *ussd, *sms, *last; /* `last` is what a new call may go on with */
    struct request requests[REQUESTS_KEPT];
    size_t request_count;
    struct kept_answer answers[ANSWERS_KEPT];
    size_t answer_count;
    int64_t entries;
    unsigned references;
};

struct simulator *simulator_create(const struct service *service, const struct simulator_options *options)
{
    struct arena *arena = arena_create(64 * 1024);
    struct simulator *simulator = ARENA_NEW(arena, struct simulator);
    simulator->arena = arena;
    simulator->service = service;
    simulator->options = *options;
    simulator->now = options->start_at;
    simulator->references = REFERENCES_FROM;
    simulator->lang = arena_copy(arena, options->lang);
    return simulator;
}

void simulator_free(struct simulator *simulator)
{
    if (simulator)
        arena_destroy(simulator->arena);
}

void simulator_renew(struct simulator *simulator, struct span lang)
{
    struct simulator fresh = {.service = simulator->service,
                              .arena = simulator->arena,
                              .options = simulator->options,
                              .now = simulator->now,
                              .references = simulator->references,
                              .lang = arena_copy(simulator->arena, lang)};
    *simulator = fresh;
}

void simulator_replace_service(struct simulator *simulator, const struct service *service)
{
    simulator->service = service;
}

bool simulator_is_calling(const struct simulator *simulator)
{
    return simulator->ussd && simulator->ussd->open;
}

int64_t simulator_now(const struct simulator *simulator)
{
    return simulator->now;
}

void simulator_wait(struct simulator *simulator, int64_t ms)
{
    simulator->now += ms;
}

void simulator_drop(struct simulator *simulator)
{
    if (simulator->ussd)
        simulator->ussd->open = false;
}

static bool can_be_continued(const struct simulator *simulator, const struct line *line)
{
    return line && line->resumable && simulator->now - line->last_at <= service_resume_ms(simulator->service);
}

/* A new conversation; the one before it on either channel may be offered, or what that one was offering itself. */
static struct line *open_line(struct simulator *simulator)
{
    struct line *line = ARENA_NEW(simulator->arena, struct line);
    const struct line *earlier = simulator->last;
    if (earlier && !earlier->resumable && earlier->offered)
        earlier = earlier->offered;
    line->open = true;
    line->state.lang = simulator->lang;
    line->offered = can_be_continued(simulator, earlier) ? earlier : NULL;
    simulator->last = line;
    return line;
}

/* --- effects ------------------------------------------------------------------------------------------------------- */

/* What is kept must outlive the service that it came from: another may take its place. */
static struct span keep(struct simulator *simulator, struct span s)
{
    return arena_copy(simulator->arena, s);
}

static void keep_state(struct simulator *simulator, struct session_state *state)
{
    state->at.node = keep(simulator, state->at.node);
    for (uint8_t i = 0; i < state->history_count; i++)
        state->history[i].node = keep(simulator, state->history[i].node);
    state->lang = keep(simulator, state->lang);
    state->topic = keep(simulator, state->topic);
}

static void keep_answer(struct simulator *simulator, int64_t entry, const struct answer *answer)
{
    if (simulator->answer_count == ANSWERS_KEPT) {
        memmove(simulator->answers, simulator->answers + 1, (ANSWERS_KEPT - 1) * sizeof *simulator->answers);
        simulator->answer_count--;
    }
    simulator->answers[simulator->answer_count++] = (struct kept_answer){
        entry, {keep(simulator, answer->field), keep(simulator, answer->value), answer->sensitive}};
}

static void keep_request(struct simulator *simulator, const struct effect *effect)
{
    size_t kept = simulator->request_count < REQUESTS_KEPT ? simulator->request_count : REQUESTS_KEPT - 1;
    memmove(simulator->requests + 1, simulator->requests, kept * sizeof *simulator->requests);
    simulator->requests[0] = (struct request){.kind = keep(simulator, effect->request_kind),
                                              .topic = keep(simulator, effect->topic),
                                              .urgency = effect->urgency,
                                              .state = REQUEST_WAITING,
                                              .created_at = simulator->now,
                                              .due_at = simulator->now + effect->due_ms};
    memcpy(simulator->requests[0].reference, effect->reference, sizeof effect->reference);
    simulator->request_count = kept + 1;
}

static void cancel_request(struct simulator *simulator, const char *reference)
{
    for (size_t i = 0; i < simulator->request_count; i++)
        if (strcmp(simulator->requests[i].reference, reference) == 0)
            simulator->requests[i].state = REQUEST_CANCELLED;
}

static void forget(struct simulator *simulator)
{
    simulator->request_count = 0;
    simulator->answer_count = 0;
    simulator->registered = false;
}

static void apply_to_phone(struct simulator *simulator, const struct effect *effect, struct simulator_view *view)
{
    switch (effect->kind) {
    case EFFECT_CANCEL:
        cancel_request(simulator, effect->reference);
        break;
    case EFFECT_OPT_OUT:
    case EFFECT_OPT_IN:
        simulator->opted_out = effect->kind == EFFECT_OPT_OUT;
        break;
    case EFFECT_FORGET:
        forget(simulator);
        break;
    case EFFECT_TEXT_ME:
        if (view->text_count < sizeof view->texts / sizeof *view->texts)
            view->texts[view->text_count++] = effect->text;
        break;
    default: /* a PIN is never kept; the rest belongs to the conversation */
        break;
    }
}

static void apply(struct simulator *simulator, struct line *line, const struct effect *effect,
                  struct simulator_view *view)
{
    switch (effect->kind) {
    case EFFECT_OPEN_ENTRY:
        line->state.entry = ++simulator->entries;
        break;
    case EFFECT_SAVE_ANSWER:
        keep_answer(simulator, line->state.entry, &effect->answer);
        break;
    case EFFECT_REQUEST:
        keep_request(simulator, effect);
        line->state.entry = 0;
        break;
    case EFFECT_REGISTER:
        simulator->registered = true;
        line->state.entry = 0;
        break;
    case EFFECT_SET_LANGUAGE:
        simulator->lang = line->state.lang;
        break;
    case EFFECT_CONTINUE:
    case EFFECT_RESTART:
        line->offered = NULL;
        break;
    default:
        apply_to_phone(simulator, effect, view);
        break;
    }
}

/* --- one exchange -------------------------------------------------------------------------------------------------- */

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

/* What the engine is told; `answered` false shows the page. */
struct said {
    bool answered, replay;
    struct span input;
};

static enum outcome step(struct simulator *simulator, struct line *line, enum channel_kind channel,
                         const struct said *said, struct simulator_view *view, struct error *err)
{
    const struct person_view person = {.person = 1,
                                       .opted_out = simulator->opted_out,
                                       .can_be_called = !simulator->options.masked,
                                       .registered = simulator->registered,
                                       .requests = simulator->requests,
                                       .request_count = simulator->request_count};
    struct answer *answers = ARENA_ARRAY(simulator->arena, struct answer, ANSWERS_KEPT);
    struct session_state state = line->state;
    bool holds = engine_place_holds(simulator->service, &state);
    struct engine_input input = {.state = &state,
                                 .channel = channel,
                                 .carrier =
                                     channel == CHANNEL_USSD ? &simulator->options.ussd : &simulator->options.sms,
                                 .earlier = line->offered ? &line->offered->state : NULL,
                                 .person = &person,
                                 .answers = answers,
                                 .answer_count = answers_of(simulator, line, answers),
                                 .answered = said->answered,
                                 .input = said->input,
                                 .replay = said->replay,
                                 .moved = !holds,
                                 .now = simulator->now};
    next_reference(simulator, input.reference);
    *view = (struct simulator_view){.channel = channel};
    enum outcome outcome = engine_step(simulator->service, &input, simulator->arena, &view->result, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    line->state = view->result.state;
    keep_state(simulator, &line->state);
    line->last_at = simulator->now;
    line->resumable = view->result.worth_resuming;
    line->open = !view->result.ends;
    simulator->references += view->result.used_reference;
    for (size_t i = 0; i < view->result.effect_count; i++)
        apply(simulator, line, &view->result.effects[i], view);
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
    simulator->ussd = open_line(simulator);
    return step(simulator, simulator->ussd, CHANNEL_USSD, &(struct said){.answered = false}, view, err);
}

enum outcome simulator_type(struct simulator *simulator, struct span keys, struct simulator_view *view,
                            struct error *err)
{
    *view = (struct simulator_view){.channel = CHANNEL_USSD};
    if (!simulator_is_calling(simulator))
        return error_set(err, OUTCOME_REFUSED, "no call is open: dial first");
    const struct said said = {.answered = keys.len > 0, .input = arena_copy(simulator->arena, keys)};
    return step(simulator, simulator->ussd, CHANNEL_USSD, &said, view, err);
}

enum outcome simulator_dial_chain(struct simulator *simulator, struct span parts, struct simulator_view *view,
                                  struct error *err)
{
    *view = (struct simulator_view){.channel = CHANNEL_USSD};
    if (simulator_is_calling(simulator))
        return error_set(err, OUTCOME_REFUSED, "a call is open already: drop it first");
    simulator->ussd = open_line(simulator);
    simulator->ussd->offered = NULL; /* the parts were meant for pages that their sender knows */
    enum outcome outcome =
        step(simulator, simulator->ussd, CHANNEL_USSD, &(struct said){.replay = parts.len > 0}, view, err);
    for (struct span rest = parts; outcome == OUTCOME_OK && span_is_present(rest) && parts.len > 0;) {
        if (view->result.stops_replay || view->result.ends)
            break;
        struct said said = {.answered = true};
        said.input = arena_copy(simulator->arena, span_cut(&rest, '*'));
        said.replay = span_is_present(rest);
        outcome = step(simulator, simulator->ussd, CHANNEL_USSD, &said, view, err);
    }
    return outcome;
}

enum outcome simulator_text(struct simulator *simulator, struct span text, struct simulator_view *view,
                            struct error *err)
{
    struct line *line = simulator->sms;
    bool silent = line && simulator->now - line->last_at > service_sms_silence_ms(simulator->service);
    if (!line || !line->open || silent)
        simulator->sms = open_line(simulator);
    const struct said said = {.answered = true, .input = arena_copy(simulator->arena, text)};
    return step(simulator, simulator->sms, CHANNEL_SMS, &said, view, err);
}

/* --- in words ------------------------------------------------------------------------------------------------------ */

static struct span day_and_time(const struct simulator *simulator, int64_t at, struct arena *arena)
{
    struct civil civil = clock_civil(at, service_zone_minutes(simulator->service));
    return arena_format(arena, "%04d-%02d-%02d %02d:%02d", civil.year, civil.month, civil.day, civil.hour,
                        civil.minute);
}

static struct span describe_request(const struct simulator *simulator, const struct effect *effect, struct arena *arena)
{
    static const char *const urgencies[] = {
        [URGENCY_NORMAL] = "normal", [URGENCY_SOON] = "soon", [URGENCY_DANGER] = "danger"};
    struct span topic =
        span_is_present(effect->topic) ? arena_format(arena, " topic %.*s", SPAN_ARG(effect->topic)) : SPAN("");
    struct span due = day_and_time(simulator, simulator->now + effect->due_ms, arena);
    return arena_format(arena, "request %.*s %s %s%.*s due %.*s", SPAN_ARG(effect->request_kind), effect->reference,
                        urgencies[effect->urgency], SPAN_ARG(topic), SPAN_ARG(due));
}

static struct span describe_answer(const struct answer *answer, struct arena *arena)
{
    return arena_format(arena, "answer %.*s = %.*s%s", SPAN_ARG(answer->field), SPAN_ARG(answer->value),
                        answer->sensitive ? " (sealed)" : "");
}

struct span simulator_describe(const struct simulator *simulator, const struct effect *effect, struct arena *arena)
{
    switch (effect->kind) {
    case EFFECT_OPEN_ENTRY:
        return arena_format(arena, "open %.*s", SPAN_ARG(effect->name));
    case EFFECT_SAVE_ANSWER:
        return describe_answer(&effect->answer, arena);
    case EFFECT_REQUEST:
        return describe_request(simulator, effect, arena);
    case EFFECT_REGISTER:
        return arena_format(arena, "register %s consent %.*s", effect->reference, SPAN_ARG(effect->consent_version));
    case EFFECT_CANCEL:
        return arena_format(arena, "cancel %s", effect->reference);
    case EFFECT_SET_LANGUAGE:
        return arena_format(arena, "language %.*s", SPAN_ARG(simulator->lang));
    case EFFECT_OPT_OUT:
        return SPAN("opt out");
    case EFFECT_OPT_IN:
        return SPAN("opt in");
    case EFFECT_FORGET:
        return SPAN("forget");
    case EFFECT_SET_PIN:
        return SPAN("pin (never kept)");
    case EFFECT_TEXT_ME:
        return SPAN("text");
    case EFFECT_CONTINUE:
        return SPAN("continue");
    case EFFECT_RESTART:
        return SPAN("restart");
    }
    return SPAN("?");
}
