/* Looking at people, and at their numbers. */
#include "core/desk/desk_dossier.h"
#include "core/desk/desk_verbs.h"
#include "core/desk/typed_number.h"

#define FORMS_MAX 8 /* that a typed number may mean */

/* ---- viewing ---- */

/* The first time that anybody opens it counts for how long it waited. */
static enum outcome view_request(struct deed *deed)
{
    struct dossier dossier;
    if (!deed_may(deed, RIGHT_QUEUE))
        return deed_deny(deed, "view");
    enum outcome outcome = dossier_open(deed, deed->action->object, &dossier);
    if (outcome != OUTCOME_OK || dossier.desk.viewed_at)
        return outcome;
    dossier.desk.viewed_at = deed->pass->now;
    dossier_save_desk(deed, &dossier);
    return OUTCOME_OK;
}

static enum outcome view_session(struct deed *deed)
{
    struct session session;
    if (!deed_may(deed, RIGHT_SESSIONS))
        return deed_deny(deed, "view");
    return deed_found(deed, store_load_session(deed->pass->store, deed->action->object, deed->pass->arena, &session,
                                               &deed->result->error));
}

static enum outcome view_person(struct deed *deed)
{
    struct person person;
    if (!deed_may(deed, RIGHT_PERSON))
        return deed_deny(deed, "view");
    return dossier_person(deed, deed->action->object, &person);
}

/* Who is on it is theirs to see; where nobody knows yet who that is, only who meets everybody anyway looks. */
static enum outcome see_phone(struct deed *deed, const struct phone_row *phone)
{
    struct person person;
    if (phone->person)
        return dossier_person(deed, phone->person, &person);
    return operator_sees_person(&deed->who, NULL, 0) ? OUTCOME_OK : dossier_hide(deed);
}

/* Whose calls somebody looks through is something about a person. */
static enum outcome view_phone(struct deed *deed)
{
    struct phone_row phone;
    if (!deed_may(deed, RIGHT_PERSON))
        return deed_deny(deed, "view");
    enum outcome outcome = deed_found(deed, store_load_phone(deed->pass->store, deed->action->object, deed->pass->arena,
                                                             &phone, &deed->result->error));
    return outcome == OUTCOME_OK ? see_phone(deed, &phone) : outcome;
}

enum outcome desk_view(struct deed *deed)
{
    switch (deed->action->about) {
    case OBJECT_REQUEST:
        return view_request(deed);
    case OBJECT_SESSION:
        return view_session(deed);
    case OBJECT_PERSON:
        return view_person(deed);
    case OBJECT_PHONE:
        return view_phone(deed);
    case OBJECT_OUTBOX:
        return deed_may(deed, RIGHT_OUTBOX) ? OUTCOME_OK : deed_deny(deed, "view");
    case OBJECT_OPERATOR:
        return deed_may(deed, RIGHT_USERS) ? OUTCOME_OK : deed_deny(deed, "view");
    default:
        return deed_refuse(deed, OUTCOME_REFUSED, "why_broken", "there is no such thing to look at");
    }
}

/* ---- finding ---- */

static enum outcome find_form(struct deed *deed, struct span number, int64_t *phone)
{
    const struct lookup lookup = typed_number_lookup(deed->pass->keyring, number);
    return store_find_phone(deed->pass->store, &lookup, phone, &deed->result->error);
}

static enum outcome find_typed(struct deed *deed, const struct span *numbers, size_t count, int64_t *phone)
{
    for (size_t i = 0; i < count; i++) {
        enum outcome outcome = find_form(deed, numbers[i], phone);
        if (outcome != OUTCOME_NOT_FOUND)
            return outcome;
    }
    return OUTCOME_NOT_FOUND;
}

/* Who sees nothing of a person but a request that was made by hand finds that: the newest. */
static enum outcome tell_made(struct deed *deed, int64_t id)
{
    struct person person;
    enum outcome outcome = store_load_person(deed->pass->store, id, deed->pass->arena, &person, &deed->result->error);
    if (outcome != OUTCOME_OK)
        return outcome;
    for (size_t i = 0; i < person.request_count; i++) {
        const struct request *request = &person.requests[i];
        if (!operator_sees(&deed->who, request->desk, request->topic))
            continue;
        deed->result->text = arena_copy(deed->pass->arena, span_of(request->reference));
        deed->result->why = NULL;
        deed->is_hidden = false;
        return OUTCOME_OK;
    }
    return OUTCOME_NOT_FOUND;
}

static enum outcome tell_phone(struct deed *deed, int64_t phone)
{
    struct phone_row row;
    enum outcome outcome = store_load_phone(deed->pass->store, phone, deed->pass->arena, &row, &deed->result->error);
    if (outcome == OUTCOME_OK)
        outcome = see_phone(deed, &row);
    if (outcome == OUTCOME_NOT_FOUND && row.person)
        return tell_made(deed, row.person);
    if (outcome != OUTCOME_OK)
        return outcome;
    deed->result->id = phone;
    deed->result->object = row.person;
    return OUTCOME_OK;
}

/* That somebody looked for a number is kept, whether or not it is there; the number itself is not. */
enum outcome desk_find_phone(struct deed *deed)
{
    struct span numbers[FORMS_MAX];
    int64_t phone = 0;
    size_t count = typed_number_read(deed->pass->catalogue, deed->action->text, deed->pass->arena, numbers, FORMS_MAX);
    if (!count)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_no_number", "this is no number that could be called");
    enum outcome outcome = find_typed(deed, numbers, count, &phone);
    deed->audit.object = OBJECT_PHONE;
    deed->audit.id = outcome == OUTCOME_OK ? phone : 0;
    deed->audit.detail = outcome == OUTCOME_OK ? "found" : "not_found";
    if (outcome == OUTCOME_OK)
        outcome = tell_phone(deed, phone);
    deed->leaves_line = outcome == OUTCOME_NOT_FOUND && !deed->is_hidden; /* that leaves a line of its own */
    return deed_found(deed, outcome);
}

/* ---- a number in clear ---- */

/* The other number that they gave, to be called instead of this phone; else this phone's. */
static enum outcome tell_number(struct deed *deed, const struct dossier *dossier)
{
    struct desk_result *result = deed->result;
    result->id = dossier->request.id;
    if (dossier->rule.number.len) {
        result->text = dossier->rule.number;
        return OUTCOME_OK;
    }
    enum outcome outcome =
        store_load_number(deed->pass->store, dossier->request.phone, deed->pass->arena, &result->text, &result->error);
    if (outcome == OUTCOME_NOT_FOUND || outcome == OUTCOME_REFUSED)
        return deed_refuse(deed, OUTCOME_NOT_FOUND, "why_no_number_kept", "no number is kept");
    return outcome;
}

enum outcome desk_reveal(struct deed *deed)
{
    struct dossier dossier;
    enum outcome outcome = dossier_open_live(deed, &dossier);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (!desk_reason_name((enum desk_reason)deed->action->code))
        return deed_refuse(deed, OUTCOME_REFUSED, "why_no_reason", "a reason is missing");
    deed->audit.detail = desk_reason_name((enum desk_reason)deed->action->code);
    outcome = dossier_not_now(deed, &dossier, deed->pass->now, deed->action->flag, deed->action->code);
    return outcome == OUTCOME_OK ? tell_number(deed, &dossier) : outcome;
}
