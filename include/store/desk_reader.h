/*
 * desk_reader: what the console's pages are made of, through a reader (reader.h): one snapshot a call, read-only, beside the
 * running gateway. Lists go page by page by key, never by offset, so that the hundredth page costs what the first does: `below` an id
 * downwards, or `above` one upwards, shown in the same order, where the one given is positive; `above` wins. Counts stop at
 * DESK_COUNT_MAX. Texts are unsealed; numbers are not given out here but as their last two digits: showing one is a command.
 *
 * Every function: OK also when there is nothing (count 0), NOT_FOUND for one thing that is not there, BROKEN: the file cannot be
 * read, FULL: it took longer than DESK_READ_MS and was broken off, so that no page holds the log of the data file open. A row or value
 * that does not open (damage) is left out, or shown without its words; the rest of the page stands. Everything handed out lives in the
 * arena.
 */
#pragma once
#include "model/desk.h"
#include "model/outbox.h"
#include "model/session.h"
#include "model/turn.h"
#include "store/reader.h"

#define DESK_PAGE 50       /* rows a page */
#define DESK_COUNT_MAX 500 /* "500+" */
#define DESK_READ_MS 4000
#define DESK_LOOKED_MAX 20000 /* rows that a filtered page looks at before it says "go on from here" */

struct request_list {
    struct request *rows;
    struct request_desk *desks;     /* of each, but for stopped_at */
    struct request_origin *origins; /* of each */
    size_t count;
};

struct answer_list {
    struct answer *at;
    size_t count;
};

/* ---- the queue ---- */

enum queue_whose { QUEUE_ALL, QUEUE_MINE, QUEUE_UNASSIGNED };
/* To do now; later; closed; a text did not arrive or somebody wrote, closed since or not. */
enum queue_state { QUEUE_OPEN, QUEUE_WAITING_FOR, QUEUE_DONE, QUEUE_TROUBLE };
/* How a request came: dialled, texted, or written down by an operator. */
enum queue_channel { QUEUE_ANY_CHANNEL, QUEUE_BY_USSD, QUEUE_BY_SMS, QUEUE_BY_HAND };

/* Which answer says in what district somebody lives. Asked while a page is read; SPAN_NONE: none does. */
struct area_fields {
    /* The field of the service that a request is of (menu/desk.h: desk_area_field), by its id. */
    struct span (*of)(const void *context, const struct request_origin *origin);
    const void *context;
};

struct queue_filter {
    const struct operator *operator; /* whose pages: what is not theirs to see is left out, and counted in `hidden` */
    enum queue_whose whose;
    enum queue_state state;
    bool is_danger;                  /* only those; of QUEUE_OPEN those that wait, too, behind the others */
    int64_t now, due_before;         /* 0: whenever; overdue: due_before = now */
    struct span topic, lang, desk;   /* absent: any */
    enum queue_channel channel;      /* of the session that it was made in */
    struct span area;                /* the id of a district, compared with the request's or registration's answer */
    const struct area_fields *areas; /* NULL: no row has a district */
    struct span after;               /* `next` of the page before; absent or nonsense: the first page */
};
struct queue_row {
    struct request request;
    struct request_desk desk;
    struct request_origin origin;
    struct span assignee;   /* shown name, or absent */
    struct span area;       /* the id of their district, or absent; only where area_fields were given */
    struct answer *answers; /* of the request's form: for the safe time to call */
    size_t answer_count;
    bool has_draft; /* of this operator */
};
struct queue_page {
    struct queue_row *rows;
    size_t count;
    struct span next; /* for `after`; absent: this was the last. A page may be short, even empty, and have a next one */
    size_t
        hidden; /* that fit, of which they are told (operator_is_told), up to DESK_COUNT_MAX; of closed ones: among this page's */
};
/* Danger first, then by when it is due; of danger alone what waits comes behind what does not; closed ones by when they were closed,
 * newest first. Of QUEUE_TROUBLE those that are over come last. */
enum outcome desk_read_queue(struct reader *reader, const struct queue_filter *filter, struct arena *arena,
                             struct queue_page *page, struct error *err) MUST_CHECK;

/* What is counted: every open request, and those that are over and have to be looked at all the same, as far as anybody looks
 * (DESK_LOOKED_MAX). The same rows serve all who look, at any time. */
