/* What an operator did, a while ago. */
#include "core/demo/demo_parts.h"
#include "base/duration.h"
#include "core/desk/desk_dossier.h"

#define DUE_TEXTS 16

static struct desk_pass pass_of(struct demo *demo, const struct demo_event *event)
{
    return demo_pass(demo, event->catalogue, event->at);
}

static enum outcome act(const struct desk_pass *pass, const struct desk_action *action, struct desk_result *result,
                        struct error *err)
{
    *result = (struct desk_result){.outcome = OUTCOME_OK};
    enum outcome outcome = desk_act(pass, action, result);
    if (outcome != OUTCOME_OK)
        *err = result->error;
    return outcome;
}

/* ---- who works there ---- */

static role_set roles_of(const struct demo_event *event)
{
    role_set roles = 0;
    const json_t *list = json_object_get(event->said, "roles");
    for (size_t i = 0; i < json_array_size(list); i++) {
        enum role role;
        if (role_named(span_of(json_string_value(json_array_get(list, i))), &role))
            roles |= ROLE_BIT(role);
    }
    return roles;
}

enum outcome demo_user(struct demo *demo, const struct demo_event *event, json_t *answer, struct error *err)
{
    const struct operator user = {.name = demo_text(event, "name"),
                                  .shown = demo_text(event, "shown"),
                                  .roles = roles_of(event),
                                  .topics = SPAN(""),
                                  .languages = demo_text(event, "languages"),
                                  .lang = demo_text(event, "lang")};
    const struct desk_action action = {
        .verb = DESK_USER_ADD, .peer = SPAN("control"), .user = &user, .text = demo_text(event, "hash")};
    const struct desk_pass pass = pass_of(demo, event);
    struct desk_result result;
    enum outcome outcome = act(&pass, &action, &result, err);
    if (outcome == OUTCOME_OK)
        json_object_set_new(answer, "id", json_integer(result.id));
    return outcome;
}

/* ---- what they did ---- */

static const char *const attempt_names[ATTEMPT_COUNT] = {[ATTEMPT_NO_ANSWER] = "no_answer",
                                                         [ATTEMPT_WRONG_PERSON] = "wrong_person",
                                                         [ATTEMPT_SPOKE] = "spoke",
                                                         [ATTEMPT_ASKED_TO_STOP] = "asked_to_stop"};
static const char *const outcome_names[CLOSED_COUNT] = {[CLOSED_NOT] = "not",
                                                        [CLOSED_HELPED] = "helped",
                                                        [CLOSED_REFERRED] = "referred",
                                                        [CLOSED_INFORMED] = "informed",
                                                        [CLOSED_NO_ANSWER] = "no_answer",
                                                        [CLOSED_UNSAFE] = "unsafe",
                                                        [CLOSED_DUPLICATE] = "duplicate",
                                                        [CLOSED_NO_REQUEST] = "no_request"};

static unsigned index_of(struct span name, const char *const *names, unsigned count)
{
    unsigned i = 0;
    while (i < count && !span_equal_text(name, names[i]))
        i++;
    return i;
}

/* What the word behind the action's name means for it. */
static void fill_claim(const struct demo_event *event, struct desk_action *action)
{
    (void)event;
    (void)action;
}

static void fill_view(const struct demo_event *event, struct desk_action *action)
{
    (void)event;
    action->about = OBJECT_REQUEST;
}

static void fill_reveal(const struct demo_event *event, struct desk_action *action)
{
    (void)event;
    action->code = DESK_REASON_CALL;
}

static void fill_call(const struct demo_event *event, struct desk_action *action)
{
    action->code = index_of(demo_text(event, "what"), attempt_names, ATTEMPT_COUNT);
}

static void fill_close(const struct demo_event *event, struct desk_action *action)
{
    action->code = index_of(demo_text(event, "what"), outcome_names, CLOSED_COUNT);
}

static void fill_wait(const struct demo_event *event, struct desk_action *action)
{
    uint64_t hours = 0;
    (void)span_to_u64(demo_text(event, "what"), &hours);
    action->until = event->at + (int64_t)hours * HOUR_MS;
}

static void fill_refer(const struct demo_event *event, struct desk_action *action)
{
    action->name = demo_text(event, "what");
    action->flag = true;
    action->until = event->at + 7 * 24 * HOUR_MS;
}

