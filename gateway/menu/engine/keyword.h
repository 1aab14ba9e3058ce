/*
 * keyword: texts that mean something by themselves, wherever a person stands: STOP, HELP, MENU. Pure.
 */
#pragma once
#include "menu/service/model.h"

/* The one that a text is, or begins with; a whole one before a first word, of first words the longest. `only_whole`: the page
 * asks for words, and these may be some. NULL: none. *alone: nothing else stands in the text. */
const struct keyword *keyword_find(const struct service *service, struct span text, bool only_whole,
                                   struct arena *arena, bool *alone);
