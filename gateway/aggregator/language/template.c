#include "aggregator/language/template.h"

#include <string.h>

#define SECTIONS_MAX 8

static const char *const value_names[] = {
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
    [VALUE_ENDS] = "ends",
    [VALUE_TOKEN] = "token",
    [VALUE_REASON] = "reason",
    [VALUE_FIELD] = "field",
    [VALUE_ECHO] = NULL,
};

struct section {
    struct span name;
    size_t first;  /* its first piece */
    bool constant; /* of a secret or a `with`: decided now */
    bool dropped;  /* and left out, or within one that is */
};

struct compiler {
    struct setting setting;
    const struct template_names *names;
    struct arena *arena;
    struct problems *problems;
    struct template_piece *pieces;
    size_t count;
    struct section open[SECTIONS_MAX];
    size_t depth;
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
    const char *near = candidates == NULL ? NULL : settings_nearest(name, candidates);
    setting_problem(c->setting, c->problems, "%s '%.*s'%s%s%s", what, SPAN_ARG(name), near ? ", did you mean '" : "",
                    near ? near : "", near ? "'?" : "");
    c->failed = true;
}

static bool is_dropped(const struct compiler *c)
{
    return c->depth > 0 && c->open[c->depth - 1].dropped;
}

static void add_piece(struct compiler *c, struct template_piece piece)
{
    if (!is_dropped(c))
        c->pieces[c->count++] = piece;
}

static void add_literal(struct compiler *c, struct span text)
{
    if (text.len > 0)
        add_piece(c, (struct template_piece){.kind = PIECE_LITERAL, .literal = text});
}

/* {{secret.NAME}} and {{with.NAME}}: known now. False: the name is of neither. */
static bool find_constant(const struct compiler *c, struct span name, const char **group, struct span *value)
{
    bool secret = span_starts_with(name, SPAN("secret."));
    if (!secret && !span_starts_with(name, SPAN("with.")))
        return false;
    *group = secret ? "secrets" : "with";
    const char *member = arena_text(c->arena, span_from(name, secret ? 7 : 5));
    *value = layer_string(secret ? c->names->secrets : c->names->with, member, NULL);
    return true;
}

static void add_constant(struct compiler *c, const char *group, struct span name, struct span value,
                         enum template_escape escape)
{
    struct error err;
    bool secret = strcmp(group, "secrets") == 0;
    name = span_from(name, secret ? 7 : 5);
    if (is_dropped(c))
        return;
    if (!span_is_present(value) && !c->names->forgiving) {
        setting_problem(c->setting, c->problems, "needs %s.%.*s, and the channel has none", group, SPAN_ARG(name));
        c->failed = true;
        return;
    }
    if (!span_is_present(value))
        value = SPAN("0");
    else if (secret && !c->names->forgiving && layer_read_secret(value, c->arena, &value, &err) != OUTCOME_OK) {
        setting_problem(c->setting, c->problems, "secrets.%.*s: %s", SPAN_ARG(name), err.text);
        c->failed = true;
        return;
    }
    struct buffer text;
    buffer_init(&text, c->arena, 16384);
    escape_into(value, escape, &text);
    if (buffer_failed(&text))
        complain(c, "this cannot be said in that escape:", name, NULL);
    add_literal(c, buffer_span(&text));
}

/* {{in.SOURCE}}; -1 with a finding. */
static int find_echo(struct compiler *c, struct span text)
{
    struct source source;
    const char *why = "no request is answered here";
    if (c->names->echoes == NULL || !source_parse(text, c->arena, &source, &why)) {
        setting_problem(c->setting, c->problems, "{{in.%.*s}}: %s", SPAN_ARG(text), why);
        c->failed = true;
        return -1;
    }
    int index = source_list_add(c->names->echoes, &source);
    if (index < 0)
        complain(c, "too many facts of the request are repeated, at", text, NULL);
    return index < 0 ? -1 : VALUE_ECHO + index;
}

/* What a name stands for; -1 with a finding. */
static int find_value(struct compiler *c, struct span name)
{
    if (span_starts_with(name, SPAN("in.")))
        return find_echo(c, span_from(name, 3));
    int value = index_of(name, value_names);
    if (value < 0)
        complain(c, "unknown value in a template", name, value_names);
    else if ((c->names->known & VALUES_OF(value)) == 0)
        complain(c, "a value that is not known here:", name, NULL);
    return c->failed ? -1 : value;
}

