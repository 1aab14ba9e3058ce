/*
 * choice: one of those that a form offers, in words, and the lists of them that the pages about requests share.
 */
#pragma once
#include "console/door/visit.h"

struct choice {
    struct span id, words;
    bool is_chosen;
};
struct choices {
    struct choice *list;
    size_t count, room;
};

struct choices choices_make(struct arena *arena, size_t room);
/* Each id once, and no more than there is room for. Marked as chosen when `chosen` is its id. */
void choices_add(struct choices *choices, struct span id, struct span words, struct span chosen);

/* In the language of who looks. */
struct span choice_words(const struct visit *visit, const char *word);
/* Of this language, as a person reads it: "Bangla"; the id where the console has no word for it. */
struct span choice_language_words(const struct visit *visit, struct span lang);
/* Of the service, or the id where none is served. */
struct span choice_topic_words(const struct visit *visit, const struct service *service, struct span topic);
struct span choice_area_words(const struct visit *visit, const struct service *service, struct span area);
struct span choice_kind_words(const struct visit *visit, const struct service *service, struct span kind);
/* Kind and topic of a request, each said once: "Pay complaint, Wages", "Danger". */
struct span choice_about_words(const struct visit *visit, const struct service *service, const struct request *request);
/* "Complaints officer"; the service's own word where it is no role's. */
struct span choice_desk_words(const struct visit *visit, struct span desk);

/* Everything that the services which are served know, each id once. */
struct choices choice_topics(const struct visit *visit, struct span chosen);
struct choices choice_areas(const struct visit *visit, struct span chosen);
struct choices choice_languages(const struct visit *visit, struct span chosen);
struct choices choice_desks(const struct visit *visit, struct span chosen);
struct choices choice_kinds(const struct visit *visit, struct span chosen);
/* One for each of `count` numbers, its id the number; `word` gives the name of its words, NULL: it is not offered. */
struct choices choice_numbered(const struct visit *visit, unsigned count, const char *(*word)(unsigned number),
                               struct span chosen);
/* The number that a form chose by it; false: none of them. */
bool choice_number(const struct visit *visit, const char *field, unsigned count, unsigned *out);
