/*
 * credentials: how a channel knows that a request comes from its aggregator.
 *
 * path (the secret is a path segment), field (a form or query field), basic, header, signature (signature.h), networks
 * (source addresses), or trust = "network-only". A channel with none does not load. `networks` may stand beside any of
 * the others and is then checked first. Secrets are compared in constant time, before anything else of a request is
 * looked at.
 */
#pragma once
#include "aggregator/exchange.h"
#include "aggregator/network.h"
#include "aggregator/proxies.h"
#include "aggregator/signature.h"
#include "base/settings.h"

enum credential_kind {
    CREDENTIAL_PATH,
    CREDENTIAL_FIELD,
    CREDENTIAL_BASIC,
    CREDENTIAL_HEADER,
    CREDENTIAL_SIGNATURE,
    CREDENTIAL_NETWORKS,
    CREDENTIAL_TRUSTED
};
extern const char *const credential_words[]; /* what `auth` says for each, but for TRUSTED; ends with NULL */

struct credentials {
    enum credential_kind kind;
    struct span secret; /* header and basic: the whole value that the header must have */
    struct span name;   /* of the field or the header */
    const struct network *networks;
    size_t network_count;
    const struct proxies *proxies;     /* whose word for the caller's address is taken */
    const struct signature *signature; /* CREDENTIAL_SIGNATURE */
    bool more_segments; /* the dialect says something in the path, behind the secret if that is there too */
};

/* What all channels have in common for it. */
struct credentials_site {
    struct span public_url; /* without its last slash */
    const struct proxies *proxies;
};
/* `all` is the channel over its profile's root; a profile says how a signature is made, and nothing else of this. */
const struct credentials *credentials_load(struct layer all, bool enabled, const struct credentials_site *site,
                                           struct arena *arena, struct problems *problems);
/* How many segments of a path are ours, before "path:1": the door, the channel, and the secret where it is one. */
unsigned credentials_own_segments(const struct credentials *credentials);
/* Whether what the head alone tells speaks for the request: true too for a secret that stands in a field. */
bool credentials_may_hold(const struct credentials *credentials, const struct http_request *head);

/* Whether a header or field of this name is looked at, so that it may be shown. */
bool credentials_know_name(const struct credentials *credentials, struct span name);

/* `facts` are those of `request`, of which the door took it for `shape`. */
bool credentials_hold(const struct credentials *credentials, const struct http_request *request,
                      const struct shape *shape, struct facts *facts, int64_t now, struct arena *arena,
                      struct rejection *rejection);

/* The aggregator's side: gives `request`, at this door, the signature that such a channel asks for; nothing where it asks for none.
 * False: only the aggregator can sign it. */
bool credentials_sign(const struct credentials *credentials, const struct door *door, int64_t now, struct arena *arena,
                      struct http_request *request);
