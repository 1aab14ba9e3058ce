#include "console/page/html.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "http/percent.h"

#define DIGIT_BYTES 4 /* of UTF-8, at most */

void html_init(struct html *html, struct arena *arena, const struct html_style *style)
{
    *html = (struct html){.style = *style};
    buffer_init(&html->text, arena, HTML_BYTES);
}

void html_literal(struct html *html, struct span literal)
{
    buffer_add(&html->text, literal);
}

static struct span escaped(char c)
{
    switch (c) {
    case '&':
        return SPAN("&amp;");
    case '<':
        return SPAN("&lt;");
    case '>':
        return SPAN("&gt;");
    case '"':
        return SPAN("&quot;");
    case '\'':
        return SPAN("&#39;");
    case '\0': /* a browser would drop it and join what stands around it */
        return SPAN("\xef\xbf\xbd");
    default:
        return SPAN_NONE;
    }
}

void html_span(struct html *html, struct span s)
{
    size_t done = 0;
    for (size_t i = 0; i < s.len; i++) {
        struct span instead = escaped(s.at[i]);
        if (!span_is_present(instead))
            continue;
        buffer_add(&html->text, (struct span){s.at + done, i - done});
        buffer_add(&html->text, instead);
        done = i + 1;
    }
    buffer_add(&html->text, span_from(s, done));
}

void html_text(struct html *html, const char *text)
{
    html_span(html, span_of(text));
}

struct span html_value_span(struct html *html, struct span s)
{
    (void)html;
    return s;
}

struct span html_value_text(struct html *html, const char *text)
{
    (void)html;
    return span_of(text);
}

struct span html_digits(const struct html_style *style, struct span ascii, struct arena *arena)
{
    size_t room = ascii.len * DIGIT_BYTES;
    return words_digits(style->words, ascii, arena_alloc(arena, room), room);
}

static struct span local(struct html *html, struct span ascii)
{
    return html_digits(&html->style, ascii, html->text.arena);
}

struct span html_value_number(struct html *html, int64_t number)
{
    return local(html, arena_format(html->text.arena, "%" PRId64, number));
}

struct span html_value_unsigned(struct html *html, uint64_t number)
{
    return local(html, arena_format(html->text.arena, "%" PRIu64, number));
}

void html_number(struct html *html, int64_t number)
{
    html_span(html, html_value_number(html, number));
}

void html_unsigned(struct html *html, uint64_t number)
{
    html_span(html, html_value_unsigned(html, number));
}

void html_attribute_number(struct html *html, int64_t number)
{
    buffer_add_format(&html->text, "%" PRId64, number);
}

void html_attribute_unsigned(struct html *html, uint64_t number)
{
    buffer_add_format(&html->text, "%" PRIu64, number);
}

static void add_url(struct html *html, struct span s, const char *kept)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (percent_is_unreserved(c) || (c != '\0' && strchr(kept, c)))
            html_span(html, (struct span){&s.at[i], 1});
        else
            buffer_add_format(&html->text, "%%%02X", (unsigned)(unsigned char)c);
    }
}

void html_url_span(struct html *html, struct span s)
{
    add_url(html, s, "");
}

void html_url_text(struct html *html, const char *text)
{
    html_url_span(html, span_of(text));
}

/* "//elsewhere" and "/\elsewhere" are addresses of another site. */
static bool is_ours(struct span s)
{
    if (s.len == 0 || s.at[0] == '?' || s.at[0] == '#')
        return true;
    return s.at[0] == '/' && (s.len == 1 || (s.at[1] != '/' && s.at[1] != '\\'));
}

void html_address_span(struct html *html, struct span s)
{
    if (is_ours(s))
        add_url(html, s, "/?&=#%+,;:@!*()[]");
    else
        html_literal(html, SPAN("#"));
}

void html_address_text(struct html *html, const char *text)
{
    html_address_span(html, span_of(text));
}

bool html_has_span(struct span s)
{
    return s.len > 0;
}

bool html_has_text(const char *text)
{
    return text && *text;
}

bool html_has_pointer(const void *pointer)
{
    return pointer != NULL;
}

bool html_has_number(int64_t number)
{
    return number != 0;
}

bool html_has_unsigned(uint64_t number)
{
    return number != 0;
}

bool html_failed(const struct html *html)
{
    return buffer_failed(&html->text);
}

struct span html_done(const struct html *html)
{
    return buffer_span(&html->text);
}
