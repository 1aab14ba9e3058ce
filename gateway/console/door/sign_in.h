/*
 * sign_in: passwords, second factors and recovery codes, tried against what is kept. Whatever was wrong (no such name, the password,
 * too many tries before, an account that is disabled) is one answer and takes one time. Private to the console.
 */
#pragma once
#include "console/door/visit.h"

/* OK: it is theirs. REFUSED: not, and that was counted. FULL: too many try at this moment. BROKEN. */
enum outcome sign_in_by_name(struct visit *visit, struct span name, struct span password, struct operator *out,
                             struct error *err) MUST_CHECK;
/* The same for who has signed in: unlocking, and before a change of their own sign-in. */
enum outcome sign_in_again(struct visit *visit, struct span password, struct error *err) MUST_CHECK;
/* A new hash, at the turnstile. REFUSED: too short or long. */
enum outcome sign_in_hash(const struct visit *visit, struct span password, struct span *hash,
                          struct error *err) MUST_CHECK;

/* The second factor of a half sign-in: a code by the clock, or one for recovery. OK: the sign-in is whole, its cookie is new. */
enum outcome sign_in_by_code(struct visit *visit, struct span typed, struct error *err) MUST_CHECK;

/* Begins a sign-in: its cookie goes out with the answer. */
enum outcome sign_in_begin(struct visit *visit, const struct operator *operator, struct error *err) MUST_CHECK;
/* They are in, to the end: the visit goes on under a new cookie, and the browser is one of theirs. */
void sign_in_done(struct visit *visit, struct span cookie);

/* The secret that the page of setting up shows: the same until it is taken or the sign-in's cookie changes, so that nothing has to be
 * kept in between, and known to nobody without our keys. */
struct span sign_in_new_secret(const struct visit *visit);

/* Ten codes for when the authenticator is lost, as shown ("k7mw9-x2p4q") and as kept. */
struct recovery {
    struct span codes[RECOVERY_CODES];
    struct span hashes;
};
struct recovery sign_in_new_recovery(const struct visit *visit);
