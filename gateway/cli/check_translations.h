/*
 * check_translations: how far each language of a service is: a table, and with `list` each text that is wanting, with the
 * place where it stands.
 */
#pragma once
#include <stdbool.h>
#include "base/problems.h"

/* BROKEN: a file could not be read. Findings about the service itself go to `problems`. */
enum outcome check_translations(const char *dir, const char *name, bool list, struct problems *problems,
                                struct error *err) MUST_CHECK;

/* Says of a service that serves drafts that it is a demonstration. */
void check_say_demonstration(const char *name, size_t drafts);
