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
    int zone_minutes;          /* of the service, east of UTC */
    int64_t now;
};

struct html {
    struct buffer text;
    struct html_style style;
};

void html_literal(struct html *html, struct span literal); /* of a template, as it stands */

/* By type, in text: & < > " ' escaped. Numbers in local digits. */
void html_span(struct html *html, struct span s);
void html_text(struct html *html, const char *text);
void html_number(struct html *html, int64_t number);
/* In a quoted attribute that is no address: the same characters; numbers in ASCII digits, for machines. */
void html_attribute_number(struct html *html, int64_t number);
/* In an address: percent-encoded, then escaped. */
void html_url_span(struct html *html, struct span s);
void html_url_text(struct html *html, const char *text);
void html_url_number(struct html *html, int64_t number);

/* clang-format off */
#define html_put(html, value) _Generic((value), struct span: html_span, const char *: html_text, char *: html_text, \
    int: html_number, unsigned: html_number, long: html_number, long long: html_number, unsigned long: html_number, \
    unsigned long long: html_number, unsigned short: html_number, unsigned char: html_number)((html), (value))
#define html_put_attribute(html, value) _Generic((value), struct span: html_span, const char *: html_text, char *: html_text, \
    int: html_attribute_number, unsigned: html_attribute_number, long: html_attribute_number, \
    long long: html_attribute_number, unsigned long: html_attribute_number, unsigned long long: html_attribute_number, \
    unsigned short: html_attribute_number, unsigned char: html_attribute_number)((html), (value))
#define html_put_url(html, value) _Generic((value), struct span: html_url_span, const char *: html_url_text, char *: html_url_text, \
    int: html_url_number, unsigned: html_url_number, long: html_url_number, long long: html_url_number, \
    unsigned long: html_url_number, unsigned long long: html_url_number, unsigned short: html_url_number, \
    unsigned char: html_url_number)((html), (value))
#define html_has(value) _Generic((value), struct span: html_has_span, const char *: html_has_text, char *: html_has_text, \
    const void *: html_has_pointer, bool: html_has_number, int: html_has_number, unsigned: html_has_number, \
    long: html_has_number, long long: html_has_number, unsigned long: html_has_number, \
    unsigned long long: html_has_number, unsigned short: html_has_number, unsigned char: html_has_number)((value))
/* clang-format on */
bool html_has_span(struct span s); /* present and not empty */
bool html_has_text(const char *text);
bool html_has_pointer(const void *pointer);
bool html_has_number(int64_t number);

/* Times, in the service's zone, with a <time datetime="..."> around them. 0: "never" or nothing. */
void html_time(struct html *html, int64_t at);     /* "14:05", of another day with its date */
void html_date(struct html *html, int64_t at);     /* "22 Nov 2026" */
void html_moment(struct html *html, int64_t at);   /* "22 Nov 2026, 14:05:09" */
void html_ago(struct html *html, int64_t at);      /* "5 min ago", "in 2 h": in words, made new by the page's script */
void html_span_ms(struct html *html, int64_t ms);  /* "1 min 20 s" */

/* Words of the console: {1}, {2} in them stand for the values, which are escaped. With a count the right plural form, {n} is the count. */
void html_word(struct html *html, enum word word);
void html_word_with(struct html *html, enum word word, struct span first, struct span second);
void html_word_count(struct html *html, enum word word, int64_t count);
/* A word by its name at run time ("state_waiting"): for what comes from data. The name itself when there is none. */
void html_word_named(struct html *html, const char *name);

bool html_failed(const struct html *html);
struct span html_done(const struct html *html);
