#include "menu/desk_screen.h"

#include <limits.h>
#include <string.h>
#include "menu/desk/desk_words.h"
#include "menu/drawing/scene.h"

static const struct carrier boundless = {.gsm7_units = INT_MAX / 2, .ucs2_units = INT_MAX / 2, .paged = false};

static bool draw(const struct service *service, const struct question *question, const struct language *language,
                 const struct carrier *carrier, struct arena *arena, struct drawn *drawn)
{
    static const struct person_view nobody = {.person = 0};
    const struct scene scene = {.service = service,
                                .language = language,
                                .question = question,
                                .carrier = carrier,
                                .facts = {.service = service, .person = &nobody},
                                .reference = ""};
    struct error err;
    return question_is_still(question, language->index) && scene_draw(&scene, arena, drawn, &err) == OUTCOME_OK;
}

/* Above a page may stand one short line more: "That key is not here." */
static bool is_shown_as(struct span page, struct span shown, struct span *above)
{
    *above = SPAN_NONE;
    if (page.len == 0 || page.len > shown.len || memcmp(shown.at + shown.len - page.len, page.at, page.len) != 0)
        return false;
    if (page.len == shown.len)
        return true;
    *above = span_first(shown, shown.len - page.len);
    return above->at[above->len - 1] == '\n' && !memchr(above->at, '\n', above->len - 1);
}

/* The same page of as many; where the other language divides it elsewhere, the whole. */
static struct span other_words(const struct service *service, const struct question *question,
                               const struct language *language, const struct carrier *carrier, unsigned page,
                               unsigned pages, struct arena *arena)
{
    struct drawn drawn;
    if (draw(service, question, language, carrier, arena, &drawn) && drawn.page_count == pages)
        return screen_plain(drawn.pages[page], arena);
    return draw(service, question, language, &boundless, arena, &drawn) ? screen_plain(drawn.pages[0], arena)
                                                                        : SPAN_NONE;
}

static bool find_in(const struct service *service, const struct question *question, const struct desk_shown *shown,
                    struct arena *arena, struct desk_screen *out)
{
    const struct carrier *carrier = shown->carrier ? shown->carrier : &boundless;
    const struct language *from = service_find_language(service, shown->from);
    const struct language *to = span_is_present(shown->to) ? service_find_language(service, shown->to) : NULL;
    struct drawn drawn;
    struct span above;
    if (!draw(service, question, from, carrier, arena, &drawn))
        return false;
    for (unsigned page = 0; page < drawn.page_count; page++) {
        if (!is_shown_as(screen_plain(drawn.pages[page], arena), shown->text, &above))
            continue;
        *out = (struct desk_screen){.page = page + 1, .pages = (unsigned)drawn.page_count};
        struct span words = to ? other_words(service, question, to, carrier, page, out->pages, arena) : SPAN_NONE;
        if (span_is_present(words))
            out->text = arena_format(arena, "%.*s%.*s", (int)above.len, above.at ? above.at : "", SPAN_ARG(words));
        return true;
    }
    return false;
}

/* "call.when"; a node with one question is called by its own name. */
static struct span place_of(const struct question *question, struct arena *arena)
{
    if (question->node->kind != NODE_FORM)
        return question->node->id;
    return arena_format(arena, "%.*s.%.*s", SPAN_ARG(question->node->id), SPAN_ARG(question->id));
}

/* With values in it, a question is still known by its title: one with the open hours too, one with somebody's values not. */
static bool has_title(const struct service *service, const struct question *question, const struct language *language,
                      struct span shown, struct arena *arena)
{
    if (!question->titles)
        return false;
    struct span title = desk_text(service, language, question->titles, arena);
    return title.len > 0 && span_starts_with(shown, title);
}

void desk_screen_find(const struct service *service, const struct desk_shown *shown, struct arena *arena,
                      struct desk_screen *out)
{
    const struct node *found = service_find_node(service, shown->node);
    const struct language *was = service_find_language(service, shown->from);
    *out = (struct desk_screen){0};
    for (size_t i = 0; found && was && i < found->question_count && !span_is_present(out->place); i++)
        if (find_in(service, &found->questions[i], shown, arena, out))
            out->place = place_of(&found->questions[i], arena);
    for (size_t i = 0; found && was && i < found->question_count && !span_is_present(out->place); i++)
        if (has_title(service, &found->questions[i], was, shown->text, arena))
            out->place = place_of(&found->questions[i], arena);
}

bool desk_is_danger(const struct service *service, struct span node)
{
    const struct node *found = service_find_node(service, node);
    return found && (found == service->danger.node ||
                     (found->effect == EFFECT_REQUEST && found->kind == NODE_DO && found->urgency == URGENCY_DANGER));
}
