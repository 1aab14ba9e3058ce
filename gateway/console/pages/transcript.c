#include "console/pages/transcript.h"

#include "console/pages/pages.h"
#include "console/pages/transcript_cut.h"
#include "console/pages/transcript_view.h"
#include "console/templates.h"
#include "menu/request.h"

static struct steps_rule rule_of(const struct visit *visit, const struct session_view *session)
{
    const struct channel *channel = channel_set_find(visit->catalogue->config->channels, session->session.channel);
    return (struct steps_rule){
        .service = visit_service(visit, session->session.channel),
        .carrier = channel ? &channel->carrier : NULL,
        .lang = words_id(visit->style.words),
        .zone_minutes = visit->style.zone_minutes,
        .is_sms = session->session.kind == CHANNEL_SMS,
        .may_see_sealed = session->shows_sealed,
        .may_redact = session->shows_sealed && visit_may(visit, RIGHT_REDACT),
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
    view->person = session->person;
    view->resumed_from = visit_may(visit, RIGHT_SESSIONS) ? session->resumed_from : 0;
    view->resumed_by = visit_may(visit, RIGHT_SESSIONS) ? session->resumed_by : 0;
}

/* The gap before the first step of a later page is counted from the last one of the page before. */
static int64_t time_before(const struct session_view *session, uint32_t from)
{
    return from > 0 && session->turn_count > 0 && session->turns[0].turn.number < from ? session->turns[0].turn.at : 0;
}

/* Who does not browse sessions reads what belongs to their desk. What is left out is not counted either: that somebody complained, perhaps
 * of who reads this, is not theirs to know. Whether they may read what is sealed of the rest: that is not for others. */
static bool cut(const struct visit *visit, struct session_view *session, struct transcript_view *view)
{
    const size_t left_out = transcript_cut(visit->operator, visit_service(visit, session->session.channel), session);
    bool sees = session->person != 0;
    view->length -= (unsigned)left_out;
    for (size_t i = 0; i < session->requests.count && sees; i++) {
        const struct request *request = &session->requests.rows[i];
        sees = !operator_is_told(visit->operator, request->desk) ||
               operator_sees(visit->operator, request->desk, request->topic);
    }
    return sees;
}

/* As if there were no others; who may take words out needs the numbers that they have. */
static void number_steps(struct transcript_view *view)
{
    for (size_t i = 0; i < view->steps.line_count; i++)
        view->steps.lines[i].number = view->from + (unsigned)i + 1;
}

static void fill_steps(const struct visit *visit, struct session_view *session, struct transcript_view *view)
{
    const bool is_part = view->request && !visit_may(visit, RIGHT_SESSIONS);
    struct steps_rule rule = rule_of(visit, session);
    rule.may_redact = session->shows_sealed && visit_may(visit, RIGHT_REDACT);
    if (is_part)
        rule.may_see_sealed = cut(visit, session, view);
    int64_t before = time_before(session, view->from);
    if (before) { /* it was read for its time alone */
        session->turns++;
        session->turn_count--;
    }
    view->in_my_language = rule.in_my_language;
    view->can_translate = rule.service != NULL;
    steps_fill(session, &rule, before, visit->arena, &view->steps);
    if (is_part && !visit_may(visit, RIGHT_REDACT))
        number_steps(view);
    view->steps.session = session->session.id;
    view->steps.request = view->request;
    view->steps.is_since = view->is_since;
    view->steps.list = view->list.query;
    view->is_danger = view->steps.is_danger;
    view->next = session->next_turn;
}

static void fill_requests(const struct visit *visit, const struct session_view *session, struct transcript_view *view)
{
    view->request_count = lines_of_requests(visit, &session->requests, &view->requests, &view->hidden_requests);
    for (size_t i = 0; i < view->request_count; i++)
        view->is_danger = view->is_danger || view->requests[i].is_danger;
}

static unsigned first_step(const struct visit *visit, const struct transcript_place *place)
{
    const int64_t from = html_has_span(visit_query(visit, "from")) ? visit_query_id(visit, "from") : place->first;
    const unsigned step = from > 0 && from <= UINT16_MAX ? (unsigned)from : 0;
    return step > place->least ? step : place->least;
}

bool transcript_is_since(const struct visit *visit)
{
    return html_has_span(visit_query(visit, "since"));
}

static void show_session(struct visit *visit, const struct transcript_place *place, int64_t request)
{
    const int64_t id = place->session;
    struct transcript_view view = {
        .from = first_step(visit, place), .request = request, .is_since = request && transcript_is_since(visit)};
    view.has_earlier = view.from > place->least;
    struct sessions_address list = {0};
    struct session_view session = {0};
    struct error err = {0};
    if (!request)
        sessions_address_read_list(visit_query(visit, "list"), visit->arena, &list);
    enum outcome outcome = desk_read_session(visit->reader, id, view.from > 0 ? view.from - 1 : 0, visit->operator,
                                             visit->arena, &session, &err);
    if (outcome == OUTCOME_OK)
        outcome = transcript_list_fill(visit, &list, id, &view.list, &err);
    if (outcome != OUTCOME_OK) {
        visit_fail(visit, outcome, &err);
        return;
    }
    /* Who does not browse sessions sees this one as a part of the request. */
    if (!sessions_look(visit, &list) ||
        !(request ? visit_look(visit, OBJECT_REQUEST, request) : visit_look(visit, OBJECT_SESSION, id)))
        return;
    const struct service *service = visit_service(visit, session.session.channel);
    visit->style.zone_minutes = visit_zone(visit, service);
    view.zone = visit_zone_words(visit, service);
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
    show_session(visit, &(struct transcript_place){.session = visit->id}, 0);
}

/* The conversation in which its person said something last since it was made; session 0: none. Of the one in which it was made all may be
 * read; another that had begun before is read from then on. */
static enum outcome find_latest(struct visit *visit, const struct request *request, struct transcript_place *place,
                                struct error *err)
{
    struct said_since said;
    enum outcome outcome = desk_find_said_since(visit->reader, request->person, request->created_at, &said, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    *place = (struct transcript_place){.session = said.session,
                                       .least = said.session == request->session ? 0 : said.from_turn,
                                       .first = said.from_turn};
    return OUTCOME_OK;
}

/* Somebody's later conversations are no matter of a request that is over, nor of one by hand that is all that is theirs to see: a key to
 * what people say from now on would be in the hand of whoever types their number once. */
static bool may_read_since(const struct request_view *view)
{
    const struct request *request = &view->row.request;
    return view->sees_person && (request_is_open(request) || request->attention == ATTENTION_NEW_WORD);
}

enum outcome transcript_said_since(struct visit *visit, const struct request_view *request, int64_t since,
                                   struct steps_view *steps, struct error *err)
{
    struct said_since said = {0};
    struct session_view session = {0};
    enum outcome outcome = OUTCOME_OK;
    *steps = (struct steps_view){0};
    if (may_read_since(request))
        outcome = desk_find_said_since(visit->reader, request->row.request.person, since, &said, err);
    if (outcome != OUTCOME_OK || !said.session)
        return outcome;
    struct transcript_view view = {.from = said.from_turn, .request = request->row.request.id, .is_since = true};
    outcome = desk_read_session(visit->reader, said.session, view.from > 0 ? view.from - 1 : 0, visit->operator,
                                visit->arena, &session, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    fill_steps(visit, &session, &view);
    *steps = view.steps;
    return OUTCOME_OK;
}

enum outcome transcript_of_request(struct visit *visit, struct transcript_place *place, struct error *err)
{
    struct request_view request = {0};
    enum outcome outcome =
        desk_read_request(visit->reader, visit->id, visit->operator, NULL, visit->arena, &request, err);
    *place = (struct transcript_place){.session = request.row.request.session};
    if (outcome == OUTCOME_OK && transcript_is_since(visit) && request.row.request.person) {
        place->session = 0;
        if (may_read_since(&request))
            outcome = find_latest(visit, &request.row.request, place, err);
    }
    return outcome == OUTCOME_OK && !place->session ? error_set(err, OUTCOME_NOT_FOUND, "nothing was said") : outcome;
}

/* What led to a request, or what its person said since, for who may see the request and does not browse sessions. */
void page_request_session(struct visit *visit)
{
    struct transcript_place place;
    struct error err = {0};
    enum outcome outcome = transcript_of_request(visit, &place, &err);
    if (outcome == OUTCOME_OK)
        show_session(visit, &place, visit->id);
    else if (outcome != OUTCOME_NOT_FOUND || visit_look(visit, OBJECT_REQUEST, visit->id)) /* that they asked is kept */
        visit_fail(visit, outcome, &err);
}
