/*
 * request_view: the page of one request, in the parts that its template is made of.
 */
#pragma once
#include <stdbool.h>
#include "console/pages/choice.h"
#include "console/pages/mistakes.h"
#include "console/pages/queue_view.h"
#include "console/pages/slot_view.h"
#include "console/pages/steps.h"
#include "model/desk.h"
#include "model/outbox.h"

/* What every form of the page carries. */
struct request_form {
    int64_t id;
    uint32_t version;
    int64_t seen_line, seen_failed_at; /* struct desk_seen */
    struct span key;
    const struct frame_view *frame;
    struct span text;       /* typed and not saved: of this try, or a draft */
    const char *error;      /* the name of the word for what is wrong with it; NULL: nothing */
    const char *text_error; /* the same, of a text that stands beside what `error` is about */
    int64_t draft_at;       /* when the draft was kept; 0: there is none */
};

/* Somebody else was first, or the person has written: what is there now beside what was typed. */
struct request_conflict_view {
    int64_t id;
    bool is_word;
    struct steps_view said; /* what came since the page was made, as far as it is theirs to read */
    const char *status;
    struct span assignee;
    bool is_mine;
    int64_t at;
    const char *step;
    struct span step_by;
    struct span latest_note, note_by;
    struct span typed;
    const char *wanted; /* the name of the word for what was wanted: "request_do_close" */
    struct span wanted_choice;
    const char *urgency, *place; /* where on the page the typed text stands */
};

struct request_answer_view {
    struct span question, answer;
    bool is_sensitive;
};

/* Another open request of theirs that allows less: when they may be called by that; never, where they may not. */
struct request_stricter_view {
    int64_t id;
    struct span reference;
    bool may_call;
    struct span *windows;
    size_t window_count;
};

/* When and how to reach them, and what is done to do so. */
struct request_contact_view {
    const struct frame_view *frame;
    struct slot_view slot;
    bool is_known, is_danger, is_over, may_call, needs_hours, may_text, has_opted_out;
    bool has_number, has_other_number; /* of the phone; that they gave to be called on instead */
    int64_t stopped_at;                /* they asked not to be called any more; 0: no */
    struct span *windows;
    size_t window_count;
    struct request_answer_view *rules; /* their own words */
    size_t rule_count;
    struct request_stricter_view *stricter;
    size_t stricter_count;
    struct span masked; /* of the one that is called: the other one, where they gave it */
    bool can_act, can_reveal, is_outside, can_override,
        must_ask; /* ask: somebody who may decide that it is needed now */
    struct request_form reveal, attempt;
    struct choices reasons, override_reasons, results, attempt_reasons; /* attempt: for a call at no safe time */
    bool is_override_ticked;
    bool is_never; /* no time is safe, as they answered */
    unsigned attempts, attempts_left;
    bool tells_rest,
        may_get_text; /* calls in vain may be made, and what follows on them; the one text is still to come, too */
    bool is_texted, text_waits; /* after three calls; and whether it has yet to leave */
};

struct request_note_view {
    int64_t id;
    struct span text, who;
    int64_t at;
    bool is_clinical, is_replaced, is_mine, is_version;
};
struct request_notes_view {
    struct request_form form;
    struct request_note_view *notes;
    size_t note_count;
    size_t hidden; /* clinical ones, for somebody without that right */
    bool can_write, can_see_clinical, is_clinical;
    bool stays_clinical; /* what is written anew is for counsellors only, and so is its new version */
    int64_t replaces;    /* the note that is written anew; 0: none */
    struct span replaced_text;
};

struct request_attempt_view {
    int64_t at;
    struct span who;
    const char *result;
};

struct request_canned_view {
    struct span id, text;
};
struct request_counter_view {
    enum encoding encoding;
    size_t units, room;
    unsigned segments;
    bool is_too_long; /* more than REPLY_SEGMENTS_MAX: it would be refused */
};
struct request_text_view {
    int64_t id, created_at, changed_at;
    int64_t leaves_at; /* it waits until it is safe; 0: it does not */
    struct span text;
    struct request_form form;
    struct span who;            /* wrote it; or absent */
    const char *by;             /* the name of a word for what wrote it, where `who` is absent; NULL: nobody knows */
    const char *state, *reason; /* names of words; reason NULL: none */
    unsigned segments;
    bool is_in_trouble;
};
struct request_reply_view {
    struct request_form form;
    bool can_reply;
    const char *why_not;     /* the name of a word */
    struct slot_view leaves; /* when what is sent now leaves; SLOT_NOW: at once */
    struct request_canned_view *canned;
    size_t canned_count;
    struct span lang, lang_words;
    struct request_counter_view counter;
    struct request_text_view *texts;
    size_t text_count;
};

