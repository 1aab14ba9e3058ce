/* reference_pick: a reference that nobody has; private to the core. */
#pragma once
#include "store/store.h"

/* BROKEN: the store cannot be asked, or none was free in ten tries. */
enum outcome reference_pick(struct store *store, char out[REFERENCE_DIGITS + 1], struct error *err) MUST_CHECK;
