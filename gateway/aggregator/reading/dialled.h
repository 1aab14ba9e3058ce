/*
 * dialled: what a person dialled behind the service code: of "*384*123*5*3#" on *384*123# it is "5*3". Pure.
 *
 * Codes and dialled strings are written with and without their first * and their last #, in any mixture.
 */
#pragma once
#include <stdbool.h>
#include "base/arena.h"
#include "base/span.h"

/* False: `text` does not begin with `code`. *rest is then absent; else what stands behind it, empty for the code alone. */
bool dialled_behind(struct span text, struct span code, struct span *rest);
/* Cumulative text whose first part is what was dialled, as plain cumulative text: without the code, and without the # that ended it
 * ("*384*123*5#*2" becomes "5*2"). Text that does not begin with the code stays as it is. */
struct span dialled_removed(struct span text, struct span code, char separator, struct arena *arena);
