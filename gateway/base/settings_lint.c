#include "base/settings_lint.h"

#include <string.h>
#include <unistr.h>

#define DEPTH_MAX 32

enum token { TOKEN_NONE, TOKEN_NAME, TOKEN_ASSIGN, TOKEN_NUMBER, TOKEN_STRING, TOKEN_WORD, TOKEN_COMMA, TOKEN_OTHER };

struct lint {
    struct span text;
    size_t at;
    unsigned line;
    enum token previous;
    unsigned previous_line;
    struct {
        char bracket;
        unsigned line;
    } open[DEPTH_MAX];
    size_t depth;
    const char *file;
    struct string_lines *lines;
    struct problems *problems;
};

static int peek(const struct lint *lint, size_t ahead)
{
    return lint->at + ahead < lint->text.len ? (unsigned char)lint->text.at[lint->at + ahead] : -1;
}

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_in_name(int c)
{
    return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '*';
}

static void found(const struct lint *lint, unsigned line, const char *what)
{
    problems_add(lint->problems, lint->file, line, "%s", what);
}

static void note_token(struct lint *lint, enum token token)
{
    lint->previous = token;
    lint->previous_line = lint->line;
}

static bool in_list(const struct lint *lint)
{
    return lint->depth > 0 && lint->open[lint->depth - 1].bracket != '{';
}

static void remember_line(struct string_lines *lines, unsigned line)
{
    if (lines->count == lines->room) {
        size_t room = lines->room ? lines->room * 2 : 64;
        unsigned *wider = ARENA_ARRAY(lines->arena, unsigned, room);
        if (lines->count > 0) {
            memcpy(wider, lines->at, lines->count * sizeof *wider);
        }
        lines->at = wider;
        lines->room = room;
    }
    lines->at[lines->count++] = line;
}

