/*
 * password: what people sign in with at the desk, kept as Argon2id strings (libsodium's, with their own parameters in them).
 *
 * Slow on purpose: some tenths of a second and 64 MiB each. Never on the loop's thread; whoever takes tries from outside lets no
 * more than a few be computed at a time.
 */
#pragma once
#include <stdbool.h>
#include "base/error.h"
#include "base/span.h"

#define PASSWORD_HASH_BYTES 128 /* with the closing NUL */
#define PASSWORD_BYTES_MIN 10
#define PASSWORD_BYTES_MAX 512

/* REFUSED: shorter or longer than the bounds above. BROKEN: no memory for it. */
enum outcome password_hash(struct span password, char out[PASSWORD_HASH_BYTES], struct error *err) MUST_CHECK;

/* Whether it is that password. An absent hash, as of a name that does not exist, takes as long as any other and is never it. */
bool password_is(struct span hash, struct span password);

/* One that the program makes up, to be told once: PASSWORD_MADE characters that cannot be mistaken for each other, and a NUL. */
#define PASSWORD_MADE 16
void password_make(char out[PASSWORD_MADE + 1]);