struct open_request {
    int64_t due_at, assignee, wait_until;
    int64_t news_at; /* when it was changed, or its person wrote something that nobody has dealt with */
    enum request_urgency urgency;
    enum request_attention attention;
    bool is_over;
    struct span topic, desk;
};
struct open_requests {
    const struct open_request *rows;
    size_t count;
};
enum outcome desk_read_open(struct reader *reader, struct arena *arena, struct open_requests *open,
                            struct error *err) MUST_CHECK;

/* Beside the tabs, each at most DESK_COUNT_MAX; `due_hour`: overdue ones too. `newest`: the largest news_at seen: for "3 new, show". */
struct queue_counts {
    unsigned mine, unassigned, all, danger, due_hour, overdue, waiting, trouble;
    int64_t newest;
};
struct queue_counts desk_count_queue(const struct open_requests *open, const struct operator *operator, int64_t now);
/* How many open ones that this operator sees were made or changed since, or have a new word of their person's, but for what others do
 * with what they have: for "3 new, show". */
unsigned desk_count_new(const struct open_requests *open, const struct operator *operator, int64_t since);

/* ---- one request ---- */

struct request_event { /* a line of history, oldest first */
    int64_t id, at;
    enum request_step step;
    enum step_by by;
    struct span who; /* the operator, from the audit of that moment; or absent */
    struct span to;  /* the operator who was given it then, or absent */
    struct span
        what; /* the audit's word for it ("released"), where its person is told of no step of its own; or absent */
};
struct shown_note {
    struct note note;
    struct span who;
    bool is_replaced; /* there is a newer version */
};
struct shown_attempt {
    struct attempt attempt;
    struct span who;
};
struct shown_referral {
    struct referral referral;
    struct span who;
};
struct opening {    /* who has opened it */
    int64_t id, at; /* of the audit's line */
    struct span who;
    enum audit_action action; /* viewed, revealed, overrode */
    struct span detail;
    struct span to; /* who was given it, or absent */
};
struct outbox_view {
    struct outbox_row row; /* without `to`; `text` where it was asked for */
    int64_t request;       /* that it answers; 0: none */
    struct span reference;
    int64_t dealt_at;
    struct span last_report;
    /* Of a text about a request, from the audit: the operator who wrote it, and the word for why it was written ("reply"); or absent. */
    struct span who, what;
};
struct request_view {
    struct queue_row row;
    struct span masked; /* "•••• 78", or absent: no number is kept */
    bool phone_opted_out, has_number;
    struct request_event *events;
    size_t event_count;
    struct shown_note *notes;
    size_t note_count;
    struct shown_attempt *attempts;
    size_t attempt_count;
    struct shown_referral *referrals;
    size_t referral_count;
    struct opening *openings; /* newest first, at most 100 */
    size_t opening_count;
    struct outbox_view *texts; /* sent about it, newest first */
    size_t text_count;
    int64_t failed_at; /* when the last of them failed that nobody has dealt with; INT64_MAX: there may be others */
    struct person_flag *flags; /* that hold now */
    size_t flag_count;
    struct draft *drafts; /* of the operator who looks */
    size_t draft_count;
    struct request_list others;   /* of the same person, newest first, at most 20 */
    struct answer_list *said;     /* with each of these that is open */
    struct span merged_reference; /* into which it went, or absent: it did not, or that one is not theirs to see */
    bool sees_person;             /* and all that is kept of them */
};
/* `areas` NULL: without the district. */
enum outcome desk_read_request(struct reader *reader, int64_t id, const struct operator *operator,
                               const struct area_fields *areas, struct arena *arena, struct request_view *view,
                               struct error *err) MUST_CHECK;
/* Of which service it is, where it is theirs to see; else NOT_FOUND. */
enum outcome desk_read_origin(struct reader *reader, int64_t id, const struct operator *operator, struct arena *arena,
                              struct request_origin *origin, struct error *err) MUST_CHECK;
/* Whether there is such a request and it is theirs to see: OK or NOT_FOUND. */
enum outcome desk_may_see_request(struct reader *reader, int64_t id, const struct operator *operator,
                                  struct arena *arena, struct error *err) MUST_CHECK;
