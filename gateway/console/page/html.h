/*
 * html: a page being written, and how values become text in it: escaped for where they stand, in the digits, dates and words of who
 * looks. The functions that templates are compiled to call these; nothing else writes HTML. Private to the console.
 *
 * A page that would not fit HTML_BYTES fails as a whole (html_failed): it is never cut.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/buffer.h"
#include "console/page/words.h"

#define HTML_BYTES (4 * 1024 * 1024)

/* How this operator's pages say things. */
struct html_style {
    const struct words *words; /* words.h: one language of the console */
    int zone_minutes;          /* east of UTC */
    int64_t now;
};

struct html {
    struct buffer text;
    struct html_style style;
};

void html_init(struct html *html, struct arena *arena, const struct html_style *style);

void html_literal(struct html *html, struct span literal); /* of a template, as it stands */

/* By type, in text: & < > " ' escaped. Numbers in local digits. */
void html_span(struct html *html, struct span s);
void html_text(struct html *html, const char *text);
void html_number(struct html *html, int64_t number);
void html_unsigned(struct html *html, uint64_t number);
/* In a quoted attribute that is no address: the same characters; numbers in ASCII digits, for machines. */
void html_attribute_number(struct html *html, int64_t number);
void html_attribute_unsigned(struct html *html, uint64_t number);
/* A part of an address, behind its beginning: percent-encoded, so that it stays the part that it is. */
void html_url_span(struct html *html, struct span s);
void html_url_text(struct html *html, const char *text);
/* A whole address of this site, or the beginning of one: a path ("/queue?state=open"), a query or a fragment. It keeps / ? & = # and
 * escapes what they leave. Anything else, another site or "javascript:", becomes "#". */
void html_address_span(struct html *html, struct span s);
void html_address_text(struct html *html, const char *text);

/* clang-format off */
#define html_by_type(value, span_, text_, number_, unsigned_) _Generic((value), struct span: span_, const char *: text_, \
    char *: text_, bool: number_, int: number_, unsigned: number_, long: number_, long long: number_, \
    unsigned long: unsigned_, unsigned long long: unsigned_, unsigned short: number_, unsigned char: number_)
#define html_put(html, value) html_by_type(value, html_span, html_text, html_number, html_unsigned)((html), (value))
#define html_put_attribute(html, value) \
    html_by_type(value, html_span, html_text, html_attribute_number, html_attribute_unsigned)((html), (value))
#define html_put_url(html, value) \
    html_by_type(value, html_url_span, html_url_text, html_attribute_number, html_attribute_unsigned)((html), (value))
#define html_put_address(html, value) \
    _Generic((value), struct span: html_address_span, const char *: html_address_text, char *: html_address_text)((html), (value))
/* What a value is when it goes into words: text as it is, numbers in local digits. */
#define html_value(html, value) \
    html_by_type(value, html_value_span, html_value_text, html_value_number, html_value_unsigned)((html), (value))
#define html_has(value) _Generic((value), struct span: html_has_span, const char *: html_has_text, char *: html_has_text, \
    bool: html_has_number, int: html_has_number, unsigned: html_has_number, long: html_has_number, \
    long long: html_has_number, unsigned long: html_has_unsigned, unsigned long long: html_has_unsigned, \
    unsigned short: html_has_number, unsigned char: html_has_number, default: html_has_pointer)((value))
/* clang-format on */
bool html_has_span(struct span s); /* present and not empty */
bool html_has_text(const char *text);
bool html_has_pointer(const void *pointer);
bool html_has_number(int64_t number);
bool html_has_unsigned(uint64_t number);
struct span html_value_span(struct html *html, struct span s);
struct span html_value_text(struct html *html, const char *text);
struct span html_value_number(struct html *html, int64_t number);
struct span html_value_unsigned(struct html *html, uint64_t number);

/* Digits of who looks for those of ASCII; everything else stays. */
struct span html_digits(const struct html_style *style, struct span ascii, struct arena *arena);

/* Times, in the zone of the style, with a <time datetime="..."> around them. 0: "never" or nothing. */
void html_time(struct html *html, int64_t at);    /* "14:05", of another day with its date */
void html_date(struct html *html, int64_t at);    /* "22 Nov 2026" */
void html_clock(struct html *html, int64_t at);   /* "14:05:09": its day stands elsewhere */
void html_moment(struct html *html, int64_t at);  /* "22 Nov 2026, 14:05" */
void html_ago(struct html *html, int64_t at);     /* "5 min ago", "in 2 h": in words, made new by the page's script */
void html_span_ms(struct html *html, int64_t ms); /* "1 min 20 s" */

/* Words of the console: {1}, {2} in them stand for the values, which are escaped. With a count the right plural form, {n} is the count. */
void html_word(struct html *html, enum word word);
void html_word_with(struct html *html, enum word word, struct span first, struct span second);
void html_word_count(struct html *html, enum word word, int64_t count);
void html_word_count_with(struct html *html, enum word word, int64_t count, struct span first, struct span second);
/* A word by its name at run time ("state_waiting"): for what comes from data. The name itself when there is none. */
void html_word_named(struct html *html, const char *name);
/* The same as a value for other words. */
struct span html_named(struct html *html, const char *name);

bool html_failed(const struct html *html);
struct span html_done(const struct html *html);
