/*
 * retention: how long each class of what is kept stays. Plain data.
 *
 * A session that goes leaves only that it was: its channel, its times and which pages were shown. Who is opted out stays known by
 * the keyed hash of their number. A session that is open or younger is never touched.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include "base/span.h"

struct retention {
    /* Since the last step of a session in which nothing was asked for; forms given up; bare numbers. */
    int64_t sessions_ms;
    /* Since a request was closed: its transcript and answers, and what operators wrote about it; that it was stays as long as
     * complaints. Since a flag was over or dropped. */
    int64_t requests_ms;
    int64_t complaints_ms;    /* the same for complaints */
    int64_t registrations_ms; /* since the last contact */
    int64_t follow_ups_ms;    /* since they were answered: the answers stay, whose they are goes */
    int64_t texts_ms;         /* since a text was settled */
    int64_t strays_ms, messages_ms;
    const struct span *complaints; /* request kinds */
    size_t complaint_count;
};

/* In the order of a pass: what others depend on goes last. */
enum retained {
    RETAINED_LEAVERS, /* whose last complaint was closed after they asked to be forgotten */
    RETAINED_STRAYS,
    RETAINED_MESSAGES, /* aggregators' message ids */
    RETAINED_TEXTS,
    RETAINED_SESSIONS,
    RETAINED_TRANSCRIPTS,
    RETAINED_COMPLAINTS,
    RETAINED_NOTES, /* what operators wrote about what is closed; of a complaint it goes with the request */
    RETAINED_REQUESTS,
    RETAINED_FOLLOW_UPS,
    RETAINED_REGISTRATIONS,
    RETAINED_DRAFTS, /* forms that were given up */
    RETAINED_LISTED_WORDS,
    RETAINED_FLAGS,
    RETAINED_SIGN_INS, /* operators': where and with what browser; that they did stays in the audit */
    RETAINED_PEOPLE,   /* of whom nothing is kept but that they were */
    RETAINED_PHONES,
    RETAINED_COUNT
};
extern const char *const retained_words[RETAINED_COUNT + 1]; /* for people and metrics; ends with NULL */
