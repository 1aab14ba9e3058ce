/*
 * target: the second word of a request line, "/in/at?x=1", cut into path and query. Pure; private to this floor.
 */
#pragma once
#include "base/error.h"
#include "base/span.h"
#include "http/message.h"

/* Sets target, path and query of `out`. `room` takes the decoded path and is as long as `target`; a path without escapes
 * points into `target` itself. REFUSED: no leading '/', a bad %-escape, a NUL or another control character in the path. */
enum outcome target_split(struct span target, char *room, struct http_request *out, struct error *err) MUST_CHECK;
