/*
 * shape: a fingerprint of what the keys of a page mean, stored with each turn. When a service is replaced under a live
 * session, equal shapes say that a key still means what the person saw; words may change freely. Pure.
 */
#pragma once
#include "menu/service/model.h"

uint32_t shape_of_question(const struct service *service, const struct question *question); /* never 0 */
uint32_t shape_of_index(const struct list *list);
