#include "console/pages/transcript_view.h"

#include "console/pages/pages.h"
#include "console/templates.h"

/* What was sealed is for who may see what is kept of somebody, and only as far as every request that came of the session is
 * theirs to see: a complaint's answers are not everybody's. */
static bool may_see_sealed(const struct visit *visit, const struct session_view *session)
{
    if (!visit_may(visit, RIGHT_PERSON))
        return false;
    for (size_t i = 0; i < session->request_count; i++)
        if (!operator_sees(visit->operator, session->requests[i].desk, session->requests[i].topic))
            return false;
    return true;
}

static struct steps_rule rule_of(const struct visit *visit, const struct session_view *session)
{
    const struct channel *channel = channel_set_find(visit->catalogue->config->channels, session->session.channel);
    return (struct steps_rule){
        .service = visit_service(visit, session->session.channel),
        .carrier = channel ? &channel->carrier : NULL,
        .lang = words_id(visit->style.words),
        .zone_minutes = visit->style.zone_minutes,
        .is_sms = session->session.kind == CHANNEL_SMS,
        .may_see_sealed = may_see_sealed(visit, session),
        .in_my_language = span_equal_text(visit_query(visit, "words"), "mine"),
    };
}

static void fill_head(const struct visit *visit, const struct session_view *session, struct transcript_view *view)
{
    const struct session *row = &session->session;
    struct session_row as_row = {.session = *row};
    struct session_line line = line_of_session(visit, &as_row);
    const struct channel *channel = channel_set_find(visit->catalogue->config->channels, row->channel);
    view->id = row->id;
    view->started_at = row->started_at;
    view->ended_at = row->ended_at;
    view->length_ms = line.length_ms;
    view->channel = row->channel;
    view->profile = channel ? channel->profile_name : SPAN_NONE;
    view->lang = line.lang;
    view->is_sms = line.is_sms;
    view->is_cut_off = line.is_cut_off;
    view->end = line.end;
    view->length = row->turns;
    view->person = visit_may(visit, RIGHT_PERSON) ? session->person : 0;
    view->resumed_from = session->resumed_from;
    view->resumed_by = session->resumed_by;
}

/* The gap before the first step of a later page is counted from the last one of the page before. */
static int64_t time_before(const struct session_view *session, uint32_t from)
{
    return from > 0 && session->turn_count > 0 && session->turns[0].turn.number < from ? session->turns[0].turn.at : 0;
}

static void fill_steps(const struct visit *visit, struct session_view *session, struct transcript_view *view)
{
    struct steps_rule rule = rule_of(visit, session);
    int64_t before = time_before(session, view->from);
    if (before) { /* it was read for its time alone */
        session->turns++;
        session->turn_count--;
    }
    view->in_my_language = rule.in_my_language;
    view->can_translate = rule.service != NULL;
    steps_fill(session, &rule, before, visit->arena, &view->steps);
    view->is_danger = view->steps.is_danger;
    view->next = session->next_turn;
}

static void fill_requests(const struct visit *visit, const struct session_view *session, struct transcript_view *view)
{
    view->request_count = lines_of_requests(visit, visit_service(visit, session->session.channel), session->requests,
                                            session->request_count, &view->requests, &view->hidden_requests);
    for (size_t i = 0; i < view->request_count; i++)
        view->is_danger = view->is_danger || view->requests[i].is_danger;
}

static unsigned first_step(const struct visit *visit)
{
    int64_t from = visit_query_id(visit, "from");
    return from > 0 && from <= UINT16_MAX ? (unsigned)from : 0;
}

static void show_session(struct visit *visit, int64_t id, int64_t request)
{
    struct transcript_view view = {.from = first_step(visit), .request = request};
    struct session_view session = {0};
    struct error err = {0};
    enum outcome outcome =
        desk_read_session(visit->reader, id, view.from > 0 ? view.from - 1 : 0, visit->arena, &session, &err);
    if (outcome != OUTCOME_OK) {
        visit_fail(visit, outcome, &err);
        return;
    }
    /* Who does not browse sessions sees this one as a part of the request. */
    if (!(request ? visit_look(visit, OBJECT_REQUEST, request) : visit_look(visit, OBJECT_SESSION, id)))
        return;
    fill_head(visit, &session, &view);
    fill_steps(visit, &session, &view);
    fill_requests(visit, &session, &view);
    view.frame = visit_frame(visit, "transcript_title", request ? "queue" : "sessions");
    struct html html = visit_html(visit);
    show_transcript(&html, &view);
    visit_show(visit, 200, &html);
}

void page_session(struct visit *visit)
{
    show_session(visit, visit->id, 0);
}

/* What led to a request, for who may see the request and does not browse sessions. */
void page_request_session(struct visit *visit)
{
    struct request_view request = {0};
    struct error err = {0};
    enum outcome outcome = desk_read_request(visit->reader, visit->id, visit->operator, visit->arena, &request, &err);
    if (outcome == OUTCOME_OK && request.row.request.session == 0)
        outcome = OUTCOME_NOT_FOUND;
    if (outcome == OUTCOME_OK)
        show_session(visit, request.row.request.session, visit->id);
    else if (outcome != OUTCOME_NOT_FOUND || visit_look(visit, OBJECT_REQUEST, visit->id)) /* that they asked is kept */
        visit_fail(visit, outcome, &err);
}
