/*
 * percent: the %XX of RFC 3986, strictly. Pure.
 */
#pragma once
#include <stdbool.h>
#include "base/span.h"

/* Decodes the escape that `s` begins with: true when two hexadecimal digits follow the '%'. */
bool percent_decode_one(struct span s, char *out);

/* Whether it stands for itself wherever a URL or a form holds it: "unreserved", section 2.3. */
bool percent_is_unreserved(char c);
