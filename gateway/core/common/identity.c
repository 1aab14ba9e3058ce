#include "core/identity.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PART_BYTES_MAX 128 /* a longer one stands by its hash: cut short, two that differ would be one */
#define KEY_PARTS_MAX 6
#define KEY_MAX (KEY_PARTS_MAX * (PART_BYTES_MAX + 1))
#define PARTS_MAX 255 /* what eight bits of a text's header can count */

/* Parts are joined by a byte that stands in none of them (one that has it stands by its hash too), so that ("a", "bc") and
 * ("ab", "c") differ. */
#define SEPARATOR '\x1f'
struct key {
    char at[KEY_MAX];
    size_t len;
};

static void add_part(const struct keyring *keyring, struct key *key, struct span part)
{
    struct lookup hash;
    if (part.len > PART_BYTES_MAX || (part.len && memchr(part.at, SEPARATOR, part.len))) {
        keyring_lookup(keyring, SPAN("part-of-key"), part, &hash);
        part = (struct span){(const char *)hash.at, sizeof hash.at};
    }
    if (part.len)
        memcpy(key->at + key->len, part.at, part.len);
    key->len += part.len;
    key->at[key->len++] = SEPARATOR;
}

static void hash_parts(const struct keyring *keyring, struct span domain, const struct span *parts, size_t count,
                       struct lookup *out)
{
    struct key key;
    key.len = 0;
    for (size_t i = 0; i < count; i++)
        add_part(keyring, &key, parts[i]);
    keyring_lookup(keyring, domain, (struct span){key.at, key.len}, out);
}

static void hash_phone(const struct keyring *keyring, const struct channel *channel, const struct phone *phone,
                       struct lookup *out)
{
    if (phone->kind == PHONE_NUMBER) {
        keyring_lookup(keyring, SPAN("phone"), phone->text, out);
        return;
    }
    const struct span parts[] = {channel->id, phone->text}; /* a token or a name means something on its channel only */
    hash_parts(keyring, SPAN("token"), parts, 2, out);
}

bool identity_is_part(const struct inbound *inbound)
{
    return inbound->kind == INBOUND_SMS && inbound->part.total > 1 && inbound->part.total <= PARTS_MAX &&
           inbound->part.number >= 1 && inbound->part.number <= inbound->part.total;
}

/* Some aggregators give all parts of a text one id, some give none: each part has a key of its own all the same. */
static void hash_part(const struct keyring *keyring, const struct channel *channel, const struct inbound *inbound,
                      struct identity *out)
{
    char place[32], said[32];
    int place_len = snprintf(place, sizeof place, "%u/%u", inbound->part.number, inbound->part.total);
    int said_len = snprintf(said, sizeof said, "%016" PRIx64, out->repeat);
    out->by_content = inbound->id.len == 0;
    const struct span common[] = {channel->id, inbound->from.text, inbound->to, inbound->part.reference};
    const struct span own[] = {channel->id,
                               inbound->from.text,
                               inbound->to,
                               inbound->part.reference,
                               {place, (size_t)place_len},
                               out->by_content ? (struct span){said, (size_t)said_len} : inbound->id};
    hash_parts(keyring, SPAN("parts"), common, 4, &out->parts);
    hash_parts(keyring, out->by_content ? SPAN("part-said") : SPAN("part"), own, 6, &out->message);
}

void identity_of(const struct keyring *keyring, const struct channel *channel, const struct inbound *inbound,
                 struct identity *out)
{
    memset(out, 0, sizeof *out);
    struct span sender = inbound->from.text;
    struct span talk = inbound->session.len ? inbound->session : sender;
    out->repeat = identity_of_input(keyring, inbound->input);
    if (talk.len)
        hash_parts(keyring, SPAN("session"), (const struct span[]){channel->id, talk}, 2, &out->session);
    if (sender.len)
        hash_phone(keyring, channel, &inbound->from, &out->phone);
    if (identity_is_part(inbound))
        hash_part(keyring, channel, inbound, out);
    else if (inbound->id.len)
        hash_parts(keyring, SPAN("message"), (const struct span[]){channel->id, sender, inbound->id}, 3, &out->message);
}

uint64_t identity_of_input(const struct keyring *keyring, struct span input)
{
    return keyring_fingerprint(keyring, SPAN("step"), input);
}

bool identity_is_given(const struct lookup *lookup)
{
    static const struct lookup none;
    return memcmp(lookup, &none, sizeof none) != 0;
}
