/*
 * agent: a browser as its person would name it, "Firefox, Windows", of what it says of itself. Pure.
 */
#pragma once
#include "base/arena.h"
#include "base/span.h"

/* What is not known stays as it came. */
struct span agent_words(struct span agent, struct arena *arena);
