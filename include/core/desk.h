/*
 * desk: the operators' way into the core. Whatever an operator does is one desk_action that a thread of the console hands in and
 * waits for; the loop carries it out after the webhooks of a tick (at most DESK_ACTIONS_A_TICK), in a transaction of the actions'
 * own, and the thread goes on once that was committed. So a page about a person leaves only after its line of the audit is kept.
 *
 * Who may do it is decided here, against the operator's row as it is now and model/rights.h; the pages only ask before, to show no
 * button in vain. Each action leaves a line in the audit, also when it is refused. An action that carries a key is carried out once:
 * the same key again gets the first answer. Not so coming and going, looking and being refused, which leave a line each time; a number,
 * which is shown anew or not at all; and what somebody says of themselves, which is so afterwards. One that says which version of a
 * request it saw, and saw an old one: CONFLICT.
 */
#pragma once
#include "base/duration.h"
#include "base/error.h"
#include "base/span.h"
#include "model/desk.h"

#define DESK_ACTIONS_A_TICK 64
#define DESK_QUEUE_MAX 256
#define DESK_WAIT_MS 10000              /* then the thread is told BROKEN: not known whether it was carried out */
#define DESK_DANGER_RESTS_MS HOUR_MS    /* danger, after three calls in vain; longer only until they allow a call */
#define DESK_DANGER_WAITS_MAX_MS DAY_MS /* danger that somebody makes wait */

enum desk_verb {
    /* --- signing in; `operator` 0 where nobody has yet --- */
    DESK_SIGN_IN, /* object: operator whose password was right; token, agent, peer. flag: it needs no second factor. -> id: the sign-in */
    DESK_SIGN_IN_FAILED, /* object: the operator, 0: no such name; code: enum desk_factor */
    DESK_SECOND_FACTOR, /* sign_in: half; until: the TOTP step, refused when used before; or name: the recovery code's hash; token: new */
    DESK_SIGN_OUT, /* sign_in */
    DESK_REVOKE,   /* object: a sign-in, their own or with RIGHT_USERS */
    DESK_SEEN,     /* sign_in was used: at most once a minute; leaves no audit */
    DESK_LOCK,     /* sign_in: idle for too long, or asked for */
    DESK_UNLOCK,   /* sign_in: the password was right; token: new */
    DESK_PASSWORD, /* text: the new Argon2id hash, their own; other sign-ins end */
    DESK_TOTP,     /* text: secret, name: hashes of recovery codes; a half sign-in becomes whole */
    DESK_SETTINGS, /* name: language, code: theme, flag: shortcuts */
    DESK_FILTER,   /* name, text: query; without: deleted */
    DESK_REFUSED, /* a page or button that they had no right to; or, with flag, that no page of theirs asked for. text: its path without
                     query. Leaves an audit line alone */

    /* --- people who work here: RIGHT_USERS, or from listen.control --- */
    DESK_USER_ADD,    /* user; text: Argon2id hash of a first password. -> id */
    DESK_USER_CHANGE, /* object, version, user */
    DESK_USER_DISABLE, /* object; flag: enabled again, and whatever wait there was is over. Never the last administrator */
    DESK_USER_RESET, /* object; text: hash of a new first password; second factor and sign-ins go, and whatever wait there was */

    /* --- looking: each leaves a line before the page leaves --- */
    DESK_VIEW, /* about: what; object: its id */
    DESK_FIND_PHONE, /* text: a number as typed. -> id: phone, object: person; or text: the reference of a request by hand, where that is
                        all that is theirs to see; NOT_FOUND, also where nothing is */
    DESK_REVEAL, /* object: request, which must be open; code: enum desk_reason. -> text: the number; REFUSED "not now" unless
                    flag: override; so too where they asked not to be called any more */

    /* --- a request: object, version, seen --- */
    DESK_CLAIM,  /* by who acts. flag: take it from somebody (RIGHT_ASSIGN) */
    DESK_ASSIGN, /* to: operator. RIGHT_ASSIGN, or they have it themselves: hand over; text: a note, or absent */
    DESK_RELEASE,
    DESK_WAIT,    /* until: within a year, of danger within DESK_DANGER_WAITS_MAX_MS */
    DESK_URGENCY, /* code: enum request_urgency. Raised, or danger: it waits no longer */
    DESK_ATTEMPT, /* code: enum attempt_result; text: a note, or absent; flag: override of the safe time; reason in `to`. In vain:
                     REFUSED outside that time. That they spoke, or asked to stop, is taken at any time: they may have called. Who spoke
                     with them has dealt with what they wrote: CONFLICT "new word" where some of it was not `seen` */
    DESK_REFER, /* name: office id; flag: consent; until: when its outcome is asked for */
    DESK_SETTLE_REFERRAL, /* to: referral; text: outcome; or until: it is not known yet, and asked for then; CONFLICT where it is closed */
    DESK_CLOSE, /* code: enum close_outcome, never CLOSED_NOT; text: a note, or absent. CONFLICT "new word", as above */
    DESK_REOPEN,
    DESK_NOTE, /* text; flag: clinical, as is what replaces such a note; to: note that it replaces, or 0 */
    DESK_REPLY, /* text: to be sent, when it is safe (contact_next_text), and to who allows it even then; CONFLICT where it is closed,
                   REFUSED where the person does not allow texts. -> id: outbox row */
    DESK_MERGE, /* to: the request that stays; of the same person, or their phone is the same. CONFLICT "new word", as above */
    DESK_DEALT, /* object: an outbox row that did not arrive, to: the request beside which it stands, 0: RIGHT_OUTBOX; or, with about
                   OBJECT_REQUEST, the attention of a request. CONFLICT "new word", as above */
    DESK_NEW, /* request by hand: `made`. -> id, text: its reference; object: its id, too, or 0 where it is not theirs to see from now on */
    DESK_DRAFT, /* object: request; name: place (one of a referral: of that request, else NOT_FOUND); text; leaves no audit */

