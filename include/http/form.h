/*
 * form: application/x-www-form-urlencoded bodies and query strings, decoded strictly. Pure.
 * WHATWG URL standard 5.1 (https://url.spec.whatwg.org/#urlencoded-parsing), with what it forgives refused.
 */
#pragma once
#include <stddef.h>
#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/span.h"

#define FORM_PAIRS_MAX 64

struct pair {
    struct span name, value; /* decoded bytes, not yet checked as UTF-8; never with NUL in a name */
};

/* REFUSED: a bad %-escape, a NUL, a control character in a name, more than FORM_PAIRS_MAX pairs. err names the offset, never
 * the bytes. An empty text gives no pairs. Nameless pairs ("&=&") are dropped: aggregators send them. */
enum outcome form_decode(struct span text, struct arena *arena, struct pair **pairs, size_t *count,
                         struct error *err) MUST_CHECK;
struct span form_find(const struct pair *pairs, size_t count,
                      struct span name); /* ASCII case ignored; first one; or absent */
void form_encode(struct span value,
                 struct buffer *out); /* %XX but for unreserved characters of RFC 3986; blank as %20 */
