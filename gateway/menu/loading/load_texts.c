#include <string.h>
#include "menu/loading/service_facts.h"
#include "menu/loading/loader.h"
#include "menu/drawing/template.h"

/* Where a text stands in a language's file, and whose it is. */
struct text_place {
    const struct node *node;
    const char *path[3];                   /* node, and in a form the question; ends with NULL */
    struct origin origin;                  /* what needs it, in the flow */
    const struct language *const *careful; /* of a careful node: by language, the one that it is shown in */
};

static struct text_place place_of(const struct node *node, const struct question *question,
                                  const struct language *const *careful)
{
    struct text_place place = {
        .node = node, .path = {node->id.at, NULL, NULL}, .origin = node->origin, .careful = careful};
    if (question && node->kind == NODE_FORM) {
        place.path[1] = question->id.at;
        place.origin = question->origin;
    }
    return place;
}

/* One text as written, of the language and place that *out says already; `setting` is where a finding stands. */
static void load_words_into(struct loader *loader, const struct text_place *place, struct setting setting,
                            struct span written, struct template *out)
{
    if (!span_is_present(written) || written.len > TEXT_MAX_BYTES) {
        setting_problem(setting, loader->problems, "expected a text in quotes of at most %d bytes", TEXT_MAX_BYTES);
        return;
    }
    struct span words = service_facts_fill(loader->service, out->language, arena_copy(loader->arena, written),
                                           out->origin, loader->problems);
    template_parse(loader->service, place->node, words, out, loader->problems);
}

/* `body = [ "1 request", "{requests} requests" ]`. */
static void load_forms(struct loader *loader, const struct text_place *place, struct setting list, struct template *out)
{
    struct template *forms = ARENA_ARRAY(loader->arena, struct template, setting_count(list) + 1);
    for (size_t i = 0; i < setting_count(list); i++) {
        forms[i] = *out;
        load_words_into(loader, place, list, setting_as_string(setting_at(list, i)), &forms[i]);
    }
    template_count(loader->service, forms, setting_count(list), out, loader->problems);
}

/* Reads a text of language `own`. One that has none gets in out->language whose it is shown instead. */
static void load_template(struct loader *loader, size_t own, const struct text_place *place, const char *key,
                          struct template *out)
{
    const struct language *language = place->careful ? place->careful[own] : &loader->service->languages[own];
    out->language = own;
    struct setting text = load_find_text(loader, language, place->path, key, out);
    if (!setting_is_present(text) || out->language != own)
        return;
    if (setting_is_list(text))
        load_forms(loader, place, text, out);
    else
        load_words_into(loader, place, text, setting_as_string(text), out);
}

static void report_missing(struct loader *loader, const struct language *language, const struct text_place *place,
                           const char *key)
{
    problems_add(loader->problems, place->origin.file, place->origin.line, "text/%.*s.conf has no %s%s%s.%s%s",
                 SPAN_ARG(language->id), place->path[0], place->path[1] ? "." : "",
                 place->path[1] ? place->path[1] : "", key,
                 loader->service->production ? " that is approved, nor a language that it falls back to" : "");
}

static bool is_missing(const struct loader *loader, const struct language *language, const struct template *found)
{
    bool own = found->count > 0 && (found->language == language->index || loader->service->production);
    return load_must_be_complete(loader, language) ? !own : found->count == 0;
}

static const struct template *load_all_languages(struct loader *loader, const struct text_place *place, const char *key,
                                                 bool required)
{
    const struct service *service = loader->service;
    struct template *all = ARENA_ARRAY(loader->arena, struct template, service->language_count);
    for (size_t l = 0; l < service->language_count; l++)
        load_template(loader, l, place, key, &all[l]);
    for (size_t l = 0; l < service->language_count; l++) {
        all[l] = all[all[l].language]; /* what a language falls back to was read for the other one */
        if (required && (place->careful ? all[l].count == 0 : is_missing(loader, &service->languages[l], &all[l])))
            report_missing(loader, &service->languages[l], place, key);
    }
    return all;
}

