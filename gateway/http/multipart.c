#include "http/multipart.h"

#include <string.h>

#include "http/parameter.h"

#define BOUNDARY_MAX 70
#define LINE_END SPAN("\r\n")
#define HEAD_END SPAN("\r\n\r\n")

struct decoder {
    struct span whole, rest, mark; /* mark: the line end and dashes before the boundary, and it */
    struct arena *arena;
    struct error *err;
};

bool multipart_is(struct span content_type)
{
    return span_equal_nocase(span_trim(span_cut(&content_type, ';')), SPAN("multipart/form-data"));
}

static enum outcome refuse(const struct decoder *d, const char *what)
{
    return error_set(d->err, OUTCOME_REFUSED, "multipart: %s at byte %zu", what, (size_t)(d->rest.at - d->whole.at));
}

static bool is_boundary(struct span text)
{
    static const char marks[] = "'()+_,-./:=? ";
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        bool letter = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!letter && memchr(marks, c, sizeof marks - 1) == NULL)
            return false;
    }
    return text.len > 0 && text.len <= BOUNDARY_MAX && text.at[text.len - 1] != ' ';
}

static bool skip(struct decoder *d, struct span expected)
{
    bool fits = span_starts_with(d->rest, expected);
    if (fits)
        d->rest = span_from(d->rest, expected.len);
    return fits;
}

/* What stands before `end`, which is cut off with it; absent where it does not come. */
static struct span cut_before(struct decoder *d, struct span text, struct span end)
{
    const char *at = memmem(text.at, text.len, end.at, end.len);
    if (at == NULL)
        return SPAN_NONE;
    struct span before = span_first(d->rest, (size_t)(at - d->rest.at));
    d->rest = span_from(d->rest, before.len + end.len);
    return before;
}

static bool has_control(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (((unsigned char)text.at[i] < 0x20 && text.at[i] != '\t') || text.at[i] == 0x7F)
            return true;
    return false;
}

/* What the headers of a part say of it. */
struct head {
    struct span disposition, type, encoding;
};

static enum outcome read_line(struct decoder *d, struct span line, struct head *head)
{
    struct span value = line, name = span_cut(&value, ':');
    if (!span_is_present(value) || has_control(line) || span_trim(name).len != name.len || name.len == 0)
        return refuse(d, "a broken header before this");
    struct span *known = span_equal_nocase(name, SPAN("Content-Disposition"))         ? &head->disposition
                         : span_equal_nocase(name, SPAN("Content-Type"))              ? &head->type
                         : span_equal_nocase(name, SPAN("Content-Transfer-Encoding")) ? &head->encoding
                                                                                      : NULL;
    if (known != NULL && span_is_present(*known))
        return refuse(d, "a header twice before this");
    if (known != NULL)
        *known = span_trim(value);
    return OUTCOME_OK;
}

static enum outcome read_head(struct decoder *d, struct head *head)
{
    struct span lines = cut_before(d, span_first(d->rest, MULTIPART_HEAD_MAX), HEAD_END);
    if (!span_is_present(lines))
        return refuse(d, "headers that do not end or are too long");
    enum outcome outcome = OUTCOME_OK;
    while (span_is_present(lines) && outcome == OUTCOME_OK) {
        struct span line = span_cut(&lines, '\n');
        bool last = !span_is_present(lines);
        if (!last && (line.len == 0 || line.at[line.len - 1] != '\r'))
            return refuse(d, "a broken header before this");
        outcome = read_line(d, last ? line : span_first(line, line.len - 1), head);
    }
    return outcome;
}

static bool is_plain(struct span encoding)
{
    return !span_is_present(encoding) || span_equal_nocase(encoding, SPAN("7bit")) ||
           span_equal_nocase(encoding, SPAN("8bit")) || span_equal_nocase(encoding, SPAN("binary"));
}

static enum outcome describe(const struct decoder *d, const struct head *head, struct multipart_part *part)
{
    struct span disposition = head->disposition;
    struct span kind = span_is_present(disposition) ? span_trim(span_cut(&disposition, ';')) : SPAN("");
    if (!span_equal_nocase(kind, SPAN("form-data")) || !span_is_present(disposition))
        return refuse(d, "no form-data before this");
    part->name = http_parameter(disposition, SPAN("name"), d->arena);
    part->is_file = span_is_present(http_parameter(disposition, SPAN("filename"), d->arena)) ||
                    span_is_present(http_parameter(disposition, SPAN("filename*"), d->arena));
    if (part->name.len == 0)
        return refuse(d, "no name before this");
    if (!is_plain(head->encoding) || span_equal_nocase(span_first(head->type, 10), SPAN("multipart/")))
        return refuse(d, "an encoded or nested part before this");
    if (span_is_present(head->type))
        part->charset = http_parameter(head->type, SPAN("charset"), d->arena);
    return OUTCOME_OK;
}

static enum outcome read_part(struct decoder *d, struct multipart_part *part)
{
    struct head head = {0};
    enum outcome outcome = read_head(d, &head);
    if (outcome == OUTCOME_OK)
        outcome = describe(d, &head, part);
    if (outcome != OUTCOME_OK)
        return outcome;
    part->value = cut_before(d, d->rest, d->mark);
    return span_is_present(part->value) ? OUTCOME_OK : refuse(d, "no end of the part");
}

enum outcome multipart_decode(struct span body, struct span content_type, struct arena *arena,
                              struct multipart_part **parts, size_t *count, struct error *err)
{
    struct decoder d = {.whole = body, .rest = body, .arena = arena, .err = err};
    struct span boundary = http_parameter(content_type, SPAN("boundary"), arena);
    *parts = ARENA_ARRAY(arena, struct multipart_part, FORM_PAIRS_MAX);
    *count = 0;
    if (!is_boundary(boundary))
        return error_set(err, OUTCOME_REFUSED, "multipart: the Content-Type names no boundary");
    d.mark = arena_format(arena, "\r\n--%.*s", SPAN_ARG(boundary));
    skip(&d, LINE_END);
    if (!skip(&d, span_from(d.mark, LINE_END.len)))
        return refuse(&d, "no boundary");
    while (!skip(&d, SPAN("--"))) {
        if (!skip(&d, LINE_END))
            return refuse(&d, "a broken boundary");
        if (*count == FORM_PAIRS_MAX)
            return refuse(&d, "too many parts");
        enum outcome outcome = read_part(&d, &(*parts)[*count]);
        if (outcome != OUTCOME_OK)
            return outcome;
        *count += 1;
    }
    skip(&d, LINE_END);
    return d.rest.len == 0 ? OUTCOME_OK : refuse(&d, "something behind the last part");
}
