/* What machines ask for: no person, no number, no text is in it, and nobody has to sign in. */
#include "base/log.h"
#include "base/metrics_text.h"
#include "console/door/board.h"
#include "console/door/known.h"
#include "console/door/live.h"
#include "console/door/readers.h"
#include "console/door/visit.h"
#include "console/pages/pages.h"

static const struct span plain_text = {"text/plain; charset=utf-8", 25};

/* Whoever looks after the gateway must see when callers are shown what nobody has reviewed. */
static struct span well(const struct visit *visit)
{
    const long long drafts = (long long)atomic_load(&visit->site->config->metrics->drafts_shown);
    return drafts == 0 ? SPAN("ok\n")
                       : arena_format(visit->arena,
                                      "ok\na demonstration: %lld of the texts that callers see are drafts\n", drafts);
}

void page_healthz(struct visit *visit)
{
    int64_t turned_at = atomic_load(visit->site->config->heartbeat);
    int64_t age_ms = visit->now - turned_at;
    if (turned_at == 0)
        visit_give(visit, 503, plain_text, SPAN("the loop has not turned yet\n"));
    else if (age_ms > CONSOLE_STALE_MS)
        visit_give(visit, 503, plain_text,
                   arena_format(visit->arena, "the loop last turned %lld seconds ago\n", (long long)age_ms / 1000));
    else
        visit_give(visit, 200, plain_text, well(visit));
}

/* ---- the desk's own numbers ---- */

enum { DESK_TEXT_MAX = 4096 };

static void write_number(struct buffer *out, const char *name, const char *help, const char *type, uint64_t value)
{
    metrics_write_head(out, name, help, type);
    buffer_add_format(out, "helpline_%s %llu\n", name, (unsigned long long)value);
}

static void write_tally(struct buffer *out, const struct board_tally *tally, int64_t signed_in)
{
    static const char *const names[] = {
        [URGENCY_NORMAL] = "normal", [URGENCY_SOON] = "soon", [URGENCY_DANGER] = "danger"};
    metrics_write_head(out, "desk_requests_open", "Requests that are not closed, by urgency.", "gauge");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        buffer_add_format(out, "helpline_desk_requests_open{urgency=\"%s\"} %u\n", names[i], tally->open[i]);
    write_number(out, "desk_requests_overdue", "Open requests that were due and wait for nothing.", "gauge",
                 tally->overdue);
    write_number(out, "desk_operators",
                 "Operators who are signed in and used the desk within the last quarter of an hour.", "gauge",
                 (uint64_t)signed_in);
}

/* What the file says; where it cannot be read just now, these lines are missing, and the others are not. */
static void write_read(const struct visit *visit, struct buffer *out)
{
    const struct site *site = visit->site;
    struct reader *reader = NULL;
    struct board_tally tally;
    struct error err;
    int64_t signed_in = 0;
    enum outcome outcome = readers_take(site->readers, &reader, &err);
    if (outcome == OUTCOME_OK)
        outcome = board_tally(site->board, reader, visit->now, &tally, &err);
    if (outcome == OUTCOME_OK)
        outcome = desk_count_signed_in(reader, visit->now - SIGN_IN_IDLE_MS, visit->now, &signed_in, &err);
    if (outcome == OUTCOME_OK)
        write_tally(out, &tally, signed_in);
    else
        log_event(LOG_LEVEL_WARNING, "console", "desk_not_measured", "why=\"%s\"", err.text);
    readers_give_back(site->readers, reader, outcome != OUTCOME_OK);
}

static void write_desk(const struct visit *visit, struct buffer *out)
{
    const struct site *site = visit->site;
    write_read(visit, out);
    write_number(out, "desk_streams", "Open pages that are told what is new.", "gauge", live_count(site->live));
    write_number(out, "desk_actions_waiting", "What operators did and the loop has not come to.", "gauge",
                 desk_waiting(site->config->desk));
    write_number(out, "desk_sign_ins_refused_total",
                 "Sign-ins that were refused: wrong, closed, disabled, no such name.", "counter",
                 known_refusals(site->known));
    write_number(out, "desk_numbers_revealed_total",
                 "Numbers of people that operators were shown. The audit says to whom.", "counter",
                 board_revealed(site->board));
}

void page_metrics(struct visit *visit)
{
    struct buffer text;
    buffer_init(&text, visit->arena, METRICS_TEXT_MAX + DESK_TEXT_MAX);
    metrics_write(visit->site->config->metrics, visit->now, &text);
    if (visit->site->config->desk)
        write_desk(visit, &text);
    if (buffer_failed(&text))
        visit_give(visit, 503, plain_text, SPAN("the metrics do not fit into their page\n"));
    else
        visit_give(visit, 200, SPAN("text/plain; version=0.0.4; charset=utf-8"), buffer_span(&text));
}
