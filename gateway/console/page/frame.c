#include "console/page/frame.h"

#include <stddef.h>
#include <string.h>

void frame_locate(struct frame_view *frame, const char *section)
{
    const struct {
        const char *name;
        bool *at;
    } places[] = {{"queue", &frame->at_queue}, {"sessions", &frame->at_sessions}, {"outbox", &frame->at_outbox},
                  {"users", &frame->at_users}, {"audit", &frame->at_audit},       {"settings", &frame->at_settings}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        *places[i].at = section && strcmp(section, places[i].name) == 0;
}
