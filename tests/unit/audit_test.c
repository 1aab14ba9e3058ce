/* The chain of who did what: whatever is done to a row of it shows, and where. */
#include "store_desk_fixture.h"

#include "store/desk_reader.h"

static void run(struct fixture *f, const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_close(db);
}

static enum outcome prove(struct fixture *f, struct audit_proof *proof)
{
    struct reader *reader = NULL;
    OK(reader_open(f->path, f->keyring, &reader, &f->err));
    enum outcome outcome = desk_prove_audit(reader, NULL, proof, &f->err);
    reader_close(reader);
    return outcome;
}

static void write_lines(struct fixture *f, int64_t from, int64_t to)
{
    for (int64_t id = from; id <= to; id++) {
        struct audit_row row = a_line(id, AUDIT_VIEWED, 3001);
        if (id % 2) {
            row.operator = row.object_id = 0;
            row.object = OBJECT_NONE;
            row.detail = row.peer = SPAN_NONE;
        }
        OK(SAVE({.kind = CHANGE_AUDIT, .audit = {&row}}));
    }
}

static void a_chain_that_nobody_touched_holds(void **state)
{
    struct fixture *f = *state;
    struct audit_proof proof;
    struct audit_head head;
    OK(prove(f, &proof));
    assert_int_equal(proof.rows, 0);
    OK(store_audit_head(f->store, &head, &f->err));
    assert_int_equal(head.count, 0);
    fixture_desk(f);
    write_lines(f, 9001, 9005);
    fixture_close(f);
    fixture_open(f); /* the next one follows from what the file has */
    write_lines(f, 9006, 9009);
    OK(prove(f, &proof));
    OK(store_audit_head(f->store, &head, &f->err));
    assert_int_equal(proof.rows, 9);
    assert_int_equal(head.count, 9);
    assert_int_equal(proof.last_id, 9009);
    assert_int_equal(head.id, 9009);
    assert_memory_equal(head.mac, proof.head, sizeof head.mac);
}

/* A link that was rolled back leaves no gap behind. */
static void a_rollback_takes_the_link_back(void **state)
{
    struct fixture *f = *state;
    struct audit_proof proof;
    struct audit_head before, after;
    fixture_desk(f);
    write_lines(f, 9001, 9003);
    fixture_close(f);
    fixture_open(f); /* what the file had is gone back to as well */
    OK(store_audit_head(f->store, &before, &f->err));
    const struct audit_row row = a_line(9004, AUDIT_CHANGED, 3001), late = a_line(9002, AUDIT_CHANGED, 3001);
    const struct note nowhere = a_note(7201, 3999, "x");
    OUTCOME(SAVE({.kind = CHANGE_AUDIT, .audit = {&row}}, {.kind = CHANGE_NOTE, .note = {&nowhere}}), OUTCOME_REFUSED);
    OK(store_audit_head(f->store, &after, &f->err));
    assert_memory_equal(&before, &after, sizeof before);
    OUTCOME(SAVE({.kind = CHANGE_AUDIT, .audit = {&late}}), OUTCOME_REFUSED);
    write_lines(f, 9005, 9006);
    OK(prove(f, &proof));
    assert_int_equal(proof.rows, 5);
}

