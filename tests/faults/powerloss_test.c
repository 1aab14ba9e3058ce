/*
 * Answered means kept: batches are saved on a disk that remembers; the power goes at every sync of the run, in four ways; the
 * file is opened as the gateway opens it. Every batch whose store_save said OK is there whole, and none is there in part.
 * Besides: what a failing sync and a full disk leave behind.
 * timeout: 400
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "powerloss_vfs.h"
#include "store/desk.h"
#include "store/desk_reader.h"
#include "store/store.h"

#define BATCHES 40
#define MESSAGES 4        /* a batch: a phone, a session and two turns each, and a line of the audit */
#define INPUT_BYTES 40000 /* so that the WAL grows past what the checkpoint policy lets be */
#define NOW INT64_C(1790000000000)

struct run {
    char dir[64], data[96], keys[96], again[96];
    struct keyring *keyring;
    struct store *store;
    struct arena *arena;
    struct error err;
    int64_t audited;          /* the last line's id */
    size_t saved_at[BATCHES]; /* the moment when store_save had said OK; SIZE_MAX: never */
};

static char filler[INPUT_BYTES];

static int64_t session_id(int batch, int message)
{
    return ((int64_t)batch + 1) * 1000 + message;
}

static void key_of(struct run *run, const char *domain, int batch, int message, struct lookup *out)
{
    char text[40];
    snprintf(text, sizeof text, "%d-%d", batch, message);
    keyring_lookup(run->keyring, span_of(domain), span_of(text), out);
}

static enum outcome save_batch(struct run *run, int batch)
{
    struct phone_row phones[MESSAGES];
    struct session sessions[MESSAGES];
    struct turn turns[MESSAGES][2];
    struct change changes[4 * MESSAGES + 1];
    const struct audit_row line = {
        .id = ++run->audited, .at = NOW, .action = AUDIT_PROGRAM, .object = OBJECT_SESSION, .object_id = batch};
    size_t count = 0, failed_at;
    for (int i = 0; i < MESSAGES; i++) {
        const int64_t id = session_id(batch, i);
        phones[i] = (struct phone_row){.id = id, .last_session = id, .first_at = NOW, .last_at = NOW};
        sessions[i] = (struct session){.id = id, .phone = id, .channel = SPAN("at-ussd"), .turns = 2};
        key_of(run, "phone", batch, i, &phones[i].lookup);
        key_of(run, "session", batch, i, &sessions[i].key);
        changes[count++] = (struct change){.kind = CHANGE_PHONE, .phone = {&phones[i], SPAN_NONE}};
        changes[count++] = (struct change){.kind = CHANGE_SESSION, .session = {&sessions[i], true}};
        for (uint32_t n = 0; n < 2; n++) {
            turns[i][n] = (struct turn){
                .session = id, .number = n, .at = NOW, .node = SPAN("main"), .input = {filler, n ? INPUT_BYTES : 10}};
            changes[count++] = (struct change){.kind = CHANGE_TURN, .turn = {&turns[i][n], 0}};
        }
    }
    changes[count++] = (struct change){.kind = CHANGE_AUDIT, .audit = {&line}};
    return store_save(run->store, changes, count, &failed_at, &run->err);
}

static void must(struct run *run, enum outcome outcome)
{
    if (outcome != OUTCOME_OK) {
        fail_msg("%s: %s", outcome_name(outcome), run->err.text);
    }
}

static enum outcome open_at(struct run *run, const char *path, bool create)
{
    const struct store_options options = {.path = path, .keyring = run->keyring, .create = create};
    return store_open(&options, &run->store, &run->err);
}

