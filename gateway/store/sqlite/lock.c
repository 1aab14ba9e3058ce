#include "store/sqlite/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "store/sqlite/files.h"

static enum outcome held_by_another(const char *path, int fd, struct error *err)
{
    char pid[16] = "";
    const ssize_t got = pread(fd, pid, sizeof pid - 1, 0);
    pid[got > 0 ? strspn(pid, "0123456789") : 0] = '\0';
    return error_set(err, OUTCOME_CONFLICT, "%s: process %s is writing to it; one gateway at a time", path,
                     pid[0] ? pid : "(unknown)");
}

static bool write_pid(int fd)
{
    char pid[16];
    const int len = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
    return ftruncate(fd, 0) == 0 && pwrite(fd, pid, (size_t)len, 0) == len;
}

enum outcome writer_lock_take(const char *path, int *lock, struct error *err)
{
    char *name = path_with(path, ".lock");
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    enum outcome outcome = OUTCOME_OK;
    if (fd < 0) {
        outcome = errno == ENOENT ? error_set(err, OUTCOME_BROKEN, "%s: its folder is not there", path)
                                  : error_set(err, OUTCOME_BROKEN, "%s: cannot be opened: %s", name, strerror(errno));
    } else if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        outcome = errno == EWOULDBLOCK ? held_by_another(path, fd, err)
                                       : error_set(err, OUTCOME_BROKEN, "%s: %s", name, strerror(errno));
    } else if (!write_pid(fd)) {
        outcome = error_set(err, OUTCOME_BROKEN, "%s: cannot be written: %s", name, strerror(errno));
    }
    free(name);
    if (outcome != OUTCOME_OK && fd >= 0) {
        close(fd);
        return outcome;
    }
    *lock = fd;
    return outcome;
}

void writer_lock_release(int lock)
{
    if (lock >= 0)
        close(lock);
}
