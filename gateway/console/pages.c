#include "console/pages.h"

#include "base/clock.h"

static const struct span plain_text = {"text/plain; charset=utf-8", 25};

static void show_unwell(struct http_response *out, struct span why)
{
    *out = (struct http_response){.status = 503, .content_type = plain_text, .body = why};
}

/* Whoever looks after the gateway must see when callers are shown what nobody has reviewed. */
static struct span well(const struct console_config *config, struct arena *arena)
{
    const long long drafts = (long long)atomic_load(&config->metrics->drafts_shown);
    return drafts == 0
               ? SPAN("ok\n")
               : arena_format(arena, "ok\na demonstration: %lld of the texts that callers see are drafts\n", drafts);
}

static void show_health(const struct console_config *config, struct arena *arena, struct http_response *out)
{
    int64_t turned_at = atomic_load(config->heartbeat);
    int64_t age_ms = clock_utc_ms() - turned_at;
    if (turned_at == 0)
        show_unwell(out, SPAN("the loop has not turned yet\n"));
    else if (age_ms > CONSOLE_STALE_MS)
        show_unwell(out, arena_format(arena, "the loop last turned %lld seconds ago\n", (long long)age_ms / 1000));
    else
        *out = (struct http_response){.status = 200, .content_type = plain_text, .body = well(config, arena)};
}

static void show_metrics(const struct console_config *config, struct arena *arena, struct http_response *out)
{
    struct buffer text;
    buffer_init(&text, arena, METRICS_TEXT_MAX);
    metrics_write(config->metrics, clock_utc_ms(), &text);
    if (buffer_failed(&text))
        show_unwell(out, SPAN("the metrics do not fit into their page\n"));
    else
        *out = (struct http_response){.status = 200,
                                      .content_type = SPAN("text/plain; version=0.0.4; charset=utf-8"),
                                      .body = buffer_span(&text)};
}

static const struct route {
    const char *path;
    void (*show)(const struct console_config *config, struct arena *arena, struct http_response *out);
} routes[] = {
    {"/healthz", show_health},
    {"/metrics", show_metrics},
};

void pages_show(const struct console_config *config, struct span path, struct arena *arena, struct http_response *out)
{
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        if (span_equal_text(path, routes[i].path)) {
            routes[i].show(config, arena, out);
            return;
        }
    }
    *out = (struct http_response){.status = 404, .content_type = plain_text, .body = SPAN("not found\n")};
}
