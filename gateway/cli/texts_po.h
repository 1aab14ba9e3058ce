/*
 * texts_po: PO files, written and read; nothing else knows libgettextpo.
 */
#pragma once
#include "cli/texts_service.h"

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
