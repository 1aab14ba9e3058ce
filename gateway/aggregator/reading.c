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

struct span reading_text(struct reading *r, enum field field)
{
    struct span text = reading_field(r, field);
    if (span_is_present(text))
        charset_decode(CHARSET_UTF8, text, r->arena, &text);
    return text;
}
