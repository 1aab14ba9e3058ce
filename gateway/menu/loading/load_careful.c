/* In which language a careful node is shown: one in which somebody has looked at all of it. */
#include "menu/loading/loader.h"

/* One careful node in one language: whether every text that the first language has is there and was looked at. */
struct vetting {
    const struct loader *loader;
    const struct language *language;
    const char *path[3];
    bool fine;
};

static void vet(struct vetting *vetting, const char *key)
{
    const struct loader *loader = vetting->loader;
    struct template first, found;
    struct setting source = load_find_text(loader, loader->service->languages, vetting->path, key, &first);
    struct setting text = load_find_text(loader, vetting->language, vetting->path, key, &found);
    if (!setting_is_present(source) && !setting_is_present(text))
        return; /* a page without a title, an item that brings its own name */
    vetting->fine = vetting->fine && setting_is_present(text) && found.language == vetting->language->index &&
                    found.state >= load_careful_least(loader);
}

static bool is_vetted(const struct loader *loader, const struct language *language, const struct node *node)
{
    struct vetting vetting = {.loader = loader, .language = language, .path = {node->id.at, NULL, NULL}, .fine = true};
    for (size_t q = 0; q < node->question_count; q++) {
        const struct question *question = &node->questions[q];
        vetting.path[1] = node->kind == NODE_FORM ? question->id.at : NULL;
        vet(&vetting, "title");
        vet(&vetting, "body");
        for (size_t i = 0; i < question->option_count; i++)
            if (span_is_present(question->options[i].id))
                vet(&vetting, question->options[i].id.at);
    }
    if (node->kind == NODE_DO)
        vet(&vetting, "body");
    return vetting.fine;
}

const struct language *load_careful_language(const struct loader *loader, const struct language *language,
                                             const struct node *node)
{
    for (size_t i = 0; i < language->order_count; i++) {
        const struct language *candidate = &loader->service->languages[language->order[i]];
        if (is_vetted(loader, candidate, node))
            return candidate;
    }
    return NULL;
}
