#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

/* Under AddressSanitizer nobody may touch what was not handed out, or was handed back by a reset. */
#if defined(__clang__)
#if __has_feature(address_sanitizer)
#define WATCHED 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define WATCHED 1
#endif
#ifdef WATCHED
#include <sanitizer/asan_interface.h>
#define FORBID(at, bytes) ASAN_POISON_MEMORY_REGION(at, bytes)
#define ALLOW(at, bytes) ASAN_UNPOISON_MEMORY_REGION(at, bytes)
#else
#define FORBID(at, bytes) ((void)0)
#define ALLOW(at, bytes) ((void)0)
#endif

struct chunk {
    struct chunk *next;
    size_t room, used;
    max_align_t data[];
};

struct arena {
    struct chunk *first; /* kept over resets */
    struct chunk *now;   /* the one that small pieces come from; newer chunks are linked right behind `first` */
    size_t chunk_bytes;
    bool is_secret; /* overwritten before it is handed back */
};

static void out_of_memory(size_t bytes)
{
    log_event(LOG_LEVEL_ERROR, "memory", "exhausted", "bytes=%zu", bytes);
    abort();
}

static struct chunk *chunk_create(size_t room)
{
    size_t bytes;
    struct chunk *chunk = __builtin_add_overflow(sizeof *chunk, room, &bytes) ? NULL : malloc(bytes);
    if (!chunk)
        out_of_memory(room);
    *chunk = (struct chunk){.room = room};
    FORBID(chunk->data, room);
    return chunk;
}

static size_t round_up(size_t bytes)
{
    const size_t mask = _Alignof(max_align_t) - 1;
    if (bytes > SIZE_MAX - mask)
        out_of_memory(bytes);
    return bytes ? (bytes + mask) & ~mask : mask + 1;
}

struct arena *arena_create(size_t chunk_bytes)
{
    struct arena *arena = malloc(sizeof *arena);
    if (!arena)
        out_of_memory(sizeof *arena);
    chunk_bytes = round_up(chunk_bytes);
    struct chunk *first = chunk_create(chunk_bytes);
    *arena = (struct arena){.first = first, .now = first, .chunk_bytes = chunk_bytes};
    return arena;
}

struct arena *arena_create_secret(size_t chunk_bytes)
{
    struct arena *arena = arena_create(chunk_bytes);
    arena->is_secret = true;
    return arena;
}

static void wipe(const struct arena *arena, struct chunk *chunk)
{
    if (!arena->is_secret)
        return;
    ALLOW(chunk->data, chunk->used);
    explicit_bzero(chunk->data, chunk->used); /* and not sodium: a program of the build has arenas, too */
}

static void free_all_but_first(struct arena *arena)
{
    struct chunk *next;
    for (struct chunk *chunk = arena->first->next; chunk; chunk = next) {
        next = chunk->next;
        wipe(arena, chunk);
        free(chunk);
    }
    arena->first->next = NULL;
}

void arena_destroy(struct arena *arena)
{
    if (arena) {
        free_all_but_first(arena);
        wipe(arena, arena->first);
        free(arena->first);
        free(arena);
    }
}

void arena_reset(struct arena *arena)
{
    free_all_but_first(arena);
    wipe(arena, arena->first);
    FORBID(arena->first->data, arena->first->room);
    arena->first->used = 0;
    arena->now = arena->first;
}

/* A piece above a quarter of a chunk gets its own, so that the rest of the present chunk is not thrown away for it. */
static struct chunk *add_chunk(struct arena *arena, size_t size)
{
    bool alone = size > arena->chunk_bytes / 4;
    struct chunk *chunk = chunk_create(alone ? size : arena->chunk_bytes);
    chunk->next = arena->first->next;
    arena->first->next = chunk;
    if (!alone)
        arena->now = chunk;
    return chunk;
}

void *arena_alloc_raw(struct arena *arena, size_t bytes)
{
    size_t size = round_up(bytes);
    struct chunk *chunk = arena->now;
    if (__builtin_expect(size > chunk->room - chunk->used, 0))
        chunk = add_chunk(arena, size);
    void *piece = (char *)chunk->data + chunk->used;
    ALLOW(piece, bytes);
    chunk->used += size;
    return piece;
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
    return memset(arena_alloc_raw(arena, bytes), 0, bytes);
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t bytes)
{
    size_t total;
    if (__builtin_mul_overflow(count, bytes, &total))
        out_of_memory(SIZE_MAX);
    return arena_alloc(arena, total);
}

struct span arena_copy(struct arena *arena, struct span s)
{
    if (!s.at)
        return s;
    char *copy = arena_alloc_raw(arena, s.len + 1);
    memcpy(copy, s.at, s.len);
    copy[s.len] = '\0';
    return (struct span){copy, s.len};
}

const char *arena_text(struct arena *arena, struct span s)
{
    return arena_copy(arena, s).at;
}

struct span arena_format(struct arena *arena, const char *format, ...)
{
    char small[256];
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(small, sizeof small, format, args);
    struct span made = {small, len < 0 ? 0 : (size_t)len};
    if (made.len < sizeof small) {
        made = arena_copy(arena, made);
    } else {
        char *large = arena_alloc_raw(arena, made.len + 1);
        vsnprintf(large, made.len + 1, format, again);
        made.at = large;
    }
    va_end(again);
    va_end(args);
    return made;
}
