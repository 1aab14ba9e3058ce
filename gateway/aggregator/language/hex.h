/*
 * hex: bytes as pairs of hexadecimal digits, both ways. Pure; over libsodium.
 */
#pragma once
#include <stdbool.h>
#include "base/arena.h"
#include "base/buffer.h"

bool hex_decode(struct span text, struct arena *arena, struct span *bytes); /* false: it is something else */
void hex_encode(struct span bytes, struct buffer *out);                     /* in capitals */
