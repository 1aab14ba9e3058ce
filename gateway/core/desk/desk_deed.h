/*
 * desk_deed: one action being carried out; private to the core's desk, which is told by matter: desk.c (handing over), desk_batch.c
 * (some of them in one transaction), desk_deed.c (who may, and what is left behind in the audit), desk_verbs.c (the table), and the
 * verbs: desk_door.c (signing in), desk_own.c (their own account), desk_users.c (who works here), desk_look.c (viewing, finding,
 * revealing), desk_request.c (who has it, until when), desk_call.c (calls and referrals), desk_end.c (closing, merging),
 * desk_words.c (notes, replies), desk_new.c (by hand), desk_person.c (persons and phones), desk_redact.c (words that
 * go), desk_tend.c (by itself).
 */
#pragma once
#include "core/change_list.h"
#include "core/desk_run.h"

struct deed {
    const struct desk_pass *pass;
    const struct desk_action *action;
    struct operator who; /* as the store has them now; id 0: nobody has signed in, or it was asked on this machine */
    struct sign_in *sign_in; /* of the action, or NULL */
    struct change_list changes;
    struct desk_result *result;
    struct {                      /* its line of the audit */
        enum audit_action action; /* AUDIT_NONE: it leaves none */
        enum audit_object object;
        int64_t id;
        const char *detail;
    } audit;
    bool is_hidden;   /* it is there, and not theirs to see */
    bool leaves_line; /* although nothing was found */
    bool is_slip;     /* what is refused is no attempt at anything: it leaves no line */
};

/* From which sign-in on: a half one is waiting for its second factor, a locked one for its password. */
enum deed_from { FROM_WHOLE, FROM_LOCKED, FROM_HALF, FROM_NOBODY };

struct verb_row {
    enum right right;
    enum deed_from from;
    enum outcome (*run)(struct deed *deed); /* adds its changes, or says why not with deed_refuse */
    enum audit_action audit;
    enum audit_object object; /* that action.object is; OBJECT_NONE: action.about says so, or there is none */
    const char *detail;       /* a fixed word of the audit */
    /* The same key again: the text of the first answer, made anew. NULL: it has none. */
    enum outcome (*again)(struct deed *deed, int64_t id);
    bool is_done_anew; /* the same key is no answer: each time is allowed or not by itself, and leaves its line */
};
const struct verb_row *desk_verb_row(enum desk_verb verb);

/* Who may, what they did before, what follows. OK, or the reason in deed->result; deed->changes holds what is to be saved either way,
 * a refusal's line too. BROKEN: the store cannot be read. */
enum outcome deed_do(struct deed *deed);
struct deed deed_begin(const struct desk_pass *pass, const struct desk_action *action, struct desk_result *result);

/* Says why not, to the operator (`why`: a key of the console's words) and in our own words. Returns `outcome`. */
enum outcome deed_refuse(struct deed *deed, enum outcome outcome, const char *why, const char *text);
/* What the store said about one thing that is asked for: as it is, but for a missing one, which is not there for who asked. */
enum outcome deed_found(struct deed *deed, enum outcome outcome);
/* They have no right to it: the audit says so. */
enum outcome deed_deny(struct deed *deed, const char *detail);
bool deed_may(const struct deed *deed, enum right right);
struct change *deed_change(struct deed *deed, enum change_kind kind);
int64_t deed_new_id(const struct deed *deed);
/* A line of their own action's before its usual one: it concerns somebody else, too. */
void deed_beside(struct deed *deed, enum audit_object object, int64_t id, const char *detail);
/* What the program does by itself beside it, or instead of somebody: a line of its own. */
void deed_by_program(struct deed *deed, enum audit_object object, int64_t id, const char *detail);
#define DEED_NEW(deed, type) ARENA_NEW((deed)->pass->arena, type)

/* Saves an operator's row, with the version that was read. */
void deed_save_operator(struct deed *deed, const struct operator *row);
void deed_save_sign_in(struct deed *deed, const struct sign_in *row);
void deed_end_sign_ins(struct deed *deed, int64_t operator, int64_t but);

/* Text that somebody typed: there, not only blanks, and no longer than `most` bytes. */
bool deed_has_words(struct span text, size_t most);
/* Refuses what is longer than a box lets one type (TYPED_SIGNS_MAX); else OK. */
enum outcome deed_check_length(struct deed *deed, struct span text);
