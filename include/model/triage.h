/*
 * triage: a listed word that somebody wrote, as it is kept for the audit: which rule it was, not what else was said. Plain data.
 */
#pragma once
#include <stdint.h>
#include "base/span.h"
#include "model/person.h"

struct triage_row {
    int64_t id, session, at, person;
    uint32_t turn;
    struct span rule; /* the service's name for it */
    struct span word; /* as listed; sealed with the person's key on disk, absent once they were forgotten */
    enum request_urgency urgency;
};
