#include "core/identity.h"

#include <string.h>

#define KEY_MAX 512 /* profiles cap ids and senders at 128 bytes each */

/* Parts are joined by a byte that stands in none of them, so that ("a", "bc") and ("ab", "c") differ. */
struct key {
    char at[KEY_MAX];
    size_t len;
};

static void add_part(struct key *key, struct span part)
{
    size_t room = KEY_MAX - key->len - 1;
    size_t len = part.len < room ? part.len : room;
    if (len)
        memcpy(key->at + key->len, part.at, len);
    key->len += len;
    key->at[key->len++] = '\x1f';
}

static void hash_parts(const struct keyring *keyring, struct span domain, const struct span *parts, size_t count,
                       struct lookup *out)
{
    struct key key;
    key.len = 0;
    for (size_t i = 0; i < count; i++)
        add_part(&key, parts[i]);
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

void identity_of(const struct keyring *keyring, const struct channel *channel, const struct inbound *inbound,
                 struct identity *out)
{
    memset(out, 0, sizeof *out);
    struct span sender = inbound->from.text;
    struct span talk = span_is_present(inbound->session) ? inbound->session : sender;
    if (span_is_present(talk))
        hash_parts(keyring, SPAN("session"), (const struct span[]){channel->id, talk}, 2, &out->session);
    if (span_is_present(sender))
        hash_phone(keyring, channel, &inbound->from, &out->phone);
    if (span_is_present(inbound->id) && inbound->id.len)
        hash_parts(keyring, SPAN("message"), (const struct span[]){channel->id, sender, inbound->id}, 3, &out->message);
    out->repeat = identity_of_input(keyring, inbound->input);
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
