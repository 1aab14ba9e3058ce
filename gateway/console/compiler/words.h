/*
 * words: words/LANGUAGE/ *.conf of every language become words_list.h (enum word) and words_list.c (the tables).
 */
#pragma once
#include "base/arena.h"
#include "base/buffer.h"

/* The first folder is the language of which all others are translations. */
void words_compile(const char *const *folders, size_t count, struct arena *arena, struct buffer *header,
                   struct buffer *code);
