#include "console/pages/lines.h"

#include "console/pages/choice.h"
#include "console/pages/queue_row.h"
#include "menu/desk.h"

struct span line_screen_words(const struct visit *visit, struct span channel, struct span node)
{
    const struct service *service = visit_service(visit, channel);
    if (!service || !html_has_span(node))
        return node;
    return desk_node_words(service, node, words_id(visit->style.words), visit->arena);
}

struct session_line line_of_session(const struct visit *visit, const struct session_row *row)
{
    const struct session *session = &row->session;
    int64_t until = session->ended_at ? session->ended_at : session->last_at;
    /* A conversation that broke off ends when that is found out: its length is what was said. */
    if (session->cause != END_ANSWERED)
        until = session->last_at;
    return (struct session_line){
        .id = session->id,
        .started_at = session->started_at,
        .length_ms = until > session->started_at ? until - session->started_at : 0,
        .channel = session->channel,
        .is_sms = session->kind == CHANNEL_SMS,
        .lang = choice_language_words(visit, session->state.lang),
        .node = session->state.at.node,
        .screen = line_screen_words(visit, session->channel, session->state.at.node),
        .steps = session->turns,
        .end = said_end(session->cause),
        .is_cut_off = session->cause != END_NONE && session->cause != END_ANSWERED,
        .request = visit_may(visit, RIGHT_QUEUE) ? row->request : 0,
        .reference = said_reference(visit->arena, row->reference),
    };
}

/* Of the kinds that stay until they are closed when their person is forgotten. */
static bool is_kept(const struct service *service, struct span kind)
{
    const struct span *kinds;
    size_t count = service_kept_kinds(service, &kinds);
    for (size_t i = 0; i < count; i++)
        if (span_equal(kinds[i], kind))
            return true;
    return false;
}

bool request_stays(const struct service *service, const struct request *request)
{
    return service && request->state < REQUEST_CLOSED && is_kept(service, request->kind);
}

static struct request_line line_of_request(const struct visit *visit, const struct service *service,
                                           const struct request *request, const struct request_desk *desk)
{
    struct request_line line = {
        .id = request->id,
        .created_at = request->created_at,
        .reference = said_reference(visit->arena, request->reference),
        .about = choice_about_words(visit, service, request),
        .state = queue_row_status(request, desk, visit->now),
        .due = queue_row_due(request, desk, visit->now),
        .is_open = request->state < REQUEST_CLOSED,
        .is_danger = request->urgency == URGENCY_DANGER,
        .stays = request_stays(service, request),
    };
    if (line.is_danger && span_equal(line.about, choice_words(visit, "urgency_danger")))
        line.about = SPAN_NONE;
    return line;
}

size_t lines_of_requests(const struct visit *visit, const struct request_list *requests, struct request_line **lines,
                         size_t *hidden)
{
    size_t seen = 0;
    *hidden = 0;
    *lines = ARENA_ARRAY(visit->arena, struct request_line, requests->count);
    for (size_t i = 0; i < requests->count; i++) {
        const struct request *row = &requests->rows[i];
        if (visit_may(visit, RIGHT_QUEUE) && operator_sees(visit->operator, row->desk, row->topic))
            (*lines)[seen++] =
                line_of_request(visit, visit_service_of(visit, &requests->origins[i]), row, &requests->desks[i]);
        else
            *hidden += operator_is_told(visit->operator, row->desk);
    }
    return seen;
}
