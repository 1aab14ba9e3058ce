/*
 * verifying: the check that `verify` and `restore` share, and what `verify` does besides.
 */
#pragma once
#include "base/sealed.h"
#include "cli/verb.h"
#include "store/reader.h"

/* 0, or the exit code; findings on stderr, progress too. */
int verify_file(const char *path, const struct keyring *keyring, struct verify_counts *counts);
struct config;
int verify_audit(const struct config *config, const char *path, const char *head); /* --audit; head: --head, or NULL */
int verify_forgotten(const struct verb_arguments *arguments);                      /* --forgotten REFERENCE */
