/*
 * proof_worst: the longest that may enter a page at run time, for the proof's drawings.
 */
#pragma once
#include "menu/service/model.h"
#include "menu/proof.h"
#include "menu/drawing/scene.h"

#define ANSWERS_MAX 64
#define SAMPLE_REFERENCE "8888888" /* as wide as any */

/* One round: a language on a channel, with the longest values that may enter a page. */
struct round {
    const struct service *service;
    const struct language *language;
    const struct proof_channel *channel;
    struct problems *problems;
    struct proof_counts *counts;
    struct arena *arena; /* for the round; `scratch` for one drawing */
    struct arena *scratch;
    struct person_view person;
    struct request requests[REQUESTS_SHOWN]; /* of that person */
    int64_t now, due_at, past_at;            /* the moments that take most room, to come and past */
    struct span airtime;
    struct answer answers[ANSWERS_MAX];
    size_t answer_count;
    struct answer kept[ANSWERS_MAX];
    size_t kept_count;
    size_t findings; /* when this question was begun: one finding says enough about it */
};

struct span worst_longer(struct span a, struct span b); /* the one that costs more */
/* Somebody with as many requests as are shown, in the longest words; `open`: of those that may be chosen. After worst_due. */
void worst_person(struct round *round, bool open);
/* The request that is spoken of, standing in the `way`th of all ways; false: there are no more. */
bool worst_request(struct round *round, size_t way);
void worst_kept(struct round *round, const struct node *form,
                bool wide); /* the longest answers to all of its questions */
void worst_due(struct round *round);
void worst_airtime(struct round *round);
/* The longest answers that the texts of a question show; `wide` writes free text in a script that needs UCS-2. */
void worst_all_answers(struct round *round, const struct question *question, bool wide);
void worst_answers(struct round *round, const struct template *template, bool wide);
