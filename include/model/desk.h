/*
 * desk: who works at the operators' desk, and what they do with a request. Plain data, handed between console, core and store.
 *
 * Times are UTC milliseconds, 0: never. Everything that somebody wrote is sealed on disk with the key of the person whom it is
 * about and plain here, so it goes with them when they are forgotten; passwords are Argon2id strings; second factors are sealed.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/duration.h"
#include "base/sealed.h"
#include "base/span.h"
#include "model/person.h"
#include "model/rights.h"

/* ---- who works here ---- */

#define OPERATOR_NAME_MAX 64
#define OPERATOR_SHOWN_LETTERS 80
#define OPERATOR_SHOWN_MAX (4 * OPERATOR_SHOWN_LETTERS) /* bytes: a Bangla letter has three */
#define PASSWORD_HASH_MAX 128                           /* crypto_pwhash_STRBYTES */
#define TOTP_SECRET_BYTES 20                            /* RFC 6238 with SHA-1, as every authenticator has it */
#define RECOVERY_CODES 10

enum theme { THEME_AUTO, THEME_LIGHT, THEME_DARK };

struct operator {
    int64_t id;        /* 0: not stored yet */
    struct span name;  /* by which they sign in: [a-z0-9._-]{2,64}, unique */
    struct span shown; /* by which others see them */
    role_set roles;
    struct span topics, languages; /* ids joined by ' '; empty: all */
    bool is_disabled;
    struct span password; /* "$argon2id$..."; absent: cannot sign in */
    bool must_change;     /* the password is one that somebody else made */
    struct span totp;     /* TOTP_SECRET_BYTES, plain here; absent: none yet */
    int64_t totp_step;    /* the last time step that was used: none is taken twice */
    struct span recovery; /* keyed hashes of the codes that are left, LOOKUP_BYTES each */
    unsigned failures;    /* wrong ones in a row, the last at failed_at; a growing wait follows */
    int64_t failed_at;
    struct span lang; /* of their pages: "en", "bn" */
    enum theme theme;
    bool has_shortcuts;
    int64_t created_at, changed_at, last_at; /* last signed in */
    uint32_t version;
};

/* Whether somebody may be called so. */
bool operator_is_name(struct span name);
bool operator_is_shown(struct span shown);

/* Wrong tries in a row, and until when none is looked at after them: nothing for the first ones, then 2, 4, 8 ... seconds, an hour at
 * most. One is forgiven for each hour without any, so that who keeps trying at the slowest adds nothing. A name bears more than one
 * browser or one address does: its own wait is for those who try from many. */
struct tries {
    unsigned count;
    int64_t at; /* the last */
};
#define TRIES_OF_ONE 3
#define TRIES_OF_NAME 20
void tries_add(struct tries *tries, int64_t now);
int64_t tries_closed_until(const struct tries *tries, unsigned first_wait_after);
/* Until when nobody is let in by this name but from a browser that it knows. */
int64_t operator_locked_until(const struct operator *operator);

#define SIGN_IN_IDLE_MS (15 * MINUTE_MS) /* then the password is asked for again; drafts stay */
#define SIGN_IN_WHOLE_MS (12 * HOUR_MS)  /* then everything */
#define SIGN_IN_KEPT_MS (7 * DAY_MS)     /* after that nobody is shown it any more; much longer than it can be good */

/* A browser that somebody signed in with. The cookie holds 32 random bytes; here is their keyed hash. */
struct sign_in {
    int64_t id, operator;
    struct lookup token;
    int64_t created_at, seen_at;
    int64_t ended_at;  /* signed out, revoked, rotated away, over */
    bool is_half;      /* the password was right, the second factor is still to come (or to be set up) */
    bool is_locked;    /* idle for too long: the password again */
    struct span agent; /* what the browser calls itself, shortened: for "my sign-ins" */
};

/* ---- whose it is ---- */

/* What says whose words and hours apply to a request: the channel that it came by; one that was made by hand came by none, and keeps
 * the name of its service among its answers, in a field that no service can have. catalogue_service_of decides. */
#define BY_HAND_SERVICE "by_hand.service"
struct request_origin {
    struct span channel, service; /* absent: none */
};

/* ---- what is done with a request ---- */

enum close_outcome {
    CLOSED_NOT, /* it is not */
    CLOSED_HELPED,
    CLOSED_REFERRED,
    CLOSED_INFORMED,
    CLOSED_NO_ANSWER, /* three times */
    CLOSED_UNSAFE,    /* to contact */
    CLOSED_DUPLICATE,
    CLOSED_NO_REQUEST, /* test, joke, silence, abuse: kept out of the statistics of needs */
    CLOSED_COUNT
};

enum attempt_result { ATTEMPT_NO_ANSWER, ATTEMPT_WRONG_PERSON, ATTEMPT_SPOKE, ATTEMPT_ASKED_TO_STOP, ATTEMPT_COUNT };
#define ATTEMPTS_BEFORE_TEXT 3

enum contact_by { CONTACT_PHONE, CONTACT_WALK_IN, CONTACT_OTHER }; /* how a request made by hand came */