static void open_section(struct compiler *c, struct span name, bool unless)
{
    const char *group;
    struct span constant;
    if (c->depth == SECTIONS_MAX) {
        complain(c, "too many sections within each other, at", name, NULL);
        return;
    }
    struct section section = {.name = name, .dropped = is_dropped(c)};
    section.constant = find_constant(c, name, &group, &constant);
    if (section.constant) {
        section.dropped = section.dropped || (constant.len > 0) == unless;
    } else {
        int value = find_value(c, name);
        add_piece(c, (struct template_piece){.kind = unless ? PIECE_SECTION_UNLESS : PIECE_SECTION,
                                             .value = value < 0 ? 0 : (unsigned)value});
    }
    section.first = c->count;
    c->open[c->depth++] = section;
}

static void close_section(struct compiler *c, struct span name)
{
    if (c->depth == 0 || !span_equal(name, c->open[c->depth - 1].name)) {
        complain(c, "a section ends that did not begin", name, NULL);
        return;
    }
    const struct section *section = &c->open[--c->depth];
    if (!section->constant && !is_dropped(c))
        c->pieces[section->first - 1].section_pieces = c->count - section->first;
}

static void add_value(struct compiler *c, struct span place)
{
    const char *group;
    struct span constant, name = span_cut(&place, '|');
    int escape = span_is_present(place) ? index_of(span_trim(place), escape_words) : ESCAPE_NONE;
    name = span_trim(name);
    if (escape < 0) {
        complain(c, "unknown escape", span_trim(place), escape_words);
        return;
    }
    if (find_constant(c, name, &group, &constant)) {
        add_constant(c, group, name, constant, (enum template_escape)escape);
        return;
    }
    int value = find_value(c, name);
    if (value >= 0)
        add_piece(c, (struct template_piece){
                         .kind = PIECE_VALUE, .value = (unsigned)value, .escape = (enum template_escape)escape});
}

static void add_place(struct compiler *c, struct span place)
{
    if (span_starts_with(place, SPAN("#")) || span_starts_with(place, SPAN("^")))
        open_section(c, span_trim(span_from(place, 1)), place.at[0] == '^');
    else if (span_starts_with(place, SPAN("/")))
        close_section(c, span_trim(span_from(place, 1)));
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
        add_literal(&c, begin == NULL ? rest : span_first(rest, (size_t)(begin - rest.at)));
        if (begin == NULL)
            break;
        /* The first two: a JSON template may go on with a brace of its own, "{{text}}}". */
        const char *end = memmem(begin, (size_t)(rest.at + rest.len - begin), "}}", 2);
        if (end == NULL) {
            complain(&c, "a place that is never closed by }}:", span_first(rest, 2), NULL);
            break;
        }
        add_place(&c, (struct span){begin + 2, (size_t)(end - begin - 2)});
        rest = span_from(rest, (size_t)(end + 2 - rest.at));
    }
    if (c.depth > 0 && !c.failed)
        complain(&c, "a section that is never closed:", c.open[c.depth - 1].name, NULL);
    return c.failed ? (struct template){NULL, 0} : (struct template){c.pieces, c.count};
}

bool template_uses(const struct template *t, unsigned value)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->pieces[i].kind != PIECE_LITERAL && t->pieces[i].value == value)
            return true;
    return false;
}

/* The first translation whose text stands at the beginning of `rest`. */
static const struct translation *translation_at(const struct translations *list, struct span rest)
{
    for (size_t i = 0; list != NULL && i < list->count; i++)
        if (span_starts_with(rest, list->at[i].text))
            return &list->at[i];
    return NULL;
}

static void add_screen(struct span screen, enum template_escape escape, const struct translations *translations,
                       struct buffer *out)
{
    size_t from = 0, at = 0;
    while (at < screen.len) {
        const struct translation *found = translation_at(translations, span_from(screen, at));
        if (found == NULL) {
            at++;
            continue;
        }
        escape_into((struct span){screen.at + from, at - from}, escape, out);
        buffer_add(out, found->becomes);
        from = at += found->text.len;
    }
    escape_into(span_from(screen, from), escape, out);
}

void template_render_screen(const struct template *t, const struct span values[VALUE_COUNT],
                            const struct translations *translations, struct buffer *out)
{
    for (size_t i = 0; i < t->count; i++) {
        const struct template_piece *piece = &t->pieces[i];
        if (piece->kind == PIECE_LITERAL)
            buffer_add(out, piece->literal);
        else if (piece->kind == PIECE_VALUE && piece->value == VALUE_TEXT && translations->count > 0)
            add_screen(values[VALUE_TEXT], piece->escape, translations, out);
        else if (piece->kind == PIECE_VALUE)
            escape_into(values[piece->value], piece->escape, out);
        else if ((values[piece->value].len == 0) == (piece->kind == PIECE_SECTION))
            i += piece->section_pieces;
    }
}

void template_render(const struct template *t, const struct span values[VALUE_COUNT], struct buffer *out)
{
    static const struct translations none = {NULL, 0};
    template_render_screen(t, values, &none, out);
}
