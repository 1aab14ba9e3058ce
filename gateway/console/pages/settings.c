/* Everybody's own settings: language and look, password, second factor, and the browsers that they are signed in with. */
#include "base/password.h"
#include "console/door/cookie.h"
#include "console/pages/agent.h"
#include "console/pages/pages.h"
#include "console/pages/settings_view.h"
#include "console/pages/setup.h"
#include "console/templates.h"

/* ---- the page ---- */

static void list_languages(const struct visit *visit, struct settings_view *view)
{
    size_t count = words_language_count();
    struct settings_language *list = ARENA_ARRAY(visit->arena, struct settings_language, count);
    for (size_t i = 0; i < count; i++)
        list[i] = (struct settings_language){.id = words_language(i),
                                             .name = words_language_name(i),
                                             .is_chosen = span_equal(words_language(i), visit->operator->lang)};
    view->languages = list;
    view->language_count = count;
}

static enum outcome list_sign_ins(const struct visit *visit, struct settings_view *view, struct error *err)
{
    struct sign_in *rows;
    size_t count;
    enum outcome outcome = desk_read_sign_ins(visit->reader, visit->operator->id, visit->arena, &rows, &count, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct settings_sign_in *list = ARENA_ARRAY(visit->arena, struct settings_sign_in, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct sign_in *row = &rows[i];
        if (row->ended_at || visit->now - row->created_at >= SIGN_IN_WHOLE_MS)
            continue;
        list[view->sign_in_count++] = (struct settings_sign_in){.id = row->id,
                                                                .created_at = row->created_at,
                                                                .seen_at = row->seen_at,
                                                                .agent = agent_words(row->agent, visit->arena),
                                                                .is_this = row->id == visit->sign_in->id,
                                                                .is_locked = row->is_locked,
                                                                .is_half = row->is_half};
    }
    view->sign_ins = list;
    return OUTCOME_OK;
}

static void show_page(struct visit *visit, unsigned status, const struct mistakes *mistakes)
{
    struct error err;
    const struct operator *operator = visit->operator;
    struct settings_view view = {.frame = visit_frame(visit, "nav_settings", "settings"),
                                 .mistakes = *mistakes,
                                 .wrong = {.lang = mistakes_at(mistakes, "lang"),
                                           .password = mistakes_at(mistakes, "password"),
                                           .new_password = mistakes_at(mistakes, "new_password"),
                                           .again = mistakes_at(mistakes, "new_password_again"),
                                           .recovery = mistakes_at(mistakes, "recovery_password")},
                                 .must_change = operator->must_change,
                                 .name = operator->name,
                                 .theme = operator->theme,
                                 .has_shortcuts = operator->has_shortcuts,
                                 .has_factor = operator->totp.len > 0,
                                 .codes_left = (unsigned)(operator->recovery.len / LOOKUP_BYTES),
                                 .key = visit_new_key(visit),
                                 .shortest = PASSWORD_BYTES_MIN};
    list_languages(visit, &view);
    enum outcome outcome = list_sign_ins(visit, &view, &err);
    if (outcome != OUTCOME_OK) {
        visit_fail(visit, outcome, &err);
        return;
    }
    struct html html = visit_html(visit);
    show_settings(&html, &view);
    visit_show(visit, status, &html);
}

void page_settings(struct visit *visit)
{
    show_page(visit, 200, &(struct mistakes){.count = 0});
}

static void show_problem(struct visit *visit, unsigned status, const char *word, const char *field)
{
    struct mistakes mistakes = {.count = 0};
    mistakes_add(&mistakes, (struct mistake){.word = word, .field = field});
    show_page(visit, status, &mistakes);
}

/* ---- what is changed ---- */

static void finish(struct visit *visit, const struct desk_action *action, const char *said)
{
    struct desk_result result;
    enum outcome outcome = visit_do(visit, action, &result);
    if (outcome != OUTCOME_OK) {
        visit_fail(visit, outcome, &result.error);
        return;
    }
    visit_say(visit, said);
    visit_go(visit, "/settings");
}

static bool is_language(struct span id)
{
    for (size_t i = 0; i < words_language_count(); i++)
        if (span_equal(words_language(i), id))
            return true;
    return false;
}

void do_settings(struct visit *visit)
{
    struct desk_action action = visit_action(visit, DESK_SETTINGS);
    struct span theme = visit_field(visit, "theme");
    action.name = visit_field(visit, "lang");
    action.flag = span_equal(visit_field(visit, "shortcuts"), SPAN("on"));
    action.code = THEME_AUTO;
    if (span_equal(theme, SPAN("light")))
        action.code = THEME_LIGHT;
    else if (span_equal(theme, SPAN("dark")))
        action.code = THEME_DARK;
    if (is_language(action.name))
        finish(visit, &action, "settings_saved");
    else
        show_problem(visit, 422, "settings_language_unknown", "lang");
}

/* Whether whoever sits there knows the password; where not, the page with `field` to mend was shown. */
static bool knows_password(struct visit *visit, const char *field)
{
    struct error err;
    enum outcome outcome = sign_in_again(visit, visit_field(visit, field), &err);
    if (outcome == OUTCOME_REFUSED)
        show_problem(visit, 422, "unlock_wrong", field);
    else if (outcome == OUTCOME_FULL)
        show_problem(visit, 503, "sign_in_busy", field);
    else if (outcome != OUTCOME_OK)
        visit_fail(visit, outcome, &err);
    return outcome == OUTCOME_OK;
}

static void save_password(struct visit *visit, struct span password)
{
    struct error err;
    struct desk_action action = visit_action(visit, DESK_PASSWORD);
    enum outcome outcome = sign_in_hash(visit, password, &action.text, &err);
    if (outcome == OUTCOME_OK)
        finish(visit, &action, "settings_password_saved");
    else if (outcome == OUTCOME_FULL)
        show_problem(visit, 503, "sign_in_busy", "password");
    else
        visit_fail(visit, outcome, &err);
}

/* Long is enough: no rules of signs that people forget. */
static void check_password(const struct visit *visit, struct span fresh, struct mistakes *mistakes)
{
    if (fresh.len < PASSWORD_BYTES_MIN || fresh.len > PASSWORD_BYTES_MAX)
        mistakes_add(mistakes, (struct mistake){.word = "settings_password_short", .field = "new_password"});
    else if (span_equal(fresh, visit_field(visit, "password")))
        mistakes_add(mistakes, (struct mistake){.word = "settings_password_same", .field = "new_password"});
    if (!span_equal(fresh, visit_field(visit, "new_password_again")))
        mistakes_add(mistakes, (struct mistake){.word = "settings_password_differs", .field = "new_password_again"});
}

/* Whether the old one is right costs a try, which is not spent on a new one that cannot be had. */
void do_password(struct visit *visit)
{
    struct mistakes mistakes = {.count = 0};
    const struct span fresh = visit_field(visit, "new_password");
    check_password(visit, fresh, &mistakes);
    if (mistakes.count > 0)
        show_page(visit, 422, &mistakes);
    else if (knows_password(visit, "password"))
        save_password(visit, fresh);
}

void do_totp(struct visit *visit)
{
    struct error err;
    struct recovery recovery;
    enum outcome outcome = sign_in_again(visit, visit_field(visit, "password"), &err);
    if (outcome == OUTCOME_REFUSED) {
        setup_show(visit, 422, "unlock_wrong");
        return;
    }
    if (outcome == OUTCOME_OK)
        outcome = setup_take(visit, &recovery, &err);
    if (outcome == OUTCOME_OK)
        setup_show_recovery(visit, &recovery);
    else if (outcome == OUTCOME_REFUSED)
        setup_show(visit, 422, "setup_wrong");
    else if (outcome == OUTCOME_FULL)
        setup_show(visit, 503, "sign_in_busy");
    else
        visit_fail(visit, outcome, &err);
}

/* New codes beside the same secret: the old ones end. */
void do_recovery(struct visit *visit)
{
    struct desk_result result;
    if (visit->operator->totp.len == 0) {
        visit_go(visit, "/sign-in/setup?back=/settings");
        return;
    }
    if (!knows_password(visit, "recovery_password"))
        return;
    const struct recovery recovery = sign_in_new_recovery(visit);
    struct desk_action action = visit_action(visit, DESK_TOTP);
    action.text = visit->operator->totp;
    action.name = recovery.hashes;
    action.until = visit->operator->totp_step;
    enum outcome outcome = visit_do(visit, &action, &result);
    if (outcome == OUTCOME_OK)
        setup_show_recovery(visit, &recovery);
    else
        visit_fail(visit, outcome, &result.error);
}

void do_revoke(struct visit *visit)
{
    struct desk_result result;
    struct desk_action action = visit_action(visit, DESK_REVOKE);
    action.object = visit->id;
    enum outcome outcome = visit_do(visit, &action, &result);
    if (outcome == OUTCOME_REFUSED) /* somebody else's: as if it were not there */
        outcome = OUTCOME_NOT_FOUND;
    if (outcome != OUTCOME_OK) {
        visit_fail(visit, outcome, &result.error);
        return;
    }
    if (visit->id == visit->sign_in->id) {
        cookie_write(visit, COOKIE_SIGN_IN, SPAN(""));
        visit_go(visit, "/sign-in");
        return;
    }
    visit_say(visit, "settings_revoked");
    visit_go(visit, "/settings");
}
