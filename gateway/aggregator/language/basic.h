/*
 * basic: the whole value of an Authorization header, "Basic " and base64 of user:password (RFC 7617). Pure.
 */
#pragma once
#include "base/arena.h"
#include "base/span.h"

struct span basic_authorization(struct span user, struct span password, struct arena *arena);
