#include "core/talk/reference_pick.h"

#include "base/random.h"

#define TRIES 10

enum outcome reference_pick(struct store *store, char out[REFERENCE_DIGITS + 1], struct error *err)
{
    char six[7];
    for (int i = 0; i < TRIES; i++) {
        random_digits(six, 6);
        reference_complete(six, out);
        enum outcome outcome = store_find_reference(store, out, err);
        if (outcome == OUTCOME_NOT_FOUND)
            return OUTCOME_OK;
        if (outcome != OUTCOME_OK)
            return outcome;
    }
    return error_set(err, OUTCOME_BROKEN, "no unused reference found in %d tries", TRIES);
}
