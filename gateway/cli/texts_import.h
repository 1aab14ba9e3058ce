/*
 * texts_import: what a translator changed, taken over into the language's own file.
 */
#pragma once
#include "cli/texts_po.h"

/* `said`: what stands in the file `po`. REFUSED: nothing was changed, findings in texts->problems. */
enum outcome texts_import(const struct texts *texts, const char *po, const struct po_text *said, size_t count,
                          struct error *err) MUST_CHECK;
