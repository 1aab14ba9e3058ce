/*
 * person: who is at the other end, as far as we were told. Plain data.
 *
 * A phone is a keyed hash and, once somebody asked to be called, a sealed number. A person exists from the first answer worth
 * keeping; a caller who only reads leaves a phone and a session and nothing else.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/duration.h"
#include "base/sealed.h"
#include "base/span.h"
#include "text/phone.h"
#include "text/reference.h"

struct phone_row {
    int64_t id; /* 0: not stored yet */
    struct lookup lookup;
    int64_t person;       /* who answers on it now; 0: nobody yet */
    int64_t last_session; /* 0: none */
    struct span lang;     /* last chosen language, or absent */
    bool opted_out;       /* no text but an answer to a text */
    bool has_number;      /* a sealed number is on file */
    unsigned tries;       /* wrong references and PINs typed on it, the last at `tries_at` */
    int64_t tries_at;
    int64_t first_at, last_at;
    /* Since when it counts as new: who was on it before is reached by reference and PIN only; 0: never. */
    int64_t renewed_at;
};

#define PIN_DIGITS 4
#define PIN_TRIES_MAX 5 /* wrong ones, within PIN_TRIES_MS of each other: then none is looked at for as long */
#define PIN_TRIES_MS HOUR_MS

/* Someone worth remembering, as far as it decides who may act for them. */
struct person_row {
    int64_t id;
    int64_t phone; /* where they were last */
    bool has_pin;
    unsigned char pin[PIN_HASH_BYTES]; /* keyed hash; the PIN itself is never kept */
    unsigned tries;                    /* wrong ones in a row, the last at `tries_at` */
    int64_t tries_at;
    int64_t leaving_at; /* they asked to be forgotten, and something stays until it is closed; 0: no */
};

enum request_state { REQUEST_WAITING, REQUEST_ASSIGNED, REQUEST_CALLED, REQUEST_CLOSED, REQUEST_CANCELLED };
enum request_urgency { URGENCY_NORMAL, URGENCY_SOON, URGENCY_DANGER };

/* What happened to a request last, for its person to be told. */
enum request_step {
    STEP_MADE,
    STEP_CHANGED,  /* its person changed when or how to call */
    STEP_URGED,    /* its person said that it is urgent */
    STEP_ASSIGNED, /* somebody has it */
    STEP_TRIED,    /* we called and reached nobody */
    STEP_CALLED,   /* we spoke */
    STEP_REFERRED, /* passed on to an office that helps */
    STEP_CLOSED,
    STEP_CANCELLED,
    STEP_REOPENED,
    /* Lines of its history, never the last step of a request: */
    STEP_WROTE, /* its person wrote something, so it waits no longer, or they may be called again */
    STEP_SAID   /* its person wrote something, which changed nothing of that */
};
enum step_by { BY_PERSON, BY_PROGRAM, BY_OPERATOR };

/* Why an operator has to look at a request besides its state. */
enum request_attention {
    ATTENTION_NONE,
    ATTENTION_TEXT_FAILED,  /* the answer that was texted did not arrive */
    ATTENTION_TEXT_UNKNOWN, /* nobody can tell whether it did */
    ATTENTION_NEW_WORD,     /* its person wrote something since */
    ATTENTION_OFFICE,       /* an office to which they were referred is to be asked what came of it */
};

struct request {
    int64_t id, person, phone, session, entry;
    char reference[REFERENCE_DIGITS + 1];
    struct span kind;  /* the service's word: "call", "pay" */
    struct span topic; /* an option's id, or absent */
    enum request_state state;
    enum request_urgency urgency;
    int64_t created_at, due_at, changed_at;
    uint32_t version;
    enum request_attention attention;
    struct span lang;
    struct span desk;       /* whom it is for: the service's word ("complaints"), or absent: anyone */
    bool hidden;            /* its person never asked for it and is not shown it */
    enum request_step step; /* the last one */
    int64_t next_at;        /* what was promised for it next; 0: nothing but due_at */
};

struct registration {
    int64_t id, person, session, entry;
    char reference[REFERENCE_DIGITS + 1];
    int64_t created_at, corrected_at, withdrawn_at; /* 0: never */
    struct span consent_version, lang;
};

/* A person and what is theirs. */
struct person {
    struct person_row row;    /* id 0: nobody yet; made with the first thing worth keeping */
    struct request *requests; /* newest first, at most 20; no hidden ones */
    size_t request_count;
    bool is_registered;
    char registration[REFERENCE_DIGITS + 1]; /* the latest one's reference */
    int64_t registered_at;
    bool follow_up_due; /* one was asked and waits for its answer */
    bool has_kept;      /* the answers of that registration were looked up, or given just now: these */
    struct answer *kept;
    size_t kept_count;
};

enum follow_up_state { FOLLOW_UP_WAITING, FOLLOW_UP_ASKED, FOLLOW_UP_ANSWERED, FOLLOW_UP_STOPPED, FOLLOW_UP_MISSED };

/* The few questions some months after a registration. */
struct follow_up {
    int64_t id, person, phone, registration, session;
    unsigned month; /* 1, 3, 6, 12 */
    int64_t due_at, changed_at;
    enum follow_up_state state;
};

/* One answer of a form. A sensitive one is sealed with the person's key on disk; here it is plain. */
struct answer {
    struct span field;
    struct span value; /* the option's id, several joined by ' ', or the text */
    bool sensitive;
};

/* What the engine may know of the person in front of it, or for whom they act. */
struct person_view {
    int64_t person; /* 0: unknown */
    bool opted_out;
    bool can_be_called; /* the sender is a number */
    bool can_be_texted; /* and there is a channel that sends texts */
    bool is_elsewhere;  /* they are acted for from another phone than the one that they were last on */
    bool registered;
    const char *registration; /* reference of the latest registration, or NULL */
    int64_t registered_at;
    bool has_pin;
    bool follow_up_due;             /* a follow-up was asked and waits for its answer */
    const struct request *requests; /* open ones and those changed in the last 30 days, newest first; no hidden ones */
    size_t request_count;
};
