/* The first line of a template: which struct it shows. */
#include "console/compiler/files.h"
#include "console/compiler/template_internal.h"

/* {{! view: console/pages/queue_view.h [NAME] }}: the header, and the struct when it is not called after the template. */
static struct span read_view(struct template *template, struct span text)
{
    static const char how[] = "the first line says which struct is shown: {{! view: console/pages/NAME_view.h }}";
    size_t end = template_find(text, "}}");
    struct span said = span_first(text, end);
    if (!span_starts_with(said, SPAN("{{!")) || end == text.len)
        complain(template->place, how);
    said = span_trim(span_from(said, 3));
    if (!span_starts_with(said, SPAN("view:")))
        complain(template->place, how);
    said = span_trim(span_from(said, 5));
    template->header = span_cut(&said, ' ');
    template->view =
        span_is_present(said) ? span_trim(said) : arena_format(template->arena, "%.*s_view", SPAN_ARG(template->stem));
    if (!template_is_name(template->view) || template->header.len == 0)
        complain(template->place, how);
    return span_from(text, end + 2);
}

struct span template_open(struct template *template, const char *path, struct arena *arena)
{
    template->path = path;
    template->arena = arena;
    template->place = (struct spot){path, 1};
    template->stem = file_stem(path, arena);
    if (!template_is_name(template->stem))
        complain(template->place, "the name of a template is that of a function in C");
    return read_view(template, file_read(path, arena));
}

struct span template_view_of(const char *path, struct arena *arena)
{
    struct template template = {0};
    template_open(&template, path, arena);
    return template.view;
}
