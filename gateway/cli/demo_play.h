/*
 * demo_play: a day of the demonstration while it is being played; private to the verb, which is told in four files: demo_play.c
 * (asking the gateway), demo_callers.c (what callers do), demo_operators.c (what the desk does), demo.c (the day, and who works there).
 */
#pragma once
#include <jansson.h>
#include "base/password.h"
#include "cli/demo_cast.h"
#include "core/config.h"

struct demo_play {
    const struct config *config;
    const struct demo_day *day;
    struct arena *arena;
    const struct channel *calls, *texts; /* where callers come in */
    struct demo_cast cast;
    int64_t *operators; /* their ids, by their order in the day */
    char (*passwords)[PASSWORD_MADE + 1];
    size_t sessions, requests, acts, refused;
    char why[ERROR_TEXT_MAX + 64]; /* the first refusal of the desk */
};

/* `event` is taken over. The answer is the caller's. */
enum outcome demo_play_ask(const struct demo_play *play, json_t *event, json_t **answer, struct error *err);
json_t *demo_play_text(struct span text);

/* So much later: some seconds of these, by the seed. */
int64_t demo_play_seconds(struct demo_play *play, uint32_t from, uint32_t to);
int64_t demo_play_read_pause(struct span word); /* "2h", "30m" */

/* One word of what a caller does, or of what is done about a request. */
enum outcome demo_play_call(struct demo_play *play, struct demo_actor *actor, struct span word, struct error *err);
enum outcome demo_play_act(struct demo_play *play, struct demo_actor *actor, struct span word, struct error *err);
