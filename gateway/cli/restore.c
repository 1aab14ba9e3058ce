/*
 * helpline restore: puts a backup in the data file's place. The copy is checked, made ready beside its place (migrated, the
 * forgotten forgotten again), and takes the place in one rename; what was there is kept under another name.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/sealed.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "cli/verifying.h"
#include "core/config.h"
#include "store/sqlite/lock.h"
#include "store/store.h"

#define PIECE_BYTES ((size_t)1 << 20)

struct restoring {
    const struct config *config;
    const struct keyring *keyring;
    const char *copy, *place, *ready; /* what is restored, where to, and the file made ready beside it */
    const char *kept;                 /* the name that the old file got; NULL: there was none */
    struct error err;
};

static const char *beside(const struct restoring *restoring, const char *path, const char *suffix)
{
    return arena_format(restoring->config->arena, "%s%s", path, suffix).at;
}

static enum outcome failed(struct restoring *restoring, const char *path, const char *doing)
{
    return error_set(&restoring->err, OUTCOME_BROKEN, "%s: cannot be %s: %s", path, doing, strerrordesc_np(errno));
}

static bool write_whole(int fd, const char *at, size_t len)
{
    while (len > 0) {
        ssize_t wrote = write(fd, at, len);
        if (wrote < 0 && errno != EINTR)
            return false;
        at += wrote > 0 ? wrote : 0;
        len -= wrote > 0 ? (size_t)wrote : 0;
    }
    return true;
}

static enum outcome copy_bytes(struct restoring *restoring, int from, int to)
{
    struct progress progress;
    struct stat status;
    char *piece = arena_alloc(restoring->config->arena, PIECE_BYTES);
    int64_t done = 0, total = fstat(from, &status) == 0 ? status.st_size : 0;
    enum outcome outcome = OUTCOME_OK;
    progress_begin(&progress, "restore, bytes");
    for (ssize_t got = 1; outcome == OUTCOME_OK && got > 0;) {
        got = read(from, piece, PIECE_BYTES);
        if (got < 0)
            outcome = failed(restoring, restoring->copy, "read");
        else if (!write_whole(to, piece, (size_t)got))
            outcome = failed(restoring, restoring->ready, "written");
        done += got > 0 ? got : 0;
        progress_show(&progress, done, total);
    }
    progress_end(&progress);
    if (outcome == OUTCOME_OK && fsync(to) != 0)
        outcome = failed(restoring, restoring->ready, "synced");
    return outcome;
}

/* Neither file is the live one, and nobody has the copy open: plain reading drops no lock of SQLite's. */
static enum outcome copy_file(struct restoring *restoring)
{
    int from = open(restoring->copy, O_RDONLY | O_CLOEXEC);
    if (from < 0)
        return failed(restoring, restoring->copy, "opened");
    int to = open(restoring->ready, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    enum outcome outcome = to < 0 ? failed(restoring, restoring->ready, "made") : copy_bytes(restoring, from, to);
    if (to >= 0)
        close(to);
    close(from);
    return outcome;
}

/* Opening as the gateway does migrates the file and replays the list of the forgotten; closing leaves one file. */
static enum outcome make_ready(struct restoring *restoring)
{
    struct store *store = NULL;
    const struct store_options opening = {.path = restoring->ready,
                                          .keyring = restoring->keyring,
                                          .forgotten = restoring->config->data.forgotten,
                                          .create = false};
    enum outcome outcome = store_open(&opening, &store, &restoring->err);
    store_close(store);
    if (outcome == OUTCOME_OK && access(beside(restoring, restoring->ready, "-wal"), F_OK) == 0)
        return error_set(&restoring->err, OUTCOME_BROKEN, "%s: did not close into one file", restoring->ready);
    return outcome;
}

static enum outcome move_if_there(struct restoring *restoring, const char *suffix)
{
    const char *from = beside(restoring, restoring->place, suffix), *to = beside(restoring, restoring->kept, suffix);
    return rename(from, to) == 0 || errno == ENOENT ? OUTCOME_OK : failed(restoring, from, "moved");
}

/*
 * The old file gets a second name first, so that its place is never empty. Its WAL goes before the new file comes: SQLite would
 * take it for the new file's and write old pages into it.
 */
static enum outcome keep_old(struct restoring *restoring)
{
    struct civil t = clock_civil(clock_utc_ms(), 0);
    if (access(restoring->place, F_OK) != 0)
        return OUTCOME_OK;
    restoring->kept = arena_format(restoring->config->arena, "%s.before-restore-%04d%02d%02dT%02d%02d%02d.%03dZ",
                                   restoring->place, t.year, t.month, t.day, t.hour, t.minute, t.second, t.millisecond)
                          .at;
    if (link(restoring->place, restoring->kept) != 0)
        return failed(restoring, restoring->kept, "made");
    enum outcome outcome = move_if_there(restoring, "-wal");
    if (outcome == OUTCOME_OK && unlink(beside(restoring, restoring->place, "-shm")) != 0 && errno != ENOENT)
        outcome = failed(restoring, restoring->place, "freed of its -shm");
    return outcome;
}

static enum outcome sync_folder(struct restoring *restoring)
{
    const char *slash = strrchr(restoring->place, '/');
    int len = slash ? (int)(slash - restoring->place) + 1 : 1;
    const char *folder = slash ? arena_format(restoring->config->arena, "%.*s", len, restoring->place).at : ".";
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    enum outcome outcome = synced ? OUTCOME_OK : failed(restoring, folder, "synced");
    if (fd >= 0)
        close(fd);
    return outcome;
}

static enum outcome take_place(struct restoring *restoring)
{
    /* A WAL without its file, left from a file that somebody removed, would be taken for the new file's too. */
    enum outcome outcome = keep_old(restoring);
    if (outcome == OUTCOME_OK && !restoring->kept) {
        restoring->kept = beside(restoring, restoring->place, ".stray");
        outcome = move_if_there(restoring, "-wal");
        restoring->kept = NULL;
    }
    if (outcome == OUTCOME_OK && rename(restoring->ready, restoring->place) != 0)
        outcome = failed(restoring, restoring->place, "put in place");
    return outcome == OUTCOME_OK ? sync_folder(restoring) : outcome;
}

static void remove_ready(const struct restoring *restoring)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++)
        unlink(beside(restoring, restoring->ready, suffixes[i]));
}

