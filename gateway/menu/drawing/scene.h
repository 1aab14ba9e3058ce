/*
 * scene: one question as somebody would see it now, drawn. The engine, the stills of the loader and the proof draw here and
 * nowhere else, so that what was proven is what is served. Pure.
 */
#pragma once
#include "menu/drawing/facts.h"
#include "menu/service/model.h"
#include "menu/drawing/place.h"
#include "menu/drawing/template.h"

#define REQUESTS_SHOWN 7

struct scene {
    const struct service *service;
    const struct language *language;
    const struct question *question;
    const struct carrier *carrier;
    struct facts facts;
    struct span notice;          /* a short line above, or absent */
    const char *reference;       /* for {ref}; "" none */
    int64_t due_at;              /* for {due}; 0 none */
    struct span airtime;         /* for {airtime}; absent: nothing is said */
    const struct office *office; /* for {office}, {phone}, {hours} */
    const struct answer *kept;   /* of the registration, for a page that lists them */
    size_t kept_count;
    struct place_match match; /* places to choose from; count 0: none were looked up */
    bool unhidden;            /* options show whatever their conditions: for the proof */
};

struct drawn {
    struct span title;  /* marked; absent when there is none */
    struct span *pages; /* marked text */
    size_t page_count;
    bool sensitive; /* a sealed answer stands in it */
};

enum outcome scene_draw(const struct scene *scene, struct arena *arena, struct drawn *drawn,
                        struct error *err) MUST_CHECK;

/* What the texts of this page are filled with. Points into the scene. */
struct template_values scene_values(const struct scene *scene);
/* Whether it is divided into pages: on a screen always, in a text where its lines are more than anybody could foresee. */
bool scene_is_paged(const struct question *question, const struct carrier *carrier);

/* Whether it looks the same for everybody, at any time. */
bool question_is_still(const struct question *question, size_t language);

/* The request that key `number` (from 1) means in a question of type request; NULL: none. */
const struct request *scene_request(const struct facts *facts, size_t number);
