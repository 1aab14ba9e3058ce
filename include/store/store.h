/*
 * store: everything that is kept, said in terms of what the gateway means. SQLite stands behind it (gateway/store/sqlite/).
 *
 * One struct store is the only connection that writes and checkpoints. It is used by one thread: the loop's, or a verb's that
 * holds the writer lock while no gateway runs. A tick is one store_load and one store_save: the save is one transaction with
 * one COMMIT, and nothing is answered before it returned. The store seals and unseals: callers see plain text, the file does
 * not. Ids are made by the caller (base/random.h).
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/sealed.h"
#include "model/desk.h"
#include "model/follow_up.h"
#include "model/inbound.h"
#include "model/outbox.h"
#include "model/part.h"
#include "model/person.h"
#include "model/retention.h"
#include "model/session.h"
#include "model/triage.h"
#include "model/turn.h"

struct store;

/* Whether notes can be searched for their words. An index stores them in clear: off means that there is none, on the file and in
 * what it freed. Verbs that only pass by leave it as it is. */
enum note_search { NOTE_SEARCH_AS_IT_IS, NOTE_SEARCH_OFF, NOTE_SEARCH_ON };

struct store_options {
    const char *path; /* the data file; its lock is "<path>.lock" */
    const struct keyring *keyring;
    bool create;        /* make the file when there is none */
    size_t cache_bytes; /* SQLite's page cache; 0: 16 MiB */
    /* The list of who was forgotten, beside the keys; replayed at every opening. NULL: none is kept. */
    const char *forgotten;
    enum note_search search_notes;
};

/*
 * Takes the writer lock, opens or creates, checks (quick_check, application id, key check value), migrates after a backup, sets
 * and reads back every pragma, prepares every statement. CONFLICT: another process holds the writer lock. REFUSED: not our file,
 * a newer schema, or the wrong keys. NOT_FOUND: no file and !create. BROKEN: unreadable, unwritable, corrupt.
 */
enum outcome store_open(const struct store_options *options, struct store **out, struct error *err) MUST_CHECK;
void store_close(struct store *store); /* NULL is fine */

int64_t store_last_id(struct store *store); /* largest id on file; start the id source with it */

/* ---- load ---- */

struct store_wanted {
    struct lookup session_key; /* all zero: none */
    struct lookup phone;       /* all zero: the phone of the session that is found */
    struct lookup message;     /* keyed hash of (channel, sender, aggregator's message id); all zero: none given */
    uint64_t repeat;           /* keyed hash of the raw input: finds the turn that answered it; 0: none */
    bool wants_requests;       /* fill `person.requests` */
};

struct store_found {
    struct session *session; /* with this key, newest, begun in the last seven days of what is stored; NULL */
    struct phone_row *phone; /* NULL: never seen */
    struct session *last;    /* the phone's last session when it is another one than `session`; NULL */
    struct answer *answers;  /* of the open entry of `session`, else of `last` */
    size_t answer_count;
    struct person person; /* the phone's, row.id 0: nobody's yet; requests only when wanted */
    bool message_seen;    /* with `seen_session` and `seen_turn`: what answered it; session 0: an
                          acknowledgement */
    int64_t seen_session;
    uint32_t seen_turn;
    int64_t seen_at;
    struct turn *repeated; /* the turn of `session` with this `repeat`, latest; NULL */
};

/* Everything found lives in the arena. OK also when nothing was found. REFUSED: a row that is needed does not open (damage,
 * another key): load one message at a time, so that it harms nobody else. BROKEN: the file cannot be read. */
enum outcome store_load(struct store *store, const struct store_wanted *wanted, size_t count, struct arena *arena,
                        struct store_found *found, struct error *err) MUST_CHECK;

/* One stored turn, for rebuilding a reply. NOT_FOUND when there is none. */
enum outcome store_load_turn(struct store *store, int64_t session, uint32_t number, struct arena *arena,
                             struct turn *out, struct error *err) MUST_CHECK;
/* A session by id; NOT_FOUND. */
enum outcome store_load_session(struct store *store, int64_t id, struct arena *arena, struct session *out,
                                struct error *err) MUST_CHECK;
enum outcome store_load_answers(struct store *store, int64_t entry, struct arena *arena, struct answer **answers,
                                size_t *count, struct error *err) MUST_CHECK;
