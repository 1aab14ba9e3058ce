/* Signing in: name and password, then the second factor. */
#include "console/door/back.h"
#include "console/door/cookie.h"
#include "console/door/sign_in.h"
#include "console/pages/pages.h"
#include "console/pages/sign_in_view.h"
#include "console/templates.h"

/* Where somebody begins who has signed in: the first page that is theirs. */
void page_home(struct visit *visit)
{
    static const struct {
        enum right right;
        const char *path;
    } first[] = {{RIGHT_QUEUE, "/queue"}, {RIGHT_SESSIONS, "/sessions"}, {RIGHT_USERS, "/users"},
                 {RIGHT_AUDIT, "/audit"}, {RIGHT_OUTBOX, "/outbox"},     {RIGHT_SIGNED_IN, "/settings"}};
    for (size_t i = 0; i < sizeof first / sizeof *first; i++)
        if (visit_may(visit, first[i].right)) {
            visit_go(visit, "%s", first[i].path);
            return;
        }
    visit_refuse(visit, 403, "refused_no_right");
}

static void go_on(struct visit *visit, const char *page)
{
    visit_go(visit, "%.*s", SPAN_ARG(back_address(visit, page, back_wanted(visit))));
}

/* ---- name and password ---- */

static void show_page(struct visit *visit, unsigned status, const char *problem)
{
    struct span from = http_header(visit->request, SPAN("Sec-Fetch-Site"));
    struct span name = visit_field(visit, "name");
    const struct sign_in_view view = {.frame = visit_frame(visit, "sign_in", NULL),
                                      .problem = problem,
                                      .name = span_is_present(name) ? name : SPAN(""),
                                      .back = back_wanted(visit),
                                      .is_from_elsewhere = span_equal(from, SPAN("cross-site"))};
    struct html html = visit_html(visit);
    show_sign_in(&html, &view);
    visit_show(visit, status, &html);
}

/* What they sent waits in the page that they sent it from, while they sign in beside it: the answer to a password or a code is always
 * a 303, or whoever goes back in this browser would send it again. */
static void show_waiting(struct visit *visit)
{
    const struct signed_out_view view = {.frame = visit_frame(visit, "signed_out", NULL), .kept = visit->kept};
    struct html html = visit_html(visit);
    show_signed_out(&html, &view);
    visit_show(visit, 200, &html);
}

void page_sign_in(struct visit *visit)
{
    if (span_is_present(visit->kept))
        show_waiting(visit);
    else if (visit->operator)
        visit_go(visit, "%.*s", SPAN_ARG(back_wanted(visit)));
    else
        show_page(visit, 200, NULL);
}

/* Names are small letters: who writes theirs with a capital means the same. */
static struct span typed_name(const struct visit *visit)
{
    struct span name = span_trim(visit_field(visit, "name"));
    char *small = arena_alloc(visit->arena, name.len + 1);
    for (size_t i = 0; i < name.len; i++)
        small[i] = name.at[i] >= 'A' && name.at[i] <= 'Z' ? (char)(name.at[i] - 'A' + 'a') : name.at[i];
    return (struct span){small, name.len};
}

static void begin(struct visit *visit, const struct operator *operator)
{
    struct error err;
    enum outcome outcome = sign_in_begin(visit, operator, &err);
    if (outcome == OUTCOME_REFUSED)
        show_page(visit, 422, "sign_in_wrong");
    else if (outcome != OUTCOME_OK)
        visit_fail(visit, outcome, &err);
    else if (operator->totp.len > 0)
        go_on(visit, "/sign-in/code");
    else if (roles_see_people(operator->roles))
        go_on(visit, "/sign-in/setup");
    else
        visit_go(visit, "%.*s", SPAN_ARG(back_wanted(visit)));
}

void do_sign_in(struct visit *visit)
{
    struct error err;
    struct operator operator;
    struct span name = typed_name(visit), password = visit_field(visit, "password");
    if (name.len == 0 || password.len == 0) {
        show_page(visit, 422, "sign_in_empty");
        return;
    }
    enum outcome outcome = sign_in_by_name(visit, name, password, &operator, &err);
    if (outcome == OUTCOME_OK)
        begin(visit, &operator);
    else if (outcome == OUTCOME_REFUSED)
        show_page(visit, 422, "sign_in_wrong");
    else if (outcome == OUTCOME_FULL)
        show_page(visit, 503, "sign_in_busy");
    else
        visit_fail(visit, outcome, &err);
}

/* ---- the second factor ---- */

static void show_code_page(struct visit *visit, unsigned status, const char *problem)
{
    const struct code_view view = {
        .frame = visit_frame(visit, "code_title", NULL), .problem = problem, .back = back_wanted(visit)};
    struct html html = visit_html(visit);
    show_code(&html, &view);
    visit_show(visit, status, &html);
}

/* Only between the two steps, and only for who has a second one. Else: to where they belong. */
static bool waits_for_code(struct visit *visit)
{
    if (visit->whose && visit->sign_in->is_half && visit->whose->totp.len > 0)
        return true;
    if (visit->operator)
        visit_go(visit, "%.*s", SPAN_ARG(back_wanted(visit)));
    else
        back_send(visit);
    return false;
}

void page_code(struct visit *visit)
{
    if (waits_for_code(visit))
        show_code_page(visit, 200, NULL);
}

void do_code(struct visit *visit)
{
    struct error err;
    if (!waits_for_code(visit))
        return;
    enum outcome outcome = sign_in_by_code(visit, visit_field(visit, "code"), &err);
    if (outcome == OUTCOME_OK)
        visit_go(visit, "%.*s", SPAN_ARG(back_wanted(visit)));
    else if (outcome == OUTCOME_REFUSED)
        show_code_page(visit, 422, "code_wrong");
    else
        visit_fail(visit, outcome, &err);
}

void do_sign_out(struct visit *visit)
{
    struct desk_result result;
    if (visit->whose) {
        const struct desk_action action = visit_action(visit, DESK_SIGN_OUT);
        enum outcome outcome = visit_do(visit, &action, &result);
        if (outcome != OUTCOME_OK && outcome != OUTCOME_NOT_FOUND) {
            visit_fail(visit, outcome, &result.error);
            return;
        }
    }
    cookie_write(visit, COOKIE_SIGN_IN, SPAN(""));
    visit_go(visit, "/sign-in");
}
