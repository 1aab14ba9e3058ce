#include "menu/engine.h"
#include <string.h>
#include "menu/engine/listed.h"
#include "menu/engine/step.h"
#include "model/turn.h"
#include "text/digits.h"
#include "text/screen.h"

/* The page of a place question is packed with what was looked up (place.h); of all others it is the page. */
static unsigned split_page(const struct question *question, uint16_t stored, struct place_match *match)
{
    unsigned page = stored;
    *match = (struct place_match){0, 0};
    if (question->type == QUESTION_PLACE && (stored == 0 || !place_unpack(question->list, stored, match, &page))) {
        *match = (struct place_match){0, 0};
        page = 0;
    }
    return page;
}

/* Answers `98`: false when there is no further page. */
static bool turn_page(struct step *step, const struct question *question)
{
    struct scene scene = step_scene(step);
    struct session_state *state = step->state;
    unsigned page = split_page(question, state->at.page, &scene.match);
    struct drawn drawn;
    struct error err;
    if (!scene_is_paged(question, step->in->carrier) || scene_draw(&scene, step->arena, &drawn, &err) != OUTCOME_OK ||
        page + 1 >= drawn.page_count)
        return false;
    state->bad_answers = 0;
    if (scene.match.count > 0)
        return place_pack(scene.match, page + 1, &state->at.page);
    state->at.page++;
    return true;
}

static void note_asked(struct step *step, const struct node *node, const struct question *question)
{
    step->result->asked = node->id;
    if (question->sensitive || node->sensitive)
        step->result->turn_flags |= TURN_SENSITIVE_INPUT;
    if (question_is_secret(question))
        step->result->turn_flags |= TURN_SECRET_INPUT;
}

/* A key, or an answer of the page's own kind. */
static void take_key(struct step *step, const struct node *node, const struct question *question)
{
    struct span key = digits_key(step->in->input, step->arena);
    if (span_equal_text(key, "0"))
        step_back(step);
    else if (span_equal_text(key, "00"))
        step_main(step);
    else if (pin_is_shut(step, node))
        return; /* it was open when it was shown */
    else if (!span_equal_text(key, "98") || !turn_page(step, question))
        step_answer(step, node, question);
}

static void take_input(struct step *step)
{
    const struct node *node = step_node(step);
    const struct question *question = step_question(step);
    struct listed_hit hit = listed_find(step, question);
    note_asked(step, node, question);
    if (hit.triage.rule)
        triage_note(step, &hit.triage);
    if (hit.keyword)
        listed_follow(step, hit.keyword);
    if (hit.answers)
        take_key(step, node, question);
    if (hit.triage.rule)
        triage_lead(step, &hit.triage);
}

/* A text may come first that means something by itself; anything else only wakes the first page, or what was left. */
static void begin(struct step *step)
{
    const struct session_state *earlier = step->in->earlier;
    struct listed_hit hit = step->in->answered ? listed_find(step, NULL) : (struct listed_hit){.keyword = NULL};
    if (earlier && !span_is_present(step->state->lang))
        step->state->lang = earlier->lang;
    if (hit.triage.rule)
        triage_note(step, &hit.triage);
    if (hit.keyword)
        listed_follow(step, hit.keyword);
    else if (!hit.triage.rule)
        step_return(step);
    if (hit.triage.rule)
        triage_lead(step, &hit.triage);
}

static void move(struct step *step)
{
    const struct engine_input *in = step->in;
    if (!span_is_present(step->state->at.node)) {
        begin(step);
        return;
    }
    if (!step_question(step) || in->moved) {
        step->notice = NOTICE_MOVED;
        step->state->bad_answers = 0;
        if (!step_question(step))
            (void)engine_place_holds(step->service, step->state);
        return;
    }
    if (in->answered && span_trim(in->input).len > 0)
        take_input(step);
}

static void describe(struct step *step, const struct node *node)
{
    struct engine_result *result = step->result;
    bool resuming = node == step->service->resume.node;
    result->ends = node->ends;
    result->stops_replay = step->held || !node->shortcut || resuming;
    result->worth_resuming = engine_worth_resuming(step->service, step->state);
    result->used_reference = step->used_reference;
    if (resuming && step->in->earlier)
        result->turn_flags |= TURN_OFFERS_RESUME;
    if (node->sensitive)
        result->turn_flags |= TURN_SENSITIVE_SCREEN;
}

