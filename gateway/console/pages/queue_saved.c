/* Filters of the queue that an operator keeps under a name. */
#include "console/door/visit.h"
#include "console/pages/pages.h"
#include "console/pages/queue_row.h"
#include "console/pages/said.h"

void do_filter(struct visit *visit)
{
    struct queue_address address;
    struct desk_result result;
    queue_address_read(visit->form, visit->form_count, &address);
    bool is_dropped = span_is_present(visit_field(visit, "drop"));
    struct desk_action action = visit_action(visit, DESK_FILTER);
    action.name = span_trim(visit_field(visit, "name"));
    action.text = is_dropped ? SPAN_NONE : queue_address_write(&address, visit->arena);
    enum outcome outcome = visit_do(visit, &action, &result);
    if (outcome == OUTCOME_OK) {
        visit_say(visit, is_dropped ? "queue_filter_dropped" : "queue_filter_saved");
        queue_go(visit, &address);
    } else if (outcome == OUTCOME_REFUSED) {
        const struct queue_saving tried = {.name = action.name, .why = said_why(&result)};
        queue_show(visit, said_status(outcome), &address, &tried);
    } else {
        visit_fail(visit, outcome, &result.error);
    }
}
