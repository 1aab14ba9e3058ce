#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FIRST_ROOM 256

void buffer_init(struct buffer *buffer, struct arena *arena, size_t max_bytes)
{
    *buffer = (struct buffer){.arena = arena, .max = max_bytes};
}

static void grow(struct buffer *buffer, size_t need)
{
    size_t room = buffer->room ? buffer->room : FIRST_ROOM;
    while (room < need)
        room = room > buffer->max / 2 ? buffer->max : room * 2;
    char *wider = arena_alloc_raw(buffer->arena, room);
    if (buffer->len > 0)
        memcpy(wider, buffer->at, buffer->len);
    buffer->at = wider;
    buffer->room = room;
}

/* Room for `len` more bytes, or the sticky failure. */
static bool reserve(struct buffer *buffer, size_t len)
{
    if (buffer->failed || len > buffer->max - buffer->len) {
        buffer->failed = true;
        return false;
    }
    if (len > buffer->room - buffer->len)
        grow(buffer, buffer->len + len);
    return true;
}

void buffer_add(struct buffer *buffer, struct span s)
{
    if (s.len > 0 && reserve(buffer, s.len)) {
        memcpy(buffer->at + buffer->len, s.at, s.len);
        buffer->len += s.len;
    }
}

void buffer_add_text(struct buffer *buffer, const char *text)
{
    buffer_add(buffer, span_of(text));
}

void buffer_add_char(struct buffer *buffer, char c)
{
    if (reserve(buffer, 1))
        buffer->at[buffer->len++] = c;
}

void buffer_add_format_list(struct buffer *buffer, const char *format, va_list args)
{
    char small[256];
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(small, sizeof small, format, args);
    if (len < 0) {
        buffer->failed = true;
    } else if ((size_t)len < sizeof small) {
        buffer_add(buffer, (struct span){small, (size_t)len});
    } else if (reserve(buffer, (size_t)len)) {
        char *large = arena_alloc_raw(buffer->arena, (size_t)len + 1);
        vsnprintf(large, (size_t)len + 1, format, again);
        buffer_add(buffer, (struct span){large, (size_t)len});
    }
    va_end(again);
}

void buffer_add_format(struct buffer *buffer, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    buffer_add_format_list(buffer, format, args);
    va_end(args);
}

bool buffer_failed(const struct buffer *buffer)
{
    return buffer->failed;
}

struct span buffer_span(const struct buffer *buffer)
{
    return buffer->at ? (struct span){buffer->at, buffer->len} : SPAN("");
}