/* By six digits or seven; the open one first, else the latest. NOT_FOUND. A registration's reference gives its person. */
struct found_reference {
    int64_t request, person; /* request 0: a registration's */
};
enum outcome desk_find_reference(struct reader *reader, struct span digits, struct found_reference *found,
                                 struct error *err) MUST_CHECK;

/* Requests of whose notes one holds all these words, the last of them perhaps only begun: newest note first, at most DESK_PAGE, of
 * those that are this operator's to see, and clinical notes only for who may read them. NOT_FOUND: there is no index of notes
 * (store_options.search_notes); REFUSED: no word to look for, or more than DESK_SEARCH_WORDS. */
#define DESK_SEARCH_WORDS 8
enum outcome desk_search_notes(struct reader *reader, struct span text, const struct operator *operator,
                               struct arena *arena, struct queue_row **rows, size_t *count,
                               struct error *err) MUST_CHECK;

/* ---- sessions ---- */

struct session_filter {
    struct span channel, lang, node; /* node: that was reached last; absent: any */
    int cause;                       /* enum end_cause; -1: any */
    int64_t from, to;                /* started between, 0: no bound */
    int64_t phone, person;           /* 0: any */
    bool with_request;
    int64_t below, above; /* `next` or `newer` of the page beside it; 0: the newest */
};
struct session_row {
    struct session session; /* state: lang and at only */
    int64_t request;
    char reference[REFERENCE_DIGITS + 1]; /* "": none was made in it */
};
struct session_page {
    struct session_row *rows;
    size_t count;
    int64_t next;      /* for `below`: what is older; 0: this was the last */
    int64_t newer;     /* for `above`; 0: nothing is newer */
    bool is_cut_short; /* DESK_LOOKED_MAX rows were looked at: `next`, or `newer` after `above`, goes on from there */
};
enum outcome desk_read_sessions(struct reader *reader, const struct session_filter *filter, struct arena *arena,
                                struct session_page *page, struct error *err) MUST_CHECK;

/* What stands on either side of a session in the list of a filter, wherever its pages begin (`below` and `above` do not count), also
 * of one that is not in it. */
struct sessions_beside {
    int64_t older, newer; /* 0: none, or none was found */
    int64_t older_from,
        newer_from; /* DESK_LOOKED_MAX rows were looked at in vain: `below`, `above` of where to go on; 0: all were */
};
enum outcome desk_read_sessions_beside(struct reader *reader, const struct session_filter *filter, int64_t id,
                                       struct arena *arena, struct sessions_beside *beside,
                                       struct error *err) MUST_CHECK;

/* Where a person said something last, of the newest DESK_PAGE of their sessions, and the first step in it that is not from before
 * `since`: the conversation may have begun earlier, and go on. session 0: nothing was said since. */
struct said_since {
    int64_t session;
    uint32_t from_turn;
};
enum outcome desk_find_said_since(struct reader *reader, int64_t person, int64_t since, struct said_since *found,
                                  struct error *err) MUST_CHECK;

/* One with its turns, as the person saw it: the screen whole, PINs never there. At most 400 turns, from `from_turn`. */
struct shown_turn {
    struct turn turn;
    struct span screen; /* skeleton and values together, a value that was destroyed as "…"; absent: nothing was shown */
    bool is_gone;       /* what was typed or shown was destroyed, with the person or by its age */
    struct {            /* what was typed was taken out by somebody; at 0: it was not */
        int64_t at;
        struct span who;
        unsigned characters;
    } redacted;
    bool is_damaged; /* it does not open: its time and place are all there is */
};
struct session_view {
    struct session session;
    int64_t person;    /* who was on the phone, 0: nobody known, or not theirs to see who looks */
    bool shows_sealed; /* what was sealed is for who sees the person and every request that was made in it */
    bool has_others;   /* the person has a request that who looks is not told of (operator_is_told) */
    struct shown_turn *turns;
    size_t turn_count;
    uint32_t next_turn;               /* 0: these were the last */
    struct request_list requests;     /* made in it */
    int64_t resumed_from, resumed_by; /* sessions: that it went on with, that went on with it; 0: none */
    struct triage_row *triage;
    size_t triage_count;
};
enum outcome desk_read_session(struct reader *reader, int64_t id, uint32_t from_turn, const struct operator *operator,
                               struct arena *arena, struct session_view *view, struct error *err) MUST_CHECK;

/* ---- a person ---- */

