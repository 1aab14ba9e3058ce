#include "aggregator/template.h"

#include <string.h>

#include "http/form.h"

static const char *const value_names[VALUE_COUNT + 1] = {
    [VALUE_TEXT] = "text",
    [VALUE_TO] = "to",
    [VALUE_TO_NO_PLUS] = "to_no_plus",
    [VALUE_FROM] = "from",
    [VALUE_SESSION] = "session",
    [VALUE_ID] = "id",
    [VALUE_LINK] = "link",
    [VALUE_CHANNEL] = "channel",
    [VALUE_PUBLIC_URL] = "public_url",
    [VALUE_REPORT_DOOR] = "report_door",
    [VALUE_REPORT_URL] = "report_url",
    [VALUE_UNICODE] = "unicode",
    [VALUE_COUNT] = NULL,
};
static const char *const escape_names[] = {
    [ESCAPE_NONE] = "none", [ESCAPE_FORM] = "form", [ESCAPE_JSON] = "json", [ESCAPE_XML] = "xml", NULL};

struct compiler {
    struct setting setting;
    const struct template_names *names;
    struct arena *arena;
    struct problems *problems;
    struct template_piece *pieces;
    size_t count;
    size_t section; /* index of the open section's piece + 1; 0: none */
    bool failed;
};

static int index_of(struct span name, const char *const *names)
{
    for (int i = 0; names[i] != NULL; i++)
        if (span_equal_text(name, names[i]))
            return i;
    return -1;
}

static void complain(struct compiler *c, const char *what, struct span name, const char *const *candidates)
{
    const char *near = settings_nearest(name, candidates);
    setting_problem(c->setting, c->problems, "%s '%.*s'%s%s%s", what, SPAN_ARG(name), near ? ", did you mean '" : "",
                    near ? near : "", near ? "'?" : "");
    c->failed = true;
}

static void add_literal(struct compiler *c, struct span text)
{
    if (text.len > 0)
        c->pieces[c->count++] = (struct template_piece){.kind = PIECE_LITERAL, .literal = text};
}

/* {{secret.NAME}}, {{with.NAME}}: known now, so it becomes text, escaped now. */
static void escape_into(struct span value, enum template_escape escape, struct buffer *out);

static void add_named(struct compiler *c, const char *group, struct layer from, struct span name,
                      enum template_escape escape)
{
    struct span value = layer_string(from, arena_text(c->arena, name), NULL);
    struct error err;
    if (!span_is_present(value)) {
        if (c->names->forgiving)
            return;
        setting_problem(c->setting, c->problems, "needs %s.%.*s, and the channel has none", group, SPAN_ARG(name));
        c->failed = true;
        return;
    }
    if (strcmp(group, "secrets") == 0 && !c->names->forgiving &&
        layer_read_secret(value, c->arena, &value, &err) != OUTCOME_OK) {
        setting_problem(c->setting, c->problems, "secrets.%.*s: %s", SPAN_ARG(name), err.text);
        c->failed = true;
        return;
    }
    struct buffer text;
    buffer_init(&text, c->arena, 16384);
    escape_into(value, escape, &text);
    add_literal(c, buffer_span(&text));
}

static void open_section(struct compiler *c, struct span name)
{
    int value = index_of(name, value_names);
    if (value < 0 || c->section != 0) {
        complain(c, value < 0 ? "unknown value in a section" : "a section within a section", name, value_names);
        return;
    }
    c->pieces[c->count++] = (struct template_piece){.kind = PIECE_SECTION, .value = (enum template_value)value};
    c->section = c->count;
}

static void close_section(struct compiler *c, struct span name)
{
    if (c->section == 0 || !span_equal_text(name, value_names[c->pieces[c->section - 1].value])) {
        complain(c, "a section ends that did not begin", name, value_names);
        return;
    }
    c->pieces[c->section - 1].section_pieces = c->count - c->section;
    c->section = 0;
}

static void add_value(struct compiler *c, struct span place)
{
    struct span name = span_cut(&place, '|');
    int escape = span_is_present(place) ? index_of(span_trim(place), escape_names) : ESCAPE_NONE;
    name = span_trim(name);
    if (escape < 0) {
        complain(c, "unknown escape", span_trim(place), escape_names);
        return;
    }
    if (span_starts_with(name, SPAN("secret."))) {
        add_named(c, "secrets", c->names->secrets, span_from(name, 7), (enum template_escape)escape);
        return;
    }
    if (span_starts_with(name, SPAN("with."))) {
        add_named(c, "with", c->names->with, span_from(name, 5), (enum template_escape)escape);
        return;
    }
    int value = index_of(name, value_names);
    if (value < 0) {
        complain(c, "unknown value in a template", name, value_names);
        return;
    }
    c->pieces[c->count++] = (struct template_piece){
        .kind = PIECE_VALUE, .value = (enum template_value)value, .escape = (enum template_escape)escape};
}

