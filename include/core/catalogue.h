/*
 * catalogue: what this gateway serves at the moment: the channels of the configuration and the services that they name,
 * loaded and proven together. Never changes after loading; replaced whole.
 *
 * Loading may run on any thread (a reload does it on a worker). The loop swaps the pointer between two ticks and lets go of the old
 * one: nothing of a tick outlives it. Pages of the console hold it while they need it; who lets go of it last frees it.
 */
#pragma once
#include <stdatomic.h>
#include "core/config.h"
#include "menu/service.h"
#include "model/desk.h"

struct catalogue {
    struct config *config;
    const struct service **service_of; /* by channel index; NULL for a channel that is not enabled */
    struct service **services;         /* each loaded once */
    size_t service_count;
    atomic_uint holders;
};

/* Loads the configuration with its overrides, every service that an enabled channel names, and proves each screen against
 * each of its channels. REFUSED: see `problems`; NOT_FOUND: no configuration file; BROKEN: a file could not be read. */
enum outcome catalogue_load(const char *config_path, const char *const *overrides, size_t override_count,
                            struct catalogue **out, struct problems *problems, struct error *err) MUST_CHECK;
/* Whether the service that a channel names is there; adds a finding with the channel's line when it is not. */
bool catalogue_finds_service(const struct config *config, const struct channel *channel, struct problems *problems);
/* Whose words apply to what came by this channel: the first service's where that is not known any more. NULL: none is served. */
const struct service *catalogue_service(const struct catalogue *catalogue, struct span channel);
/* By its name; NULL: it is not served. */
const struct service *catalogue_find_service(const struct catalogue *catalogue, struct span name);
/* Whose words and hours apply to a request, for core and pages alike: that which it was made for by hand, else its channel's. */
const struct service *catalogue_service_of(const struct catalogue *catalogue, const struct request_origin *origin);
/* From a catalogue that somebody else holds while this is called. Any thread. */
const struct catalogue *catalogue_hold(const struct catalogue *catalogue);
void catalogue_let_go(
    const struct catalogue *catalogue);           /* NULL is fine; the last one frees it, and the configuration too */
void catalogue_free(struct catalogue *catalogue); /* the same for who loaded it */
