/* What stands around every page, as far as it follows from who looks. */
#include "base/log.h"
#include "console/door/back.h"
#include "console/door/board.h"
#include "console/door/cookie.h"
#include "console/door/csrf.h"
#include "console/door/visit.h"
#include "console/page/frame.h"
#include "text/reference.h"

#define SAID_MAX 64

static const char *theme_name(const struct operator *operator)
{
    static const char *const names[] = {[THEME_AUTO] = "auto", [THEME_LIGHT] = "light", [THEME_DARK] = "dark"};
    return operator && operator->theme <= THEME_DARK ? names[operator->theme] : "auto";
}

/* A page is not refused for want of its counters. */
static void count(const struct visit *visit, struct frame_view *frame)
{
    struct queue_counts counts = {0};
    struct error err;
    if (!frame->may_queue)
        return;
    if (board_count(visit->site->board, visit->reader, visit->operator, visit->now, &counts, &err) != OUTCOME_OK) {
        log_event(LOG_LEVEL_WARNING, "console", "not_counted", "why=\"%s\"", err.text);
        return;
    }
    frame->unassigned = counts.unassigned;
    frame->danger = counts.danger;
    frame->overdue = counts.overdue;
    frame->mine = counts.mine;
    frame->since = counts.newest;
}

/* Only what is a word of ours, and a reference: a cookie is what somebody sends. */
static void take_said(const struct visit *visit, struct frame_view *frame)
{
    char digits[REFERENCE_DIGITS + 1], shown[REFERENCE_SHOWN];
    struct span cookie = cookie_read(visit->site, visit->request, COOKIE_SAID);
    if (cookie.len == 0 || cookie.len >= SAID_MAX)
        return;
    const char *word = arena_text(visit->arena, span_cut(&cookie, '.'));
    if (words_named(word) == WORD_COUNT)
        return;
    frame->flash_word = word;
    if (!span_is_present(cookie) || !reference_read(cookie, digits))
        return;
    reference_show(digits, shown);
    frame->flash_reference = arena_copy(visit->arena, span_of(shown));
}

/* The sign-in was used just now, or within the last minute. */
static int64_t idle_left(const struct visit *visit)
{
    int64_t since = visit->now - visit->sign_in->seen_at;
    return SIGN_IN_IDLE_MS - (since < 60000 ? since : 0);
}

struct frame_view *visit_frame(const struct visit *visit, const char *title_word, const char *section)
{
    struct frame_view *frame = ARENA_NEW(visit->arena, struct frame_view);
    frame->title_word = title_word;
    frame->lang = words_id(visit->style.words);
    frame->theme = theme_name(visit->whose);
    frame->token = csrf_token(visit);
    if (span_equal(visit->request->method, SPAN("POST")))
        frame->above = back_above(visit);
    take_said(visit, frame);
    frame->drafts_shown = (int64_t)atomic_load(&visit->site->config->metrics->drafts_shown);
    frame->is_locked = visit->whose && !visit->operator && !visit->sign_in->is_half;
    frame_locate(frame, section);
    if (!visit->operator)
        return frame;
    frame->is_signed_in = true;
    frame->operator_name = visit->operator->shown;
    frame->has_shortcuts = visit->operator->has_shortcuts;
    frame->may_queue = visit_may(visit, RIGHT_QUEUE);
    frame->may_sessions = visit_may(visit, RIGHT_SESSIONS);
    frame->may_outbox = visit_may(visit, RIGHT_OUTBOX);
    frame->may_users = visit_may(visit, RIGHT_USERS);
    frame->may_audit = visit_may(visit, RIGHT_AUDIT);
    frame->lock_ms = idle_left(visit);
    frame->request = span_starts_with(visit->request->path, SPAN("/requests/")) ? visit->id : 0;
    count(visit, frame);
    return frame;
}
