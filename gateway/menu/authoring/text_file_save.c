#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/whole_file.h"
#include "menu/text_file.h"

#define FILE_BYTES_MAX (1024 * 1024)

static enum outcome failed(const char *path, struct error *err)
{
    return error_set(err, OUTCOME_BROKEN, "%s cannot be written: %s", path, strerrordesc_np(errno));
}

static bool is_there_already(const char *path, struct span text, struct arena *arena)
{
    struct span before;
    struct error ignored;
    return whole_file_read(path, FILE_BYTES_MAX, arena, &before, &ignored) == OUTCOME_OK && span_equal(before, text);
}

static bool write_all(int fd, struct span text)
{
    while (text.len > 0) {
        ssize_t count = write(fd, text.at, text.len);
        if (count < 0 && errno != EINTR)
            return false;
        text = span_from(text, count > 0 ? (size_t)count : 0);
    }
    return fsync(fd) == 0;
}

/* The new one takes the old one's mode; a new language's file is everybody's to read. */
static enum outcome replace(const char *path, const char *fresh, struct span text, struct error *err)
{
    struct stat before;
    mode_t mode = stat(path, &before) == 0 ? before.st_mode & 0777 : 0644;
    int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return failed(fresh, err);
    bool written = write_all(fd, text) && fchmod(fd, mode) == 0;
    if (close(fd) != 0 || !written || rename(fresh, path) != 0) {
        enum outcome outcome = failed(path, err);
        (void)unlink(fresh);
        return outcome;
    }
    return OUTCOME_OK;
}

enum outcome text_file_save(const char *path, struct span text, struct error *err)
{
    struct arena *arena = arena_create(4096);
    enum outcome outcome = OUTCOME_OK;
    if (!is_there_already(path, text, arena))
        outcome = replace(path, arena_format(arena, "%s.%ld.new", path, (long)getpid()).at, text, err);
    arena_destroy(arena);
    return outcome;
}
