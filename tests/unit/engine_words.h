/* The words that every service needs, for the small ones of the tests. */
#pragma once

#define ENGINE_WORDS(more)                                                                                             \
    "engine = { back = \"Back\"; main = \"Main\"; more = \"More\"; skip = \"Skip\"; bad = \"Pick a number.\";\n"       \
    "  bad_text = \"Type again.\"; no_match = \"Not found.\"; too_many = \"Too many.\"; moved = \"The menu "           \
    "changed.\";\n"                                                                                                    \
    "  no_requests = \"None yet.\"; " more "\n"                                                                        \
    "  days = [ \"Sun\", \"Mon\", \"Tue\", \"Wed\", \"Thu\", \"Fri\", \"Sat\" ];\n"                                    \
    "  months = [ \"Jan\", \"Feb\", \"Mar\", \"Apr\", \"May\", \"Jun\", \"Jul\", \"Aug\", \"Sep\", \"Oct\", \"Nov\", " \
    "\"Dec\" ];\n"                                                                                                     \
    "  today = \"today\"; tomorrow = \"tomorrow\"; due_format = \"{day} {time}\"; date_format = \"{d} {month}\";\n"    \
    "  airtime_free = \" - free\"; airtime_cost = \" - {cost}\"; };\n"
#define PIN_WORDS "pin_wrong = \"Not right.\"; pin_locked = \"Wait an hour.\";"
#define STATE_WORDS                                                                                                    \
    "request_states = { waiting = \"waiting\"; assigned = \"with us\"; called = \"called\"; closed = \"done\"; "       \
    "cancelled = \"cancelled\"; };\n"