/* With the writer lock of the place held. */
static int restore_locked(struct restoring *restoring)
{
    struct verify_counts counts = {0};
    int code = verify_file(restoring->copy, restoring->keyring, &counts);
    if (code != EXIT_DONE)
        return code;
    remove_ready(restoring); /* left from a restore that was cut short */
    enum outcome outcome = copy_file(restoring);
    if (outcome == OUTCOME_OK)
        outcome = make_ready(restoring);
    if (outcome == OUTCOME_OK)
        outcome = take_place(restoring);
    remove_ready(restoring);
    if (outcome != OUTCOME_OK)
        return report_store(outcome, &restoring->err);
    printf("restored %s: %" PRId64 " sessions, %" PRId64 " turns, %" PRId64 " requests, %" PRId64 " registrations\n",
           restoring->place, counts.sessions, counts.turns, counts.requests, counts.registrations);
    if (restoring->kept)
        printf("what was there is now %s\n", restoring->kept);
    return report_output(EXIT_DONE);
}

static bool is_same_file(const char *a, const char *b)
{
    struct stat one, other;
    return stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

static enum outcome check_files(struct restoring *restoring, bool force)
{
    if (is_same_file(restoring->copy, restoring->place))
        return error_set(&restoring->err, OUTCOME_NOT_FOUND, "%s: is the data file itself", restoring->copy);
    if (access(restoring->copy, R_OK) != 0)
        return error_set(&restoring->err, OUTCOME_NOT_FOUND, "%s: %s", restoring->copy, strerrordesc_np(errno));
    struct stat wal;
    if (stat(beside(restoring, restoring->copy, "-wal"), &wal) == 0 && wal.st_size > 0)
        return error_set(&restoring->err, OUTCOME_NOT_FOUND,
                         "%s: is a live data file, not a backup: a -wal lies beside it. `helpline backup` makes one",
                         restoring->copy);
    if (!force && access(restoring->place, F_OK) == 0)
        return error_set(&restoring->err, OUTCOME_NOT_FOUND,
                         "%s: is there already; --force puts the backup in its place and keeps "
                         "it under another name",
                         restoring->place);
    return OUTCOME_OK;
}

static int restore_with_keys(struct restoring *restoring, bool force)
{
    int lock = -1;
    enum outcome outcome = check_files(restoring, force);
    if (outcome == OUTCOME_OK)
        outcome = writer_lock_take(restoring->place, &lock, &restoring->err);
    if (outcome != OUTCOME_OK)
        return report_store(outcome, &restoring->err);
    int code = restore_locked(restoring);
    writer_lock_release(lock);
    return code;
}

static int restore(const struct verb_arguments *arguments)
{
    struct config *config = NULL;
    int code = verb_read_config(arguments, &config);
    if (code != EXIT_DONE)
        return code;
    const char *const *operands;
    verb_operands(arguments, &operands);
    struct keyring *keyring = NULL;
    struct restoring restoring = {.config = config, .copy = operands[0], .place = config->data.path};
    enum outcome outcome = keyring_open(config->data.keys, &keyring, &restoring.err);
    if (outcome == OUTCOME_OK) {
        restoring.keyring = keyring;
        restoring.ready = beside(&restoring, restoring.place, ".restoring");
        code = restore_with_keys(&restoring, verb_has(arguments, "force"));
    } else {
        code = report_error(EXIT_KEYS, &restoring.err);
    }
    keyring_close(keyring);
    config_free(config);
    return code;
}

static const struct verb_option options[] = {
    {"force", NULL, "also where a data file is; it is kept as FILE.before-restore-TIME", false, false},
    {0},
};

const struct verb verb_restore = {
    .name = "restore",
    .operands = "COPY",
    .summary = "put a backup in the data file's place",
    .details = "Stop the gateway first. The copy is verified whole, whoever asked to be forgotten since it was made is "
               "forgotten again\n"
               "(data.forgotten), and only then does it take its place, in one step. Needs the keys that the data was "
               "written with.",
    .options = options,
    .operands_min = 1,
    .operands_max = 1,
    .run = restore,
};
