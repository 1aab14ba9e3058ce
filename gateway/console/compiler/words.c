#include "console/compiler/words.h"

#include <stdlib.h>
#include <string.h>
#include "console/compiler/files.h"
#include "console/compiler/words_read.h"

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct word_entry *)a)->name, ((const struct word_entry *)b)->name);
}

static const struct word_entry *find(const struct word_language *language, const char *name)
{
    const struct word_entry key = {.name = name};
    return bsearch(&key, language->entries, language->count, sizeof key, by_name);
}

static void sort(struct word_language *language)
{
    qsort(language->entries, language->count, sizeof *language->entries, by_name);
    for (size_t i = 1; i < language->count; i++) {
        const struct word_entry *twice = &language->entries[i], *first = twice - 1;
        if (strcmp(twice->name, first->name) == 0)
            complain(twice->place, "%s is also said in %s:%u", twice->name, first->place.file, first->place.line);
    }
}

static bool is_own(const struct word_entry *entry)
{
    return strncmp(entry->name, "language_", 9) == 0;
}

/* "{1}", "{2}", "{n}" as bits. */
static unsigned holes_of(struct span text, struct spot place)
{
    unsigned holes = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] != '{')
            continue;
        struct span hole = span_first(span_from(text, i), 3);
        const char *found = hole.len == 3 && hole.at[2] == '}' ? strchr("12n", hole.at[1]) : NULL;
        if (!found)
            complain(place, "`{` begins {1}, {2} or {n}");
        holes |= 1u << (found - "12n");
    }
    return holes;
}

static unsigned holes_of_all(const struct word_entry *entry)
{
    unsigned holes = 0;
    for (size_t i = 0; i < entry->count; i++)
        holes |= holes_of(entry->forms[i], entry->place);
    return holes;
}

static void check_forms(const struct word_language *language, const struct word_entry *entry)
{
    size_t forms = plural_forms(language->plural);
    if (entry->count != 1 && entry->count != forms)
        complain(entry->place, "%s has %zu forms; this language has %zu", entry->name, entry->count, forms);
    holes_of_all(entry);
}

/* A translation puts the same values into its words. */
static void check_against(const struct word_language *base, const struct word_language *language,
                          const struct word_entry *entry)
{
    const struct word_entry *original = find(base, entry->name);
    if (!original)
        complain(entry->place, "%s is no word of %s", entry->name, base->path);
    if (holes_of_all(original) != holes_of_all(entry))
        complain(entry->place, "%s has other values in it than in %s:%u", entry->name, original->place.file,
                 original->place.line);
    if (original->count > 1 && entry->count != plural_forms(language->plural))
        complain(entry->place, "%s needs a form for each count", entry->name);
}

static void write_spans(struct buffer *out, const struct span *spans, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buffer_add_text(out, " {");
        write_string(out, spans[i]);
        buffer_add_format(out, ", %zu},\n", spans[i].len);
    }
}

static void write_one(struct buffer *out, const char *field, struct span span)
{
    buffer_add_format(out, "  .%s = {", field);
    write_string(out, span);
    buffer_add_format(out, ", %zu},\n", span.len);
}

static void write_language(struct buffer *code, const struct word_language *base, const struct word_language *language,
                           size_t index)
{
    buffer_add_format(code, "static const struct span forms_%zu[] = {\n", index);
    size_t first = 0;
    for (size_t i = 0; i < base->count; i++) {
        const struct word_entry *entry = is_own(&base->entries[i]) ? NULL : find(language, base->entries[i].name);
        if (entry)
            write_spans(code, entry->forms, entry->count);
    }
    buffer_add_format(code, " {\"\", 0}\n};\nstatic const unsigned short first_%zu[WORD_COUNT + 1] = {\n", index);
    for (size_t i = 0; i < base->count; i++) {
        if (is_own(&base->entries[i]))
            continue;
        const struct word_entry *entry = find(language, base->entries[i].name);
        buffer_add_format(code, "%zu,", first);
        first += entry ? entry->count : 0;
    }
    buffer_add_format(code, "%zu\n};\n", first);
}

static void write_table(struct buffer *code, const struct word_language *language, size_t index)
{
    buffer_add_text(code, " {\n");
    write_one(code, "id", language->id);
    write_one(code, "name", language->name);
    write_one(code, "date", language->date);
    buffer_add_format(code, "  .plural = %d,\n  .digits = {\n", (int)language->plural);
    write_spans(code, language->digits, 10);
    buffer_add_text(code, "  },\n  .months = {\n");
    write_spans(code, language->months, 12);
    buffer_add_format(code, "  },\n  .forms = forms_%zu,\n  .first = first_%zu,\n },\n", index, index);
}

static void write_names(const struct word_language *base, struct buffer *header, struct buffer *code)
{
    buffer_add_text(header, "/* Made of words/. */\n#pragma once\n\nenum word {\n");
    buffer_add_text(
        code,
        "/* Made of words/. */\n#include \"console/page/words_table.h\"\n\nconst char *const words_names[] = {\n");
    for (size_t i = 0; i < base->count; i++) {
        if (is_own(&base->entries[i]))
            continue;
        buffer_add_text(header, "    WORD_");
        write_constant(header, span_of(base->entries[i].name));
        buffer_add_text(header, ",\n");
        buffer_add_format(code, "\"%s\",\n", base->entries[i].name);
    }
    buffer_add_text(header, "    WORD_COUNT\n};\n");
    buffer_add_text(code, "\"\"};\n");
}

void words_compile(const char *const *folders, size_t count, struct arena *arena, struct buffer *header,
                   struct buffer *code)
{
    struct word_language *languages = ARENA_ARRAY(arena, struct word_language, count);
    for (size_t i = 0; i < count; i++) {
        languages[i].path = folders[i];
        words_read(&languages[i], arena);
        sort(&languages[i]);
        words_describe(&languages[i], find);
        for (size_t j = 0; j < languages[i].count; j++) {
            const struct word_entry *entry = &languages[i].entries[j];
            if (is_own(entry))
                continue;
            check_forms(&languages[i], entry);
            check_against(&languages[0], &languages[i], entry);
        }
    }
    write_names(&languages[0], header, code);
    for (size_t i = 0; i < count; i++)
        write_language(code, &languages[0], &languages[i], i);
    buffer_add_text(code, "const struct words words_tables[] = {\n");
    for (size_t i = 0; i < count; i++)
        write_table(code, &languages[i], i);
    buffer_add_format(code, "};\nconst size_t words_table_count = %zu;\n", count);
}