/* The answers of a person's latest registration; none when they have none, or took it back. */
enum outcome store_load_kept(struct store *store, int64_t person, struct arena *arena, struct answer **answers,
                             size_t *count, struct error *err) MUST_CHECK;
/* Somebody else than the phone's own person, with all that is theirs. NOT_FOUND: nobody, or forgotten. */
enum outcome store_load_person(struct store *store, int64_t id, struct arena *arena, struct person *out,
                               struct error *err) MUST_CHECK;
/* Everybody with a PIN who was last on this phone, since it counted as new: newest first, at most 20. */
enum outcome store_load_people(struct store *store, int64_t phone, struct arena *arena, struct person_row **rows,
                               size_t *count, struct error *err) MUST_CHECK;
/* Whose request or registration this is: an open request's before a registration's before what is over. NOT_FOUND. */
enum outcome store_find_case(struct store *store, const char *reference, int64_t *person, struct error *err) MUST_CHECK;
/* The number to call a phone back. NOT_FOUND: none is kept. REFUSED: it does not open. */
enum outcome store_load_number(struct store *store, int64_t phone, struct arena *arena, struct span *number,
                               struct error *err) MUST_CHECK;
/* OK: an open request or a registration has it. NOT_FOUND: it is free. */
enum outcome store_find_reference(struct store *store, const char *reference, struct error *err) MUST_CHECK;

/*
 * What waits for a channel and is due: its pushes, or its texts. One a phone, that phone's first on this channel, and none while
 * another one to it is on its way: so they keep their order. Whose turn it is goes by due_at; a phone whose text leaves goes to
 * the back, so that fifty texts to one do not stand before the one to another. One that was never tried and is kept for later stands
 * before none. A push whose session has ended says so.
 */
struct store_due {
    struct span channel;
    bool pushes;
    int64_t now;
    size_t limit;
};
enum outcome store_load_due(struct store *store, const struct store_due *wanted, struct arena *arena,
                            struct outbox_row **rows, size_t *count, struct error *err) MUST_CHECK;
/* When the next of them is due; 0: there is none. */
int64_t store_next_due(struct store *store, struct span channel, bool pushes);
/* Queued ones of whatever channel that were to leave before `now`; and when the next one will be among them, 0: none. */
enum outcome store_load_overdue(struct store *store, int64_t now, size_t limit, struct arena *arena,
                                struct outbox_row **rows, size_t *count, struct error *err) MUST_CHECK;
int64_t store_next_expiry(struct store *store);
/* A number that grows when a text was queued, moved to another channel, settled or is to be tried again: while it stands still,
 * the answers of the four above stay what they were, but for the time. */
uint64_t store_outbox_changes(const struct store *store);
enum outcome store_load_outbox(struct store *store, int64_t id, struct arena *arena, struct outbox_row *out,
                               struct error *err) MUST_CHECK; /* NOT_FOUND */
enum outcome store_find_outbox(struct store *store, struct span channel, struct span vendor_id, int64_t *id,
                               struct error *err) MUST_CHECK; /* NOT_FOUND */
/* A delivery report that came before anyone knew the aggregator's id of its text. */
struct early_report {
    int64_t at;
    enum delivery delivery;
    struct span reason;
};
enum outcome store_find_early(struct store *store, struct span channel, struct span vendor_id, struct arena *arena,
                              struct early_report *out, struct error *err) MUST_CHECK; /* NOT_FOUND */
/* Parts of a long text with this key, by number; NULL when there are none. REFUSED: one of them does not open. */
enum outcome store_load_parts(struct store *store, const struct lookup *key, struct arena *arena, struct part **first,
                              struct error *err) MUST_CHECK;
/* Keys of long texts that are waited for no longer, the oldest first, at most `room`. */
enum outcome store_load_due_parts(struct store *store, int64_t now, struct lookup *keys, size_t room, size_t *count,
                                  struct error *err) MUST_CHECK;
int64_t store_next_due_parts(struct store *store); /* when the next one is; 0: there is none */

/* Follow-ups that are to be asked by `now`, or were asked and are given up, the oldest first. */
enum outcome store_load_due_follow_ups(struct store *store, int64_t now, size_t limit, struct arena *arena,
                                       struct due_follow_up **rows, size_t *count, struct error *err) MUST_CHECK;
