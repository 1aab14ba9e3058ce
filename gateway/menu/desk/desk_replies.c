/* What operators text: pages of the service that no caller comes to. */
#include <string.h>
#include "base/duration.h"
#include "menu/desk.h"
#include "menu/desk/desk_words.h"
#include "menu/drawing/template.h"

static struct span fill(const struct service *service, const struct node *node, struct span lang, const char *reference,
                        int64_t next_at, struct arena *arena)
{
    static const struct person_view nobody;
    const struct language *language = desk_language(service, lang);
    /* Two days before: then a weekday is said, and neither "today" nor a date, whenever it is read. */
    const struct facts facts = {.service = service, .person = &nobody, .now = next_at - 2 * DAY_MS};
    const struct template_values values = {.service = service,
                                           .language = language,
                                           .facts = &facts,
                                           .reference = reference ? reference : "",
                                           .due_at = next_at};
    bool sensitive = false;
    const struct template *body = &node->questions->bodies[language->index];
    if (next_at == 0 && template_holds(body, PIECE_DUE))
        return SPAN_NONE;
    return screen_plain(template_fill(body, &values, arena, &sensitive), arena);
}

size_t desk_reply_count(const struct service *service)
{
    return service->desk.reply_count;
}

struct span desk_reply_id(const struct service *service, size_t index)
{
    return index < service->desk.reply_count ? service->desk.replies[index].id : SPAN_NONE;
}

struct span desk_reply_words(const struct service *service, size_t index, struct span lang, const char *reference,
                             int64_t next_at, struct arena *arena)
{
    return index < service->desk.reply_count
               ? fill(service, service->desk.replies[index].node, lang, reference, next_at, arena)
               : SPAN_NONE;
}

struct span desk_tried_words(const struct service *service, struct span lang, const char *reference,
                             struct arena *arena)
{
    return service->desk.tried.node ? fill(service, service->desk.tried.node, lang, reference, 0, arena) : SPAN_NONE;
}
