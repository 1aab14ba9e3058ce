/*
 * office: which office of the directory is meant: by topic, by area, or because it was chosen. Pure.
 */
#pragma once
#include "menu/drawing/facts.h"
#include "menu/service/model.h"

bool office_is_about(const struct office *office, struct span topic); /* false without a topic */

#define OFFICE_STALE_DAYS 90 /* an office that nobody asked for longer may be somewhere else by now */
/* How many whole days before `now` somebody asked there; -1: they say on a day that is still to come. */
int64_t office_days_since(const struct service *service, const struct office *office, int64_t now);
bool office_is_stale(const struct service *service, const struct office *office, int64_t now);

struct span office_region(const struct service *service, struct span area); /* that the area lies in, or absent */
/* Those for a topic: of the area first, then of its region, then those for everywhere. Returns how many, at most
 * `max` are written. */
size_t office_list(const struct service *service, struct span topic, struct span area, const struct office **offices,
                   size_t max);
/* The one that {office} speaks of: the chosen one while the topic is still its own, else that of the answered area, else the
 * one for everywhere; NULL: none. */
const struct office *office_meant(const struct service *service, const struct facts *facts);
/* The office that `key` stands for in a question of type office, and the key of the one at `index`: 1 to 8, 10 and on. */
const struct office *office_of_key(const struct service *service, const struct facts *facts, struct span key);
unsigned office_key(size_t index);
