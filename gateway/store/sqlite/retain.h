/*
 * retain: what goes by its age. Each class is a table, a condition and what is done with a row; the store walks it in small steps,
 * `helpline retention` counts it. Private to gateway/store/sqlite/.
 */
#pragma once
#include "store/sqlite/writer.h"

/* ?1: UTC ms before which it is due; ?2: a JSON list of the numbers of the words that are complaints. */
struct retain_class {
    enum retained what;
    const char *walk;  /* id and whether it is due; ?3: ids above, ?4: how many */
    const char *count; /* of what is due */
};
extern const struct retain_class retain_classes[RETAINED_COUNT];

#define RETAIN_KINDS_MAX 64
#define RETAIN_LIST_BYTES (RETAIN_KINDS_MAX * 21 + 3)
bool retain_complaints(const struct words *words, const struct retention *retention, char list[RETAIN_LIST_BYTES]);
int64_t retain_before(const struct retention *retention, enum retained what, int64_t now);
