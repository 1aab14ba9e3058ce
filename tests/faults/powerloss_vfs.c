#include "powerloss_vfs.h"

#include <libgen.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILES_MAX 32
#define SECTOR 512

enum op_kind { OP_WRITE, OP_TRUNCATE, OP_SYNC, OP_CREATE, OP_DELETE };

struct op {
    enum op_kind kind;
    int file;
    sqlite3_int64 offset; /* or the size of a truncate */
    unsigned char *bytes;
    size_t len;
};

static struct {
    sqlite3_vfs vfs, *real;
    char *names[FILES_MAX];
    int file_count;
    struct op *ops;
    size_t count, room;
    bool ignore_syncs, paused;
    unsigned fail_sync, fail_write;
} disk;

/* ---- the record ---- */

static int file_of(const char *path)
{
    for (int i = 0; i < disk.file_count; i++) {
        if (strcmp(disk.names[i], path) == 0) {
            return i;
        }
    }
    if (disk.file_count == FILES_MAX) {
        abort();
    }
    disk.names[disk.file_count] = strdup(path);
    return disk.file_count++;
}

static void record(enum op_kind kind, int file, sqlite3_int64 offset, const void *bytes, size_t len)
{
    if (disk.paused || file < 0) {
        return;
    }
    if (disk.count == disk.room) {
        disk.room = disk.room ? 2 * disk.room : 1024;
        disk.ops = realloc(disk.ops, disk.room * sizeof *disk.ops);
        if (!disk.ops) {
            abort();
        }
    }
    struct op *op = &disk.ops[disk.count++];
    *op = (struct op){kind, file, offset, len ? malloc(len) : NULL, len};
    if (len) {
        memcpy(op->bytes, bytes, len);
    }
}

void powerloss_forget(void)
{
    for (size_t i = 0; i < disk.count; i++) {
        free(disk.ops[i].bytes);
    }
    for (int i = 0; i < disk.file_count; i++) {
        free(disk.names[i]);
    }
    free(disk.ops);
    disk.ops = NULL;
    disk.count = disk.room = 0;
    disk.file_count = 0;
    disk.fail_sync = disk.fail_write = 0;
}

void powerloss_ignore_syncs(bool lies)
{
    disk.ignore_syncs = lies;
}

void powerloss_pause(bool paused)
{
    disk.paused = paused;
}

void powerloss_fail_sync(unsigned n)
{
    disk.fail_sync = n;
}

void powerloss_fail_write(unsigned n)
{
    disk.fail_write = n;
}

size_t powerloss_now(void)
{
    return disk.count;
}

size_t powerloss_sync_count(void)
{
    size_t syncs = 0;
    for (size_t i = 0; i < disk.count; i++) {
        syncs += disk.ops[i].kind == OP_SYNC;
    }
    return syncs;
}

size_t powerloss_sync_at(size_t k)
{
    size_t i = 0;
    for (; i < disk.count; i++) {
        if (disk.ops[i].kind == OP_SYNC && k-- == 0) {
            break;
        }
    }
    return i;
}

/* ---- files ---- */

struct layer_file {
    sqlite3_file base;
    int file; /* -1: not recorded (temporary) */
    sqlite3_file *real;
};

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((struct layer_file *)file)->real;
}

/* Counts down; from the n-th on it stays at "now". */
static bool fails_now(unsigned *countdown)
{
    if (*countdown == 0) {
        return false;
    }
    if (*countdown > 1) {
        (*countdown)--;
        return false;
    }
    return true;
}

static int layer_close(sqlite3_file *file)
{
    return real_of(file)->pMethods->xClose(real_of(file));
}

static int layer_read(sqlite3_file *file, void *into, int len, sqlite3_int64 offset)
{
    return real_of(file)->pMethods->xRead(real_of(file), into, len, offset);
}

static int layer_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 offset)
{
    const struct layer_file *layer = (struct layer_file *)file;
    if (fails_now(&disk.fail_write)) {
        return SQLITE_FULL;
    }
    const int code = layer->real->pMethods->xWrite(layer->real, bytes, len, offset);
    if (code == SQLITE_OK) {
        record(OP_WRITE, layer->file, offset, bytes, (size_t)len);
    }
    return code;
}

static int layer_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    const struct layer_file *layer = (struct layer_file *)file;
    const int code = layer->real->pMethods->xTruncate(layer->real, size);
    if (code == SQLITE_OK) {
        record(OP_TRUNCATE, layer->file, size, NULL, 0);
    }
    return code;
}

static int layer_sync(sqlite3_file *file, int flags)
{
    const struct layer_file *layer = (struct layer_file *)file;
    if (fails_now(&disk.fail_sync)) {
        return SQLITE_IOERR_FSYNC;
    }
    const int code = layer->real->pMethods->xSync(layer->real, flags);
    if (code == SQLITE_OK) {
        record(OP_SYNC, layer->file, 0, NULL, 0);
    }
    return code;
}

static int layer_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return real_of(file)->pMethods->xFileSize(real_of(file), size);
}

static int layer_lock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int layer_unlock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int layer_check_lock(sqlite3_file *file, int *held)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), held);
}

static int layer_control(sqlite3_file *file, int op, void *argument)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), op, argument);
}

static int layer_sector(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int layer_traits(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int layer_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **at)
{
    return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, at);
}

static int layer_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, n, flags);
}

static void layer_shm_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int layer_shm_unmap(sqlite3_file *file, int remove)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

