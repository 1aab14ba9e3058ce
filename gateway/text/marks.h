/*
 * marks: the bytes of a marked text (text/screen.h) that are not its words.
 */
#pragma once
#include <stdbool.h>
#include "text/screen.h"

static inline bool text_is_mark(char c)
{
    return c == SCREEN_VALUE_BEGIN || c == SCREEN_VALUE_END;
}

static inline bool text_is_blank(char c)
{
    return c == ' ' || c == '\n';
}
