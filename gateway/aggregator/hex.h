/*
 * hex: bytes that came as pairs of hexadecimal digits. Pure; over libsodium.
 */
#pragma once
#include <stdbool.h>
#include "base/arena.h"
#include "base/span.h"

bool hex_decode(struct span text, struct arena *arena, struct span *bytes); /* false: it is something else */
