#include "core/talk/cases.h"

#include <stdio.h>
#include <string.h>
#include "base/log.h"
#include "core/common/given.h"
#include "core/common/hours.h"
#include "core/effects.h"
#include "core/talk/reopening.h"
#include "menu/request.h"

static struct request *find_request(const struct person *person, const char *reference)
{
    for (size_t i = 0; i < person->request_count; i++)
        if (strcmp(person->requests[i].reference, reference) == 0)
            return &person->requests[i];
    return NULL;
}

/* With the version that was read: the save refuses when it moved on. */
static void save_request(struct conversation *conversation, const struct message *message, struct request *request,
                         enum request_step step, struct change_list *pending)
{
    request->step = step;
    request->changed_at = conversation->now;
    struct request *row = ARENA_NEW(conversation->arena, struct request);
    *row = *request;
    request->version++;
    struct change *change = change_list_add(pending, CHANGE_REQUEST_STATE, message->index);
    change->request.row = row;
    change->request.by = BY_PERSON;
}

static void add_merge(struct conversation *conversation, const struct message *message, const struct talk *talk,
                      enum change_kind kind, int64_t into, struct change_list *pending)
{
    struct change *change = change_list_add(pending, kind, message->index);
    change->merge.from = talk->row.state.entry;
    change->merge.into = into;
    change->merge.person = talk->person->row.id;
    change->merge.at = conversation->now;
}

/* They may be called at other times from now on: nothing is waited for any more that was waited for by the old ones. */
static bool move(struct conversation *conversation, const struct message *message, struct request *request,
                 int64_t due_at, struct change_list *pending)
{
    if (!due_at)
        return false;
    request_move(request, due_at, conversation->now);
    reopening_by_hours(conversation, message, request, pending);
    return true;
}

static void amend(struct conversation *conversation, const struct message *message, struct talk *talk,
                  struct request *request, int64_t due_at, struct change_list *pending)
{
    if (!talk->row.state.entry)
        return;
    const bool has_joined = request->entry == talk->row.state.entry; /* answer by answer */
    const bool has_moved = move(conversation, message, request, due_at, pending);
    if (request->entry && !has_joined)
        add_merge(conversation, message, talk, CHANGE_ENTRY_MERGED, request->entry, pending);
    else
        request->entry = talk->row.state.entry;
    if (!has_joined || has_moved)
        save_request(conversation, message, request, STEP_CHANGED, pending);
    effects_close_entry(conversation, message, talk, true, pending);
}

/* A request without answers takes over the entry that is open; another one has the answer in its own, too. */
static void join(struct conversation *conversation, const struct message *message, struct talk *talk,
                 struct request *request, const struct effect *effect, struct change_list *pending)
{
    const bool has_moved = move(conversation, message, request, effect->due_at, pending);
    const bool is_first = !request->entry;
    if (is_first)
        request->entry = talk->row.state.entry;
    else if (request->entry != talk->row.state.entry)
        effects_add_answer(conversation, message, talk, request->entry, &effect->answer, pending);
    if (is_first || has_moved)
        save_request(conversation, message, request, STEP_CHANGED, pending);
}

void case_change_request(struct conversation *conversation, const struct message *message, struct talk *talk,
                         const struct effect *effect, struct change_list *pending)
{
    struct request *request = find_request(talk->person, effect->reference);
    if (!request)
        return;
    if (effect->kind == EFFECT_AMEND) {
        amend(conversation, message, talk, request, effect->due_at, pending);
    } else if (effect->kind == EFFECT_JOIN) {
        join(conversation, message, talk, request, effect, pending);
    } else if (effect->kind == EFFECT_URGE) {
        request_urge(request, effect->urgency, effect->due_at, conversation->now);
        reopening_by_urging(conversation, message, request, pending);
        save_request(conversation, message, request, STEP_URGED, pending);
    } else {
        request->state = REQUEST_CANCELLED;
        save_request(conversation, message, request, STEP_CANCELLED, pending);
    }
}

