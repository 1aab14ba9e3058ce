#include "aggregator/exchange.h"
#include "aggregator/profile.h"

/* A member's name in a JSON path, an element's or attribute's in an XML one. */
static bool is_step(const struct source *source, struct span name)
{
    for (size_t i = 0; i < source->json.count; i++)
        if (span_equal_nocase(source->json.steps[i].name, name))
            return true;
    for (size_t i = 0; i < source->xml.count; i++) {
        struct span step = source->xml.steps[i];
        if (span_equal_nocase(span_from(step, span_starts_with(step, SPAN("@"))), name))
            return true;
    }
    return false;
}

static bool choice_knows(struct source_choice choice, struct span name)
{
    for (size_t i = 0; i < choice.count; i++) {
        const struct source *source = &choice.at[i];
        bool is_name = source->place == SOURCE_FIELD || source->place == SOURCE_QUERY || source->place == SOURCE_HEADER;
        if (is_name && (span_equal_nocase(source->name, name) || is_step(source, name)))
            return true;
    }
    return false;
}

static bool shape_knows(const struct shape *shape, struct span name)
{
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (choice_knows(shape->fields[i], name))
            return true;
    for (size_t i = 0; i < shape->phase_count; i++)
        if (choice_knows(shape->phases[i].field, name))
            return true;
    return shape->has_items && is_step(&shape->items, name);
}

static bool door_knows(const struct door *door, struct span name)
{
    for (size_t i = 0; i < door->variant_count; i++)
        if (shape_knows(&door->variants[i], name))
            return true;
    return door->open && shape_knows(&door->own, name);
}

bool exchange_knows_name(const struct channel *channel, struct span name)
{
    const struct profile *profile = channel->profile;
    for (size_t i = 0; i < sizeof profile->doors / sizeof *profile->doors; i++)
        if (door_knows(&profile->doors[i], name))
            return true;
    return false;
}
