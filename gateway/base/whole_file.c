#include "base/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static enum outcome read_all(int fd, const char *path, size_t max, struct arena *arena, struct span *out,
                             struct error *err)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        return error_set(err, OUTCOME_BROKEN, "%s: %m", path);
    if (S_ISDIR(info.st_mode))
        return error_set(err, OUTCOME_REFUSED, "%s: is a folder, expected a file", path);
    char *text = arena_alloc_raw(arena, max + 2);
    size_t len = 0;
    ssize_t got;
    while (len <= max && (got = read(fd, text + len, max + 1 - len)) != 0)
        if (got > 0)
            len += (size_t)got;
        else if (errno != EINTR)
            return error_set(err, OUTCOME_BROKEN, "%s: cannot be read: %m", path);
    if (len > max)
        return error_set(err, OUTCOME_REFUSED, "%s: is larger than %zu bytes", path, max);
    text[len] = '\0';
    *out = (struct span){text, len};
    return OUTCOME_OK;
}

enum outcome whole_file_read(const char *path, size_t max, struct arena *arena, struct span *out, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return errno == ENOENT ? error_set(err, OUTCOME_NOT_FOUND, "%s: no such file", path)
                               : error_set(err, OUTCOME_BROKEN, "%s: cannot be opened: %m", path);
    }
    enum outcome outcome = read_all(fd, path, max, arena, out, err);
    close(fd);
    return outcome;
}
