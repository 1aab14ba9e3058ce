/*
 * catalogue: what this gateway serves at the moment: the channels of the configuration and the services that they name,
 * loaded and proven together. Never changes after loading; replaced whole.
 *
 * Loading may run on any thread (a reload does it on a worker). The loop swaps the pointer between two ticks and frees the
 * old one: nothing of a tick outlives it.
 */
#pragma once
#include "core/config.h"
#include "menu/service.h"

struct catalogue {
    struct config *config;
    const struct service **service_of; /* by channel index; NULL for a channel that is not enabled */
    struct service **services;         /* each loaded once */
    size_t service_count;
};

/* Loads the configuration with its overrides, every service that an enabled channel names, and proves each screen against
 * each of its channels. REFUSED: see `problems`; NOT_FOUND: no configuration file; BROKEN: a file could not be read. */
enum outcome catalogue_load(const char *config_path, const char *const *overrides, size_t override_count,
                            struct catalogue **out, struct problems *problems, struct error *err) MUST_CHECK;
/* Whether the service that a channel names is there; adds a finding with the channel's line when it is not. */
bool catalogue_finds_service(const struct config *config, const struct channel *channel, struct problems *problems);
void catalogue_free(struct catalogue *catalogue); /* NULL is fine; frees the configuration too */
