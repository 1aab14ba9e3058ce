/*
 * cookie: what the browser is asked to remember: the sign-in, and for one page the thing that was just done. Private to the console.
 */
#pragma once
#include "console/door/visit.h"

#define COOKIE_TEXT 64 /* of a sign-in: 32 random bytes in hexadecimal */

enum cookie { COOKIE_SIGN_IN, COOKIE_SAID };

/* Absent when there is none, or two that differ: then one of them is not ours. */
struct span cookie_read(const struct site *site, const struct http_request *request, enum cookie cookie);
/* The same for one of another name. */
struct span cookie_find(const struct http_request *request, struct span name);
/* Of the cookies whose names begin with `prefix`: the rest of the name of the first that `is_it`; absent: none is. */
struct span cookie_first(const struct http_request *request, struct span prefix,
                         bool (*is_it)(const void *context, struct span rest, struct span value), const void *context);
/* One that stays when the browser is closed. */
void cookie_keep(struct visit *visit, struct span name, struct span value, unsigned seconds);
/* Until the browser is closed. An empty value takes it away. */
void cookie_write(struct visit *visit, enum cookie cookie, struct span value);

/* A new sign-in's text, and the keyed hash of it by which the core knows it. */
struct span cookie_make(struct arena *arena);
struct lookup cookie_token(const struct site *site, struct span text);
