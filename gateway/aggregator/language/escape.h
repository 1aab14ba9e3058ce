/*
 * escape: a value made harmless for the place where it is put: a form, a JSON string, an XML text. Pure.
 */
#pragma once
#include <stdbool.h>
#include "base/buffer.h"

enum template_escape {
    ESCAPE_NONE,
    ESCAPE_FORM,
    ESCAPE_JSON,       /* within quotes that the template has */
    ESCAPE_XML,        /* an element's text or an attribute */
    ESCAPE_JSON_VALUE, /* with its quotes; a number, true and false as they are; null when absent */
    ESCAPE_UCS2_HEX,   /* UTF-16BE, four digits a unit */
    ESCAPE_UTF16_FORM, /* UTF-16BE, percent-encoded */
    ESCAPE_GSM7_FORM,  /* septets, one a byte, percent-encoded */
};
extern const char *const escape_words[]; /* by enum; ends with NULL */

/* What has no form there (a control character in XML) is left out; but a character beyond GSM-7 makes `out` fail: half
 * a text is none. */
void escape_into(struct span value, enum template_escape escape, struct buffer *out);
