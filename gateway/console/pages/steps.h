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
    bool may_see_sealed, may_redact;
    bool in_my_language; /* the screens in `lang`, where the service's words alone made them */
};

/* What may be said of what came in. */
enum step_typed {
    TYPED_NOTHING,
    TYPED_DIALLED, /* nothing yet: the call began */
    TYPED_SHOWN,
    TYPED_SECRET,      /* a PIN: that one was typed */
    TYPED_REDACTED,    /* somebody took it out */
    TYPED_UNDECODABLE, /* it was in no character set that the channel has */
    TYPED_GONE,        /* destroyed */
    TYPED_SEALED,      /* not for who looks */
    TYPED_DAMAGED      /* what is kept of it does not open */
};

struct step_line {
    unsigned number; /* from 1; its anchor is "step-1" */
    int64_t at, gap_ms;
    bool has_gap, is_new_day;

    /* what came in */
    enum step_typed typed;
    struct span input, meaning; /* TYPED_SHOWN; meaning: in words, absent where it says no more than the input */
    bool is_free, is_bad;       /* free: their own words */
    bool may_redact;            /* these may be taken out, by who looks */
    int64_t redacted_at;        /* TYPED_REDACTED, with how many characters it had and who did it, or absent */
    unsigned redacted;
    struct span redacted_by;

    /* what was shown */
    struct span screen, lang, node, node_words;
    bool is_screen_sealed, is_screen_gone, is_screen_redacted, is_translated;
    bool is_as_shown;             /* the reader asked for their own language, and these words were not found in it */
    const char *encoding;         /* "GSM-7"; NULL: there is no screen to measure */
    unsigned units, limit, texts; /* limit 0: not known; texts: of an SMS */
    unsigned page, pages;         /* which it was, from 1, of how many; 0: not known */
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
    int64_t session, request; /* as transcript_view has them: for the addresses of buttons */
    bool is_since;
    struct span list; /* as transcript_list has its query */
};

/* A line for each turn; `before`: when the turn before the first one was, 0: there is none. */
void steps_fill(const struct session_view *session, const struct steps_rule *rule, int64_t before, struct arena *arena,
                struct steps_view *view);