static int setup(void **state)
{
    struct run *run = calloc(1, sizeof *run);
    memset(filler, 'x', sizeof filler);
    snprintf(run->dir, sizeof run->dir, "/tmp/helpline-powerloss-XXXXXX");
    assert_non_null(mkdtemp(run->dir));
    snprintf(run->data, sizeof run->data, "%s/data.db", run->dir);
    snprintf(run->keys, sizeof run->keys, "%s/keys", run->dir);
    snprintf(run->again, sizeof run->again, "%s/again-XXXXXX", run->dir);
    assert_non_null(mkdtemp(run->again));
    must(run, keyring_generate(run->keys, &run->err));
    must(run, keyring_open(run->keys, &run->keyring, &run->err));
    run->arena = arena_create(1 << 20);
    powerloss_install();
    *state = run;
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static int teardown(void **state)
{
    struct run *run = *state;
    store_close(run->store);
    powerloss_ignore_syncs(false);
    powerloss_remove();
    keyring_close(run->keyring);
    arena_destroy(run->arena);
    nftw(run->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(run);
    return 0;
}

/* Passive checkpoints as the WAL grows, one that truncates, and one clean restart. */
static void work(struct run *run)
{
    must(run, open_at(run, run->data, true));
    for (int batch = 0; batch < BATCHES; batch++) {
        must(run, save_batch(run, batch));
        run->saved_at[batch] = powerloss_now();
        must(run, store_checkpoint(run->store, batch == BATCHES * 3 / 4, &run->err));
        if (batch == BATCHES / 2) {
            must(run, store_reopen(run->store, &run->err));
        }
    }
    store_close(run->store);
    run->store = NULL;
}

/* How many of a batch's pieces are there: MESSAGES * 4 when it is whole. */
static int pieces_of(struct run *run, int batch)
{
    int pieces = 0;
    for (int i = 0; i < MESSAGES; i++) {
        struct store_wanted wanted;
        struct store_found found;
        struct turn turn;
        memset(&wanted, 0, sizeof wanted);
        key_of(run, "phone", batch, i, &wanted.phone);
        key_of(run, "session", batch, i, &wanted.session_key);
        must(run, store_load(run->store, &wanted, 1, run->arena, &found, &run->err));
        pieces += (found.phone != NULL) + (found.session != NULL);
        for (uint32_t n = 0; n < 2; n++) {
            pieces += store_load_turn(run->store, session_id(batch, i), n, run->arena, &turn, &run->err) == OUTCOME_OK;
        }
    }
    arena_reset(run->arena);
    return pieces;
}

/* How many lines the audit has; -1 when its chain does not hold, or memory says another head. */
static int lines_of(struct run *run, const char *path)
{
    struct reader *reader = NULL;
    struct audit_proof proof;
    struct audit_head head;
    must(run, reader_open(path, run->keyring, &reader, &run->err));
    const bool holds = desk_prove_audit(reader, NULL, &proof, &run->err) == OUTCOME_OK;
    reader_close(reader);
    must(run, store_audit_head(run->store, &head, &run->err));
    const bool same = head.count == proof.rows && memcmp(head.mac, proof.head, sizeof head.mac) == 0;
    return holds && same ? (int)proof.rows : -1;
}

/* What is wrong with the file as the power left it at this moment: how many batches are lost or there in part; a file that
 * does not open has lost all of them. */
static int broken_promises(struct run *run, size_t moment, enum loss loss, uint32_t seed)
{
    char path[128];
    int broken = 0, whole = 0;
    assert_true(powerloss_rebuild(run->again, moment, loss, seed));
    snprintf(path, sizeof path, "%s/data.db", run->again);
    const bool opened = open_at(run, path, true) == OUTCOME_OK;
    for (int batch = 0; batch < BATCHES; batch++) {
        const bool promised = run->saved_at[batch] <= moment;
        const int pieces = opened ? pieces_of(run, batch) : 0;
        broken += (promised && pieces != 4 * MESSAGES) || (pieces != 0 && pieces != 4 * MESSAGES);
        whole += pieces == 4 * MESSAGES;
    }
    broken += opened && lines_of(run, path) != whole;
    store_close(run->store);
    run->store = NULL;
    return broken;
}

static const struct {
    enum loss loss;
    uint32_t seed;
} ways[] = {{LOSS_NOTHING, 0}, {LOSS_ALL, 0}, {LOSS_SOME, 1}, {LOSS_SOME, 2}};

/* Rebuilt files are opened by SQLite's own file system: the record must not change while it is looked at. */
static int broken_over_all(struct run *run, const size_t *moments, size_t count)
{
    int broken = 0;
    for (size_t k = 0; k < count; k++) {
        for (size_t way = 0; way < sizeof ways / sizeof *ways; way++) {
            const int here = broken_promises(run, moments[k], ways[way].loss, ways[way].seed + (uint32_t)k);
            broken += here;
        }
    }
    return broken;
}

static int broken_in_whole_run(struct run *run)
{
    const size_t syncs = powerloss_sync_count();
    size_t *moments = calloc(syncs, sizeof *moments);
    for (size_t k = 0; k < syncs; k++) {
        moments[k] = powerloss_sync_at(k);
    }
    powerloss_pause(true);
    const int broken = broken_over_all(run, moments, syncs);
    powerloss_pause(false);
    print_message("power lost at %zu syncs in %zu ways: %d broken promises\n", syncs, sizeof ways / sizeof *ways,
                  broken);
    free(moments);
    return syncs > BATCHES ? broken : -1;
}

static void what_was_answered_survives_power_loss(void **state)
{
    struct run *run = *state;
    work(run);
    assert_int_equal(broken_in_whole_run(run), 0);
}

static void a_disk_that_lies_is_found_out(void **state)
{
    struct run *run = *state;
    work(run);
    powerloss_ignore_syncs(true);
    assert_true(broken_in_whole_run(run) > BATCHES);
}

/* A COMMIT that failed leaves nothing to believe: the store says so until it is opened anew, and then it goes on. */
static void a_failing_sync_poisons_until_reopened(void **state)
{
    struct run *run = *state;
    must(run, open_at(run, run->data, true));
    must(run, save_batch(run, 0));
    powerloss_fail_sync(1);
    assert_int_equal(save_batch(run, 1), OUTCOME_BROKEN);
    powerloss_fail_sync(0);
    assert_int_equal(save_batch(run, 1), OUTCOME_BROKEN);
    must(run, store_reopen(run->store, &run->err));
    assert_int_equal(pieces_of(run, 0), 4 * MESSAGES);
    if (pieces_of(run, 1) == 0) {
        must(run, save_batch(run, 1));
    }
    must(run, save_batch(run, 2));
    store_close(run->store);
    must(run, open_at(run, run->data, false));
    for (int batch = 0; batch < 3; batch++) {
        assert_int_equal(pieces_of(run, batch), 4 * MESSAGES);
    }
    assert_int_equal(lines_of(run, run->data), 3);
}

/* Wherever in a batch the disk becomes full. */
static void a_full_disk_loses_nothing_that_was_saved(void **state)
{
    struct run *run = *state;
    must(run, open_at(run, run->data, true));
    must(run, save_batch(run, 0));
    for (unsigned n = 1; n < 40; n += 3) {
        powerloss_fail_write(n);
        const enum outcome outcome = save_batch(run, (int)n);
        powerloss_fail_write(0);
        assert_true(outcome == OUTCOME_BROKEN || outcome == OUTCOME_OK);
        if (outcome == OUTCOME_BROKEN) {
            must(run, store_reopen(run->store, &run->err));
            assert_int_equal(pieces_of(run, (int)n), 0);
        }
        assert_int_equal(pieces_of(run, 0), 4 * MESSAGES);
    }
    must(run, save_batch(run, 1));
    assert_int_equal(pieces_of(run, 1), 4 * MESSAGES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_answered_survives_power_loss, setup, teardown),
        cmocka_unit_test_setup_teardown(a_disk_that_lies_is_found_out, setup, teardown),
        cmocka_unit_test_setup_teardown(a_failing_sync_poisons_until_reopened, setup, teardown),
        cmocka_unit_test_setup_teardown(a_full_disk_loses_nothing_that_was_saved, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
