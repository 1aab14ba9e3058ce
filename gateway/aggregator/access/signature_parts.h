/*
 * signature_parts: what checking and making a signature share: its bytes, its text, what it is made over.
 */
#pragma once
#include "aggregator/access/signature.h"

/* A request and what it is understood as; what is signed is what will be read. */
struct signed_request {
    const struct http_request *request;
    const struct shape *shape;
    struct facts *facts;
    struct arena *arena;
};

bool signature_has_form(const struct signed_request *request); /* its body is fields of a form */

/* What stands where the signature is due. */
struct span signature_presented(const struct signature *s, const struct signed_request *request);

/* The text that is signed. `other_port`: with the default port where our address has none, without the port where it has one;
 * some aggregators sign the one, some the other. Absent: not all of the request can be signed so. */
struct span signature_content(const struct signature *s, const struct signed_request *request, bool other_port);

/* The keyed digest of `content`; absent for RSA and where the algorithm is not to be had. */
struct span signature_digest(const struct signature *s, struct span content, struct arena *arena);
bool signature_fits(const struct signature *s, struct span content, struct span bytes, struct arena *arena);
struct span signature_sha256_hex(struct span bytes, struct arena *arena);

struct span signature_encode(enum signature_encoding encoding, struct span bytes, struct arena *arena);
/* Strictly; absent when the text is not of that encoding. */
struct span signature_decode(enum signature_encoding encoding, struct span text, struct arena *arena);
