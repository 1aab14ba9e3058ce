/*
 * arena: memory that is handed out piece by piece and given back all at once.
 *
 * Each tick, loaded service, and loaded configuration has its own. Not thread-safe: one arena, one thread at a time.
 * An allocation never fails: when the machine has no memory left the program logs one line and aborts. That is safe by
 * design (nothing was answered that is not on disk) and keeps ten thousand unreachable error paths out of the code.
 * Sizes that come from outside are capped before they reach an arena.
 */
#pragma once
#include <stddef.h>
#include "base/error.h"
#include "base/span.h"

struct arena;

struct arena *arena_create(size_t chunk_bytes); /* first and usual chunk; larger pieces get a chunk of their own */
/* For passwords, codes, keys and what people wrote: overwritten with zeros before it is handed back. */
struct arena *arena_create_secret(size_t chunk_bytes);
void arena_destroy(struct arena *arena); /* NULL is fine */
void arena_reset(struct arena *arena);   /* everything is handed back; the first chunk is kept */

void *arena_alloc(struct arena *arena, size_t bytes);     /* zeroed, aligned for any type */
void *arena_alloc_raw(struct arena *arena, size_t bytes); /* not zeroed: for who writes every byte of it at once */
#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc_array((arena), (count), sizeof(type)))
void *arena_alloc_array(struct arena *arena, size_t count, size_t bytes); /* aborts on overflow too */

struct span arena_copy(struct arena *arena, struct span s); /* the copy has a NUL behind it; absent stays absent */
const char *arena_text(struct arena *arena, struct span s); /* the same as a C string; absent gives NULL */
struct span arena_format(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
