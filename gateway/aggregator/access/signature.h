/*
 * signature: does a request carry the proof that only the holder of a key can make of it; and that proof itself, made.
 *
 * Three schemes, as profiles name them. url-and-fields: our address as the aggregator knows it, then the name and value of
 * every field of a posted form, sorted; any other body counts through its hash in the query. sorted-fields: "&name=value" of
 * every field but the signature, sorted. content: a list of facts of the request, one behind the other; where that is the
 * body alone, no field of a query is taken. What is checked and what is made come from the same functions. Pure; constant
 * time where the key decides.
 *
 * The address is listen.public_url and the target as it was sent, never the Host header: that one is the caller's to choose.
 */
#pragma once
#include <stdint.h>
#include "aggregator/door/facts.h"
#include "aggregator/language/layer.h"
#include "base/arena.h"
#include "http/message.h"

enum signature_scheme { SIGNS_URL_AND_FIELDS, SIGNS_SORTED_FIELDS, SIGNS_CONTENT };
enum signature_algorithm {
    SIGNED_MD5HASH,
    SIGNED_HMAC_MD5,
    SIGNED_HMAC_SHA1,
    SIGNED_HMAC_SHA256,
    SIGNED_HMAC_SHA512,
    SIGNED_RSA_SHA256
};
enum signature_encoding { SIGNED_HEX, SIGNED_BASE64, SIGNED_BASE64URL };

struct signature {
    enum signature_scheme scheme;
    enum signature_algorithm algorithm;
    enum signature_encoding encoding;
    struct span header, field; /* where it stands: one of them, the other absent */
    struct span prefix;        /* what stands before it there; may be empty */
    struct span body_hash; /* url-and-fields: the query's field with the SHA-256 of a body that is no form; or absent */
    const struct source *signs; /* content */
    size_t sign_count;
    bool ages; /* `timestamp` is looked at */
    struct source timestamp;
    int64_t max_age_ms;
    struct span key;        /* the secret; of SIGNED_RSA_SHA256 the public key, DER; empty: nothing holds */
    struct span public_url; /* without its last slash */
};

/* The table of the group, for the checks and the reference. */
extern const struct setting_rule signature_rules[];
/* `group` is a channel's `signature` over its profile's; the key is filled in by who reads secrets. */
struct signature *signature_compile(struct layer group, struct span public_url, struct arena *arena,
                                    struct problems *problems);
/* An RSA public key in a PEM file: REFUSED or NOT_FOUND with err. */
enum outcome signature_read_public_key(const char *path, struct arena *arena, struct span *der,
                                       struct error *err) MUST_CHECK;

enum signature_fault { SIGNATURE_HOLDS, SIGNATURE_MISSING, SIGNATURE_WRONG, SIGNATURE_OLD };
/* `facts` are those of `request`, of which the door took it for `shape`. `now`: UTC ms. */
enum signature_fault signature_check(const struct signature *signature, const struct http_request *request,
                                     const struct shape *shape, struct facts *facts, int64_t now, struct arena *arena);
/* Whether the signature, or what it ages by, stands in a header or field of this name. */
bool signature_knows_name(const struct signature *signature, struct span name);
/* By the head alone: false when it is already certain that the signature is missing. */
bool signature_may_hold(const struct signature *signature, const struct http_request *head);

/* Gives `request` what signature_check wants to see at this door: the time where one is due, the body's hash, the signature.
 * `own_segments` as facts_open has it. False: an RSA signature, which only the aggregator can make, or a body that has no place for
 * a field. */
bool signature_sign(const struct signature *signature, const struct door *door, unsigned own_segments, int64_t now,
                    struct arena *arena, struct http_request *request);
