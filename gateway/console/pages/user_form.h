/* user_form: the form about one who works here: what it offers, and what was chosen. */
#pragma once
#include "console/door/visit.h"
#include "console/pages/users_view.h"

/* In words, joined by ", ". */
struct span user_roles_words(const struct visit *visit, role_set roles);
/* Ids joined by ' ' in words, joined by ", "; empty stays empty: all. */
struct span user_topics_words(const struct visit *visit, struct span ids);
struct span user_languages_words(const struct visit *visit, struct span ids);

/* What a form that came says, into the visit's arena. */
struct operator user_form_read(const struct visit *visit);
/* All that can be told of it before the core looks at it. */
struct mistakes user_form_check(const struct operator *typed);
/* What the core says to it: the name of a word. */
struct mistakes user_form_refused(const char *why);
/* `user`: what stands in it. */
void user_form_show(struct visit *visit, unsigned status, const struct operator *user, const struct mistakes *mistakes);
/* 409: what was typed, which stands in the form, beside the account as somebody else left it meanwhile. */
void user_form_compare(struct visit *visit, const struct operator *typed, const struct operator *now, const char *why);
