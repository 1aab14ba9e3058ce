#include "console/compiler/template_internal.h"

static const char *name_of(enum block_kind kind)
{
    return kind == BLOCK_IF ? "if" : "each";
}

static bool is_constant(struct span s)
{
    return template_is_constant(s) || span_is_digits(s);
}

static struct block *open_block(struct template *template, enum block_kind kind)
{
    context_settle(&template->context, template->place);
    if (template->depth == DEPTH_MAX)
        complain(template->place, "more than %d blocks in each other", DEPTH_MAX);
    struct block *block = &template->blocks[template->depth];
    *block = (struct block){.kind = kind, .line = template->place.line, .begin = template->context};
    return block;
}

/* field, not field, field == CONSTANT, field != CONSTANT */
static void begin_if(struct template *template, struct span condition)
{
    open_block(template, BLOCK_IF);
    struct span rest = condition;
    struct span first = span_cut(&rest, ' ');
    bool is_not = span_equal_text(first, "not");
    if (is_not)
        first = span_cut(&rest, ' ');
    struct span field = template_field(template, first);
    struct span sign = span_is_present(rest) ? span_cut(&rest, ' ') : SPAN_NONE;
    if (!span_is_present(sign)) {
        template_emit(template, "if (%shtml_has(%.*s)) {", is_not ? "!" : "", SPAN_ARG(field));
    } else {
        struct span constant = span_trim(span_is_present(rest) ? rest : SPAN(""));
        bool is_sign = span_equal_text(sign, "==") || span_equal_text(sign, "!=");
        if (is_not || !is_sign || !is_constant(constant))
            complain(template->place, "{{#if %.*s}}: a field, not a field, or field == CONSTANT", SPAN_ARG(condition));
        template_emit(template, "if (%.*s %.*s %.*s) {", SPAN_ARG(field), SPAN_ARG(sign), SPAN_ARG(constant));
    }
    template->depth++;
}

/* list:count as name */
static void begin_each(struct template *template, struct span said)
{
    struct block *block = open_block(template, BLOCK_EACH);
    struct span rest = said;
    struct span both = span_cut(&rest, ' ');
    struct span list = span_cut(&both, ':');
    struct span as = span_is_present(rest) ? span_cut(&rest, ' ') : SPAN_NONE;
    struct span name = span_trim(span_is_present(rest) ? rest : SPAN(""));
    if (!span_is_present(both) || !span_equal_text(as, "as") || !template_is_name(name))
        complain(template->place, "{{#each %.*s}}: {{#each list:count as name}}", SPAN_ARG(said));
    for (unsigned i = 0; i < template->depth; i++)
        if (template->blocks[i].kind == BLOCK_EACH && span_equal(template->blocks[i].variable, name))
            complain(template->place, "%.*s is what the {{#each}} around this one calls its own", SPAN_ARG(name));
    block->list = template_field(template, list);
    block->count = template_field(template, both);
    block->variable = name;
    unsigned loop = ++template->loops;
    template_emit(template, "for (size_t at_%u = 0; at_%u < (size_t)%.*s; at_%u++) {", loop, loop,
                  SPAN_ARG(block->count), loop);
    template_emit(template, "const __typeof__(%.*s[0]) *%.*s = &%.*s[at_%u]; (void)%.*s;", SPAN_ARG(block->list),
                  SPAN_ARG(name), SPAN_ARG(block->list), loop, SPAN_ARG(name));
    template->depth++;
}

void template_block_begin(struct template *template, struct span inner)
{
    struct span rest = inner;
    struct span what = span_cut(&rest, ' ');
    rest = span_trim(span_is_present(rest) ? rest : SPAN(""));
    if (span_equal_text(what, "if"))
        begin_if(template, rest);
    else if (span_equal_text(what, "each"))
        begin_each(template, rest);
    else
        complain(template->place, "{{#%.*s}}: there are {{#if}} and {{#each}}", SPAN_ARG(what));
}

static struct block *innermost(struct template *template, const char *what)
{
    if (template->depth == 0)
        complain(template->place, "{{%s}} of nothing", what);
    return &template->blocks[template->depth - 1];
}

void template_block_else(struct template *template)
{
    struct block *block = innermost(template, "else");
    if (block->has_else)
        complain(template->place, "a second {{else}}; the {{#%s}} is in line %u", name_of(block->kind), block->line);
    context_settle(&template->context, template->place);
    block->has_else = true;
    block->first_end = template->context;
    template->context = block->begin;
    if (block->kind == BLOCK_IF) {
        template_emit(template, "} else {");
    } else {
        template_emit(template, "}");
        template_emit(template, "if (%.*s == 0) {", SPAN_ARG(block->count));
        block->variable = SPAN_NONE; /* there is none behind the {{else}} */
    }
}

void template_block_end(struct template *template, struct span name)
{
    struct block *block = innermost(template, "/");
    if (!span_equal_text(name, name_of(block->kind)))
        complain(template->place, "{{/%.*s}}, but what is open is the {{#%s}} of line %u", SPAN_ARG(name),
                 name_of(block->kind), block->line);
    context_settle(&template->context, template->place);
    const struct context *other = block->has_else ? &block->first_end : &block->begin;
    bool is_same = context_same(other, &template->context) &&
                   (block->kind == BLOCK_IF || context_same(&block->begin, &template->context));
    if (!is_same)
        complain(template->place, "the {{#%s}} of line %u ends %s in one case and %s in the other",
                 name_of(block->kind), block->line, context_name(&template->context), context_name(other));
    template->context.is_tight |= other->is_tight;
    template_emit(template, "}");
    template->depth--;
}
