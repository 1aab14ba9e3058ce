/*
 * queue_address: which part of the queue a page shows, as its address says it: "tab=mine&topic=work". So a page can be shared, and a
 * saved filter is nothing but such a text. What the address does not say, or says in no way that is understood, is left open. Pure.
 */
#pragma once
#include "base/arena.h"
#include "base/duration.h"
#include "http/form.h"
#include "store/desk_reader.h"

enum queue_tab {
    TAB_ALL, /* where nothing is said: all that is to be done now */
    TAB_MINE,
    TAB_UNASSIGNED,
    TAB_DANGER,
    TAB_DUE, /* within the hour */
    TAB_OVERDUE,
    TAB_WAITING,
    TAB_TROUBLE, /* a text did not arrive, or its person wrote since */
    TAB_DONE,
    TAB_COUNT
};
#define QUEUE_DUE_SOON_MS HOUR_MS

struct queue_address {
    enum queue_tab tab;
    struct span topic, lang, area, desk; /* absent: any */
    enum queue_channel channel;
    struct span after; /* where the page before ended; absent: the first page */
};

const char *queue_tab_id(enum queue_tab tab);             /* "mine", as the address says it */
const char *queue_channel_id(enum queue_channel channel); /* "sms"; NULL: any */
void queue_address_read(const struct pair *pairs, size_t count, struct queue_address *out);
/* Without the place of a page: what is shared or saved begins at the first. */
struct span queue_address_write(const struct queue_address *address, struct arena *arena);
bool queue_address_is_filtered(const struct queue_address *address); /* anything but the tab is chosen */
void queue_address_filter(const struct queue_address *address, const struct operator *operator, int64_t now,
                          struct queue_filter *out);