    /* --- a person: object, who must be theirs to see (operator_sees_person) --- */
    DESK_FORGET,         /* RIGHT_FORGET */
    DESK_NUMBER_CHANGED, /* object: phone; to: who was reached there. RIGHT_FORGET: the number is somebody else's now */
    DESK_FLAG,           /* text; until */
    DESK_FLAG_DROP,      /* object: flag; to: whose it is, 0: not said */

    /* --- a conversation --- */
    DESK_REDACT, /* object: session; code: its turn; to: the request through which it is seen, 0: RIGHT_SESSIONS. What was typed there
                    goes for good. -> id: session */
    DESK_VERB_COUNT
};

/* Why a number is shown, or the rule is not kept: chosen, never typed, so that it may stand in the audit for ever. */
enum desk_reason {
    DESK_REASON_NONE,
    DESK_REASON_CALL,
    DESK_REASON_DANGER,
    DESK_REASON_ASKED,
    DESK_REASON_SUPERVISOR,
    DESK_REASON_COUNT
};
const char *desk_reason_name(enum desk_reason reason); /* "calls_now", "danger", "they_asked", "supervisor_agreed" */

/* What answers allow (menu/desk.h), those too that an operator wrote down for somebody who called: a request by hand has an entry with
 * this answer, and those to what the service asks for (desk_questions). */
#define DESK_TEXTS_FIELD "may_be_texted"
#define DESK_TEXTS_YES "yes"
struct contact_rule;
struct service;
void desk_rule_of(const struct service *service, const struct answer *answers, size_t count, struct contact_rule *rule);

struct desk_new_request {
    struct span number;  /* as typed; or absent: a walk-in without one */
    struct span service; /* whose words apply; absent: the only one */
    struct span kind, topic, lang, desk;
    enum request_urgency urgency;
    enum contact_by came_by;
    struct span note;
    bool may_be_texted; /* false: they did not say so; another answer may allow it */
    const struct answer
        *answers; /* what they said of when and how to reach them; those that desk_may_answer allows, each field once */
    size_t answer_count;
};

/* What was wrong, or that they are not let in anyway: locked, disabled. That is not counted. */
enum desk_factor { DESK_FACTOR_PASSWORD, DESK_FACTOR_CODE, DESK_FACTOR_CLOSED };

/* What a page about a request showed besides its version, which the person's words and the fate of texts do not move: who writes a
 * note meanwhile loses nothing by them. What was not shown is not dealt with. */
struct desk_seen {
    int64_t line;      /* the last of its history; 0: not said, so all was seen */
    int64_t failed_at; /* the last text that had failed by then; 0: none */
};

struct desk_action {
    enum desk_verb verb;
    int64_t operator, sign_in;
    struct span peer;  /* the browser's address, or absent; "control" from listen.control */
    struct lookup key; /* from the form, whatever the form was for; all zero: none */
    enum audit_object about;
    int64_t object, to, until;
    uint32_t version;
    struct desk_seen seen;
    unsigned code;
    bool flag;
    bool
        is_known; /* signing in: the browser is one of theirs. Wrong tries elsewhere do not close it, nor do those in it count there */
    struct span text, name, agent;
    struct lookup token;
    const struct operator *user;
    const struct desk_new_request *made;
};

struct desk_result {
    enum outcome outcome;
    struct error error; /* one line, fixed words of ours: the page says it in the operator's language by `why` */
    const char *why;    /* a key of the console's words, "why_not_safe_now"; NULL where outcome is OK */
    int64_t id, object;
    uint32_t version; /* the request's, after it */
    struct span text; /* in the arena of who asked */
};

struct desk;

/* Any thread but the loop's. Returns once it was committed, refused, or DESK_WAIT_MS went by. FULL: too many wait. What `action` points
 * to must live until then; `result->text` is copied into `arena`. The same as result->outcome. */
enum outcome desk_do(struct desk *desk, const struct desk_action *action, struct arena *arena,
                     struct desk_result *result) MUST_CHECK;

/* Somebody who keeps accounts, here or through listen.control, has let this operator in again: enabled, or with a new password. Who
 * keeps waits after wrong tries forgets them. Called by the loop's thread, when that is committed and before who asked hears of it. */
typedef void desk_let_in(void *context, int64_t operator);
/* NULL: from now on nobody is told, nor being told any more. Any thread. */
void desk_tell_let_in(struct desk *desk, desk_let_in *tell, void *context);

/* The gateway is on its way out: whoever acts now is told BROKEN, and nothing is wrong. Any thread. */
bool desk_is_stopping(struct desk *desk);
/* How many actions wait to be carried out. Any thread. */
size_t desk_waiting(struct desk *desk);

/* What listeners to the live stream wait for: grows whenever something that the desk shows was committed, by operators or callers. */
uint64_t desk_changes(const struct desk *desk);
