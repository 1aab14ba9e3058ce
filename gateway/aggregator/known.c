#include "aggregator/exchange.h"
#include "aggregator/profile.h"

bool exchange_knows_name(const struct channel *channel, struct span name)
{
    const struct profile *profile = channel->profile;
    for (size_t i = 0; i < sizeof profile->doors / sizeof *profile->doors; i++)
        for (size_t k = 0; k < FIELD_COUNT; k++)
            if (span_equal_nocase(profile->doors[i].fields[k], name))
                return true;
    return false;
}
