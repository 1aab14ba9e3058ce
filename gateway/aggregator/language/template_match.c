#include "aggregator/language/template_match.h"

#include <string.h>

#include "aggregator/language/unescape.h"

/* A template of many values and few literals could be tried in more ways than anybody waits for. */
#define TRIES_MAX 20000

struct match {
    const struct template *template;
    struct span line_end; /* how the dialect writes one in a screen; absent: as it is */
    struct arena *arena;
    unsigned tries;
};

/* What is known so far on the way that is tried. */
enum { UNSAID, EMPTY, FILLED };
struct found {
    struct span values[VALUE_COUNT];
    unsigned char states[VALUE_COUNT];
};

static bool match_from(struct match *match, size_t index, struct span rest, struct found *found);

static bool note_state(struct found *found, unsigned value, bool filled)
{
    unsigned char state = filled ? FILLED : EMPTY;
    bool agrees = found->states[value] == UNSAID || found->states[value] == state;
    found->states[value] = state;
    return agrees;
}

static bool match_rest(struct match *match, size_t index, struct span rest, struct found *found,
                       const struct found *tried)
{
    struct found next = *tried;
    if (!match_from(match, index, rest, &next))
        return false;
    *found = next;
    return true;
}

/* A screen, line by line: what stands for a line end is not escaped, all else is. */
static bool read_screen(const struct match *match, enum template_escape escape, struct span raw, struct span *out)
{
    struct buffer screen;
    buffer_init(&screen, match->arena, raw.len);
    for (;;) {
        const char *end = memmem(raw.at, raw.len, match->line_end.at, match->line_end.len);
        struct span line = end == NULL ? raw : span_first(raw, (size_t)(end - raw.at));
        if (!unescape(escape, line, match->arena, &line))
            return false;
        buffer_add(&screen, line);
        if (end == NULL)
            break;
        buffer_add_char(&screen, '\n');
        raw = span_from(raw, (size_t)(end - raw.at) + match->line_end.len);
    }
    *out = buffer_span(&screen);
    return !buffer_failed(&screen);
}

static bool read_value(const struct match *match, const struct template_piece *piece, struct span raw, struct span *out)
{
    bool has_lines = piece->value == VALUE_TEXT && match->line_end.len > 0;
    return has_lines ? read_screen(match, piece->escape, raw, out) : unescape(piece->escape, raw, match->arena, out);
}

static bool take_value(struct match *match, size_t index, struct span rest, size_t len, struct found *found)
{
    const struct template_piece *piece = &match->template->pieces[index];
    struct found tried = *found;
    struct span *known = &tried.values[piece->value], value;
    if (++match->tries > TRIES_MAX || !read_value(match, piece, span_first(rest, len), &value))
        return false;
    if (span_is_present(*known) && !span_equal(*known, value))
        return false;
    if (!note_state(&tried, piece->value, value.len > 0))
        return false;
    *known = value;
    return match_rest(match, index + 1, span_from(rest, len), found, &tried);
}

/* Where a value that begins with `rest` may end, at or after `from`: where the literal behind it begins. */
static bool next_end(const struct match *match, size_t index, struct span rest, size_t from, size_t *end)
{
    const struct template *t = match->template;
    *end = index + 1 == t->count ? rest.len : from;
    if (from > rest.len || index + 1 == t->count)
        return from <= rest.len;
    if (t->pieces[index + 1].kind != PIECE_LITERAL)
        return true;
    struct span literal = t->pieces[index + 1].literal;
    const char *at = memmem(rest.at + from, rest.len - from, literal.at, literal.len);
    *end = at == NULL ? 0 : (size_t)(at - rest.at);
    return at != NULL;
}

static bool match_value(struct match *match, size_t index, struct span rest, struct found *found)
{
    size_t end;
    for (size_t from = 0; match->tries <= TRIES_MAX && next_end(match, index, rest, from, &end); from = end + 1)
        if (take_value(match, index, rest, end, found))
            return true;
    return false;
}

static bool match_section(struct match *match, size_t index, struct span rest, struct found *found)
{
    const struct template_piece *piece = &match->template->pieces[index];
    bool filled = piece->kind == PIECE_SECTION;
    struct found with = *found, without = *found;
    if (note_state(&with, piece->value, filled) && match_rest(match, index + 1, rest, found, &with))
        return true;
    size_t behind = index + 1 + piece->section_pieces;
    return note_state(&without, piece->value, !filled) && match_rest(match, behind, rest, found, &without);
}

static bool match_from(struct match *match, size_t index, struct span rest, struct found *found)
{
    if (index == match->template->count)
        return rest.len == 0;
    const struct template_piece *piece = &match->template->pieces[index];
    if (piece->kind == PIECE_VALUE)
        return match_value(match, index, rest, found);
    if (piece->kind != PIECE_LITERAL)
        return match_section(match, index, rest, found);
    return span_starts_with(rest, piece->literal) &&
           match_from(match, index + 1, span_from(rest, piece->literal.len), found);
}

static struct span line_end_of(const struct translations *translations)
{
    for (size_t i = 0; translations != NULL && i < translations->count; i++)
        if (span_equal_text(translations->at[i].text, "\n"))
            return translations->at[i].becomes;
    return SPAN_NONE;
}

bool template_match(const struct template *t, struct span rendered, const struct translations *translations,
                    struct arena *arena, struct span values[VALUE_COUNT])
{
    struct match match = {.template = t, .line_end = line_end_of(translations), .arena = arena};
    struct found found = {0};
    memset(values, 0, VALUE_COUNT * sizeof *values);
    if (!match_from(&match, 0, rendered, &found))
        return false;
    memcpy(values, found.values, sizeof found.values);
    for (size_t i = 0; i < VALUE_COUNT; i++)
        if (!span_is_present(values[i]) && found.states[i] == FILLED)
            values[i] = SPAN("1");
    return true;
}
