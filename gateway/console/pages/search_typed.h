/*
 * search_typed: what somebody typed into the search box: a reference with or without its check digit, in any groups and
 * a whole one with words around it, or a number. Pure.
 */
#pragma once
#include "base/arena.h"
#include "base/span.h"

enum search_kind { SEARCH_NOTHING, SEARCH_REFERENCE, SEARCH_PHONE, SEARCH_OTHER };

struct search_typed {
    enum search_kind kind;
    struct span text; /* of a reference its digits alone; else as typed */
};

void search_typed_read(struct span typed, struct arena *arena, struct search_typed *out);
