/*
 * known: whose wrong tries are whose. Whoever knows a name can try passwords for it for as long as they like; that must get them nowhere,
 * and keep its owner from nothing. There are three counts, each with a wait that doubles from two seconds to an hour:
 *
 * - A browser that somebody signed in with before, to the end, has tries of its own (a "device cookie", as OWASP calls it): what is tried
 *   elsewhere does not close it, and what is tried in it closes it alone. It is told by a cookie for each name, with a day until when it
 *   is good and a keyed hash of ours; it lets nobody in, and is made anew at each sign-in.
 * - Any other browser shares its tries at this name with its address (an IPv6 one: its network of 64 bits). So one who tries from one
 *   place closes that place for this name, and the owner signs in with a new browser from any other.
 * - The name has a count for all addresses together (operator_locked_until), which bears more: it is the brake on who tries from many.
 *   As one try an hour is forgiven, one address at its slowest never fills it. While it is closed, browsers that were never used
 *   before have to wait.
 *
 * Who keeps accounts ends all waits of a name at once: with `helpline user enable NAME`, or a new first password.
 *
 * Behind a proxy that is not in listen.trusted_proxies all addresses are one. The first two counts are in memory, and gone with a restart;
 * the name's is kept. Private to the console.
 */
#pragma once
#include "console/door/visit.h"

#define KNOWN_DAYS 90

struct known *known_create(void);
void known_free(struct known *known);

/* Whether this browser is one of theirs. */
bool known_is(const struct visit *visit, int64_t operator);
/* Whether it, or else its address, may try this name now. */
bool known_may_try(const struct visit *visit, int64_t operator);
void known_failed(const struct visit *visit, int64_t operator);
/* Their account was opened, by who keeps accounts: nobody waits any more who tried this name, in whatever browser. Any thread; a
 * desk_let_in of this struct known. */
void known_let_in(void *known, int64_t operator);
/* Whose place a password of this visit takes at the turnstile: that of who has signed in, or whose browser it is, whatever name was
 * typed; else, as a stranger, that of its network. Nothing is looked up for it. */
struct known_place {
    struct lookup who;
    bool is_stranger;
};
struct known_place known_place(const struct visit *visit);
/* Any sign-in was refused, whatever for; counted for /metrics alone. */
void known_refused(const struct visit *visit);
uint64_t known_refusals(const struct known *known);
/* They are in: from now on it is known, and what was tried before is forgotten. */
void known_remember(struct visit *visit, int64_t operator);
