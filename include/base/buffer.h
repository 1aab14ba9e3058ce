/*
 * buffer: text that grows up to a stated maximum, with a sticky failure flag.
 *
 * A writer adds piece after piece and asks once, at the end, whether all of it fitted. Past the maximum nothing more is
 * added and buffer_failed() is true: truncation is an error, never a shorter text. Memory comes from the arena.
 */
#pragma once
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"

struct buffer {
    struct arena *arena;
    char *at;
    size_t len, room, max;
    bool failed;
};

void buffer_init(struct buffer *buffer, struct arena *arena, size_t max_bytes);
void buffer_add(struct buffer *buffer, struct span s);
void buffer_add_text(struct buffer *buffer, const char *text);
void buffer_add_char(struct buffer *buffer, char c);
void buffer_add_format(struct buffer *buffer, const char *format, ...) PRINTF_LIKE(2, 3);
void buffer_add_format_list(struct buffer *buffer, const char *format, va_list args) PRINTF_LIKE(2, 0);
bool buffer_failed(const struct buffer *buffer);
struct span buffer_span(const struct buffer *buffer); /* what was added so far; valid until the arena is reset */