struct registration_view {
    struct registration row;
    struct answer *answers;
    size_t answer_count;
};
struct person_view_desk {
    struct person_row row;
    struct span masked;
    bool opted_out;
    int64_t created_at, first_at, last_at, forgotten_at, renewed_at;
    struct registration_view *registrations;
    size_t registration_count;
    struct request_list requests; /* at most 50, newest first */
    struct session_row *sessions;
    size_t session_count; /* at most 20, newest first */
    struct person_flag *flags;
    struct span *flag_authors;
    size_t flag_count;
    struct follow_up *follow_ups;
    size_t follow_up_count;
};
/* NOT_FOUND also when it is not theirs to see. */
enum outcome desk_read_person(struct reader *reader, int64_t id, const struct operator *operator, struct arena *arena,
                              struct person_view_desk *view, struct error *err) MUST_CHECK;
/* Whether there is such a person and it is theirs to see: OK or NOT_FOUND. */
enum outcome desk_may_see_person(struct reader *reader, int64_t id, const struct operator *operator,
                                 struct error *err) MUST_CHECK;

/* ---- texts ---- */

struct outbox_filter {
    int state;       /* enum outbox_state; -1: any */
    bool in_trouble; /* failed, expired or unknown, and nobody has dealt with it */
    struct span channel;
    int64_t below, above;
};
struct outbox_page {
    struct outbox_view *rows; /* without their words */
    size_t count;
    int64_t next, newer;
    bool is_cut_short;
};
enum outcome desk_read_outbox(struct reader *reader, const struct outbox_filter *filter, struct arena *arena,
                              struct outbox_page *page, struct error *err) MUST_CHECK;

/* ---- who works here, and who did what ---- */

enum outcome desk_read_operators(struct reader *reader, struct arena *arena, struct operator **rows, size_t *count,
                                 struct error *err) MUST_CHECK;
enum outcome desk_read_operator(struct reader *reader, int64_t id, struct arena *arena, struct operator *out,
                                struct error *err) MUST_CHECK;
enum outcome desk_find_operator(struct reader *reader, struct span name, struct arena *arena, struct operator *out,
                                struct error *err) MUST_CHECK;
/* The sign-in with this token that has not ended, and whose it is. NOT_FOUND. */
enum outcome desk_find_sign_in(struct reader *reader, const struct lookup *token, struct arena *arena,
                               struct sign_in *sign_in, struct operator *operator, struct error *err) MUST_CHECK;
enum outcome desk_read_sign_ins(struct reader *reader, int64_t operator, struct arena *arena, struct sign_in **rows,
                                size_t *count, struct error *err) MUST_CHECK;
/* Operators with a sign-in that is whole, not locked, not over and was used since. */
enum outcome desk_count_signed_in(struct reader *reader, int64_t since, int64_t now, int64_t *count,
                                  struct error *err) MUST_CHECK;
enum outcome desk_read_filters(struct reader *reader, int64_t operator, struct arena *arena, struct saved_filter **rows,
                               size_t *count, struct error *err) MUST_CHECK;

struct audit_filter {
    int64_t operator;         /* 0: any */
    enum audit_action action; /* AUDIT_NONE: any */
    enum audit_object object; /* OBJECT_NONE: any */
    int64_t object_id, from, to, below, above;
};
struct audit_view {
    struct audit_row row;
    struct span who;                      /* shown name; absent: the program, or nobody */
    char reference[REFERENCE_DIGITS + 1]; /* of a request, while it is there */
};
struct audit_page {
    struct audit_view *rows;
    size_t count;
    int64_t next, newer;
    bool is_cut_short;
};
enum outcome desk_read_audit(struct reader *reader, const struct audit_filter *filter, struct arena *arena,
                             struct audit_page *page, struct error *err) MUST_CHECK;

/* Walks the whole chain. OK: it holds. REFUSED: err names the first row that does not, and how (changed, missing, out of order).
 * `known`: a head that was written down once, which it has to go through, since who takes away its end leaves a chain that holds;
 * NULL: none was. */
struct audit_proof {
    int64_t rows, last_id;
    unsigned char head[AUDIT_MAC_BYTES];
};
enum outcome desk_prove_audit(struct reader *reader, const unsigned char known[AUDIT_MAC_BYTES],
                              struct audit_proof *proof, struct error *err) MUST_CHECK;
