/*
 * dialogue_shelf: services that were read for one dialogue and serve the next.
 */
#pragma once
#include "menu/dialogue.h"

/* The service of this folder: read now, or found on the shelf, whose it then is. Without a shelf it is the caller's. */
enum outcome dialogue_shelf_take(struct dialogue_shelf *shelf, const char *dir, struct service **out,
                                 struct problems *problems, struct error *err) MUST_CHECK;
