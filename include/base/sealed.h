/*
 * sealed: keys, and everything that is hidden with them. The only user of libsodium's ciphers.
 *
 * One master key lies in a 0600 file outside the data. Subkeys come from it by crypto_kdf: lookup (keyed hash of a number),
 * seal (numbers, wrapped person keys), pin, audit. What is sealed with a master subkey leads with the id of its master key, so
 * that keys can be rotated. Each person's words are sealed with the person's own key, kept in the data file wrapped by the
 * master key; forgetting a person destroys that row and with it every word, in backups too once the forgotten list is replayed.
 *
 * Key file: a line `helpline-key 1`, then a line `<id 1..255> <64 hex digits>` for each key, the last one current: new seals
 * and wraps are made with it, old ones open with the key they name. Look-ups, PIN hashes and the check value stay those of
 * the first key, since nothing on file says which key made them: adding a line rotates without rewriting a row.
 * Cipher: XChaCha20-Poly1305 (crypto_aead_xchacha20poly1305_ietf), random nonce first. Context binds a text to its place:
 * a row moved elsewhere does not open. A keyring is read-only after opening and may be used from any thread.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"

struct keyring;

#define LOOKUP_BYTES 16
#define PERSON_KEY_BYTES 32
#define SEAL_OVERHEAD 40                                         /* nonce 24, tag 16 */
#define WRAPPED_KEY_BYTES (1 + SEAL_OVERHEAD + PERSON_KEY_BYTES) /* key id first */
#define PIN_HASH_BYTES 16
#define KEY_CHECK_BYTES 16

struct lookup {
    unsigned char at[LOOKUP_BYTES];
};
struct person_key {
    unsigned char at[PERSON_KEY_BYTES];
};

/* CONFLICT when the file exists (it is never overwritten), BROKEN when it cannot be written. Mode 0600, synced. */
enum outcome keyring_generate(const char *path, struct error *err) MUST_CHECK;

/* NOT_FOUND: no such file. REFUSED: readable by others than the owner, or not a key file. The keyring is locked in memory
 * and wiped by keyring_close. */
enum outcome keyring_open(const char *path, struct keyring **out, struct error *err) MUST_CHECK;
void keyring_close(struct keyring *keyring); /* NULL is fine */

/* A value that tells whether a data file belongs to these keys, and nothing else about them. */
void keyring_check_value(const struct keyring *keyring, unsigned char out[KEY_CHECK_BYTES]);

/* Keyed BLAKE2b of (domain, text). `domain` keeps uses apart: "phone", "token", "session", "message". */
void keyring_lookup(const struct keyring *keyring, struct span domain, struct span text, struct lookup *out);
/* Eight bytes for telling texts apart within a few thousand: keyed SipHash-2-4, at a tenth of the cost. Never for finding a
 * person. */
uint64_t keyring_fingerprint(const struct keyring *keyring, struct span domain, struct span text);

/* Sixteen bytes that only who has the keys can make for a text: links of the audit. Always with the first key, so that what was
 * linked before a rotation still holds. */
#define AUDIT_MAC_BYTES 16
void keyring_audit_mac(const struct keyring *keyring, struct span text, unsigned char out[AUDIT_MAC_BYTES]);

/* For what must be readable without a person: a number to call back. Context: the row's id. Absent seals to absent, and back. */
struct span keyring_seal(const struct keyring *keyring, int64_t context, struct span plain, struct arena *arena);
enum outcome keyring_unseal(const struct keyring *keyring, int64_t context, struct span sealed, struct arena *arena,
                            struct span *plain) MUST_CHECK; /* REFUSED: tampered, or another key */

void person_key_create(struct person_key *key);
void person_key_wipe(struct person_key *key); /* for a copy that is no longer needed */
void person_key_wrap(const struct keyring *keyring, int64_t person, const struct person_key *key,
                     unsigned char out[WRAPPED_KEY_BYTES]);
enum outcome person_key_unwrap(const struct keyring *keyring, int64_t person, struct span wrapped,
                               struct person_key *key) MUST_CHECK;
struct span person_seal(const struct person_key *key, int64_t context, struct span plain, struct arena *arena);
enum outcome person_unseal(const struct person_key *key, int64_t context, struct span sealed, struct arena *arena,
                           struct span *plain) MUST_CHECK;

/* A keyed hash: the key, not slowness, protects four digits, and a slow hash would hold up the tick. */
void pin_hash(const struct keyring *keyring, int64_t person, struct span pin, unsigned char out[PIN_HASH_BYTES]);
bool secret_equal(struct span a, struct span b); /* constant time for equal lengths; an absent one equals nothing */
