#include "base/settings_lint.h"

#include <string.h>
#include <unistr.h>

#include "base/settings_lint_cursor.h"

static bool take_block_comment(struct lint *lint)
{
    unsigned opened = lint->line;
    for (lint->at += 2; lint_peek(lint, 0) >= 0; lint->at++) {
        if (lint_peek(lint, 0) == '*' && lint_peek(lint, 1) == '/') {
            lint->at += 2;
            return true;
        }
        lint->line += lint_peek(lint, 0) == '\n';
    }
    lint_found(lint, opened, "this comment never ends; expected */");
    return false;
}

static void skip_line(struct lint *lint)
{
    while (lint_peek(lint, 0) >= 0 && lint_peek(lint, 0) != '\n')
        lint->at++;
}

static void take_word(struct lint *lint)
{
    struct span word = span_from(lint->text, lint->at);
    size_t len = 0;
    while (lint_is_in_name(lint_peek(lint, len)))
        len++;
    word = span_first(word, len);
    lint->at += len;
    bool value_expected = lint->previous == TOKEN_ASSIGN || lint_is_in_list(lint);
    bool truth = span_equal_nocase(word, SPAN("true")) || span_equal_nocase(word, SPAN("false"));
    if (!value_expected) {
        if (truth) /* a token of its own to libconfig, wherever it stands */
            lint_found(lint, lint->line, "true and false are values; expected another name here");
        lint_note_token(lint, TOKEN_NAME);
        return;
    }
    if (!truth)
        lint_found(lint, lint->line, "a bare word as a value; expected true, false, a number, or text in quotes");
    lint_note_token(lint, TOKEN_WORD);
}

static bool take_open(struct lint *lint)
{
    if (lint->depth == LINT_DEPTH_MAX) {
        lint_found(lint, lint->line, "brackets nested too deep");
        return false;
    }
    lint_note_token(lint, TOKEN_OPEN);
    lint->open[lint->depth].bracket = lint->text.at[lint->at++];
    lint->open[lint->depth++].line = lint->line;
    return true;
}

static char closing(char bracket)
{
    return bracket == '{' ? '}' : bracket == '[' ? ']' : ')';
}

static bool take_close(struct lint *lint)
{
    char c = lint->text.at[lint->at++];
    if (lint->depth == 0) {
        problems_add(lint->problems, lint->file, lint->line, "this %c closes nothing", c);
        return false;
    }
    lint_note_token(lint, TOKEN_CLOSE);
    char bracket = lint->open[--lint->depth].bracket;
    if (c != closing(bracket)) {
        problems_add(lint->problems, lint->file, lint->line, "%c here, but expected %c for the %c of line %u", c,
                     closing(bracket), bracket, lint->open[lint->depth].line);
        return false;
    }
    return true;
}

static void take_garbage(struct lint *lint)
{
    int c = lint_peek(lint, 0);
    if (c == '@') {
        lint_found(lint, lint->line, "@include is not known here: each file stands alone");
        skip_line(lint);
        return;
    }
    lint_found(lint, lint->line,
               c >= 0x80 ? "a character outside of ASCII and outside of quotes; a typographic quote in place of \"?"
                         : "a character that means nothing here; names start with a letter, text goes into quotes");
    do {
        lint->at++;
    } while ((lint_peek(lint, 0) & ~0xFF) == 0 && (lint_peek(lint, 0) & 0xC0) == 0x80);
}

/* False: what follows cannot be told apart any more. */
static bool take_token(struct lint *lint)
{
    int c = lint_peek(lint, 0);
    if (c == '"')
        return lint_take_string(lint);
    if (c == '/' && lint_peek(lint, 1) == '*')
        return take_block_comment(lint);
    if (c == '{' || c == '[' || c == '(')
        return take_open(lint);
    if (c == '}' || c == ']' || c == ')')
        return take_close(lint);
    if (c == '#' || (c == '/' && lint_peek(lint, 1) == '/')) {
        skip_line(lint);
    } else if (lint_starts_number(lint)) {
        lint_take_number(lint);
    } else if (lint_is_letter(c) || c == '*') {
        take_word(lint);
    } else if (c == '=' || c == ':') {
        lint_note_token(lint, TOKEN_ASSIGN);
        lint->at++;
    } else if (c == ',' || c == ';') {
        lint_note_token(lint, c == ',' ? TOKEN_COMMA : TOKEN_SEMICOLON);
        lint->at++;
    } else if (strchr(" \t\r\f\n", c)) {
        lint->line += c == '\n';
        lint->at++;
    } else {
        take_garbage(lint);
    }
    return true;
}

static unsigned line_of(struct span text, size_t offset)
{
    unsigned line = 1;
    for (size_t i = 0; i < offset; i++)
        line += text.at[i] == '\n';
    return line;
}

static bool lint_encoding(struct span text, const char *file, struct problems *problems)
{
    if (span_starts_with(text, SPAN("\xEF\xBB\xBF"))) {
        problems_add(problems, file, 1, "the file starts with a byte order mark; save it as UTF-8 without one");
        return false;
    }
    const char *nul = text.len > 0 ? memchr(text.at, '\0', text.len) : NULL;
    if (nul) {
        problems_add(problems, file, line_of(text, (size_t)(nul - text.at)),
                     "a NUL byte; expected UTF-8 (is this UTF-16?)");
        return false;
    }
    const uint8_t *bad = text.len > 0 ? u8_check((const uint8_t *)text.at, text.len) : NULL;
    if (bad) {
        problems_add(problems, file, line_of(text, (size_t)((const char *)bad - text.at)), "not valid UTF-8");
        return false;
    }
    return true;
}

bool settings_lint(struct span text, const char *file, struct string_lines *lines, struct problems *problems)
{
    size_t before = problems->count;
    if (!lint_encoding(text, file, problems))
        return false;
    struct lint lint = {
        .text = text, .line = 1, .previous_line = 1, .file = file, .lines = lines, .problems = problems};
    while (lint.at < text.len)
        if (!take_token(&lint))
            return false;
    if (lint.depth == 0)
        lint_note_token(&lint, TOKEN_END);
    while (lint.depth > 0) {
        lint.depth--;
        problems_add(problems, file, lint.open[lint.depth].line, "this %c is never closed",
                     lint.open[lint.depth].bracket);
    }
    return problems->count == before;
}
