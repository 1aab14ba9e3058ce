/*
 * template: a text with places for values, cut into pieces once so that showing it parses nothing. Pure.
 */
#pragma once
#include "base/problems.h"
#include "menu/drawing/facts.h"
#include "menu/service/model.h"

/* Cuts `source`. `node` is where it is shown: {answer.x} means a question of its form first. NULL: it is shown anywhere, and
 * says nothing of answers. */
void template_parse(const struct service *service, const struct node *node, struct span source, struct template *out,
                    struct problems *problems);
/* Makes one text of its forms, in the order of the language's rule. A finding when there are more or fewer, or no number
 * stands in any of them. */
void template_count(const struct service *service, const struct template *forms, size_t count, struct template *out,
                    struct problems *problems);

/* What a template is filled with; absent values show as a dash. */
struct template_values {
    const struct service *service;
    const struct language *language;
    const struct facts *facts;
    const char *reference;         /* "" none */
    int64_t due_at;                /* 0 none */
    const struct office *office;   /* NULL none */
    const struct request *request; /* for {request.*}; NULL: the one that the facts speak of */
    struct span airtime;           /* what a call costs, in words; "" when nothing is known of it */
    bool widest;                   /* of several forms the one that costs most: for the proof */
};
/* Marked text (text/screen.h). *sensitive becomes true when an answer that is sealed stands in it. */
struct span template_fill(const struct template *template, const struct template_values *values, struct arena *arena,
                          bool *sensitive);

/* What a call costs, in the language's words: {airtime}. Nothing when `free` is false and `cost` absent. */
struct span template_airtime(const struct language *language, bool free, struct span cost, struct arena *arena);
/* An answer in its own words: options by their texts, places by their names, the rest as it was given. */
struct span template_answer(const struct question *question, struct span value, size_t language, struct arena *arena);

/* True when the name, number or hours of an office stand in it: a topic must be known wherever it is shown. */
bool template_shows_office(const struct template *template);
bool template_holds(const struct template *template, enum piece_kind kind);
bool template_shows_request(const struct template *template); /* or anything of the request that is spoken of */
