/*
 * csrf: whether a request comes from a page of ours, and not from one of somebody else's in the same browser. Besides SameSite=Strict
 * of the cookie: what browsers say of where it comes from (Sec-Fetch-Site, Origin), and for a form the token in it, which is a keyed
 * hash of the sign-in's cookie, and behind it one of the operator. Private to the console.
 */
#pragma once
#include "console/door/visit.h"

/* By its headers alone. A GET may come from elsewhere only as a page that somebody follows a link to. */
bool csrf_is_ours(const struct site *site, const struct http_request *request);
/* For the forms of this visit's pages; empty where nobody has signed in. */
struct span csrf_token(const struct visit *visit);
/* Whether the posted form carries it. Where nobody has signed in there is none to carry. */
bool csrf_holds(const struct visit *visit);
/* Whose page the posted form came from: the half of its token that outlives the cookie. Absent: it does not say. */
struct span csrf_owner(const struct visit *visit);
/* Whether that is who has signed in here. */
bool csrf_is_owner(const struct visit *visit, struct span owner);
