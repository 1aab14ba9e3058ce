/*
 * session: one conversation on one channel, from the first dial to its end. Plain data.
 *
 * What the engine reads and changes is `state`; the rest belongs to the core and the store. A USSD session is the
 * aggregator's; an SMS session is ours: it is opened by a text and ends by silence.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/sealed.h"
#include "base/span.h"
#include "model/inbound.h"
#include "text/reference.h"

enum channel_kind { CHANNEL_USSD, CHANNEL_SMS };

#define HISTORY_MAX 12 /* deeper than any menu may be; older places fall off the far end */

/* Where a person stands. Names are stable across versions of a service; positions are not. */
struct place {
    struct span node;
    uint16_t page; /* from 0 */
};

struct session_state {
    struct place at;                   /* node absent: nothing was shown yet */
    struct place history[HISTORY_MAX]; /* the way here, latest last; for 0 Back */
    uint8_t history_count;
    struct span lang;    /* absent: not chosen yet */
    uint8_t bad_answers; /* in a row, on this page */
    uint8_t form_step;   /* index of the field asked, inside a form */
    uint32_t shape;      /* fingerprint of the options last shown; 0 none */
    int64_t entry;       /* the form being filled, 0 none */
    struct span topic;   /* what the person came from when asking for a call: an option's id, or absent */
    struct span wanted;  /* the guarded node that is gone on to once the PIN was given, or absent */
    char reference[REFERENCE_DIGITS + 1]; /* the request that is on the screen, or the one that is asked for; "" none */
    int64_t opened;                       /* whose PIN was given in this session; 0: nobody's */
    int64_t acting;                       /* somebody else than the phone's own person, who gave reference and PIN; 0 */
    uint8_t urgency; /* enum request_urgency: what listed words have raised the next request of this session to */
};

/* What was answered by text to one phone within the window that began at `since`. */
struct replied {
    unsigned words, keys;
    int64_t since;
};

struct session {
    int64_t id;
    int64_t phone;       /* row of the phone; 0 not yet */
    struct lookup key;   /* keyed hash of (channel, aggregator's session id) or (channel, sender) */
    struct span channel; /* channel id */
    enum channel_kind kind;
    int64_t started_at, last_at, ended_at; /* ended_at 0: open */
    enum end_cause cause;
    uint32_t turns;         /* how many are stored; the next one's number */
    uint32_t seen_bytes;    /* cumulative input: how many bytes of it were taken in */
    uint64_t seen_hash;     /* keyed hash of the raw input of the last turn */
    struct replied replied; /* SMS only */
    int64_t continues;      /* the dropped session this one offers to go on with, while the offer stands; 0 none */
    struct session_state state;
};
