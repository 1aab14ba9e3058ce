#include "console/door/readers.h"

#include <pthread.h>
#include <stdlib.h>

enum { KEPT_MAX = 8 };

struct readers {
    pthread_mutex_t lock;
    const char *path;
    const struct keyring *keyring;
    struct reader *kept[KEPT_MAX];
    size_t count;
};

struct readers *readers_create(const char *path, const struct keyring *keyring)
{
    struct readers *readers = calloc(1, sizeof *readers);
    if (!readers)
        abort();
    pthread_mutex_init(&readers->lock, NULL);
    readers->path = path;
    readers->keyring = keyring;
    return readers;
}

void readers_free(struct readers *readers)
{
    if (!readers)
        return;
    for (size_t i = 0; i < readers->count; i++)
        reader_close(readers->kept[i]);
    pthread_mutex_destroy(&readers->lock);
    free(readers);
}

static struct reader *take_kept(struct readers *readers)
{
    pthread_mutex_lock(&readers->lock);
    struct reader *reader = readers->count > 0 ? readers->kept[--readers->count] : NULL;
    pthread_mutex_unlock(&readers->lock);
    return reader;
}

enum outcome readers_take(struct readers *readers, struct reader **out, struct error *err)
{
    *out = take_kept(readers);
    return *out ? OUTCOME_OK : reader_open(readers->path, readers->keyring, out, err);
}

void readers_give_back(struct readers *readers, struct reader *reader, bool is_broken)
{
    if (!reader)
        return;
    pthread_mutex_lock(&readers->lock);
    bool is_kept = !is_broken && readers->count < KEPT_MAX;
    if (is_kept)
        readers->kept[readers->count++] = reader;
    pthread_mutex_unlock(&readers->lock);
    if (!is_kept)
        reader_close(reader);
}
