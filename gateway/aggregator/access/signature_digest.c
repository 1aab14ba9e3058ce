/* The bytes of a signature, by libcrypto, and how they are written. */
#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/x509.h>
#include <sodium.h>

#include "aggregator/access/signature_parts.h"

static const EVP_MD *hash_of(enum signature_algorithm algorithm)
{
    switch (algorithm) {
    case SIGNED_MD5HASH:
    case SIGNED_HMAC_MD5:
        return EVP_md5();
    case SIGNED_HMAC_SHA1:
        return EVP_sha1();
    case SIGNED_HMAC_SHA512:
        return EVP_sha512();
    case SIGNED_HMAC_SHA256:
    case SIGNED_RSA_SHA256:
        break;
    }
    return EVP_sha256();
}

/* Without a key it is a plain hash. */
static struct span hash_two(const EVP_MD *hash, struct span first, struct span second, struct arena *arena)
{
    unsigned char *out = arena_alloc(arena, EVP_MAX_MD_SIZE);
    unsigned len = 0;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool done = context != NULL && EVP_DigestInit_ex(context, hash, NULL) == 1 &&
                EVP_DigestUpdate(context, first.at, first.len) == 1 &&
                EVP_DigestUpdate(context, second.at, second.len) == 1 && EVP_DigestFinal_ex(context, out, &len) == 1;
    EVP_MD_CTX_free(context);
    return done ? (struct span){(char *)out, len} : SPAN_NONE;
}

struct span signature_digest(const struct signature *s, struct span content, struct arena *arena)
{
    const EVP_MD *hash = hash_of(s->algorithm);
    if (s->key.len == 0 || s->key.len > INT_MAX || s->algorithm == SIGNED_RSA_SHA256)
        return SPAN_NONE;
    if (s->algorithm == SIGNED_MD5HASH)
        return hash_two(hash, content, s->key, arena);
    unsigned char *out = arena_alloc(arena, EVP_MAX_MD_SIZE);
    unsigned len = 0;
    if (HMAC(hash, s->key.at, (int)s->key.len, (const unsigned char *)content.at, content.len, out, &len) == NULL)
        return SPAN_NONE;
    return (struct span){(char *)out, len};
}

/* PKCS #1 v1.5, which is what libcrypto does with an RSA key unless it is told otherwise. */
static bool rsa_fits(struct span key, struct span content, struct span bytes)
{
    const unsigned char *der = (const unsigned char *)key.at;
    EVP_PKEY *public_key = key.len == 0 || key.len > LONG_MAX ? NULL : d2i_PUBKEY(NULL, &der, (long)key.len);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool fits = public_key != NULL && context != NULL &&
                EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, public_key) == 1 &&
                EVP_DigestVerify(context, (const unsigned char *)bytes.at, bytes.len, (const unsigned char *)content.at,
                                 content.len) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(public_key);
    return fits;
}

bool signature_fits(const struct signature *s, struct span content, struct span bytes, struct arena *arena)
{
    if (s->algorithm == SIGNED_RSA_SHA256)
        return rsa_fits(s->key, content, bytes);
    struct span expected = signature_digest(s, content, arena);
    return expected.len > 0 && expected.len == bytes.len && CRYPTO_memcmp(expected.at, bytes.at, bytes.len) == 0;
}

struct span signature_sha256_hex(struct span bytes, struct arena *arena)
{
    return signature_encode(SIGNED_HEX, hash_two(EVP_sha256(), bytes, SPAN(""), arena), arena);
}

struct span signature_encode(enum signature_encoding encoding, struct span bytes, struct arena *arena)
{
    const unsigned char *at = (const unsigned char *)bytes.at;
    if (encoding == SIGNED_HEX) {
        char *hex = arena_alloc(arena, 2 * bytes.len + 1);
        return span_of(sodium_bin2hex(hex, 2 * bytes.len + 1, at, bytes.len));
    }
    int variant = encoding == SIGNED_BASE64 ? sodium_base64_VARIANT_ORIGINAL : sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    size_t room = sodium_base64_encoded_len(bytes.len, variant);
    return span_of(sodium_bin2base64(arena_alloc(arena, room), room, at, bytes.len, variant));
}

static bool from_base64(struct span text, int variant, unsigned char *out, size_t *len)
{
    return sodium_base642bin(out, text.len, text.at, text.len, NULL, len, NULL, variant) == 0;
}

struct span signature_decode(enum signature_encoding encoding, struct span text, struct arena *arena)
{
    unsigned char *out = arena_alloc(arena, text.len + 1);
    size_t len = 0;
    bool done = false;
    switch (encoding) {
    case SIGNED_HEX:
        done = text.len % 2 == 0 && sodium_hex2bin(out, text.len, text.at, text.len, NULL, &len, NULL) == 0;
        break;
    case SIGNED_BASE64:
        done = from_base64(text, sodium_base64_VARIANT_ORIGINAL, out, &len);
        break;
    case SIGNED_BASE64URL: /* RFC 4648 section 5 pads it, RFC 7515 does not: both are sent */
        done = from_base64(text, sodium_base64_VARIANT_URLSAFE_NO_PADDING, out, &len) ||
               from_base64(text, sodium_base64_VARIANT_URLSAFE, out, &len);
        break;
    }
    return done ? (struct span){(char *)out, len} : SPAN_NONE;
}