/* An option of a list takes the item's name where the texts say nothing. */
static void name_from_item(struct loader *loader, const struct text_place *place, struct option *option,
                           const struct template *texts)
{
    const struct service *service = loader->service;
    struct template *all = ARENA_ARRAY(loader->arena, struct template, service->language_count);
    for (size_t l = 0; l < service->language_count; l++) {
        struct piece *piece = ARENA_NEW(loader->arena, struct piece);
        size_t shown = place->careful ? place->careful[l]->index : l;
        *piece = (struct piece){.kind = PIECE_WORDS, .words = option->item->names[shown]};
        all[l] =
            texts[l].count > 0 && texts[l].language == shown
                ? texts[l]
                : (struct template){.pieces = piece, .count = 1, .language = shown, .origin = option->item->origin};
    }
    option->texts = all;
}

static void load_option_texts(struct loader *loader, const struct text_place *place, struct option *option)
{
    struct text_place wanted = *place;
    wanted.origin = option->origin;
    option->texts = load_all_languages(loader, &wanted, option->id.at, option->item == NULL);
    if (option->item)
        name_from_item(loader, place, option, option->texts);
}

static void load_question_texts(struct loader *loader, const struct node *node, struct question *question,
                                const struct language *const *careful)
{
    struct text_place place = place_of(node, question, careful);
    question->titles = load_all_languages(loader, &place, "title", false);
    question->bodies = load_all_languages(loader, &place, "body", false);
    question->shorts = load_all_languages(loader, &place, "short", false);
    for (size_t l = 0; l < loader->service->language_count; l++)
        if (question->titles[l].count == 0 && question->bodies[l].count == 0)
            report_missing(loader, &loader->service->languages[l], &place, "title or body");
    for (size_t i = 0; i < question->option_count; i++)
        if (span_is_present(question->options[i].id))
            load_option_texts(loader, &place, &question->options[i]);
}

/* The whole node falls back together: half a consent is none. */
static const struct language *const *settle_careful(struct loader *loader, const struct node *node)
{
    const struct service *service = loader->service;
    const struct language **careful = ARENA_ARRAY(loader->arena, const struct language *, service->language_count);
    bool draft_first = false;
    for (size_t l = 0; l < service->language_count; l++) {
        careful[l] = load_careful_language(loader, &service->languages[l], node);
        if (!careful[l] && !draft_first)
            problems_add(loader->problems, node->origin.file, node->origin.line,
                         "\"%.*s\" is careful, never served as a draft: expected its texts in \"%.*s\", or where that "
                         "falls back to, to be %s",
                         SPAN_ARG(node->id), SPAN_ARG(service->languages[l].id),
                         service->production ? "approved" : "reviewed or approved");
        draft_first = draft_first || (l == 0 && !careful[0]); /* then so are all: every language ends there */
        if (!careful[l])
            careful[l] = &service->languages[l];
    }
    return careful;
}

static void load_node_texts(struct loader *loader, struct node *node)
{
    if (!span_is_present(node->id))
        return;
    const struct language *const *careful = node->careful ? settle_careful(loader, node) : NULL;
    struct text_place place = place_of(node, NULL, careful);
    for (size_t q = 0; q < node->question_count; q++)
        if (span_is_present(node->questions[q].id))
            load_question_texts(loader, node, &node->questions[q], careful);
    if (node->kind == NODE_DO && node->effect == EFFECT_TEXT_ME)
        node->texts = load_all_languages(loader, &place, "body", true);
}

/* What stands in a text file and belongs to nothing. */
static const char *nearest_text(struct loader *loader, const struct question *question, struct span name)
{
    const char **names = ARENA_ARRAY(loader->arena, const char *, question->option_count + 5);
    size_t count = 0;
    for (size_t i = 0; i < question->option_count; i++)
        names[count++] = span_is_present(question->options[i].id) ? question->options[i].id.at : "";
    names[count++] = "title";
    names[count++] = "body";
    names[count++] = "short";
    names[count++] = "state";
    return settings_nearest(name, names);
}

/* What a group says of its texts rather than to a caller. */
static bool is_about_texts(struct span name)
{
    return span_equal_text(name, "state") || span_equal_text(name, "source");
}

