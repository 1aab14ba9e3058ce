/* user_form: the form about one who works here: what it offers, and what was chosen. */
#pragma once
#include "console/door/visit.h"
#include "console/pages/users_view.h"

struct span user_role_words(const struct visit *visit, enum role role);
/* Ids joined by ' ' in words, joined by ", "; empty stays empty: all. */
struct span user_topics_words(const struct visit *visit, struct span ids);
struct span user_languages_words(const struct visit *visit, struct span ids);

/* What a form that came says, into the visit's arena. Nothing is checked: that is the core's. */
struct operator user_form_read(const struct visit *visit);
/* `user`: what stands in it; `problem`: a word, or NULL. */
void user_form_show(struct visit *visit, unsigned status, const struct operator *user, const char *problem);
