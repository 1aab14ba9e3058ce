/*
 * metrics_text: what the lines of a metric begin with, for whoever writes some (base/metrics.c, and the console for the desk's own).
 */
#pragma once
#include "base/buffer.h"

/* The two lines above a metric's own: `name` without its "helpline_", `type` counter, gauge or histogram. Nothing is escaped. */
void metrics_write_head(struct buffer *out, const char *name, const char *help, const char *type);
