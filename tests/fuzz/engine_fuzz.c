/*
 * libFuzzer target for the engine: whatever is typed, texted, dropped, waited or changed, a proven service answers with a page
 * that fits its channel, and the state that comes back is one that it knows.
 *
 * Input: lines as a dialogue types them (":drop", ":sms stop", "1"); a line that begins with '!' sets up a state that no
 * conversation makes, from its bytes, and steps over it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/sample_service.h"
#include "menu/dialogue.h"
#include "menu/engine.h"
#include "menu/model.h"
#include "text/utf8.h"

#define LINES_MAX 200

static void require(bool holds)
{
    if (!holds)
        abort();
}

static struct service *the_service(void)
{
    static struct service *service;
    struct arena *arena = arena_create(4096);
    struct problems problems;
    struct error err;
    problems_init(&problems, arena);
    if (!service)
        require(sample_parse_changed(NULL, NULL, NULL, arena, &service, &problems, &err) == OUTCOME_OK);
    arena_destroy(arena);
    return service;
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

static void talk(struct simulator *simulator, const struct service *service, struct span rest, struct arena *arena)
{
    const struct simulator_options usual = dialogue_usual_options();
    for (size_t i = 0; i < LINES_MAX && span_is_present(rest); i++) {
        struct span line = span_cut(&rest, '\n');
        struct simulator_view view;
        struct error err;
        bool shown = false;
        if (span_starts_with(line, SPAN("!"))) {
            step_over_odd_state(service, span_from(line, 1), arena);
            continue;
        }
        enum outcome outcome = dialogue_perform(simulator, line, i % 7 == 6, &view, &shown, &err);
        require(outcome == OUTCOME_OK || outcome == OUTCOME_REFUSED);
        if (outcome == OUTCOME_OK && shown)
            check(service, &view.result, view.channel == CHANNEL_USSD ? &usual.ussd : &usual.sms);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct service *service = the_service();
    struct span typed = {(const char *)data, size};
    if (!utf8_is_valid(typed))
        return 0; /* the core hands over nothing else */
    struct arena *arena = arena_create(16 * 1024);
    struct simulator_options options = dialogue_usual_options();
    options.start_at = 1795255200000;
    struct simulator *simulator = simulator_create(service, &options);
    talk(simulator, service, typed, arena);
    simulator_free(simulator);
    arena_destroy(arena);
    return 0;
}
