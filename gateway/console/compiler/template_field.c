/* What parts of a template become in C: names, fields, a statement with its line. */
#include <string.h>

#include "console/compiler/files.h"
#include "console/compiler/template_internal.h"

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

bool template_is_constant(struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] >= 'a' && s.at[i] <= 'z')
            return false;
    return template_is_name(s);
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
    if (template_is_constant(written))
        return written;
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

size_t template_find(struct span s, const char *what)
{
    const char *at = s.len ? memmem(s.at, s.len, what, strlen(what)) : NULL;
    return at ? (size_t)(at - s.at) : s.len;
}
