#include <sodium.h>

#include "aggregator/hex.h"
#include "aggregator/reading.h"
#include "http/parameter.h"
#include "http/percent.h"
#include "text/utf8.h"

#define BASE64_MIN 60 /* shorter ones were never seen wrapped, and words may look like base64 */

/* "text/plain; charset=ISO-8859-1" names one as well. */
static struct span without_parameter_name(struct span named, struct arena *arena)
{
    struct span value = http_parameter(named, SPAN("charset"), arena);
    return span_is_present(value) ? value : named;
}

static enum charset text_charset(struct reading *r)
{
    struct span named = span_trim(without_parameter_name(reading_field(r, FIELD_CHARSET), r->arena));
    if (named.len > 0 && !span_equal_nocase(span_first(named, 5), SPAN("text/")))
        return charset_find(named);
    struct span coding = reading_field(r, FIELD_CODING);
    enum charset usual = r->shape->charset == CHARSET_UTF8 ? reading_posted_charset(r) : r->shape->charset;
    if (coding.len == 0)
        return usual;
    return (enum charset)valuemap_find(&r->shape->codings, span_trim(coding), (int)usual);
}

static bool percent_decode(struct span text, struct arena *arena, struct span *bytes)
{
    char *out = arena_alloc_raw(arena, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i] == '+' ? ' ' : text.at[i];
        if (c == '%') {
            if (!percent_decode_one(span_from(text, i), &c))
                return false;
            i += 2;
        }
        out[len++] = c;
    }
    *bytes = (struct span){out, len};
    return true;
}

/* Letters, digits, blanks and the marks of every script, and nothing that no phone types. */
static bool is_readable(struct span text)
{
    if (text.len == 0 || !utf8_is_valid(text))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F)
            return false;
    }
    return true;
}

/* What was too long for the carrier is cut at a byte, now and then within a character. */
static struct span without_torn_end(struct span text)
{
    size_t start = text.len;
    while (start > 0 && text.len - start < 3 && ((unsigned char)text.at[start - 1] & 0xC0) == 0x80)
        start--;
    bool begins = start > 0 && (unsigned char)text.at[start - 1] >= 0xC0;
    return begins && !utf8_is_valid(span_from(text, start - 1)) ? span_first(text, start - 1) : text;
}

static struct span guess_base64(struct span text, struct arena *arena)
{
    if (text.len < BASE64_MIN || text.len % 4 != 0)
        return text;
    char *out = arena_alloc_raw(arena, text.len);
    size_t len = 0;
    const char *end = NULL;
    int failed = sodium_base642bin((unsigned char *)out, text.len, text.at, text.len, NULL, &len, &end,
                                   sodium_base64_VARIANT_ORIGINAL);
    struct span decoded = without_torn_end((struct span){out, len});
    return failed == 0 && end == text.at + text.len && is_readable(decoded) ? decoded : text;
}

/* The bytes that the text was wrapped around; false when it is not wrapped as the dialect says. */
static bool unwrap(struct reading *r, struct span text, enum charset charset, struct span *bytes)
{
    *bytes = text;
    switch (r->shape->text_as) {
    case TEXT_PERCENT:
        return charset == CHARSET_UTF8 || percent_decode(text, r->arena, bytes);
    case TEXT_HEX:
        return text.len == 0 || hex_decode(span_trim(text), r->arena, bytes);
    case TEXT_BASE64_GUESS:
        *bytes = guess_base64(text, r->arena);
        return true;
    case TEXT_PLAIN:
        break;
    }
    return true;
}

/* JSON and XML are Unicode already; what they say of a character set is about the bytes that they wrap, or that it is no text. */
static bool is_unicode(const struct shape *shape)
{
    bool document = shape->encoding == DOOR_JSON || shape->encoding == DOOR_XML;
    return document && (shape->text_as == TEXT_PLAIN || shape->text_as == TEXT_BASE64_GUESS);
}

void read_text(struct reading *r, struct inbound *out)
{
    struct span bytes, raw = reading_field(r, FIELD_TEXT);
    out->input = SPAN("");
    if (!span_is_present(raw))
        return;
    enum charset charset = text_charset(r);
    if (is_unicode(r->shape) && charset != CHARSET_UNKNOWN)
        charset = CHARSET_UTF8;
    bool unwrapped = unwrap(r, raw, charset, &bytes);
    bool decoded = charset_decode(unwrapped ? charset : CHARSET_UNKNOWN, bytes, r->arena, &out->input);
    out->undecodable = !decoded;
    if (out->undecodable)
        out->raw = facts_text_raw(r->facts, raw);
}