static void fill_assign(const struct demo_event *event, struct desk_action *action)
{
    action->to = demo_number(event, "to");
}

static const struct demo_deed {
    const char *name;
    enum desk_verb verb;
    bool only_when_safe;
    void (*fill)(const struct demo_event *event, struct desk_action *action);
} deeds[] = {
    {"view", DESK_VIEW, false, fill_view},        {"claim", DESK_CLAIM, false, fill_claim},
    {"release", DESK_RELEASE, false, fill_claim}, {"assign", DESK_ASSIGN, false, fill_assign},
    {"reveal", DESK_REVEAL, true, fill_reveal},   {"call", DESK_ATTEMPT, true, fill_call},
    {"note", DESK_NOTE, false, fill_claim},       {"wait", DESK_WAIT, false, fill_wait},
    {"refer", DESK_REFER, false, fill_refer},     {"reply", DESK_REPLY, false, fill_claim},
    {"close", DESK_CLOSE, false, fill_close},
};

static const struct demo_deed *find_deed(struct span name)
{
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
        if (span_equal_text(name, deeds[i].name))
            return &deeds[i];
    return NULL;
}

/* When it may be done; 0: never. */
static int64_t safe_at(const struct demo_event *event, const struct demo_deed *deed, const struct dossier *dossier)
{
    struct contact_slot slot;
    if (!deed->only_when_safe)
        return event->at;
    if (!contact_next(dossier->service, &dossier->rule, dossier->request.urgency, event->at, &slot))
        return 0;
    return slot.from > event->at ? slot.from : event->at;
}

/* A text that was queued by it has arrived without leaving, when it was due: one that waits until it is safe, after what came since. */
static enum outcome settle_texts(struct demo *demo, const struct demo_event *event, struct error *err)
{
    const struct channel_set *set = event->catalogue->config->channels;
    struct change_list changes = {.arena = demo->arena};
    for (size_t c = 0; c < channel_set_count(set); c++) {
        const struct store_due due = {channel_set_at(set, c)->id, false, event->at, DUE_TEXTS};
        struct outbox_row *rows;
        size_t count;
        enum outcome outcome = store_load_due(demo->store, &due, demo->arena, &rows, &count, err);
        if (outcome != OUTCOME_OK)
            return outcome;
        for (size_t i = 0; i < count; i++) {
            if (!phone_is_of_nobody(rows[i].to))
                continue;
            rows[i].state = OUTBOX_DELIVERED;
            rows[i].attempts = 1;
            rows[i].changed_at = rows[i].due_at;
            change_list_add(&changes, CHANGE_OUTBOX_STATE, NO_MESSAGE)->outbox.row = &rows[i];
            demo_report(&rows[i], &changes);
        }
    }
    return demo_save(demo, &changes, err);
}

static enum outcome carry_out(struct demo *demo, const struct demo_event *event, const struct demo_deed *deed,
                              const struct dossier *dossier, struct error *err)
{
    const struct desk_pass pass = pass_of(demo, event);
    struct desk_action action = {.verb = deed->verb,
                                 .operator = demo_number(event, "operator"),
                                 .object = dossier->request.id,
                                 .version = dossier->request.version,
                                 .text = demo_text(event, "text")};
    struct desk_result result;
    deed->fill(event, &action);
    enum outcome outcome = act(&pass, &action, &result, err);
    return outcome == OUTCOME_OK ? settle_texts(demo, event, err) : outcome;
}

enum outcome demo_desk(struct demo *demo, const struct demo_event *event, json_t *answer, struct error *err)
{
    const struct desk_pass pass = pass_of(demo, event);
    const struct demo_deed *deed = find_deed(demo_text(event, "action"));
    struct dossier dossier;
    if (!deed)
        return error_set(err, OUTCOME_REFUSED, "demo: there is no action \"%.*s\"",
                         SPAN_ARG(demo_text(event, "action")));
    enum outcome outcome = dossier_load(&pass, demo_number(event, "request"), &dossier, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    int64_t at = safe_at(event, deed, &dossier);
    if (at != event->at) {
        json_object_set_new(answer, "later", json_integer(at));
        return OUTCOME_OK;
    }
    return carry_out(demo, event, deed, &dossier, err);
}
