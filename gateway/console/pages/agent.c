#include "console/pages/agent.h"

struct mark {
    const char *in, *name;
};

/* The first that is there counts: most say that they are Chrome and Safari as well, and Android that it is Linux. */
static const struct mark browsers[] = {
    {"Edg", "Edge"},         {"OPR/", "Opera"},     {"SamsungBrowser/", "Samsung Internet"},
    {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"},
    {"Chrome/", "Chrome"},   {"Safari/", "Safari"},
};
static const struct mark systems[] = {
    {"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"},   {"Windows", "Windows"},
    {"Macintosh", "Mac"},   {"CrOS", "ChromeOS"}, {"Linux", "Linux"},
};

static const char *first_of(struct span agent, const struct mark *marks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (span_holds_nocase(agent, span_of(marks[i].in)))
            return marks[i].name;
    return NULL;
}

struct span agent_words(struct span agent, struct arena *arena)
{
    const char *browser = first_of(agent, browsers, sizeof browsers / sizeof *browsers);
    const char *system = first_of(agent, systems, sizeof systems / sizeof *systems);
    return browser && system ? arena_format(arena, "%s, %s", browser, system) : agent;
}
