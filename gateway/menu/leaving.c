/* Somebody asks to be forgotten: what stays until it is closed, because the service promises to go on with it, and the page behind. */
#include "menu/leaving.h"
#include "menu/facts.h"

bool service_keeps_until_closed(const struct service *service, struct span kind)
{
    for (size_t i = 0; i < service->kept_kind_count; i++)
        if (span_equal(service->kept_kinds[i], kind))
            return true;
    return false;
}

size_t service_kept_kinds(const struct service *service, const struct span **kinds)
{
    if (kinds)
        *kinds = service->kept_kinds;
    return service->kept_kind_count;
}

bool request_outlasts_wish(const struct service *service, const struct request *request)
{
    return request_is_open(request) && service_keeps_until_closed(service, request->kind);
}

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
    step->state->reference[0] = '\0';
}
