#include "aggregator/door/posted.h"

#include <string.h>

#include "aggregator/door/fields.h"
#include "aggregator/language/charset.h"
#include "http/multipart.h"
#include "http/parameter.h"

/* What holds for all parts that name no set of their own: a field says it (RFC 7578, 4.6), or the header. */
static struct span common_charset(const struct multipart_part *parts, size_t count, struct span content_type,
                                  struct arena *arena)
{
    for (size_t i = 0; i < count; i++)
        if (span_equal(parts[i].name, SPAN("_charset_")))
            return parts[i].value;
    return http_parameter(content_type, SPAN("charset"), arena);
}

static struct span as_utf8(struct span value, struct span charset, struct arena *arena)
{
    struct span text;
    enum charset set = span_is_present(charset) ? charset_find(span_trim(charset)) : CHARSET_UTF8;
    bool to_decode = set != CHARSET_UTF8 && set != CHARSET_UNKNOWN;
    return to_decode && charset_decode(set, value, arena, &text) ? text : value;
}

static enum outcome decode_multipart(struct span body, struct span content_type, struct span binary,
                                     struct arena *arena, struct pair **pairs, size_t *count, struct error *err)
{
    struct multipart_part *parts;
    size_t found;
    *count = 0;
    enum outcome outcome = multipart_decode(body, content_type, arena, &parts, &found, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct span common = common_charset(parts, found, content_type, arena);
    *pairs = ARENA_ARRAY(arena, struct pair, found + 1);
    for (size_t i = 0; i < found; i++) {
        bool is_binary = span_is_present(binary) && span_equal_nocase(parts[i].name, binary);
        if (parts[i].is_file && !is_binary)
            continue;
        struct span charset = span_is_present(parts[i].charset) ? parts[i].charset : common;
        struct span value = as_utf8(parts[i].value, charset, arena);
        if (!is_binary && memchr(value.at, '\0', value.len) != NULL)
            return error_set(err, OUTCOME_REFUSED, "multipart: NUL in a field");
        (*pairs)[(*count)++] = (struct pair){parts[i].name, value};
    }
    return OUTCOME_OK;
}

enum outcome posted_decode(struct span body, struct span content_type, struct span binary, struct arena *arena,
                           struct pair **pairs, size_t *count, struct error *err)
{
    if (body.len > 0 && multipart_is(content_type))
        return decode_multipart(body, content_type, binary, arena, pairs, count, err);
    return fields_decode(body, binary, arena, pairs, count, err);
}
