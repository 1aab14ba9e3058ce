/*
 * forgotten: the list of who was forgotten, a file beside the keys. A line a wish: the phone's keyed hash, the person, the time,
 * and which open requests of theirs stay until they are closed.
 */
#pragma once
#include <stdio.h>
#include "base/error.h"
#include "base/sealed.h"

#define FORGOTTEN_KEPT_MAX 20
#define FORGOTTEN_KEPT_BYTES (FORGOTTEN_KEPT_MAX * 21 + 3)

struct forgotten {
    struct lookup lookup;
    int64_t person, at;
    char kept[FORGOTTEN_KEPT_BYTES]; /* "[3001,3002]": a JSON list of ids; "[]": nothing */
};

/* "[1,2]", as SQLite reads lists; false: there is no room. */
bool ids_write(char *out, size_t room, const int64_t *ids, size_t count);

/* On the list before it is committed: a crash in between forgets once too often, never once too little. */
enum outcome forgotten_append(const char *path, const struct forgotten *forgotten, struct error *err) MUST_CHECK;
/* Made when it is not there: that it cannot be written is said at start, not when somebody asks to be forgotten. */
enum outcome forgotten_open(const char *path, FILE **list, struct error *err) MUST_CHECK;
/* OK; NOT_FOUND after the last one, also when power loss has cut it short; REFUSED: a line that is none. */
enum outcome forgotten_next(FILE *list, const char *path, struct forgotten *out, struct error *err) MUST_CHECK;
