#include "cli/folder.h"
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/arena.h"
#include "base/whole_file.h"

#define FILE_BYTES_MAX (1024 * 1024)

static enum outcome broken(const char *path, const char *what, struct error *err)
{
    return error_set(err, OUTCOME_BROKEN, "%s: %s: %s", path, what, strerrordesc_np(errno));
}

static enum outcome sync_path(const char *path, struct error *err)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    enum outcome outcome = synced ? OUTCOME_OK : broken(path, "cannot be synced", err);
    if (fd >= 0)
        close(fd);
    return outcome;
}

static enum outcome sync_parent(const char *path, struct error *err)
{
    struct arena *arena = arena_create(1024);
    char *copy = arena_alloc(arena, strlen(path) + 1);
    memcpy(copy, path, strlen(path));
    enum outcome outcome = sync_path(dirname(copy), err);
    arena_destroy(arena);
    return outcome;
}

bool folder_is_there(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0;
}

/* --- copying ------------------------------------------------------------------------------------------------------ */

static enum outcome write_file(const char *path, struct span bytes, struct error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return broken(path, "cannot be made", err);
    bool whole = write(fd, bytes.at, bytes.len) == (ssize_t)bytes.len && fsync(fd) == 0;
    enum outcome outcome = whole ? OUTCOME_OK : broken(path, "cannot be written", err);
    close(fd);
    return outcome;
}

static enum outcome copy_file(const char *from, const char *to, struct error *err)
{
    struct arena *arena = arena_create(64 * 1024);
    struct span bytes;
    enum outcome outcome = whole_file_read(from, FILE_BYTES_MAX, arena, &bytes, err);
    if (outcome == OUTCOME_OK)
        outcome = write_file(to, bytes, err);
    arena_destroy(arena);
    return outcome;
}

static enum outcome make_folder(const char *path, struct error *err)
{
    if (mkdir(path, 0755) == 0)
        return OUTCOME_OK;
    if (errno == EEXIST)
        return error_set(err, OUTCOME_CONFLICT, "%s: is there already", path);
    return broken(path, "cannot be made", err);
}

/* One thing of the tree; hidden ones stay where they are. */
static enum outcome copy_entry(FTS *walk, FTSENT *entry, const char *to, struct error *err)
{
    if (entry->fts_level > 0 && entry->fts_name[0] == '.') {
        (void)fts_set(walk, entry, FTS_SKIP);
        return OUTCOME_OK;
    }
    switch (entry->fts_info) {
    case FTS_D:
        return make_folder(to, err);
    case FTS_DP:
        return entry->fts_level > 0 && entry->fts_name[0] == '.' ? OUTCOME_OK : sync_path(to, err);
    case FTS_F:
        return copy_file(entry->fts_path, to, err);
    case FTS_DNR:
    case FTS_ERR:
    case FTS_NS:
        errno = entry->fts_errno;
        return broken(entry->fts_path, "cannot be read", err);
    default:
        return error_set(err, OUTCOME_REFUSED, "%s: neither a file nor a folder", entry->fts_path);
    }
}

enum outcome folder_copy(const char *from, const char *to, struct error *err)
{
    char *const roots[] = {(char *)from, NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, NULL);
    struct arena *arena = arena_create(4096);
    enum outcome outcome = walk ? OUTCOME_OK : broken(from, "cannot be read", err);
    FTSENT *entry;
    while (outcome == OUTCOME_OK && (entry = fts_read(walk)) != NULL) {
        const char *below = entry->fts_path + strlen(from);
        outcome = copy_entry(walk, entry, arena_format(arena, "%s%s", to, below).at, err);
    }
    if (walk)
        fts_close(walk);
    arena_destroy(arena);
    return outcome == OUTCOME_OK ? sync_parent(to, err) : outcome;
}

enum outcome folder_remove(const char *path, struct error *err)
{
    char *const roots[] = {(char *)path, NULL};
    if (!folder_is_there(path))
        return OUTCOME_OK;
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    enum outcome outcome = walk ? OUTCOME_OK : broken(path, "cannot be read", err);
    FTSENT *entry;
    while (outcome == OUTCOME_OK && (entry = fts_read(walk)) != NULL)
        if (entry->fts_info != FTS_D && remove(entry->fts_accpath) != 0)
            outcome = broken(entry->fts_path, "cannot be removed", err);
    if (walk)
        fts_close(walk);
    return outcome;
}

/* --- changing names ----------------------------------------------------------------------------------------------- */

static enum outcome rename_with(const char *from, const char *to, unsigned how, const char *what, struct error *err)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, how) != 0)
        return broken(to, what, err);
    return sync_parent(to, err);
}

enum outcome folder_exchange(const char *a, const char *b, struct error *err)
{
    return rename_with(a, b, RENAME_EXCHANGE, "cannot be exchanged in one go", err);
}

enum outcome folder_rename(const char *from, const char *to, struct error *err)
{
    return rename_with(from, to, RENAME_NOREPLACE, "cannot be given its name", err);
}

enum outcome folder_lock(const char *path, int *lock, struct error *err)
{
    *lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*lock < 0)
        return broken(path, "cannot be opened", err);
    if (flock(*lock, LOCK_EX | LOCK_NB) == 0)
        return OUTCOME_OK;
    if (errno == EWOULDBLOCK)
        return error_set(err, OUTCOME_CONFLICT, "another publish is at work in %s", path);
    return broken(path, "cannot be locked", err);
}
