/*
 * redact: words that go for good; what its files share. redact.c: whose they are, in which order; redact_turns.c: what was typed and
 * shown; redact_kept.c: answers and texts.
 */
#pragma once
#include "store/sqlite/reduce.h"

#define REDACTED_MOST 1000 /* sessions of a person, those that followed; and texts to their phone */

struct redacting {
    struct store *store;
    const struct redaction *row;
    const struct change *change;
    struct span words; /* as they were understood, else as typed: so they are repeated */
    int64_t at;        /* when they were typed */
    struct session session;
    int64_t person;          /* whose they are; 0: nobody knows */
    struct id_list sessions; /* theirs, in ascending order */
};

/* The turn itself: its words, when they were typed, whose key sealed them. CONFLICT: nothing is typed there any more. */
enum outcome redact_find_words(struct redacting *redacting, struct error *err) MUST_CHECK;
/* In that session, and in those of theirs that followed. */
enum outcome redact_sessions(const struct redacting *redacting, struct error *err) MUST_CHECK;

enum outcome redact_answers(const struct redacting *redacting, struct error *err) MUST_CHECK;
enum outcome redact_texts(const struct redacting *redacting, struct error *err) MUST_CHECK;

bool redact_is_session(const struct redacting *redacting, int64_t session);