struct request_office_choice_view {
    struct span id, name, detail;
    bool is_chosen, is_stale, is_sample;
};
struct request_referral_view {
    struct request_form form, later; /* what came of it; another day to ask on */
    int64_t referral;
    struct span office, matter, phone, hours, who, outcome; /* matter: for what, and where; or absent */
    int64_t at, due_at, settled_at;
    struct span again; /* "2026-12-06" */
    bool has_consent, is_overdue, can_wait;
};
/* At its fields. */
struct request_refer_wrong {
    struct mistake office, consent, due;
};

struct request_refer_view {
    struct request_form form;
    struct request_refer_wrong wrong;
    bool can_refer;
    struct request_office_choice_view *offices;
    size_t office_count;
    struct span due;                  /* "2026-12-06" */
    bool has_consent, has_no_consent; /* as chosen before; neither: nothing was */
    struct request_referral_view *referrals;
    size_t referral_count;
};

struct request_hands_view {
    bool can_claim, can_take, can_release, can_assign, can_change;
    struct request_form claim, release, assign, wait, urgency;
    struct choices operators, urgencies;
    struct span until, zone; /* "2026-11-23T09:00"; "UTC+05:00", where that is not the desk's */
};

struct request_merge_choice_view {
    int64_t id;
    struct span reference, about;
    const char *status;
    bool is_chosen;
    int64_t created_at;
};
struct request_close_view {
    bool can_close, can_reopen, can_merge, has_office_to_ask;
    struct request_form close, reopen, merge;
    struct choices outcomes;
    struct span reference; /* typed for the other one */
    struct request_merge_choice_view *others;
    size_t other_count;
};

struct request_event_view {
    int64_t at;
    const char *by; /* where `who` is absent */
    struct span who;
    /* One of these: the word for what was done, or who was given it by somebody else, or by who had it, or to which office they were
     * sent, or how urgent it was and became. */
    const char *step;
    struct span given_to, handed_to, referred_to, urgency_was, urgency_is;
};
struct request_opening_view {
    int64_t at;
    struct span who;
    const char *action, *detail; /* detail NULL: none */
};
struct request_flag_view {
    struct span text;
    int64_t until;
};
struct request_other_view {
    int64_t id, created_at;
    struct span reference, about;
    const char *status;
};

/* The whole page; struct request_view is the store's. */
struct request_page_view {
    struct frame_view *frame;
    struct queue_row_view row;
    struct mistakes mistakes;
    bool has_conflict;
    struct request_conflict_view conflict;
    struct span *viewers; /* who else has it open */
    size_t viewer_count;
    struct request_flag_view *flags;
    size_t flag_count;
    struct span desk, merged_reference;
    int64_t merged_into, session, person;
    const char *outcome, *came_by; /* names of words; NULL: it is open; its person made it */
    bool can_see_person, can_deal;
    struct request_form dealt;
    struct request_contact_view contact;
    struct request_attempt_view *attempts;
    size_t attempt_count;
    struct request_answer_view *answers;
    size_t answer_count;
    struct request_notes_view notes;
    struct request_reply_view reply;
    struct request_refer_view refer;
    struct request_hands_view hands;
    struct request_close_view close;
    struct request_event_view *events;
    size_t event_count;
    struct request_opening_view *openings;
    size_t opening_count;
    struct request_other_view *others;
    size_t other_count;
};

/* A number, shown once. */
struct request_number_view {
    struct frame_view *frame;
    int64_t id;
    struct span reference, number, digits; /* "+8801...", and without its plus */
    bool has_plus;
    bool has_new_word; /* perhaps that they must not be called now: the page before may be older than it */
    struct request_contact_view contact; /* the rule once more, and the form for how the call went */
};

/* One of the service's questions on how to reach somebody. */
struct request_asked_view {
    struct span field, words;
    struct choices choices;
    const char *id; /* of its element */
    struct mistake wrong;
};

/* A request made by hand; and what is wrong with it, at its fields. */
struct request_new_wrong {
    struct mistake way, number, kind, topic, language, urgency, note;
};

struct request_new_view {
    struct frame_view *frame;
    struct span key;
    struct mistakes mistakes;
    struct request_new_wrong wrong;
    struct span number, note;
    struct choices services, kinds, topics, languages, urgencies, ways;
    struct request_asked_view *asked;
    size_t asked_count;
    bool may_be_texted, has_services;
};

struct search_view {
    struct frame_view *frame;
    const char *word;            /* the name of what is said of it */
    struct span typed;           /* again, unless it may be a number */
    struct queue_row_view *rows; /* whose notes have these words */
    size_t row_count;
    bool is_capped;
};
