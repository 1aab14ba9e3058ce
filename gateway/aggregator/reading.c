#include "aggregator/reading.h"

bool reading_reject(struct reading *r, enum field field, struct span reason)
{
    *r->rejection =
        (struct rejection){.status = 400, .field = source_choice_name(r->shape->fields[field]), .reason = reason};
    return false;
}

struct span reading_field(struct reading *r, enum field field)
{
    return facts_choose(r->facts, r->shape->fields[field]);
}

enum charset reading_posted_charset(struct reading *r)
{
    struct span named = facts_posted_charset(r->facts);
    enum charset charset = span_is_present(named) ? charset_find(named) : CHARSET_UTF8;
    return charset == CHARSET_LATIN1 || charset == CHARSET_WINDOWS_1252 ? charset : CHARSET_UTF8;
}

struct span reading_text(struct reading *r, enum field field)
{
    struct span text = reading_field(r, field);
    if (span_is_present(text))
        charset_decode(reading_posted_charset(r), text, r->arena, &text);
    return text;
}
