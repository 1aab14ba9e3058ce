/*
 * proof: every screen of a service, in every language, with the longest values, against what each channel carries.
 *
 * Renders through the engine's own drawing, so what is proven is what is served. Also proves the flow: every goto resolves,
 * every node is reachable, none is a dead end, keys are not doubled, danger is within two keys of the first dial. Pure.
 */
#pragma once
#include "base/problems.h"
#include "menu/service.h"
#include "text/screen.h"

struct proof_channel {
    const char *name; /* for findings: "at-ussd" */
    struct carrier carrier;
    struct span airtime_cost; /* what a call costs there, or absent */
};

struct proof_counts {
    size_t nodes, texts, screens, pages, languages, drafts;
    size_t drafts_shown;                 /* to callers: service_drafts_shown */
    size_t ways, forms, questions, keys; /* gotos; forms; what is asked, in forms and outside; options */
    size_t most_keys;                    /* options on one page; at most seven are read */
    size_t near_danger, danger_keys; /* pages from which danger is promised near, and how many keys it takes at most */
    size_t offices, stale;           /* of the directory; see proof_directory */
    size_t longest_gsm7, longest_ucs2; /* units of the longest page in each encoding */
};

/* Findings go to `problems`; counts are filled in any case. */
void proof_run(const struct service *service, const struct proof_channel *channels, size_t channel_count,
               struct problems *problems, struct proof_counts *counts);

/* Adds to `stale` a line for each office that nobody has verified for too long at `as_of` (OFFICE_STALE_DAYS), or
 * that is verified after it. Apart from the rest: what was proven yesterday would not hold today. */
void proof_directory(const struct service *service, int64_t as_of, struct problems *stale, struct proof_counts *counts);
