#include "console/door/known.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include "base/random.h"
#include "console/door/cookie.h"

/* The cookie: a nonce, the second until when it is good, and their keyed hash. */
enum {
    NONCE = 2 * LOOKUP_BYTES,
    UNTIL = 12,
    SAID = NONCE + UNTIL,
    TAG = 16,
    VALUE = SAID + NONCE,
    KEPT_SECONDS = KNOWN_DAYS * 24 * 60 * 60,
    TRIERS = 512,
    NETWORK_BYTES = 8
};

/* Who tries: a cookie's hash, or that of an address and a name. */
struct trier {
    struct lookup who;
    int64_t operator; /* whose name is tried */
    struct tries tries;
};

struct known {
    pthread_mutex_t lock;
    struct trier browsers[TRIERS], addresses[TRIERS];
    atomic_uint_least64_t refused;
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

static void hash_of(const struct visit *visit, const char *domain, struct span whose, struct span said,
                    struct lookup *out)
{
    struct buffer text;
    buffer_init(&text, visit->arena, 256);
    buffer_add(&text, whose);
    buffer_add_char(&text, ':');
    buffer_add(&text, said);
    keyring_lookup(visit->site->config->keyring, span_of(domain), buffer_span(&text), out);
}

static void to_hex(const struct lookup *lookup, char out[NONCE])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < LOOKUP_BYTES; i++) {
        out[2 * i] = digits[lookup->at[i] >> 4];
        out[2 * i + 1] = digits[lookup->at[i] & 15];
    }
}

static struct span id_of(const struct visit *visit, int64_t operator)
{
    return arena_format(visit->arena, "%lld", (long long)operator);
}

/* One for each who works at this browser; it does not say who they are. */
static struct span tag_of(const struct visit *visit, int64_t operator)
{
    struct lookup hash;
    char hex[NONCE];
    hash_of(visit, "known-name", id_of(visit, operator), SPAN(""), &hash);
    to_hex(&hash, hex);
    return arena_copy(visit->arena, (struct span){hex, TAG});
}

static struct span name_before_tag(const struct visit *visit)
{
    return visit->site->is_secure ? SPAN("__Host-helpline-known-") : SPAN("helpline-known-");
}

static struct span name_for(const struct visit *visit, struct span tag)
{
    return arena_format(visit->arena, "%.*s%.*s", SPAN_ARG(name_before_tag(visit)), SPAN_ARG(tag));
}

static bool is_good_until(const struct visit *visit, struct span until)
{
    uint64_t second;
    return span_to_u64(until, &second) && second > (uint64_t)visit->now / 1000;
}

static bool is_genuine(const struct visit *visit, struct span tag, struct span value, struct lookup *mac)
{
    char hex[NONCE];
    if (value.len != VALUE)
        return false;
    hash_of(visit, "known-browser", tag, span_first(value, SAID), mac);
    to_hex(mac, hex);
    return secret_equal((struct span){hex, NONCE}, span_from(value, SAID)) &&
           is_good_until(visit, span_first(span_from(value, NONCE), UNTIL));
}

static bool read_mac(const struct visit *visit, int64_t operator, struct lookup *mac)
{
    struct span tag = tag_of(visit, operator);
    return is_genuine(visit, tag, cookie_find(visit->request, name_for(visit, tag)), mac);
}

bool known_is(const struct visit *visit, int64_t operator)
{
    struct lookup mac;
    return read_mac(visit, operator, &mac);
}

/* ---- whose tries ---- */

/* Who has one address of an IPv6 network has all of it. Nothing where a proxy does not say. */
static struct span network_of_peer(const struct visit *visit)
{
    char text[INET6_ADDRSTRLEN] = {0};
    struct in6_addr six;
    if (visit->peer.len == 0 || visit->peer.len >= sizeof text)
        return SPAN("");
    memcpy(text, visit->peer.at, visit->peer.len);
    return inet_pton(AF_INET6, text, &six) == 1 && !IN6_IS_ADDR_V4MAPPED(&six)
               ? arena_copy(visit->arena, (struct span){(const char *)&six, NETWORK_BYTES})
               : visit->peer;
}