int64_t store_next_follow_up(struct store *store); /* when the next one is; 0: there is none */

/* ---- save ---- */

enum change_kind {
    CHANGE_PHONE,   /* insert or update, the whole row but `has_number`, and never back to a forgotten person; `number`,
                       when present, is sealed and kept */
    CHANGE_PERSON,  /* a new person with a new key on `phone` */
    CHANGE_SESSION, /* insert or update */
    CHANGE_TURN,
    CHANGE_ENTRY,        /* a form begins: `entry`; without a session an operator fills it */
    CHANGE_ENTRY_CLOSED, /* finished or given up */
    CHANGE_ANSWER,       /* insert or replace, in `entry` */
    CHANGE_REQUEST,      /* new; like the next, it leaves a line of history: `step`, who did it, when */
    CHANGE_REQUEST_STATE, /* `request.state`, `.urgency`, `.changed_at`, `.due_at`, `.step`, `.next_at`, `.entry` where id and
                             version match; else CONFLICT. One that its person took back loses its marks, but for a new word of theirs */
    CHANGE_REGISTRATION,
    CHANGE_ENTRY_MERGED, /* the answers of `merge.from` join those of `.into`, in place of what was answered there; both are
                            `.person`'s */
    CHANGE_CORRECTED, /* the same into the latest registration of `.person`; REFUSED when there is none */
    CHANGE_WITHDRAWN, /* `withdrawal.person` takes consent back: the answers of their registrations go, the rows stay */
    CHANGE_PIN,       /* keyed hash for a person, or none from now on; wrong tries are over */
    CHANGE_PIN_TRIES, /* how often theirs was typed wrong, and when last */
    CHANGE_PERSON_MOVED, /* a person uses `phone` from now on, and not the one before; open requests are answered there */
    CHANGE_FORGET, /* all that is kept of a person goes: rows, key, number, PIN, what was sent and what came in; of their
                      sessions remains that they were. With `kept`: but what those requests need, until store_retain or another of
                      this finishes it. The hash is put on the list. All zero `lookup`: of the phone that they were last on */
    CHANGE_MESSAGE_SEEN, /* an aggregator's message id was answered by (session, turn); session 0: with nothing but
                            an acknowledgement */
    CHANGE_OUTBOX,       /* new; an unasked one to who opted out is refused from the start: failed, REASON_REFUSED */
    CHANGE_OUTBOX_STATE, /* state, reason, vendor id, due, attempts, cost; a delivered row never goes back to sent. The request
                            that the text answers (its own, or the latest of its session from before it), also one that was
                            closed or merged since the text was made, but none that its person took back, is marked
                            (attention) when the text failed, expired or nobody can tell, and unmarked when it got there
                            after all; ATTENTION_NEW_WORD stays, and without a text that is in trouble so does
                            ATTENTION_OFFICE */
    CHANGE_OUTBOX_ROUTE,       /* `channel` and `from` of a text that waits are others now; `link` goes */
    CHANGE_REPORT,             /* a delivery report as it came, kept beside the row */
    CHANGE_EARLY_REPORT,       /* the same for no row that is known yet; the more telling one of several is kept */
    CHANGE_EARLY_CLAIMED,      /* its row has turned up */
    CHANGE_STRAY,              /* an inbound message that could be attributed but not understood, sealed */
    CHANGE_PERSON_STAYS,       /* who had asked to be forgotten has asked for something since */
    CHANGE_PART,               /* a part of a long text; REFUSED when one with its key and number is there */
    CHANGE_PARTS_TAKEN,        /* all parts with a key were made into one message, and go */
    CHANGE_FOLLOW_UP,          /* a new one, of the person's latest registration; nothing when there is none */
    CHANGE_FOLLOW_UP_STATE,    /* state, due, changed_at and session of one that waits or was asked; else CONFLICT */
    CHANGE_FOLLOW_UP_ANSWERED, /* the one that `person` was asked last, in `session`, if there is one */
    CHANGE_FOLLOW_UPS_STOPPED, /* those of `person` that wait or were asked */
    CHANGE_TRIAGE,             /* a listed word was written; the word is sealed */

