/*
 * libFuzzer target for the engine: whatever is typed, texted, dropped, waited or changed, a proven service answers with a page
 * that fits its channel, the state that comes back is one that it knows, and nobody sees a guarded page but who gave its PIN.
 *
 * Input: lines as a dialogue types them (":drop", ":sms stop", "1"); a line that begins with '!' sets up a state that no
 * conversation makes, from its bytes, and steps over it; ":publish" puts the next service under the running calls. A first line
 * "shared" or "infoline" begins with that service: PINs and cases from other phones; or all that there is.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/sample_service.h"
#include "../unit/shared_phone.h"
#include "menu/dialogue.h"
#include "menu/engine.h"
#include "menu/service/model.h"
#include "menu/simulator/simulated.h"
#include "text/utf8.h"

#define LINES_MAX 200

static void require(bool holds)
{
    if (!holds)
        abort();
}

enum { SAMPLE, SHARED, INFOLINE, SERVICES };

static const struct service_file shared_files[] = {
    {"service.conf", {shared_service, sizeof shared_service - 1}},
    {"flow/main.conf", {shared_flow, sizeof shared_flow - 1}},
    {"text/en.conf", {shared_text, sizeof shared_text - 1}},
};

static struct service *load(int which)
{
    struct arena *arena = arena_create(4096);
    struct service *service = NULL;
    struct problems problems;
    struct error err;
    problems_init(&problems, arena);
    if (which == SAMPLE)
        require(sample_parse_changed(NULL, NULL, NULL, arena, &service, &problems, &err) == OUTCOME_OK);
    else if (which == SHARED)
        require(service_parse(shared_files, 3, &service, &problems, &err) == OUTCOME_OK);
    else /* run from the project's folder */
        require(service_load("menus/infoline", &service, &problems, &err) == OUTCOME_OK);
    arena_destroy(arena);
    return service;
}

static struct service *the_service(int which)
{
    static struct service *services[SERVICES];
    if (!services[which])
        services[which] = load(which);
    return services[which];
}

static void check(const struct service *service, const struct engine_result *result, const struct carrier *carrier)
{
    require(result->screen.len > 0 && screen_fits(result->screen, carrier));
    require(utf8_is_valid(result->screen));
    require(service_find_node(service, result->state.at.node) != NULL);
    require(result->state.history_count <= HISTORY_MAX && result->state.bad_answers < 3);
}

static struct place odd_place(struct span bytes, size_t i)
{
    static const char *const nodes[] = {"main", "call", "reg",  "area",   "which", "mine", "resume", "pin",
                                        "send", "gone", "long", "danger", "lang",  "gate", "offer"};
    unsigned char byte = (unsigned char)bytes.at[i % bytes.len];
    return (struct place){span_of(nodes[byte % 15]), (uint16_t)(byte * 257u)};
}

static void step_over_odd_state(const struct service *service, struct span bytes, struct arena *arena)
{
    static const struct carrier carrier = {160, 70, true};
    static const struct answer answers[] = {{{"safe", 4}, {"other", 5}, true}, {{"needs", 5}, {"job  none", 9}, false}};
    const struct person_view person = {.person = 1, .registered = bytes.len % 2, .has_pin = bytes.len % 7 > 3};
    const struct person_view own = {.person = 2};
    struct session_state state = {.lang = bytes.len % 3 ? SPAN("bn") : SPAN("zz"), .entry = bytes.len % 5};
    struct engine_result result;
    struct error err;
    if (bytes.len < 4 || !utf8_is_valid(span_from(bytes, 4))) /* the cut may have parted a character */
        return;
    state.at = odd_place(bytes, 0);
    state.form_step = (uint8_t)bytes.at[1];
    state.bad_answers = (uint8_t)bytes.at[2] % 3;
    state.history_count = (uint8_t)((unsigned char)bytes.at[3] % (HISTORY_MAX + 1));
    for (size_t i = 0; i < HISTORY_MAX; i++)
        state.history[i] = odd_place(bytes, 4 + i);
    struct session_state earlier = state;
    if (bytes.at[3] & 64)
        state.at.node = SPAN_NONE;
    const struct engine_input input = {
        .state = &state,
        .earlier = bytes.at[3] & 32 ? &earlier : NULL,
        .carrier = &carrier,
        .person = &person,
        .own = bytes.at[2] & 64 ? &own : NULL,
        .learned = {.verdict = (enum verdict)((unsigned char)bytes.at[2] % 4), .person = 1},
        .answers = answers,
        .answer_count = 2,
        .answered = true,
        .replay = bytes.at[3] & 16,
        .moved = bytes.at[3] & 8,
        .input = span_from(bytes, 4),
        .now = 1795255200000,
        .reference = "0000013"};
    enum outcome outcome = engine_step(service, &input, arena, &result, &err);
    require(outcome == OUTCOME_OK || outcome == OUTCOME_BROKEN);
    if (outcome == OUTCOME_OK && result.wants.kind == WANT_NOTHING)
        check(service, &result, &carrier);
    (void)engine_place_holds(service, &state);
}

