/* How far texts are: draft, reviewed, approved. */
#include "menu/loading/loader.h"

const char *const text_state_names[] = {
    [TEXT_DRAFT] = "draft", [TEXT_REVIEWED] = "reviewed", [TEXT_APPROVED] = "approved", [TEXT_STATES] = NULL};

const char *text_state_name(enum text_state state)
{
    return text_state_names[state];
}

bool text_state_of_name(struct span name, enum text_state *state)
{
    for (size_t i = 0; i < TEXT_STATES; i++)
        if (span_equal_text(name, text_state_names[i])) {
            *state = (enum text_state)i;
            return true;
        }
    return false;
}

bool load_state(struct setting group, enum text_state *state)
{
    return text_state_of_name(setting_string(group, "state", NULL), state);
}

enum text_state load_careful_least(const struct loader *loader)
{
    return loader->service->production ? TEXT_APPROVED : TEXT_REVIEWED;
}
