#include "cli/dial_talk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/random.h"
#include "cli/frame.h"
#include "cli/report.h"

/* Texts come one behind the other: after the first, the next ones are near. */
#define MORE_MS 300

static struct span new_id(struct arena *arena)
{
    char hex[21];
    random_hex(hex, 20);
    return arena_format(arena, "dial-%s", hex);
}

/* Reads what the person types; absent when they hang up. */
static struct span read_keys(struct arena *arena, const char *prompt)
{
    char *line = NULL;
    size_t room = 0;
    fputs(prompt, stdout);
    fflush(stdout);
    ssize_t len = getline(&line, &room, stdin);
    struct span keys = SPAN_NONE;
    if (len >= 0)
        keys = arena_copy(arena, (struct span){line, strcspn(line, "\r\n")});
    free(line);
    if (span_is_present(keys) && !isatty(STDIN_FILENO))
        printf("%.*s\n", SPAN_ARG(keys)); /* a terminal shows what is typed; a pipe does not */
    return keys;
}

static int send_at(struct dial_call *call, enum exchange_door door, const struct handset *handset,
                   struct http_response *reply)
{
    struct http_request request;
    struct error err;
    if (handset_request(call->channel, door, handset, clock_utc_ms(), call->arena, &request, &err) != OUTCOME_OK)
        return report_error(EXIT_FINDING, &err);
    return dial_wire_send(call->wire, &request, call->arena, reply);
}

/* The page that the gateway pushes, when the reply has none. */
static int wait_page(struct dial_call *call, struct span *screen, bool *ends)
{
    const struct handset_sent *sent = call->api == NULL ? NULL : dial_api_wait(call->api, call->wait_ms, false);
    if (sent == NULL) {
        fprintf(stderr, "helpline dial: no screen came within %d s; was the gateway started with the --set above?\n",
                call->wait_ms / 1000);
        return EXIT_FINDING;
    }
    *screen = sent->text;
    *ends = sent->ends;
    return EXIT_DONE;
}

/* One screen; *ends when the call is over. */
static int show_screen(struct dial_call *call, bool *ends)
{
    struct http_response reply;
    struct span screen = SPAN_NONE;
    int code = send_at(call, DOOR_IN, &call->handset, &reply);
    if (code != EXIT_DONE)
        return code;
    if (call->channel->pushes)
        code = wait_page(call, &screen, ends);
    else if (handset_screen(call->channel, &reply, call->arena, &screen, ends) != OUTCOME_OK) {
        fprintf(stderr, "helpline dial: the answer is no screen in the dialect of this channel\n");
        code = EXIT_FINDING;
    }
    if (code == EXIT_DONE)
        frame_draw(stdout, screen);
    return code;
}

int dial_talk_ussd(struct dial_call *call)
{
    struct handset *handset = &call->handset;
    unsigned answers = 0;
    handset->session = new_id(call->arena);
    handset->event = INBOUND_NEW;
    handset->text = handset_dial(call->channel, handset->to, call->arena);
    for (;;) {
        bool ends = false;
        handset->id = new_id(call->arena);
        int code = show_screen(call, &ends);
        if (code != EXIT_DONE || ends)
            return code;
        struct span typed = read_keys(call->arena, "> ");
        if (!span_is_present(typed)) {
            puts("\n(hung up)");
            return EXIT_DONE;
        }
        handset->event = INBOUND_RESUME;
        handset->text = handset_type(call->channel, handset->text, answers++, typed, call->arena);
    }
}

static int report_delivery(struct dial_call *call, const struct handset_sent *sent)
{
    struct handset report = {.id = sent->id, .from = sent->to, .to = call->handset.to, .delivery = DELIVERY_DELIVERED};
    struct http_response reply;
    if (!sent->reports) {
        puts("(no report of it was asked for)");
        return EXIT_DONE;
    }
    int code = send_at(call, DOOR_REPORT, &report, &reply);
    if (code == EXIT_DONE)
        puts("(reported as delivered)");
    return code;
}

/* Shows what comes; *any when something did. */
static int show_texts(struct dial_call *call, int wait_ms, bool or_keys, bool *any)
{
    const struct handset_sent *sent;
    int code = EXIT_DONE;
    while (code == EXIT_DONE && (sent = dial_api_wait(call->api, wait_ms, or_keys)) != NULL) {
        if (!*any)
            putchar('\n');
        frame_draw(stdout, sent->text);
        *any = true;
        wait_ms = MORE_MS;
        if (call->reports)
            code = report_delivery(call, sent);
    }
    return code;
}

/* At a terminal texts are shown while nothing is typed. */
static int idle(struct dial_call *call)
{
    bool any = false;
    if (call->api == NULL || !isatty(STDIN_FILENO))
        return EXIT_DONE;
    fputs("text> ", stdout);
    fflush(stdout);
    return show_texts(call, 24 * 3600 * 1000, true, &any);
}

static int send_text(struct dial_call *call, struct span text)
{
    struct http_response reply;
    struct span answer;
    bool any = false;
    call->handset.id = new_id(call->arena);
    call->handset.text = text;
    int code = send_at(call, DOOR_IN, &call->handset, &reply);
    if (code != EXIT_DONE)
        return code;
    if (handset_texted(call->channel, &reply, call->arena, &answer) == OUTCOME_OK) {
        frame_draw(stdout, answer);
        return EXIT_DONE;
    }
    if (call->api != NULL)
        code = show_texts(call, call->wait_ms, isatty(STDIN_FILENO) != 0, &any);
    if (!any)
        puts("(taken; the answer goes out by the channel's own send)");
    return code;
}

int dial_talk_sms(struct dial_call *call)
{
    for (;;) {
        int code = idle(call);
        if (code != EXIT_DONE)
            return code;
        struct span text = read_keys(call->arena, call->api != NULL && isatty(STDIN_FILENO) ? "" : "text> ");
        if (!span_is_present(text)) {
            putchar('\n');
            return EXIT_DONE;
        }
        code = send_text(call, text);
        if (code != EXIT_DONE)
            return code;
    }
}
