/*
 * reload: a new catalogue, loaded and proven on a worker thread while the loop goes on. What does not hold changes nothing.
 */
#pragma once
#include <stdbool.h>
#include "core/catalogue.h"

struct reload;

/* What the command line said; copied pointers, they must live as long as the gateway. NULL: no descriptor; err says so. */
struct reload *reload_create(const char *config_path, const char *const *overrides, size_t override_count,
                             struct error *err);
void reload_free(struct reload *reload);         /* waits for a worker that still runs */
int reload_poll_fd(const struct reload *reload); /* readable: a worker has finished */
bool reload_start(struct reload *reload);        /* false: one is running already */
/* After the fd was readable: the new catalogue, which is the caller's from now on; or NULL when it was refused (the findings are in
 * the log, *why says how many). */
struct catalogue *reload_take(struct reload *reload, struct error *why);
