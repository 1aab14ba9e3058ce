#include <limits.h>
#include "menu/loading/loader.h"
#include "menu/drawing/scene.h"
#include "menu/service/shape.h"

/* Wide enough for any screen to stay in one piece: whether that piece fits is asked of the carrier at run time. */
static const struct carrier boundless = {.gsm7_units = INT_MAX / 2, .ucs2_units = INT_MAX / 2, .paged = false};

static void draw_still(struct loader *loader, struct question *question, size_t language, struct arena *scratch)
{
    static const struct person_view nobody = {.person = 0};
    const struct scene scene = {.service = loader->service,
                                .language = &loader->service->languages[language],
                                .question = question,
                                .carrier = &boundless,
                                .facts = {.service = loader->service, .person = &nobody},
                                .reference = ""};
    struct drawn drawn;
    struct error err;
    if (!question_is_still(question, language))
        return;
    if (scene_draw(&scene, scratch, &drawn, &err) != OUTCOME_OK)
        problems_add(loader->problems, question->origin.file, question->origin.line, "%s", err.text);
    else if (drawn.page_count == 1)
        question->stills[language] =
            (struct still){arena_copy(loader->arena, drawn.pages[0]), screen_measure(drawn.pages[0])};
}

static void prepare_question(struct loader *loader, struct question *question, struct arena *scratch)
{
    size_t languages = loader->service->language_count;
    question->shape = shape_of_question(loader->service, question);
    question->stills = ARENA_ARRAY(loader->arena, struct still, languages);
    for (size_t l = 0; l < languages; l++) {
        draw_still(loader, question, l, scratch);
        arena_reset(scratch);
    }
}

void load_stills(struct loader *loader)
{
    struct arena *scratch = arena_create(16 * 1024);
    for (size_t i = 0; i < loader->service->node_count; i++)
        for (size_t q = 0; q < loader->service->nodes[i].question_count; q++)
            prepare_question(loader, &loader->service->nodes[i].questions[q], scratch);
    arena_destroy(scratch);
}
