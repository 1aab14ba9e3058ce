/*
 * demo_parts: what the files of the demonstration share; private to demo.c, demo_call.c (callers), demo_desk.c (operators) and
 * demo_tend.c (the program).
 */
#pragma once
#include "base/metrics.h"
#include "base/random.h"
#include "core/change_list.h"
#include "core/demo.h"
#include "core/desk_run.h"

struct demo {
    struct store *store;
    const struct keyring *keyring;
    struct metrics *metrics; /* its own: what never was is not counted */
    struct id_source ids;    /* of the past: before those of the tick, as their times are */
    struct arena *arena;     /* of one event */
    struct desk *desk;       /* who hears what changed there */
    int64_t tends_at;        /* when the desk is looked after next, by the day's clock; 0: it has not begun */
    bool is_begun;
};

struct demo_event {
    const struct demo *demo;
    const struct catalogue *catalogue;
    const json_t *said;
    int64_t at;
};

enum outcome demo_call(struct demo *demo, const struct demo_event *event, json_t *answer, struct error *err) MUST_CHECK;
enum outcome demo_user(struct demo *demo, const struct demo_event *event, json_t *answer, struct error *err) MUST_CHECK;
enum outcome demo_desk(struct demo *demo, const struct demo_event *event, json_t *answer, struct error *err) MUST_CHECK;

/* At the desk, then. */
struct desk_pass demo_pass(struct demo *demo, const struct catalogue *catalogue, int64_t at);
/* What the program would have done at the desk by itself up to then. */
enum outcome demo_tend(struct demo *demo, const struct catalogue *catalogue, int64_t until,
                       struct error *err) MUST_CHECK;

/* A text of the event, or absent; a number, or 0. */
struct span demo_text(const struct demo_event *event, const char *name);
int64_t demo_number(const struct demo_event *event, const char *name);
enum outcome demo_save(struct demo *demo, const struct change_list *changes, struct error *err) MUST_CHECK;
/* What its channel would have said of a text that has met its fate; of one whose fate is unknown it says nothing. */
void demo_report(const struct outbox_row *text, struct change_list *changes);
