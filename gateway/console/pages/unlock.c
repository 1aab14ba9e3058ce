/* The password again, after a quarter of an hour in which nothing was done. */
#include "console/door/back.h"
#include "console/door/cookie.h"
#include "console/door/kept.h"
#include "console/door/known.h"
#include "console/door/sign_in.h"
#include "console/pages/pages.h"
#include "console/pages/sign_in_view.h"
#include "console/templates.h"

static void show(struct visit *visit, unsigned status, const char *problem, struct span back)
{
    const struct unlock_view view = {.frame = visit_frame(visit, "unlock_title", NULL),
                                     .problem = problem,
                                     .operator_name = visit->whose->shown,
                                     .back = back,
                                     .kept = visit->kept};
    struct html html = visit_html(visit);
    show_unlock(&html, &view);
    visit_show(visit, status, &html);
}

/* Else: to where they belong. */
static bool is_locked(struct visit *visit, struct span back)
{
    if (visit->whose && !visit->operator && !visit->sign_in->is_half)
        return true;
    if (visit->operator)
        visit_go(visit, "%.*s", SPAN_ARG(back));
    else
        back_send(visit);
    return false;
}

void page_unlock(struct visit *visit)
{
    struct span back = span_is_present(visit->kept) ? SPAN("/") : back_safe(visit->site, visit_query(visit, "back"));
    if (is_locked(visit, back))
        show(visit, 200, NULL, back);
}

static enum outcome open_again(struct visit *visit, struct error *err)
{
    struct desk_result result;
    enum outcome outcome = sign_in_again(visit, visit_field(visit, "password"), err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct span cookie = cookie_make(visit->arena);
    struct desk_action action = visit_action(visit, DESK_UNLOCK);
    action.token = cookie_token(visit->site, cookie);
    action.is_known = known_is(visit, visit->whose->id);
    outcome = visit_do(visit, &action, &result);
    if (outcome == OUTCOME_OK)
        sign_in_done(visit, cookie);
    else
        *err = result.error;
    return outcome;
}

/* What was sent while the desk was locked is not carried out unasked: they see that it waits, and send it. */
static void resume(struct visit *visit, struct span back)
{
    visit->operator = visit->whose;
    if (!visit_ask_again(visit, 200, "resume_title"))
        visit_go(visit, "%.*s", SPAN_ARG(back));
}

void do_unlock(struct visit *visit)
{
    struct error err;
    struct span back = back_safe(visit->site, visit_field(visit, "back"));
    if (!is_locked(visit, back))
        return;
    visit->kept = kept_seal(visit);
    enum outcome outcome = open_again(visit, &err);
    if (outcome == OUTCOME_OK)
        resume(visit, back);
    else if (outcome == OUTCOME_REFUSED)
        show(visit, 422, "unlock_wrong", back);
    else if (outcome == OUTCOME_FULL)
        show(visit, 503, "sign_in_busy", back);
    else
        visit_fail(visit, outcome, &err);
}
