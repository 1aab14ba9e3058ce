#include "base/settings.h"

#include <dirent.h>
#include <string.h>

#define NAME_MAX_BYTES 48
#define FOLDER_NAMES_MAX 200

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edits that turn a into b, where two neighbours that changed places are one edit. Letter case is none. */
static size_t edit_distance(struct span a, struct span b)
{
    size_t rows[3][NAME_MAX_BYTES + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b.len; j++) {
        above[j] = j;
        before[j] = j;
    }
    for (size_t i = 1; i <= a.len; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t differs = lower(a.at[i - 1]) != lower(b.at[j - 1]);
            row[j] = least(above[j - 1] + differs, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && lower(a.at[i - 1]) == lower(b.at[j - 2]) && lower(a.at[i - 2]) == lower(b.at[j - 1]))
                row[j] = least(row[j], before[j - 2] + 1);
        }
        size_t *free_row = before;
        before = above;
        above = row;
        row = free_row;
    }
    return above[b.len];
}

const char *settings_nearest(struct span name, const char *const *candidates)
{
    const char *nearest = NULL;
    size_t best = name.len / 4 + 2; /* this many edits are another word */
    for (; *candidates && name.len <= NAME_MAX_BYTES; candidates++) {
        struct span candidate = span_of(*candidates);
        size_t distance = candidate.len <= NAME_MAX_BYTES ? edit_distance(name, candidate) : best;
        if (distance < best && distance < candidate.len) {
            best = distance;
            nearest = *candidates;
        }
    }
    return nearest;
}

const char *settings_nearest_in(struct span name, const char *dir, const char *suffix, struct arena *arena)
{
    const char *names[FOLDER_NAMES_MAX + 1] = {NULL};
    size_t count = 0;
    DIR *folder = opendir(dir);
    for (const struct dirent *entry; folder && count < FOLDER_NAMES_MAX && (entry = readdir(folder)) != NULL;) {
        struct span found = span_of(entry->d_name), end = span_of(suffix);
        bool fits = found.len > end.len && found.at[0] != '.' && span_equal(span_from(found, found.len - end.len), end);
        if (fits)
            names[count++] = arena_text(arena, span_first(found, found.len - end.len));
    }
    if (folder)
        closedir(folder);
    return settings_nearest(name, names);
}