    /* The operators' desk: store/desk.h. */
    CHANGE_OPERATOR, /* insert, or update where the version matches (else CONFLICT); CONFLICT too when the name is taken */
    CHANGE_SIGN_IN,      /* insert or update */
    CHANGE_SIGN_INS_END, /* all of `sign_ins.operator` but `.but` that have not ended */
    CHANGE_REQUEST_DESK, /* insert or update what the desk knows of `desk.request` */
    CHANGE_REQUEST_ATTENTION, /* `attention.of` of a request, without a new version. With ATTENTION_NONE the texts that it was
                                 marked for count as dealt with at `.at`, but for those that failed after `.until` (0: none did); a
                                 text that failed while ATTENTION_NEW_WORD stood before it, or after that, comes to the front */
    CHANGE_REQUEST_LINE, /* a line of history alone: `request.row`'s id, step and changed_at, and by whom. No new version */
    CHANGE_REQUEST_BY_HAND, /* as CHANGE_REQUEST; it has no session, its phone and person may be new */
    CHANGE_NOTE,
    CHANGE_ATTEMPT,
    CHANGE_REFERRAL,     /* insert, or update: settled, with its outcome, or due on another day */
    CHANGE_DRAFT,        /* insert, replace, or delete when empty */
    CHANGE_PERSON_FLAG,  /* insert, or update: dropped */
    CHANGE_SAVED_FILTER, /* insert or replace by name; without a query it is deleted */
    CHANGE_OUTBOX_DEALT, /* an operator has dealt with a text that did not arrive; attention of its request ends */
    CHANGE_REDACTED, /* what was typed at `redacted.row`'s turn goes for good, with the same typed elsewhere in that session, the listed
                        words that were heard in it, and in what is kept of its person since: screens and texts that repeat it, and
                        with `.is_answer` the same answer to one of `.fields` (none: that was given at that moment). In screens and
                        texts each character becomes a star, an answer is empty. CONFLICT: nothing is typed there any more */
    CHANGE_DONE,  /* the answer that a repeat of this action gets */
    CHANGE_AUDIT, /* a link of the chain: the store makes its mac; REFUSED when its id is not above the last one's */
};

struct change {
    enum change_kind kind;
    unsigned message; /* index of the inbound message that caused it, for the rerun */
    union {
        struct {
            const struct phone_row *row;
            struct span number;
        } phone;
        struct {
            int64_t id, phone, at;
        } person;
        struct {
            const struct session *row;
            bool is_new;
            bool seeks; /* its reference was typed, and is nobody's who is here: kept only while there is such a case */
        } session;
        struct {
            const struct turn *row;
            int64_t person;
        } turn; /* person 0: nothing sensitive may stand in it */
        struct {
            int64_t id, session, person, at;
            struct span form;
            bool finished;
        } entry;
        struct {
            int64_t entry, person, at;
            const struct answer *row;
        } answer;
        struct {
            const struct request *row;
            enum step_by by;
        } request;
        struct {
            int64_t from, into, person, at;
        } merge;
        struct {
            int64_t person, at;
        } withdrawal;
        struct {
            const struct registration *row;
        } registration;
        struct {
            int64_t person;
            bool is_cleared; /* no PIN any more; `hash` says nothing */
            unsigned char hash[PIN_HASH_BYTES];
        } pin;
        struct {
            int64_t person, at;
            unsigned count; /* 0: one was right */
        } tries;
        struct {
            int64_t person, phone, at;
            int64_t session; /* in which it was asked for: it goes on, and only counts once it is over */
            struct lookup lookup;
            const int64_t *kept; /* open requests that stay until they are closed; with none of them nothing stays */
            size_t kept_count;
        } forget;
        struct {
            struct lookup key;
            int64_t session, at;
            uint32_t turn;
        } seen;
        struct {
            const struct outbox_row *row;
            bool is_taken; /* with this state an aggregator has taken the text over, and charges for it */
        } outbox;
        struct {
            int64_t outbox, at;
            enum delivery delivery;
            struct span reason;
        } report;
        struct {
            struct span channel, vendor_id, reason;
            int64_t at;
            enum delivery delivery;
        } early;
        struct {
            int64_t id, at;
            struct span channel, why, raw;
            struct lookup sender; /* all zero: not known */
        } stray;
        struct {
            const struct part *row;
        } part;
        struct {
            const struct follow_up *row;
        } follow_up;
        struct {
            struct lookup key;
        } parts_taken;
        struct {
            const struct triage_row *row;
        } triage;
        struct {
            const struct operator *row;
        } operator;
        struct {
            const struct sign_in *row;
        } sign_in;
        struct {
            int64_t operator, but, at;
        } sign_ins;
        struct {
            int64_t request;
            const struct request_desk *row;
        } desk;
        struct {
            int64_t request;
            enum request_attention of;
            int64_t at, until; /* with ATTENTION_NONE */
        } attention;
        struct {
            const struct note *row;
        } note;
        struct {
            const struct attempt *row;
        } attempt;
        struct {
            const struct referral *row;
        } referral;
        struct {
            const struct draft *row;
        } draft;
        struct {
            const struct person_flag *row;
        } flag;
        struct {
            const struct saved_filter *row;
        } filter;
        struct {
            int64_t outbox, at;
        } dealt;
        struct {
            const struct redaction *row;
            bool is_answer;
            const struct span *fields;
            size_t field_count;
        } redacted;
        struct {
            struct lookup key;
            int64_t at, id;
            enum outcome outcome;
            uint32_t version;
        } done;
        struct {
            const struct audit_row *row;
        } audit;
    };
};

