/*
 * posted: the fields of a form in a body, urlencoded or multipart, as pairs. Pure.
 */
#pragma once
#include "http/form.h"

/* As fields_decode, which it is for an urlencoded form. Of a multipart one a file is left out, unless it is the field `binary`; a
 * value in a character set that the request names comes as UTF-8, if it can be read as that. */
enum outcome posted_decode(struct span body, struct span content_type, struct span binary, struct arena *arena,
                           struct pair **pairs, size_t *count, struct error *err) MUST_CHECK;
