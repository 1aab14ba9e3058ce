#include "aggregator/escape.h"

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

static size_t count_digits(struct span s)
{
    size_t count = 0;
    while (count < s.len && s.at[count] >= '0' && s.at[count] <= '9')
        count++;
    return count;
}

/* RFC 8259, section 6. "0711" is none, and neither is "+1". */
static bool is_json_number(struct span s)
{
    s = span_from(s, span_starts_with(s, SPAN("-")) ? 1 : 0);
    size_t digits = count_digits(s);
    if (digits == 0 || (digits > 1 && s.at[0] == '0'))
        return false;
    s = span_from(s, digits);
    if (span_starts_with(s, SPAN("."))) {
        digits = count_digits(span_from(s, 1));
        s = span_from(s, 1 + digits);
    }
    if (digits > 0 && s.len > 0 && (s.at[0] == 'e' || s.at[0] == 'E')) {
        s = span_from(s, 1);
        s = span_from(s, s.len > 0 && (s.at[0] == '+' || s.at[0] == '-') ? 1 : 0);
        digits = count_digits(s);
        s = span_from(s, digits);
    }
    return digits > 0 && s.len == 0;
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

/* UTF-16BE of valid UTF-8, two bytes a unit. */
static struct span utf16_of(struct span utf8, struct arena *arena)
{
    unsigned char *out = arena_alloc(arena, 2 * utf8.len + 1);
    size_t len = 0;
    uint32_t character;
    while (utf8_next(&utf8, &character)) {
        uint32_t units[2] = {character, 0};
        size_t count = character > 0xFFFF ? 2 : 1;
        if (count == 2) {
            units[0] = 0xD800 | (character - 0x10000) >> 10;
            units[1] = 0xDC00 | (character & 0x3FF);
        }
        for (size_t i = 0; i < count; i++) {
            out[len++] = (unsigned char)(units[i] >> 8);
            out[len++] = (unsigned char)(units[i] & 0xFF);
        }
    }
    return (struct span){(const char *)out, len};
}

static void add_hex(struct span bytes, struct buffer *out)
{
    for (size_t i = 0; i < bytes.len; i++)
        buffer_add_format(out, "%02X", (unsigned char)bytes.at[i]);
}

/* The two alphabets of a text message; both begin at valid UTF-8. */
static void recode_into(struct span value, enum template_escape escape, struct buffer *out)
{
    struct span septets;
    if (!utf8_is_valid(value))
        out->failed = true;
    else if (escape == ESCAPE_UCS2_HEX)
        add_hex(utf16_of(value, out->arena), out);
    else if (escape == ESCAPE_UTF16_FORM)
        form_encode(utf16_of(value, out->arena), out);
    else if (gsm7_encode(value, out->arena, &septets))
        form_encode(septets, out);
    else
        out->failed = true;
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
        recode_into(value, escape, out);
        break;
    }
}
