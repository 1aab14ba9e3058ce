/*
 * channel: an aggregator's dialect (its profile) with this deployment's code, secrets and service.
 *
 * A channel set is loaded from `channels : { ... }` of the main configuration and the profiles beside it
 * (conf/aggregators/NAME.conf), never changes, lives in one arena, and may be read from any thread. Which fields a profile may
 * have is the profile language: conf/aggregators/README.md. No C file or function is named after an aggregator.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/error.h"
#include "base/problems.h"
#include "base/settings.h"
#include "model/session.h"
#include "text/phone.h"
#include "text/screen.h"

struct proxies;
struct channel_set;
struct profile; /* private to gateway/aggregator/ */

struct channel {
    struct span id; /* "at-ussd" */
    unsigned index; /* in the set */
    bool enabled;
    enum channel_kind kind;
    struct span profile_name;
    struct span service;    /* folder below menus/ */
    struct span code;       /* service code or short code, or absent */
    struct carrier carrier; /* what one page or text may hold here */
    struct phone_rules numbers;
    int64_t repeat_ms;  /* identical input without an id within it counts as a repeat */
    int64_t silence_ms; /* an aggregator's session is over after it */
    bool sends;         /* texts can be sent on it */
    bool idempotent;    /* a send may be repeated: the aggregator knows our id */
    unsigned sends_per_second, sends_in_flight;
    int64_t text_expires_ms; /* a text not sent by then is not sent at all */
    size_t max_body;         /* bytes of a request */
    bool pushes;             /* ussd: the reply carries no screen; it goes out as a row of its own, OUTBOX_PUSH */
    int64_t push_expires_ms; /* a screen that did not leave by then is worth nothing */
    bool names_caller_once;  /* ussd: only the request that begins a session says who calls */
    bool answers_in_reply;   /* sms: the answer stands in the reply to the message, and goes by no other way */
    bool needs_token;        /* a send needs a token that exchange_build_token asks for */
    int64_t join_ms;         /* how long the parts of a long text are waited for */
    struct {
        struct span currency;       /* "KES", or absent: what a text costs is not known */
        int64_t micros_per_segment; /* millionths */
    } cost;
    struct {
        bool free;        /* a call costs its caller nothing */
        struct span cost; /* or this: "Tk 2/min"; absent: nothing is said about it */
    } airtime;
    struct {
        unsigned failures; /* in a row, until nothing is sent for a while; 0: never */
        int64_t rest_ms;
    } breaker;
    struct span public_url; /* how aggregators reach us, without its last slash; or absent */
    const struct profile *profile;
    const void *secrets; /* private */
};

/* What all channels share: how they are reached. */
struct channel_site {
    struct span public_url;         /* "https://helpline.example.org"; or absent */
    struct setting trusted_proxies; /* a list of networks whose X-Forwarded-For is believed; or absent */
    struct span only;               /* the one channel that is wanted, so that no other has to hold; absent: all */
};

/* Findings go to `problems` with file:line; REFUSED then. `profile_dir` holds NAME.conf files. */
enum outcome channel_set_load(struct setting channels, const char *profile_dir, const struct channel_site *site,
                              struct channel_set **out, struct problems *problems, struct error *err) MUST_CHECK;
void channel_set_free(struct channel_set *set);
/* The site's trusted proxies as they were read (aggregator/access/proxies.h), for other doors of the same machine. */
const struct proxies *channel_set_proxies(const struct channel_set *set);
size_t channel_set_count(const struct channel_set *set);
const struct channel *channel_set_at(const struct channel_set *set, size_t index);
const struct channel *channel_set_find(const struct channel_set *set, struct span id); /* NULL: none, or not enabled */
/* The enabled channel whose name is nearest to one that was not found; NULL when none is near. */
const char *channel_set_nearest(const struct channel_set *set, struct span id);
/* The first enabled channel that sends texts; where a USSD session asked for a text. NULL: none. */
const struct channel *channel_set_texting(const struct channel_set *set);

/* The tables behind `channels : { ... }` and the profile language, for the reference and the test that code, sample and
 * reference agree: "" for a channel itself, "numbers", "cost", ..., and a profile's sections as they are written there,
 * "request", "send.outcomes", ...; NULL for another name. */
const struct setting_rule *channel_rules(const char *group);
