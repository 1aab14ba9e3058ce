/*
 * keyword: texts that mean something by themselves, wherever a person stands: STOP, HELP, MENU. Pure.
 */
#pragma once
#include "menu/model.h"

/* The form in which words are kept and compared: letter case of any script is none, nor are the marks around. */
struct span keyword_fold(struct span words, struct arena *arena);

/* NULL: the text is none. */
const struct keyword *keyword_find(const struct service *service, struct span text, struct arena *arena);
