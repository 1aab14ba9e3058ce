/*
 * back: where a visit is sent that needs signing in, and where it comes back to afterwards. A form that was sent from a page that had
 * been idle for too long is carried through the unlocking, so that nothing typed is lost. Private to the console.
 */
#pragma once
#include "console/door/visit.h"

/* Ends the visit: to sign in, to give the second factor, or to unlock. */
void back_send(struct visit *visit);
/* The address if it is that of a page of ours, with its query; else "/". */
struct span back_safe(const struct site *site, struct span wanted);
/* The same of the field `back`: in the form of a POST, else in the address. */
struct span back_wanted(const struct visit *visit);

/* What the form of /unlock carries of another one: pairs with names as they were. */
struct back_form {
    struct span action; /* a path of ours; absent: it carries none */
    const struct pair *fields;
    size_t field_count;
};
/* Of the form that this visit posted, for carrying; without its token and its passwords. */
struct back_form back_take(const struct visit *visit);
/* As /unlock got it back. */
struct back_form back_carried(const struct visit *visit);
