/*
 * translations: every text of a service beside what it was made from, language by language: what is missing, what was made
 * from a source that has changed since, who has looked at it. For check, for the tools that hand texts to translators, and for
 * nothing that answers a caller.
 *
 * A group of texts (a node's, in a form a question's) has one state and one `source`: six hex digits of the first language's
 * texts that it was made from.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/problems.h"
#include "menu/service.h"
#include "menu/text_file.h"

enum text_state { TEXT_DRAFT, TEXT_REVIEWED, TEXT_APPROVED };
#define TEXT_STATES 3
extern const char *const text_state_names[]; /* by state; NULL ends them */
const char *text_state_name(enum text_state state);
bool text_state_of_name(struct span name, enum text_state *state);

#define SOURCE_HASH 6

struct translation {
    struct text_path path; /* ends with the text's own name */
    struct text_value source;
    struct text_value text; /* count 0: missing */
    enum text_state state;
    bool stale;       /* its group says what it was made from, and that is no longer what stands there */
    bool careful;     /* of a node that is never served as a draft */
    bool own;         /* stands in this service's file, not in that of its base */
    const char *file; /* where it stands, or where its source does */
    unsigned line;
    char hash[SOURCE_HASH + 1]; /* of its group's source as it is now */
};

struct language_texts {
    struct span language, own_name;
    const char *file;      /* this service's own, or NULL: there is none yet */
    const char *base_file; /* the base's, or NULL */
    struct span plural;    /* how it counts, as its file says; or absent */
    bool offered;
    struct translation *texts; /* of every text of the first language */
    size_t count;
    struct span *fallen; /* careful nodes that are shown in another language */
    size_t fallen_count, careful_count;
};

/* Lives in the arena that it was given. */
struct translations {
    struct arena *arena;
    struct language_texts *languages; /* in the service's order; the first is the source */
    size_t language_count;
    struct span service, version;
    bool production;
};

/* service_load that gathers the texts as well: they are there even when the service does not hold (REFUSED), as long as its
 * files can be read; languages is NULL otherwise. `translations` NULL gathers none. */
enum outcome service_load_translations(const char *dir, struct translations *translations, struct service **out,
                                       struct problems *problems, struct error *err) MUST_CHECK;

struct translation_counts {
    size_t texts, missing, stale, states[TEXT_STATES];
};
struct translation_counts translations_count(const struct language_texts *language);
