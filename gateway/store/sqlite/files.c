#include "store/sqlite/files.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool file_exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

long long file_bytes(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? (long long)st.st_size : 0;
}

static enum outcome sync_path(const char *path, int flags, struct error *err)
{
    int fd = open(path, flags | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0) {
        const int why = errno;
        if (fd >= 0)
            close(fd);
        return error_set(err, OUTCOME_BROKEN, "%s: cannot be synced: %s", path, strerror(why));
    }
    close(fd);
    return OUTCOME_OK;
}

enum outcome file_sync(const char *path, struct error *err)
{
    return sync_path(path, O_RDONLY, err);
}

enum outcome folder_sync(const char *path, struct error *err)
{
    char *copy = path_with(path, "");
    enum outcome outcome = sync_path(dirname(copy), O_RDONLY | O_DIRECTORY, err);
    free(copy);
    return outcome;
}

enum outcome file_create(const char *path, struct error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return error_set(err, errno == EEXIST ? OUTCOME_CONFLICT : OUTCOME_BROKEN, "%s: cannot be created: %s", path,
                         strerror(errno));
    }
    close(fd);
    return OUTCOME_OK;
}

char *path_with(const char *path, const char *suffix)
{
    char *joined = NULL;
    if (asprintf(&joined, "%s%s", path, suffix) < 0)
        abort();
    return joined;
}
