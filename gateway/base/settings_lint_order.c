/*
 * Which token may follow which. libconfig's parser would say "syntax error" and leak the text it holds; here every mistake
 * gets its own words, and the parser is left with names that stand twice and arrays of mixed types.
 */
#include "base/settings_lint_cursor.h"

static bool starts_value(enum token token)
{
    return token == TOKEN_NUMBER || token == TOKEN_STRING || token == TOKEN_WORD || token == TOKEN_OPEN;
}

static bool ends_value(enum token token)
{
    return token == TOKEN_NUMBER || token == TOKEN_STRING || token == TOKEN_WORD || token == TOKEN_CLOSE;
}

/* NULL, or what is wrong with `token` behind `previous` between the members of a group. */
static const char *wrong_in_group(enum token previous, enum token token)
{
    if (previous == TOKEN_NAME)
        return token == TOKEN_ASSIGN ? NULL : "expected = or : behind a name (or quotes around a text)";
    if (previous == TOKEN_ASSIGN)
        return starts_value(token) ? NULL : "expected a value behind =";
    if (token == TOKEN_NAME || token == TOKEN_CLOSE || token == TOKEN_END)
        return NULL;
    if (ends_value(previous)) {
        bool goes_on =
            token == TOKEN_COMMA || token == TOKEN_SEMICOLON || (token == TOKEN_STRING && previous == TOKEN_STRING);
        return goes_on                 ? NULL
               : token == TOKEN_ASSIGN ? "expected a name before =: it starts with a letter and has no quotes"
                                       : "expected ; behind a value";
    }
    return "expected a name here: it starts with a letter and has no quotes";
}

static const char *wrong_in_list(enum token previous, enum token token, bool array)
{
    if (array && token == TOKEN_OPEN)
        return "[ ] holds plain values only; expected ( ) around groups and lists";
    if (ends_value(previous)) {
        bool goes_on =
            token == TOKEN_COMMA || token == TOKEN_CLOSE || (token == TOKEN_STRING && previous == TOKEN_STRING);
        return goes_on ? NULL : "expected a comma between two items of a list";
    }
    if (starts_value(token) || (token == TOKEN_CLOSE && previous == TOKEN_OPEN))
        return NULL;
    return token == TOKEN_CLOSE ? "a comma behind the last item of a list; expected none"
                                : "expected an item of the list here";
}

void lint_note_token(struct lint *lint, enum token token)
{
    bool in_list = lint_is_in_list(lint);
    const char *wrong = in_list ? wrong_in_list(lint->previous, token, lint->open[lint->depth - 1].bracket == '[')
                                : wrong_in_group(lint->previous, token);
    if (wrong) {
        bool earlier = token == TOKEN_END || token == TOKEN_CLOSE || token == TOKEN_ASSIGN;
        lint_found(lint, earlier ? lint->previous_line : lint->line, wrong);
    }
    /* `98 = "x"`: told once, then read on as if it were a name. */
    bool stands_for_name = wrong && !in_list && !ends_value(lint->previous) && starts_value(token) &&
                           token != TOKEN_OPEN && lint->previous != TOKEN_NAME;
    lint->previous = stands_for_name ? TOKEN_NAME : token;
    lint->previous_line = lint->line;
}
