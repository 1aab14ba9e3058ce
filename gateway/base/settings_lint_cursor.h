/* The cursor of settings_lint, and what its parts do at it: the order of tokens, texts, numbers. */
#pragma once
#include <stdint.h>

#include "base/settings_lint.h"

#define LINT_DEPTH_MAX 32

enum token {
    TOKEN_START,
    TOKEN_NAME,
    TOKEN_ASSIGN,
    TOKEN_NUMBER,
    TOKEN_STRING,
    TOKEN_WORD, /* true, false, or what stands in their place */
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_COMMA,
    TOKEN_SEMICOLON,
    TOKEN_END,
};

struct lint {
    struct span text;
    size_t at;
    unsigned line;
    enum token previous;
    unsigned previous_line;
    struct {
        char bracket;
        unsigned line;
    } open[LINT_DEPTH_MAX];
    size_t depth;
    unsigned told_line; /* the last that got a finding */
    const char *file;
    struct string_lines *lines;
    struct problems *problems;
};

/* The byte so far ahead, or -1 behind the end. */
int lint_peek(const struct lint *lint, size_t ahead);
bool lint_is_digit(int c);
bool lint_is_letter(int c);
bool lint_is_in_name(int c);
bool lint_is_in_list(const struct lint *lint);
/* One finding a line: what follows on the same line is mostly its echo. */
void lint_found(struct lint *lint, unsigned line, const char *what);

/* settings_lint_order.c. Finds out whether `token` may follow the one before, and remembers it. A bracket still counts
 * as outside of itself. */
void lint_note_token(struct lint *lint, enum token token);

/* settings_lint_values.c. At a quote. False: it does not close on its line, so that from here on inside and outside are
 * mixed up. */
bool lint_take_string(struct lint *lint);

bool lint_starts_number(const struct lint *lint);
void lint_take_number(struct lint *lint);