/* With the lock held: its own, else the one that was tried in the longest ago. */
static struct trier *find_trier(struct trier *triers, const struct lookup *who, int64_t operator)
{
    struct trier *oldest = &triers[0];
    for (size_t i = 0; i < TRIERS; i++) {
        if (memcmp(&triers[i].who, who, sizeof *who) == 0)
            return &triers[i];
        if (triers[i].tries.at < oldest->tries.at)
            oldest = &triers[i];
    }
    *oldest = (struct trier){.who = *who, .operator = operator};
    return oldest;
}

/* With the lock held. */
static struct tries *tries_of(const struct visit *visit, int64_t operator)
{
    struct known *known = visit->site->known;
    struct lookup who;
    if (read_mac(visit, operator, &who))
        return &find_trier(known->browsers, &who, operator)->tries;
    hash_of(visit, "tries-from", id_of(visit, operator), network_of_peer(visit), &who);
    return &find_trier(known->addresses, &who, operator)->tries;
}

bool known_may_try(const struct visit *visit, int64_t operator)
{
    struct known *known = visit->site->known;
    pthread_mutex_lock(&known->lock);
    bool may = tries_closed_until(tries_of(visit, operator), TRIES_OF_ONE) <= visit->now;
    pthread_mutex_unlock(&known->lock);
    return may;
}

void known_failed(const struct visit *visit, int64_t operator)
{
    struct known *known = visit->site->known;
    pthread_mutex_lock(&known->lock);
    tries_add(tries_of(visit, operator), visit->now);
    pthread_mutex_unlock(&known->lock);
}

/* With the lock held. */
static void open_for(struct trier *triers, int64_t operator)
{
    for (size_t i = 0; i < TRIERS; i++)
        if (triers[i].operator == operator)
            triers[i].tries = (struct tries){0};
}

void known_let_in(void *context, int64_t operator)
{
    struct known *known = context;
    pthread_mutex_lock(&known->lock);
    open_for(known->browsers, operator);
    open_for(known->addresses, operator);
    pthread_mutex_unlock(&known->lock);
}

void known_refused(const struct visit *visit)
{
    atomic_fetch_add_explicit(&visit->site->known->refused, 1, memory_order_relaxed);
}

uint64_t known_refusals(const struct known *known)
{
    return atomic_load_explicit(&known->refused, memory_order_relaxed);
}

static void forgive(const struct visit *visit, int64_t operator)
{
    struct known *known = visit->site->known;
    pthread_mutex_lock(&known->lock);
    *tries_of(visit, operator) = (struct tries){0};
    pthread_mutex_unlock(&known->lock);
}

void known_remember(struct visit *visit, int64_t operator)
{
    char nonce[NONCE + 1], hex[NONCE];
    struct lookup mac;
    const struct span tag = tag_of(visit, operator);
    forgive(visit, operator);
    random_hex(nonce, NONCE);
    struct span said =
        arena_format(visit->arena, "%.*s%0*lld", NONCE, nonce, UNTIL, (long long)visit->now / 1000 + KEPT_SECONDS);
    hash_of(visit, "known-browser", tag, said, &mac);
    to_hex(&mac, hex);
    struct span value = arena_format(visit->arena, "%.*s%.*s", SPAN_ARG(said), NONCE, hex);
    cookie_keep(visit, name_for(visit, tag), value, KEPT_SECONDS);
}

/* ---- whose place ---- */

static bool is_ours(const void *context, struct span tag, struct span value)
{
    struct lookup mac;
    return is_genuine(context, tag, value, &mac);
}

struct known_place known_place(const struct visit *visit)
{
    struct known_place place = {.is_stranger = false};
    struct span tag = visit->whose ? tag_of(visit, visit->whose->id)
                                   : cookie_first(visit->request, name_before_tag(visit), is_ours, visit);
    place.is_stranger = !span_is_present(tag);
    hash_of(visit, place.is_stranger ? "place-of-network" : "place-of-operator",
            place.is_stranger ? network_of_peer(visit) : tag, SPAN(""), &place.who);
    return place;
}
