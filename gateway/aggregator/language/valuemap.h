/*
 * valuemap: what a dialect's words mean: a list of { value = "Success"; means = "delivered"; } compiled at load.
 *
 * A list, because libconfig names can neither begin with a digit nor hold most punctuation. Values match without case.
 */
#pragma once
#include "aggregator/language/layer.h"
#include "base/arena.h"

struct valuemap_entry {
    struct span value;
    int means;
};
struct valuemap {
    const struct valuemap_entry *entries;
    size_t count;
};

/* `meanings` ends with NULL; an entry's `means` is the index in it. */
struct valuemap valuemap_compile(struct setting list, const char *const *meanings, struct arena *arena,
                                 struct problems *problems);
int valuemap_find(const struct valuemap *map, struct span value, int otherwise);

/* The index of a setting's string in `words`, or -1 with a finding that names the nearest. */
int valuemap_word(struct setting setting, const char *const *words, struct problems *problems);
