/* What is done with a person or a phone as a whole. */
#include "core/desk/desk_dossier.h"
#include "base/duration.h"
#include "core/desk/desk_verbs.h"
#include "core/talk/forgetting.h"

#define FLAG_MAX_MS (366 * DAY_MS)

/* ---- forgetting ---- */

/* Which requests stay until they are closed, each one's own service says. */
static enum outcome services_of(struct deed *deed, const struct person *person, const struct service **services)
{
    enum outcome outcome = OUTCOME_OK;
    for (size_t i = 0; i < person->request_count && outcome == OUTCOME_OK; i++) {
        outcome = dossier_service(deed->pass, &person->requests[i], &services[i], &deed->result->error);
        if (outcome == OUTCOME_OK && !services[i])
            return deed_refuse(deed, OUTCOME_REFUSED, "why_no_service", "no service is served");
    }
    return outcome;
}

enum outcome desk_forget(struct deed *deed)
{
    struct person person;
    struct phone_row phone = {0};
    const struct service **services = NULL;
    enum outcome outcome = dossier_person(deed, deed->action->object, &person);
    if (outcome == OUTCOME_OK) {
        services = ARENA_ARRAY(deed->pass->arena, const struct service *, person.request_count + 1);
        outcome = services_of(deed, &person, services);
    }
    if (outcome == OUTCOME_OK)
        outcome =
            store_load_phone(deed->pass->store, person.row.phone, deed->pass->arena, &phone, &deed->result->error);
    if (outcome != OUTCOME_OK)
        return outcome;
    forgetting_add(services, &person, &phone, deed->pass->now, &deed->changes);
    return OUTCOME_OK;
}

/* It is said of somebody who was reached there, and is theirs to see. */
enum outcome desk_number_changed(struct deed *deed)
{
    struct person person;
    struct phone_row *row = DEED_NEW(deed, struct phone_row);
    enum outcome outcome = dossier_person(deed, deed->action->to, &person);
    if (outcome == OUTCOME_OK && person.row.phone != deed->action->object)
        outcome = deed_found(deed, OUTCOME_NOT_FOUND);
    if (outcome == OUTCOME_OK)
        outcome = deed_found(deed, store_load_phone(deed->pass->store, deed->action->object, deed->pass->arena, row,
                                                    &deed->result->error));
    if (outcome == OUTCOME_OK && row->person && row->person != person.row.id)
        outcome = dossier_person(deed, row->person, &person); /* who came after them goes from it, too */
    if (outcome != OUTCOME_OK)
        return outcome;
    dossier_renew_phone(row, deed->pass->now);
    deed_change(deed, CHANGE_PHONE)->phone.row = row;
    deed->result->id = row->id;
    return OUTCOME_OK;
}

/* ---- what whoever opens them must see ---- */

enum outcome desk_flag(struct deed *deed)
{
    struct person person;
    const struct desk_action *action = deed->action;
    enum outcome outcome = dossier_person(deed, action->object, &person);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (!person_flag_is_text(action->text))
        return deed_refuse(deed, OUTCOME_REFUSED, "why_no_words", "nothing was written, or too much");
    if (action->until <= deed->pass->now || action->until > deed->pass->now + FLAG_MAX_MS)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_no_such_time", "this is not in the year to come");
    struct person_flag *row = DEED_NEW(deed, struct person_flag);
    row->id = deed_new_id(deed);
    row->person = person.row.id;
    row->operator = deed->who.id;
    row->at = deed->pass->now;
    row->until = action->until;
    row->text = action->text;
    deed_change(deed, CHANGE_PERSON_FLAG)->flag.row = row;
    deed->result->id = row->id;
    return OUTCOME_OK;
}

enum outcome desk_flag_drop(struct deed *deed)
{
    struct person person;
    struct person_flag *row = DEED_NEW(deed, struct person_flag);
    enum outcome outcome = deed->action->to ? dossier_person(deed, deed->action->to, &person) : OUTCOME_OK;
    if (outcome == OUTCOME_OK)
        outcome = deed_found(deed, store_load_person_flag(deed->pass->store, deed->action->object, deed->pass->arena,
                                                          row, &deed->result->error));
    if (outcome == OUTCOME_OK && !deed->action->to)
        outcome = dossier_person(deed, row->person, &person);
    else if (outcome == OUTCOME_OK && deed->action->to != row->person)
        outcome = deed_found(deed, OUTCOME_NOT_FOUND);
    if (outcome != OUTCOME_OK || row->dropped_at)
        return outcome;
    deed->audit.id = row->person;
    row->dropped_at = deed->pass->now;
    deed_change(deed, CHANGE_PERSON_FLAG)->flag.row = row;
    return OUTCOME_OK;
}
