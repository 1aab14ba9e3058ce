/* users_view: who works here: the list, one of them, and a password that was just made for somebody. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/span.h"
#include "console/pages/mistakes.h"

struct frame_view;

struct users_row {
    int64_t id, last_at;
    struct span name, shown, roles, topics, languages; /* in words */
    bool has_factor, is_disabled, is_me;
};

struct users_view {
    struct frame_view *frame;
    const struct users_row *rows;
    size_t row_count;
};

struct user_choice {
    struct span id, words, hint;
    bool is_chosen;
};

/* At its fields. */
struct user_wrong {
    struct mistake name, shown, roles, topics, languages;
};

struct user_said {
    struct span shown, roles, topics, languages; /* in words */
};

struct user_view {
    struct frame_view *frame;
    struct mistakes mistakes;
    struct user_wrong wrong;
    bool is_new, is_me, is_disabled, has_factor, must_change;
    int64_t id, last_at, created_at;
    uint32_t version;
    struct span name, shown, key;
    const struct user_choice *roles, *topics, *languages;
    size_t role_count, topic_count, language_count;
    bool has_conflict; /* somebody else changed the account: what it is now, and what was wanted here */
    struct user_said now, typed;
};

struct user_made_view {
    struct frame_view *frame;
    struct span name, shown, password;
    bool is_new, needs_factor;
};
