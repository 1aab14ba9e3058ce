/*
 * slot_view: when somebody may be called next, as words say it: "now, until 18:00", "tomorrow from 09:00", "do not call: text only".
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/span.h"

enum slot_kind {
    SLOT_NOW,       /* `until`; absent where it goes on for longer than a day */
    SLOT_TODAY,     /* `from` */
    SLOT_TOMORROW,  /* `from` */
    SLOT_LATER,     /* the day of `at`, `from` */
    SLOT_TEXT_ONLY, /* they do not want to be called */
    SLOT_NEVER,     /* neither called nor texted */
    SLOT_STOPPED,   /* they asked not to be called any more */
    SLOT_NONE,      /* they may be called, and no such time lies ahead, or is known yet */
};

struct slot_view {
    enum slot_kind kind;
    int64_t at;              /* when it begins, or began */
    struct span from, until; /* of the clock, in the digits of who looks */
    struct span zone;        /* "UTC+05:00", where that is not the desk's; or absent */
    bool is_after_hours;     /* the desk is closed then: their hours and its own never meet */
};
