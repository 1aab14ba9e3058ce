#include "console/door/known.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "base/random.h"
#include "console/door/cookie.h"

enum { BROWSERS = 256, NONCE = 2 * LOOKUP_BYTES, VALUE = 2 * NONCE, KEPT_SECONDS = 180 * 24 * 60 * 60 };

/* The cookie's hash, and the operator of whom only the wrong tries are filled in. */
struct browser {
    struct lookup mac;
    struct operator tries;
};

struct known {
    pthread_mutex_t lock;
    struct browser browsers[BROWSERS];
};

struct known *known_create(void)
{
    struct known *known = calloc(1, sizeof *known);
    if (!known)
        abort();
    pthread_mutex_init(&known->lock, NULL);
    return known;
}

void known_free(struct known *known)
{
    if (!known)
        return;
    pthread_mutex_destroy(&known->lock);
    free(known);
}

/* ---- the cookie ---- */

static void hash_of(const struct visit *visit, const char *domain, int64_t operator, struct span nonce,
                    struct lookup *out)
{
    struct span text = arena_format(visit->arena, "%lld:%.*s", (long long)operator, SPAN_ARG(nonce));
    keyring_lookup(visit->site->config->keyring, span_of(domain), text, out);
}

static void to_hex(const struct lookup *lookup, char out[NONCE])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < LOOKUP_BYTES; i++) {
        out[2 * i] = digits[lookup->at[i] >> 4];
        out[2 * i + 1] = digits[lookup->at[i] & 15];
    }
}

/* One for each who works at this browser; the name does not say who they are. */
static struct span name_for(const struct visit *visit, int64_t operator)
{
    struct lookup hash;
    char hex[NONCE];
    hash_of(visit, "known-name", operator, SPAN(""), &hash);
    to_hex(&hash, hex);
    return arena_format(visit->arena, "%shelpline-known-%.8s", visit->site->is_secure ? "__Host-" : "", hex);
}

static bool read_mac(const struct visit *visit, int64_t operator, struct lookup *mac)
{
    char hex[NONCE];
    struct span value = cookie_find(visit->request, name_for(visit, operator));
    if (value.len != VALUE)
        return false;
    hash_of(visit, "known-browser", operator, span_first(value, NONCE), mac);
    to_hex(mac, hex);
    return secret_equal((struct span){hex, NONCE}, span_from(value, NONCE));
}

bool known_is(const struct visit *visit, int64_t operator)
{
    struct lookup mac;
    return read_mac(visit, operator, &mac);
}

/* ---- its tries ---- */

/* With the lock held: its own, else the one that was tried in the longest ago. */
static struct browser *place_of(struct known *known, const struct lookup *mac)
{
    struct browser *oldest = &known->browsers[0];
    for (size_t i = 0; i < BROWSERS; i++) {
        struct browser *browser = &known->browsers[i];
        if (memcmp(&browser->mac, mac, sizeof *mac) == 0)
            return browser;
        if (browser->tries.failed_at < oldest->tries.failed_at)
            oldest = browser;
    }
    *oldest = (struct browser){.mac = *mac};
    return oldest;
}

bool known_may_try(const struct visit *visit, int64_t operator)
{
    struct known *known = visit->site->known;
    struct lookup mac;
    if (!read_mac(visit, operator, &mac))
        return false;
    pthread_mutex_lock(&known->lock);
    bool may = operator_locked_until(&place_of(known, &mac)->tries) <= visit->now;
    pthread_mutex_unlock(&known->lock);
    return may;
}

void known_failed(const struct visit *visit, int64_t operator)
{
    struct known *known = visit->site->known;
    struct lookup mac;
    if (!read_mac(visit, operator, &mac))
        return;
    pthread_mutex_lock(&known->lock);
    struct browser *browser = place_of(known, &mac);
    browser->tries.failures++;
    browser->tries.failed_at = visit->now;
    pthread_mutex_unlock(&known->lock);
}

void known_remember(struct visit *visit, int64_t operator)
{
    char text[VALUE + 1], hex[NONCE];
    struct lookup mac;
    random_hex(text, NONCE);
    hash_of(visit, "known-browser", operator, (struct span){text, NONCE}, &mac);
    to_hex(&mac, hex);
    memcpy(text + NONCE, hex, NONCE);
    text[VALUE] = '\0';
    cookie_keep(visit, name_for(visit, operator), arena_copy(visit->arena, (struct span){text, VALUE}), KEPT_SECONDS);
}
