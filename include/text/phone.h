/*
 * phone: numbers as channels write them, brought to one form. Pure.
 *
 * E.164 with its plus is the one form ("+8801712345678"); a number stays TEXT for ever. A national number that the channel's
 * rules do not resolve keeps its zeros, and its plus ("0711082123", "+0712345678"). What is no number stays as it came:
 * an alphanumeric sender ("MTN"), a short code, a masked token. Those are never answered by themselves.
 */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"

enum phone_kind {
    PHONE_NUMBER, /* can be called and texted */
    PHONE_SHORT,  /* 3 to 8 digits: a short code */
    PHONE_OPAQUE, /* a masked token: an identity without a number to call */
    PHONE_ALPHA,  /* an alphanumeric sender name */
};

struct phone_rules {
    struct span country;            /* calling code without plus, "880"; absent: national forms are not resolved */
    struct span trunk;              /* trunk prefix, "0"; absent: none */
    int national_min, national_max; /* digits after the calling code */
};

struct phone {
    enum phone_kind kind;
    struct span text; /* the one form */
};

/* Takes "+880 1712-345678", "8801712345678", "01712345678", "008801...", " 880..." (a plus that arrived as a blank) and
 * "tel:...". REFUSED: empty, or over 128 bytes. */
enum outcome phone_read(struct span raw, const struct phone_rules *rules, struct arena *arena,
                        struct phone *out) MUST_CHECK;

/* "•••• 78": a number that is kept, as it is shown to who did not ask for it. Absent: it has no more than those two. */
struct span phone_masked(struct span number, struct arena *arena);
/* The same of a number as somebody typed it, maybe behind something else ("2*4*01700 000678"): whatever is no digit stays, and so do
 * the last two digits, all in ASCII. Absent: it has no more digits than those. */
struct span phone_masked_typed(struct span typed, struct arena *arena);

/* Nobody has such a number and nobody can get one: its code is spare in E.164 (three times the digit nine). Demonstrations are made
 * of them, and nothing is ever sent there. */
bool phone_is_of_nobody(struct span text);
#define PHONE_OF_NOBODY_MAX 16
void phone_make_of_nobody(unsigned number, char out[PHONE_OF_NOBODY_MAX]); /* below a hundred million; each another */
