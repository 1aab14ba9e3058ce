/*
 * gsm7: the GSM 7-bit default alphabet and its extension table (3GPP TS 23.038, 6.2.1 and 6.2.1.1).
 *
 * One table of (code point, septet) pairs serves both directions. Extension characters (^{}[]~|\ and the euro sign) take two
 * septets. National shift tables are not used: they need handset support that basic phones lack. Pure.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/span.h"

bool gsm7_measure(struct span utf8, size_t *septets); /* false when any character is not in the alphabet */
bool gsm7_encode(struct span utf8, struct arena *arena, struct span *septets); /* one septet a byte, unpacked */
bool gsm7_decode(struct span septets, struct arena *arena,
                 struct span *utf8); /* unpacked; false on an undefined code */

/* Look-alikes brought into the alphabet: typographic quotes, dashes, ellipsis, odd blanks. A text that could be sent in 160
 * characters is never sent in 70 for the sake of a curly quote. Other characters stay, so the result may still need UCS-2:
 * segments_plan (text/segments.h) takes it only where it helps. */
struct span gsm7_substitute(struct span utf8, struct arena *arena);
