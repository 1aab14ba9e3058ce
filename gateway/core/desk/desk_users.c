/* Who works here. */
#include <string.h>
#include "core/desk/desk_verbs.h"

#define SHOWN_MAX 80
#define LIST_MAX 500

static bool is_name(struct span name)
{
    if (name.len < 2 || name.len > OPERATOR_NAME_MAX)
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789._-", name.at[i]) || !name.at[i])
            return false;
    return true;
}

static enum outcome check_user(struct deed *deed, const struct operator *user)
{
    if (!user || !deed_has_words(user->shown, SHOWN_MAX))
        return deed_refuse(deed, OUTCOME_REFUSED, "why_user_shown",
                           "they need a name that others see, of at most 80 letters");
    if (!user->roles || user->roles >= ROLE_BIT(ROLE_COUNT))
        return deed_refuse(deed, OUTCOME_REFUSED, "why_user_roles", "they need a role");
    if (user->topics.len > LIST_MAX || user->languages.len > LIST_MAX)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_user_lists", "too many topics or languages");
    return OUTCOME_OK;
}

static struct span or_empty(struct span text)
{
    return span_is_present(text) ? text : SPAN("");
}

enum outcome desk_user_add(struct deed *deed)
{
    const struct operator *user = deed->action->user;
    enum outcome outcome = check_user(deed, user);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (!is_name(user->name))
        return deed_refuse(deed, OUTCOME_REFUSED, "why_user_name",
                           "a name to sign in with has 2 to 64 of a-z, 0-9, dot, dash and underscore");
    if (!desk_is_password_hash(deed->action->text))
        return deed_refuse(deed, OUTCOME_REFUSED, "why_broken", "a password that was not hashed");
    struct operator there;
    outcome = store_find_operator(deed->pass->store, user->name, deed->pass->arena, &there, &deed->result->error);
    if (outcome == OUTCOME_OK)
        return deed_refuse(deed, OUTCOME_CONFLICT, "why_name_taken", "somebody has this name");
    if (outcome != OUTCOME_NOT_FOUND)
        return outcome;
    const struct operator row = {.id = deed_new_id(deed),
                                 .name = user->name,
                                 .shown = user->shown,
                                 .roles = user->roles,
                                 .topics = or_empty(user->topics),
                                 .languages = or_empty(user->languages),
                                 .password = deed->action->text,
                                 .must_change = true,
                                 .lang = user->lang.len ? user->lang : SPAN("en"),
                                 .has_shortcuts = true,
                                 .created_at = deed->pass->now,
                                 .version = 1};
    deed_save_operator(deed, &row);
    deed->result->id = deed->audit.id = row.id;
    deed->result->version = row.version;
    return OUTCOME_OK;
}

/* Whether somebody else is left who can say who works here. */
static enum outcome check_not_last(struct deed *deed, const struct operator *row)
{
    struct operator *all;
    size_t count;
    enum outcome outcome =
        store_load_operators(deed->pass->store, deed->pass->arena, &all, &count, &deed->result->error);
    if (outcome != OUTCOME_OK || !roles_may(row->roles, RIGHT_USERS) || row->is_disabled)
        return outcome;
    for (size_t i = 0; i < count; i++)
        if (all[i].id != row->id && !all[i].is_disabled && roles_may(all[i].roles, RIGHT_USERS))
            return OUTCOME_OK;
    return deed_refuse(deed, OUTCOME_REFUSED, "why_last_admin", "the last administrator stays one");
}

static enum outcome load_user(struct deed *deed, struct operator *row)
{
    return deed_found(deed, store_load_operator(deed->pass->store, deed->action->object, deed->pass->arena, row,
                                                &deed->result->error));
}

/* Changed, and signed out everywhere where that is called for. */
static enum outcome save_user(struct deed *deed, const struct operator *row, bool ends_sign_ins)
{
    deed_save_operator(deed, row);
    if (ends_sign_ins)
        deed_end_sign_ins(deed, row->id, 0);
    deed->result->id = row->id;
    deed->result->version = row->version + 1;
    return OUTCOME_OK;
}

/* Other roles begin with another sign-in: with some of them a second factor is asked for. */
enum outcome desk_user_change(struct deed *deed)
{
    const struct operator *user = deed->action->user;
    struct operator row;
    enum outcome outcome = load_user(deed, &row);
    if (outcome == OUTCOME_OK)
        outcome = check_user(deed, user);
    if (outcome == OUTCOME_OK && deed->action->version && deed->action->version != row.version)
        outcome = deed_refuse(deed, OUTCOME_CONFLICT, "why_changed", "the account was changed in between");
    if (outcome == OUTCOME_OK && !roles_may(user->roles, RIGHT_USERS))
        outcome = check_not_last(deed, &row);
    if (outcome != OUTCOME_OK)
        return outcome;
    const bool has_other_roles = row.roles != user->roles;
    row.shown = user->shown;
    row.roles = user->roles;
    row.topics = or_empty(user->topics);
    row.languages = or_empty(user->languages);
    return save_user(deed, &row, has_other_roles);
}

enum outcome desk_user_disable(struct deed *deed)
{
    struct operator row;
    enum outcome outcome = load_user(deed, &row);
    if (outcome == OUTCOME_OK && !deed->action->flag)
        outcome = check_not_last(deed, &row);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (deed->action->flag)
        deed->audit.detail = "enabled";
    row.is_disabled = !deed->action->flag;
    if (deed->action->flag) /* and not held up by wrong tries of whomever */
        row.failures = 0;
    return save_user(deed, &row, row.is_disabled);
}

enum outcome desk_user_reset(struct deed *deed)
{
    struct operator row;
    enum outcome outcome = load_user(deed, &row);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (!desk_is_password_hash(deed->action->text))
        return deed_refuse(deed, OUTCOME_REFUSED, "why_broken", "a password that was not hashed");
    row.password = deed->action->text;
    row.must_change = true;
    row.totp = row.recovery = SPAN_NONE;
    row.totp_step = 0;
    row.failures = 0;
    row.failed_at = 0;
    return save_user(deed, &row, true);
}
