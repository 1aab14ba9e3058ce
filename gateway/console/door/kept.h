/*
 * kept: a form that was sent or typed and cannot be carried out now: the desk is locked, its sign-in is over, or its page is older
 * than the last unlocking. It goes back to the browser, sealed, in the page that asks who is there, and is shown again to the operator
 * from whose page it came and to nobody else. The gateway keeps nothing of it. Private to the console.
 */
#pragma once
#include "console/door/visit.h"

struct kept_form {
    struct span action; /* a path of ours; absent: there is none */
    const struct pair *fields;
    size_t field_count;
};

/* The form that this visit posted, without its token. None, where it has a password or a code in it. */
struct kept_form kept_take(const struct visit *visit);
/* Sealed, for the field `kept` of the page that asks who is there: what such a page brought already, else the posted form. Absent:
 * nothing is to be kept, or the form does not say whose it is. */
struct span kept_seal(const struct visit *visit);
/* What this visit brought, in `kept` or as the form itself, if it is of the operator who has signed in now. */
struct kept_form kept_theirs(const struct visit *visit);
/* Whether a page sent its form only to have it kept, because it is being locked: it must not be carried out. */
bool kept_is_for_later(const struct visit *visit);
