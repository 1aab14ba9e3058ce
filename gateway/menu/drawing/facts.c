#include "menu/drawing/facts.h"
#include <string.h>

static struct span last_answer(const struct answer *answers, size_t count, struct span field)
{
    for (size_t i = count; i > 0; i--)
        if (span_equal(answers[i - 1].field, field))
            return answers[i - 1].value;
    return SPAN_NONE;
}

struct span facts_answer(const struct facts *facts, struct span field)
{
    struct span fresh = last_answer(facts->fresh, facts->fresh_count, field);
    return span_is_present(fresh) ? fresh : last_answer(facts->stored, facts->stored_count, field);
}

size_t facts_open_requests(const struct facts *facts)
{
    size_t open = 0;
    for (size_t i = 0; i < facts->person->request_count; i++)
        open += request_is_open(&facts->person->requests[i]);
    return open;
}

const struct request *facts_request(const struct facts *facts)
{
    bool named = facts->reference && facts->reference[0];
    for (size_t i = 0; i < facts->person->request_count; i++) {
        const struct request *request = &facts->person->requests[i];
        if (named ? strcmp(request->reference, facts->reference) == 0 : request_is_open(request))
            return request;
    }
    return NULL;
}

/* Where the last step says nothing of its own, the state does. */
static enum request_says says_by_state(enum request_state state)
{
    switch (state) {
    case REQUEST_WAITING:
        break;
    case REQUEST_ASSIGNED:
        return SAYS_ASSIGNED;
    case REQUEST_CALLED:
        return SAYS_CALLED;
    case REQUEST_CLOSED:
        return SAYS_CLOSED;
    case REQUEST_CANCELLED:
        return SAYS_CANCELLED;
    }
    return SAYS_WAITING;
}

enum request_says request_says(const struct request *request, int64_t now)
{
    if (!request_is_open(request))
        return says_by_state(request->state);
    if (request_is_late(request, now))
        return SAYS_LATE;
    switch (request->step) {
    case STEP_CHANGED:
        return SAYS_CHANGED;
    case STEP_URGED:
        return SAYS_URGED;
    case STEP_ASSIGNED:
        return SAYS_ASSIGNED;
    case STEP_TRIED:
        return SAYS_TRIED;
    case STEP_CALLED:
        return SAYS_CALLED;
    case STEP_REFERRED:
        return SAYS_REFERRED;
    case STEP_REOPENED:
        return SAYS_REOPENED;
    case STEP_MADE:
    case STEP_CLOSED:
    case STEP_CANCELLED:
    case STEP_WROTE:
    case STEP_SAID:
        break;
    }
    return says_by_state(request->state);
}

static bool is_open_now(const struct facts *facts)
{
    const struct request *request = facts_request(facts);
    return request && request_is_open(request);
}

static bool may_be_texted(const struct person_view *person)
{
    return person->can_be_texted && !person->opted_out && !person->is_elsewhere;
}

/* A call needs a number as well: the one that they dial from, or another that they gave. */
static bool may_be_called(const struct facts *facts)
{
    const struct contact_rule *contact = facts->contact;
    return contact ? contact->may_call && (contact->number.len > 0 || facts->person->can_be_called)
                   : facts->person->can_be_called;
}

static bool holds_of_person(const struct facts *facts, enum condition_kind kind)
{
    switch (kind) {
    case CONDITION_NONE:
        return true;
    case CONDITION_REGISTERED:
        return facts->person->registered;
    case CONDITION_HAS_REQUESTS:
        return facts_open_requests(facts) > 0;
    case CONDITION_REQUEST_OPEN:
        return is_open_now(facts);
    case CONDITION_HAS_OFFICE:
        return service_has_office(facts->service, facts->topic, facts_answer(facts, SPAN("area")));
    case CONDITION_OPTED_OUT:
        return facts->person->opted_out;
    case CONDITION_CAN_BE_CALLED:
        return facts->person->can_be_called;
    case CONDITION_CAN_BE_TEXTED:
        return facts->person->can_be_texted;
    case CONDITION_MAY_BE_TEXTED:
        return may_be_texted(facts->person);
    case CONDITION_USSD:
        return facts->channel == CHANNEL_USSD;
    case CONDITION_SMS:
        return facts->channel == CHANNEL_SMS;
    case CONDITION_OPEN_NOW:
        return calendar_is_open(&facts->service->calendar, facts->now);
    case CONDITION_FOLLOW_UP_DUE:
        return facts->person->follow_up_due;
    case CONDITION_HAS_PIN:
        return facts->person->has_pin;
    case CONDITION_PIN_OPEN:
        return facts->pin_open;
    case CONDITION_ACTING:
        return facts->acting;
    case CONDITION_KEEPS_SOMETHING:
        return facts->keeps_something;
    case CONDITION_CALLS_ALLOWED:
        return may_be_called(facts);
    case CONDITION_TEXTS_ALLOWED:
        return facts->contact && facts->contact->may_text && may_be_texted(facts->person);
    }
    return false;
}

static bool is_one_of(const struct condition *condition, struct span value)
{
    for (size_t i = 0; i < condition->value_count; i++)
        if (span_equal(condition->values[i], value))
            return true;
    return false;
}

static struct span looked_at(const struct facts *facts, const struct condition *condition)
{
    const struct request *request = condition->of == OF_REQUEST ? facts_request(facts) : NULL;
    switch (condition->of) {
    case OF_ANSWER:
        return facts_answer(facts, condition->field);
    case OF_TOPIC:
        return facts->topic;
    case OF_REQUEST:
        return request ? request->kind : SPAN_NONE;
    }
    return SPAN_NONE;
}

/* An answer of several, joined by blanks, holds when any of them does. */
static bool holds_of_answer(const struct facts *facts, const struct condition *condition)
{
    struct span rest = looked_at(facts, condition);
    while (span_is_present(rest))
        if (is_one_of(condition, span_cut(&rest, ' ')))
            return true;
    return false;
}

bool facts_hold(const struct facts *facts, const struct condition *condition)
{
    if (condition->kind != CONDITION_NONE && holds_of_person(facts, condition->kind) == condition->negated)
        return false;
    return !span_is_present(condition->field) || holds_of_answer(facts, condition);
}