/* What the desk knows of a request besides struct request. */
struct request_desk {
    int64_t assignee, assigned_at; /* an operator; 0: nobody */
    int64_t viewed_at;             /* first opened by anybody */
    int64_t wait_until;            /* nothing is to be done before; 0: no */
    enum close_outcome outcome;
    unsigned attempts;   /* calls that reached nobody, since it was last opened */
    int64_t merged_into; /* a request; 0: none */
    int64_t made_by;     /* the operator who made it by hand; 0: its person did */
    enum contact_by came_by;
    bool is_texted; /* the one discreet text after three calls was sent */
    /* When its person asked not to be called any more, at whichever request of theirs, and has not asked for anything by this one since;
     * 0: they may be called. Read from the attempts and the history: saving it changes nothing. */
    int64_t stopped_at;
};

struct note {
    int64_t id, request, operator, at;
    int64_t replaces; /* the note of which this is a new version; 0: none */
    bool is_clinical; /* RIGHT_CLINICAL */
    struct span text;
};

struct attempt {
    int64_t id, request, operator, at;
    enum attempt_result result;
};

struct referral {
    int64_t id, request, operator, at;
    struct span office; /* the service's id of it */
    bool has_consent;
    int64_t due_at;      /* when its outcome is asked for */
    int64_t settled_at;  /* the outcome is known */
    struct span outcome; /* in words, or absent */
};

/*
 * What an operator types in one box: a note, a remark at a call, a closing or a handing over, what came of a referral, the words of a
 * request made by hand, a text that is not sent yet, and the draft of any of these. Signs are counted as a browser counts `maxlength`, in
 * UTF-16 units with a line end as one (LF: the console takes the CR away), so that whatever a box lets one type is kept. A sign takes
 * three bytes of UTF-8 at most, and nine in a form (TYPED_FORM_BYTES).
 */
#define TYPED_SIGNS_MAX 4000
#define TYPED_FORM_BYTES (9 * TYPED_SIGNS_MAX)
bool typed_fits(struct span text);

#define REPLY_SEGMENTS_MAX 6 /* of a text to the person, as it would be sent */

/* What somebody wrote and did not save: kept for the page to show again. One for each place; each referral is one. */
#define DRAFT_OF_REFERRAL "referral-" /* and its id: what came of it */
struct draft {
    int64_t operator, request, at;
    struct span place; /* "note", "reply", ... */
    struct span text;  /* empty: there is none any more */
};

/* Something about a person that whoever opens them must see until it is over: "armed relative at home". */
struct person_flag {
    int64_t id, person, operator, at, until, dropped_at;
    struct span text;
};
#define FLAG_LETTERS 200
bool person_flag_is_text(struct span text); /* not only blanks, and no longer than that */

/* Filters of the queue by a name of their own. */
struct saved_filter {
    int64_t id, operator;
    struct span name, query; /* "state=open&topic=work" */
};
#define FILTER_NAME_LETTERS 40
bool saved_filter_is_name(struct span name); /* not only blanks, and no longer than that */

/* Words that an operator took out of what is kept of a conversation, for good: that there were some, how many, who did it and when. */
struct redaction {
    int64_t session;
    uint32_t turn;
    int64_t at, operator;
    unsigned characters;
};

/* ---- who did what ---- */

enum audit_action {
    AUDIT_NONE,
    AUDIT_SIGN_IN,
    AUDIT_SIGN_IN_FAILED,
    AUDIT_SIGN_OUT,
    AUDIT_LOCKED,
    AUDIT_UNLOCKED,
    AUDIT_REVOKED,
    AUDIT_REFUSED,  /* asked for what they have no right to, or no page of theirs asked */
    AUDIT_VIEWED,   /* a request, a session, a person */
    AUDIT_SEARCHED, /* for a number */
    AUDIT_REVEALED,
    AUDIT_OVERRODE, /* the rule when it is safe to call */
    AUDIT_CHANGED,  /* with `detail`: what */
    AUDIT_FORGOT,
    AUDIT_USER,     /* somebody's account */
    AUDIT_SETTINGS, /* their own */
    AUDIT_PROGRAM,  /* the program by itself: given back to the queue, one text after three calls */
    AUDIT_COUNT
};
const char *audit_action_name(enum audit_action action); /* "viewed"; NULL past the end */

enum audit_object {
    OBJECT_NONE,
    OBJECT_REQUEST,
    OBJECT_SESSION,
    OBJECT_PERSON,
    OBJECT_OPERATOR,
    OBJECT_SIGN_IN,
    OBJECT_OUTBOX,
    OBJECT_PHONE,
    OBJECT_COUNT
};
const char *audit_object_name(enum audit_object object); /* "request"; NULL past the end */

/* The detail of a line about an operator who was given a request: the next line says by which deed, and which request. */
#define AUDIT_RECEIVED "received"

/* The detail of a line about a request that became more or less urgent says from what to what: "urgency_danger_normal". Of one that
 * stayed as it was, and in lines of long ago, it is "urgency". */
const char *audit_urgency(enum request_urgency was, enum request_urgency is);
/* The same back. False: it does not say so; nothing is set. */
bool audit_is_urgency(struct span detail, enum request_urgency *was, enum request_urgency *is);

struct audit_row {
    int64_t id, at;
    int64_t operator; /* 0: nobody, or the program */
    enum audit_action action;
    enum audit_object object;
    int64_t object_id;
    struct span detail; /* a fixed word of ours ("claimed", "not_safe_now"), never what somebody wrote; or absent */
    struct span peer;   /* address of the browser, or absent */
    unsigned char mac[AUDIT_MAC_BYTES]; /* over the one before and this row; filled by the store */
};
