/* Who works here: the list, one of them, and what an administrator does with an account. */
#include "base/password.h"
#include "console/door/sign_in.h"
#include "console/pages/pages.h"
#include "console/pages/said.h"
#include "console/pages/user_form.h"
#include "console/templates.h"

/* ---- the list ---- */

static struct users_row row_of(const struct visit *visit, const struct operator *operator)
{
    return (struct users_row){.id = operator->id,
                              .last_at = operator->last_at,
                              .name = operator->name,
                              .shown = operator->shown,
                              .roles = user_roles_words(visit, operator->roles),
                              .topics = user_topics_words(visit, operator->topics),
                              .languages = user_languages_words(visit, operator->languages),
                              .has_factor = operator->totp.len > 0,
                              .is_disabled = operator->is_disabled,
                              .is_me = operator->id == visit->operator->id};
}

void page_users(struct visit *visit)
{
    struct error err;
    struct operator *rows;
    size_t count;
    enum outcome outcome = desk_read_operators(visit->reader, visit->arena, &rows, &count, &err);
    if (outcome != OUTCOME_OK) {
        visit_fail(visit, outcome, &err);
        return;
    }
    struct users_row *list = ARENA_ARRAY(visit->arena, struct users_row, count + 1);
    for (size_t i = 0; i < count; i++)
        list[i] = row_of(visit, &rows[i]);
    const struct users_view view = {
        .frame = visit_frame(visit, "nav_users", "users"), .rows = list, .row_count = count};
    struct html html = visit_html(visit);
    show_users(&html, &view);
    visit_show(visit, 200, &html);
}

/* ---- a password that is told once ---- */

/* The hash of a new one. False: it could not be made, and the page must end. */
static bool make_password(struct visit *visit, struct span *password, struct span *hash)
{
    struct error err;
    char *made = arena_alloc(visit->arena, PASSWORD_MADE + 1);
    password_make(made);
    *password = span_of(made);
    enum outcome outcome = sign_in_hash(visit, *password, hash, &err);
    if (outcome != OUTCOME_OK)
        visit_fail(visit, outcome, &err);
    return outcome == OUTCOME_OK;
}

/* Whether the new password is the one that is kept now. A form that came twice is carried out once: its second answer made a password
 * that is nobody's. */
static bool is_kept(const struct visit *visit, int64_t id, struct span hash)
{
    struct error err;
    struct operator stored;
    return desk_read_operator(visit->reader, id, visit->arena, &stored, &err) == OUTCOME_OK &&
           span_equal(stored.password, hash);
}

static void show_made(struct visit *visit, const struct operator *user, struct span password, bool is_new)
{
    const struct user_made_view view = {.frame = visit_frame(visit, "user_made_title", "users"),
                                        .name = user->name,
                                        .shown = user->shown,
                                        .password = password,
                                        .is_new = is_new,
                                        .needs_factor = roles_see_people(user->roles)};
    struct html html = visit_html(visit);
    show_user_made(&html, &view);
    visit_show(visit, 200, &html);
}

static void go_to_made(struct visit *visit, int64_t id)
{
    visit_say(visit, "user_made_before");
    visit_go(visit, "/users/%lld", (long long)id);
}

/* ---- one ---- */

void page_user_new(struct visit *visit)
{
    const struct operator nobody = {.topics = SPAN(""), .languages = SPAN(""), .name = SPAN(""), .shown = SPAN("")};
    user_form_show(visit, 200, &nobody, &(struct mistakes){.count = 0});
}

/* False: a refusal was shown. */
static bool load_user(struct visit *visit, struct operator *user)
{
    struct error err;
    enum outcome outcome = desk_read_operator(visit->reader, visit->id, visit->arena, user, &err);
    if (outcome != OUTCOME_OK)
        visit_fail(visit, outcome, &err);
    return outcome == OUTCOME_OK;
}

void page_user(struct visit *visit)
{
    struct operator user;
    if (load_user(visit, &user))
        user_form_show(visit, 200, &user, &(struct mistakes){.count = 0});
}

/* The form again with what was typed and all that is wrong with it. False: nothing is. */
static bool has_mistakes(struct visit *visit, const struct operator *typed)
{
    const struct mistakes mistakes = user_form_check(typed);
    if (mistakes.count > 0)
        user_form_show(visit, 422, typed, &mistakes);
    return mistakes.count > 0;
}

