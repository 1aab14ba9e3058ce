/*
 * texts_file: the language's own file, open to be changed.
 */
#pragma once
#include "cli/texts_service.h"

enum outcome texts_open_file(const struct texts *texts, struct text_file **out, const char **path,
                             struct error *err) MUST_CHECK;
enum outcome texts_save_file(const struct text_file *file, const char *path, struct error *err) MUST_CHECK;
/* The group of a text: what it was made from and how far it is. */
void texts_mark_group(const struct texts *texts, struct text_file *file, const struct translation *one,
                      enum text_state state);
enum outcome texts_set_state(const struct texts *texts, const char *const *nodes, size_t count, enum text_state state,
                             struct error *err) MUST_CHECK;
enum outcome texts_make_canonical(const struct texts *texts, struct error *err) MUST_CHECK;
