/*
 * board: the open requests as they were read last, shared by all threads, pages and streams: what is counted on every page is read
 * once for everybody, however many look and however many wait. Read again when the desk changed something, but at most once a second,
 * or at once after board_look_again. Private to the console. Any thread.
 */
#pragma once
#include "core/desk.h"
#include "store/desk_reader.h"

#define BOARD_MS 1000       /* so old counters may be when the desk changed something */
#define BOARD_KEPT_MS 15000 /* and so old when it did not */

struct board;

struct board *board_create(const struct desk *desk);
void board_free(struct board *board); /* NULL is fine */
/* Who did something themselves, or sees rows beside the counters, is not shown older ones. */
void board_look_again(struct board *board);
/* What `who` has before them, at `now` (UTC ms). BROKEN, FULL: it had to be read again and could not be. */
enum outcome board_count(struct board *board, struct reader *reader, const struct operator *who, int64_t now,
                         struct queue_counts *counts, struct error *err) MUST_CHECK;
/* Of what was counted last, how many came or changed for them after `since` (UTC ms); 0 where that is 0. */
unsigned board_count_new(struct board *board, const struct operator *who, int64_t since);

/* Somebody was shown a number; and how often that was since the gateway started. Who it was, the audit says. */
void board_note_revealed(struct board *board);
uint64_t board_revealed(const struct board *board);

/* All open requests, whoever sees them, for whoever watches the gateway: as many as anybody looks at (DESK_LOOKED_MAX). */
struct board_tally {
    unsigned open[URGENCY_DANGER + 1], overdue;
};
enum outcome board_tally(struct board *board, struct reader *reader, int64_t now, struct board_tally *tally,
                         struct error *err) MUST_CHECK;
