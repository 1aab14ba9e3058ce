#include "console/compiler/words_read.h"

#include <string.h>
#include "console/compiler/files.h"

struct reading {
    struct span rest;
    struct spot place;
    struct arena *arena;
};

static char peek(const struct reading *reading)
{
    return reading->rest.len > 0 ? reading->rest.at[0] : '\0';
}

static void advance(struct reading *reading)
{
    reading->place.line += peek(reading) == '\n';
    reading->rest = span_from(reading->rest, 1);
}

static void skip(struct reading *reading)
{
    for (char c = peek(reading); c != '\0' && strchr(" \t\r\n#", c); c = peek(reading)) {
        if (c == '#')
            while (reading->rest.len > 0 && peek(reading) != '\n')
                advance(reading);
        else
            advance(reading);
    }
}

static void expect(struct reading *reading, char wanted)
{
    skip(reading);
    if (peek(reading) != wanted)
        complain(reading->place, "`%c` is missing", wanted);
    advance(reading);
}

static const char *read_name(struct reading *reading)
{
    struct span start = reading->rest;
    for (char c = peek(reading); (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; c = peek(reading))
        advance(reading);
    struct span name = span_first(start, start.len - reading->rest.len);
    if (name.len == 0)
        complain(reading->place, "the name of a word: small letters, digits and _");
    return arena_text(reading->arena, name);
}

static char read_escape(struct reading *reading)
{
    advance(reading);
    char c = peek(reading);
    if (c == 'n')
        return '\n';
    if (c != '"' && c != '\\')
        complain(reading->place, "`\\%c`: there are \\\" \\\\ \\n", c);
    return c;
}

static struct span read_text(struct reading *reading)
{
    struct buffer text;
    buffer_init(&text, reading->arena, OUTPUT_BYTES);
    skip(reading);
    if (peek(reading) != '"')
        complain(reading->place, "a text in quotes is missing");
    for (; peek(reading) == '"'; skip(reading)) {
        advance(reading);
        for (char c = peek(reading); c != '"'; c = peek(reading)) {
            if (c == '\0' || c == '\n')
                complain(reading->place, "the quote that ends the text is missing");
            buffer_add_char(&text, c == '\\' ? read_escape(reading) : c);
            advance(reading);
        }
        advance(reading);
    }
    return buffer_span(&text).at ? buffer_span(&text) : SPAN("");
}

static void read_forms(struct reading *reading, struct word_entry *entry)
{
    skip(reading);
    if (peek(reading) != '[') {
        entry->forms[entry->count++] = read_text(reading);
        return;
    }
    do {
        advance(reading);
        if (entry->count == FORMS_MAX)
            complain(reading->place, "more than %d forms", FORMS_MAX);
        entry->forms[entry->count++] = read_text(reading);
        skip(reading);
    } while (peek(reading) == ',');
    expect(reading, ']');
}

static void read_file(struct word_language *language, const char *path, struct arena *arena)
{
    struct reading reading = {.rest = file_read(path, arena), .place = {path, 1}, .arena = arena};
    for (skip(&reading); reading.rest.len > 0; skip(&reading)) {
        if (language->count == ENTRIES_MAX)
            complain(reading.place, "more than %d words", ENTRIES_MAX);
        struct word_entry *entry = &language->entries[language->count++];
        entry->place = reading.place;
        entry->name = read_name(&reading);
        expect(&reading, '=');
        read_forms(&reading, entry);
        expect(&reading, ';');
    }
}

void words_read(struct word_language *language, struct arena *arena)
{
    size_t count;
    const char **files = folder_list(language->path, ".conf", arena, &count);
    language->entries = ARENA_ARRAY(arena, struct word_entry, ENTRIES_MAX);
    const char *slash = strrchr(language->path, '/');
    language->id = span_of(slash ? slash + 1 : language->path);
    for (size_t i = 0; i < count; i++)
        read_file(language, arena_format(arena, "%s/%s", language->path, files[i]).at, arena);
}

static const struct word_entry *own(const struct word_language *language, const char *name, size_t count,
                                    const struct word_entry *(*find)(const struct word_language *language,
                                                                     const char *name))
{
    const struct word_entry *entry = find(language, name);
    if (!entry)
        complain((struct spot){language->path, 1}, "%s is missing: language.conf says it", name);
    if (entry->count != count)
        complain(entry->place, "%s has %zu parts, not %zu", name, count, entry->count);
    return entry;
}

void words_describe(struct word_language *language,
                    const struct word_entry *(*find)(const struct word_language *language, const char *name))
{
    language->name = own(language, "language_name", 1, find)->forms[0];
    language->date = own(language, "language_date", 1, find)->forms[0];
    language->digits = own(language, "language_digits", 10, find)->forms;
    language->months = own(language, "language_months", 12, find)->forms;
    const struct word_entry *plural = own(language, "language_plural", 1, find);
    language->plural = plural_rule_named(plural->forms[0]);
    if (language->plural == PLURAL_UNKNOWN)
        complain(plural->place, "language_plural: one_other, zero_one_other, slavic or none");
}
