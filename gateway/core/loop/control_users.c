#include "core/loop/control_users.h"

#include <string.h>
#include "store/desk.h"

#define ARENA_BYTES 16384

/* One that is being answered. */
struct asking {
    const struct control_parts *parts;
    const json_t *command;
    const struct control_lines *lines;
    struct arena *arena;
    struct error *err;
};

static struct span text_of(const struct asking *asking, const char *name)
{
    return span_of(json_string_value(json_object_get(asking->command, name)));
}

/* ---- who there is ---- */

static json_t *list_roles(role_set roles)
{
    json_t *list = json_array();
    for (int role = 0; role < ROLE_COUNT; role++)
        if (roles & ROLE_BIT(role))
            json_array_append_new(list, json_string(role_name((enum role)role)));
    return list;
}

static json_t *describe(const struct operator *row)
{
    return json_pack("{s:I, s:s%, s:s%, s:o, s:s%, s:s%, s:b, s:b, s:b, s:I}", "id", (json_int_t)row->id, "name",
                     row->name.at, row->name.len, "shown", row->shown.at, row->shown.len, "roles",
                     list_roles(row->roles), "topics", row->topics.at, row->topics.len, "languages", row->languages.at,
                     row->languages.len, "disabled", row->is_disabled, "second_factor", span_is_present(row->totp),
                     "must_change", row->must_change, "last_at", (json_int_t)row->last_at);
}

static enum outcome list_users(const struct asking *asking)
{
    struct operator *rows;
    size_t count;
    enum outcome outcome = store_load_operators(asking->parts->store, asking->arena, &rows, &count, asking->err);
    for (size_t i = 0; i < count && outcome == OUTCOME_OK; i++)
        asking->lines->line(asking->lines->context, describe(&rows[i]));
    return outcome;
}

/* ---- what becomes of them ---- */

static enum outcome act(const struct asking *asking, struct desk_action *action)
{
    struct desk_result result;
    action->peer = SPAN("control");
    enum outcome outcome = tick_act(asking->parts->tick, action, asking->arena, &result);
    if (outcome != OUTCOME_OK)
        *asking->err = result.error;
    return outcome;
}

static enum outcome read_roles(const struct asking *asking, role_set *roles)
{
    size_t index;
    const json_t *item, *list = json_object_get(asking->command, "roles");
    *roles = 0;
    json_array_foreach(list, index, item)
    {
        enum role role;
        const char *name = json_string_value(item);
        if (!name || !role_named(span_of(name), &role))
            return error_set(asking->err, OUTCOME_REFUSED, "there is no such role");
        *roles |= ROLE_BIT(role);
    }
    return OUTCOME_OK;
}

static enum outcome add_user(const struct asking *asking)
{
    struct operator user = {.name = text_of(asking, "name"),
                            .shown = text_of(asking, "shown"),
                            .topics = text_of(asking, "topics"),
                            .languages = text_of(asking, "languages"),
                            .lang = text_of(asking, "lang")};
    enum outcome outcome = read_roles(asking, &user.roles);
    struct desk_action action = {.verb = DESK_USER_ADD, .user = &user, .text = text_of(asking, "password")};
    return outcome == OUTCOME_OK ? act(asking, &action) : outcome;
}

static enum outcome change_user(const struct asking *asking, struct desk_action action)
{
    struct operator row;
    const struct span name = text_of(asking, "name");
    if (!name.len)
        return error_set(asking->err, OUTCOME_REFUSED, "whose account is missing");
    enum outcome outcome = store_find_operator(asking->parts->store, name, asking->arena, &row, asking->err);
    if (outcome == OUTCOME_NOT_FOUND)
        return error_set(asking->err, OUTCOME_REFUSED, "nobody has this name; `helpline user list` shows who does");
    action.object = row.id;
    return outcome == OUTCOME_OK ? act(asking, &action) : outcome;
}

static enum outcome disable_user(const struct asking *asking)
{
    return change_user(asking, (struct desk_action){.verb = DESK_USER_DISABLE});
}

static enum outcome enable_user(const struct asking *asking)
{
    return change_user(asking, (struct desk_action){.verb = DESK_USER_DISABLE, .flag = true});
}

static enum outcome reset_user(const struct asking *asking)
{
    return change_user(asking, (struct desk_action){.verb = DESK_USER_RESET, .text = text_of(asking, "password")});
}

enum outcome control_users(const struct control_parts *parts, const json_t *command, const struct control_lines *lines,
                           bool *is_ours, struct error *err)
{
    static const struct {
        const char *verb;
        enum outcome (*obey)(const struct asking *asking);
    } verbs[] = {{"users", list_users},
                 {"user-add", add_user},
                 {"user-disable", disable_user},
                 {"user-enable", enable_user},
                 {"user-reset", reset_user}};
    const char *verb = json_string_value(json_object_get(command, "verb"));
    *is_ours = false;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (!parts->tick || strcmp(verb, verbs[i].verb) != 0)
            continue;
        struct arena *arena = arena_create_secret(ARENA_BYTES);
        const struct asking asking = {parts, command, lines, arena, err};
        *is_ours = true;
        enum outcome outcome = verbs[i].obey(&asking);
        arena_destroy(arena);
        return outcome;
    }
    return OUTCOME_OK;
}
