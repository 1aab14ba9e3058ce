/*
 * model: a service as it lies in memory, for the files of this floor only.
 *
 * Everything that a step needs is resolved when the service is loaded: names are pointers, texts are cut into pieces, keys
 * and conditions are values. A menu, a page, an `ask` and each question of a form are one thing here: a `struct question`.
 * All of it lies in the service's arena and never changes once loaded.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/span.h"
#include "menu/service/calendar.h"
#include "menu/service/desk_data.h"
#include "menu/follow_up.h"
#include "menu/service.h"
#include "menu/translations.h"
#include "model/effect.h"
#include "text/screen.h"

#define OPTIONS_ON_A_PAGE 7
#define PLACE_CHOICES 6
#define PLACE_INDEX_MAX 1023 /* names in a place list: a position must fit into the bits that place.page gives it */
#define OFFICES_ON_A_PAGE 6
#define OFFICES_OFFERED 24 /* in one question of type office */

struct origin { /* where an author wrote it */
    const char *file;
    unsigned line;
};

enum piece_kind {
    PIECE_REFERENCE,
    PIECE_DUE,
    PIECE_OFFICE,
    PIECE_PHONE,
    PIECE_HOURS,
    PIECE_COST,
    PIECE_PAPERS,
    PIECE_VERIFIED,
    PIECE_REQUESTS,
    PIECE_OPEN,
    PIECE_AIRTIME,
    PIECE_REQUEST_REFERENCE,
    PIECE_REQUEST_KIND,
    PIECE_REQUEST_STATE,
    PIECE_REQUEST_DUE,
    PIECE_REQUEST_NEXT,
    PIECE_REQUEST_MADE,
    PIECE_REQUEST_CHANGED,
    PIECE_REQUEST_SAYS,
    PIECE_ANSWER, /* these two have no name of their own: they stay behind the others */
    PIECE_WORDS
};

struct question;

struct piece {
    enum piece_kind kind;
    struct span words;               /* PIECE_WORDS: as shown; PIECE_ANSWER: the field's id */
    const struct question *question; /* PIECE_ANSWER */
};

/* One text in one language. Without pieces: absent. */
struct template
{
    const struct piece *pieces;
    size_t count;
    struct span source;           /* as its author wrote it, with placeholders; absent where it is a list's name */
    bool filled;                  /* holds run-time values */
    const struct template *forms; /* of a text that counts: one of them is shown; `pieces` are the last one's */
    size_t form_count;
    const struct piece *counted; /* the number that says which */
    enum text_state state;
    size_t language; /* the one it was found in, after falling back */
    struct origin origin;
};

enum condition_kind {
    CONDITION_NONE,
    CONDITION_REGISTERED,
    CONDITION_HAS_REQUESTS,
    CONDITION_REQUEST_OPEN,
    CONDITION_HAS_OFFICE,
    CONDITION_OPTED_OUT,
    CONDITION_CAN_BE_CALLED,
    CONDITION_CAN_BE_TEXTED,
    CONDITION_MAY_BE_TEXTED,
    CONDITION_USSD,
    CONDITION_SMS,
    CONDITION_OPEN_NOW,
    CONDITION_FOLLOW_UP_DUE,
    CONDITION_HAS_PIN,
    CONDITION_PIN_OPEN,
    CONDITION_ACTING,
    CONDITION_KEEPS_SOMETHING,
    CONDITION_CALLS_ALLOWED, /* these two ask for what was answered of the request that is spoken of: branches only */
    CONDITION_TEXTS_ALLOWED
};

/* What the values of a `when` are looked for in. */
enum condition_of { OF_ANSWER, OF_TOPIC, OF_REQUEST };

/* `if` and `when` together: all of it must hold. */
struct condition {
    enum condition_kind kind;
    bool negated;
    struct span field;    /* absent: no answer is asked for */
    enum condition_of of; /* `values` are a field's answers, topics, or kinds of the request that is spoken of */
    const struct span *values;
    size_t value_count;
    struct span written; /* the `if`, as its author wrote it */
};

struct node;

struct option {
    char key[4]; /* with a NUL; "" for the items of a `place` list */
    struct span id;
    struct span goto_name, ask_name; /* as written; resolved below once all nodes are read */
    const struct node *target;       /* leaves for it */
    const struct question *ask;      /* jumps to it, within the form */
    struct span topic;
    const struct language *speak; /* set_language */
    struct condition condition;
    bool alone;
    bool hidden; /* it sets a language that is not offered */
    /* Of a migration, as reports name it: complete, incomplete, interrupted; absent: says nothing of it. */
    struct span cycle;
    const struct list_item *item; /* of a list, or NULL */
    const struct template *texts; /* by language */
    struct origin origin;
};

