/*
 * signature_parts: what checking and making a signature share: its bytes, its text, what it is made over.
 */
#pragma once
#include "aggregator/signature.h"

enum body_kind { BODY_NONE, BODY_FORM, BODY_JSON, BODY_OTHER };
/* By Content-Type; without one by the first byte. */
enum body_kind signature_body_kind(const struct http_request *request);

/* One fact of the request; absent when it is not there. */
struct span signature_fact(const struct signature *s, const struct source *source, const struct http_request *request,
                           struct arena *arena);
/* Where the signature itself stands. */
struct span signature_presented(const struct signature *s, const struct http_request *request, struct arena *arena);

/* The text that is signed. `other_port`: with the default port where the address has none, without the port where it has one;
 * some aggregators sign the one, some the other. Absent: this request has none. */
struct span signature_content(const struct signature *s, const struct http_request *request, bool other_port,
                              struct arena *arena);

/* The keyed digest of `content`; absent for RSA and where the algorithm is not to be had. */
struct span signature_digest(const struct signature *s, struct span content, struct arena *arena);
bool signature_fits(const struct signature *s, struct span content, struct span bytes, struct arena *arena);
struct span signature_sha256_hex(struct span bytes, struct arena *arena);

struct span signature_encode(enum signature_encoding encoding, struct span bytes, struct arena *arena);
/* Strictly; absent when the text is not of that encoding. */
struct span signature_decode(enum signature_encoding encoding, struct span text, struct arena *arena);
