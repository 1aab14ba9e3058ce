/*
 * multipart: multipart/form-data bodies, decoded strictly. Pure. RFC 7578; lines end with CRLF, nothing stands before the first
 * part, no part holds parts, no part is encoded again.
 */
#pragma once
#include "http/form.h"

#define MULTIPART_HEAD_MAX 4096 /* bytes of the headers of one part */

struct multipart_part {
    struct span name, value; /* value: bytes of the body as they came, any byte */
    struct span charset;     /* as its own Content-Type names it; or absent */
    bool is_file;            /* it has a file's name */
};

bool multipart_is(struct span content_type);

/* REFUSED: no boundary, a body that is cut or not as above, a part without a name, more than FORM_PAIRS_MAX parts. err says where
 * and never what. Spans lie in the body and the arena. */
enum outcome multipart_decode(struct span body, struct span content_type, struct arena *arena,
                              struct multipart_part **parts, size_t *count, struct error *err) MUST_CHECK;