static void put_kept(struct person *person, const struct answer *answer)
{
    for (size_t i = 0; i < person->kept_count; i++)
        if (span_equal(person->kept[i].field, answer->field)) {
            person->kept[i] = *answer;
            return;
        }
    person->kept[person->kept_count++] = *answer;
}

/* What is kept as the next message of this tick would see it; what cannot be read now is not guessed at. */
static void keep_corrected(struct conversation *conversation, struct talk *talk)
{
    struct person *person = talk->person;
    struct engine_learned before = {.has_kept = false};
    struct error err;
    if (case_learn_kept(conversation, person, &before, &err) != OUTCOME_OK)
        log_event(LOG_LEVEL_ERROR, "core", "kept_unread", "what=\"%s\"", err.text);
    struct answer *room = ARENA_ARRAY(conversation->arena, struct answer, person->kept_count + talk->answer_count);
    if (person->kept_count)
        memcpy(room, person->kept, person->kept_count * sizeof *room);
    person->kept = room;
    for (size_t i = 0; i < talk->answer_count; i++)
        put_kept(person, &talk->answers[i]);
}

void case_correct(struct conversation *conversation, const struct message *message, struct talk *talk,
                  struct change_list *pending)
{
    if (!talk->row.state.entry)
        return;
    keep_corrected(conversation, talk);
    add_merge(conversation, message, talk, CHANGE_CORRECTED, 0, pending);
    effects_close_entry(conversation, message, talk, true, pending);
}

void case_withdraw(struct conversation *conversation, const struct message *message, struct talk *talk,
                   struct change_list *pending)
{
    struct person *person = talk->person;
    struct change *change = change_list_add(pending, CHANGE_WITHDRAWN, message->index);
    change->withdrawal.person = person->row.id;
    change->withdrawal.at = conversation->now;
    person->is_registered = false;
    person->has_kept = true;
    person->kept_count = 0;
}

void case_keep_registered(struct talk *talk)
{
    talk->person->has_kept = true;
    talk->person->kept = talk->answers;
    talk->person->kept_count = talk->answer_count;
}

enum outcome case_learn_kept(struct conversation *conversation, struct person *person, struct engine_learned *learned,
                             struct error *err)
{
    enum outcome outcome = OUTCOME_OK;
    if (!person->has_kept && person->row.id)
        outcome = store_load_kept(conversation->store, person->row.id, conversation->arena, &person->kept,
                                  &person->kept_count, err);
    person->has_kept = outcome == OUTCOME_OK;
    learned->has_kept = true;
    learned->kept = person->kept;
    learned->kept_count = person->kept_count;
    return outcome;
}

void case_learn_asked(struct conversation *conversation, const struct talk *talk, const char *reference,
                      struct engine_learned *learned)
{
    struct answer *given = NULL;
    struct error err;
    enum outcome outcome = OUTCOME_OK;
    const struct request *request = find_request(talk->person, reference);
    const struct talk *latest = talk->party->latest;
    const struct hours_source from = {.store = conversation->store,
                                      .changes = conversation->changes,
                                      .catalogue = conversation->catalogue,
                                      .arena = conversation->arena,
                                      .in_hand = latest ? &latest->row : NULL};
    snprintf(learned->asked, sizeof learned->asked, "%s", reference);
    learned->given_count = 0;
    learned->asked_service = NULL;
    if (request && request->entry)
        outcome = given_load(from.store, from.changes, request->entry, from.arena, &given, &learned->given_count, &err);
    if (request && outcome == OUTCOME_OK)
        outcome = hours_service(&from, request, given, learned->given_count, &learned->asked_service, &err);
    if (outcome != OUTCOME_OK) {
        log_event(LOG_LEVEL_ERROR, "core", "answers_unread", "what=\"%s\"", err.text);
        learned->given_count = 0;
    }
    learned->given = given;
}
