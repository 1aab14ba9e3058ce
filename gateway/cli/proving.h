/*
 * proving: what `check` and `publish` prove a service against: the channels that serve it.
 */
#pragma once
#include "aggregator/channel.h"
#include "menu/proof.h"

/* What every network carries: a page that fits here fits everywhere. For a service that no channel serves yet. */
extern const struct proof_channel proving_narrowest;

/* As proof_run, on the channels whose service is `name`. `channels` NULL: there are none. */
void proving_run(const struct service *service, const char *name, const struct channel_set *channels,
                 struct arena *arena, struct problems *problems, struct proof_counts *counts);
