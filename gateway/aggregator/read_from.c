#include "aggregator/reading.h"
#include "http/percent.h"

/* Digits from which a number without plus is taken as international, where the dialect writes them so. */
#define NUMBER_MIN 9
#define TOKEN_MAX 400 /* bytes of a masked sender; about 80 were seen */

static struct span with_plus(struct reading *r, struct span digits)
{
    return arena_format(r->arena, "+%.*s", SPAN_ARG(digits));
}

/* "tel:", and the blank that some put behind it. */
static bool cut_scheme(struct span *text)
{
    struct span trimmed = span_trim(*text);
    if (!span_equal_nocase(span_first(trimmed, 4), SPAN("tel:")))
        return false;
    *text = span_trim(span_from(trimmed, 4));
    return true;
}

/* A token that stands for somebody is percent-encoded where it travels: no name of a sender is. */
static bool has_escape(struct span text)
{
    char ignored;
    for (size_t i = 0; i < text.len; i++)
        if (percent_decode_one(span_from(text, i), &ignored))
            return true;
    return false;
}

static bool take_token(struct reading *r, struct span text, struct phone *out)
{
    *out = (struct phone){PHONE_OPAQUE, arena_copy(r->arena, span_trim(text))};
    return out->text.len > 0 && out->text.len <= TOKEN_MAX;
}

static bool take_number(struct reading *r, struct span text, bool had_scheme, struct phone *out)
{
    if (r->shape->from_format == FROM_DIGITS && span_is_digits(text) && text.len >= NUMBER_MIN)
        text = with_plus(r, text);
    if (phone_read(text, &r->channel->numbers, r->arena, out) != OUTCOME_OK)
        return false;
    if (out->kind == PHONE_ALPHA && had_scheme)
        out->kind = PHONE_OPAQUE; /* what stands for a telephone is nobody's name */
    return true;
}

bool read_from(struct reading *r, struct inbound *out)
{
    struct span text, raw = reading_field(r, FIELD_FROM);
    if (!span_is_present(raw) || span_trim(raw).len == 0)
        return reading_reject(r, FIELD_FROM, SPAN("It is missing or empty."));
    if (!charset_decode(reading_posted_charset(r), raw, r->arena, &text))
        return reading_reject(r, FIELD_FROM, SPAN("It is not readable as text."));
    struct span address = span_trim(text);
    bool had_scheme = cut_scheme(&text);
    bool token = r->shape->from_format == FROM_OPAQUE || has_escape(text);
    if (!(token ? take_token(r, text, &out->from) : take_number(r, text, had_scheme, &out->from)))
        return reading_reject(r, FIELD_FROM, SPAN("It is neither a number nor a name of a sender."));
    out->address = arena_copy(r->arena, address);
    return true;
}

struct span read_to(struct reading *r)
{
    struct span code = reading_text(r, FIELD_TO);
    if (!span_is_present(code))
        return code;
    bool lost = code.len > 1 && code.at[0] == ' ' && span_is_digits(span_from(code, 1));
    cut_scheme(&code);
    return lost ? with_plus(r, span_from(code, 1)) : code;
}
