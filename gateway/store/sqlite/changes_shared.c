/* What changes have in common: the number of a name, and what is sealed for one person. */
#include <string.h>

#include "store/sqlite/changes.h"

enum outcome intern(struct store *store, struct span text, int64_t *id, struct error *err)
{
    return words_intern(store->source.words, store->sql[SQL_WORD_INSERT], text, id, err);
}

/* The key is wiped by who asked for it. */
static enum outcome person_key_load(struct store *store, int64_t person, struct person_key *key, struct error *err)
{
    struct sql sql = sql_start(store, SQL_PERSON_KEY);
    put_int(&sql, person);
    struct span wrapped = SPAN_NONE;
    while (sql_next(&sql))
        wrapped = take_span(&sql, store->scratch);
    enum outcome outcome = sql_end(&sql, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (!span_is_present(wrapped))
        return error_set(err, OUTCOME_REFUSED, "person %lld has no key: unknown or forgotten", (long long)person);
    if (person_key_unwrap(store->source.keyring, person, wrapped, key) != OUTCOME_OK)
        return error_set(err, OUTCOME_REFUSED, "the key of person %lld does not open", (long long)person);
    return OUTCOME_OK;
}

enum outcome seal_for(struct store *store, int64_t person, int64_t context, struct span plain, struct span *sealed,
                      struct error *err)
{
    *sealed = SPAN_NONE;
    if (!span_is_present(plain))
        return OUTCOME_OK;
    struct person_key key;
    enum outcome outcome = person_key_load(store, person, &key, err);
    if (outcome == OUTCOME_OK)
        *sealed = person_seal(&key, context, plain, store->scratch);
    explicit_bzero(&key, sizeof key);
    return outcome;
}
