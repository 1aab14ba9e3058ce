/*
 * whose: whose sign-in a request's cookie is, and how far in it lets them. Private to the console.
 */
#pragma once
#include "console/door/visit.h"

enum whose_state {
    WHOSE_NOBODY, /* none, ended, over after twelve hours, or the operator is disabled */
    WHOSE_HALF,   /* the password was right, the second factor is to come */
    WHOSE_LOCKED, /* idle for too long: the password again */
    WHOSE_IN
};

enum whose_state whose_state(const struct sign_in *sign_in, const struct operator *operator, int64_t now);

/* By the cookie: fills whose, operator, sign_in and cookie of the visit. Tells the core that the sign-in was used, or that it was not
 * for too long; not for a page that asks by itself (`is_quiet`), else nobody would ever be idle. BROKEN: the file cannot be read. */
enum outcome whose_find(struct visit *visit, bool is_quiet, struct error *err) MUST_CHECK;
