/*
 * reduce: what a session is once it only counts: its channel, its times, the nodes that were shown. No phone, no key, nothing that
 * was typed or shown with values; its texts are blank, and messages that it answered are known but lead nowhere.
 */
#pragma once
#include "store/sqlite/writer.h"

/* Which of its turns: `person` 0: everybody's. */
struct reduction {
    int64_t session, person, at;
    bool goes_on; /* somebody is in it: only what was said until `at` goes */
};
enum outcome session_reduce(struct store *store, const struct reduction *reduction, struct error *err) MUST_CHECK;
/* A reference that was typed there is nobody's from now on. */
enum outcome session_unsay(struct store *store, int64_t session, struct error *err) MUST_CHECK;
/* Silent since `silent_since`, or over before `ended_before` (0: that does not count): OK and *quiet.
 * What is not there is quiet. */
enum outcome session_is_quiet(struct store *store, int64_t session, int64_t silent_since, int64_t ended_before,
                              bool *quiet, struct error *err) MUST_CHECK;

/* Sessions that a statement has named, for changing them one by one. */
struct id_list {
    int64_t *at; /* in the scratch arena */
    size_t count;
};
enum outcome ids_take(struct store *store, struct sql *sql, struct id_list *out, struct error *err) MUST_CHECK;
