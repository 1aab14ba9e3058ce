/*
 * graphing: a service's flow drawn into files: SERVICE.dot and, where Graphviz is installed, SERVICE.svg.
 */
#pragma once
#include "base/error.h"
#include "menu/service.h"

/* Makes the folder if need be. `lang` absent: the first language. BROKEN: a file could not be written. */
enum outcome graphing_draw(const struct service *service, struct span lang, const char *folder,
                           struct error *err) MUST_CHECK;
