/*
 * leaving: what stays of somebody who asked to be forgotten while a complaint of theirs is open; private to this floor.
 */
#pragma once
#include "menu/engine/step.h"

bool leaving_keeps_something(const struct service *service, const struct person_view *person);
/* The person as the page behind the deed sees them: with those requests and nothing else. */
void leaving_keep(struct step *step);
