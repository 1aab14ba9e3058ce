/*
 * audit_log: the head of the audit's chain in the log, which lies elsewhere than the file: whoever rewrote the chain would have to
 * rewrite both. Private to the core.
 */
#pragma once
#include "store/desk.h"

/* `when`: a fixed word, "start", "daily", "stop". */
void audit_log_head(struct store *store, const char *when);
