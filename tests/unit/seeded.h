/*
 * seeded: a small generator for property tests: the same seed gives the same cases on every machine (xorshift64*).
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

struct seeded {
    uint64_t state;
};

static inline uint32_t seeded_next(struct seeded *seeded)
{
    seeded->state ^= seeded->state >> 12;
    seeded->state ^= seeded->state << 25;
    seeded->state ^= seeded->state >> 27;
    return (uint32_t)((seeded->state * 0x2545F4914F6CDD1DULL) >> 32);
}

static inline uint32_t seeded_below(struct seeded *seeded, uint32_t bound)
{
    return seeded_next(seeded) % bound;
}
