/*
 * back: where a visit is sent that needs signing in, and where it comes back to afterwards. A form that was sent in vain goes
 * with them (kept.h), so that nothing typed is lost. Private to the console.
 */
#pragma once
#include "console/door/visit.h"

/* Ends the visit: to sign in, to give the second factor, or to unlock. */
void back_send(struct visit *visit);
/* The address if it is that of a page of ours, with its query; else "/". */
struct span back_safe(const struct site *site, struct span wanted);
/* The same of the field `back`: in the form of a POST, else in the address. */
struct span back_wanted(const struct visit *visit);
/* The address of a page of ours that leads to `back` afterwards; without it where it is "/", or where no header would hold them both. */
struct span back_address(const struct visit *visit, const char *page, struct span back);
/* To which page the answer to a form belongs: its own path without the last parts until that is a page that can be asked for, or "/".
 * To send the form again in its stead would do again what it did. */
struct span back_above(const struct visit *visit);
/* Whether it is a path of ours that a form may be sent to. */
bool back_is_action(const struct site *site, struct span path);
