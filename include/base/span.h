/*
 * span: a piece of text that somebody else owns: a pointer and a length, no closing NUL needed.
 *
 * Pure. Spans point into an arena, a request body or a literal; whoever made the span says how long it lives.
 * Text is UTF-8 unless a header says otherwise. An absent span has at == NULL; an empty one has at != NULL, len == 0;
 * the two are not equal.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct span {
    const char *at;
    size_t len;
};

#define SPAN(literal) ((struct span){(literal), sizeof(literal) - 1})
#define SPAN_NONE ((struct span){NULL, 0})
#define SPAN_ARG(s) (int)(s).len, (s).at /* for "%.*s"; evaluates s twice */

struct span span_of(const char *text); /* NULL gives an absent span */
bool span_is_present(struct span s);
bool span_equal(struct span a, struct span b);
bool span_equal_nocase(struct span a, struct span b); /* ASCII letters only */
bool span_equal_text(struct span a, const char *text);
bool span_starts_with(struct span s, struct span prefix);
bool span_holds_nocase(struct span s, struct span word); /* anywhere in it; ASCII letters only */
struct span span_from(struct span s, size_t start);      /* past the end gives an empty span */
struct span span_first(struct span s, size_t len);
struct span span_trim(struct span s); /* ASCII blank, tab, CR, LF at both ends */

/* Cuts at the first `mark`: returns what stands before it and leaves the rest in *s; without the mark returns all of *s
 * and leaves it absent. Lets a caller walk "a*b*c" in a loop on span_is_present. */
struct span span_cut(struct span *s, char mark);

/* Whole span as a decimal number without sign; false when empty, over UINT64_MAX or holding anything but ASCII digits. */
bool span_to_u64(struct span s, uint64_t *out);
bool span_is_digits(struct span s); /* of any number, ASCII, and nothing else; false when empty */
