#include "console/pages/queue_row.h"

#include "console/pages/request_work.h"
#include "console/pages/said.h"
#include "console/pages/slot.h"

#define ASKED_MAX 600

static bool is_over(const struct request *request)
{
    return request->state == REQUEST_CLOSED || request->state == REQUEST_CANCELLED;
}

const char *queue_row_status(const struct request *request, const struct request_desk *desk, int64_t now)
{
    switch (request->state) {
    case REQUEST_CLOSED:
        return "status_closed";
    case REQUEST_CANCELLED:
        return "status_cancelled";
    default:
        break;
    }
    if (desk->wait_until > now)
        return "status_waiting";
    if (request->state == REQUEST_CALLED)
        return "status_called";
    if (request->step == STEP_REOPENED)
        return "status_reopened";
    return desk->assignee ? "status_assigned" : "status_new";
}

/* When it is due counts while something is to be done. */
struct due_view queue_row_due(const struct request *request, const struct request_desk *desk, int64_t now)
{
    if (is_over(request))
        return (struct due_view){.over_at = request->changed_at};
    const bool waits = desk->wait_until > now, counts = !waits && request->due_at > 0;
    return (struct due_view){
        .due_at = request->due_at,
        .wait_until = waits ? desk->wait_until : 0,
        .is_overdue = counts && request->due_at <= now,
        .is_due_soon = counts && request->due_at > now && request->due_at - now <= QUEUE_DUE_SOON_MS,
    };
}

/* The button that fits: what is nobody's is claimed first, what is mine is called when that is safe. Whoever asked not to be called any
 * more is left in peace: then it is closed. */
static enum next_action next_of(const struct queue_row_view *row, const struct request_desk *desk)
{
    if (row->is_over)
        return row->attention != ATTENTION_NONE ? NEXT_LOOK : NEXT_OPEN;
    if (!desk->assignee)
        return NEXT_CLAIM;
    if (!row->is_mine)
        return NEXT_OPEN;
    if (row->attention != ATTENTION_NONE)
        return NEXT_LOOK;
    if (row->slot.kind == SLOT_NOW)
        return NEXT_CALL;
    if (row->slot.kind == SLOT_STOPPED)
        return NEXT_CLOSE;
    return row->slot.kind == SLOT_TEXT_ONLY ? NEXT_TEXT : NEXT_GO_ON;
}

void queue_row_rule(const struct service *service, const struct queue_row *row, struct contact_rule *out)
{
    *out = (struct contact_rule){0};
    if (service)
        desk_rule_of(service, row->answers, row->answer_count, out);
    out->has_stopped = row->desk.stopped_at != 0;
}

/* What they asked of whoever calls ("evening, a woman"), without what is sealed: that stands on the request's own page. */
static struct span asked_of(const struct visit *visit, const struct service *service, const struct queue_row *row)
{
    struct buffer text;
    buffer_init(&text, visit->arena, ASKED_MAX);
    for (size_t i = 0; service && i < row->answer_count; i++) {
        const struct answer *answer = &row->answers[i];
        if (answer->sensitive || !desk_tells_how(service, answer->field) || desk_is_number(service, answer->field))
            continue;
        struct answer_words words;
        desk_answer_words(service, SPAN_NONE, answer, visit->operator->lang, visit->arena, &words);
        buffer_add_text(&text, text.len > 0 ? ", " : "");
        buffer_add(&text, words.answer);
    }
    return buffer_failed(&text) ? SPAN_NONE : buffer_span(&text);
}

/* Their hours are those of the service that they asked, and so is whatever is said beside them. */
static void fill_slot(const struct visit *visit, const struct service *service, const struct queue_row *row,
                      struct queue_row_view *out)
{
    struct contact_rule rule;
    struct html_style style = visit->style;
    out->zone_minutes = style.zone_minutes = visit_zone(visit, service);
    out->desk_zone_minutes = visit_zone(visit, NULL);
    out->zone = visit_zone_words(visit, service);
    queue_row_rule(service, row, &rule);
    slot_of(&style, service, &rule, row->request.urgency, visit->arena, &out->slot);
    if (out->slot.from.len > 0)
        out->slot.zone = out->zone;
}

void queue_row_fill(const struct visit *visit, const struct queue_row *row, struct queue_row_view *out)
{
    const struct request *request = &row->request;
    const struct service *service = visit_service_of(visit, &row->origin);
    *out = (struct queue_row_view){
        .id = request->id,
        .version = request->version,
        .reference = said_reference(visit->arena, request->reference),
        .urgency = request->urgency,
        .attention = request->attention,
        .status = queue_row_status(request, &row->desk, visit->now),
        .topic = choice_topic_words(visit, service, request->topic),
        .kind = choice_kind_words(visit, service, request->kind),
        .area = choice_area_words(visit, service, row->area),
        .lang = choice_language_words(visit, request->lang),
        .asked_for = asked_of(visit, service, row),
        .due = queue_row_due(request, &row->desk, visit->now),
        .created_at = request->created_at,
        .is_over = is_over(request),
        .outcome = is_over(request) ? request_outcome_word(row->desk.outcome) : NULL,
        .attempts = row->desk.attempts,
        .assignee = row->assignee,
        .is_mine = row->desk.assignee == visit->operator->id,
        .has_draft = row->has_draft,
    };
    if (span_equal(out->topic, out->kind))
        out->topic = SPAN_NONE;
    fill_slot(visit, service, row, out);
    out->due.zone = out->zone;
    out->next = next_of(out, &row->desk);
}

struct queue_place queue_row_place(const struct queue_address *address)
{
    return (struct queue_place){.tab = queue_tab_id(address->tab),
                                .topic = address->topic,
                                .lang = address->lang,
                                .channel = queue_channel_id(address->channel),
                                .area = address->area,
                                .desk = address->desk};
}

void queue_go(struct visit *visit, const struct queue_address *address)
{
    struct span text = queue_address_write(address, visit->arena);
    visit_go(visit, "/queue?%.*s", SPAN_ARG(text));
}
