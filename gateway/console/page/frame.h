/*
 * frame: what stands around every page: title, navigation as far as they may go, counters, theme, the token of forms, and what the
 * page before left to say. visit_frame (door/) fills it; templates/top.html, bottom.html and token.html show it.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/span.h"

struct frame_view {
    const char *title_word; /* of words/ */
    struct span lang;       /* "bn": of the page */
    const char *theme;      /* "light", "dark"; "auto": the browser's */
    bool is_signed_in;
    bool is_locked; /* idle for too long: only the page that asks for the password again */
    struct span operator_name;
    struct span token; /* CSRF */
    struct span
        above; /* of the answer to a form, whose fields hold what was typed before: the page to which it belongs; else absent */

    /* Navigation: what they may open, and where they are ("queue"). */
    bool may_queue, may_sessions, may_outbox, may_users, may_audit;
    bool at_queue, at_sessions, at_outbox, at_users, at_audit, at_settings;

    /* Counters; of the requests that are theirs to see. They follow /live. */
    int64_t unassigned, danger, overdue, mine;
    int64_t since,
        request; /* what /live is told: "new" counts from `since` (queue_counts.newest); the request that is open, or 0 */

    int64_t drafts_shown;        /* texts that callers see and nobody has reviewed; 0: all well */
    const char *flash_word;      /* what the page before left to say; NULL: nothing */
    struct span flash_reference; /* behind it: "482 7153"; or absent */
    int64_t flash_until;         /* until when that waits, which is said behind it; 0: it does not */
    struct span flash_zone;      /* of that time, where it is not the desk's; or absent */
    bool has_shortcuts;
    int64_t lock_ms; /* until the desk locks when nothing is done; 0: it does not */
};

/* Fills at_* by the section's name ("queue", "sessions", "outbox", "users", "audit", "settings"). */
void frame_locate(struct frame_view *frame, const char *section);
