#include "store/sqlite/forgotten.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/span.h"
#include "store/sqlite/files.h"

#define LINE_MAX_BYTES (128 + FORGOTTEN_KEPT_BYTES)

bool ids_write(char *out, size_t room, const int64_t *ids, size_t count)
{
    size_t len = 0;
    for (size_t i = 0; i < count && len < room; i++)
        len += (size_t)snprintf(out + len, room - len, "%c%" PRId64, i ? ',' : '[', ids[i]);
    if (len < room)
        len += (size_t)snprintf(out + len, room - len, count ? "]" : "[]");
    return len < room;
}

/* As it is read back below; nothing kept stands as nothing. */
static void line_format(char out[LINE_MAX_BYTES], const struct forgotten *forgotten)
{
    static const char hex[] = "0123456789abcdef";
    const bool keeps = strcmp(forgotten->kept, "[]") != 0;
    for (size_t i = 0; i < LOOKUP_BYTES; i++) {
        out[2 * i] = hex[forgotten->lookup.at[i] >> 4];
        out[2 * i + 1] = hex[forgotten->lookup.at[i] & 15];
    }
    snprintf(out + 2 * LOOKUP_BYTES, LINE_MAX_BYTES - 2 * LOOKUP_BYTES, " %" PRId64 " %" PRId64 "%s%s\n",
             forgotten->person, forgotten->at, keeps ? " " : "", keeps ? forgotten->kept : "");
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool lookup_read(struct span hex, struct lookup *lookup)
{
    if (hex.len != (size_t)2 * LOOKUP_BYTES)
        return false;
    for (size_t i = 0; i < LOOKUP_BYTES; i++) {
        const int high = hex_value(hex.at[2 * i]), low = hex_value(hex.at[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        lookup->at[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

static bool number_read(struct span digits, int64_t *number)
{
    uint64_t value = 0;
    if (!span_to_u64(digits, &value) || value > INT64_MAX)
        return false;
    *number = (int64_t)value;
    return true;
}

static bool kept_read(struct span list, struct forgotten *out)
{
    const bool absent = list.len == 0;
    const bool is_list = list.len >= 2 && list.len < sizeof out->kept && list.at[0] == '[' &&
                         list.at[list.len - 1] == ']' && strspn(list.at + 1, "0123456789,") == list.len - 2;
    const struct span kept = absent ? SPAN("[]") : list;
    if (absent || is_list) {
        memcpy(out->kept, kept.at, kept.len);
        out->kept[kept.len] = '\0';
    }
    return absent || is_list;
}

static bool line_read(const char *line, struct forgotten *out)
{
    struct span rest = span_trim(span_of(line));
    const struct span hash = span_cut(&rest, ' ');
    const struct span who = span_cut(&rest, ' ');
    const struct span when = span_cut(&rest, ' ');
    return lookup_read(hash, &out->lookup) && number_read(who, &out->person) && number_read(when, &out->at) &&
           kept_read(rest, out);
}

/* A line that power loss cut short was never believed: its transaction cannot have been committed. */
static bool cut_torn_line(int fd)
{
    char tail[LINE_MAX_BYTES];
    const off_t end = lseek(fd, 0, SEEK_END);
    const off_t from = end > (off_t)sizeof tail ? end - (off_t)sizeof tail : 0;
    const ssize_t got = end < 0 ? -1 : pread(fd, tail, sizeof tail, from);
    if (got < 0)
        return false;
    ssize_t keep = got;
    while (keep > 0 && tail[keep - 1] != '\n')
        keep--;
    return keep == got || ftruncate(fd, from + keep) == 0;
}

static int list_open(const char *path, struct error *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0)
        error_set(err, OUTCOME_BROKEN, "%s: cannot be opened for writing: %s", path, strerror(errno));
    return fd;
}

enum outcome forgotten_append(const char *path, const struct forgotten *forgotten, struct error *err)
{
    char line[LINE_MAX_BYTES];
    int fd = list_open(path, err);
    if (fd < 0)
        return OUTCOME_BROKEN;
    line_format(line, forgotten);
    const size_t len = strlen(line);
    const bool kept = cut_torn_line(fd) && write(fd, line, len) == (ssize_t)len && fsync(fd) == 0;
    const int why = errno;
    close(fd);
    if (!kept)
        return error_set(err, OUTCOME_BROKEN, "%s: cannot be written: %s", path, strerror(why));
    return folder_sync(path, err);
}

enum outcome forgotten_open(const char *path, FILE **list, struct error *err)
{
    int fd = list_open(path, err);
    if (fd < 0)
        return OUTCOME_BROKEN;
    *list = fdopen(fd, "r");
    if (*list)
        return OUTCOME_OK;
    close(fd);
    return error_set(err, OUTCOME_BROKEN, "%s: %s", path, strerror(errno));
}

enum outcome forgotten_next(FILE *list, const char *path, struct forgotten *out, struct error *err)
{
    char line[LINE_MAX_BYTES];
    if (!fgets(line, sizeof line, list) || !strchr(line, '\n'))
        return OUTCOME_NOT_FOUND;
    return line_read(line, out)
               ? OUTCOME_OK
               : error_set(err, OUTCOME_REFUSED, "%s: a line that is not \"<hash> <person> <time>\"", path);
}
