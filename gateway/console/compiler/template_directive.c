#include <stdio.h>
#include <unistd.h>
#include "console/compiler/files.h"
#include "console/compiler/template_internal.h"

static struct span next_word(struct span *rest)
{
    *rest = span_trim(span_is_present(*rest) ? *rest : SPAN(""));
    struct span word = span_cut(rest, ' ');
    return word;
}

static void insert_field(struct template *template, struct span written)
{
    static const char *const puts[] = {[INSERT_TEXT] = "html_put",
                                       [INSERT_ATTRIBUTE] = "html_put_attribute",
                                       [INSERT_ADDRESS] = "html_put_address",
                                       [INSERT_PART] = "html_put_url"};
    enum insertion insertion = context_insert(&template->context, template->place);
    struct span field = template_field(template, written);
    template_emit(template, "%s(out, %.*s);", puts[insertion], SPAN_ARG(field));
}

static void insert_words(struct template *template, const char *what)
{
    enum insertion insertion = context_insert(&template->context, template->place);
    if (insertion == INSERT_ADDRESS || insertion == INSERT_PART)
        complain(template->place, "%s: words have no place in an address", what);
}

/* A value among words: a field, or @field for the word that it names. */
static struct span argument(struct template *template, struct span written)
{
    if (written.len == 0)
        return SPAN("SPAN_NONE");
    if (written.at[0] == '@') {
        struct span field = template_field(template, span_from(written, 1));
        return arena_format(template->arena, "html_named(out, %.*s)", SPAN_ARG(field));
    }
    struct span field = template_field(template, written);
    return arena_format(template->arena, "html_value(out, %.*s)", SPAN_ARG(field));
}

static void insert_word_with(struct template *template, struct span constant, struct span rest)
{
    struct span count = SPAN_NONE, values[2] = {SPAN(""), SPAN("")};
    size_t values_count = 0;
    for (struct span next = next_word(&rest); next.len > 0; next = next_word(&rest)) {
        if (span_starts_with(next, SPAN("n=")))
            count = template_field(template, span_from(next, 2));
        else if (values_count < 2)
            values[values_count++] = next;
        else
            complain(template->place, "a word takes two values at most");
    }
    struct span first = argument(template, values[0]), second = argument(template, values[1]);
    if (span_is_present(count))
        template_emit(template, "html_word_count_with(out, %.*s, (int64_t)%.*s, %.*s, %.*s);", SPAN_ARG(constant),
                      SPAN_ARG(count), SPAN_ARG(first), SPAN_ARG(second));
    else
        template_emit(template, "html_word_with(out, %.*s, %.*s, %.*s);", SPAN_ARG(constant), SPAN_ARG(first),
                      SPAN_ARG(second));
}

/* t word, t word a b, t word n=count, t @field */
static void insert_word(struct template *template, struct span rest)
{
    insert_words(template, "t");
    struct span name = next_word(&rest);
    rest = span_trim(span_is_present(rest) ? rest : SPAN(""));
    if (name.len > 0 && name.at[0] == '@') {
        struct span field = template_field(template, span_from(name, 1));
        template_emit(template, "html_word_named(out, %.*s);", SPAN_ARG(field));
        return;
    }
    if (!template_is_name(name))
        complain(template->place, "{{t %.*s}}: no word", SPAN_ARG(name));
    struct buffer constant;
    buffer_init(&constant, template->arena, OUTPUT_BYTES);
    buffer_add_text(&constant, "WORD_");
    write_constant(&constant, name);
    if (rest.len == 0)
        template_emit(template, "html_word(out, %.*s);", SPAN_ARG(buffer_span(&constant)));
    else
        insert_word_with(template, buffer_span(&constant), rest);
}

static void insert_time(struct template *template, const char *function, struct span written)
{
    insert_words(template, "a time");
    if (template->context.place != IN_TEXT)
        complain(template->place, "a time is an element of its own: it can only stand in text");
    struct span field = template_field(template, written);
    template_emit(template, "%s(out, %.*s);", function, SPAN_ARG(field));
}

