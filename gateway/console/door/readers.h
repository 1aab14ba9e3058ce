/*
 * readers: read-only connections to the data file, lent to a visit each: as many as there are visits at a time, opened when first
 * wanted, kept for the next visit, and not used again once something was wrong with them. Any thread.
 */
#pragma once
#include "store/reader.h"

struct readers;

struct readers *readers_create(const char *path, const struct keyring *keyring);
void readers_free(struct readers *readers); /* all must have been given back; NULL is fine */
enum outcome readers_take(struct readers *readers, struct reader **out, struct error *err) MUST_CHECK;
void readers_give_back(struct readers *readers, struct reader *reader, bool is_broken);
