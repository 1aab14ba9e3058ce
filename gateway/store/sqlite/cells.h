/* cells: one row of an export being written, value by value, in the order of its kind's names. */
#pragma once
#include "store/sqlite/reader.h"

#define CELLS_MAX 24

struct exporting {
    struct reader *reader;
    struct arena *arena;
    struct sql sql;
    sqlite3_stmt *answers;
    struct span values[CELLS_MAX];
    size_t count;
};

void cell_add(struct exporting *row, struct span value);
void cell_add_number(struct exporting *row, int64_t number);
void cell_add_id(struct exporting *row, int64_t id);   /* 0: absent */
void cell_add_time(struct exporting *row, int64_t at); /* ISO, UTC; 0: absent */
void cell_add_flag(struct exporting *row, bool flag);  /* yes or no */

/* A word of a fixed list, by its number; what is past the list is shown as the number. */
#define CELL_ADD_NAMED(row, names, number)                                                                             \
    cell_add_named((row), (names), sizeof(names) / sizeof *(names), (unsigned)(number))
void cell_add_named(struct exporting *row, const char *const *names, size_t count, unsigned number);

/* BROKEN when it does not open. */
enum outcome cell_add_number_to_call(struct exporting *row, int64_t phone, struct span sealed,
                                     struct error *err) MUST_CHECK;
/* One JSON object, fields in the order first answered; absent when there was no form. */
enum outcome cell_add_answers(struct exporting *row, int64_t entry, struct error *err) MUST_CHECK;
/* The migration cycle that the answers tell of, then those that were not sealed as one JSON object. */
enum outcome cell_add_cycle_and_answers(struct exporting *row, struct span channel, int64_t entry,
                                        struct error *err) MUST_CHECK;
