#include "cli/check_translations.h"

#include <stdio.h>
#include <string.h>
#include "cli/proving.h"
#include "menu/translations.h"

static bool is_at(const char *finding, const char *file)
{
    size_t len = file ? strlen(file) : 0;
    return len > 0 && strncmp(finding, file, len) == 0 && finding[len] == ':';
}

/* Findings of the proof that lie in a language's texts: what it says does not fit. */
static size_t count_too_long(const struct language_texts *language, const struct problems *problems)
{
    size_t count = 0;
    for (size_t i = 0; i < problems->count && i < PROBLEMS_MAX; i++)
        count += is_at(problems->lines[i], language->file) || is_at(problems->lines[i], language->base_file);
    return count;
}

static void print_language(const struct language_texts *language, bool source, const struct problems *too_long)
{
    struct translation_counts counts = translations_count(language);
    printf("%-10.*s %6zu %8zu %6zu %9zu %6zu %9zu %9zu %6zu of %-4zu %s\n", SPAN_ARG(language->language), counts.texts,
           counts.missing, counts.stale, count_too_long(language, too_long), counts.states[TEXT_DRAFT],
           counts.states[TEXT_REVIEWED], counts.states[TEXT_APPROVED], language->fallen_count, language->careful_count,
           source              ? "the source"
           : language->offered ? "offered"
                               : "not offered yet");
}

static void print_table(const char *name, const struct translations *translations, const struct problems *too_long)
{
    printf("%s\n%-10s %6s %8s %6s %9s %6s %9s %9s %14s\n", name, "LANGUAGE", "TEXTS", "MISSING", "STALE", "TOO LONG",
           "DRAFT", "REVIEWED", "APPROVED", "CAREFUL BACK");
    for (size_t l = 0; l < translations->language_count; l++)
        print_language(&translations->languages[l], l == 0, too_long);
    printf("\n");
}

static const char *wanting(const struct translation *one, bool production)
{
    if (one->text.count == 0)
        return "missing";
    if (one->stale)
        return "stale: its source has changed";
    if (one->state == TEXT_DRAFT)
        return one->careful ? "draft, of a careful page" : "draft";
    return production && one->state != TEXT_APPROVED ? text_state_name(one->state) : NULL;
}

static void list_language(const struct language_texts *language, bool production)
{
    for (size_t i = 0; i < language->count; i++) {
        const struct translation *one = &language->texts[i];
        const char *what = wanting(one, production);
        if (!what)
            continue;
        printf("%s:%u: %.*s: ", one->file, one->line, SPAN_ARG(language->language));
        for (size_t n = 0; n < TEXT_PATH_MAX && one->path.names[n]; n++)
            printf("%s%s", n ? "." : "", one->path.names[n]);
        printf(" is %s\n", what);
    }
    for (size_t i = 0; i < language->fallen_count; i++)
        printf("%.*s: the careful page %.*s is shown in another language\n", SPAN_ARG(language->language),
               SPAN_ARG(language->fallen[i]));
}

enum outcome check_translations(const char *dir, const char *name, bool list, struct problems *problems,
                                struct error *err)
{
    struct arena *arena = arena_create(256 * 1024);
    struct translations translations = {.arena = arena};
    struct service *service = NULL;
    struct problems *too_long = ARENA_NEW(arena, struct problems);
    problems_init(too_long, arena);
    enum outcome outcome = service_load_translations(dir, &translations, &service, problems, err);
    if (outcome == OUTCOME_OK) {
        struct proof_counts counts;
        proof_run(service, &proving_narrowest, 1, too_long, &counts);
    }
    if (translations.languages)
        print_table(name, &translations, too_long);
    for (size_t l = 0; list && translations.languages && l < translations.language_count; l++)
        list_language(&translations.languages[l], translations.production);
    for (size_t i = 0; i < too_long->count && i < PROBLEMS_MAX; i++)
        problems_add(problems, NULL, 0, "%s", too_long->lines[i]);
    service_free(service);
    arena_destroy(arena);
    return outcome == OUTCOME_BROKEN ? outcome : OUTCOME_OK;
}

void check_say_demonstration(const char *name, size_t drafts)
{
    if (drafts > 0)
        printf(
            "%s is a demonstration: %zu of the texts that it shows are drafts; `production = true` shows approved ones "
            "only\n",
            name, drafts);
}
