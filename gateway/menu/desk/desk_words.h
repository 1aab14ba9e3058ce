/*
 * desk_words: what the files of the desk share: a language that there is, and a text with nobody's values in it.
 */
#pragma once
#include "base/arena.h"
#include "menu/service/model.h"

/* The language, or the first of the service. */
const struct language *desk_language(const struct service *service, struct span lang);
/* As plain text, without a person: {open} is said, {ref} is a dash. Absent where there is no text. */
struct span desk_text(const struct service *service, const struct language *language, const struct template *texts,
                      struct arena *arena);
