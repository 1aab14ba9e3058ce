/* Somebody asks to be forgotten: what stays until it is closed, because the service promises to go on with it, and what the
 * page behind the wish sees. */
#include "menu/engine/leaving.h"
#include "menu/request.h"

bool leaving_keeps_something(const struct service *service, const struct person_view *person)
{
    for (size_t i = 0; i < person->request_count; i++)
        if (request_outlasts_wish(service, &person->requests[i]))
            return true;
    return false;
}

void leaving_keep(struct step *step)
{
    struct person_view *person = &step->person;
    struct request *kept = ARENA_ARRAY(step->arena, struct request, person->request_count);
    size_t count = 0;
    for (size_t i = 0; i < person->request_count; i++)
        if (request_outlasts_wish(step->service, &person->requests[i]))
            kept[count++] = person->requests[i];
    person->requests = kept;
    person->request_count = count;
    person->registered = false;
    person->registration = NULL;
    person->registered_at = 0;
}