static int hex_value(int c)
{
    return is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* At the backslash. libconfig keeps an escape that it does not know as it stands, and drops \x00. */
static void check_escape(struct lint *lint)
{
    int c = peek(lint, 1);
    if (c == 'x') {
        int high = hex_value(peek(lint, 2)), low = high < 0 ? -1 : hex_value(peek(lint, 3));
        if (low < 0 || high > 7 || (high == 0 && low == 0)) {
            found(lint, lint->line, "\\x stands for ASCII only, \\x01 to \\x7F; write other characters themselves");
        }
    } else if (c <= 0 || !strchr("\\\"nrtf", c)) {
        found(lint, lint->line, "unknown escape in a text; known are \\\\ \\\" \\n \\r \\t \\f \\xHH");
    }
    lint->at += c < 0 || c == '\n' ? 1 : 2;
}

static bool take_string(struct lint *lint)
{
    if (lint->previous != TOKEN_STRING) {
        if (in_list(lint)) {
            remember_line(lint->lines, lint->line);
        }
    } else if (in_list(lint) && lint->previous_line == lint->line) {
        found(lint, lint->line, "a comma is missing between two texts of a list");
    }
    lint->at++;
    for (int c = peek(lint, 0); c != '"'; c = peek(lint, 0)) {
        if (c < 0 || c == '\n' || c == '\r') {
            found(lint, lint->line, "this text is not closed on its line; expected \" (\\n stands for a line break)");
            return false; /* from here on, inside and outside are mixed up */
        }
        if (c == '\\') {
            check_escape(lint);
            continue;
        }
        if ((c < 0x20 && c != '\t') || c == 0x7F) {
            found(lint, lint->line, "a control character in a text; write it as \\xHH");
        }
        lint->at++;
    }
    lint->at++;
    note_token(lint, TOKEN_STRING);
    return true;
}

static bool take_block_comment(struct lint *lint)
{
    unsigned opened = lint->line;
    for (lint->at += 2; peek(lint, 0) >= 0; lint->at++) {
        if (peek(lint, 0) == '*' && peek(lint, 1) == '/') {
            lint->at += 2;
            return true;
        }
        lint->line += peek(lint, 0) == '\n';
    }
    found(lint, opened, "this comment never ends; expected */");
    return false;
}

static void skip_line(struct lint *lint)
{
    while (peek(lint, 0) >= 0 && peek(lint, 0) != '\n') {
        lint->at++;
    }
}

/* Past digits of `base`; their value, or UINT64_MAX when it is that or more. */
static uint64_t take_digits(struct lint *lint, unsigned base)
{
    uint64_t value = 0;
    for (int digit = hex_value(peek(lint, 0)); digit >= 0 && (unsigned)digit < base; digit = hex_value(peek(lint, 0))) {
        if (__builtin_mul_overflow(value, base, &value) || __builtin_add_overflow(value, (unsigned)digit, &value)) {
            value = UINT64_MAX;
        }
        lint->at++;
    }
    return value;
}

static void take_fraction(struct lint *lint)
{
    if (peek(lint, 0) == '.') {
        lint->at++;
        take_digits(lint, 10);
    }
    if (peek(lint, 0) == 'e' || peek(lint, 0) == 'E') {
        lint->at += peek(lint, 1) == '-' || peek(lint, 1) == '+' ? 2 : 1;
        take_digits(lint, 10);
    }
}

static void check_range(const struct lint *lint, uint64_t value, bool is_long)
{
    if (value > INT64_MAX) {
        found(lint, lint->line, "this number is too large; a text of digits goes into quotes");
    } else if (value > INT32_MAX && !is_long) {
        found(lint, lint->line,
              "a number over 2147483647 takes an L behind it (3000000000L); a text of digits goes into quotes");
    }
}

static void take_number(struct lint *lint)
{
    lint->at += peek(lint, 0) == '-' || peek(lint, 0) == '+';
    bool hex = peek(lint, 0) == '0' && (peek(lint, 1) == 'x' || peek(lint, 1) == 'X');
    lint->at += hex ? 2 : 0;
    size_t start = lint->at;
    uint64_t value = take_digits(lint, hex ? 16 : 10);
    if (!hex && lint->at - start > 1 && lint->text.at[start] == '0') {
        found(lint, lint->line, "a number loses the 0 that it leads with; a text of digits goes into quotes");
    }
    if (!hex && (peek(lint, 0) == '.' || peek(lint, 0) == 'e' || peek(lint, 0) == 'E')) {
        take_fraction(lint);
    } else {
        bool is_long = peek(lint, 0) == 'L';
        while (peek(lint, 0) == 'L') {
            lint->at++;
        }
        check_range(lint, value, is_long);
    }
    if (is_in_name(peek(lint, 0)) || peek(lint, 0) == '.' || peek(lint, 0) == '+') {
        found(lint, lint->line, "something stands right behind a number; text goes into quotes");
        while (is_in_name(peek(lint, 0)) || peek(lint, 0) == '.' || peek(lint, 0) == '+') {
            lint->at++;
        }
    }
    note_token(lint, TOKEN_NUMBER);
}

static void take_word(struct lint *lint)
{
    struct span word = span_from(lint->text, lint->at);
    size_t len = 0;
    while (is_in_name(peek(lint, len))) {
        len++;
    }
    word = span_first(word, len);
    lint->at += len;
    bool value_expected = lint->previous == TOKEN_ASSIGN || in_list(lint);
    if (!value_expected) {
        note_token(lint, TOKEN_NAME);
        return;
    }
    if (!span_equal_nocase(word, SPAN("true")) && !span_equal_nocase(word, SPAN("false"))) {
        found(lint, lint->line, "a bare word as a value; expected true, false, a number, or text in quotes");
    }
    note_token(lint, TOKEN_WORD);
}

static bool take_open(struct lint *lint)
{
    if (lint->depth == DEPTH_MAX) {
        found(lint, lint->line, "brackets nested too deep");
        return false;
    }
    lint->open[lint->depth].bracket = lint->text.at[lint->at++];
    lint->open[lint->depth++].line = lint->line;
    note_token(lint, TOKEN_OTHER);
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
    char bracket = lint->open[--lint->depth].bracket;
    if (c != closing(bracket)) {
        problems_add(lint->problems, lint->file, lint->line, "%c here, but expected %c for the %c of line %u", c,
                     closing(bracket), bracket, lint->open[lint->depth].line);
        return false;
    }
    if (lint->previous == TOKEN_COMMA && c != '}') {
        found(lint, lint->previous_line, "a comma behind the last item of a list; expected none");
    }
    note_token(lint, TOKEN_OTHER);
    return true;
}

static void take_assign(struct lint *lint)
{
    if (lint->previous == TOKEN_NUMBER || lint->previous == TOKEN_STRING) {
        found(lint, lint->previous_line, "expected a name here: it starts with a letter and has no quotes");
    }
    lint->at++;
    note_token(lint, TOKEN_ASSIGN);
}

static void take_garbage(struct lint *lint)
{
    int c = peek(lint, 0);
    if (c == '@') {
        found(lint, lint->line, "@include is not known here: each file stands alone");
        skip_line(lint);
        return;
    }
    found(lint, lint->line,
          c >= 0x80 ? "a character outside of ASCII and outside of quotes; a typographic quote in place of \"?"
                    : "a character that means nothing here; names start with a letter, text goes into quotes");
    do {
        lint->at++;
    } while ((peek(lint, 0) & ~0xFF) == 0 && (peek(lint, 0) & 0xC0) == 0x80);
}

static bool starts_number(const struct lint *lint)
{
    int c = peek(lint, 0);
    bool sign = c == '-' || c == '+';
    int first = sign ? peek(lint, 1) : c, second = peek(lint, sign ? 2 : 1);
    return is_digit(first) || (first == '.' && is_digit(second));
}

/* False: what follows cannot be told apart any more. */
static bool take_token(struct lint *lint)
{
    int c = peek(lint, 0);
    if (c == '"') {
        return take_string(lint);
    }
    if (c == '/' && peek(lint, 1) == '*') {
        return take_block_comment(lint);
    }
    if (c == '{' || c == '[' || c == '(') {
        return take_open(lint);
    }
    if (c == '}' || c == ']' || c == ')') {
        return take_close(lint);
    }
    if (c == '#' || (c == '/' && peek(lint, 1) == '/')) {
        skip_line(lint);
    } else if (starts_number(lint)) {
        take_number(lint);
    } else if (is_letter(c) || c == '*') {
        take_word(lint);
    } else if (c == '=' || c == ':') {
        take_assign(lint);
    } else if (c == ',' || c == ';') {
        note_token(lint, c == ',' ? TOKEN_COMMA : TOKEN_OTHER);
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
    for (size_t i = 0; i < offset; i++) {
        line += text.at[i] == '\n';
    }
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
    if (!lint_encoding(text, file, problems)) {
        return false;
    }
    struct lint lint = {.text = text, .line = 1, .file = file, .lines = lines, .problems = problems};
    while (lint.at < text.len) {
        if (!take_token(&lint)) {
            return false;
        }
    }
    while (lint.depth > 0) {
        lint.depth--;
        problems_add(problems, file, lint.open[lint.depth].line, "this %c is never closed",
                     lint.open[lint.depth].bracket);
    }
    return problems->count == before;
}
