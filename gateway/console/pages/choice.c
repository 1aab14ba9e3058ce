#include "console/pages/choice.h"

#include <string.h>
#include "menu/desk.h"

#define CHOICES_MAX 512
#define WORD_NAME_MAX 64

struct span choice_words(const struct visit *visit, const char *word)
{
    enum word found = words_named(word);
    return found == WORD_COUNT ? span_of(word) : words_get(visit->style.words, found);
}

/* "bn-latn" has the word lang_bn_latn. */
struct span choice_language_words(const struct visit *visit, struct span lang)
{
    char name[WORD_NAME_MAX] = "lang_";
    size_t at = strlen(name);
    if (!span_is_present(lang) || at + lang.len >= sizeof name)
        return lang;
    for (size_t i = 0; i < lang.len; i++)
        name[at++] = lang.at[i] == '-' ? '_' : lang.at[i];
    name[at] = '\0';
    enum word found = words_named(name);
    return found == WORD_COUNT ? lang : words_get(visit->style.words, found);
}

static struct span lang_of(const struct visit *visit)
{
    return visit->operator->lang;
}

struct span choice_topic_words(const struct visit *visit, const struct service *service, struct span topic)
{
    bool known = service && span_is_present(topic);
    return known ? desk_topic_words(service, topic, lang_of(visit), visit->arena) : topic;
}

struct span choice_area_words(const struct visit *visit, const struct service *service, struct span area)
{
    bool known = service && span_is_present(area);
    return known ? desk_area_words(service, area, lang_of(visit), visit->arena) : area;
}

struct span choice_kind_words(const struct visit *visit, const struct service *service, struct span kind)
{
    bool known = service && span_is_present(kind);
    return known ? desk_kind_words(service, kind, lang_of(visit), visit->arena) : kind;
}

struct span choice_about_words(const struct visit *visit, const struct service *service, const struct request *request)
{
    struct span kind = choice_kind_words(visit, service, request->kind);
    struct span topic = choice_topic_words(visit, service, request->topic);
    if (topic.len == 0 || span_equal(kind, topic))
        return kind;
    return arena_format(visit->arena, "%.*s, %.*s", SPAN_ARG(kind), SPAN_ARG(topic));
}

/* ---- lists ---- */

struct choices choices_make(struct arena *arena, size_t room)
{
    return (struct choices){.list = ARENA_ARRAY(arena, struct choice, room), .room = room};
}

void choices_add(struct choices *choices, struct span id, struct span words, struct span chosen)
{
    if (!span_is_present(id) || choices->count == choices->room)
        return;
    for (size_t i = 0; i < choices->count; i++) {
        if (span_equal(choices->list[i].id, id))
            return;
    }
    choices->list[choices->count++] = (struct choice){.id = id, .words = words, .is_chosen = span_equal(id, chosen)};
}

typedef const struct span *ids_of(const struct service *service, size_t *count);
typedef struct span words_for(const struct visit *visit, const struct service *service, struct span id);

static struct choices of_services(const struct visit *visit, struct span chosen, ids_of *ids, words_for *words)
{
    struct choices choices = choices_make(visit->arena, CHOICES_MAX);
    for (size_t i = 0; i < visit->catalogue->service_count; i++) {
        const struct service *service = visit->catalogue->services[i];
        size_t count = 0;
        const struct span *found = ids(service, &count);
        for (size_t n = 0; n < count; n++)
            choices_add(&choices, found[n], words(visit, service, found[n]), chosen);
    }
    return choices;
}

struct choices choice_topics(const struct visit *visit, struct span chosen)
{
    return of_services(visit, chosen, desk_topics, choice_topic_words);
}

struct choices choice_areas(const struct visit *visit, struct span chosen)
{
    return of_services(visit, chosen, desk_areas, choice_area_words);
}

struct choices choice_kinds(const struct visit *visit, struct span chosen)
{
    return of_services(visit, chosen, desk_kinds, choice_kind_words);
}

struct choices choice_languages(const struct visit *visit, struct span chosen)
{
    struct choices choices = choices_make(visit->arena, CHOICES_MAX);
    for (size_t i = 0; i < visit->catalogue->service_count; i++) {
        const struct service *service = visit->catalogue->services[i];
        for (size_t n = 0; n < service_language_count(service); n++) {
            struct span lang = service_language(service, n);
            choices_add(&choices, lang, choice_language_words(visit, lang), chosen);
        }
    }
    return choices;
}

/* A service's desk is named by the role that it is for. */
struct span choice_desk_words(const struct visit *visit, struct span desk)
{
    enum role role;
    if (!role_named(desk, &role))
        return desk;
    const char *name = arena_format(visit->arena, "role_%s", role_name(role)).at;
    return words_get(visit->style.words, words_named(name));
}

/* The service names its desks by the kinds of request that go to them. */
struct choices choice_desks(const struct visit *visit, struct span chosen)
{
    struct choices choices = choices_make(visit->arena, CHOICES_MAX);
    for (size_t i = 0; i < visit->catalogue->service_count; i++) {
        const struct service *service = visit->catalogue->services[i];
        size_t count = 0;
        const struct span *kinds = desk_kinds(service, &count);
        for (size_t n = 0; n < count; n++) {
            struct span desk = desk_for_kind(service, kinds[n]);
            choices_add(&choices, desk, choice_desk_words(visit, desk), chosen);
        }
    }
    return choices;
}

struct choices choice_numbered(const struct visit *visit, unsigned count, const char *(*word)(unsigned number),
                               struct span chosen)
{
    struct choices choices = choices_make(visit->arena, CHOICES_MAX);
    for (unsigned number = 0; number < count; number++) {
        const char *name = word(number);
        if (name)
            choices_add(&choices, arena_format(visit->arena, "%u", number), choice_words(visit, name), chosen);
    }
    return choices;
}

bool choice_number(const struct visit *visit, const char *field, unsigned count, unsigned *out)
{
    uint64_t number;
    if (!span_to_u64(visit_field(visit, field), &number) || number >= count)
        return false;
    *out = (unsigned)number;
    return true;
}
