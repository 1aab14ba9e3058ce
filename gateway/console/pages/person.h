/*
 * person: one person as the pages about them read and show them. Private to the pages.
 */
#pragma once
#include "console/door/visit.h"
#include "console/pages/person_page_view.h"

/* Reads whom the path names and leaves the line of the audit. False: the visit is over. */
bool person_read(struct visit *visit, struct person_view_desk *person);
/* The whole page; `view` may already hold what was typed and what was wrong with it. */
void person_page_show(struct visit *visit, unsigned status, const struct person_view_desk *person,
                      struct person_page_view *view);
