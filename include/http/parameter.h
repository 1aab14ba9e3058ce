/*
 * parameter: what stands behind the semicolons of a header: "form-data; name=\"text\"", "text/plain; charset=UTF-8". Pure.
 * RFC 9110 5.6.6.
 */
#pragma once
#include "base/arena.h"
#include "base/span.h"

/* The first of this name, ASCII case ignored, without its quotes; absent when there is none or its quotes do not end. What stands
 * before the first semicolon counts when it is a parameter itself. */
struct span http_parameter(struct span value, struct span name, struct arena *arena);
