#include "aggregator/credentials.h"
#include "aggregator/door.h"
#include "aggregator/exchange.h"
#include "aggregator/profile.h"

/* "payload.response", "content/@type", "messages[0].to": one of the steps. */
static bool has_step(struct span path, struct span name)
{
    while (path.len > 0) {
        size_t end = 0;
        while (end < path.len && path.at[end] != '.' && path.at[end] != '/' && path.at[end] != '[' &&
               path.at[end] != '@')
            end++;
        if (span_equal_nocase(span_first(path, end), name))
            return true;
        path = span_from(path, end + 1);
    }
    return false;
}

static bool choice_has(struct source_choice choice, struct span name)
{
    for (size_t i = 0; i < choice.count; i++)
        if (choice.at[i].place != SOURCE_CONST &&
            (span_equal_nocase(choice.at[i].name, name) || has_step(choice.at[i].name, name)))
            return true;
    return false;
}

static bool shape_has(const struct shape *shape, struct span name)
{
    bool found = has_step(shape->items_name, name);
    for (size_t i = 0; i < FIELD_COUNT; i++)
        found = found || choice_has(shape->fields[i], name);
    for (size_t i = 0; i < shape->phase_count; i++)
        found = found || choice_has(shape->phases[i].field, name);
    return found;
}

bool exchange_knows_name(const struct channel *channel, struct span name)
{
    const struct profile *profile = channel->profile;
    if (name.len > 0 && credentials_know_name(channel->secrets, name))
        return true;
    for (size_t i = 0; i < sizeof profile->doors / sizeof *profile->doors; i++) {
        const struct door *door = &profile->doors[i];
        bool found = shape_has(&door->own, name);
        for (size_t k = 0; k < door->variant_count; k++)
            found = found || shape_has(&door->variants[k], name);
        if (found)
            return name.len > 0;
    }
    return false;
}
