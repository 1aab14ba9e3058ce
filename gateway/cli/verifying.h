/*
 * verifying: the check that `verify` and `restore` share.
 */
#pragma once
#include "base/sealed.h"
#include "store/reader.h"

/* 0, or the exit code; findings on stderr, progress too. */
int verify_file(const char *path, const struct keyring *keyring, struct verify_counts *counts);
