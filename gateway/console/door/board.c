#include "console/door/board.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define ROWS_BYTES 16384

struct board {
    const struct desk *desk;
    pthread_mutex_t lock;
    struct arena *arena; /* of the rows */
    struct open_requests open;
    bool is_read, is_wanted; /* wanted: after the next change at once */
    uint64_t changes;        /* of the desk, as of then or before */
    int64_t read_at;
    atomic_uint_least64_t revealed;
};

struct board *board_create(const struct desk *desk)
{
    struct board *board = calloc(1, sizeof *board);
    if (!board)
        abort();
    pthread_mutex_init(&board->lock, NULL);
    board->desk = desk;
    board->arena = arena_create(ROWS_BYTES);
    return board;
}

void board_free(struct board *board)
{
    if (!board)
        return;
    arena_destroy(board->arena);
    pthread_mutex_destroy(&board->lock);
    free(board);
}

void board_look_again(struct board *board)
{
    pthread_mutex_lock(&board->lock);
    board->is_wanted = true;
    pthread_mutex_unlock(&board->lock);
}

void board_note_revealed(struct board *board)
{
    atomic_fetch_add_explicit(&board->revealed, 1, memory_order_relaxed);
}

uint64_t board_revealed(const struct board *board)
{
    return atomic_load_explicit(&board->revealed, memory_order_relaxed);
}

static bool is_old(const struct board *board, uint64_t changes, int64_t now)
{
    const int64_t age = now - board->read_at;
    if (!board->is_read || age < 0 || age >= BOARD_KEPT_MS)
        return true;
    return changes != board->changes && (board->is_wanted || age >= BOARD_MS);
}

/* With the lock held: whoever comes meanwhile wants the same. What is committed while it reads is a change after `changes`. */
static enum outcome read_again(struct board *board, struct reader *reader, uint64_t changes, int64_t now,
                               struct error *err)
{
    arena_reset(board->arena);
    enum outcome outcome = desk_read_open(reader, board->arena, &board->open, err);
    board->is_read = outcome == OUTCOME_OK;
    board->is_wanted = false;
    board->changes = changes;
    board->read_at = now;
    return outcome;
}

/* With the lock held. */
static enum outcome refresh(struct board *board, struct reader *reader, int64_t now, struct error *err)
{
    const uint64_t changes = desk_changes(board->desk);
    return is_old(board, changes, now) ? read_again(board, reader, changes, now, err) : OUTCOME_OK;
}

enum outcome board_count(struct board *board, struct reader *reader, const struct operator *who, int64_t now,
                         struct queue_counts *counts, struct error *err)
{
    pthread_mutex_lock(&board->lock);
    enum outcome outcome = refresh(board, reader, now, err);
    if (outcome == OUTCOME_OK)
        *counts = desk_count_queue(&board->open, who, now);
    pthread_mutex_unlock(&board->lock);
    return outcome;
}

unsigned board_count_new(struct board *board, const struct operator *who, int64_t since)
{
    pthread_mutex_lock(&board->lock);
    unsigned count = since ? desk_count_new(&board->open, who, since) : 0;
    pthread_mutex_unlock(&board->lock);
    return count;
}

enum outcome board_tally(struct board *board, struct reader *reader, int64_t now, struct board_tally *tally,
                         struct error *err)
{
    *tally = (struct board_tally){0};
    pthread_mutex_lock(&board->lock);
    enum outcome outcome = refresh(board, reader, now, err);
    for (size_t i = 0; outcome == OUTCOME_OK && i < board->open.count; i++) {
        const struct open_request *row = &board->open.rows[i];
        if (row->is_over)
            continue;
        tally->open[row->urgency]++;
        tally->overdue += row->wait_until <= now && row->due_at && row->due_at < now;
    }
    pthread_mutex_unlock(&board->lock);
    return outcome;
}
