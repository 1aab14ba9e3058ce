/*
 * channel_load: one channel out of its group in the configuration and its profile's file.
 */
#pragma once
#include "aggregator/access/credentials.h"
#include "aggregator/channel.h"

extern const struct setting_rule channel_number_rules[], channel_cost_rules[], channel_breaker_rules[];

/* Findings go to `problems`; what is filled in is then not to be used. BROKEN: a file could not be read. */
enum outcome channel_load(struct setting channel, const char *profile_dir, const struct credentials_site *site,
                          struct arena *arena, struct problems *problems, struct channel *out,
                          struct error *err) MUST_CHECK;