static void whatever_is_done_to_a_row_shows(void **state)
{
    static const struct {
        const char *sql;
        const char *row, *how;
    } done[] = {
        {"UPDATE audit SET at = at + 1 WHERE id = 9004", "row 9004", "changed"},
        {"UPDATE audit SET operator = NULL WHERE id = 9004", "row 9004", "changed"},
        {"UPDATE audit SET action = 13 WHERE id = 9004", "row 9004", "changed"},
        {"UPDATE audit SET object = 3 WHERE id = 9004", "row 9004", "changed"},
        {"UPDATE audit SET about = 3002 WHERE id = 9004", "row 9004", "changed"},
        {"UPDATE audit SET detail = NULL WHERE id = 9004", "row 9004", "changed"},
        {"UPDATE audit SET peer = '192.0.2.8' WHERE id = 9004", "row 9004", "changed"},
        {"UPDATE audit SET peer = '' WHERE id = 9005", "row 9005", "changed"}, /* absent is not empty */
        {"UPDATE word SET text = 'released' WHERE text = 'claimed'", "row 9002", "changed"},
        {"UPDATE audit SET id = 9010 WHERE id = 9004", "row 9005", "changed"},
        {"UPDATE audit SET id = 9010 WHERE id = 9008", "row 9010", "changed"},
        {"UPDATE audit SET mac = randomblob(16) WHERE id = 9004", "row 9004", "another mac"},
        {"UPDATE audit SET mac = x'00' WHERE id = 9004", "row 9004", "no mac"},
        {"DELETE FROM audit WHERE id = 9001", "row 9002", "taken out"},
        {"DELETE FROM audit WHERE id = 9004", "row 9005", "taken out"},
        {"DELETE FROM audit WHERE id BETWEEN 9003 AND 9006", "row 9007", "taken out"},
        {"UPDATE audit SET id = 9100 WHERE id = 9004; UPDATE audit SET id = 9004 WHERE id = 9006;"
         "UPDATE audit SET id = 9006 WHERE id = 9100",
         "row 9004", "changed"},
    };
    struct fixture *f = *state;
    struct audit_proof proof;
    char command[500];
    fixture_desk(f);
    write_lines(f, 9001, 9008);
    fixture_close(f);
    for (size_t i = 0; i < sizeof done / sizeof *done; i++) {
        snprintf(command, sizeof command, "cp %s %s.good", f->path, f->path);
        assert_int_equal(system(command), 0);
        run(f, done[i].sql);
        OUTCOME(prove(f, &proof), OUTCOME_REFUSED);
        if (!strstr(f->err.text, done[i].row) || !strstr(f->err.text, done[i].how))
            fail_msg("%s: %s", done[i].sql, f->err.text);
        snprintf(command, sizeof command, "rm -f %s-wal %s-shm; mv %s.good %s", f->path, f->path, f->path, f->path);
        assert_int_equal(system(command), 0);
        OK(prove(f, &proof));
    }
    fixture_open(f);
}

static void a_row_that_was_put_in_is_told(void **state)
{
    struct fixture *f = *state;
    struct audit_proof proof;
    fixture_desk(f);
    write_lines(f, 9001, 9003);
    write_lines(f, 9005, 9006);
    run(f, "INSERT INTO audit SELECT 9004, at, operator, action, object, about, detail, peer, mac FROM audit "
           "WHERE id = 9002");
    OUTCOME(prove(f, &proof), OUTCOME_REFUSED);
    assert_non_null(strstr(f->err.text, "row 9004"));
    assert_non_null(strstr(f->err.text, "put in between"));
    assert_int_equal(proof.rows, 3);
}

/* What was cut off at the end is seen by who kept a head. */
static void a_shorter_chain_has_another_head(void **state)
{
    struct fixture *f = *state;
    struct audit_proof whole, shorter;
    fixture_desk(f);
    write_lines(f, 9001, 9004);
    OK(prove(f, &whole));
    run(f, "DELETE FROM audit WHERE id > 9002");
    OK(prove(f, &shorter));
    assert_int_equal(shorter.rows, 2);
    assert_int_equal(shorter.last_id, 9002);
    assert_memory_not_equal(whole.head, shorter.head, sizeof whole.head);
}

/* The same rows, the macs made with other keys: nobody without these can write a chain anew. */
static void other_keys_make_another_chain(void **state)
{
    struct fixture *f = *state;
    unsigned char ours[AUDIT_MAC_BYTES], theirs[AUDIT_MAC_BYTES];
    char path[160];
    struct keyring *other = NULL;
    snprintf(path, sizeof path, "%s/other", f->dir);
    OK(keyring_generate(path, &f->err));
    OK(keyring_open(path, &other, &f->err));
    keyring_audit_mac(f->keyring, SPAN("row"), ours);
    keyring_audit_mac(other, SPAN("row"), theirs);
    assert_memory_not_equal(ours, theirs, sizeof ours);
    keyring_audit_mac(f->keyring, SPAN("row"), theirs);
    assert_memory_equal(ours, theirs, sizeof ours);
    keyring_close(other);
}

/* A key that was added seals what is new; the chain goes on with the first. */
static void a_rotation_does_not_break_it(void **state)
{
    struct fixture *f = *state;
    struct audit_proof proof;
    fixture_desk(f);
    write_lines(f, 9001, 9003);
    fixture_close(f);
    keyring_close(f->keyring);
    FILE *keys = fopen(f->keys, "a");
    assert_non_null(keys);
    fputs("2 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n", keys);
    fclose(keys);
    OK(keyring_open(f->keys, &f->keyring, &f->err));
    fixture_open(f);
    write_lines(f, 9004, 9005);
    OK(prove(f, &proof));
    assert_int_equal(proof.rows, 5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_chain_that_nobody_touched_holds), TEST(a_rollback_takes_the_link_back),
        TEST(whatever_is_done_to_a_row_shows),   TEST(a_row_that_was_put_in_is_told),
        TEST(a_shorter_chain_has_another_head),  TEST(other_keys_make_another_chain),
        TEST(a_rotation_does_not_break_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
