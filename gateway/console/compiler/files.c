#include "console/compiler/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "console/compiler/complain.h"

enum { FILES_MAX = 1024 };

static bool read_all(const char *path, struct buffer *out)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    char piece[16384];
    size_t len;
    while ((len = fread(piece, 1, sizeof piece, file)) > 0)
        buffer_add(out, (struct span){piece, len});
    bool well = !ferror(file);
    return fclose(file) == 0 && well;
}

struct span file_read(const char *path, struct arena *arena)
{
    struct buffer text;
    buffer_init(&text, arena, OUTPUT_BYTES);
    if (!read_all(path, &text) || buffer_failed(&text))
        complain((struct spot){path, 1}, "cannot be read: %s", strerror(errno));
    return arena_copy(arena, buffer_span(&text).at ? buffer_span(&text) : SPAN(""));
}

void file_write(const char *path, struct span text)
{
    struct arena *arena = arena_create(65536);
    struct buffer there;
    buffer_init(&there, arena, OUTPUT_BYTES);
    bool is_same = read_all(path, &there) && span_equal(buffer_span(&there), text);
    arena_destroy(arena);
    if (is_same)
        return;
    FILE *file = fopen(path, "wb");
    bool well = file && fwrite(text.at, 1, text.len, file) == text.len;
    if (!file || fclose(file) != 0 || !well)
        complain((struct spot){path, 1}, "cannot be written: %s", strerror(errno));
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char **folder_list(const char *path, const char *ending, struct arena *arena, size_t *count)
{
    const char **names = ARENA_ARRAY(arena, const char *, FILES_MAX);
    DIR *dir = opendir(path);
    if (!dir)
        complain((struct spot){path, 1}, "cannot be read: %s", strerror(errno));
    *count = 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        size_t len = strlen(entry->d_name), tail = strlen(ending);
        if (len <= tail || entry->d_name[0] == '.' || strcmp(entry->d_name + len - tail, ending) != 0)
            continue;
        if (*count == FILES_MAX)
            complain((struct spot){path, 1}, "has more than %d files", FILES_MAX);
        names[(*count)++] = arena_text(arena, span_of(entry->d_name));
    }
    closedir(dir);
    qsort(names, *count, sizeof *names, by_name);
    return names;
}

struct span file_stem(const char *path, struct arena *arena)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    return arena_copy(arena, (struct span){name, dot ? (size_t)(dot - name) : strlen(name)});
}

/* Octal with all three digits: a hexadecimal escape would take in what follows it. */
void write_string(struct buffer *out, struct span s)
{
    buffer_add_char(out, '"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        if (c == '\n')
            buffer_add_text(out, i + 1 < s.len ? "\\n\"\n\"" : "\\n");
        else if (c < ' ' || c > '~' || c == '"' || c == '\\' || c == '?')
            buffer_add_format(out, "\\%03o", c);
        else
            buffer_add_char(out, (char)c);
    }
    buffer_add_char(out, '"');
}

void write_constant(struct buffer *out, struct span name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        bool is_lower = c >= 'a' && c <= 'z', is_other = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
        buffer_add_char(out, is_lower ? (char)(c - 'a' + 'A') : is_other ? c : '_');
    }
}
