/* Words that somebody should not have typed, taken out of a conversation: asked once more, and done. */
#include "console/pages/redact_page_view.h"

#include "console/pages/pages.h"
#include "console/pages/said.h"
#include "console/pages/transcript.h"
#include "console/pages/transcript_cut.h"
#include "console/pages/transcript_list.h"
#include "console/templates.h"
#include "menu/desk.h"
#include "text/mask.h"

#define STEPS_FIRST 400 /* of the transcript's first page; further on a page begins at the step itself */

/* Where it happens: the session itself, or as it is seen through a request. */
struct spot {
    int64_t session, request;
    unsigned turn;
    bool is_since;
    struct span list; /* from which the session was opened, or absent */
};

static void fill(struct visit *visit, const struct spot *spot, const struct session_view *session,
                 struct redact_page_view *view)
{
    const struct turn *turn = &session->turns->turn;
    view->session = spot->session;
    view->request = spot->request;
    view->is_since = spot->is_since;
    view->list = spot->list;
    view->step = spot->turn + 1;
    view->from = spot->turn < STEPS_FIRST ? 0 : spot->turn;
    view->typed = turn->input;
    view->characters = (unsigned)mask_count(span_trim(turn->input));
    view->was_answer = turn->meaning.len && !(turn->flags & TURN_BAD_INPUT);
    view->key = visit_new_key(visit);
}

/* Words of their own that are still there, in a conversation of which all is theirs to see. */
static enum outcome find(struct visit *visit, const struct spot *spot, struct session_view *session, struct error *err)
{
    struct own_words words;
    enum outcome outcome =
        desk_read_session(visit->reader, spot->session, spot->turn, visit->operator, visit->arena, session, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    const struct service *service = visit_service(visit, session->session.channel);
    if (spot->request && !visit_may(visit, RIGHT_SESSIONS))
        transcript_cut(visit->operator, service, session);
    const bool is_there = session->shows_sealed && session->turn_count && !session->turns->is_damaged &&
                          session->turns->turn.number == spot->turn &&
                          desk_own_words(service, &session->turns->turn, visit->arena, &words);
    return is_there ? OUTCOME_OK : error_set(err, OUTCOME_NOT_FOUND, "there are no words to take out");
}

static void show(struct visit *visit, unsigned status, const struct spot *spot, struct redact_page_view *view)
{
    struct session_view session = {0};
    struct error err = {0};
    enum outcome outcome = find(visit, spot, &session, &err);
    if (outcome != OUTCOME_OK) {
        visit_fail(visit, outcome, &err);
        return;
    }
    if (!(spot->request ? visit_look(visit, OBJECT_REQUEST, spot->request)
                        : visit_look(visit, OBJECT_SESSION, spot->session)))
        return;
    fill(visit, spot, &session, view);
    view->frame = visit_frame(visit, "redact_title", spot->request ? "queue" : "sessions");
    struct html html = visit_html(visit);
    show_redact_page(&html, view);
    visit_show(visit, status, &html);
}

static bool read_step(int64_t step, struct spot *spot)
{
    spot->turn = step > 0 ? (unsigned)(step - 1) : 0;
    return step > 0 && step <= UINT16_MAX;
}

static void ask(struct visit *visit, struct spot *spot)
{
    struct redact_page_view view = {0};
    if (read_step(visit_query_id(visit, "step"), spot))
        show(visit, 200, spot, &view);
    else
        visit_refuse(visit, 404, "why_not_there");
}

static void go_back(struct visit *visit, const struct spot *spot)
{
    const unsigned from = spot->turn < STEPS_FIRST ? 0 : spot->turn;
    const struct span list = transcript_list_query(visit->arena, spot->list);
    visit_say(visit, "redact_done");
    if (spot->request)
        visit_go(visit, "/requests/%lld/session?%sfrom=%u#step-%u", (long long)spot->request,
                 spot->is_since ? "since=1&" : "", from, spot->turn + 1);
    else
        visit_go(visit, "/sessions/%lld?%.*sfrom=%u#step-%u", (long long)spot->session, SPAN_ARG(list), from,
                 spot->turn + 1);
}

static void carry_out(struct visit *visit, struct spot *spot)
{
    if (!read_step(visit_field_id(visit, "step"), spot))
        spot->turn =
            UINT16_MAX; /* which there is not: whose conversation it is is asked first, and that they asked is kept */
    struct desk_result result = {0};
    struct desk_action action = visit_action(visit, DESK_REDACT);
    action.about = OBJECT_SESSION;
    action.object = spot->session;
    action.code = spot->turn;
    action.to = spot->request;
    enum outcome outcome = visit_do(visit, &action, &result);
    if (outcome == OUTCOME_OK)
        go_back(visit, spot);
    else if (outcome == OUTCOME_NOT_FOUND)
        visit_fail(visit, outcome, &result.error);
    else if (outcome == OUTCOME_FULL || outcome == OUTCOME_BROKEN) /* it may be asked for once more */
        show(visit, said_status(outcome), spot, &(struct redact_page_view){.problem = said_why(&result)});
    else
        visit_refuse(visit, said_status(outcome), said_why(&result));
}

void page_session_redact(struct visit *visit)
{
    ask(visit, &(struct spot){.session = visit->id, .list = visit_query(visit, "list")});
}

void do_session_redact(struct visit *visit)
{
    carry_out(visit, &(struct spot){.session = visit->id, .list = visit_field(visit, "list")});
}

/* The address names the conversation too: who said something since may have begun another one meanwhile. */
void page_request_redact(struct visit *visit)
{
    struct spot spot = {.request = visit->id, .is_since = transcript_is_since(visit)};
    struct transcript_place place;
    struct error err = {0};
    enum outcome outcome = transcript_of_request(visit, &place, &err);
    spot.session = place.session;
    if (outcome == OUTCOME_OK && spot.session != visit_query_id(visit, "session"))
        outcome = error_set(&err, OUTCOME_NOT_FOUND, "it is another conversation now");
    if (outcome == OUTCOME_OK && visit_query_id(visit, "step") <= place.least)
        outcome = error_set(&err, OUTCOME_NOT_FOUND, "it is no matter of the request");
    if (outcome == OUTCOME_OK)
        ask(visit, &spot);
    else if (outcome != OUTCOME_NOT_FOUND || visit_look(visit, OBJECT_REQUEST, visit->id)) /* that they asked is kept */
        visit_fail(visit, outcome, &err);
}

void do_request_redact(struct visit *visit)
{
    struct spot spot = {.request = visit->id,
                        .session = visit_field_id(visit, "session"),
                        .is_since = html_has_span(visit_field(visit, "since"))};
    carry_out(visit, &spot);
}
