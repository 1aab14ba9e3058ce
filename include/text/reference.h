/*
 * reference: the number a person is given for a request: six random digits and a Damm check digit, read in groups "482 7153".
 * The check digit catches every single mistyped digit and every swap of neighbours (Damm, 2004). Pure.
 */
#pragma once
#include <stdbool.h>
#include "base/span.h"

#define REFERENCE_DIGITS 7
#define REFERENCE_OF_NOBODY "-------" /* in the place of one that was typed and belongs to no case */
#define REFERENCE_SHOWN 9             /* "482 7153" and a NUL */

/* Of `count` ASCII digits. */
char reference_check_digit(const char *digits, size_t count);
/* The six with their check digit behind, and a NUL. */
void reference_complete(const char six[6], char out[REFERENCE_DIGITS + 1]);
bool reference_read(struct span typed,
                    char out[REFERENCE_DIGITS + 1]); /* blanks and dashes forgiven; false when it does not check */
void reference_show(const char reference[REFERENCE_DIGITS + 1], char out[REFERENCE_SHOWN]);
