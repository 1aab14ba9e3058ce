#include "store/sqlite/forget.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/sqlite/changes.h"
#include "store/sqlite/files.h"

#define LINE_MAX_BYTES 128

static enum outcome run_for(struct store *store, enum sql_id id, int64_t person, int64_t at, struct error *err)
{
    struct sql sql = sql_start(store, id);
    put_int(&sql, person);
    if (sqlite3_bind_parameter_count(sql.stmt) > 1)
        put_int(&sql, at);
    return sql_run(&sql, err);
}

static enum outcome forget_person(struct store *store, int64_t person, int64_t at, struct error *err)
{
    static const enum sql_id steps[] = {SQL_FORGET_ANSWERS, SQL_FORGET_FOLLOW_UPS, SQL_FORGET_REGISTRATIONS,
                                        SQL_FORGET_REQUESTS, SQL_FORGET_PERSON};
    enum outcome outcome = OUTCOME_OK;
    for (size_t i = 0; i < sizeof steps / sizeof *steps && outcome == OUTCOME_OK; i++)
        outcome = run_for(store, steps[i], person, at, err);
    return outcome;
}

/* Of those that have left. What is still to leave, the reply that says so among it, goes by forget_sent. */
static enum outcome forget_texts(struct store *store, const struct forgotten_phone *whose, struct error *err)
{
    struct sql texts = sql_start(store, SQL_FORGET_TEXTS);
    put_id(&texts, whose->phone);
    put_int(&texts, whose->at);
    put_lookup(&texts, &whose->lookup);
    return sql_run(&texts, err);
}

/* Of a long text that is not whole yet: a part is not taken in later, as if it had been said since. */
static enum outcome forget_parts(struct store *store, const struct lookup *lookup, int64_t at, struct error *err)
{
    struct sql parts = sql_start(store, SQL_FORGET_PARTS);
    put_lookup(&parts, lookup);
    put_int(&parts, at);
    return sql_run(&parts, err);
}

/* What came after the forgetting, from whoever has the phone by then, is not touched when the list is replayed. */
static enum outcome forget_phone(struct store *store, const struct lookup *lookup, int64_t person, int64_t at,
                                 struct error *err)
{
    const int64_t phone = lookups_find(&store->phones, lookup);
    struct sql number = sql_start(store, SQL_FORGET_PHONE);
    put_id(&number, phone);
    put_id(&number, person);
    put_int(&number, at);
    put_lookup(&number, lookup);
    enum outcome outcome = sql_run(&number, err);
    const struct forgotten_phone whose = {*lookup, phone, at};
    if (outcome == OUTCOME_OK)
        outcome = forget_parts(store, lookup, at, err);
    return outcome == OUTCOME_OK ? forget_texts(store, &whose, err) : outcome;
}

/* Kept until the program ends; the next start finds them on the list. */
static void remember_forgotten(struct store *store, const struct change *change)
{
    struct forgotten_phone *phones = realloc(store->gone, (store->gone_count + 1) * sizeof *phones);
    if (!phones)
        abort();
    phones[store->gone_count++] =
        (struct forgotten_phone){change->forget.lookup, change->forget.phone, change->forget.at};
    store->gone = phones;
    store->must_truncate = true;
}

enum outcome forget_sent(struct store *store, int64_t phone, struct error *err)
{
    enum outcome outcome = OUTCOME_OK;
    for (size_t i = 0; outcome == OUTCOME_OK && i < store->gone_count; i++) {
        if (store->gone[i].phone == phone) {
            outcome = forget_texts(store, &store->gone[i], err);
            store->must_truncate = true;
        }
    }
    return outcome;
}

