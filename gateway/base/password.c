#include "base/password.h"

#include <sodium.h>
#include <string.h>
#include "base/random.h"

_Static_assert(PASSWORD_HASH_BYTES == crypto_pwhash_STRBYTES, "a hash is as long as libsodium makes it");

/* Of 32 random bytes that nobody kept, at the cost of password_hash: what a try at no hash at all is compared with. */
static const char nobody[] =
    "$argon2id$v=19$m=65536,t=2,p=1$+sE+xOFA2L2vaW1bOGPNZg$32rAT2HZlvFfIMSIuIk6TV8Z0OOpG2ov9o2PhX/c5is";

enum outcome password_hash(struct span password, char out[PASSWORD_HASH_BYTES], struct error *err)
{
    if (password.len < PASSWORD_BYTES_MIN || password.len > PASSWORD_BYTES_MAX)
        return error_set(err, OUTCOME_REFUSED, "a password has %d to %d bytes", PASSWORD_BYTES_MIN, PASSWORD_BYTES_MAX);
    if (crypto_pwhash_str(out, password.at, password.len, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
        return error_set(err, OUTCOME_BROKEN, "no memory to hash a password");
    return OUTCOME_OK;
}

bool password_is(struct span hash, struct span password)
{
    char known[PASSWORD_HASH_BYTES] = {0};
    bool is_there = hash.len > 0 && hash.len < sizeof known;
    struct span compared = is_there ? hash : SPAN(nobody);
    memcpy(known, compared.at, compared.len);
    size_t len = password.len <= PASSWORD_BYTES_MAX ? password.len : 0;
    bool same = crypto_pwhash_str_verify(known, len ? password.at : "", len) == 0;
    return same && is_there && len > 0;
}

void password_make(char out[PASSWORD_MADE + 1])
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789"; /* without i, l, o, 0, 1 */
    for (size_t i = 0; i < PASSWORD_MADE; i++)
        out[i] = letters[random_below(sizeof letters - 1)];
    out[PASSWORD_MADE] = '\0';
}
