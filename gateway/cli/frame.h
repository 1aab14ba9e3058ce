/*
 * frame: a phone's screen drawn in a terminal.
 */
#pragma once
#include <stdio.h>
#include "base/span.h"

/* Draws UTF-8 text between lines, wrapped as a small phone would. */
void frame_draw(FILE *out, struct span screen);
