#include "console/compiler/template_internal.h"

#include <string.h>
#include "console/compiler/files.h"

static void take_literal(struct template *template, struct span literal)
{
    struct buffer kept;
    buffer_init(&kept, template->arena, OUTPUT_BYTES);
    context_walk(&template->context, literal, &template->place, &kept);
    if (kept.len == 0)
        return;
    buffer_add_text(template->out, "html_literal(out, SPAN(");
    write_string(template->out, buffer_span(&kept));
    buffer_add_text(template->out, "));\n");
}

static void count_lines(struct template *template, struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        template->place.line += s.at[i] == '\n';
}

static void take_all(struct template *template, struct span rest)
{
    while (rest.len > 0) {
        size_t len = template_find(rest, "{{");
        take_literal(template, span_first(rest, len));
        rest = span_from(rest, len);
        if (rest.len == 0)
            break;
        size_t end = template_find(rest, "}}");
        if (end == rest.len)
            complain(template->place, "{{ without }}");
        struct span inner = span_first(span_from(rest, 2), end - 2);
        template_directive(template, span_trim(inner));
        count_lines(template, inner);
        rest = span_from(rest, end + 2);
    }
}

void template_declare(const char *path, struct arena *arena, struct buffer *out)
{
    struct template template = {.out = out};
    template_open(&template, path, arena);
    buffer_add_format(out, "struct %.*s;\nvoid show_%.*s(struct html *out, const struct %.*s *view);\n",
                      SPAN_ARG(template.view), SPAN_ARG(template.stem), SPAN_ARG(template.view));
}

void template_compile(const char *path, struct arena *arena, struct buffer *out)
{
    struct template template = {.out = out};
    struct span body = template_open(&template, path, arena);
    buffer_add_format(
        out, "/* Made of %s: change that. */\n#include \"console/templates.h\"\n#include \"console/assets.h\"\n", path);
    buffer_add_format(out, "#line 1 \"%s\"\n#include \"%.*s\"\n", path, SPAN_ARG(template.header));
    buffer_add_format(out, "void show_%.*s(struct html *out, const struct %.*s *view)\n{\n(void)view;\n",
                      SPAN_ARG(template.stem), SPAN_ARG(template.view));
    /* The line's end behind the first line is no part of the page. */
    template.place.line += body.len > 0 && body.at[0] == '\n';
    take_all(&template, span_from(body, body.len > 0 && body.at[0] == '\n'));
    if (template.depth > 0)
        complain((struct spot){path, template.blocks[template.depth - 1].line}, "{{#%s}} without its {{/%s}}",
                 template.blocks[template.depth - 1].kind == BLOCK_IF ? "if" : "each",
                 template.blocks[template.depth - 1].kind == BLOCK_IF ? "if" : "each");
    if (template.context.place != IN_TEXT)
        complain(template.place, "the template ends %s", context_name(&template.context));
    buffer_add_text(out, "}\n");
}
