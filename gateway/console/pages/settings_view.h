/* settings_view: everybody's own settings. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/span.h"
#include "console/pages/mistakes.h"
#include "model/desk.h"

struct frame_view;

struct settings_language {
    struct span id, name;
    bool is_chosen;
};

struct settings_sign_in {
    int64_t id, created_at, seen_at;
    struct span agent;
    bool is_this, is_locked, is_half;
};

/* At its fields. */
struct settings_wrong {
    struct mistake lang, password, new_password, again, recovery;
};

struct settings_view {
    struct frame_view *frame;
    struct mistakes mistakes;
    struct settings_wrong wrong;
    bool must_change;
    struct span name;
    const struct settings_language *languages;
    size_t language_count;
    enum theme theme;
    bool has_shortcuts, has_factor;
    unsigned codes_left;
    const struct settings_sign_in *sign_ins;
    size_t sign_in_count;
    struct span key;
    unsigned shortest;
};
