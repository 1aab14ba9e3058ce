/*
 * wellformed: whether a rendered body is what its Content-Type says. For templates, tried at load with values as hostile as
 * they come: one forgotten escape is then found by the integrator and not by a person who texts a quotation mark.
 */
#pragma once
#include "aggregator/language/template.h"

/* NULL: it is; otherwise what it is not, in a few words. Types that are not known hold. */
const char *wellformed_complaint(struct span content_type, struct span body, struct arena *arena);

/* What a template is rendered for: which values are ours, and which are whatever the other side wrote. */
enum wellformed_place {
    WELLFORMED_REPLY, /* nothing of a request is known to be harmless */
    WELLFORMED_SEND,  /* `to` is a number, `id` is ours */
    WELLFORMED_PUSH,  /* `to` is as the aggregator wrote it, `id` is ours */
};

/* Renders `t` with hostile values, all of them and only the few that are always there, and reports at `setting` what comes
 * out wrong. An empty template is not looked at. */
void wellformed_check(const struct template *t, enum wellformed_place place, const struct translations *translations,
                      struct span content_type, struct setting setting, struct arena *arena, struct problems *problems);

/* The values that are tried: `all`, with a text that needs UCS-2, or only those that are always there, with one in GSM-7. */
void wellformed_fill(enum wellformed_place place, bool all, struct span values[VALUE_COUNT]);