/*
 * One BEGIN IMMEDIATE, all changes in order, one COMMIT. OK: durable. REFUSED: the statement of *failed_at did not hold and
 * nothing was saved: rerun one message a transaction. CONFLICT: the same for a version that moved on. BROKEN: the disk or the
 * COMMIT failed, nothing may be believed: store_reopen.
 */
enum outcome store_save(struct store *store, const struct change *changes, size_t count, size_t *failed_at,
                        struct error *err) MUST_CHECK;
/* Drops every cache and statement and opens anew, keeping the writer lock. */
enum outcome store_reopen(struct store *store, struct error *err) MUST_CHECK;

/* At start: every `sending` becomes `unknown`, or `queued` (reason unknown) on the channels named (NULL-terminated) as
 * idempotent. Requests are marked as by CHANGE_OUTBOX_STATE. */
enum outcome store_settle_sending(struct store *store, const char *const *idempotent_channels, int64_t now,
                                  size_t *settled, struct error *err) MUST_CHECK;

/* ---- housekeeping, from the loop's idle gaps ---- */

struct store_sizes {
    int64_t data_bytes, wal_bytes, sessions_open;
    int64_t
        outbox_oldest_at; /* since when a text could have left that has not; ahead: all are kept for later; 0: none waits */
};
enum outcome store_measure(struct store *store, int64_t open_since, struct store_sizes *out,
                           struct error *err) MUST_CHECK;
/* One small step of what goes by its age, some hundred rows looked at, in a transaction of its own; also those who left, once
 * nothing of theirs is open any more. Class after class; `is_pass_over`: the next step begins anew. Safe to stop anywhere. */
struct retain_step {
    enum retained what;
    size_t gone;
    bool is_pass_over;
};
enum outcome store_retain(struct store *store, const struct retention *retention, int64_t now, struct retain_step *step,
                          struct error *err) MUST_CHECK;
/* Removes early reports that nobody claimed since `before`, at most some hundred; *pruned says how many. */
enum outcome store_prune_early(struct store *store, int64_t before, size_t *pruned, struct error *err) MUST_CHECK;
/* PASSIVE when the WAL has grown past 4 MiB, TRUNCATE when `idle`, and then
 * also after a forgetting, whatever its size: what was destroyed still lies in the WAL. OK when there was nothing to do. */
enum outcome store_checkpoint(struct store *store, bool idle, struct error *err) MUST_CHECK;

struct store_backup;
/* A copy by the online API, some pages a step, by the writing connection itself so that writes in between are in it. */
enum outcome store_backup_begin(struct store *store, const char *path, struct store_backup **out,
                                struct error *err) MUST_CHECK;
/* *left: pages still to copy, 1 while the copy is checked on a thread of its own; 0: checked, set to journal_mode=DELETE,
 * synced, renamed into place, and *backup is gone. Also gone after anything but OK. */
enum outcome store_backup_step(struct store_backup **backup, int pages, int *left, int *total,
                               struct error *err) MUST_CHECK;
void store_backup_cancel(struct store_backup **backup);
