/*
 * plural: which of a word's forms goes with a count, by the rules that languages share. A language names its rule in
 * words/LANGUAGE/language.conf. Pure; also linked into the compiler, which checks that no form is missing.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include "base/span.h"

enum plural {
    PLURAL_SAME,     /* one form for all */
    PLURAL_ONE,      /* 1; all others */
    PLURAL_NONE_ONE, /* 0 and 1; all others */
    PLURAL_ONE_FEW,  /* 1, 21, 31 ...; 2-4, 22-24 ...; all others */
    PLURAL_COUNT
};

const char *plural_name(enum plural plural); /* "one_few"; NULL past the end */
size_t plural_form_count(enum plural plural);
size_t plural_form_of(enum plural plural, int64_t count); /* from 0 */
