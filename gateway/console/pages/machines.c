/* What machines ask for: no person, no number, no text is in it, and nobody has to sign in. */
#include "base/clock.h"
#include "console/pages/pages.h"
#include "console/door/visit.h"

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

void page_metrics(struct visit *visit)
{
    struct buffer text;
    buffer_init(&text, visit->arena, METRICS_TEXT_MAX);
    metrics_write(visit->site->config->metrics, visit->now, &text);
    if (buffer_failed(&text))
        visit_give(visit, 503, plain_text, SPAN("the metrics do not fit into their page\n"));
    else
        visit_give(visit, 200, SPAN("text/plain; version=0.0.4; charset=utf-8"), buffer_span(&text));
}
