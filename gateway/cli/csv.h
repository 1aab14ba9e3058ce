/*
 * csv: rows as RFC 4180 has them: quoted where needed, quotes doubled, CRLF. Pure: into a buffer.
 *
 * A spreadsheet runs a cell that begins with = + - @ or a tab as a formula, and these cells hold what strangers typed. Such a
 * cell gets a ' in front, which spreadsheets take as "text" and do not show. A cell that is nothing but a number, with its
 * sign and point, stays as it is: "+8801712345678" has to come back as it was, and no number is a formula. A cell that begins
 * with ' gets one too, so that reading back is one rule: a leading ' goes.
 *
 * An absent value is an empty cell, an empty text is "".
 */
#pragma once
#include "base/buffer.h"
#include "base/span.h"

void csv_add_cell(struct buffer *out, struct span value);
void csv_add_row(struct buffer *out, const struct span *values, size_t count);
