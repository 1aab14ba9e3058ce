#include "menu/service/shape.h"
#include <string.h>

#define SHAPE_START 2166136261u /* FNV-1a, 32 bits */
#define SHAPE_PRIME 16777619u

static uint32_t mix(uint32_t shape, const void *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        shape = (shape ^ ((const unsigned char *)bytes)[i]) * SHAPE_PRIME;
    return (shape ^ 0xff) * SHAPE_PRIME;
}

static uint32_t mix_span(uint32_t shape, struct span s)
{
    return mix(shape, s.at, s.len);
}

static uint32_t mix_option(uint32_t shape, const struct option *option)
{
    shape = mix(shape, option->key, strlen(option->key));
    shape = mix_span(shape, option->id);
    shape = mix_span(shape, option->goto_name);
    return mix_span(shape, option->ask_name);
}

/* The keys of offices are their places in the directory. */
static uint32_t mix_offices(uint32_t shape, const struct service *service)
{
    for (size_t i = 0; i < service->office_count; i++)
        shape = mix_span(shape, service->offices[i].id);
    return shape;
}

uint32_t shape_of_question(const struct service *service, const struct question *question)
{
    uint32_t type = (uint32_t)question->type;
    uint32_t shape = mix(SHAPE_START, &type, sizeof type);
    shape = mix_span(shape, question->id);
    shape = mix(shape, &question->index, sizeof question->index);
    for (size_t i = 0; i < question->option_count; i++)
        shape = mix_option(shape, &question->options[i]);
    if (question->type == QUESTION_OFFICE)
        shape = mix_offices(shape, service);
    if (question->list)
        shape = mix(shape, &question->list->shape, sizeof question->list->shape);
    return shape ? shape : 1;
}

uint32_t shape_of_index(const struct list *list)
{
    uint32_t shape = SHAPE_START;
    for (size_t i = 0; i < list->index_count; i++) {
        shape = mix_span(shape, list->index[i].folded);
        shape = mix_span(shape, list->index[i].item->id);
    }
    return shape;
}
