#include "aggregator/language/unescape.h"

#include <string.h>

#include "aggregator/language/charset.h"
#include "aggregator/language/hex.h"
#include "aggregator/language/jsonpath.h"
#include "http/percent.h"

static bool undo_form(struct span raw, struct arena *arena, struct span *out)
{
    char *bytes = arena_alloc(arena, raw.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < raw.len; i++) {
        bytes[len] = raw.at[i];
        if (raw.at[i] == '%' && percent_decode_one(span_from(raw, i), &bytes[len]))
            i += 2;
        else if (!percent_is_unreserved(raw.at[i]))
            return false;
        len++;
    }
    *out = (struct span){bytes, len};
    return true;
}

static bool undo_json_value(struct span raw, struct arena *arena, struct span *out)
{
    json_t *value = json_loadb(raw.at, raw.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    bool is_one = value != NULL && !json_is_object(value) && !json_is_array(value);
    if (is_one)
        *out = json_text(value, arena);
    json_decref(value);
    return is_one;
}

/* A quote that is not escaped ends the text for jansson too, and what follows it is then too much. */
static bool undo_json(struct span raw, struct arena *arena, struct span *out)
{
    return undo_json_value(arena_format(arena, "\"%.*s\"", SPAN_ARG(raw)), arena, out);
}

static bool undo_ucs2_hex(struct span raw, struct arena *arena, struct span *out)
{
    struct span bytes;
    return hex_decode(raw, arena, &bytes) && bytes.len % 2 == 0 && charset_decode(CHARSET_UTF16BE, bytes, arena, out);
}

static bool undo_form_of(enum charset charset, struct span raw, struct arena *arena, struct span *out)
{
    struct span bytes;
    return undo_form(raw, arena, &bytes) && charset_decode(charset, bytes, arena, out);
}

static const struct {
    struct span entity;
    char means;
} entities[] = {
    {SPAN("&amp;"), '&'}, {SPAN("&lt;"), '<'}, {SPAN("&gt;"), '>'}, {SPAN("&quot;"), '"'}, {SPAN("&#39;"), '\''}};

static size_t undo_entity(struct span rest, char *out)
{
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++)
        if (span_starts_with(rest, entities[i].entity)) {
            *out = entities[i].means;
            return entities[i].entity.len;
        }
    return 0;
}

static bool undo_xml(struct span raw, struct arena *arena, struct span *out)
{
    char *bytes = arena_alloc(arena, raw.len + 1);
    size_t len = 0;
    for (size_t i = 0, taken; i < raw.len; i += taken) {
        bytes[len] = raw.at[i];
        taken = raw.at[i] == '&' ? undo_entity(span_from(raw, i), &bytes[len]) : 1;
        if (taken == 0 || raw.at[i] == '<')
            return false;
        len++;
    }
    *out = (struct span){bytes, len};
    return true;
}

bool unescape(enum template_escape escape, struct span raw, struct arena *arena, struct span *out)
{
    *out = raw;
    switch (escape) {
    case ESCAPE_NONE:
        return true;
    case ESCAPE_FORM:
        return undo_form(raw, arena, out);
    case ESCAPE_JSON:
        return undo_json(raw, arena, out);
    case ESCAPE_XML:
        return undo_xml(raw, arena, out);
    case ESCAPE_JSON_VALUE:
        return undo_json_value(raw, arena, out);
    case ESCAPE_UCS2_HEX:
        return undo_ucs2_hex(raw, arena, out);
    case ESCAPE_UTF16_FORM:
        return undo_form_of(CHARSET_UTF16BE, raw, arena, out);
    case ESCAPE_GSM7_FORM:
        return undo_form_of(CHARSET_GSM7, raw, arena, out);
    }
    return false;
}
