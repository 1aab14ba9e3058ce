#include "cli/texts_service.h"

#include <string.h>

enum outcome texts_choose_language(struct texts *texts, struct span id, struct error *err)
{
    for (size_t l = 0; span_is_present(id) && l < texts->all.language_count; l++)
        if (span_equal(texts->all.languages[l].language, id)) {
            texts->language = &texts->all.languages[l];
            return OUTCOME_OK;
        }
    return error_set(err, OUTCOME_REFUSED, "the service lists no language \"%.*s\"", SPAN_ARG(id));
}

/* A service that does not hold yet may well lack what is to be translated: only its files have to be readable. */
enum outcome texts_read_service(struct texts *texts, const char *lang, struct error *err)
{
    struct service *service = NULL;
    enum outcome outcome = service_load_translations(texts->dir, &texts->all, &service, texts->problems, err);
    service_free(service);
    if (!texts->all.languages)
        return outcome == OUTCOME_OK ? error_set(err, OUTCOME_REFUSED, "%s holds no texts", texts->dir) : outcome;
    problems_init(texts->problems, texts->arena);
    texts->source = texts->all.languages;
    return lang ? texts_choose_language(texts, span_of(lang), err) : OUTCOME_OK;
}

const char *texts_name(const struct texts *texts, struct text_path path)
{
    struct span name = span_of(path.names[0]);
    for (size_t i = 1; i < TEXT_PATH_MAX && path.names[i]; i++)
        name = arena_format(texts->arena, "%.*s.%s", SPAN_ARG(name), path.names[i]);
    return name.at;
}

bool texts_is_series(const struct translation *one)
{
    return one->source.several && strcmp(one->path.names[0], "engine") == 0;
}
