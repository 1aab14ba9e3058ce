/*
 * desk: what a service's data says to operators: when and how it is safe to reach somebody, in what words their answers were asked for,
 * what may be texted to them, which offices there are. Pure, as all of menu/. A language that the service does not have is answered in
 * the first that it has. menus/README.md describes the group `desk` of service.conf.
 */
#pragma once
#include "base/arena.h"
#include "menu/service.h"
#include "model/person.h"
#include "text/reference.h"

/* ---- when it is safe ---- */

struct contact_window { /* minutes of the local day; until > from */
    int from, until;
};
#define CONTACT_WINDOWS_MAX 4

/* What the answers of a request allow. `windows` none: whenever the desk is open. */
struct contact_rule {
    bool is_known;           /* false: it was never asked; so it is as if only the desk's hours were allowed */
    bool may_call, may_text; /* text: as they answered; opting out is the phone's and the core's matter */
    bool no_texts;           /* they were asked for texts and said no: another answer that allows them does not count */
    bool
        needs_hours; /* safe at some hours only, and they did not say which: neither called nor texted until they do; may_call is false */
    struct contact_window windows[CONTACT_WINDOWS_MAX];
    size_t window_count;
    struct span number; /* another number that they gave, or absent */
    bool has_stopped;   /* whatever they had answered, they said on a call that they want no more; no answer says so */
};
void contact_rule_of(const struct service *service, const struct answer *answers, size_t count,
                     struct contact_rule *rule);
/* Whether the answer of a field says when or how to contact its person ("who should call?"): it is shown where somebody calls. */
bool desk_tells_how(const struct service *service, struct span field);

/* The field whose answers are hours to call in; absent: none has any. */
struct span desk_hours_field(const struct service *service);

/* Whether it is another number to call: then it is shown to nobody who did not ask for it. */
bool desk_is_number(const struct service *service, struct span field);

/* When it is safe next to call: inside their windows and the desk's hours (danger: whenever they allow). `from` <= now: it is safe
 * now, until `until`, which is at most a week ahead. False: never, as they answered or as long as their hours are not known, or stopped it. */
struct contact_slot {
    int64_t from, until; /* UTC ms */
    bool
        is_after_hours; /* their windows and the desk's hours never meet: on a day when the desk is open, but not then */
};
bool contact_next(const struct service *service, const struct contact_rule *rule, enum request_urgency urgency,
                  int64_t now, struct contact_slot *slot);
/* The same for a phone that beeps: whoever does not want to be called has their windows, too. */
bool contact_next_beep(const struct service *service, const struct contact_rule *rule, enum request_urgency urgency,
                       int64_t now, struct contact_slot *slot);
/* When what an operator writes may leave: when the phone may beep. Who gave no windows said of no hour that it is not safe: now, and
 * the desk may be closed. False: never, or not before their hours are known. */
bool contact_next_text(const struct service *service, const struct contact_rule *rule, enum request_urgency urgency,
                       int64_t now, struct contact_slot *slot);

/* By when an urgency that changes now is due. Without windows of theirs: on the service's calendar. With them the clock stands still
 * outside the slots of contact_next, so that what is due is due while they can be called: when they have been open for as long as the
 * service takes, at the latest at the end of the second (soon: of the first of which at least half is left), or of the last that begins
 * before anybody else would be called. Danger keeps its minutes from now: hours that somebody gave for another day do not hold up who
 * says that it is now. Where it is not safe to call then, an operator decides, and says why. */
int64_t contact_due(const struct service *service, const struct contact_rule *rule, enum request_urgency urgency,
                    int64_t now);
/* The same of what was asked for at `since`, when their hours are other ones from now on. */
int64_t contact_due_since(const struct service *service, const struct contact_rule *rule, enum request_urgency urgency,
                          int64_t since, int64_t now);
/* Whether one of them lets somebody be called at a time of day when the stricter one does not. Who asked to stop said so of the one. */
bool contact_goes_beyond(const struct contact_rule *rule, const struct contact_rule *stricter);
/* Whether they may be called at the same times. */
bool contact_same_hours(const struct contact_rule *a, const struct contact_rule *b);

/* ---- in words ---- */

/* The question that an answer of a form answered, and the answer, as the service words them in `lang`: "Best time?" "Evening". An id
 * that the service no longer has stands for itself. `form`: the node, or absent where any form may have it. */
struct answer_words {
    struct span question, answer;
};
void desk_answer_words(const struct service *service, struct span form, const struct answer *answer, struct span lang,
                       struct arena *arena, struct answer_words *out);
/* What a key meant on a node ("main"; of a form with or without the question, "call.safe"): the option's label, "Ask for a call";
 * absent: it is no option's id. */
struct span desk_meaning_words(const struct service *service, struct span node, struct span meaning, struct span lang,
                               struct arena *arena);
