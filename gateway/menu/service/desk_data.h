/*
 * desk_data: the group `desk` of service.conf as it lies in memory (menu/desk.h says what is made of it).
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/span.h"

struct node;

/* What an answer of a request's form means for whoever contacts its person. */
struct contact_case {
    struct span field;
    const struct span *values;
    size_t value_count;
    bool may_call, may_text, no_texts, has_hours;
    bool needs_hours;   /* called in hours that the answer to another question gives, and while it gives none, never */
    int from, to;       /* with has_hours: minutes of the local day */
    struct span number; /* the field that holds the number to call instead, or absent */
};

/* Ids in the order in which the desk chooses from them, and for each its names by language, or NULL: the service's own words. */
struct desk_choices {
    struct span *ids;
    const struct span **names;
    size_t count;
};

/* A page whose body is texted: by an operator, or after three calls. */
struct desk_reply {
    struct span id;
    const struct node *node;
};

struct desk_data {
    const struct contact_case *cases;
    size_t case_count;
    const struct span *said; /* fields that say how to contact somebody, and change no rule */
    size_t said_count;
    struct span area; /* the field whose answer is a district, or absent */
    struct desk_choices topics, kinds, areas;
    const struct desk_reply *replies;
    size_t reply_count;
    struct desk_reply tried; /* node NULL: none */
};
