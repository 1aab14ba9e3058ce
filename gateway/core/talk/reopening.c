#include "core/talk/reopening.h"

#include "base/log.h"
#include "core/common/hours.h"
#include "store/desk.h"

static void mark(const struct request *request, unsigned message, struct change_list *changes)
{
    if (request->attention == ATTENTION_NEW_WORD)
        return;
    struct change *change = change_list_add(changes, CHANGE_REQUEST_ATTENTION, message);
    change->attention.request = request->id;
    change->attention.of = ATTENTION_NEW_WORD;
}

static void save_desk(const struct request *request, const struct request_desk *desk, unsigned message,
                      struct change_list *changes)
{
    struct request_desk *row = ARENA_NEW(changes->arena, struct request_desk);
    *row = *desk;
    struct change *change = change_list_add(changes, CHANGE_REQUEST_DESK, message);
    change->desk.request = request->id;
    change->desk.row = row;
}

/* As the tick has it: an earlier message of this tick may have changed it. NULL: only the store has it. */
static struct request *in_hand(const struct person *person, int64_t id)
{
    for (size_t i = 0; i < person->request_count; i++)
        if (person->requests[i].id == id)
            return &person->requests[i];
    return NULL;
}

static void complain(enum outcome outcome, const struct error *err)
{
    if (outcome != OUTCOME_NOT_FOUND)
        log_event(LOG_LEVEL_ERROR, "core", "request_unread", "what=\"%s\"", err->text);
}

/* By what they answered, by the calendar of the service that it came by. What cannot be read now keeps nobody from being called: then
 * it is the desk's hours that count. */
static int64_t due_again(const struct step *step, const struct request *request)
{
    const struct conversation *conversation = step->conversation;
    const struct contact_rule anybody = {.may_call = true};
    struct hours hours;
    struct error err;
    const struct hours_source from = {.store = conversation->store,
                                      .changes = conversation->changes,
                                      .catalogue = conversation->catalogue,
                                      .arena = conversation->arena};
    enum outcome outcome = hours_load(&from, request, &hours, &err);
    if (outcome == OUTCOME_OK && hours.service)
        return contact_due(hours.service, &hours.rule, request->urgency, conversation->now);
    if (outcome != OUTCOME_OK)
        complain(outcome, &err);
    return contact_due(step->service, &anybody, request->urgency, conversation->now);
}

/* It begins again where it ended, as if it had come now. */
static void open_again(const struct step *step, struct request *request, struct request_desk *desk,
                       struct change_list *changes)
{
    const int64_t now = step->conversation->now;
    request->state = desk->assignee ? REQUEST_ASSIGNED : REQUEST_WAITING;
    request->step = STEP_REOPENED;
    request->changed_at = now;
    request->due_at = due_again(step, request);
    request->next_at = 0;
    desk->outcome = CLOSED_NOT;
    desk->attempts = 0;
    desk->assigned_at = desk->assignee ? now : 0;
    struct request *row = ARENA_NEW(changes->arena, struct request);
    *row = *request;
    request->version++;
    struct change *change = change_list_add(changes, CHANGE_REQUEST_STATE, step->message->index);
    change->request.row = row;
    change->request.by = BY_PERSON;
}

/* Its history says so: by this line an operator's page knows whether it shows the word or is older, for the version stays. Somebody who
 * writes while a note is written must not make a conflict of it. */
static void add_line(const struct step *step, const struct request *request, enum request_step what,
                     struct change_list *changes)
{
    struct request *line = ARENA_NEW(changes->arena, struct request);
    line->id = request->id;
    line->step = what;
    line->changed_at = step->conversation->now;
    struct change *change = change_list_add(changes, CHANGE_REQUEST_LINE, step->message->index);
    change->request.row = line;
    change->request.by = BY_PERSON;
}

void reopening_by_word(const struct step *step, struct change_list *changes)
{
    const struct conversation *conversation = step->conversation;
    const struct person *person = step->talk->person;
    struct request found;
    struct request_desk desk;
    struct error err;
    if (!person->row.id)
        return;
    enum outcome outcome = store_find_latest_request(conversation->store, person->row.id, conversation->now - REOPEN_MS,
                                                     conversation->arena, &found, &desk, &err);
    if (outcome != OUTCOME_OK) {
        complain(outcome, &err);
        return;
    }
    struct request *held = in_hand(person, found.id), *request = held ? held : &found;
    const bool waits = desk.wait_until != 0, is_closed = request->state == REQUEST_CLOSED;
    if (request->state == REQUEST_CANCELLED)
        return;
    mark(&found, step->message->index, changes);
    desk.wait_until = 0;
    if (is_closed)
        open_again(step, request, &desk, changes);
    else
        add_line(step, request, waits || desk.stopped_at ? STEP_WROTE : STEP_SAID, changes);
    if (waits || is_closed)
        save_desk(request, &desk, step->message->index, changes);
}

/* False: not there, because it was made in this tick and nobody at the desk has seen it; or it cannot be read now. */
static bool load_seen(struct conversation *conversation, const struct request *request, struct request *found,
                      struct request_desk *desk)
{
    struct error err;
    enum outcome outcome = store_load_request(conversation->store, request->id, conversation->arena, found, desk, &err);
    if (outcome != OUTCOME_OK)
        complain(outcome, &err);
    return outcome == OUTCOME_OK;
}

void reopening_by_urging(struct conversation *conversation, const struct message *message,
                         const struct request *request, struct change_list *changes)
{
    struct request found;
    struct request_desk desk;
    if (!load_seen(conversation, request, &found, &desk))
        return;
    mark(&found, message->index, changes);
    if (!desk.wait_until)
        return;
    desk.wait_until = 0;
    save_desk(request, &desk, message->index, changes);
}

void reopening_by_hours(struct conversation *conversation, const struct message *message, const struct request *request,
                        struct change_list *changes)
{
    struct request found;
    struct request_desk desk;
    if (load_seen(conversation, request, &found, &desk) && desk.wait_until)
        reopening_by_urging(conversation, message, request, changes);
}
