#include "menu/request.h"
#include "menu/service/model.h"

bool request_is_open(const struct request *request)
{
    return request->state != REQUEST_CLOSED && request->state != REQUEST_CANCELLED;
}

bool request_is_late(const struct request *request, int64_t now)
{
    bool promised = request->state == REQUEST_WAITING || request->state == REQUEST_ASSIGNED;
    return promised && request->due_at != 0 && request->due_at < now && request->next_at < now;
}

void request_urge(struct request *request, enum request_urgency urgency, int64_t due_at, int64_t now)
{
    bool missed = request->due_at != 0 && request->due_at < now;
    if (request->urgency < urgency)
        request->urgency = urgency;
    if (request->due_at == 0 || (!missed && due_at < request->due_at))
        request->due_at = due_at;
    if ((missed && request->next_at < now) || request->next_at > due_at)
        request->next_at = due_at;
    request->step = STEP_URGED;
    request->changed_at = now;
}

void request_move(struct request *request, int64_t due_at, int64_t now)
{
    const bool missed = request->due_at != 0 && request->due_at < now;
    if (missed || request->next_at)
        request->next_at = due_at;
    if (!missed)
        request->due_at = due_at;
}

static bool is_kept_kind(const struct service *service, struct span kind)
{
    for (size_t i = 0; i < service->kept_kind_count; i++)
        if (span_equal(service->kept_kinds[i], kind))
            return true;
    return false;
}

bool request_outlasts_wish(const struct service *service, const struct request *request)
{
    return request_is_open(request) && is_kept_kind(service, request->kind);
}
