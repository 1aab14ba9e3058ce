/*
 * files: what the compiler reads and writes, and how it puts bytes into a C string.
 */
#pragma once
#include "base/arena.h"
#include "base/buffer.h"

#define OUTPUT_BYTES (64 * 1024 * 1024)

struct span file_read(const char *path, struct arena *arena);
/* A file that holds the same already keeps its time, so that make builds nothing again for it. */
void file_write(const char *path, struct span text);
/* The names in a folder that end so, sorted. */
const char **folder_list(const char *path, const char *ending, struct arena *arena, size_t *count);
/* "dir/queue.html" is "queue". */
struct span file_stem(const char *path, struct arena *arena);

/* As a C string in quotes. */
void write_string(struct buffer *out, struct span s);
/* "queue_mine" and "app.css" as part of a constant: QUEUE_MINE, APP_CSS. */
void write_constant(struct buffer *out, struct span name);