enum question_type {
    QUESTION_MENU, /* of a menu or a page: nothing is saved */
    QUESTION_CHOICE,
    QUESTION_SEVERAL,
    QUESTION_NUMBER,
    QUESTION_DIGITS,
    QUESTION_TEXT,
    QUESTION_PLACE,
    QUESTION_DATE,
    QUESTION_PIN,
    QUESTION_REQUEST,
    QUESTION_CHECK_PIN,
    QUESTION_REFERENCE,
    QUESTION_OFFICE
};

enum foot { FOOT_DEFAULT, FOOT_NONE, FOOT_BACK, FOOT_BACK_MAIN };

/* A screen laid out when the service was loaded; text absent when values enter it at run time. */
struct still {
    struct span text;
    struct measure measure;
};

struct question {
    struct span id; /* the field's id; of a menu, page or ask: the node's */
    enum question_type type;
    struct node *node;
    uint8_t index; /* within its form */
    struct option *options;
    size_t option_count;
    /* Keys of a form's question that must never come back; those of others are their node's. */
    const struct span *retired;
    size_t retired_count;
    const struct list *list; /* QUESTION_PLACE */
    int64_t min, max;
    bool sensitive, skip, future;
    bool lists_requests; /* a page with one line for each request */
    bool lists_kept;     /* a page with one line for each answer of the registration */
    struct condition condition;
    enum foot foot;
    const struct template *titles, *bodies, *shorts; /* by language */
    struct still *stills;                            /* by language */
    uint32_t shape;
    struct origin origin;
};

/* What becomes of a call that was cut off here. */
enum resume_policy { RESUME_AS_SERVICE, RESUME_ASK, RESUME_CONTINUE, RESUME_RESTART };

enum node_kind { NODE_MENU, NODE_PAGE, NODE_ASK, NODE_FORM, NODE_DO, NODE_BRANCH };

struct branch_case {
    struct condition condition;
    struct span goto_name;
    const struct node *target;
    struct origin origin;
};

struct node {
    struct span id;
    enum node_kind kind;
    struct span parent_name, then_name; /* `then`, `goto` or `otherwise` */
    const struct node *parent, *then;
    struct span topic;
    bool sensitive, shortcut, ends;
    enum resume_policy resume;
    int64_t resume_ms; /* 0: as the service says */
    bool guarded;      /* whoever has a PIN gives it first */
    bool careful;      /* safety, consent, legal: never served as a draft */
    bool amends;       /* NODE_FORM: each answer joins the request that is spoken of at once */
    bool inherited;    /* of the service that this one stands on */
    bool texted;       /* by operators: no caller comes to it */
    const struct span *retired;
    size_t retired_count;
    struct question *questions; /* menu, page, ask: one */
    size_t question_count;
    struct branch_case *cases;
    size_t case_count;
    enum effect_kind effect; /* NODE_DO */
    const char *effect_name; /* as its author wrote it */
    enum request_urgency urgency;
    struct span request_kind, consent_version, desk;
    bool hidden; /* the request is not shown to its person */
    const struct language *speak;
    const struct template *texts; /* by language: the body of a `text_me` */
    struct origin origin;
};

struct list_item {
    struct span id;
    char key[4];
    const struct span *names; /* by language, fallen back */
    const struct span *also;
    size_t also_count;
    struct span date;   /* of a holiday: "2026-12-16" */
    struct span within; /* the item whose offices are its own too: a district's region; absent: none */
    struct origin origin;
};

struct place_name { /* one way to write an item, folded for comparing */
    struct span folded;
    const struct list_item *item;
};

struct list {
    struct span id;
    struct list_item *items;
    size_t item_count;
    struct place_name *index; /* sorted by `folded` */
    size_t index_count;
    uint32_t shape;
    struct origin origin;
};

struct office {
    struct span id, area, phone; /* area absent: everywhere */
    const struct span *topics;
    size_t topic_count;
    const struct span *names, *hours, *costs, *papers; /* by language, fallen back; "" when nothing was written */
    struct span verified;
    bool sample;
    struct origin origin;
};

#define MONTHS 12
#define REQUEST_STATES 5

/* What a person is told about a request: the sentence for its state and for what happened last. */
enum request_says {
    SAYS_WAITING,
    SAYS_LATE,
    SAYS_URGED,
    SAYS_CHANGED,
    SAYS_ASSIGNED,
    SAYS_TRIED,
    SAYS_CALLED,
    SAYS_REFERRED,
    SAYS_REOPENED,
    SAYS_CLOSED,
    SAYS_CANCELLED
};
#define REQUEST_SAYS (SAYS_CANCELLED + 1)

/* The words of every page, in one language. */
struct engine_words {
    struct span back, main, more, skip, bad, bad_text, no_match, too_many, moved, no_requests, pin_wrong, pin_locked;
    struct span days[WEEKDAYS], months[MONTHS];
    struct span today, tomorrow, due_format, date_format; /* dates.h */
    struct span airtime_free, airtime_cost;
    struct span foot_back, foot_back_main, foot_more, line_skip; /* "0 Back", "0 Back 00 Main", "98 More", "9 Skip" */
};

