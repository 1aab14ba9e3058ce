#include "cli/csv.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A sign or none, digits, at most one point with digits on both sides. */
static bool is_number(struct span value)
{
    size_t i = value.len > 0 && (value.at[0] == '+' || value.at[0] == '-');
    bool point = false;
    if (i == value.len || !is_digit(value.at[value.len - 1]) || !is_digit(value.at[i]))
        return false;
    for (; i < value.len; i++)
        if (value.at[i] == '.' && !point)
            point = true;
        else if (!is_digit(value.at[i]))
            return false;
    return true;
}

static bool has_any(struct span value, const char *characters)
{
    for (size_t i = 0; i < value.len; i++)
        if (value.at[i] != '\0' && strchr(characters, value.at[i]))
            return true;
    return false;
}

static bool needs_defusing(struct span value)
{
    return has_any(span_first(value, 1), "=+-@\t\r'") && !is_number(value);
}

void csv_add_cell(struct buffer *out, struct span value)
{
    if (!span_is_present(value))
        return;
    bool outer_blank = value.len > 0 && (value.at[0] == ' ' || value.at[value.len - 1] == ' ');
    bool quoted = value.len == 0 || outer_blank || has_any(value, ",\"\r\n\t");
    if (quoted)
        buffer_add_char(out, '"');
    if (needs_defusing(value))
        buffer_add_char(out, '\'');
    for (size_t i = 0; i < value.len; i++) {
        if (value.at[i] == '"')
            buffer_add_char(out, '"');
        buffer_add_char(out, value.at[i]);
    }
    if (quoted)
        buffer_add_char(out, '"');
}

void csv_add_row(struct buffer *out, const struct span *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_add_char(out, ',');
        csv_add_cell(out, values[i]);
    }
    buffer_add_text(out, "\r\n");
}
