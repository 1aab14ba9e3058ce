#include "base/sealed.h"

#include <string.h>

#include "base/keyring.h"
#include "base/random.h"

#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES

_Static_assert(SEAL_OVERHEAD == NONCE_BYTES + TAG_BYTES, "as the header says");
_Static_assert(PERSON_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "as the header says");
_Static_assert(SUBKEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "as the cipher wants");

/* In one byte order, so that a data file may move between machines. */
static void put_number(unsigned char out[8], uint64_t value)
{
    for (size_t i = 0; i < 8; i++)
        out[i] = (unsigned char)(value >> (8 * i));
}

static uint64_t get_number(const unsigned char in[8])
{
    uint64_t value = 0;
    for (size_t i = 8; i > 0; i--)
        value = value << 8 | in[i - 1];
    return value;
}

/* out: nonce, text, tag; plain.len + SEAL_OVERHEAD bytes. */
static void encrypt(const unsigned char *key, int64_t context, struct span plain, unsigned char *out)
{
    unsigned char bound[8];
    put_number(bound, (uint64_t)context);
    random_bytes(out, NONCE_BYTES);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE_BYTES, NULL, (const unsigned char *)plain.at, plain.len,
                                               bound, sizeof bound, NULL, out, key);
}

/* out: sealed.len - SEAL_OVERHEAD bytes; the caller checked that there are as many. */
static bool decrypt(const unsigned char *key, int64_t context, struct span sealed, unsigned char *out)
{
    const unsigned char *in = (const unsigned char *)sealed.at;
    unsigned char bound[8];
    put_number(bound, (uint64_t)context);
    return crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, in + NONCE_BYTES, sealed.len - NONCE_BYTES,
                                                      bound, sizeof bound, in, key) == 0;
}

static enum outcome open_to_arena(const unsigned char *key, int64_t context, struct span sealed, struct arena *arena,
                                  struct span *plain)
{
    if (!key || sealed.len < SEAL_OVERHEAD)
        return OUTCOME_REFUSED;
    size_t len = sealed.len - SEAL_OVERHEAD;
    unsigned char *text = arena_alloc_raw(arena, len + 1);
    if (!decrypt(key, context, sealed, text))
        return OUTCOME_REFUSED;
    text[len] = '\0';
    *plain = (struct span){(const char *)text, len};
    return OUTCOME_OK;
}

static const struct master *current(const struct keyring *keyring)
{
    return &keyring->masters[keyring->count - 1];
}

/* The key that a sealed text names in its first byte, or NULL. */
static const struct master *find_master(const struct keyring *keyring, struct span sealed)
{
    for (size_t i = keyring->count; i > 0 && sealed.len > 0; i--)
        if (keyring->masters[i - 1].id == (unsigned char)sealed.at[0])
            return &keyring->masters[i - 1];
    return NULL;
}

void keyring_check_value(const struct keyring *keyring, unsigned char out[KEY_CHECK_BYTES])
{
    memcpy(out, keyring->check, KEY_CHECK_BYTES);
}

void keyring_lookup(const struct keyring *keyring, struct span domain, struct span text, struct lookup *out)
{
    unsigned char domain_len[8]; /* in front, so that ("ab", "c") and ("a", "bc") stay apart */
    put_number(domain_len, domain.len);
    crypto_generichash_state state = keyring->lookup;
    crypto_generichash_update(&state, domain_len, sizeof domain_len);
    crypto_generichash_update(&state, (const unsigned char *)domain.at, domain.len);
    crypto_generichash_update(&state, (const unsigned char *)text.at, text.len);
    crypto_generichash_final(&state, out->at, sizeof out->at);
}

uint64_t keyring_fingerprint(const struct keyring *keyring, struct span domain, struct span text)
{
    unsigned char both[2 * crypto_shorthash_BYTES], out[crypto_shorthash_BYTES];
    crypto_shorthash(both, (const unsigned char *)domain.at, domain.len, keyring->fingerprint);
    crypto_shorthash(both + crypto_shorthash_BYTES, (const unsigned char *)text.at, text.len, keyring->fingerprint);
    crypto_shorthash(out, both, sizeof both, keyring->fingerprint);
    return get_number(out);
}

