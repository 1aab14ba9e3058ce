/*
 * plural: which form of a text stands with a number. The rules are those of families of languages, named by a pack. Pure.
 */
#pragma once
#include "menu/service/model.h"

enum plural_rule plural_rule_named(struct span name); /* PLURAL_UNKNOWN: nothing is called so */
size_t plural_forms(enum plural_rule rule);           /* how many a text has; 0 for PLURAL_UNKNOWN */
size_t plural_form(enum plural_rule rule, int64_t number);
