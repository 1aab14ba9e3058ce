#include "menu/loading/service_facts.h"
#include "base/buffer.h"
#include "base/settings.h"

#define OPENING SPAN("{fact.")
#define FILLED_MAX (64 * 1024)

static struct span find_fact(const struct service *service, struct span name, size_t language)
{
    for (size_t i = 0; i < service->fact_count; i++)
        if (span_equal(service->facts[i].name, name))
            return service->facts[i].texts[language];
    return SPAN_NONE;
}

static void report_unknown(const struct service *service, struct span name, struct origin origin,
                           struct problems *problems)
{
    const char **names = ARENA_ARRAY(service->arena, const char *, service->fact_count + 1);
    for (size_t i = 0; i < service->fact_count; i++)
        names[i] = service->facts[i].name.at;
    const char *near = settings_nearest(name, names);
    problems_add(problems, origin.file, origin.line, "service.conf has no fact \"%.*s\"%s%s%s", SPAN_ARG(name),
                 near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

/* The length of what stands before the next placeholder of a fact. A doubled brace is a brace. */
static size_t until_fact(struct span text)
{
    size_t at = 0;
    while (at < text.len && !span_starts_with(span_from(text, at), OPENING))
        at += span_starts_with(span_from(text, at), SPAN("{{")) ? 2 : 1;
    return at < text.len ? at : text.len;
}

struct span service_facts_fill(const struct service *service, size_t language, struct span text, struct origin origin,
                               struct problems *problems)
{
    struct buffer filled;
    size_t at = until_fact(text);
    if (at == text.len)
        return text;
    buffer_init(&filled, service->arena, FILLED_MAX);
    for (; at < text.len; at = until_fact(text)) {
        struct span rest = span_from(text, at + OPENING.len), name = span_cut(&rest, '}');
        struct span fact = find_fact(service, name, language);
        if (!span_is_present(rest))
            problems_add(problems, origin.file, origin.line, "a { without its }; {{ writes a brace");
        else if (!span_is_present(fact))
            report_unknown(service, name, origin, problems);
        buffer_add(&filled, span_first(text, at));
        buffer_add(&filled, fact);
        text = span_is_present(rest) ? rest : SPAN("");
    }
    buffer_add(&filled, text);
    if (buffer_failed(&filled))
        problems_add(problems, origin.file, origin.line, "its facts make this text too long");
    return buffer_span(&filled);
}
