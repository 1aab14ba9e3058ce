/* What open pages ask by themselves. */
#include "console/door/live.h"
#include "console/door/live_text.h"
#include "console/pages/pages.h"

void page_live(struct visit *visit)
{
    enum outcome outcome = live_open(visit->site->live, visit, visit_query_id(visit, "since"),
                                     visit_query_id(visit, "request"), &visit->stream);
    if (outcome == OUTCOME_OK) {
        visit_header(visit, SPAN("X-Accel-Buffering"), SPAN("no")); /* nginx passes it on as it comes */
        visit_give(visit, 200, SPAN("text/event-stream; charset=utf-8"), SPAN(""));
    } else {
        visit_header(visit, SPAN("Retry-After"), SPAN("20"));
        visit_give(visit, 503, SPAN("text/plain; charset=utf-8"), SPAN("too many listen already\n"));
    }
}

void page_counts(struct visit *visit)
{
    struct error err;
    struct span json = SPAN_NONE;
    enum outcome outcome =
        live_counts(visit, visit_query_id(visit, "since"), visit_query_id(visit, "request"), &json, &err);
    if (outcome == OUTCOME_OK)
        visit_give(visit, 200, SPAN("application/json"), json);
    else
        visit_fail(visit, outcome, &err);
}
