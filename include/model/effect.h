/*
 * effect: what a step of the engine wants done. The core carries effects out inside the tick's one transaction. Plain data.
 */
#pragma once
#include <stdint.h>
#include "base/span.h"
#include "model/person.h"

enum effect_kind {
    EFFECT_OPEN_ENTRY,   /* a form begins: `name` is the form's node */
    EFFECT_SAVE_ANSWER,  /* `answer`, into the entry that is open */
    EFFECT_REQUEST,      /* `request_kind`, `topic`, `urgency`, `due_ms`; closes the entry; uses up the reference */
    EFFECT_REGISTER,     /* closes the entry; uses up the reference; `consent_version` */
    EFFECT_CANCEL,       /* the request with `reference` */
    EFFECT_SET_LANGUAGE, /* remember the session's language on the phone */
    EFFECT_OPT_OUT,
    EFFECT_OPT_IN,
    EFFECT_FORGET,   /* destroy the person's key and all that it sealed */
    EFFECT_SET_PIN,  /* `pin`: hashed by the core, never stored */
    EFFECT_TEXT_ME,  /* `text`: one SMS, because the person asked for it on this screen */
    EFFECT_CONTINUE, /* take over the earlier session's entry: it will not be offered again */
    EFFECT_RESTART,  /* the earlier session was declined: it will not be offered again */
};

struct effect {
    enum effect_kind kind;
    struct span name;
    struct answer answer;
    struct span request_kind, topic, consent_version;
    enum request_urgency urgency;
    int64_t due_ms;
    char reference[REFERENCE_DIGITS + 1];
    struct span pin;
    struct span text;
};
