/*
 * dialogue: *.dialogue files, what is typed and what the person then sees. menus/README.md has their language.
 *
 * The player runs them on the simulator. A difference is a finding with file and line; with `update` the file is rewritten
 * instead, its remarks, blank lines and typed lines as they were, so that a change is reviewed as what callers will see.
 */
#pragma once
#include "base/problems.h"
#include "menu/dialogue_nodes.h"
#include "menu/simulator.h"

struct dialogue_counts {
    size_t exchanges;   /* screens that were compared */
    size_t differences; /* blocks that differed */
    bool rewritten;
};

/* Services that were read for one dialogue and serve the next: reading one takes longer than playing it. */
struct dialogue_shelf;
struct dialogue_shelf *dialogue_shelf_create(void);
void dialogue_shelf_free(struct dialogue_shelf *shelf); /* NULL is fine */

struct dialogue_options {
    const char *service_dir;      /* takes the place of the file's `service:`, or is NULL */
    bool update;                  /* rewrite the file with what is shown now */
    struct dialogue_shelf *shelf; /* or NULL: each file reads its service anew */
    struct dialogue_nodes *nodes; /* notes which screens are shown, or NULL */
};

/* REFUSED: findings in `problems`. BROKEN: the file could
 * not be read or written. */
enum outcome dialogue_play(const char *path, const struct dialogue_options *options, struct problems *problems,
                           struct dialogue_counts *counts, struct error *err) MUST_CHECK;

/* What a phone carries unless something else is said: 160 and 70 units a page, texts of three segments. */
struct simulator_options dialogue_usual_options(void);

/* One line as a person gives it to the phone: keys, or ":dial", ":drop", ":redial", ":back", ":wait 2h", ":sms TEXT",
 * ":lang bn", ":phone NAME", ":chain 1*2". `shown` says whether a screen came. REFUSED: it means nothing, or nothing now. */
enum outcome dialogue_perform(struct simulator *simulator, struct span line, bool by_sms, struct simulator_view *view,
                              bool *shown, struct error *err) MUST_CHECK;
