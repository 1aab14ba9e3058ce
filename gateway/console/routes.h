/*
 * routes: the one table of the console: which method and path is answered by which function, and which right it needs. Deny by
 * default: what is not in the table is not there. It stands above door and pages, and is handed to the door. Private to the console.
 */
#pragma once
#include "console/door/route.h"

/* Ends with a NULL path. */
extern const struct route console_routes[];
