/*
 * difference: what a new version of a service changes for those who call: screens and keys. Pure.
 *
 * People know keys by heart, and a live session may stand on any page while versions are exchanged. So a key may come and go,
 * but never mean something else: one that went stays listed as `retired`.
 */
#pragma once
#include "base/buffer.h"
#include "base/problems.h"
#include "menu/service.h"

#define DIFFERENCE_MAX (4 * 1024 * 1024) /* bytes to read; a buffer of this size holds any */

struct difference_counts {
    size_t added, gone, changed; /* screens, in all languages */
};

/* Writes to `out`, language by language, each screen that differs: lines behind - are as it was, behind + as it is to be. */
void difference_read(const struct service *old, const struct service *fresh, struct buffer *out,
                     struct difference_counts *counts);

/* Adds a finding, with the place in the new version, for each key that means something else than it did, is gone without being
 * retired, or was retired and is so no more. */
void difference_check_keys(const struct service *old, const struct service *fresh, struct problems *problems);
