/* A request by hand: somebody called, or stands at the counter. */
#include <string.h>
#include "core/desk/desk_dossier.h"
#include "core/desk/desk_verbs.h"
#include "core/talk/reference_pick.h"
#include "core/desk/typed_number.h"

/* One that is being made. */
struct making {
    const struct desk_new_request *made;
    const struct service *service;
    struct span number; /* absent: none was given */
    struct phone_row *phone;
    bool is_new_phone;
    struct answer *answers; /* what they allow, as it is kept */
    size_t answer_count;
    struct contact_rule rule; /* by these */
};

static const struct service *find_service(const struct catalogue *catalogue, struct span name)
{
    return name.len ? catalogue_find_service(catalogue, name) : catalogue_service(catalogue, SPAN_NONE);
}

static bool is_kind(const struct service *service, struct span kind)
{
    size_t count;
    const struct span *kinds = desk_kinds(service, &count);
    for (size_t i = 0; i < count; i++)
        if (span_equal(kinds[i], kind))
            return true;
    return false;
}

static bool is_topic(const struct service *service, struct span topic)
{
    size_t count;
    const struct span *topics = desk_topics(service, &count);
    bool found = !topic.len;
    for (size_t i = 0; i < count && !found; i++)
        found = span_equal(topics[i], topic);
    return found;
}

/* That they agreed to texts is an answer as it would be on a phone, like all else that says how to reach them; a box that was left alone
 * is none: perhaps nobody asked. No channel says later whose service this is, so that is an answer, too. */
static bool take_answers(const struct deed *deed, struct making *making)
{
    const struct desk_new_request *made = making->made;
    if (made->answer_count > DESK_QUESTIONS_MAX)
        return false;
    making->answers = ARENA_ARRAY(deed->pass->arena, struct answer, made->answer_count + 2);
    for (size_t i = 0; i < made->answer_count; i++) {
        making->answers[i] = made->answers[i];
        if (!desk_may_answer(making->service, &making->answers[i]))
            return false;
    }
    making->answer_count = made->answer_count;
    if (made->may_be_texted)
        making->answers[making->answer_count++] =
            (struct answer){.field = SPAN(DESK_TEXTS_FIELD), .value = SPAN(DESK_TEXTS_YES)};
    making->answers[making->answer_count++] =
        (struct answer){.field = SPAN(BY_HAND_SERVICE), .value = service_name(making->service)};
    desk_rule_of(making->service, making->answers, making->answer_count, &making->rule);
    return true;
}

static enum outcome check(struct deed *deed, struct making *making)
{
    const struct desk_new_request *made = making->made;
    if (!made)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_broken", "a request by hand without a request");
    making->service = find_service(deed->pass->catalogue, made->service);
    if (!making->service)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_no_service", "there is no such service");
    if (!is_kind(making->service, made->kind))
        return deed_refuse(deed, OUTCOME_REFUSED, "why_no_kind", "the service has no such kind of request");
    if (!is_topic(making->service, made->topic))
        return deed_refuse(deed, OUTCOME_REFUSED, "why_no_topic", "the service has no such topic");
    if (made->urgency > URGENCY_DANGER || made->came_by > CONTACT_OTHER)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_not_a_choice", "there is no such urgency or way");
    if (!take_answers(deed, making))
        return deed_refuse(deed, OUTCOME_REFUSED, "why_not_a_choice", "the service offers no such answer");
    if (making->rule.needs_hours)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_no_hours", "safe at some times, and not said at which");
    if (!made->number.len)
        return OUTCOME_OK;
    return typed_number_read(deed->pass->catalogue, made->number, deed->pass->arena, &making->number, 1)
               ? OUTCOME_OK
               : deed_refuse(deed, OUTCOME_REFUSED, "why_no_number", "this is no number that could be called");
}

/* ---- the phone and who is on it ---- */

/* Nobody's: a person without a number has a phone that nobody can dial. */
static struct lookup lookup_of_nobody(const struct deed *deed, int64_t id)
{
    struct lookup out;
    keyring_lookup(deed->pass->keyring, SPAN("by-hand"), (struct span){(const char *)&id, sizeof id}, &out);
    return out;
}

/* As when somebody dials from it (people_renew_if_silent): whoever asks is not who was on it so long ago. */
static void renew_if_silent(const struct deed *deed, const struct making *making)
{
    if (deed->pass->now - making->phone->last_at > service_number_ms(making->service))
        dossier_renew_phone(making->phone, deed->pass->now);
}

static enum outcome find_phone(struct deed *deed, struct making *making)
{
    struct phone_row *row = making->phone = DEED_NEW(deed, struct phone_row);
    struct error *err = &deed->result->error;
    enum outcome outcome = OUTCOME_NOT_FOUND;
    int64_t id = 0;
    if (making->number.len) {
        row->lookup = typed_number_lookup(deed->pass->keyring, making->number);
        const struct lookup lookup = row->lookup;
        outcome = store_find_phone(deed->pass->store, &lookup, &id, err);
    }
    if (outcome == OUTCOME_OK) {
        outcome = store_load_phone(deed->pass->store, id, deed->pass->arena, row, err);
        if (outcome == OUTCOME_OK)
            renew_if_silent(deed, making);
        return outcome;
    }
    if (outcome != OUTCOME_NOT_FOUND)
        return outcome;
    making->is_new_phone = true;
    row->id = deed_new_id(deed);
    row->first_at = deed->pass->now;
    row->lang = making->made->lang;
    if (!making->number.len)
        row->lookup = lookup_of_nobody(deed, row->id);
    return OUTCOME_OK;
}

