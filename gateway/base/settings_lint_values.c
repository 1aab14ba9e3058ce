#include <string.h>

#include "base/settings_lint_cursor.h"

static void remember_line(struct string_lines *lines, unsigned line)
{
    if (lines->count == lines->room) {
        size_t room = lines->room ? lines->room * 2 : 64;
        unsigned *wider = ARENA_ARRAY(lines->arena, unsigned, room);
        if (lines->count > 0)
            memcpy(wider, lines->at, lines->count * sizeof *wider);
        lines->at = wider;
        lines->room = room;
    }
    lines->at[lines->count++] = line;
}

static int hex_value(int c)
{
    return lint_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* At the backslash. libconfig keeps an escape that it does not know as it stands, and drops \x00. */
static void check_escape(struct lint *lint)
{
    int c = lint_peek(lint, 1);
    if (c == 'x') {
        int high = hex_value(lint_peek(lint, 2)), low = high < 0 ? -1 : hex_value(lint_peek(lint, 3));
        if (low < 0 || high > 7 || (high == 0 && low == 0)) {
            lint_found(lint, lint->line,
                       "\\x stands for ASCII only, \\x01 to \\x7F; write other characters themselves");
        }
    } else if (c <= 0 || !strchr("\\\"nrtf", c)) {
        lint_found(lint, lint->line, "unknown escape in a text; known are \\\\ \\\" \\n \\r \\t \\f \\xHH");
    }
    lint->at += c < 0 || c == '\n' ? 1 : 2;
}

bool lint_take_string(struct lint *lint)
{
    if (lint->previous != TOKEN_STRING) {
        if (lint_is_in_list(lint))
            remember_line(lint->lines, lint->line);
    } else if (lint_is_in_list(lint) && lint->previous_line == lint->line) {
        lint_found(lint, lint->line, "a comma is missing between two texts of a list");
    }
    lint->at++;
    for (int c = lint_peek(lint, 0); c != '"'; c = lint_peek(lint, 0)) {
        if (c < 0 || c == '\n' || c == '\r') {
            lint_found(lint, lint->line,
                       "this text is not closed on its line; expected \" (\\n stands for a line break)");
            return false;
        }
        if (c == '\\') {
            check_escape(lint);
            continue;
        }
        if ((c < 0x20 && c != '\t') || c == 0x7F)
            lint_found(lint, lint->line, "a control character in a text; write it as \\xHH");
        lint->at++;
    }
    lint->at++;
    lint_note_token(lint, TOKEN_STRING);
    return true;
}

/* Past digits of `base`; their value, or UINT64_MAX when it is that or more. */
static uint64_t take_digits(struct lint *lint, unsigned base)
{
    uint64_t value = 0;
    for (int digit = hex_value(lint_peek(lint, 0)); digit >= 0 && (unsigned)digit < base;
         digit = hex_value(lint_peek(lint, 0))) {
        if (__builtin_mul_overflow(value, base, &value) || __builtin_add_overflow(value, (unsigned)digit, &value))
            value = UINT64_MAX;
        lint->at++;
    }
    return value;
}

static void check_range(struct lint *lint, uint64_t value, bool is_long)
{
    if (value > INT64_MAX) {
        lint_found(lint, lint->line, "this number is too large; a text of digits goes into quotes");
    } else if (value > INT32_MAX && !is_long) {
        lint_found(lint, lint->line,
                   "a number over 2147483647 takes an L behind it (3000000000L); a text of digits goes into quotes");
    }
}

static bool goes_on(const struct lint *lint)
{
    int c = lint_peek(lint, 0);
    return lint_is_in_name(c) || c == '.' || c == '+';
}

/* Whole numbers only: no setting is a fraction. */
void lint_take_number(struct lint *lint)
{
    bool sign = !lint_is_digit(lint_peek(lint, 0));
    bool hex =
        !sign && lint_peek(lint, 0) == '0' && (lint_peek(lint, 1) | 0x20) == 'x' && hex_value(lint_peek(lint, 2)) >= 0;
    lint->at += hex ? 2 : sign;
    size_t start = lint->at;
    uint64_t value = take_digits(lint, hex ? 16 : 10);
    if (!hex && lint->at - start > 1 && lint->text.at[start] == '0')
        lint_found(lint, lint->line, "a number loses the 0 that it leads with; a text of digits goes into quotes");
    bool is_long = lint_peek(lint, 0) == 'L';
    for (int i = 0; i < 2 && lint_peek(lint, 0) == 'L'; i++)
        lint->at++;
    check_range(lint, value, is_long);
    if (goes_on(lint)) {
        lint_found(lint, lint->line, "expected a whole number; a text that starts with a digit goes into quotes");
        while (goes_on(lint))
            lint->at++;
    }
    lint_note_token(lint, TOKEN_NUMBER);
}

bool lint_starts_number(const struct lint *lint)
{
    int c = lint_peek(lint, 0);
    return lint_is_digit(c) || ((c == '-' || c == '+') && lint_is_digit(lint_peek(lint, 1)));
}
