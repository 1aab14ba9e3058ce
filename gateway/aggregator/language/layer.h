/*
 * layer: a channel's own settings over those of its profile. A channel can override any field of its profile: what the
 * channel says wins, what it leaves out comes from the profile. Lists are replaced whole, groups are merged member by
 * member.
 */
#pragma once
#include "base/settings.h"

struct layer {
    struct setting over, under; /* the channel's, the profile's; either may be absent */
};

struct setting layer_get(struct layer layer, const char *name);
struct layer layer_group(struct layer layer, const char *name);
bool layer_is_present(struct layer layer);
struct span layer_string(struct layer layer, const char *name, const char *otherwise);
int64_t layer_integer(struct layer layer, const char *name, int64_t otherwise);
bool layer_bool(struct layer layer, const char *name, bool otherwise);

/* Each side against the rules, and both together for what is required. At most 40 rules. Absent: nothing to check. */
void layer_check(struct layer layer, const struct setting_rule *rules, struct problems *problems);
/* A finding for what is missing altogether, at the most helpful place. */
void layer_problem(struct layer layer, struct problems *problems, const char *format, ...) PRINTF_LIKE(3, 4);

/* The value of a setting that may be kept in a file of its own: "@path" is read (one line, trimmed, not readable by
 * others), "@@" starts a literal @. REFUSED or NOT_FOUND with err; never with the value in it. */
enum outcome layer_read_secret(struct span value, struct arena *arena, struct span *out, struct error *err) MUST_CHECK;

/* The entry at `index` of a list whose entries are groups, held against its rules. False: it is none, which is told with what was
 * expected. */
bool layer_entry(struct setting list, size_t index, const char *expected, const struct setting_rule *rules,
                 struct problems *problems, struct setting *entry);