static void save_phone(struct deed *deed, const struct making *making)
{
    struct phone_row *row = making->phone;
    struct change *change = deed_change(deed, CHANGE_PHONE);
    change->phone.row = row;
    if (!row->has_number)
        change->phone.number = making->number;
    row->has_number = row->has_number || making->number.len > 0;
    row->last_at = deed->pass->now;
}

static void add_person(struct deed *deed, const struct making *making)
{
    if (making->phone->person)
        return;
    struct change *change = deed_change(deed, CHANGE_PERSON);
    change->person.id = making->phone->person = deed_new_id(deed);
    change->person.phone = making->phone->id;
    change->person.at = deed->pass->now;
}

/* Kept with the request as what is answered on a phone, and forgotten with its person. */
static int64_t add_entry(struct deed *deed, const struct making *making)
{
    struct change *opened = deed_change(deed, CHANGE_ENTRY);
    const int64_t id = opened->entry.id = deed_new_id(deed);
    opened->entry.person = making->phone->person;
    opened->entry.at = deed->pass->now;
    opened->entry.form = SPAN("by_hand");
    for (size_t i = 0; i < making->answer_count; i++) {
        struct change *answer = deed_change(deed, CHANGE_ANSWER);
        answer->answer.entry = id;
        answer->answer.person = making->phone->person;
        answer->answer.at = deed->pass->now;
        answer->answer.row = &making->answers[i];
    }
    struct change *closed = deed_change(deed, CHANGE_ENTRY_CLOSED);
    closed->entry.id = id;
    closed->entry.at = deed->pass->now;
    closed->entry.finished = true;
    return id;
}

/* ---- the request ---- */

static struct span or_else(struct span text, struct span other)
{
    return text.len ? text : other;
}

static enum request_urgency more_urgent(enum request_urgency a, enum request_urgency b)
{
    return a > b ? a : b;
}

/* Whoever takes the call may forget to say so, or choose danger as what it is about and not as what it is for. */
static enum request_urgency urgency_of(const struct making *making)
{
    const struct desk_new_request *made = making->made;
    const enum request_urgency least = more_urgent(desk_urgency_of_kind(making->service, made->kind),
                                                   desk_urgency_of_topic(making->service, made->topic));
    return more_urgent(made->urgency, least);
}

static struct request *make_request(struct deed *deed, const struct making *making)
{
    const struct desk_new_request *made = making->made;
    struct request *row = DEED_NEW(deed, struct request);
    row->id = deed_new_id(deed);
    row->person = making->phone->person;
    row->phone = making->phone->id;
    row->kind = made->kind;
    row->topic = made->topic.len ? made->topic : SPAN_NONE;
    row->desk = or_else(made->desk, desk_for_kind(making->service, made->kind));
    row->lang = or_else(made->lang, or_else(making->phone->lang, service_language(making->service, 0)));
    row->urgency = urgency_of(making);
    row->created_at = row->changed_at = deed->pass->now;
    row->due_at = contact_due(making->service, &making->rule, row->urgency, deed->pass->now);
    row->version = 1;
    return row;
}

static void add_desk(struct deed *deed, const struct making *making, int64_t request)
{
    struct request_desk *row = DEED_NEW(deed, struct request_desk);
    row->made_by = deed->who.id;
    row->came_by = making->made->came_by;
    row->viewed_at = deed->pass->now;
    struct change *change = deed_change(deed, CHANGE_REQUEST_DESK);
    change->desk.request = request;
    change->desk.row = row;
}

/* Whoever has somebody before them writes down what they came for, also where it is for others to deal with: then it is not opened. */
static void tell(struct deed *deed, const struct request *row)
{
    deed->result->id = row->id;
    deed->result->object = operator_sees(&deed->who, row->desk, row->topic) ? row->id : 0;
    deed->result->version = row->version;
    deed->result->text = arena_copy(deed->pass->arena, span_of(row->reference));
}

static enum outcome add_request(struct deed *deed, const struct making *making)
{
    struct request *row = make_request(deed, making);
    enum outcome outcome = reference_pick(deed->pass->store, row->reference, &deed->result->error);
    if (outcome != OUTCOME_OK)
        return outcome;
    row->entry = add_entry(deed, making);
    struct change *change = deed_change(deed, CHANGE_REQUEST_BY_HAND);
    change->request.row = row;
    change->request.by = BY_OPERATOR;
    add_desk(deed, making, row->id);
    const struct note note = {.request = row->id, .text = making->made->note};
    outcome = dossier_note(deed, &note);
    deed->audit.id = row->id;
    tell(deed, row);
    return outcome;
}

enum outcome desk_new(struct deed *deed)
{
    struct making making = {.made = deed->action->made};
    enum outcome outcome = check(deed, &making);
    if (outcome == OUTCOME_OK)
        outcome = find_phone(deed, &making);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (!making.is_new_phone) /* whoever types a number learns something: it is told apart in the audit */
        deed->audit.detail = "made_known";
    save_phone(deed, &making);
    add_person(deed, &making);
    return add_request(deed, &making);
}

enum outcome desk_new_again(struct deed *deed, int64_t id)
{
    struct dossier dossier;
    enum outcome outcome = deed_found(deed, dossier_load(deed->pass, id, &dossier, &deed->result->error));
    if (outcome == OUTCOME_OK)
        tell(deed, &dossier.request);
    return outcome;
}
