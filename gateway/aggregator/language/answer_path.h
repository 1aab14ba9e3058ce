/*
 * answer_path: a JSON path that may lead to all items of a list: "messages[*].status". Pure.
 */
#pragma once
#include "base/span.h"

bool answer_path_is_valid(struct span path);

/* Cuts at the first "[*]": returns what leads to the list (empty: it is the top), and leaves what leads on from each of its
 * items (empty: they are the values). Without one *path becomes absent and all of it is returned. */
struct span answer_path_cut(struct span *path);
