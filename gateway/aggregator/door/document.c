#include "aggregator/door/document.h"

#include <string.h>

#include "aggregator/door/badbytes.h"
#include "aggregator/language/charset.h"
#include "aggregator/language/jsonpath.h"
#include "base/buffer.h"
#include "http/parameter.h"
#include "text/utf8.h"

#define UTF8_MARK SPAN("\xEF\xBB\xBF")

/* JSON begins with ASCII, so that its NULs tell how wide it is. */
static enum charset json_charset(struct span body)
{
    const char *at = body.at;
    if (body.len < 2)
        return CHARSET_UTF8;
    bool wide_mark = body.len >= 4 && (memcmp(at, "\0\0\xFE\xFF", 4) == 0 || memcmp(at, "\xFF\xFE\0\0", 4) == 0);
    if (wide_mark || (body.len >= 4 && memcmp(at, "\0\0\0", 3) == 0))
        return CHARSET_UTF32;
    if (memcmp(at, "\xFE\xFF", 2) == 0 || memcmp(at, "\xFF\xFE", 2) == 0)
        return CHARSET_UTF16BE; /* the mark tells if it is the other way */
    return at[0] == '\0' ? CHARSET_UTF16BE : at[1] == '\0' ? CHARSET_UTF16LE : CHARSET_UTF8;
}

static struct span without_mark(struct span body)
{
    return span_starts_with(body, UTF8_MARK) ? span_from(body, UTF8_MARK.len) : body;
}

/* By the one-byte set that the Content-Type names; absent where it names none, or the body is UTF-8 as it is. */
static struct span by_content_type(struct span body, struct span content_type, struct arena *arena)
{
    struct span text, name = http_parameter(content_type, SPAN("charset"), arena);
    enum charset charset = span_is_present(name) ? charset_find(name) : CHARSET_UNKNOWN;
    bool known = charset == CHARSET_LATIN1 || charset == CHARSET_WINDOWS_1252;
    if (!known || utf8_is_valid(body) || !charset_convert(charset, body, arena, &text))
        return SPAN_NONE;
    return text;
}

static bool parse_json(struct document *out, struct span text, struct error *err)
{
    out->json = span_is_present(text) ? json_read_telling(text, err) : NULL;
    out->text = text;
    return out->json != NULL;
}

/* What cannot stand for a character in a wide set is U+FFFD already; hidden it is not taken for one that was sent. */
static struct span with_hidden_marks(struct span text, struct arena *arena)
{
    struct buffer out;
    buffer_init(&out, arena, text.len);
    for (size_t i = 0; i < text.len; i++) {
        bool mark = text.len - i >= 3 && memcmp(text.at + i, "\xEF\xBF\xBD", 3) == 0;
        buffer_add_char(&out, mark ? '\xFF' : text.at[i]);
        i += mark ? 2 : 0;
    }
    return buffer_span(&out);
}

enum outcome document_read_json(struct span body, struct span content_type, struct arena *arena, struct document *out,
                                struct error *err)
{
    struct error ignored;
    struct span text = without_mark(body);
    enum charset charset = json_charset(body);
    *out = (struct document){0};
    if (charset != CHARSET_UTF8) {
        out->converted = true;
        if (!charset_convert(charset, body, arena, &text))
            text = with_hidden_marks(text, arena);
    }
    if (parse_json(out, text, err))
        return OUTCOME_OK;
    if (!out->converted && parse_json(out, by_content_type(text, content_type, arena), &ignored))
        return OUTCOME_OK;
    out->mended = true;
    return parse_json(out, badbytes_hide(text, true, arena), &ignored) ? OUTCOME_OK : OUTCOME_REFUSED;
}

static bool parse_xml(struct document *out, struct span text, const char *encoding, struct arena *arena)
{
    out->xml = span_is_present(text) ? xml_read_as(text, encoding, arena) : NULL;
    out->text = text;
    return out->xml != NULL;
}

enum outcome document_read_xml(struct span body, struct span content_type, struct arena *arena, struct document *out,
                               struct error *err)
{
    *out = (struct document){0};
    if (parse_xml(out, body, NULL, arena) || parse_xml(out, by_content_type(body, content_type, arena), "UTF-8", arena))
        return OUTCOME_OK;
    out->mended = true; /* also what says that it is UTF-16, and is not */
    if (parse_xml(out, badbytes_hide(without_mark(body), false, arena), "UTF-8", arena))
        return OUTCOME_OK;
    return error_set(err, OUTCOME_REFUSED, "no well-formed XML, or more than is taken");
}

struct span document_value(const struct document *document, struct span value, struct arena *arena)
{
    return document->mended ? badbytes_restore(value, arena) : value;
}

char document_first_character(struct span body)
{
    struct span text = without_mark(body);
    for (size_t i = 0; i < text.len; i++)
        if (memchr("\0\xFE\xFF \t\r\n", text.at[i], 7) == NULL)
            return text.at[i];
    return '\0';
}
