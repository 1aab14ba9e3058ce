/*
 * random: unguessable bytes from the kernel, and ids that are ordered by time.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

void random_bytes(void *out, size_t len);    /* aborts when the kernel has none: nothing safe can follow */
uint32_t random_below(uint32_t bound);       /* uniform in [0, bound), bound > 0 */
void random_digits(char *out, size_t count); /* `count` ASCII digits and a NUL: out holds count + 1 bytes */
void random_hex(char *out, size_t count);    /* `count` lower-case hex characters and a NUL */

/*
 * Ids of rows: milliseconds since 2020 in the upper 43 bits, a counter below. Always greater than the one before, also when
 * the clock steps back, so that rows append at the right edge of their B-tree (random keys cost a third of the insert rate at
 * a million rows). Positive, never 0, never secret. One source per writer; start it with the largest id on file.
 */
struct id_source {
    int64_t last;
};
int64_t id_next(struct id_source *source, int64_t now_ms);
int64_t id_time(int64_t id); /* UTC ms at which the id was made */
