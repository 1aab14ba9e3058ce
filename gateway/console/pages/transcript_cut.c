#include "console/pages/transcript_cut.h"

#include "menu/desk.h"

static bool knows(const void *who, struct span desk)
{
    return operator_is_told(who, desk);
}

/* "claim.what": the page is "claim". */
static struct span page_of(struct span place)
{
    return span_cut(&place, '.');
}

static bool is_others(const struct operator *who, const struct service *service, const struct session_view *session,
                      struct span place)
{
    if (!span_is_present(place))
        return false;
    const struct span page = page_of(place);
    return desk_page_is_others(service, page, knows, who) ||
           (session->has_others && desk_page_tells_of_requests(service, page));
}

static bool is_left_out(const struct operator *who, const struct service *service, const struct session_view *session,
                        const struct turn *turn)
{
    if (!service)
        return session->has_others;
    return is_others(who, service, session, turn->node) || is_others(who, service, session, turn->asked);
}

size_t transcript_cut(const struct operator *who, const struct service *service, struct session_view *session)
{
    size_t kept = 0;
    for (size_t i = 0; i < session->turn_count; i++)
        if (!is_left_out(who, service, session, &session->turns[i].turn))
            session->turns[kept++] = session->turns[i];
    const size_t left_out = session->turn_count - kept;
    session->turn_count = kept;
    return left_out;
}
