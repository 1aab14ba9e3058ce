/*
 * libFuzzer target for the menu loader: any files are a service or are refused with a finding, and a service that was loaded
 * can be proven, drawn, compared and played without falling over. Input: files in one, each behind a line
 * "=== flow/main.conf" ("=== base/flow/main.conf": of the service that it stands on); what stands before the first such line
 * takes the place of the sample's flow, so that small changes reach deep.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/sample_service.h"
#include "menu/dialogue.h"
#include "menu/difference.h"
#include "menu/graph.h"
#include "menu/proof.h"
#include "menu/simulator.h"

#define FILES_MAX 24
#define MARK "=== "

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* Cuts the next file off; false at the end. */
static bool next_file(struct span *rest, struct service_file *file, struct arena *arena)
{
    if (!span_is_present(*rest) || !span_starts_with(*rest, SPAN(MARK)))
        return false;
    struct span name = span_from(span_cut(rest, '\n'), sizeof MARK - 1);
    struct span body = span_is_present(*rest) ? *rest : SPAN("");
    const char *end = memmem(body.at, body.len, "\n" MARK, sizeof MARK);
    file->name = arena_text(arena, name);
    file->text = end ? span_first(body, (size_t)(end - body.at) + 1) : body;
    *rest = end ? span_from(body, file->text.len) : SPAN_NONE;
    return true;
}

/* A service without a finding answers whatever is typed. */
static void play(const struct service *service)
{
    static const char *const lines[] = {":dial", "1",      "1",       "0",         "2",         "98", "x",
                                        "1",     "9",      ":redial", "1",         "3",         "1",  "1",
                                        "4711",  ":sms 1", "4711",    ":sms STOP", ":wait 32d", "1"};
    struct simulator_options options = dialogue_usual_options();
    options.start_at = 1795255200000;
    struct simulator *simulator = simulator_create(service, &options);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct simulator_view view;
        struct error err;
        bool shown;
        enum outcome outcome = dialogue_perform(simulator, span_of(lines[i]), i % 5 == 4, &view, &shown, &err);
        require(outcome != OUTCOME_BROKEN);
    }
    simulator_free(simulator);
}

static void prove(struct service *service, struct arena *arena)
{
    static const struct proof_channel channels[] = {{"ussd", {160, 70, true}, {NULL, 0}},
                                                    {"sms", {459, 201, false}, {NULL, 0}}};
    struct problems problems;
    struct proof_counts counts;
    problems_init(&problems, arena);
    proof_run(service, channels, 2, &problems, &counts);
    require(span_is_present(service_safety_page(service, SPAN_NONE)));
    require(service_language_count(service) > 0 && counts.nodes > 0);
    if (problems.count == 0)
        play(service);
}

/* Whatever an author writes, it stays between its quotes. */
static void draw(const struct service *service, struct arena *arena)
{
    struct buffer dot;
    bool quoted = false;
    buffer_init(&dot, arena, GRAPH_MAX);
    graph_draw(service, SPAN_NONE, &dot);
    struct span drawn = buffer_span(&dot);
    for (size_t i = 0; i < drawn.len; i++) {
        if (quoted && drawn.at[i] == '\\')
            i++;
        else if (drawn.at[i] == '"')
            quoted = !quoted;
        else
            require(quoted || (drawn.at[i] != '<' && drawn.at[i] != '&' && (drawn.at[i] & 0x80) == 0));
    }
    require(!quoted && !buffer_failed(&dot));
}

/* With itself nothing differs; no key means something else. */
static void compare(const struct service *service, struct arena *arena)
{
    struct difference_counts counts;
    struct problems problems;
    struct buffer out;
    problems_init(&problems, arena);
    buffer_init(&out, arena, DIFFERENCE_MAX);
    difference_read(service, service, &out, &counts);
    difference_check_keys(service, service, &problems);
    require(counts.added + counts.gone + counts.changed == 0 && problems.count == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create(64 * 1024);
    struct service_file files[FILES_MAX];
    struct span rest = {(const char *)data, size};
    struct problems problems;
    struct service *service = NULL;
    struct error err;
    size_t count = 0;
    enum outcome outcome;
    problems_init(&problems, arena);
    if (!span_starts_with(rest, SPAN(MARK))) {
        outcome = sample_parse_with("flow/main.conf", rest, &service, &problems, &err);
    } else {
        while (count < FILES_MAX && next_file(&rest, &files[count], arena))
            count++;
        outcome = service_parse(files, count, &service, &problems, &err);
    }
    require((outcome == OUTCOME_OK) == (problems.count == 0));
    require((outcome == OUTCOME_OK) == (service != NULL));
    if (service) {
        prove(service, arena);
        draw(service, arena);
        compare(service, arena);
    }
    service_free(service);
    arena_destroy(arena);
    return 0;
}
