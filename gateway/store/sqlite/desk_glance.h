/* desk_glance: requests in the order of the queue, with just enough of each to say whether it belongs there. Private to gateway/store/sqlite/. */
#pragma once
#include "store/sqlite/desk_read.h"

struct glance {
    int64_t id, due_at, changed_at, assignee, wait_until;
    int64_t news_at; /* when it was changed, or its person wrote something that nobody has dealt with */
    enum request_urgency urgency;
    enum request_attention attention;
    struct span topic, desk, lang; /* of the words that are kept: they live as long as the reader */
    bool is_over;
};

/* Open ones: danger first, and of one urgency by when they are due, those that never are last. Marked ones: those behind the open ones
 * that are over and have to be looked at all the same, in the order in which they were made. Done ones: the last closed first. */
enum glances_of { GLANCES_OPEN, GLANCES_OPEN_AND_MARKED, GLANCES_DONE };
struct glances {
    struct reader *reader;
    enum glances_of of;
    bool is_marked; /* behind the open ones */
    enum request_urgency urgency;
    bool is_undue; /* those that are never due */
    bool is_open;  /* a statement is under way */
    int64_t after_at, after_id;
    struct sql sql;
    struct error why;
    enum outcome outcome;
};

void glances_begin(struct glances *glances, struct reader *reader, enum glances_of of);
/* From behind one that was shown, wherever that is now. */
void glances_start_after(struct glances *glances, enum request_urgency urgency, int64_t at, int64_t id);
void glances_start_after_marked(struct glances *glances, int64_t id);
void glances_begin_again(struct glances *glances);                 /* from the first one; what went wrong stays */
bool glances_next(struct glances *glances, struct glance *glance); /* false: no more, or glances_end tells why */
enum outcome glances_end(struct glances *glances, enum outcome outcome, struct error *err) MUST_CHECK;
