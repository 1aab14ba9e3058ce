/*
 * follow_up: one of the few questions some months after a registration, and what has to be known before it is asked. Plain data.
 */
#pragma once
#include "model/person.h"

/* What is known of one that is due. */
struct due_follow_up {
    struct follow_up row;
    int64_t registered_at;
    struct span channel; /* where they registered */
    bool agreed;         /* the person was not forgotten and the registration not withdrawn */
    int64_t phone;       /* the person's, as of now; 0: none */
    int64_t answers;     /* the person who answers on it now */
    int64_t last_at;     /* when it was last heard of */
    bool opted_out, has_number;
    struct span lang; /* of the phone, or absent */
};
