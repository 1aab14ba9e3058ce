/*
 * credentials: how a channel knows that a request comes from its aggregator.
 *
 * path (the secret is the last path segment), field (a form or query field), basic, header, networks (source
 * addresses), or trust = "network-only". A channel with none does not load. `networks` may stand beside any of the
 * others and is then checked first. Secrets are compared in constant time, before anything else of a request is looked
 * at.
 */
#pragma once
#include "aggregator/exchange.h"
#include "aggregator/network.h"
#include "base/settings.h"

enum credential_kind {
    CREDENTIAL_PATH,
    CREDENTIAL_FIELD,
    CREDENTIAL_BASIC,
    CREDENTIAL_HEADER,
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
};

/* `channel` is the channel's own group; a profile never holds credentials. */
const struct credentials *credentials_load(struct setting channel, bool enabled, struct arena *arena,
                                           struct problems *problems);
/* Whether what the head alone tells speaks for the request: true too for a secret that stands in a field. */
bool credentials_may_hold(const struct credentials *credentials, const struct http_request *head, struct arena *arena);

/* `binary`: the field that may hold NULs (fields.h), or absent. */
bool credentials_hold(const struct credentials *credentials, const struct http_request *request, struct span binary,
                      int64_t now, struct arena *arena, struct rejection *rejection);
