/*
 * queue_view: the queue, and a row of it, as templates show them.
 */
#pragma once
#include <stdbool.h>
#include "console/pages/choice.h"
#include "console/pages/mistakes.h"
#include "console/pages/slot_view.h"
#include "model/person.h"

struct frame_view;

/* The one thing to do next with a request. */
enum next_action { NEXT_CLAIM, NEXT_CALL, NEXT_TEXT, NEXT_LOOK, NEXT_CLOSE, NEXT_GO_ON, NEXT_OPEN };

/* Where in the queue a row stands: a claim that came too late comes back here. */
struct queue_place {
    const char *tab, *channel; /* channel: NULL: any */
    struct span topic, lang, area, desk;
};

/* When something is to be done with a request, or since when it is over. */
struct due_view {
    int64_t due_at, wait_until, over_at; /* 0: it is over, it does not wait, it is not over */
    bool is_overdue, is_due_soon;
    struct span zone; /* "UTC+05:00", where it is not that of the page; or absent */
};

struct queue_row_view {
    const struct frame_view *frame; /* whose token the form carries */
    int64_t id;
    uint32_t version;
    struct span reference; /* "482 7153" */
    enum request_urgency urgency;
    enum request_attention attention;
    const char *status;  /* the name of its word */
    const char *outcome; /* of what came of it, once it is closed; or NULL */
    struct span topic, lang, area, kind;
    struct span asked_for; /* "evening, a woman" */
    struct slot_view slot;
    struct due_view due;
    int64_t created_at;
    int zone_minutes, desk_zone_minutes; /* in which its times are said, and those around it */
    struct span zone;                    /* "UTC+05:00", where they are not the same; or absent */
    bool is_over;
    unsigned attempts;
    struct span assignee;
    bool is_mine, has_draft;
    bool is_in_closed; /* among others that are over: none of them is called */
    enum next_action next;
    struct span key;    /* of the form that claims it */
    const char *notice; /* the name of a word about what was just tried with it, or NULL */
    struct queue_place place;
};

struct queue_tab_view {
    const char *id, *word;
    unsigned count;
    bool is_due, is_counted, is_capped, is_current;
};

struct queue_saved_view {
    struct span name, key;
    struct queue_place place;
    bool is_current;
};

struct queue_view {
    struct frame_view *frame;
    struct queue_tab_view *tabs;
    size_t tab_count;
    struct queue_place place;
    struct choices topics, languages, channels, areas, desks;
    bool is_filtered;
    struct queue_saved_view *saved;
    size_t saved_count;
    struct span save_key, save_name; /* of the form that saves these filters; the name as it was typed */
    struct mistakes mistakes;        /* with that form */
    struct mistake save_wrong;
    struct queue_row_view *rows;
    size_t row_count;
    struct span next; /* where the next page begins, or absent */
    bool is_later_page;
    int64_t hidden; /* that are not theirs to see */
    bool is_hidden_capped;
    const char *empty_word; /* what an empty tab says */
    bool is_done_tab;
};
