/*
 * rights: who may do what at the desk. Pure, and the one table of it (gateway/model/rights.c). Deny by default: a right that a
 * role does not name it does not have. An operator has one or more roles and may what any of them may.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/span.h"

/* counsellor: requests of their topics, numbers masked and shown on a click that is kept; supervisor: all of it, and who does what;
 * complaints: what is for the complaints desk alone; editor, analyst, channels: pages that show nobody; admin: people who work here,
 * no transcripts; auditor: who did what. */
enum role {
    ROLE_COUNSELLOR,
    ROLE_SUPERVISOR,
    ROLE_COMPLAINTS,
    ROLE_EDITOR,
    ROLE_ANALYST,
    ROLE_CHANNELS,
    ROLE_ADMIN,
    ROLE_AUDITOR,
    ROLE_COUNT
};

enum right {
    RIGHT_NONE,      /* everybody's, also without signing in: the sign-in page, what machines ask for */
    RIGHT_SIGNED_IN, /* everybody who has signed in: their own settings */
    RIGHT_QUEUE,     /* see requests that are theirs to see, and work on them */
    RIGHT_REVEAL,    /* a number, for a reason */
    RIGHT_ASSIGN,    /* give a request to somebody else than oneself, or take it from them */
    RIGHT_OVERRIDE,  /* call although it is not safe to, for a reason */
    RIGHT_CLINICAL,  /* notes that are for counsellors only */
    RIGHT_SESSIONS,  /* browse sessions and read transcripts, whoever they are */
    RIGHT_PERSON,    /* what is kept of somebody whose request is theirs to see (operator_sees_person) */
    RIGHT_FORGET,    /* forget somebody on request, say that a number changed hands */
    RIGHT_REDACT,    /* take somebody's own words out of a conversation that is theirs to see, for good */
    RIGHT_OUTBOX,    /* texts and their fate, not their words */
    RIGHT_USERS,     /* who works here */
    RIGHT_AUDIT,     /* who did what */
    RIGHT_COUNT
};

/* Roles as a set: bit n is enum role n. */
typedef unsigned role_set;
#define ROLE_BIT(role) (1u << (role))

const char *role_name(enum role role); /* "counsellor"; NULL past the end */
bool role_named(struct span name, enum role *out);
bool roles_may(role_set roles, enum right right);
/* Roles that see people, or make accounts that do: they need a second factor. */
bool roles_see_people(role_set roles);

struct operator;
/* Whether a request for this desk (absent: counsellors') and of this topic (absent: none, everybody's) is this operator's to see.
 * `desk` is the service's word, the name of the role that it is for: "complaints" is the complaints officer's; of a desk that is no
 * role's only supervisors know, who see all. A counsellor without topics sees every topic. Nobody who is disabled sees any. */
bool operator_sees(const struct operator *operator, struct span desk, struct span topic);
/* Whether they are told that there is a request for this desk, if its topic is not theirs: so that nobody thinks that there is nothing.
 * Of another desk's they are not told: that somebody complained, perhaps of who reads this, is not theirs to know. */
bool operator_is_told(const struct operator *operator, struct span desk);

/* What decides who sees a request. */
struct matter {
    struct span desk, topic;
    bool is_by_hand; /* made at the desk for somebody who was known before: whoever types a number can make one */
};
/* Whether they are told of each of these. */
bool operator_is_told_of_all(const struct operator *operator, const struct matter *matters, size_t count);
/* Whether what is kept of a person is this operator's to see: who has the right to it sees the people whose requests are theirs to
 * see, one of them at least (`matters`: of all that the person has) that they asked for themselves, or that was the first that is known
 * of them. Only who browses sessions sees people who asked for nothing: they
 * meet everybody there. */
bool operator_sees_person(const struct operator *operator, const struct matter *matters, size_t count);
