#include "text/segments.h"

#include "text/divide.h"
#include "text/gsm7.h"

/* What one message carries alone, and what is left of it behind the header that joins several. */
static const struct {
    size_t alone, joined;
} room[] = {[ENCODING_GSM7] = {160, 153}, [ENCODING_UCS2] = {70, 67}};

static size_t next_part(struct span rest, struct measure whole)
{
    if (whole.units <= room[whole.encoding].alone)
        return rest.len;
    return divide_fitting(rest, whole.encoding, room[whole.encoding].joined);
}

struct segments segments_measure(struct span utf8)
{
    struct measure whole = screen_measure(utf8);
    struct segments result = {.encoding = whole.encoding, .units = whole.units};
    for (struct span rest = utf8; rest.len > 0; rest = span_from(rest, next_part(rest, whole)))
        result.count++;
    result.room = result.count > 1 ? result.count * room[whole.encoding].joined : room[whole.encoding].alone;
    return result;
}

void segments_split(struct span utf8, struct arena *arena, struct span **parts, size_t *count)
{
    struct measure whole = screen_measure(utf8);
    *count = segments_measure(utf8).count;
    *parts = ARENA_ARRAY(arena, struct span, *count);
    struct span rest = utf8;
    for (size_t i = 0; i < *count; i++) {
        size_t len = next_part(rest, whole);
        (*parts)[i] = span_first(rest, len);
        rest = span_from(rest, len);
    }
}

struct text_plan segments_plan(struct span utf8, struct arena *arena)
{
    size_t septets;
    struct span simple = gsm7_substitute(utf8, arena);
    struct text_plan plan = {.text = gsm7_measure(simple, &septets) ? simple : utf8};
    struct segments measured = segments_measure(plan.text);
    plan.encoding = measured.encoding;
    plan.segments = (unsigned)measured.count;
    return plan;
}
