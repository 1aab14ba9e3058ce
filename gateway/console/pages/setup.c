/* The second factor: set up by whoever must have one before they see anybody, or anew in the settings; and its recovery codes. */
#include "console/pages/setup.h"
#include "console/door/back.h"
#include "console/door/cookie.h"
#include "console/door/qr.h"
#include "console/door/sign_in.h"
#include "console/door/totp.h"
#include "console/pages/pages.h"
#include "console/pages/sign_in_view.h"
#include "console/templates.h"

static struct span wanted_back(const struct visit *visit)
{
    struct span typed = visit_field(visit, "back");
    return back_safe(span_is_present(typed) ? typed : visit_query(visit, "back"));
}

void setup_show(struct visit *visit, unsigned status, const char *problem)
{
    struct qr qr = {0};
    struct span secret = sign_in_new_secret(visit);
    struct span issuer = words_get(visit->style.words, WORD_PRODUCT);
    struct setup_view view = {.frame = visit_frame(visit, "setup_title", "settings"),
                              .problem = problem,
                              .back = wanted_back(visit),
                              .secret = totp_secret_text(secret, visit->arena),
                              .asks_password = visit->operator != NULL,
                              .has_one = visit->whose->totp.len > 0};
    if (qr_draw(totp_address(secret, issuer, visit->whose->name, visit->arena), visit->arena, &qr)) {
        view.qr_path = qr.path;
        view.qr_size = qr.size;
    }
    struct html html = visit_html(visit);
    show_setup(&html, &view);
    visit_show(visit, status, &html);
}

void setup_show_recovery(struct visit *visit, const struct recovery *recovery)
{
    const struct recovery_view view = {.frame = visit_frame(visit, "recovery_title", "settings"),
                                       .back = wanted_back(visit),
                                       .codes = recovery->codes,
                                       .code_count = RECOVERY_CODES};
    struct html html = visit_html(visit);
    show_recovery(&html, &view);
    visit_show(visit, 200, &html);
}

/* OK: the factor is theirs, and a half sign-in is whole under a new cookie. REFUSED: that is not the app's code. */
enum outcome setup_take(struct visit *visit, struct recovery *recovery, struct error *err)
{
    struct span secret = sign_in_new_secret(visit), cookie = cookie_make(visit->arena);
    struct desk_action action = visit_action(visit, DESK_TOTP);
    struct desk_result result;
    if (!totp_accepts(secret, visit_field(visit, "code"), visit->now, 0, &action.until))
        return error_set(err, OUTCOME_REFUSED, "not the code of the new secret");
    *recovery = sign_in_new_recovery(visit);
    action.text = secret;
    action.name = recovery->hashes;
    action.token = cookie_token(visit->site, cookie);
    enum outcome outcome = visit_do(visit, &action, &result);
    if (outcome == OUTCOME_OK && visit->sign_in->is_half)
        sign_in_done(visit, cookie);
    if (outcome != OUTCOME_OK)
        *err = result.error;
    return outcome;
}

/* Between the two steps for who has no second one yet, and for who has signed in. Else: to where they belong. */
static bool may_set_up(struct visit *visit)
{
    bool is_half = visit->whose && visit->sign_in->is_half && visit->whose->totp.len == 0;
    if (is_half || visit->operator)
        return true;
    back_send(visit);
    return false;
}

void page_setup(struct visit *visit)
{
    if (may_set_up(visit))
        setup_show(visit, 200, NULL);
}

void do_setup(struct visit *visit)
{
    struct error err;
    struct recovery recovery;
    if (visit->operator) { /* the page was sent twice */
        visit_go(visit, "%.*s", SPAN_ARG(wanted_back(visit)));
        return;
    }
    if (!may_set_up(visit))
        return;
    enum outcome outcome = setup_take(visit, &recovery, &err);
    if (outcome == OUTCOME_OK) {
        visit->operator = visit->whose;
        setup_show_recovery(visit, &recovery);
    } else if (outcome == OUTCOME_REFUSED) {
        setup_show(visit, 422, "setup_wrong");
    } else {
        visit_fail(visit, outcome, &err);
    }
}
