/* The inside of a keyring: what is derived from the key file, for the files of the sealed module only. */
#pragma once
#include <sodium.h>

#include "base/sealed.h"

#define MASTER_KEYS_MAX 255
#define SUBKEY_BYTES 32

/* What new things are hidden with comes from the current key; what old things are found by, from the first. */
struct master {
    unsigned char id;
    unsigned char seal[SUBKEY_BYTES]; /* numbers */
    unsigned char wrap[SUBKEY_BYTES]; /* person keys */
};

struct keyring {
    crypto_generichash_state lookup; /* keyed and ready: copied for each look-up */
    unsigned char fingerprint[crypto_shorthash_KEYBYTES];
    unsigned char pin[SUBKEY_BYTES];
    unsigned char audit[SUBKEY_BYTES];
    unsigned char check[KEY_CHECK_BYTES];
    size_t count; /* of masters; the last is the current one */
    struct master masters[MASTER_KEYS_MAX];
};
