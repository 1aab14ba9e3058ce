#include "cli/try_phone.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/arena.h"
#include "cli/report.h"
#include "model/turn.h"

#define LINE_MAX_BYTES 2000

struct handset {
    struct simulator *simulator;
    const struct simulator_options *options;
    struct arena *arena; /* for one line */
    bool by_sms, asks;   /* asks: somebody sits at the terminal */
};

static void print_rule(void)
{
    puts("  +----------------------------------------");
}

static void print_screen(const struct handset *handset, const struct simulator_view *view)
{
    const struct carrier *carrier = view->channel == CHANNEL_USSD ? &handset->options->ussd : &handset->options->sms;
    const struct engine_result *result = &view->result;
    struct span language = span_is_present(result->state.lang) ? result->state.lang : SPAN("-");
    if (!span_is_present(view->screen)) {
        puts("  (kept, and not answered)");
        return;
    }
    print_rule();
    for (struct span rest = view->screen; span_is_present(rest);) {
        struct span line = span_cut(&rest, '\n');
        printf("  | %.*s\n", SPAN_ARG(line));
    }
    print_rule();
    printf("  %s, %s, %zu of %zu units, page %u of %u, node %.*s%s%.*s, language %.*s%s\n",
           view->channel == CHANNEL_USSD ? "USSD" : "SMS", view->measure.encoding == ENCODING_GSM7 ? "GSM-7" : "UCS-2",
           view->measure.units, screen_limit(carrier, view->measure.encoding), result->page, result->pages,
           SPAN_ARG(result->state.at.node), span_is_present(result->question) ? "." : "", SPAN_ARG(result->question),
           SPAN_ARG(language), view->ends ? ", the call ends" : "");
}

/* What the turn keeps of what was typed and shown. */
static void print_turn(const struct simulator_view *view)
{
    if (!span_is_present(view->screen))
        return;
    const struct engine_result *result = &view->result;
    const char *sealed = result->turn_flags & TURN_SENSITIVE_INPUT ? " (sealed)" : "";
    fputs("  kept: ", stdout);
    if (result->turn_flags & TURN_SECRET_INPUT)
        fputs("that something was typed, never what; ", stdout);
    else if (span_is_present(view->input)) {
        printf("typed \"%.*s\"", SPAN_ARG(view->input));
        if (span_is_present(result->meaning))
            printf(" as %.*s", SPAN_ARG(result->meaning));
        printf("%s; ", sealed);
    }
    puts(result->turn_flags & TURN_SENSITIVE_SCREEN ? "the screen, its values sealed" : "the screen");
}

static void print_effects(const struct handset *handset, const struct simulator_view *view)
{
    for (size_t i = 0; i < view->result.effect_count; i++) {
        struct span words = simulator_describe(handset->simulator, &view->result.effects[i], handset->arena);
        printf("  + %.*s\n", SPAN_ARG(words));
    }
    for (size_t i = 0; i < view->text_count; i++)
        printf("  a text comes: %.*s\n", SPAN_ARG(view->texts[i]));
}

static enum outcome perform(struct handset *handset, struct span line)
{
    struct simulator_view view;
    struct error err = {0};
    bool shown = false;
    enum outcome outcome = dialogue_perform(handset->simulator, line, handset->by_sms, &view, &shown, &err);
    if (outcome != OUTCOME_OK)
        printf("  %s\n", err.text);
    else if (shown) {
        if (span_is_present(view.screen)) {
            print_screen(handset, &view);
            print_turn(&view);
        }
        print_effects(handset, &view);
    }
    (void)fflush(stdout);
    arena_reset(handset->arena);
    return outcome == OUTCOME_REFUSED ? OUTCOME_OK : outcome;
}

static void prompt(const struct handset *handset)
{
    struct span phone = simulator_phone(handset->simulator);
    if (!handset->asks)
        return;
    if (!span_equal(phone, SIMULATOR_FIRST_PHONE))
        printf("%.*s ", SPAN_ARG(phone));
    fputs(handset->by_sms ? "text> " : "> ", stdout);
    (void)fflush(stdout);
}

static bool read_line(const struct handset *handset, char *line)
{
    prompt(handset);
    if (!fgets(line, LINE_MAX_BYTES, stdin))
        return false;
    line[strcspn(line, "\r\n")] = '\0';
    return strcmp(line, ":quit") != 0;
}

static int talk(struct handset *handset)
{
    char line[LINE_MAX_BYTES];
    enum outcome outcome = handset->by_sms ? OUTCOME_OK : perform(handset, SPAN(":dial"));
    while (outcome == OUTCOME_OK && read_line(handset, line))
        outcome = perform(handset, span_of(line));
    return report_output(outcome == OUTCOME_OK ? EXIT_DONE : EXIT_FINDING);
}

int try_phone(const struct service *service, const struct simulator_options *options, bool by_sms)
{
    struct handset handset = {.simulator = simulator_create(service, options),
                              .options = options,
                              .arena = arena_create(4096),
                              .by_sms = by_sms,
                              .asks = isatty(STDIN_FILENO) != 0};
    if (handset.asks)
        puts("Type keys as on a phone. :drop cuts the line, :redial, :back, :sms TEXT, :wait 2h, :lang bn is a new\n"
             "phone, :phone sister another one, :quit.");
    int code = talk(&handset);
    simulator_free(handset.simulator);
    arena_destroy(handset.arena);
    return code;
}
