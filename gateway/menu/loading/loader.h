/*
 * loader: how the files of a service become a `struct service`. For the load_*.c files only.
 *
 * Each stage reads what it owns, adds what it finds wrong to `problems` and goes on, so that an author sees all findings at
 * once. A service with any finding is never handed out, so later stages may leave holes but must not fall into one.
 */
#pragma once
#include "base/settings.h"
#include "menu/service/model.h"

#define SERVICE_FILES_MAX 400
#define LANGUAGES_MAX 40 /* a language in two scripts counts twice */
#define OFFERED_MAX 4    /* on one page, with danger and a way on beside them */
#define FACTS_MAX 100
#define NODES_MAX 4000
#define QUESTIONS_MAX 60
#define OPTIONS_MAX 200
#define OFFICES_MAX 2000
#define KEYWORDS_MAX 200
#define WORDS_MAX 20 /* of one keyword in one language, of one condition */
#define TRIAGE_MAX 20
#define TRIAGE_WORDS_MAX 200 /* of one rule in one language */
#define NAME_MAX_BYTES 40
#define TEXT_MAX_BYTES 4000

enum source_kind { SOURCE_SERVICE, SOURCE_FLOW, SOURCE_TEXT, SOURCE_LIST, SOURCE_DIRECTORY };
#define SOURCE_KINDS 5

struct source {
    enum source_kind kind;
    const char *file; /* as findings show it; in the service's arena */
    struct settings *settings;
    bool inherited; /* lies in the folder that `base` names */
};

struct loader {
    struct service *service;
    struct arena *arena; /* the service's */
    struct problems *problems;
    size_t before; /* findings that were there already */
    struct source *sources;
    size_t source_count;
    struct setting *packs;             /* by language: the root of its text file, or absent */
    struct translations *translations; /* wanted as well, or NULL */
    struct setting *base_packs; /* the same of the service that this one stands on: it says what is not said here */
};

/* load_base.c: a service that stands on another one. Files of both are among the sources, one's own first. */
const char *load_base_folder(struct loader *loader, const char *dir); /* NULL: it stands on none */
bool load_is_inherited(const struct loader *loader, struct setting s);
struct setting load_part(struct loader *loader, const char *name); /* of service.conf: one's own, else the base's */
/* The groups of all nodes: one's own, and of the base's those that are not replaced and to which something leads. */
struct setting *load_node_groups(struct loader *loader, size_t *count);

/* The stages, in order. */
void load_service(struct loader *loader); /* service.conf; languages are there afterwards unless it found something */
void load_packs(struct loader *loader);   /* which text file belongs to which language */
/* Keywords, triage words, machines: rules of service.conf, words of the packs. */
void load_listed(struct loader *loader);
void load_words(struct loader *loader); /* the engine's own words */
void load_lists(struct loader *loader);
void load_calendar(struct loader *loader); /* and the follow-ups of service.conf */
void load_directory(struct loader *loader);
void load_facts(struct loader *loader);
void load_nodes(struct loader *loader);
void link_nodes(struct loader *loader);  /* names to pointers */
void settle_pins(struct loader *loader); /* of link_nodes: what PINs ask of the flow */
void load_texts(struct loader *loader);
void check_follow_ups(struct loader *loader);
void load_desk(struct loader *loader); /* what service.conf says to operators */
void load_stills(struct loader *loader);
void load_translations(struct loader *loader); /* also of a service that does not hold: to see what is missing */

/* Helpers that the stages share. */
/* from = "09:00"; to = "17:00"; in a group. False: a finding. */
bool load_hours(struct loader *loader, struct setting group, struct open_span *span);
/* NULL: absent, or no node, which is a finding at `origin`; `what` leads there. After load_nodes. */
const struct node *load_find_node(struct loader *loader, struct span name, struct origin origin, const char *what);
struct span load_string(struct loader *loader, struct setting group, const char *name); /* kept; absent stays absent */
struct span load_id(struct loader *loader, struct setting group, const char *name);     /* checked as a name */
struct span *load_string_list(struct loader *loader, struct setting list, size_t *count);
struct span *load_strings(struct loader *loader, struct setting group, const char *name, size_t *count);
void load_key(struct loader *loader, struct setting group, char key[4]); /* "" when absent */
struct origin load_origin(const struct loader *loader, struct setting s);
/* `name = "..."` or `name = { en = "..."; }`: by language, fallen back. NULL when absent. */
const struct span *load_names(struct loader *loader, struct setting group, const char *name);
void load_condition(struct loader *loader, struct setting group, struct condition *condition);
const struct language *load_language(struct loader *loader, struct setting group, const char *name);
/* Walks the list `name` at the top of every file of a kind: *at 0 to begin with; false at the end. */
bool load_next(struct loader *loader, enum source_kind kind, size_t *at, struct setting *root);

/* load_questions.c, for load_nodes.c: the settings of a menu, a page, an ask, or one question of a form. `question->node`
 * and `question->index` are set by then. */
void load_menu(struct loader *loader, struct setting group, struct question *question);
void load_question(struct loader *loader, struct setting group, struct question *question);

/* `resume = "ask" | "continue" | "restart"`; of a node also false, which is restart, and true, which is as the service says. */
enum resume_policy load_resume(struct setting group, enum resume_policy otherwise);
extern const char *const load_resume_names[];

/* load_states.c: who has looked at a text, and what that allows. */
bool load_state(struct setting group, enum text_state *state); /* true when the group says it of its texts */
enum text_state load_careful_least(const struct loader *loader);
/* The language in which a careful node is shown to who reads `language`: all of it there is reviewed; NULL: none. */
const struct language *load_careful_language(const struct loader *loader, const struct language *language,
                                             const struct node *node);

struct setting load_pack(const struct loader *loader, const struct language *language); /* its file, else the base's */
void load_request_words(struct loader *loader); /* what is said of requests; for load_texts.c */
/* The first language is complete, and so is one that says nowhere where its missing texts come from. */
bool load_must_be_complete(const struct loader *loader, const struct language *language);
bool load_pack_name_is_reserved(struct span name); /* the top of a text file holds nodes and a few names of our own */
/* A text in a language or where that falls back to: `key` of the group at `path` (up to two names, ended by NULL). */
struct setting load_find_text(const struct loader *loader, const struct language *language, const char *const *path,
                              const char *key, struct template *found);