void keyring_audit_mac(const struct keyring *keyring, struct span text, unsigned char out[AUDIT_MAC_BYTES])
{
    crypto_generichash(out, AUDIT_MAC_BYTES, (const unsigned char *)text.at, text.len, keyring->audit,
                       sizeof keyring->audit);
}

struct span keyring_seal(const struct keyring *keyring, int64_t context, struct span plain, struct arena *arena)
{
    if (!span_is_present(plain))
        return SPAN_NONE;
    size_t len = 1 + plain.len + SEAL_OVERHEAD;
    unsigned char *sealed = arena_alloc_raw(arena, len);
    sealed[0] = current(keyring)->id;
    encrypt(current(keyring)->seal, context, plain, sealed + 1);
    return (struct span){(const char *)sealed, len};
}

enum outcome keyring_unseal(const struct keyring *keyring, int64_t context, struct span sealed, struct arena *arena,
                            struct span *plain)
{
    *plain = SPAN_NONE;
    if (!span_is_present(sealed))
        return OUTCOME_OK;
    const struct master *master = find_master(keyring, sealed);
    return open_to_arena(master ? master->seal : NULL, context, span_from(sealed, 1), arena, plain);
}

void person_key_create(struct person_key *key)
{
    random_bytes(key->at, sizeof key->at);
}

void person_key_wipe(struct person_key *key)
{
    sodium_memzero(key->at, sizeof key->at);
}

void person_key_wrap(const struct keyring *keyring, int64_t person, const struct person_key *key,
                     unsigned char out[WRAPPED_KEY_BYTES])
{
    out[0] = current(keyring)->id;
    encrypt(current(keyring)->wrap, person, (struct span){(const char *)key->at, sizeof key->at}, out + 1);
}

enum outcome person_key_unwrap(const struct keyring *keyring, int64_t person, struct span wrapped,
                               struct person_key *key)
{
    const struct master *master = find_master(keyring, wrapped);
    if (!master || wrapped.len != WRAPPED_KEY_BYTES || !decrypt(master->wrap, person, span_from(wrapped, 1), key->at)) {
        person_key_wipe(key);
        return OUTCOME_REFUSED;
    }
    return OUTCOME_OK;
}

struct span person_seal(const struct person_key *key, int64_t context, struct span plain, struct arena *arena)
{
    if (!span_is_present(plain))
        return SPAN_NONE;
    size_t len = plain.len + SEAL_OVERHEAD;
    unsigned char *sealed = arena_alloc_raw(arena, len);
    encrypt(key->at, context, plain, sealed);
    return (struct span){(const char *)sealed, len};
}

enum outcome person_unseal(const struct person_key *key, int64_t context, struct span sealed, struct arena *arena,
                           struct span *plain)
{
    *plain = SPAN_NONE;
    return span_is_present(sealed) ? open_to_arena(key->at, context, sealed, arena, plain) : OUTCOME_OK;
}

void pin_hash(const struct keyring *keyring, int64_t person, struct span pin, unsigned char out[PIN_HASH_BYTES])
{
    unsigned char whose[8];
    put_number(whose, (uint64_t)person);
    crypto_generichash_state state;
    crypto_generichash_init(&state, keyring->pin, sizeof keyring->pin, PIN_HASH_BYTES);
    crypto_generichash_update(&state, whose, sizeof whose);
    crypto_generichash_update(&state, (const unsigned char *)pin.at, pin.len);
    crypto_generichash_final(&state, out, PIN_HASH_BYTES);
}

bool secret_equal(struct span a, struct span b)
{
    return span_is_present(a) && span_is_present(b) && a.len == b.len && sodium_memcmp(a.at, b.at, a.len) == 0;
}
