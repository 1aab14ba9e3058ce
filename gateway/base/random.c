#include "base/random.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/log.h"

void random_bytes(void *out, size_t len)
{
    unsigned char *at = out;
    while (len > 0) {
        ssize_t got = getrandom(at, len, 0);
        if (got < 0 && errno != EINTR) {
            log_event(LOG_LEVEL_ERROR, "random", "unavailable", "errno=%d", errno);
            abort();
        }
        if (got > 0) {
            at += got;
            len -= (size_t)got;
        }
    }
}

uint32_t random_below(uint32_t bound)
{
    uint32_t unfair = (UINT32_MAX - bound + 1) % bound; /* 2^32 mod bound: values below it would come up too often */
    uint32_t value;
    do {
        random_bytes(&value, sizeof value);
    } while (value < unfair);
    return value % bound;
}

void random_digits(char *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = (char)('0' + random_below(10));
    out[count] = '\0';
}

void random_hex(char *out, size_t count)
{
    static const char digits[] = "0123456789abcdef";
    random_bytes(out, count);
    for (size_t i = 0; i < count; i++)
        out[i] = digits[(unsigned char)out[i] & 15];
    out[count] = '\0';
}

#define COUNTER_BITS 20
#define START_OF_2020 INT64_C(1577836800000)
#define LAST_MS ((INT64_C(1) << (63 - COUNTER_BITS)) - 1)

int64_t id_next(struct id_source *source, int64_t now_ms)
{
    int64_t ms = now_ms < START_OF_2020 ? 0 : now_ms - START_OF_2020;
    int64_t id = (ms < LAST_MS ? ms : LAST_MS) << COUNTER_BITS;
    int64_t floor = source->last > 0 ? source->last : 0;
    source->last = id > floor ? id : floor + 1;
    return source->last;
}

int64_t id_time(int64_t id)
{
    return (id >> COUNTER_BITS) + START_OF_2020;
}
