/*
 * folder: a folder of small files as one thing: copied, exchanged and removed whole. What is written is on disk before these
 * return. Names and times of the system's messages only; no word of what stands in the files.
 */
#pragma once
#include "base/error.h"

/* CONFLICT: `to` is there already. REFUSED: `from` holds something that is neither a folder nor a file of at most 1 MiB. */
enum outcome folder_copy(const char *from, const char *to, struct error *err) MUST_CHECK;
enum outcome folder_remove(const char *path, struct error *err) MUST_CHECK; /* fine when it is not there */
/* Both are there before and after, at every moment. */
enum outcome folder_exchange(const char *a, const char *b, struct error *err) MUST_CHECK;
enum outcome folder_rename(const char *from, const char *to, struct error *err) MUST_CHECK; /* `to` must not be there */
bool folder_is_there(const char *path);
/* Only one program at a time works on the folders below `path`: until *lock is closed. CONFLICT: another does. */
enum outcome folder_lock(const char *path, int *lock, struct error *err) MUST_CHECK;