static bool sets_pin(const struct engine_result *result)
{
    for (size_t i = 0; i < result->effect_count; i++)
        if (result->effects[i].kind == EFFECT_SET_PIN)
            return true;
    return false;
}

/* Whoever is meant has no PIN, or it was given in this conversation. */
static void check_guard(const struct simulator *simulator, const struct engine_result *result)
{
    const struct service *service = simulator->service;
    const struct node *node = service_find_node(service, result->state.at.node);
    const struct session_state *state = &result->state;
    int64_t whose = state->acting ? state->acting : simulator->phone->person;
    const struct simulated_person *person = simulated_find_person(simulator, whose);
    require(!state->acting || state->opened == state->acting);
    if (node && node->guarded && service->pin.node && person && person->pin[0])
        require(state->opened == whose || state->opened == 0);
    if (node && node->guarded && service->pin.node && person && person->pin[0] && state->opened == 0)
        require(sets_pin(result)); /* it was chosen just now */
}

struct talking {
    struct simulator *simulator;
    int which; /* of the services */
};

static void say(struct talking *talking, struct span line, bool by_sms, struct arena *arena)
{
    const struct simulator_options usual = dialogue_usual_options();
    struct simulator_view view;
    struct error err;
    bool shown = false;
    if (span_equal_text(line, ":publish")) {
        talking->which = (talking->which + 1) % SERVICES;
        simulator_replace_service(talking->simulator, the_service(talking->which));
        return;
    }
    if (span_starts_with(line, SPAN("!"))) {
        step_over_odd_state(the_service(talking->which), span_from(line, 1), arena);
        return;
    }
    enum outcome outcome = dialogue_perform(talking->simulator, line, by_sms, &view, &shown, &err);
    require(outcome == OUTCOME_OK || outcome == OUTCOME_REFUSED);
    if (outcome != OUTCOME_OK || !shown || view.result.screen.len == 0)
        return; /* no call is open, a machine wrote, or a text came by itself */
    check(the_service(talking->which), &view.result, view.channel == CHANNEL_USSD ? &usual.ussd : &usual.sms);
    check_guard(talking->simulator, &view.result);
}

static int which_begins(struct span *rest)
{
    static const char *const names[SERVICES] = {"sample", "shared", "infoline"};
    struct span after = *rest, first = span_cut(&after, '\n');
    for (int i = 0; i < SERVICES; i++)
        if (span_equal_text(first, names[i])) {
            *rest = after;
            return i;
        }
    return SAMPLE;
}

static void talk(struct span rest, struct arena *arena)
{
    struct talking talking = {.which = which_begins(&rest)};
    struct simulator_options options = dialogue_usual_options();
    options.start_at = 1795255200000;
    talking.simulator = simulator_create(the_service(talking.which), &options);
    for (size_t i = 0; i < LINES_MAX && span_is_present(rest); i++)
        say(&talking, span_cut(&rest, '\n'), i % 7 == 6, arena);
    simulator_free(talking.simulator);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span typed = {(const char *)data, size};
    if (!utf8_is_valid(typed))
        return 0; /* the core hands over nothing else */
    struct arena *arena = arena_create(16 * 1024);
    talk(typed, arena);
    arena_destroy(arena);
    return 0;
}
