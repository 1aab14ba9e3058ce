#include "http/form.h"

#include <string.h>

#include "http/percent.h"

/* Where the decoder stands. `room` is one piece as long as the text: decoding never makes anything longer. */
struct decoder {
    struct span text;
    size_t at;
    char *room;
};

static size_t pairs_bound(struct span text)
{
    size_t bound = 1;
    const char *at = text.at, *end = at + text.len;
    while (bound < FORM_PAIRS_MAX && (at = memchr(at, '&', (size_t)(end - at)))) {
        bound++;
        at++;
    }
    return bound;
}

/* What stands for itself wherever it stands: most of any text, copied a run at a time. */
static bool is_plain(char c)
{
    return (unsigned char)c > ' ' && c != '%' && c != '&' && c != '+' && c != '=' && c != 0x7f;
}

static void copy_plain(struct decoder *d)
{
    size_t from = d->at;
    while (d->at < d->text.len && is_plain(d->text.at[d->at]))
        d->at++;
    if (d->at > from)
        d->room = mempcpy(d->room, d->text.at + from, d->at - from);
}

static enum outcome refuse(struct error *err, const char *what, size_t offset)
{
    return error_set(err, OUTCOME_REFUSED, "form text: %s at byte %zu", what, offset);
}

/* Decodes up to '&', the end, or in a name '='; leaves d->at on that mark. */
static enum outcome decode_part(struct decoder *d, bool is_name, struct span *out, struct error *err)
{
    char *start = d->room;
    for (;; d->at++) {
        copy_plain(d);
        if (d->at == d->text.len)
            break;
        char c = d->text.at[d->at];
        size_t offset = d->at;
        if (c == '&' || (is_name && c == '='))
            break;
        if (c == '+') {
            c = ' ';
        } else if (c == '%') {
            if (!percent_decode_one(span_from(d->text, d->at), &c))
                return refuse(err, "bad %-escape", offset);
            d->at += 2;
        }
        if (c == '\0')
            return refuse(err, "NUL", offset);
        if (is_name && ((unsigned char)c < 0x20 || c == 0x7f))
            return refuse(err, "control character in a name", offset);
        *d->room++ = c;
    }
    *out = (struct span){start, (size_t)(d->room - start)};
    return OUTCOME_OK;
}

static enum outcome decode_pair(struct decoder *d, struct pair *pair, struct error *err)
{
    enum outcome outcome = decode_part(d, true, &pair->name, err);
    pair->value = (struct span){d->room, 0};
    if (outcome == OUTCOME_OK && d->at < d->text.len && d->text.at[d->at] == '=') {
        d->at++;
        outcome = decode_part(d, false, &pair->value, err);
    }
    d->at++;
    return outcome;
}

enum outcome form_decode(struct span text, struct arena *arena, struct pair **pairs, size_t *count, struct error *err)
{
    *pairs = NULL;
    *count = 0;
    if (text.len == 0)
        return OUTCOME_OK;

    struct decoder d = {.text = text, .room = arena_alloc(arena, text.len)};
    struct pair *found = ARENA_ARRAY(arena, struct pair, pairs_bound(text));
    size_t used = 0;
    while (d.at < text.len) {
        struct pair pair;
        size_t offset = d.at;
        enum outcome outcome = decode_pair(&d, &pair, err);
        if (outcome != OUTCOME_OK)
            return outcome;
        if (pair.name.len == 0)
            continue;
        if (used == FORM_PAIRS_MAX)
            return refuse(err, "too many fields", offset);
        found[used++] = pair;
    }
    *pairs = found;
    *count = used;
    return OUTCOME_OK;
}

struct span form_find(const struct pair *pairs, size_t count, struct span name)
{
    for (size_t i = 0; i < count; i++)
        if (span_equal_nocase(pairs[i].name, name))
            return pairs[i].value;
    return SPAN_NONE;
}

void form_encode(struct span value, struct buffer *out)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t from = 0; /* of what stands for itself */
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.at[i];
        if (percent_is_unreserved((char)c))
            continue;
        const char escape[3] = {'%', digits[c >> 4], digits[c & 15]};
        buffer_add(out, (struct span){value.at + from, i - from});
        buffer_add(out, (struct span){escape, sizeof escape});
        from = i + 1;
    }
    buffer_add(out, span_from(value, from));
}
