#include "console/pages/transcript_cut.h"

#include "menu/desk.h"

size_t transcript_cut(const struct operator *who, const struct service *service, struct session_view *session)
{
    size_t kept = 0;
    for (size_t i = 0; i < session->turn_count; i++)
        if (!desk_turn_is_others(service, &session->turns[i].turn, session->has_others, who))
            session->turns[kept++] = session->turns[i];
    const size_t left_out = session->turn_count - kept;
    session->turn_count = kept;
    return left_out;
}
