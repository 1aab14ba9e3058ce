/*
 * fields: form_decode for dialects whose text is not UTF-8. Pure.
 *
 * form_decode takes no NUL, which is right for all fields but one: in UTF-16 every second byte of an ASCII text is one.
 */
#pragma once
#include "http/form.h"

/* As form_decode; the value of the field `binary` (absent: none) may hold NULs. */
enum outcome fields_decode(struct span encoded, struct span binary, struct arena *arena, struct pair **pairs,
                           size_t *count, struct error *err) MUST_CHECK;
