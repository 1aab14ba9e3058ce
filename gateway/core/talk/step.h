/*
 * step: one inbound message being worked on; private to the core's conversation, which is told in six files:
 * repeat.c (was it answered before?), parts.c (is it whole?), whose.c (which session is it, and is there one to go on with?),
 * feed.c (what is new in it, and what does the engine say?), answer.c (which way the answer goes), conversation.c (the order of
 * these, and what is to be saved).
 */
#pragma once
#include "core/conversation.h"
#include "menu/engine.h"

/* How the input of a message is to be fed to the engine. */
enum feed {
    FEED_NOTHING, /* show the page where the person stands: a first dial, an empty answer, a text out of order */
    FEED_ANSWER,
    FEED_REPLAY, /* a way to take, part by part: of a cumulative text that we saw none of, or dialled behind the code */
};

struct step {
    struct conversation *conversation;
    struct message *message;
    struct talk *talk; /* NULL: no session has the message's key */
    const struct service *service;
    enum feed feed;
    struct span answer;
    struct span way;                     /* FEED_REPLAY: the parts, joined by the inbound's separator */
    bool out_of_order;                   /* a cumulative text that does not continue what was seen: it moves nothing */
    bool failed;                         /* the safety page stands in for what should have come */
    unsigned flags;                      /* TURN_* that the core knows of */
    const struct session_state *earlier; /* offered to go on with, or NULL */
    struct engine_result result;
};

/* OK and *repeated: the reply is set. Looks at this tick first, then at what the load found. */
enum outcome repeat_answer(const struct step *step, bool *repeated, struct error *err) MUST_CHECK;

/* A part of a long text: it is kept. *whole: the text is to go on as this one message now, because the last part came, its time
 * is over, or another text came under the same reference; NULL: not yet. */
enum outcome parts_take(struct conversation *conversation, const struct message *message, struct message **whole,
                        struct error *err) MUST_CHECK;

/* The session that the message belongs to: it goes on, or a new one is opened in its place, with an earlier one to offer. */
enum outcome whose_session(struct step *step, struct party *party, struct error *err) MUST_CHECK;
/* An empty text (or one that holds the dialled code's extension only) begins anew once an answer was given. */
bool whose_starts_anew(const struct inbound *inbound, const struct session *row);
bool whose_is_open(const struct step *step); /* for who only asks */
/* Marks the session as over, unless it is; and adds a session as it is now to what the tick saves. */
void whose_end(struct session *row, enum end_cause cause, int64_t now);
void whose_save(const struct step *step, const struct session *row, bool is_new);

/* Finds what is new in the message and plays it through the engine; step->result is set in any case: what cannot be
 * shown becomes the service's safety page. */
void feed_engine(struct step *step);

/* Sees to it that message->reply reaches the person: nothing to do where it is the HTTP reply, else a text or a page to push.
 * Returns the TURN_* that say so. */
unsigned answer_send(struct step *step, struct change_list *pending);
/* Leaves in the HTTP reply what belongs there: what goes by another way is not said twice. */
void answer_trim(const struct message *message, unsigned turn_flags, struct reply *reply);
