#include "cli/proving.h"

const struct proof_channel proving_narrowest = {"ussd", {160, 70, true}, {NULL, 0}};

void proving_run(const struct service *service, const char *name, const struct channel_set *channels,
                 struct arena *arena, struct problems *problems, struct proof_counts *counts)
{
    size_t all = channels ? channel_set_count(channels) : 0, count = 0;
    struct proof_channel *serving = ARENA_ARRAY(arena, struct proof_channel, all + 1);
    for (size_t i = 0; i < all; i++) {
        const struct channel *channel = channel_set_at(channels, i);
        if (span_equal_text(channel->service, name))
            serving[count++] =
                (struct proof_channel){arena_text(arena, channel->id), channel->carrier, channel->airtime.cost};
    }
    if (count == 0)
        serving[count++] = proving_narrowest;
    proof_run(service, serving, count, problems, counts);
}
