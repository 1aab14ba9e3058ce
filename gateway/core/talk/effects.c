#include "core/effects.h"

#include <string.h>
#include "base/log.h"
#include "core/talk/cases.h"
#include "core/follow_up.h"
#include "core/talk/forgetting.h"
#include "core/talk/people.h"

static void open_entry(struct conversation *conversation, const struct message *message, struct talk *talk,
                       struct span form, struct change_list *pending)
{
    int64_t person = effects_need_person(conversation, message, talk, pending);
    struct change *change = change_list_add(pending, CHANGE_ENTRY, message->index);
    change->entry.id = id_next(conversation->ids, conversation->now);
    change->entry.session = talk->row.id;
    change->entry.person = person;
    change->entry.at = conversation->now;
    change->entry.form = form;
    talk->row.state.entry = change->entry.id;
    talk->answers = NULL;
    talk->answer_count = 0;
}

static void remember_answer(struct conversation *conversation, struct talk *talk, const struct answer *answer)
{
    for (size_t i = 0; i < talk->answer_count; i++)
        if (span_equal(talk->answers[i].field, answer->field)) {
            talk->answers[i] = *answer;
            return;
        }
    struct answer *more = ARENA_ARRAY(conversation->arena, struct answer, talk->answer_count + 1);
    if (talk->answer_count)
        memcpy(more, talk->answers, talk->answer_count * sizeof *more);
    more[talk->answer_count++] = *answer;
    talk->answers = more;
}

static void save_answer(struct conversation *conversation, const struct message *message, struct talk *talk,
                        const struct answer *answer, struct change_list *pending)
{
    effects_add_answer(conversation, message, talk, talk->row.state.entry, answer, pending);
    remember_answer(conversation, talk, answer);
}

static void prepend_request(struct conversation *conversation, struct person *person, const struct request *request)
{
    struct request *more = ARENA_ARRAY(conversation->arena, struct request, person->request_count + 1);
    more[0] = *request;
    if (person->request_count)
        memcpy(more + 1, person->requests, person->request_count * sizeof *more);
    person->requests = more;
    person->request_count++;
}

static void make_request(struct conversation *conversation, const struct message *message, struct talk *talk,
                         const struct effect *effect, struct change_list *pending)
{
    struct request *request = ARENA_NEW(conversation->arena, struct request);
    request->id = id_next(conversation->ids, conversation->now);
    request->person = effects_need_person(conversation, message, talk, pending);
    request->phone = talk->party->row.id;
    request->session = talk->row.id;
    request->entry = talk->row.state.entry;
    memcpy(request->reference, effect->reference, sizeof request->reference);
    request->kind = effect->request_kind;
    request->topic = effect->topic;
    request->urgency = effect->urgency;
    request->desk = effect->desk;
    request->hidden = effect->hidden;
    request->lang = talk->row.state.lang;
    request->created_at = request->changed_at = conversation->now;
    request->due_at = effect->due_at;
    request->version = 1;
    struct change *change = change_list_add(pending, CHANGE_REQUEST, message->index);
    change->request.row = request;
    change->request.by = effect->hidden ? BY_PROGRAM : BY_PERSON;
    if (!effect->hidden)
        prepend_request(conversation, talk->person, request);
    effects_keep_number(message, talk->party);
    effects_close_entry(conversation, message, talk, true, pending);
}

static void make_registration(struct conversation *conversation, const struct message *message, struct talk *talk,
                              const struct effect *effect, struct change_list *pending)
{
    struct registration *registration = ARENA_NEW(conversation->arena, struct registration);
    registration->id = id_next(conversation->ids, conversation->now);
    registration->person = effects_need_person(conversation, message, talk, pending);
    registration->session = talk->row.id;
    registration->entry = talk->row.state.entry;
    memcpy(registration->reference, effect->reference, sizeof registration->reference);
    registration->created_at = conversation->now;
    registration->consent_version = effect->consent_version;
    registration->lang = talk->row.state.lang;
    change_list_add(pending, CHANGE_REGISTRATION, message->index)->registration.row = registration;
    talk->person->is_registered = true;
    talk->person->registered_at = conversation->now;
    memcpy(talk->person->registration, registration->reference, sizeof registration->reference);
    case_keep_registered(talk);
    effects_close_entry(conversation, message, talk, true, pending);
}