static bool show_still(const struct step *step, const struct question *question)
{
    const struct still *still = &question->stills[step_language(step)->index];
    if (!span_is_present(still->text) || step->notice != NOTICE_NONE || step->state->at.page != 0)
        return false;
    if (still->measure.units > screen_limit(step->in->carrier, still->measure.encoding))
        return false;
    step->result->screen = still->text;
    step->result->page = step->result->pages = 1;
    return true;
}

/* The same page with one short line: above it, or where its title stands; a page that is full to the last letter stays as it is.
 * Its options are the ones that were there, so that 98 goes on where they end. */
static struct span with_notice(struct step *step, struct span notice, const struct drawn *drawn, struct span page)
{
    struct span above = arena_format(step->arena, "%.*s\n%.*s", SPAN_ARG(notice), SPAN_ARG(page));
    if (screen_fits(above, step->in->carrier))
        return above;
    if (!span_is_present(drawn->title) || !span_starts_with(page, drawn->title))
        return page;
    struct span instead =
        arena_format(step->arena, "%.*s%.*s", SPAN_ARG(notice), SPAN_ARG(span_from(page, drawn->title.len)));
    return screen_fits(instead, step->in->carrier) ? instead : page;
}

static enum outcome show_drawn(struct step *step, const struct question *question, struct error *err)
{
    struct scene scene = step_scene(step);
    struct drawn drawn;
    size_t page = split_page(question, step->state->at.page, &scene.match);
    struct span notice = scene.notice;
    scene.notice = SPAN_NONE;
    enum outcome outcome = scene_draw(&scene, step->arena, &drawn, err);
    if (outcome != OUTCOME_OK)
        return error_set(err, OUTCOME_BROKEN, "the node %.*s does not fit its channel", SPAN_ARG(question->node->id));
    if (page >= drawn.page_count)
        page = step->state->at.page = 0;
    step->result->screen = drawn.pages[page];
    step->result->page = (unsigned)page + 1;
    step->result->pages = (unsigned)drawn.page_count;
    if (span_is_present(notice))
        step->result->screen = with_notice(step, notice, &drawn, drawn.pages[page]);
    if (drawn.sensitive)
        step->result->turn_flags |= TURN_SENSITIVE_SCREEN;
    return OUTCOME_OK;
}

static enum outcome show(struct step *step, struct error *err)
{
    const struct node *node = step_node(step);
    const struct question *question = step_question(step);
    if (step->broken || !question)
        return error_set(err, OUTCOME_BROKEN, "the flow breaks at %s",
                         step->broken ? step->broken_at : "the first page");
    describe(step, node);
    step->result->question = node->kind == NODE_FORM ? question->id : SPAN_NONE;
    step->state->shape = question->shape;
    return show_still(step, question) ? OUTCOME_OK : show_drawn(step, question, err);
}

static void hand_out_effects(struct step *step)
{
    struct engine_result *result = step->result;
    if (step->in->replay || step->held || step->effect_count == 0)
        return;
    struct effect *effects = ARENA_ARRAY(step->arena, struct effect, step->effect_count);
    memcpy(effects, step->effects, step->effect_count * sizeof *effects);
    result->effects = effects;
    result->effect_count = step->effect_count;
}

/* The core finds it out and comes again; who is never content would hold every other caller. */
static enum outcome want_more(const struct step *step, struct error *err)
{
    if (step->in->learned.times < ENGINE_WANTS_MAX)
        return OUTCOME_OK;
    return error_set(err, OUTCOME_BROKEN, "node %.*s wants to know more than %d things in one step",
                     SPAN_ARG(step->state->at.node), ENGINE_WANTS_MAX);
}

enum outcome engine_step(const struct service *service, const struct engine_input *input, struct arena *arena,
                         struct engine_result *result, struct error *err)
{
    struct step step = {.service = service, .in = input, .arena = arena, .result = result, .state = &result->state};
    step.person = *input->person;
    *result = (struct engine_result){.state = *input->state};
    move(&step);
    if (result->wants.kind != WANT_NOTHING)
        return want_more(&step, err);
    if (step.held) { /* what only a person may do is left to the person */
        result->state = *input->state;
        step.used_reference = false;
        step.due_at = 0;
    }
    if (step_wants_kept(&step)) {
        result->wants.kind = WANT_KEPT;
        return want_more(&step, err);
    }
    pin_shut(&step);
    hand_out_effects(&step);
    result->manner = listed_manner(&step);
    return show(&step, err);
}
