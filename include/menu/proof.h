/*
 * proof: every screen of a service, in every language, with the longest values, against what each channel carries.
 *
 * Renders through the engine's own drawing, so what is proven is what is served. Also proves the flow: every goto resolves,
 * every node is reachable, none is a dead end, keys are not doubled, danger is within two keys of the first dial. Pure.
 */
#pragma once
#include <stdbool.h>
#include "base/problems.h"
#include "menu/service.h"
#include "text/screen.h"

struct proof_channel {
    const char *name; /* for findings: "at-ussd" */
    struct carrier carrier;
};

struct proof_counts {
    size_t nodes, texts, screens, pages, languages, drafts;
    bool production;
    size_t longest_gsm7, longest_ucs2; /* units of the longest page in each encoding */
};

/* Findings go to `problems`; counts are filled in any case. */
void proof_run(const struct service *service, const struct proof_channel *channels, size_t channel_count,
               struct problems *problems, struct proof_counts *counts);
