/*
 * screen: what fits on a phone's screen or in a text, and where it may be divided.
 *
 * Marked text: run-time values (a reference, an office's name) stand between SCREEN_VALUE_BEGIN and SCREEN_VALUE_END, two
 * control characters that weigh nothing and are never sent. They let the store keep the words once and the values apart.
 * A division never separates a base letter from its signs, nor a conjunct (no cut right after a virama when a consonant
 * follows: grapheme rules before Unicode 15.1 allow it, phones show a broken letter), a surrogate pair, or an escape pair. Pure.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"

#define SCREEN_VALUE_BEGIN '\x01'
#define SCREEN_VALUE_END '\x02'

enum encoding { ENCODING_GSM7, ENCODING_UCS2 };

/* What a channel can carry on one page. Units are septets for GSM-7, UTF-16 code units for UCS-2. */
struct carrier {
    int gsm7_units; /* USSD: 182 by the standard, 160 by many gateways' practice; SMS: all segments allowed */
    int ucs2_units; /* 70 or 80; 0: the channel cannot carry UCS-2 */
    bool paged;     /* USSD: true; SMS: one long text, divided into segments at sending */
};

struct measure {
    enum encoding encoding;
    size_t units;
};

struct measure screen_measure(struct span marked); /* weighs the text without the marks */
bool screen_fits(struct span marked, const struct carrier *carrier);
/* Units of this encoding that one page may hold; 0: the carrier has it not. */
size_t screen_limit(const struct carrier *carrier, enum encoding encoding);

/* A screen before it is laid out. */
struct screen_line {
    struct span text; /* one option "1 Find services", or a paragraph of the body; marked */
    bool keep;        /* an option is never divided; a paragraph may be */
};
struct screen_draft {
    struct span notice; /* one short line above everything on the first page, or absent */
    struct span title;  /* repeated on every page, or absent */
    const struct screen_line *lines;
    size_t line_count;
    struct span more;       /* "98 More": added to every page but the last */
    struct span foot;       /* "0 Back 00 Main": on the last page */
    struct span foot_inner; /* "0 Back": beside `more` on the pages before it */
};

/*
 * Lays the draft out into pages. Each page takes the encoding that its own characters need, options keep their keys, and no
 * page is longer than the carrier allows. One page when !carrier->paged. REFUSED: a single option does not fit a page of its
 * own, or the text needs UCS-2 and the carrier has none (err says which line and by how many units it is over).
 */
enum outcome screen_layout(const struct screen_draft *draft, const struct carrier *carrier, struct arena *arena,
                           struct span **pages, size_t *page_count, struct error *err) MUST_CHECK;

/* Marked text apart: the skeleton (each value replaced by an empty pair of marks) and the values in order; and together. */
void screen_split_values(struct span marked, struct arena *arena, struct span *skeleton, struct span **values,
                         size_t *value_count);
struct span screen_fill_values(struct span skeleton, const struct span *values, size_t value_count,
                               struct arena *arena);
struct span screen_plain(struct span marked, struct arena *arena); /* without the marks: what the person sees */
struct span screen_mark_value(struct span value,
                              struct arena *arena); /* between marks; control characters in it removed */
