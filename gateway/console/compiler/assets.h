/*
 * assets: files that browsers are given become assets.h (a constant for each) and assets.c (their bytes, plain and gzipped).
 */
#pragma once
#include "base/arena.h"
#include "base/buffer.h"

/* Beside each NAME in `paths` its gzipped form is `packed`/NAME.gz. */
void assets_compile(const char *packed, const char *const *paths, size_t count, struct arena *arena,
                    struct buffer *header, struct buffer *code);