static void line_format(char out[LINE_MAX_BYTES], const struct lookup *lookup, int64_t person, int64_t at)
{
    static const char hex[] = "0123456789abcdef";
    for (size_t i = 0; i < LOOKUP_BYTES; i++) {
        out[2 * i] = hex[lookup->at[i] >> 4];
        out[2 * i + 1] = hex[lookup->at[i] & 15];
    }
    snprintf(out + 2 * LOOKUP_BYTES, LINE_MAX_BYTES - 2 * LOOKUP_BYTES, " %" PRId64 " %" PRId64 "\n", person, at);
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

static bool line_read(const char *line, struct lookup *lookup, int64_t *person, int64_t *at)
{
    struct span rest = span_trim(span_of(line));
    const struct span hash = span_cut(&rest, ' ');
    const struct span who = span_cut(&rest, ' ');
    return lookup_read(hash, lookup) && number_read(who, person) && number_read(rest, at);
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

/* Made when it is not there: that it cannot be written is said at start, not when somebody asks to be forgotten. */
static int list_open(const char *path, struct error *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0)
        error_set(err, OUTCOME_BROKEN, "%s: cannot be opened for writing: %s", path, strerror(errno));
    return fd;
}

/* On the list before it is committed: a crash in between forgets once too often, never once too little. */
static enum outcome list_append(const char *path, const char *line, struct error *err)
{
    int fd = list_open(path, err);
    if (fd < 0)
        return OUTCOME_BROKEN;
    const size_t len = strlen(line);
    const bool kept = cut_torn_line(fd) && write(fd, line, len) == (ssize_t)len && fsync(fd) == 0;
    const int why = errno;
    close(fd);
    if (!kept)
        return error_set(err, OUTCOME_BROKEN, "%s: cannot be written: %s", path, strerror(why));
    return folder_sync(path, err);
}

static enum outcome forget_all(struct store *store, const struct change *change, struct error *err)
{
    enum outcome outcome = forget_phone(store, &change->forget.lookup, change->forget.person, change->forget.at, err);
    if (outcome == OUTCOME_OK && change->forget.person)
        outcome = forget_person(store, change->forget.person, change->forget.at, err);
    if (outcome == OUTCOME_OK && store->forgotten) {
        char line[LINE_MAX_BYTES];
        line_format(line, &change->forget.lookup, change->forget.person, change->forget.at);
        outcome = list_append(store->forgotten, line, err);
    }
    remember_forgotten(store, change);
    return outcome;
}

/* Of somebody who asked for it on another phone. */
static enum outcome find_lookup(struct store *store, int64_t phone, struct lookup *lookup, struct error *err)
{
    static const struct lookup none;
    if (memcmp(lookup, &none, sizeof none) != 0)
        return OUTCOME_OK;
    struct sql sql = sql_start(store, SQL_PHONE_LOOKUP);
    put_int(&sql, phone);
    const bool found = sql_next(&sql) && take_lookup(&sql, lookup);
    enum outcome outcome = sql_end(&sql, err);
    return outcome == OUTCOME_OK && !found ? error_set(err, OUTCOME_REFUSED, "there is no phone %lld", (long long)phone)
                                           : outcome;
}

enum outcome change_forget(struct store *store, const struct change *change, struct error *err)
{
    struct change whole = *change;
    enum outcome outcome = find_lookup(store, change->forget.phone, &whole.forget.lookup, err);
    return outcome == OUTCOME_OK ? forget_all(store, &whole, err) : outcome;
}

static enum outcome still_there(struct store *store, int64_t person, bool *there, struct error *err)
{
    struct sql sql = sql_start(store, SQL_PERSON_KEY);
    put_int(&sql, person);
    *there = sql_next(&sql);
    return sql_end(&sql, err);
}

static enum outcome replay_line(struct store *store, const char *line, struct error *err)
{
    struct lookup lookup;
    int64_t person = 0, at = 0;
    bool there = false;
    if (!line_read(line, &lookup, &person, &at))
        return error_set(err, OUTCOME_REFUSED, "%s: a line that is not \"<hash> <person> <time>\"", store->forgotten);
    enum outcome outcome = person ? still_there(store, person, &there, err) : OUTCOME_OK;
    if (outcome == OUTCOME_OK) /* in any case: a text may have left since, and a copy may be older than the person */
        outcome = forget_phone(store, &lookup, person, at, err);
    return outcome == OUTCOME_OK && there ? forget_person(store, person, at, err) : outcome;
}

static enum outcome replay_all(struct store *store, FILE *list, struct error *err)
{
    char line[LINE_MAX_BYTES];
    enum outcome outcome = store_begin(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    while (outcome == OUTCOME_OK && fgets(line, sizeof line, list) && strchr(line, '\n')) {
        store->must_truncate = true; /* a crash may have left the WAL as it was */
        outcome = replay_line(store, line, err);
    }
    if (outcome != OUTCOME_OK) {
        store_undo(store);
        return outcome;
    }
    return store_commit(store, err);
}

enum outcome forgotten_replay(struct store *store, struct error *err)
{
    if (!store->forgotten)
        return OUTCOME_OK;
    int fd = list_open(store->forgotten, err);
    if (fd < 0)
        return OUTCOME_BROKEN;
    FILE *list = fdopen(fd, "r");
    if (!list) {
        close(fd);
        return error_set(err, OUTCOME_BROKEN, "%s: %s", store->forgotten, strerror(errno));
    }
    enum outcome outcome = replay_all(store, list, err);
    fclose(list);
    return outcome;
}