static const sqlite3_io_methods layer_methods = {
    .iVersion = 2,
    .xClose = layer_close,
    .xRead = layer_read,
    .xWrite = layer_write,
    .xTruncate = layer_truncate,
    .xSync = layer_sync,
    .xFileSize = layer_size,
    .xLock = layer_lock,
    .xUnlock = layer_unlock,
    .xCheckReservedLock = layer_check_lock,
    .xFileControl = layer_control,
    .xSectorSize = layer_sector,
    .xDeviceCharacteristics = layer_traits,
    .xShmMap = layer_shm_map,
    .xShmLock = layer_shm_lock,
    .xShmBarrier = layer_shm_barrier,
    .xShmUnmap = layer_shm_unmap,
};

static int layer_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out_flags)
{
    (void)vfs;
    struct layer_file *layer = (struct layer_file *)file;
    layer->base.pMethods = NULL;
    layer->real = (sqlite3_file *)(layer + 1);
    layer->file = path && !disk.paused ? file_of(path) : -1;
    const int code = disk.real->xOpen(disk.real, path, layer->real, flags, out_flags);
    if (code == SQLITE_OK) {
        layer->base.pMethods = &layer_methods;
        record(OP_CREATE, layer->file, 0, NULL, 0);
    }
    return code;
}

static int layer_delete(sqlite3_vfs *vfs, const char *path, int sync_folder)
{
    (void)vfs;
    const int code = disk.real->xDelete(disk.real, path, sync_folder);
    if (code == SQLITE_OK && !disk.paused) {
        record(OP_DELETE, file_of(path), 0, NULL, 0);
    }
    return code;
}

void powerloss_install(void)
{
    disk.real = sqlite3_vfs_find(NULL);
    disk.vfs = *disk.real;
    disk.vfs.pNext = NULL;
    disk.vfs.zName = "powerloss";
    disk.vfs.szOsFile = (int)sizeof(struct layer_file) + disk.real->szOsFile;
    disk.vfs.xOpen = layer_open;
    disk.vfs.xDelete = layer_delete;
    sqlite3_vfs_register(&disk.vfs, 1);
}

void powerloss_remove(void)
{
    powerloss_forget();
    sqlite3_vfs_unregister(&disk.vfs);
    sqlite3_vfs_register(disk.real, 1);
}

/* ---- what the disk would hold ---- */

struct image {
    bool exists;
    unsigned char *bytes;
    size_t len, room;
};

static void image_resize(struct image *image, size_t len)
{
    if (len > image->room) {
        image->room = 2 * len;
        image->bytes = realloc(image->bytes, image->room);
        if (!image->bytes) {
            abort();
        }
    }
    if (len > image->len) {
        memset(image->bytes + image->len, 0, len - image->len);
    }
    image->len = len;
}

static void image_apply(struct image *image, const struct op *op, size_t len)
{
    switch (op->kind) {
    case OP_WRITE:
        if ((size_t)op->offset + len > image->len) {
            image_resize(image, (size_t)op->offset + len);
        }
        if (len && image->bytes) {
            memcpy(image->bytes + op->offset, op->bytes, len);
        }
        break;
    case OP_TRUNCATE:
        image_resize(image, (size_t)op->offset);
        break;
    case OP_CREATE:
        image->exists = true;
        break;
    case OP_DELETE:
        image->exists = false;
        image_resize(image, 0);
        break;
    case OP_SYNC:
        break;
    }
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* How much of an unsynced write is there. */
static size_t survives(const struct op *op, enum loss loss, uint32_t *seed)
{
    if (loss == LOSS_NOTHING) {
        return op->len;
    }
    const uint32_t dice = next_random(seed);
    if (loss == LOSS_ALL || dice % 3 == 0) {
        return 0;
    }
    return dice % 3 == 1 ? op->len : next_random(seed) % (op->len / SECTOR + 1) * SECTOR;
}

/* The last moment at which a sync of this file returned, before `moment`; creation and removal need none. */
static size_t durable_until(int file, size_t moment)
{
    while (moment > 0) {
        const struct op *op = &disk.ops[--moment];
        const bool settles = op->kind == OP_DELETE || (op->kind == OP_SYNC && !disk.ignore_syncs);
        if (op->file == file && settles) {
            return moment + 1;
        }
    }
    return 0;
}

static bool write_image(const char *folder, const char *name, const struct image *image)
{
    char copy[512], path[512];
    snprintf(copy, sizeof copy, "%s", name);
    snprintf(path, sizeof path, "%.300s/%.100s", folder, basename(copy));
    remove(path);
    FILE *file = image->exists ? fopen(path, "wb") : NULL;
    if (!file) {
        return !image->exists;
    }
    const bool whole = image->len == 0 || fwrite(image->bytes, 1, image->len, file) == image->len;
    return fclose(file) == 0 && whole;
}

bool powerloss_rebuild(const char *folder, size_t moment, enum loss loss, uint32_t seed)
{
    for (int file = 0; file < disk.file_count; file++) {
        struct image image = {0};
        const size_t durable = durable_until(file, moment);
        for (size_t i = 0; i < moment; i++) {
            const struct op *op = &disk.ops[i];
            if (op->file != file) {
                continue;
            }
            const bool unsynced = i >= durable && (op->kind == OP_WRITE || op->kind == OP_TRUNCATE);
            if (!unsynced) {
                image_apply(&image, op, op->len);
            } else if (op->kind == OP_WRITE) {
                image_apply(&image, op, survives(op, loss, &seed));
            } else if (loss == LOSS_NOTHING || (loss == LOSS_SOME && next_random(&seed) % 2)) {
                image_apply(&image, op, 0);
            }
        }
        const bool written = write_image(folder, disk.names[file], &image);
        free(image.bytes);
        if (!written) {
            return false;
        }
    }
    return true;
}
