/*
 * request_words: one request in words, for its person: its line in a list, and each of {request.*}. Pure.
 */
#pragma once
#include "menu/drawing/template.h"

bool piece_is_of_request(enum piece_kind kind);
/* Absent: there is no such request, or nothing to say. */
struct span request_piece(enum piece_kind kind, const struct template_values *values, struct arena *arena);
/* "482 7153 call: waiting"; where the words for its state name the reference themselves, these words alone. Marked. */
struct span request_line(const struct template_values *values, const struct request *request, struct arena *arena);
