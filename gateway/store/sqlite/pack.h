/*
 * pack: small values one behind the other, for the blobs of this store. Numbers are LEB128 (seven bits a byte, low ones
 * first); a text is its length and its bytes, an absent one is told from an empty one.
 *
 * Reading is strict: what is cut short, too long or followed by more is not ours, and `bad` says so once, at the end.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/span.h"

struct packer {
    struct arena *arena;
    unsigned char *at;
    size_t len, room;
};

struct packer pack_begin(struct arena *arena, size_t room);
void pack_number(struct packer *packer, uint64_t number);
void pack_span(struct packer *packer, struct span s);
struct span pack_done(const struct packer *packer);

struct unpacker {
    struct span rest;
    bool bad;
};

struct unpacker unpack_begin(struct span packed);
uint64_t unpack_number(struct unpacker *unpacker, uint64_t max); /* over max is bad and gives 0 */
struct span unpack_span(struct unpacker *unpacker);              /* points into what is unpacked */
bool unpack_done(const struct unpacker *unpacker);               /* all was there and nothing is left */

/* A list of texts as one blob; absent for none. */
struct span pack_list(struct arena *arena, const struct span *list, size_t count);
bool unpack_list(struct span packed, struct arena *arena, struct span **list, size_t *count);
