/*
 * given: what was answered in an entry, as this tick leaves it: what it is going to save is not in the store yet.
 */
#pragma once
#include "core/change_list.h"

/* `changes` NULL: nothing waits to be saved. Each field once, with its latest answer. */
enum outcome given_load(struct store *store, const struct change_list *changes, int64_t entry, struct arena *arena,
                        struct answer **answers, size_t *count, struct error *err) MUST_CHECK;
