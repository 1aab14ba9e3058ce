#include "base/settings_lint_cursor.h"

int lint_peek(const struct lint *lint, size_t ahead)
{
    return lint->at + ahead < lint->text.len ? (unsigned char)lint->text.at[lint->at + ahead] : -1;
}

bool lint_is_digit(int c)
{
    return c >= '0' && c <= '9';
}

bool lint_is_letter(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool lint_is_in_name(int c)
{
    return lint_is_letter(c) || lint_is_digit(c) || c == '-' || c == '_' || c == '*';
}

void lint_found(struct lint *lint, unsigned line, const char *what)
{
    if (line != lint->told_line) {
        problems_add(lint->problems, lint->file, line, "%s", what);
        lint->told_line = line;
    }
}

bool lint_is_in_list(const struct lint *lint)
{
    return lint->depth > 0 && lint->open[lint->depth - 1].bracket != '{';
}