/* Which of a text's forms stands with a number, in the order in which they are written. */
enum plural_rule {
    PLURAL_UNKNOWN, /* the pack does not say: no text has forms */
    PLURAL_ONE_OTHER,
    PLURAL_ZERO_ONE_OTHER, /* 0 and 1 alike */
    PLURAL_SLAVIC,         /* 1, 21, 31; 2-4, 22-24; the rest */
    PLURAL_NONE            /* one form for all */
};

struct language {
    struct span id, own_name, fallback_name;
    size_t index;
    bool offered;        /* false: loaded and proven, but no key and no word leads to it */
    const size_t *order; /* itself, then where its missing texts are taken from; ends with the first language */
    size_t order_count;
    struct engine_words words;
    const struct span *request_kinds; /* in the order of service.request_kinds */
    struct template request_states[REQUEST_STATES], request_says[REQUEST_SAYS];
    /* In place of waiting and assigned, once what was promised is past; without pieces: these. */
    struct template request_late;
    struct span safety;
    struct span open;        /* the calendar in words */
    enum plural_rule plural; /* how its texts count */
    struct origin origin;
};

/* A word or a few that a language's file lists under a keyword, a triage rule or the like. */
struct listed_word {
    struct span written, folded;
    struct origin origin;
};

enum keyword_match { KEYWORD_WHOLE, KEYWORD_FIRST };

/* {fact.police}: what is another in every country, by language. */
struct fact {
    struct span name;
    const struct span *texts;
};

struct keyword {
    struct span id;
    const struct listed_word *words; /* of all languages, each once */
    size_t word_count;
    enum keyword_match match;
    bool once;      /* said again while it holds: no answer */
    bool continues; /* goes on with what was left, instead of leading to a node */
    struct span goto_name;
    const struct node *target;
    struct origin origin;
};

/* What words in a free text mean: how urgent the next request is, and where its sender is led. */
struct triage_rule {
    struct span id;
    const struct listed_word *words;
    size_t word_count;
    enum request_urgency urgency;
    struct span goto_name;
    const struct node *target;
    struct origin origin;
};

struct entry {
    struct span name;
    const struct node *node;
    const struct question *question; /* "reg.consent": of a form; or NULL */
    struct origin origin;
};

struct service {
    struct arena *arena;
    struct span name, version;
    bool production;
    int zone_minutes;
    enum resume_policy resume_policy;
    int64_t replies, replies_ms; /* at most so many answers by text within that time */
    int64_t resume_ms, sms_silence_ms, call_within_ms, danger_within_ms, number_ms;
    struct calendar calendar;
    struct entry invite; /* to the few questions some months after a registration; node NULL: none are asked */
    unsigned follow_up_months[FOLLOW_UPS_MAX];
    size_t follow_up_count;
    struct language *languages;
    size_t language_count;
    struct node *nodes; /* sorted by id */
    size_t node_count;
    struct entry first, known, resume, help_offer, danger;
    struct entry pin;   /* where a PIN is asked for; its name is absent in a service without PINs */
    struct entry *near; /* pages from which danger is promised within two keys, besides the entries */
    size_t near_count;
    struct keyword *keywords;
    size_t keyword_count;
    struct triage_rule *triage;
    size_t triage_count;
    struct listed_word *machines; /* how texts begin that no person wrote */
    size_t machine_count;
    struct fact *facts;
    size_t fact_count;
    struct list *lists;
    size_t list_count;
    struct office *offices;
    size_t office_count;
    struct span *request_kinds;
    size_t request_kind_count;
    struct desk_data desk;
    const struct span *kept_kinds; /* open requests of these outlast their person's wish to be forgotten */
    size_t kept_kind_count;
    struct origin kept_origin;
    size_t text_count, draft_count; /* of all languages, as written */
};

const struct node *service_find_node(const struct service *service, struct span id); /* NULL: none */
const struct language *service_find_language(const struct service *service, struct span id);
const struct list *service_find_list(const struct service *service, struct span id);
/* The office for a topic in an area, else the one for everywhere; NULL: none. */
const struct office *service_find_office(const struct service *service, struct span topic, struct span area);
/* By when somebody is called who asks now: within so many open hours; in danger, minutes by the clock or of the open hours. */
int64_t service_call_by(const struct service *service, enum request_urgency urgency, int64_t now);
/* Whether there is one of the area or its region; without an area, whether there is any for the topic. */
bool service_has_office(const struct service *service, struct span topic, struct span area);
const struct question *node_find_question(const struct node *node, struct span id);
/* Whether a key was removed and must never mean something else. */
bool question_has_retired(const struct question *question, const char *key);
const struct option *question_find_option(const struct question *question, struct span id);
/* As which its answer is saved: its id; of an office: "office". */
struct span question_field(const struct question *question);
bool question_is_secret(const struct question *question); /* a PIN or a reference is typed: it is never kept */
/* False: only the session knows what was said, if anything was asked. */
bool question_keeps_answer(const struct question *question);
