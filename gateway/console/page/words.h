/*
 * words: what the console says, in each of its languages: words/en/ and its translations, compiled in. `enum word` is made at
 * build time from words/en/ (console/words_list.h): a page that names a word which is not there does not compile. A language that
 * lacks one says it in English, and a test fails.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/span.h"
#include "console/words_list.h" /* generated: enum word { WORD_QUEUE_MINE, ... WORD_COUNT } */

struct words;

const struct words *words_of(struct span language); /* "bn"; English for one that is not there */
size_t words_language_count(void);
struct span words_language(size_t index);      /* "en" */
struct span words_language_name(size_t index); /* "English", in its own script */
struct span words_id(const struct words *words);
struct span words_get(const struct words *words, enum word word);
/* The form for this count; {n} in it is still to be filled. */
struct span words_get_count(const struct words *words, enum word word, int64_t count);
/* WORD_COUNT: there is none of that name. */
enum word words_named(const char *name);
/* Whether this language says it itself. */
bool words_has(const struct words *words, enum word word);
struct span words_month(const struct words *words, int month); /* from 1; "Nov" */
struct span words_date(const struct words *words);             /* how a date is written: "{day} {month} {year}" */
/* The digits of this language: '0'..'9' each as UTF-8. */
struct span words_digits(const struct words *words, struct span ascii, char *room, size_t bytes);
