/*
 * pages: what the console shows, as a table of routes. Called from the console's threads; private to this floor.
 */
#pragma once
#include "base/arena.h"
#include "console/console.h"
#include "http/message.h"

/* Fills `out` for a path; 404 for one that no route has. Everything in it lives in the arena or for ever. */
void pages_show(const struct console_config *config, struct span path, struct arena *arena, struct http_response *out);
