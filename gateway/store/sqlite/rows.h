/*
 * rows: from a statement's columns to the model's structs and back. Column order is that of statements.c.
 *
 * Every take_ is strict: a row that does not hold (a blob cut short, a word that is not there) is BROKEN, never guessed at.
 */
#pragma once
#include "store/sqlite/writer.h"

/* What take_ of here and of desk_rows.h are made of: a name by its number, and what a person's key has sealed. */
struct span take_word(const struct row_source *source, struct sql *sql, struct arena *arena);
enum outcome row_damaged(struct error *err, const char *table, int64_t id);
/* Whose key sealed something, as the file has it: wrapped, and absent when they were forgotten. */
struct sealed_by {
    const struct keyring *keyring;
    int64_t person;
    struct span wrapped;
};
bool person_open(const struct sealed_by *by, int64_t context, struct span sealed, struct arena *arena,
                 struct span *plain);

/* The session's blob of places: its form is ours alone, and versioned. */
enum outcome state_pack(struct store *store, const struct session *session, struct span *packed,
                        struct error *err) MUST_CHECK;
bool state_unpack(const struct words *words, struct span packed, struct arena *arena, struct session *session);

enum outcome take_session(const struct row_source *source, struct sql *sql, struct arena *arena,
                          struct session *session, struct error *err) MUST_CHECK;
enum outcome take_phone(const struct row_source *source, struct sql *sql, struct arena *arena, struct phone_row *phone,
                        struct error *err) MUST_CHECK;
enum outcome take_person(struct sql *sql, struct arena *arena, struct person_row *person, struct error *err) MUST_CHECK;
enum outcome take_turn(const struct row_source *source, struct sql *sql, struct arena *arena, struct turn *turn,
                       struct error *err) MUST_CHECK;
enum outcome take_answer(const struct row_source *source, struct sql *sql, struct arena *arena, struct answer *answer,
                         struct error *err) MUST_CHECK;
/* False: what lies there is no reference. */
bool take_reference(struct sql *sql, struct arena *arena, char out[REFERENCE_DIGITS + 1]);
enum outcome take_request(const struct row_source *source, struct sql *sql, struct arena *arena,
                          struct request *request, struct error *err) MUST_CHECK;
enum outcome take_outbox(const struct row_source *source, struct sql *sql, struct arena *arena, struct outbox_row *row,
                         struct error *err) MUST_CHECK;
enum outcome take_triage(const struct row_source *source, struct sql *sql, struct arena *arena, struct triage_row *row,
                         struct error *err) MUST_CHECK;
/* people.c: what is theirs, with or without the requests. */
enum outcome person_load(struct store *store, int64_t id, bool with_requests, struct arena *arena,
                         struct person *person, struct error *err) MUST_CHECK;

/* REFUSED: it does not open. */
enum outcome take_part(const struct row_source *source, struct sql *sql, struct arena *arena, struct part *part,
                       struct error *err) MUST_CHECK;
