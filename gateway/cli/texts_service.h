/*
 * texts_service: the service whose texts `helpline texts` hands to translators and takes back; what its parts have in common.
 */
#pragma once
#include "base/problems.h"
#include "menu/translations.h"

struct texts {
    struct arena *arena;
    const char *dir; /* the service's folder */
    struct translations all;
    const struct language_texts *source,
        *language; /* the first language; the one that is meant, or NULL: not known yet */
    struct problems *problems;
};

/* Reads texts->dir. `lang`: the language that is meant, or NULL. */
enum outcome texts_read_service(struct texts *texts, const char *lang, struct error *err) MUST_CHECK;
/* REFUSED: the service has no such language. */
enum outcome texts_choose_language(struct texts *texts, struct span id, struct error *err) MUST_CHECK;

/* The text's name as translators see it: "call.safe.title". */
const char *texts_name(const struct texts *texts, struct text_path path);
/* A list of which every member is a text of its own (the days of the week): not the forms of one. */
bool texts_is_series(const struct translation *one);