static void add_place(struct compiler *c, struct span place)
{
    if (span_starts_with(place, SPAN("#")))
        open_section(c, span_from(place, 1));
    else if (span_starts_with(place, SPAN("/")))
        close_section(c, span_from(place, 1));
    else
        add_value(c, place);
}

static size_t count_places(struct span text)
{
    size_t places = 0;
    for (size_t i = 0; i + 1 < text.len; i++)
        places += text.at[i] == '{' && text.at[i + 1] == '{';
    return places;
}

struct template template_compile(struct setting setting, const struct template_names *names, struct arena *arena,
                                 struct problems *problems)
{
    struct span rest = setting_as_string(setting);
    struct compiler c = {.setting = setting, .names = names, .arena = arena, .problems = problems};
    c.pieces = ARENA_ARRAY(arena, struct template_piece, 2 * count_places(rest) + 1);
    rest = arena_copy(arena, rest);
    while (rest.len > 0 && !c.failed) {
        const char *begin = memmem(rest.at, rest.len, "{{", 2);
        const char *end = begin == NULL ? NULL : memmem(begin, (size_t)(rest.at + rest.len - begin), "}}", 2);
        add_literal(&c, begin == NULL ? rest : span_first(rest, (size_t)(begin - rest.at)));
        if (begin == NULL)
            break;
        if (end == NULL) {
            complain(&c, "a place that is never closed by }}:", span_first(rest, 2), value_names);
            break;
        }
        add_place(&c, (struct span){begin + 2, (size_t)(end - begin - 2)});
        rest = span_from(rest, (size_t)(end + 2 - rest.at));
    }
    if (c.section != 0 && !c.failed)
        complain(&c, "a section that is never closed:", span_of(value_names[c.pieces[c.section - 1].value]),
                 value_names);
    return c.failed ? (struct template){NULL, 0} : (struct template){c.pieces, c.count};
}

bool template_uses(const struct template *t, enum template_value value)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->pieces[i].kind != PIECE_LITERAL && t->pieces[i].value == value)
            return true;
    return false;
}

static void escape_json(struct span value, struct buffer *out)
{
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.at[i];
        if (c == '"' || c == '\\')
            buffer_add_format(out, "\\%c", c);
        else if (c == '\n')
            buffer_add_text(out, "\\n");
        else if (c < 0x20 || c == 0x7f)
            buffer_add_format(out, "\\u%04x", c);
        else
            buffer_add_char(out, (char)c);
    }
}

static void escape_xml(struct span value, struct buffer *out)
{
    for (size_t i = 0; i < value.len; i++) {
        char c = value.at[i];
        if (c == '&')
            buffer_add_text(out, "&amp;");
        else if (c == '<')
            buffer_add_text(out, "&lt;");
        else if (c == '>')
            buffer_add_text(out, "&gt;");
        else if (c == '"')
            buffer_add_text(out, "&quot;");
        else if ((unsigned char)c >= 0x20 || c == '\n' || c == '\t')
            buffer_add_char(out, c); /* other controls have no form at all in XML 1.0 */
    }
}

static void escape_into(struct span value, enum template_escape escape, struct buffer *out)
{
    switch (escape) {
    case ESCAPE_NONE:
        buffer_add(out, value);
        break;
    case ESCAPE_FORM:
        form_encode(value, out);
        break;
    case ESCAPE_JSON:
        escape_json(value, out);
        break;
    case ESCAPE_XML:
        escape_xml(value, out);
        break;
    }
}

void template_render(const struct template *t, const struct span values[VALUE_COUNT], struct buffer *out)
{
    for (size_t i = 0; i < t->count; i++) {
        const struct template_piece *piece = &t->pieces[i];
        if (piece->kind == PIECE_LITERAL)
            buffer_add(out, piece->literal);
        else if (piece->kind == PIECE_VALUE)
            escape_into(values[piece->value], piece->escape, out);
        else if (values[piece->value].len == 0)
            i += piece->section_pieces;
    }
}

static bool is_plain_text_place(const struct template_piece *piece)
{
    return piece->kind == PIECE_VALUE && piece->value == VALUE_TEXT && piece->escape == ESCAPE_NONE;
}

bool template_match_text(const struct template *t, struct span rendered, struct span *text)
{
    struct span before = SPAN(""), after = SPAN("");
    size_t i = 0;
    if (i < t->count && t->pieces[i].kind == PIECE_LITERAL)
        before = t->pieces[i++].literal;
    if (i >= t->count || !is_plain_text_place(&t->pieces[i]))
        return false;
    i++;
    if (i < t->count && t->pieces[i].kind == PIECE_LITERAL)
        after = t->pieces[i++].literal;
    if (i != t->count || rendered.len < before.len + after.len || !span_starts_with(rendered, before))
        return false;
    *text = (struct span){rendered.at + before.len, rendered.len - before.len - after.len};
    return span_equal((struct span){text->at + text->len, after.len}, after);
}
