/*
 * divide: where a text may be cut. Shared by screens (pages) and segments (parts of an SMS). Pure.
 */
#pragma once
#include <stddef.h>
#include "base/span.h"
#include "text/screen.h"

/* Bytes of the first piece that must stay whole: a base with its signs, a conjunct, CR LF; 0 at the end. */
size_t divide_cluster(struct span text);
/* Bytes of the longest beginning of `text`, in whole clusters, of at most `limit` units. A cluster that is longer than a
 * whole part is cut between characters: there is no better place. 0 only for an empty text or a limit below one character. */
size_t divide_fitting(struct span text, enum encoding encoding, size_t limit);
