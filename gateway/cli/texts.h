/*
 * texts: the parts of `helpline texts`, which hands a language's texts to translators and takes them back.
 */
#pragma once
#include "base/problems.h"
#include "menu/translations.h"

struct texts {
    struct arena *arena;
    const char *dir; /* the service's folder */
    struct translations all;
    const struct language_texts *source, *language;
    struct problems *problems;
};

/* The text's name as translators see it: "call.safe.title". */
const char *texts_name(const struct texts *texts, struct text_path path);

/* texts_po.c: nothing else knows libgettextpo. */
#define PO_FORMS_MAX 6
struct po_text { /* what a PO file says of one text, or of one form of a list that counts nothing */
    const char *context;
    const char *source[2]; /* one, and more than one, or NULL */
    const char *forms[PO_FORMS_MAX];
    size_t form_count;
    bool fuzzy, plural;
    unsigned line; /* in the PO file; 0: unknown */
};
enum outcome po_write(const struct texts *texts, struct error *err) MUST_CHECK; /* to standard output */
/* REFUSED: findings in texts->problems. *language: the one that its header names, or absent. */
enum outcome po_read(const struct texts *texts, const char *path, struct po_text **out, size_t *count,
                     struct span *language, struct error *err) MUST_CHECK;

/* A list of which every member is a text of its own (the days of the week): not the forms of one. */
bool texts_is_series(const struct translation *one);

/* texts_import.c */
enum outcome texts_import(const struct texts *texts, const char *po, const struct po_text *said, size_t count,
                          struct error *err) MUST_CHECK;

/* texts_file.c: the language's own file, open to be changed. */
enum outcome texts_open_file(const struct texts *texts, struct text_file **out, const char **path,
                             struct error *err) MUST_CHECK;
enum outcome texts_save_file(const struct text_file *file, const char *path, struct error *err) MUST_CHECK;
/* The group of a text: what it was made from and how far it is. */
void texts_mark_group(const struct texts *texts, struct text_file *file, const struct translation *one,
                      enum text_state state);
enum outcome texts_set_state(const struct texts *texts, const char *const *nodes, size_t count, enum text_state state,
                             struct error *err) MUST_CHECK;
enum outcome texts_make_canonical(const struct texts *texts, struct error *err) MUST_CHECK;
