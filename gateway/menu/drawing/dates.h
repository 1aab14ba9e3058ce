/*
 * dates: a day and a time as a language says them: the only place that puts one into words. Pure.
 *
 * Within six days: due_format with "today", "tomorrow" or the weekday, and the time; before and after that: date_format.
 */
#pragma once
#include "menu/service/model.h"

/* `at` as somebody reads it at `now`, in the service's zone. */
struct span date_words(const struct service *service, const struct language *language, int64_t at, int64_t now,
                       struct arena *arena);

/* NULL, or what is wrong with a format: it has to hold all that `date_words` says with it. */
const char *date_format_problem(struct span format, bool due);
