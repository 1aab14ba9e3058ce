/*
 * steps: the turns of a session as a transcript says them. Pure: no visit, no words; what a page may show of them is given.
 * Private to the pages.
 */
#pragma once
#include "menu/service.h"
#include "store/desk_reader.h"
#include "text/screen.h"

/* What decides how the steps of one session are said. */
struct steps_rule {
    const struct service *service; /* NULL: none is served any more */
    const struct carrier *carrier; /* of the channel, or NULL */
    struct span lang;              /* of who looks */
    int zone_minutes;
    bool is_sms;
    bool may_see_sealed;
    bool in_my_language; /* the screens in `lang`, where the service's words alone made them */
};

struct step_line {
    unsigned number; /* from 1; its anchor is "step-1" */
    int64_t at, gap_ms;
    bool has_gap, is_new_day;

    /* what came in */
    struct span input, meaning; /* meaning: in words; absent where it says no more than the input */
    bool has_input, is_free;    /* free: their own words */
    bool is_bad, is_undecodable, is_secret, is_sealed, is_input_gone;

    /* what was shown */
    struct span screen, lang, node, node_words;
    bool is_screen_sealed, is_screen_gone, is_translated;
    const char *encoding;         /* "GSM-7"; NULL: there is no screen to measure */
    unsigned units, limit, texts; /* limit 0: not known; texts: of an SMS */
    unsigned page;                /* from 1; 0: the first, and nothing says that there are more */
    bool ends, is_replayed, offers_resume, is_in_reply;

    /* what it meant to us */
    bool is_danger;
    struct span heard; /* listed words that were heard in it, joined by ", " */
    struct span rules; /* the service's names for what they mean */
};

/* Those of one page of a transcript. */
struct steps_view {
    struct step_line *lines;
    size_t line_count;
    bool hides_sealed; /* something is in them that is not theirs to see */
    bool is_danger;
};

/* A line for each turn; `before`: when the turn before the first one was, 0: there is none. */
void steps_fill(const struct session_view *session, const struct steps_rule *rule, int64_t before, struct arena *arena,
                struct steps_view *view);
