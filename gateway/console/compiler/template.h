/*
 * template: one templates/NAME.html becomes the C function show_NAME. gateway/console/README.md says what the language is.
 */
#pragma once
#include "base/arena.h"
#include "base/buffer.h"

/* The whole of generated/console/templates/NAME.c. */
void template_compile(const char *path, struct arena *arena, struct buffer *out);
/* The prototype of its function. */
void template_declare(const char *path, struct arena *arena, struct buffer *out);
