/*
 * request_work: the page of one request while it is made, and the way back to it from every form on it. Private to pages/.
 *
 * A form that was carried out goes back to the page (303). One that was not shows the page again with what is wrong and with all that
 * was typed: 422, or 409 beside what somebody else has done in between.
 */
#pragma once
#include "console/door/visit.h"
#include "console/pages/request_view.h"
#include "menu/desk.h"

/* A form of the page, as its handler knows it. */
struct request_try {
    const char *place;               /* "note": of its draft, and of its element on the page */
    const char *field;               /* what a refusal is about; NULL: `place` */
    const char *text_field;          /* of its text, where that is another: what a text that is too long is about */
    const char *wanted;              /* the name of the word for what was wanted */
    const char *said;                /* the name of the word that tells that it was done */
    const char *why;                 /* the name of the word for why it was not; NULL: nothing was tried */
    const struct mistakes *mistakes; /* where more than one can be told; NULL: `why`, at `field` */
    unsigned status;                 /* of the page then; 0: 200 */
    bool is_conflict, has_text;
    bool is_text_wrong; /* and not what stands beside it */
    struct span choice; /* what was chosen besides, in words; or absent */
};

struct request_work {
    struct visit *visit;
    const struct request_try *tried; /* NULL: the page was only opened */
    struct request_view data;
    const struct service *service; /* NULL: none is served */
    struct contact_rule rule;
    struct queue_row_view row;
    struct frame_view *frame;
    bool is_open;
};

/* Reads it and leaves the line of the audit; from then on the visit's times are said in the zone of its service. False: an answer was
 * given. */
bool request_work_start(struct visit *visit, const struct request_try *tried, struct request_work *work);
/* The page, after what was tried. */
void request_work_show(struct visit *visit, const struct request_try *tried);
/* The page again because of what was typed: nothing was done. */
void request_work_refuse(struct visit *visit, struct request_try tried, const char *why);
void request_work_refuse_all(struct visit *visit, struct request_try tried, const struct mistakes *mistakes);
/* Carries it out and answers. */
void request_work_do(struct visit *visit, const struct desk_action *action, struct request_try tried);
/* The same with the answer left to the caller where it was OK. */
bool request_work_did(struct visit *visit, const struct desk_action *action, struct request_try tried,
                      struct desk_result *result);
/* What was carried out is told on the page of the request. */
void request_work_done(struct visit *visit, const struct request_try *tried);
/* What the form's page had shown, as it says itself. */
struct desk_seen request_work_seen(const struct visit *visit);
/* An action on the request of the path, of the version that the form saw. */
struct desk_action request_work_action(const struct visit *visit, enum desk_verb verb);

/* A time ahead that a form of it asks for, as typed: in the zone of its service, in which the page said it. */
bool request_work_time(const struct visit *visit, const char *field, int64_t *at);

bool request_work_tried(const struct request_work *work, const char *place);
struct request_form request_work_form(const struct request_work *work, const char *place);
/* All that was wrong with what was tried. */
struct mistakes request_work_mistakes(const struct request_work *work);
/* A field of the form that was tried, or absent. */
struct span request_work_typed(const struct request_work *work, const char *place, const char *field);
/* Words of answers in the language of who looks. */
struct request_answer_view request_work_answer(const struct request_work *work, const struct answer *answer);

/* The parts, each of its own file. */
void request_fill_contact(const struct request_work *work, struct request_contact_view *view);
void request_fill_notes(const struct request_work *work, struct request_notes_view *view);
void request_fill_reply(const struct request_work *work, struct request_reply_view *view);
void request_fill_refer(const struct request_work *work, struct request_refer_view *view);
/* The office that somebody was passed on to at that moment, with what tells it from others of its name; absent: to none. */
struct span request_referred_to(const struct request_work *work, int64_t at);
void request_fill_hands(const struct request_work *work, struct request_hands_view *view);
void request_fill_close(const struct request_work *work, struct request_close_view *view);
void request_fill_conflict(const struct request_work *work, struct request_conflict_view *view);
void request_fill_past(const struct request_work *work, struct request_page_view *view);

/* Names of words. */
const char *request_outcome_word(unsigned outcome); /* NULL for CLOSED_NOT */
const char *request_urgency_word(unsigned urgency);
const char *request_result_word(unsigned result);
const char *request_reason_word(unsigned reason); /* NULL for none */
const char *request_override_word(unsigned reason);
const char *request_came_by_word(unsigned came_by);
const char *request_event_word(const struct request_event *event);