/* Whether what was typed at a turn are words of their own, which may be taken out of what is kept: neither a choice, nor a number or
 * words that say when or how to reach them, on which calls depend. `service` may be NULL: none is served any more. */
struct turn;
struct own_words {
    bool is_answer;            /* they were taken as an answer ... */
    const struct span *fields; /* ... to one of these; none: the question is not known any more */
    size_t field_count;
};
bool desk_own_words(const struct service *service, const struct turn *turn, struct arena *arena,
                    struct own_words *words);
/* Whether what was typed at a turn was taken as another number to call: the request has it, and shows it to who asks for it there. So it
 * seems of a sealed number, too, where the question is not known any more. */
bool desk_took_number(const struct service *service, const struct turn *turn);

/* The title of a node, or its first words; a topic, a kind of request, a district by its id. Its id when there are none. */
struct span desk_node_words(const struct service *service, struct span node, struct span lang, struct arena *arena);
struct span desk_topic_words(const struct service *service, struct span topic, struct span lang, struct arena *arena);
struct span desk_kind_words(const struct service *service, struct span kind, struct span lang, struct arena *arena);
struct span desk_area_words(const struct service *service, struct span area, struct span lang, struct arena *arena);
/* All that filters may choose from, in the service's order; each of `count` ids. */
const struct span *desk_topics(const struct service *service, size_t *count);
const struct span *desk_kinds(const struct service *service, size_t *count);
const struct span *desk_areas(const struct service *service, size_t *count);
struct span desk_area_field(const struct service *service); /* the field whose answer is a district; absent: none */
struct span desk_for_kind(const struct service *service,
                          struct span kind); /* the desk that a kind goes to, or absent */
/* The least urgent that a kind is when somebody asks for it on a phone, and what is asked for with a topic at once, or behind one form:
 * what is made by hand is no less. Of what nothing is asked for: normal. */
enum request_urgency desk_urgency_of_kind(const struct service *service, struct span kind);
enum request_urgency desk_urgency_of_topic(const struct service *service, struct span topic);

/* ---- whose pages are whose ---- */

struct operator;
/* Whether what was said in a turn was said to a desk that `who` is not told of (operator_is_told): in a part of the service where only
 * such requests are asked for, or on the page that says that one was made. A part is what stands below one option of the main menu.
 * `has_others`: the person has a request of that kind; then what tells somebody what became of their requests is left to that desk too,
 * and so is a page that is not there any more, and everything where `service` is NULL: none is served, and nothing is known of its pages. */
bool desk_turn_is_others(const struct service *service, const struct turn *turn, bool has_others,
                         const struct operator *who);

/* ---- what is asked at the desk ---- */

/* For somebody who rings or stands at the counter: each field of `contact` and `say` that a question with choices asks for, in that
 * order, and of its options those that say something. Not whether they may be texted, nor for another number: the desk asks for both
 * itself. */
#define DESK_QUESTIONS_MAX 16
#define DESK_CHOICES_MAX 16 /* of one of them */
struct desk_choice {
    struct span id, words;
};
struct desk_question {
    struct span field, words;
    struct desk_choice *choices;
    size_t choice_count;
};
size_t desk_questions(const struct service *service, struct span lang, struct arena *arena, struct desk_question **out);
/* Whether it is one of those; then `sensitive` says whether its question is. */
bool desk_may_answer(const struct service *service, struct answer *answer);

/* ---- what may be texted ---- */

#define DESK_REPLIES_MAX 16
size_t desk_reply_count(const struct service *service);
struct span desk_reply_id(const struct service *service, size_t index); /* "we_tried" */
/* Its words for this request in the language of its person; a draft in production mode falls back as on a phone. `next_at` is told as
 * weekday and hour, because a text may be read the next day. Absent: they say a time, and next_at is 0. */
struct span desk_reply_words(const struct service *service, size_t index, struct span lang, const char *reference,
                             int64_t next_at, struct arena *arena);
/* The one discreet text after three calls; absent: the service has none. */
struct span desk_tried_words(const struct service *service, struct span lang, const char *reference,
                             struct arena *arena);

/* ---- where one may be referred to ---- */

struct desk_office {
    struct span id, name, phone, hours, cost, papers, verified, area; /* area absent: everywhere */
    const struct span *topics;
    size_t topic_count;
    bool is_stale, is_sample;
};
/* Of a topic, nearest to the area first: of it, of its region, for everywhere, then those elsewhere, for people move. Both may be
 * absent. */
size_t desk_offices(const struct service *service, struct span topic, struct span area, struct span lang, int64_t now,
                    struct arena *arena, struct desk_office **offices);
/* By its id; is_stale is left false. */
bool desk_find_office(const struct service *service, struct span id, struct span lang, struct arena *arena,
                      struct desk_office *office);

int64_t service_opens_at(const struct service *service, int64_t now); /* now when it is open */
/* So many open hours after `from`. */
int64_t service_after_open_ms(const struct service *service, int64_t from, int64_t open_ms);
