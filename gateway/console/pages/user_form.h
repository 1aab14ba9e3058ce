/* user_form: the form about one who works here: what it offers, and what was chosen. */
#pragma once
#include "console/door/visit.h"
#include "console/pages/users_view.h"

/* In words, joined by ", ". */
struct span user_roles_words(const struct visit *visit, role_set roles);
/* Ids joined by ' ' in words, joined by ", "; empty stays empty: all. */
struct span user_topics_words(const struct visit *visit, struct span ids);
struct span user_languages_words(const struct visit *visit, struct span ids);

/* What a form that came says, into the visit's arena. Nothing is checked: that is the core's. */
struct operator user_form_read(const struct visit *visit);
/* `user`: what stands in it; `problem`: a word, or NULL. */
void user_form_show(struct visit *visit, unsigned status, const struct operator *user, const char *problem);
/* 409: what was typed, which stands in the form, beside the account as somebody else left it meanwhile. */
void user_form_compare(struct visit *visit, const struct operator *typed, const struct operator *now,
                       const char *problem);
