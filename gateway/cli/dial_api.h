/*
 * dial_api: the aggregator's own API, played on loopback by `helpline dial`: takes what the gateway sends on a channel and
 * answers as the profile says that the aggregator answers.
 */
#pragma once
#include "aggregator/handset.h"

struct dial_api;

/* `address`: "127.0.0.1:0" for a free port. BROKEN: err says why it cannot listen there. */
enum outcome dial_api_open(const char *address, struct arena *arena, struct dial_api **out,
                           struct error *err) MUST_CHECK;
void dial_api_close(struct dial_api *api); /* NULL is fine */
unsigned dial_api_port(const struct dial_api *api);
void dial_api_play(struct dial_api *api, const struct channel *channel); /* from now on */

/* The next text or page, waiting at most `wait_ms`; NULL: none came. With `or_keys` it also ends when standard input has
 * something to read. What was taken was answered before. */
const struct handset_sent *dial_api_wait(struct dial_api *api, int wait_ms, bool or_keys);
