#include "console/compiler/template_internal.h"

#include <string.h>
#include "console/compiler/files.h"

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool template_is_name(struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_name_char(s.at[i]))
            return false;
    return s.len > 0 && !(s.at[0] >= '0' && s.at[0] <= '9');
}

/* Cuts at the first '.' or "->" and says in C which it was. */
static struct span cut_member(struct span *rest)
{
    size_t len = 0;
    while (len < rest->len && is_name_char(rest->at[len]))
        len++;
    struct span name = span_first(*rest, len);
    *rest = span_from(*rest, len);
    return name;
}

static void check_path(const struct template *template, struct span written)
{
    struct span rest = written;
    do {
        if (!template_is_name(cut_member(&rest)))
            complain(template->place, "`%.*s` is no field", SPAN_ARG(written));
        if (rest.len == 0)
            return;
        rest = span_from(rest, span_starts_with(rest, SPAN("->")) ? 2 : rest.at[0] == '.' ? 1 : 0);
    } while (true);
}

struct span template_field(const struct template *template, struct span written)
{
    check_path(template, written);
    struct span rest = written;
    struct span first = cut_member(&rest);
    for (unsigned i = template->depth; i > 0; i--) {
        const struct block *block = &template->blocks[i - 1];
        if (block->kind != BLOCK_EACH || !span_equal(block->variable, first))
            continue;
        if (rest.len == 0)
            return arena_format(template->arena, "(*%.*s)", SPAN_ARG(first));
        if (rest.at[0] == '.')
            return arena_format(template->arena, "%.*s->%.*s", SPAN_ARG(first), SPAN_ARG(span_from(rest, 1)));
        return arena_format(template->arena, "(*%.*s)%.*s", SPAN_ARG(first), SPAN_ARG(rest));
    }
    if (span_equal_text(written, "view")) /* all of it: for a partial that shows the same */
        return SPAN("(*view)");
    return arena_format(template->arena, "view->%.*s", SPAN_ARG(written));
}

void template_emit(struct template *template, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    buffer_add_format(template->out, "#line %u ", template->place.line);
    write_string(template->out, span_of(template->path));
    buffer_add_char(template->out, '\n');
    buffer_add_format_list(template->out, format, args);
    buffer_add_char(template->out, '\n');
    va_end(args);
}

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

static size_t find(struct span s, const char *what)
{
    const char *at = s.len ? memmem(s.at, s.len, what, strlen(what)) : NULL;
    return at ? (size_t)(at - s.at) : s.len;
}

static void count_lines(struct template *template, struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        template->place.line += s.at[i] == '\n';
}

static void take_all(struct template *template, struct span rest)
{
    while (rest.len > 0) {
        size_t len = find(rest, "{{");
        take_literal(template, span_first(rest, len));
        rest = span_from(rest, len);
        if (rest.len == 0)
            break;
        size_t end = find(rest, "}}");
        if (end == rest.len)
            complain(template->place, "{{ without }}");
        struct span inner = span_first(span_from(rest, 2), end - 2);
        template_directive(template, span_trim(inner));
        count_lines(template, inner);
        rest = span_from(rest, end + 2);
    }
}

/* {{! view: console/pages/queue_view.h [NAME] }}: the header, and the struct when it is not called after the template. */
static struct span read_view(struct template *template, struct span text)
{
    static const char how[] = "the first line says which struct is shown: {{! view: console/pages/NAME_view.h }}";
    size_t end = find(text, "}}");
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

static struct span open_template(struct template *template, const char *path, struct arena *arena)
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
    open_template(&template, path, arena);
    return template.view;
}

void template_declare(const char *path, struct arena *arena, struct buffer *out)
{
    struct template template = {.out = out};
    open_template(&template, path, arena);
    buffer_add_format(out, "struct %.*s;\nvoid show_%.*s(struct html *out, const struct %.*s *view);\n",
                      SPAN_ARG(template.view), SPAN_ARG(template.stem), SPAN_ARG(template.view));
}

void template_compile(const char *path, struct arena *arena, struct buffer *out)
{
    struct template template = {.out = out};
    struct span body = open_template(&template, path, arena);
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
