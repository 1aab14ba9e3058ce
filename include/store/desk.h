/*
 * desk: what the core has to know of the operators' desk before it changes anything: the loop's thread, the writing store. What
 * is saved are changes of store.h. Texts that operators wrote are sealed with the key of the person whom they are about.
 */
#pragma once
#include "store/store.h"

/* NOT_FOUND when there is none. Everything found lives in the arena. */
enum outcome store_load_operator(struct store *store, int64_t id, struct arena *arena, struct operator *out,
                                 struct error *err) MUST_CHECK;
enum outcome store_find_operator(struct store *store, struct span name, struct arena *arena, struct operator *out,
                                 struct error *err) MUST_CHECK;
size_t store_count_operators(struct store *store); /* all, also those who are disabled */
/* All by name. */
enum outcome store_load_operators(struct store *store, struct arena *arena, struct operator **rows, size_t *count,
                                  struct error *err) MUST_CHECK;
enum outcome store_load_sign_in(struct store *store, int64_t id, struct arena *arena, struct sign_in *out,
                                struct error *err) MUST_CHECK;

/* A request with what the desk knows of it; all zero when nobody has touched it yet. */
enum outcome store_load_request(struct store *store, int64_t id, struct arena *arena, struct request *request,
                                struct request_desk *desk, struct error *err) MUST_CHECK;
/* What decides who sees a person (rights.h): what all of their requests are about, also those that their person does not know of. */
enum outcome store_load_matters(struct store *store, int64_t person, struct arena *arena, struct matter **matters,
                                size_t *count, struct error *err) MUST_CHECK;
/* The same of the requests that were made in a session. */
enum outcome store_load_session_matters(struct store *store, int64_t session, struct arena *arena,
                                        struct matter **matters, size_t *count, struct error *err) MUST_CHECK;
/* Whether a person had this session, as far as is known: they asked for something in it, or were on its phone. */
enum outcome store_had_session(struct store *store, int64_t person, int64_t session, bool *had,
                               struct error *err) MUST_CHECK;
/* The latest request of a person that is open or was closed since `since`: what a new word of theirs is about. NOT_FOUND. */
enum outcome store_find_latest_request(struct store *store, int64_t person, int64_t since, struct arena *arena,
                                       struct request *request, struct request_desk *desk,
                                       struct error *err) MUST_CHECK;
/* Open ones with somebody who has done nothing with them since before `before[urgency]`: no line of the audit of theirs but for
 * looking, no draft. It counts from when they were given it, or it need not wait any more. A normal one with which they did something
 * lies only once all that was promised is past as well, and not after they spoke. The most urgent first, of those the oldest. */
struct silence {
    int64_t before[URGENCY_DANGER + 1], now;
};
struct lying {
    int64_t request, since;
};
enum outcome store_load_lying(struct store *store, const struct silence *silence, size_t limit, struct lying *rows,
                              size_t *count, struct error *err) MUST_CHECK;
/* Open ones that are marked for nothing (attention), with a referral whose outcome was to be asked for by `now` and is not known; at
 * most `limit`, in no order. */
enum outcome store_load_to_ask(struct store *store, int64_t now, size_t limit, int64_t *requests, size_t *count,
                               struct error *err) MUST_CHECK;
/* The request beside which a text stands: that it answers. 0: none. */
enum outcome store_find_answered(struct store *store, int64_t text, int64_t *request, struct error *err) MUST_CHECK;
/* The id of the last line of a request's history, which says how much of it a page has shown; 0: it has none. */
enum outcome store_find_last_line(struct store *store, int64_t request, int64_t *line, struct error *err) MUST_CHECK;
/* The phone with this keyed hash, from memory. NOT_FOUND. */
enum outcome store_find_phone(struct store *store, const struct lookup *lookup, int64_t *phone,
                              struct error *err) MUST_CHECK;
enum outcome store_load_phone(struct store *store, int64_t id, struct arena *arena, struct phone_row *out,
                              struct error *err) MUST_CHECK;
enum outcome store_load_note(struct store *store, int64_t id, struct arena *arena, struct note *out,
                             struct error *err) MUST_CHECK;
enum outcome store_load_referral(struct store *store, int64_t id, struct arena *arena, struct referral *out,
                                 struct error *err) MUST_CHECK;
enum outcome store_load_person_flag(struct store *store, int64_t id, struct arena *arena, struct person_flag *out,
                                    struct error *err) MUST_CHECK;

/* What an action with this key was answered. NOT_FOUND: it was not carried out. */
struct done {
    enum outcome outcome;
    int64_t id;
    uint32_t version;
};
enum outcome store_find_done(struct store *store, const struct lookup *key, struct done *out,
                             struct error *err) MUST_CHECK;
/* Removes those before `before`, some hundred at a time. */
enum outcome store_prune_done(struct store *store, int64_t before, size_t *pruned, struct error *err) MUST_CHECK;

/* The newest link of the audit chain, for the log; `count` 0: there is none. */
struct audit_head {
    int64_t count, id;
    unsigned char mac[AUDIT_MAC_BYTES];
};
enum outcome store_audit_head(struct store *store, struct audit_head *out, struct error *err) MUST_CHECK;

/* Whether the file holds no session, no request and no operator: a demonstration may be laid into it. With `is_demonstration` it
 * already holds one, and nothing else (meta 'demonstration'). */
enum outcome store_is_empty(struct store *store, bool *is_empty, bool *is_demonstration, struct error *err) MUST_CHECK;
enum outcome store_mark_demonstration(struct store *store, struct error *err) MUST_CHECK;