static void insert_asset(struct template *template, struct span name)
{
    enum insertion insertion = context_insert(&template->context, template->place);
    if (insertion != INSERT_ADDRESS)
        complain(template->place, "{{asset %.*s}} is an address: it is the beginning of a href or src", SPAN_ARG(name));
    struct buffer constant;
    buffer_init(&constant, template->arena, OUTPUT_BYTES);
    write_constant(&constant, name);
    template_emit(template, "html_literal(out, assets[ASSET_%.*s].address);", SPAN_ARG(buffer_span(&constant)));
}

/* {{> name field}}: a struct is passed by its address, a pointer as it is. */
static void insert_partial(struct template *template, struct span rest)
{
    struct span name = next_word(&rest);
    struct span written = next_word(&rest);
    if (template->context.place != IN_TEXT)
        complain(template->place, "{{> %.*s}} stands in text, not %s", SPAN_ARG(name),
                 context_name(&template->context));
    const char *slash = template->path;
    for (const char *c = template->path; *c; c++)
        slash = *c == '/' ? c + 1 : slash;
    struct span path =
        arena_format(template->arena, "%.*s%.*s.html", (int)(slash - template->path), template->path, SPAN_ARG(name));
    if (!template_is_name(name) || access(path.at, R_OK) != 0)
        complain(template->place, "{{> %.*s}}: there is no %.*s", SPAN_ARG(name), SPAN_ARG(path));
    struct span view = template_view_of(path.at, template->arena);
    struct span field = template_field(template, written);
    template_emit(
        template,
        "show_%.*s(out, _Generic((%.*s), struct %.*s *: (%.*s), const struct %.*s *: (%.*s), default: &(%.*s)));",
        SPAN_ARG(name), SPAN_ARG(field), SPAN_ARG(view), SPAN_ARG(field), SPAN_ARG(view), SPAN_ARG(field),
        SPAN_ARG(field));
}

/* From here on times are said in another zone. */
static void change_zone(struct template *template, struct span written)
{
    struct span field = template_field(template, written);
    template_emit(template, "out->style.zone_minutes = %.*s;", SPAN_ARG(field));
}

static bool insert_by_name(struct template *template, struct span first, struct span rest)
{
    static const struct {
        const char *name, *function;
    } times[] = {{"time", "html_time"},   {"date", "html_date"}, {"moment", "html_moment"},
                 {"clock", "html_clock"}, {"ago", "html_ago"},   {"for", "html_span_ms"}};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (span_equal_text(first, times[i].name)) {
            insert_time(template, times[i].function, rest);
            return true;
        }
    if (span_equal_text(first, "t"))
        insert_word(template, rest);
    else if (span_equal_text(first, "asset"))
        insert_asset(template, rest);
    else if (span_equal_text(first, "zone"))
        change_zone(template, rest);
    else
        return false;
    return true;
}

void template_directive(struct template *template, struct span inner)
{
    if (inner.len == 0)
        complain(template->place, "{{}}: nothing to show");
    struct span rest = inner;
    switch (inner.at[0]) {
    case '!':
        return;
    case '#':
        template_block_begin(template, span_from(inner, 1));
        return;
    case '/':
        template_block_end(template, span_from(inner, 1));
        return;
    case '>':
        insert_partial(template, span_from(inner, 1));
        return;
    default:
        break;
    }
    struct span first = next_word(&rest);
    rest = span_trim(span_is_present(rest) ? rest : SPAN(""));
    if (span_equal_text(inner, "else"))
        template_block_else(template);
    else if (rest.len == 0)
        insert_field(template, first);
    else if (!insert_by_name(template, first, rest))
        complain(template->place,
                 "{{%.*s}}: no such thing; there are a field, t, time, date, clock, moment, ago, for, zone, asset, >, "
                 "#if, #each",
                 SPAN_ARG(inner));
}