static void check_question_group(struct loader *loader, struct setting group, const struct question *question)
{
    for (size_t i = 0; i < setting_count(group); i++) {
        struct setting member = setting_at(group, i);
        struct span name = span_of(setting_name(member));
        bool fixed = span_equal_text(name, "title") || span_equal_text(name, "body") ||
                     span_equal_text(name, "short") || is_about_texts(name);
        if (fixed || question_find_option(question, name))
            continue;
        const char *near = nearest_text(loader, question, name);
        setting_problem(member, loader->problems, "\"%.*s\" has no option \"%.*s\"%s%s%s", SPAN_ARG(question->id),
                        SPAN_ARG(name), near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    }
}

static void check_form_group(struct loader *loader, struct setting group, const struct node *node)
{
    for (size_t i = 0; i < setting_count(group); i++) {
        struct setting member = setting_at(group, i);
        struct span name = span_of(setting_name(member));
        const struct question *question = node_find_question(node, name);
        if (question && setting_is_group(member))
            check_question_group(loader, member, question);
        else if (!is_about_texts(name))
            setting_problem(member, loader->problems, "the form \"%.*s\" has no question \"%.*s\" (a group of texts)",
                            SPAN_ARG(node->id), SPAN_ARG(name));
    }
}

static void check_group(struct loader *loader, struct setting group)
{
    struct span name = span_of(setting_name(group));
    const struct service *service = loader->service;
    const struct node *node = service_find_node(service, name);
    static const struct question none = {.option_count = 0};
    if (node && setting_is_group(group)) {
        if (node->kind == NODE_FORM)
            check_form_group(loader, group, node);
        else
            check_question_group(loader, group, node->question_count > 0 ? node->questions : &none);
        return;
    }
    const char **names = ARENA_ARRAY(loader->arena, const char *, service->node_count + 1);
    for (size_t i = 0; i < service->node_count; i++)
        names[i] = span_is_present(service->nodes[i].id) ? service->nodes[i].id.at : "";
    const char *near = settings_nearest(name, names);
    setting_problem(group, loader->problems, "%s \"%.*s\"%s%s%s",
                    node ? "expected a group of texts for" : "no node is called", SPAN_ARG(name),
                    near && !node ? "; did you mean \"" : "", near && !node ? near : "", near && !node ? "\"?" : "");
}

static void check_state(struct loader *loader, struct setting group)
{
    enum text_state known;
    if (!text_state_of_name(setting_string(group, "state", "draft"), &known))
        setting_problem(setting_get(group, "state"), loader->problems,
                        "expected \"draft\", \"reviewed\" or \"approved\"");
}

/* Counts the texts as written, and looks at each group's state. */
static void count_texts(struct loader *loader, struct setting group, bool draft, unsigned depth)
{
    struct span state = setting_string(group, "state", NULL);
    if (setting_is_group(group))
        check_state(loader, group);
    if (span_is_present(state))
        draft = span_equal_text(state, "draft");
    for (size_t i = 0; i < setting_count(group) && depth < 4; i++) {
        struct setting member = setting_at(group, i);
        struct span name = span_of(setting_name(member));
        if (depth == 0 && (span_equal_text(name, "keywords") || span_equal_text(name, "triage")))
            continue; /* what people write, not what they read */
        if (setting_is_group(member)) {
            count_texts(loader, member, draft, depth + 1);
        } else if ((setting_is_string(member) || setting_is_list(member)) && !is_about_texts(name) && depth > 0) {
            loader->service->text_count++;
            loader->service->draft_count += draft;
        }
    }
}

void load_texts(struct loader *loader)
{
    struct service *service = loader->service;
    for (size_t i = 0; i < service->node_count; i++)
        load_node_texts(loader, &service->nodes[i]);
    load_request_words(loader);
    for (size_t l = 0; l < service->language_count; l++) {
        struct setting pack = loader->packs[l];
        count_texts(loader, pack, true, 0);
        count_texts(loader, loader->base_packs[l], true, 0);
        for (size_t i = 0; i < setting_count(pack); i++)
            if (!load_pack_name_is_reserved(span_of(setting_name(setting_at(pack, i)))))
                check_group(loader, setting_at(pack, i));
    }
}
