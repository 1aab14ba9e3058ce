/*
 * settings: libconfig files, read strictly.
 *
 * libconfig 1.5 accepts too much in silence (numbers that wrap, 0712 that loses its zero, a comment that never ends), so a
 * file is read here by us, linted, parsed, and then checked against a table of what may stand in it: type, range, choices,
 * required, unknown names with the nearest valid one. Every finding goes to `problems` as file:line. All strings are checked
 * as UTF-8 and brought to NFC. Fractions and @include are refused: no setting is one, and each file stands alone.
 * Used by the main configuration, the profiles and the services alike.
 *
 * A `struct setting` is a cursor into the file; it is valid as long as the settings. Pure but for settings_read.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/problems.h"
#include "base/span.h"

struct settings;

struct setting {
    const struct settings *settings;
    const void *node; /* NULL: absent; every getter then gives its default */
};

/* Reads the file whole (at most 1 MiB). NOT_FOUND: no such file; REFUSED: findings were added to `problems`; BROKEN: read
 * failed. On success the caller owns *out. `name` is what findings show instead of the path, or NULL. */
enum outcome settings_read(const char *path, const char *name, struct settings **out, struct problems *problems,
                           struct error *err) MUST_CHECK;
/* The same from memory: for tests and the fuzzer. */
enum outcome settings_parse(struct span text, const char *name, struct settings **out,
                            struct problems *problems) MUST_CHECK;
void settings_free(struct settings *settings); /* NULL is fine */

/* `--set listen.webhooks=127.0.0.1:18080`: sets the value at a dotted path, making groups on the way. A value of "@file" is
 * read from that file (one line, its end trimmed); "@@" starts a literal @. It becomes the type that the table asks for in
 * settings_check ("true", "12"; a list of texts is given as "en,bn"): override first, check then. No message shows the value.
 * NOT_FOUND: no such @file. */
enum outcome settings_override(struct settings *settings, const char *path_and_value, struct error *err) MUST_CHECK;

enum setting_type {
    SETTING_STRING,
    SETTING_INTEGER,
    SETTING_BOOL,
    SETTING_GROUP,
    SETTING_LIST,
    SETTING_STRINGS, /* a list of texts */
    SETTING_CHOICE,  /* one text, or a list of them by preference */
    SETTING_FLAG,    /* true, false, or one of `choices` */
};

struct setting_rule {
    const char *name;
    enum setting_type type;
    bool required;
    int64_t min, max; /* integers: range; strings, also those of STRINGS: length in bytes; max 0 means no upper bound */
    const char *const *choices; /* strings: NULL-terminated list of what is allowed, or NULL */
    const char *help;           /* one line: what it does and its default; the reference is made of these */
};

struct setting settings_root(const struct settings *settings);

/* Checks that `group` holds only what `rules` (ended by a NULL name) allows, and all that is required. Gives overridden values
 * their type: a cursor to one of them is taken after this. */
void settings_check(struct setting group, const struct setting_rule *rules, struct problems *problems);

bool setting_is_present(struct setting s);
struct setting setting_get(struct setting group, const char *name); /* a direct member; absent when there is none */
size_t setting_count(struct setting s);                             /* members of a group or list; 0 when absent */
struct setting setting_at(struct setting s, size_t index);
const char *setting_name(struct setting s); /* "" for list items and the root */
bool setting_is_group(struct setting s);
bool setting_is_string(struct setting s);
bool setting_is_list(struct setting s); /* list or array */
const char *setting_file(struct setting s);
unsigned setting_line(struct setting s);

struct span setting_string(struct setting group, const char *name,
                           const char *otherwise); /* absent: span_of(otherwise) */
int64_t setting_integer(struct setting group, const char *name, int64_t otherwise);
bool setting_bool(struct setting group, const char *name, bool otherwise);
struct span setting_as_string(struct setting s); /* the scalar itself; absent when not a string */
int64_t setting_as_integer(struct setting s, int64_t otherwise);

/* Adds "file:line: ..." for this setting. */
void setting_problem(struct setting s, struct problems *problems, const char *format, ...) PRINTF_LIKE(3, 4);

/* The candidate nearest to `name` by edit distance, or NULL when none is near. `candidates` ends with NULL. */
const char *settings_nearest(struct span name, const char *const *candidates);
/* The same among what lies in a folder, without `suffix`; names without it and hidden ones are none. "" takes all. */
const char *settings_nearest_in(struct span name, const char *dir, const char *suffix, struct arena *arena);
