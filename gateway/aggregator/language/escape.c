#include "aggregator/language/escape.h"

#include <string.h>

#include "aggregator/language/charset.h"
#include "aggregator/language/hex.h"
#include "http/form.h"
#include "text/gsm7.h"
#include "text/utf8.h"

const char *const escape_words[] = {
    [ESCAPE_NONE] = "none",
    [ESCAPE_FORM] = "form",
    [ESCAPE_JSON] = "json",
    [ESCAPE_XML] = "xml",
    [ESCAPE_JSON_VALUE] = "json-value",
    [ESCAPE_UCS2_HEX] = "ucs2hex",
    [ESCAPE_UTF16_FORM] = "utf16form",
    [ESCAPE_GSM7_FORM] = "gsm7form",
    NULL,
};

static void escape_json(struct span value, struct buffer *out)
{
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.at[i];
        if (c == '"' || c == '\\')
            buffer_add_format(out, "\\%c", c);
        else if (c == '\n')
            buffer_add_text(out, "\\n");
        else if (c < 0x20 || c == 0x7f)
            buffer_add_format(out, "\\u%04x", c);
        else
            buffer_add_char(out, (char)c);
    }
}

static const char *xml_entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* U+FFFE and U+FFFF: characters that XML 1.0 has no form for, as most controls. */
static bool is_no_xml(struct span rest)
{
    return span_starts_with(rest, SPAN("\xEF\xBF\xBE")) || span_starts_with(rest, SPAN("\xEF\xBF\xBF"));
}

static void escape_xml(struct span value, struct buffer *out)
{
    for (size_t i = 0; i < value.len; i++) {
        char c = value.at[i];
        const char *entity = xml_entity(c);
        if (entity != NULL)
            buffer_add_text(out, entity);
        else if (is_no_xml(span_from(value, i)))
            i += 2;
        else if ((unsigned char)c >= 0x20 || c == '\n' || c == '\t')
            buffer_add_char(out, c);
    }
}

/* At most this many digits stay what they are in every parser's number. */
#define NUMBER_DIGITS_MAX 18
#define EXPONENT_DIGITS_MAX 2

/* Cuts 1 to `most` digits off; false when there are none, or more. */
static bool cut_digits(struct span *s, size_t most)
{
    size_t count = 0;
    while (count < s->len && s->at[count] >= '0' && s->at[count] <= '9')
        count++;
    *s = span_from(*s, count);
    return count > 0 && count <= most;
}

static bool cut_one_of(struct span *s, const char *marks)
{
    bool found = s->len > 0 && s->at[0] != '\0' && strchr(marks, s->at[0]) != NULL;
    *s = span_from(*s, found ? 1 : 0);
    return found;
}

/* RFC 8259, section 6, and of a size that no parser refuses or rounds. "0711" is none, and neither is "+1". */
static bool is_json_number(struct span s)
{
    cut_one_of(&s, "-");
    bool padded = s.len > 1 && s.at[0] == '0' && s.at[1] >= '0' && s.at[1] <= '9';
    if (padded || !cut_digits(&s, NUMBER_DIGITS_MAX))
        return false;
    if (cut_one_of(&s, ".") && !cut_digits(&s, NUMBER_DIGITS_MAX))
        return false;
    if (cut_one_of(&s, "eE")) {
        cut_one_of(&s, "+-");
        if (!cut_digits(&s, EXPONENT_DIGITS_MAX))
            return false;
    }
    return s.len == 0;
}

static void escape_json_value(struct span value, struct buffer *out)
{
    if (!span_is_present(value)) {
        buffer_add_text(out, "null");
    } else if (is_json_number(value) || span_equal_text(value, "true") || span_equal_text(value, "false")) {
        buffer_add(out, value);
    } else {
        buffer_add_char(out, '"');
        escape_json(value, out);
        buffer_add_char(out, '"');
    }
}

/* Into one of the alphabets of a text message; false when it cannot be said there. */
static bool recode_into(struct span value, enum template_escape escape, struct buffer *out)
{
    struct span bytes;
    if (!utf8_is_valid(value))
        return false;
    if (escape != ESCAPE_GSM7_FORM)
        bytes = charset_utf16be(value, out->arena);
    else if (!gsm7_encode(value, out->arena, &bytes))
        return false;
    if (escape == ESCAPE_UCS2_HEX)
        hex_encode(bytes, out);
    else
        form_encode(bytes, out);
    return true;
}

void escape_into(struct span value, enum template_escape escape, struct buffer *out)
{
    switch (escape) {
    case ESCAPE_NONE:
        buffer_add(out, value);
        break;
    case ESCAPE_FORM:
        form_encode(value, out);
        break;
    case ESCAPE_JSON:
        escape_json(value, out);
        break;
    case ESCAPE_XML:
        escape_xml(value, out);
        break;
    case ESCAPE_JSON_VALUE:
        escape_json_value(value, out);
        break;
    case ESCAPE_UCS2_HEX:
    case ESCAPE_UTF16_FORM:
    case ESCAPE_GSM7_FORM:
        if (!recode_into(value, escape, out))
            out->failed = true;
        break;
    }
}
