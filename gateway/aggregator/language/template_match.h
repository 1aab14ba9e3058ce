/*
 * template_match: a template the other way round: what stood for each value in a rendered text. Pure.
 */
#pragma once
#include "aggregator/language/template.h"

/*
 * False: no values make `rendered` of this template. Escapes are undone; a section is taken or left out as the text has it, and
 * sections of one value agree. Where a text can be read in several ways the shortest values are taken, from the left. A value
 * that does not occur in the template, or only in a section that was left out, is absent; one of which only a section tells that it
 * is there is "1". In {{text}} a line end is one again
 * where `translations` (or NULL) made it something else; other translations stay as a person would see them.
 */
bool template_match(const struct template *t, struct span rendered, const struct translations *translations,
                    struct arena *arena, struct span values[VALUE_COUNT]);
