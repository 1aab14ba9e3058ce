/*
 * effect: what a step of the engine wants done. The core carries effects out inside the tick's one transaction. Plain data.
 */
#pragma once
#include <stdint.h>
#include "base/span.h"
#include "model/person.h"

enum effect_kind {
    EFFECT_OPEN_ENTRY,  /* a form begins: `name` is the form's node */
    EFFECT_SAVE_ANSWER, /* `answer`, into the entry that is open */
    EFFECT_REQUEST,     /* `request_kind`, `topic`, `urgency`, `due_at`, `desk`, `hidden`; closes the entry; uses up the
                            reference */
    EFFECT_REGISTER,    /* closes the entry; uses up the reference; `consent_version` */
    EFFECT_CANCEL,      /* the request with `reference` */
    EFFECT_SET_LANGUAGE, /* remember the session's language on the phone */
    EFFECT_OPT_OUT,
    EFFECT_OPT_IN,
    EFFECT_FORGET,  /* destroy the person's key and all that it sealed */
    EFFECT_SET_PIN, /* `pin`: hashed by the core, never stored */
    EFFECT_CLEAR_PIN,
    EFFECT_AMEND, /* the open entry's answers join those of the request with `reference`; closes the entry. `due_at`: when it is due
                       where they may be called at other times from now on; else 0 */
    EFFECT_JOIN, /* `answer`, just saved, is the request's with `reference` as well; the entry stays open. `due_at`: as there */
    EFFECT_URGE,    /* the request with `reference` is at least this `urgency`, and due at `due_at` if that is sooner */
    EFFECT_CORRECT, /* the open entry's answers take the place of the latest registration's; closes the entry */
    EFFECT_WITHDRAW,   /* consent is taken back: the registration's answers go, requests stay */
    EFFECT_NEW_PERSON, /* somebody else uses this phone from now on */
    EFFECT_MOVE_HERE,  /* the one who gave reference and PIN uses this phone from now on */
    EFFECT_FOLLOW,     /* they agree to the follow-ups of the latest registration */
    EFFECT_UNFOLLOW,   /* or do not want them any more */
    EFFECT_FOLLOWED,   /* the one that was asked last is answered; closes the entry */
    EFFECT_TRIAGE,     /* a listed word was written: `name` is the rule, `text` the word as listed, `urgency` */
    EFFECT_TEXT_ME,    /* `text`: one SMS, because the person asked for it on this screen */
    EFFECT_CONTINUE,   /* take over the earlier session's entry: it will not be offered again */
    EFFECT_RESTART,    /* the earlier session was declined: it will not be offered again */
};

struct effect {
    enum effect_kind kind;
    struct span name;
    struct answer answer;
    struct span request_kind, topic, consent_version, desk;
    bool hidden;
    enum request_urgency urgency;
    int64_t due_at; /* UTC ms */
    char reference[REFERENCE_DIGITS + 1];
    struct span pin;
    struct span text;
};