/* So that what a rule did can be looked through afterwards. */
static void record_triage(struct conversation *conversation, const struct message *message, struct talk *talk,
                          const struct effect *effect, struct change_list *pending)
{
    struct triage_row *row = ARENA_NEW(conversation->arena, struct triage_row);
    row->id = id_next(conversation->ids, conversation->now);
    row->session = talk->row.id;
    row->turn = talk->row.turns;
    row->at = conversation->now;
    row->person = effects_need_person(conversation, message, talk, pending);
    row->rule = effect->name;
    row->word = effect->text;
    row->urgency = effect->urgency;
    change_list_add(pending, CHANGE_TRIAGE, message->index)->triage.row = row;
}

static void text_me(struct conversation *conversation, const struct message *message, const struct talk *talk,
                    struct span text, struct change_list *pending)
{
    const struct channel *channel = effects_texting_channel(conversation, message);
    if (channel)
        effects_queue_text(conversation, message, talk, channel, text, pending);
    else
        log_event(LOG_LEVEL_WARNING, "outbox", "no_channel", "asked_on=%.*s", SPAN_ARG(message->channel->id));
}

/* The earlier session was declined: what it had begun to fill in will not be finished. */
static void give_up_earlier(struct conversation *conversation, const struct message *message, struct talk *talk,
                            struct change_list *pending)
{
    talk->row.continues = 0;
    if (talk->earlier && talk->earlier->state.entry)
        effects_add_entry_closed(conversation, message, talk->earlier->state.entry, false, pending);
    if (!talk->row.state.entry)
        talk->answer_count = 0;
}

static void apply_one(struct conversation *conversation, const struct message *message, struct talk *talk,
                      const struct effect *effect, struct change_list *pending)
{
    struct party *party = talk->party;
    switch (effect->kind) {
    case EFFECT_OPEN_ENTRY:
        open_entry(conversation, message, talk, effect->name, pending);
        break;
    case EFFECT_SAVE_ANSWER:
        save_answer(conversation, message, talk, &effect->answer, pending);
        break;
    case EFFECT_REQUEST:
        make_request(conversation, message, talk, effect, pending);
        break;
    case EFFECT_REGISTER:
        make_registration(conversation, message, talk, effect, pending);
        break;
    case EFFECT_CANCEL:
    case EFFECT_URGE:
    case EFFECT_AMEND:
    case EFFECT_JOIN:
        case_change_request(conversation, message, talk, effect, pending);
        break;
    case EFFECT_CORRECT:
        case_correct(conversation, message, talk, pending);
        break;
    case EFFECT_WITHDRAW:
        case_withdraw(conversation, message, talk, pending);
        break;
    case EFFECT_SET_LANGUAGE:
        party->row.lang = talk->row.state.lang;
        party->changed = true;
        break;
    case EFFECT_OPT_OUT:
    case EFFECT_OPT_IN:
        party->row.opted_out = effect->kind == EFFECT_OPT_OUT;
        party->changed = true;
        break;
    case EFFECT_FORGET:
        effects_close_entry(conversation, message, talk, false, pending);
        forgetting_ask(conversation, message, talk, pending);
        break;
    case EFFECT_SET_PIN:
        pins_set(conversation, message, talk, effect->pin, pending);
        break;
    case EFFECT_CLEAR_PIN:
        pins_clear(message, talk, pending);
        break;
    case EFFECT_NEW_PERSON:
        people_begin_anew(conversation, talk);
        break;
    case EFFECT_MOVE_HERE:
        people_move_here(conversation, message, talk, pending);
        break;
    case EFFECT_FOLLOW:
    case EFFECT_UNFOLLOW:
        follow_up_apply(conversation, message, talk, effect->kind, pending);
        break;
    case EFFECT_FOLLOWED:
        follow_up_apply(conversation, message, talk, effect->kind, pending);
        effects_close_entry(conversation, message, talk, true, pending);
        break;
    case EFFECT_TRIAGE:
        record_triage(conversation, message, talk, effect, pending);
        break;
    case EFFECT_TEXT_ME:
        text_me(conversation, message, talk, effect->text, pending);
        break;
    case EFFECT_CONTINUE:
        talk->row.continues = 0;
        break;
    case EFFECT_RESTART:
        give_up_earlier(conversation, message, talk, pending);
        break;
    }
}

void effects_apply(struct conversation *conversation, const struct message *message, struct talk *talk,
                   const struct engine_result *result, struct change_list *pending)
{
    for (size_t i = 0; i < result->effect_count; i++) {
        apply_one(conversation, message, talk, &result->effects[i], pending);
        forgetting_follow(conversation, message, talk, result->effects[i].kind, pending);
    }
}