/* The form again with what was typed and why it was not taken, or the refusal of something else. */
static void show_refused(struct visit *visit, enum outcome outcome, const struct operator *typed,
                         const struct desk_result *result)
{
    if (outcome != OUTCOME_CONFLICT && (outcome != OUTCOME_REFUSED || !result->why)) {
        visit_fail(visit, outcome, &result->error);
        return;
    }
    const struct mistakes mistakes = user_form_refused(said_why(result));
    user_form_show(visit, said_status(outcome), typed, &mistakes);
}

void do_user_new(struct visit *visit)
{
    struct desk_result result;
    struct span password;
    const struct operator typed = user_form_read(visit);
    struct desk_action action = visit_action(visit, DESK_USER_ADD);
    action.user = &typed;
    if (has_mistakes(visit, &typed) || !make_password(visit, &password, &action.text))
        return;
    enum outcome outcome = visit_do(visit, &action, &result);
    if (outcome == OUTCOME_OK && is_kept(visit, result.id, action.text))
        show_made(visit, &typed, password, true);
    else if (outcome == OUTCOME_OK)
        go_to_made(visit, result.id);
    else
        show_refused(visit, outcome, &typed, &result);
}

/* The account as it is, but for what was typed and what that was typed upon. */
static struct operator with_typed(const struct operator *stored, const struct operator *typed)
{
    struct operator user = *stored;
    user.shown = typed->shown;
    user.roles = typed->roles;
    user.topics = typed->topics;
    user.languages = typed->languages;
    user.version = typed->version;
    return user;
}

/* Beside what somebody else made of the account meanwhile; what is sent from this page was typed upon that. */
static void show_changed(struct visit *visit, struct operator *user, const char *why)
{
    struct operator now;
    if (!load_user(visit, &now))
        return;
    user->version = now.version;
    user_form_compare(visit, user, &now, why);
}

void do_user_change(struct visit *visit)
{
    struct desk_result result;
    struct operator stored;
    const struct operator typed = user_form_read(visit);
    if (!load_user(visit, &stored))
        return;
    struct operator user = with_typed(&stored, &typed);
    if (has_mistakes(visit, &user))
        return;
    struct desk_action action = visit_action(visit, DESK_USER_CHANGE);
    action.object = visit->id;
    action.version = user.version;
    action.user = &user;
    enum outcome outcome = visit_do(visit, &action, &result);
    if (outcome == OUTCOME_CONFLICT) {
        show_changed(visit, &user, said_why(&result));
        return;
    }
    if (outcome != OUTCOME_OK) {
        show_refused(visit, outcome, &user, &result);
        return;
    }
    visit_say(visit, "user_saved");
    visit_go(visit, "/users");
}

static void set_disabled(struct visit *visit, bool is_disabled)
{
    struct desk_result result;
    struct operator stored;
    struct desk_action action = visit_action(visit, DESK_USER_DISABLE);
    action.object = visit->id;
    action.flag = !is_disabled;
    if (!load_user(visit, &stored))
        return;
    enum outcome outcome = visit_do(visit, &action, &result);
    if (outcome != OUTCOME_OK) {
        show_refused(visit, outcome, &stored, &result);
        return;
    }
    visit_say(visit, is_disabled ? "user_disabled_now" : "user_enabled_now");
    visit_go(visit, "/users/%lld", (long long)visit->id);
}

void do_user_disable(struct visit *visit)
{
    set_disabled(visit, true);
}

void do_user_enable(struct visit *visit)
{
    set_disabled(visit, false);
}

void do_user_reset(struct visit *visit)
{
    struct desk_result result;
    struct operator stored;
    struct span password;
    struct desk_action action = visit_action(visit, DESK_USER_RESET);
    action.object = visit->id;
    if (!load_user(visit, &stored) || !make_password(visit, &password, &action.text))
        return;
    enum outcome outcome = visit_do(visit, &action, &result);
    if (outcome == OUTCOME_OK && is_kept(visit, visit->id, action.text))
        show_made(visit, &stored, password, false);
    else if (outcome == OUTCOME_OK)
        go_to_made(visit, visit->id);
    else
        show_refused(visit, outcome, &stored, &result);
}
