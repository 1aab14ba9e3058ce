#include "text/reference.h"

#include <unictype.h>
#include "text/utf8.h"

/* H. Michael Damm's totally anti-symmetric quasigroup of order 10 (thesis, Marburg 2004, page 111). */
static const unsigned char damm[10][10] = {
    {0, 3, 1, 7, 5, 9, 8, 6, 4, 2}, {7, 0, 9, 2, 1, 5, 4, 8, 6, 3}, {4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
    {1, 7, 5, 0, 9, 8, 3, 4, 2, 6}, {6, 1, 2, 3, 0, 4, 5, 9, 7, 8}, {3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
    {5, 8, 6, 9, 7, 2, 0, 1, 3, 4}, {8, 9, 4, 5, 3, 6, 2, 0, 1, 7}, {9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
    {2, 5, 8, 1, 4, 3, 6, 7, 9, 0},
};

char reference_check_digit(const char *digits, size_t count)
{
    unsigned interim = 0;
    for (size_t i = 0; i < count; i++)
        interim = damm[interim][(unsigned)(digits[i] - '0') % 10];
    return (char)('0' + interim);
}

void reference_complete(const char six[6], char out[REFERENCE_DIGITS + 1])
{
    for (size_t i = 0; i < REFERENCE_DIGITS - 1; i++)
        out[i] = six[i];
    out[REFERENCE_DIGITS - 1] = reference_check_digit(six, REFERENCE_DIGITS - 1);
    out[REFERENCE_DIGITS] = '\0';
}

bool reference_read(struct span typed, char out[REFERENCE_DIGITS + 1])
{
    char digits[REFERENCE_DIGITS + 1];
    size_t count = 0;
    uint32_t character;
    if (!span_is_present(typed) || !utf8_is_valid(typed))
        return false;
    while (utf8_next(&typed, &character)) {
        if (character == '-' || uc_is_property_white_space(character))
            continue;
        int value = uc_decimal_value(character);
        if (value < 0 || count == REFERENCE_DIGITS)
            return false;
        digits[count++] = (char)('0' + value);
    }
    if (count != REFERENCE_DIGITS || reference_check_digit(digits, count) != '0')
        return false;
    reference_complete(digits, out);
    return true;
}

void reference_show(const char reference[REFERENCE_DIGITS + 1], char out[REFERENCE_SHOWN])
{
    size_t to = 0;
    for (size_t from = 0; from < REFERENCE_DIGITS; from++) {
        if (from == 3)
            out[to++] = ' ';
        out[to++] = reference[from];
    }
    out[to] = '\0';
}
