/*
 * handset_text: what a person typed, as the text of a request: in a character set that the dialect can name. Pure.
 */
#pragma once
#include "aggregator/door/door.h"

struct handset_words {
    struct span text;
    struct span charset, coding; /* what names its character set; absent: nothing has to */
};
void handset_write_text(const struct shape *shape, struct span typed, struct arena *arena, struct handset_words *out);
