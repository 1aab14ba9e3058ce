#include "console/door/live_text.h"

#include <jansson.h>
#include <stdlib.h>
#include "console/door/board.h"
#include "console/door/presence.h"
#include "console/door/whose.h"

enum { VIEWERS_MAX = 8 };

static json_t *viewing(const struct live_look *look, const struct operator *operator, int64_t request)
{
    struct span names[VIEWERS_MAX];
    struct presence *presence = look->site->presence;
    json_t *list = json_array();
    presence_note(presence, operator, request, look->now);
    size_t others = presence_others(presence, request, operator->id, look->now, look->arena, names, VIEWERS_MAX);
    for (size_t i = 0; i < others; i++)
        json_array_append_new(list, json_stringn(names[i].at, names[i].len));
    return list;
}

static json_t *counts_json(const struct queue_counts *counts, unsigned fresh)
{
    return json_pack("{s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:I}", "mine", (int)counts->mine, "unassigned",
                     (int)counts->unassigned, "all", (int)counts->all, "danger", (int)counts->danger, "due_hour",
                     (int)counts->due_hour, "overdue", (int)counts->overdue, "waiting", (int)counts->waiting, "trouble",
                     (int)counts->trouble, "new", (int)fresh, "newest", (json_int_t)counts->newest);
}

static enum outcome count(const struct live_look *look, const struct operator *operator, int64_t since,
                          struct queue_counts *counts, unsigned *fresh, struct error *err)
{
    if (!roles_may(operator->roles, RIGHT_QUEUE))
        return OUTCOME_OK;
    struct board *board = look->site->board;
    enum outcome outcome = board_count(board, look->reader, operator, look->now, counts, err);
    if (outcome == OUTCOME_OK)
        *fresh = board_count_new(board, operator, since);
    return outcome;
}

static struct span to_text(json_t *root, struct arena *arena)
{
    char *text = json_dumps(root, JSON_COMPACT);
    struct span copy = arena_copy(arena, span_of(text));
    free(text);
    json_decref(root);
    return copy;
}

static enum outcome counts_text(const struct live_look *look, const struct operator *operator,
                                const struct live_page *page, struct span *json, struct error *err)
{
    struct queue_counts counts = {0};
    unsigned fresh = 0;
    enum outcome outcome = count(look, operator, page->since, &counts, &fresh, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    /* Who may not see it neither learns who does nor stands beside it. */
    enum outcome sees = page->request > 0
                            ? desk_may_see_request(look->reader, page->request, operator, look->arena, err)
                            : OUTCOME_NOT_FOUND;
    if (sees != OUTCOME_OK && sees != OUTCOME_NOT_FOUND)
        return sees;
    json_t *root = counts_json(&counts, fresh);
    if (sees == OUTCOME_OK)
        json_object_set_new(root, "viewing", viewing(look, operator, page->request));
    *json = to_text(root, look->arena);
    return OUTCOME_OK;
}

enum outcome live_counts(const struct visit *visit, int64_t since, int64_t request, struct span *json,
                         struct error *err)
{
    const struct live_page page = {.since = since, .request = request};
    const struct live_look look = {visit->site, visit->reader, visit->arena, visit->now};
    return counts_text(&look, visit->operator, &page, json, err);
}

enum outcome live_event(const struct live_look *look, const struct live_page *page, struct span *event,
                        struct error *err)
{
    struct sign_in sign_in;
    struct operator operator;
    struct span json;
    enum outcome outcome = desk_find_sign_in(look->reader, &page->token, look->arena, &sign_in, &operator, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (whose_state(&sign_in, &operator, look->now) != WHOSE_IN)
        return OUTCOME_REFUSED;
    outcome = counts_text(look, &operator, page, &json, err);
    if (outcome == OUTCOME_OK)
        *event = arena_format(look->arena, "event: counts\ndata: %.*s\n\n", SPAN_ARG(json));
    return outcome;
}

bool live_is_over(enum outcome outcome)
{
    return outcome == OUTCOME_NOT_FOUND || outcome == OUTCOME_REFUSED;
}
