/*
 * screens: each screen's words are stored once; a turn holds their number. What was used lately is remembered, up to a bound.
 */
#pragma once
#include <sqlite3.h>
#include "base/error.h"
#include "base/sealed.h"
#include "base/span.h"

#define SCREENS_KEPT 2048 /* a service of 100 nodes in 3 languages has about 600 */
#define SCREEN_BYTES_MAX 8192

struct screens {
    struct screen_kept *kept;
    size_t count;
};

struct screen_statements {
    sqlite3_stmt *find, *insert;
};

/* The screen's id, stored when new; absent gives 0. REFUSED: longer than SCREEN_BYTES_MAX. */
enum outcome screens_intern(struct screens *screens, const struct screen_statements *statements,
                            const struct keyring *keyring, struct span text, int64_t *id, struct error *err) MUST_CHECK;
void screens_drop(struct screens *screens); /* after a rollback, and at the end */
