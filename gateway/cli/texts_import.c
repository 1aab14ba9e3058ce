#include "cli/texts_import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>
#include "cli/texts_file.h"

#define PLACEHOLDERS_MAX 64
#define TEXT_BYTES_MAX 4000

/* --- placeholders: what stands between braces has to be the same on both sides --- */

struct placeholders {
    struct span names[PLACEHOLDERS_MAX];
    size_t count;
    bool open; /* a { without its } */
};

static void add_name(struct placeholders *set, struct span name)
{
    for (size_t i = 0; i < set->count; i++)
        if (span_equal(set->names[i], name))
            return;
    if (set->count < PLACEHOLDERS_MAX)
        set->names[set->count++] = name;
}

static void add_placeholders(struct placeholders *set, struct span text)
{
    for (size_t at = 0; at < text.len; at++) {
        if (text.at[at] != '{')
            continue;
        struct span name = span_from(text, at + 1);
        if (name.len > 0 && name.at[0] == '{') { /* doubled: a brace */
            at++;
            continue;
        }
        struct span rest = name, inside = span_cut(&rest, '}');
        set->open = set->open || !span_is_present(rest);
        add_name(set, inside);
    }
}

static bool is_subset(const struct placeholders *some, const struct placeholders *all, struct span *other)
{
    for (size_t i = 0; i < some->count; i++) {
        bool found = false;
        for (size_t n = 0; n < all->count && !found; n++)
            found = span_equal(some->names[i], all->names[n]);
        if (!found) {
            *other = some->names[i];
            return false;
        }
    }
    return true;
}

static struct placeholders placeholders_of(struct text_value value)
{
    struct placeholders set = {.count = 0};
    for (size_t i = 0; i < value.count; i++)
        add_placeholders(&set, value.forms[i]);
    return set;
}

/* --- one text --- */

struct importing {
    const struct texts *texts;
    struct text_file *file;
    const char *po;
    size_t changed;
};

static bool refuse(const struct importing *importing, const struct po_text *said, const char *what, struct span which)
{
    problems_add(importing->texts->problems, importing->po, said->line, "%s: %s%.*s", said->context, what,
                 which.len > INT16_MAX ? 0 : (int)which.len, which.len ? which.at : "");
    return false;
}

static bool is_sound(const struct importing *importing, const struct po_text *said, struct span form)
{
    if (form.len > TEXT_BYTES_MAX)
        return refuse(importing, said, "a text of more than 4000 bytes", SPAN(""));
    if (u8_check((const uint8_t *)form.at, form.len))
        return refuse(importing, said, "this is not UTF-8", SPAN(""));
    for (size_t i = 0; i < form.len; i++)
        if ((unsigned char)form.at[i] < ' ' && form.at[i] != '\n')
            return refuse(importing, said, "a control character; only line ends may stand in a text", SPAN(""));
    return true;
}

static bool has_its_placeholders(const struct importing *importing, const struct po_text *said,
                                 struct text_value source, struct text_value text)
{
    struct placeholders of_source = placeholders_of(source), of_text = placeholders_of(text);
    struct span other = SPAN("");
    if (of_text.open)
        return refuse(importing, said, "a { without its }", SPAN(""));
    if (!is_subset(&of_text, &of_source, &other))
        return refuse(importing, said, "the source has no placeholder ", other);
    if (!is_subset(&of_source, &of_text, &other))
        return refuse(importing, said, "the translation lacks the placeholder ", other);
    return true;
}

static bool is_same_value(struct text_value a, struct text_value b)
{
    bool same = a.count == b.count && a.several == b.several;
    for (size_t i = 0; i < a.count && same; i++)
        same = span_equal(a.forms[i], b.forms[i]);
    return same;
}

static bool is_of_source(const struct po_text *said, struct text_value source)
{
    struct span one = source.forms[0], more = source.forms[source.count - 1];
    return span_equal_text(one, said->source[0]) && (!said->source[1] || span_equal_text(more, said->source[1]));
}

static void take(struct importing *importing, const struct po_text *said, const struct translation *one,
                 struct text_value source, struct text_value text)
{
    bool sound = true;
    if (text.count == 0 || is_same_value(text, one->text))
        return;
    for (size_t i = 0; i < text.count && sound; i++)
        sound = is_sound(importing, said, text.forms[i]);
    if (!sound)
        return;
    if (!is_of_source(said, source)) {
        (void)refuse(importing, said,
                     "its source has changed since this was exported: export again and merge with msgmerge", SPAN(""));
        return;
    }
    if (!has_its_placeholders(importing, said, source, text))
        return;
    text_file_set(importing->file, one->path, text, false);
    texts_mark_group(importing->texts, importing->file, one, TEXT_DRAFT);
    importing->changed++;
}

/* The forms as the pack writes them: one text where all are the same and one stood there. */
static struct text_value value_of(const struct texts *texts, const struct po_text *said, const struct translation *one)
{
    struct span *forms = ARENA_ARRAY(texts->arena, struct span, said->form_count);
    bool empty = said->form_count == 0, same = true;
    for (size_t i = 0; i < said->form_count; i++) {
        forms[i] = span_of(said->forms[i]);
        empty = empty || forms[i].len == 0;
        same = same && span_equal(forms[i], forms[0]);
    }
    if (empty)
        return (struct text_value){.count = 0};
    bool single = same && !one->text.several;
    return (struct text_value){forms, single ? 1 : said->form_count, said->plural && !single};
}

static const struct po_text *find(const struct po_text *said, size_t count, const char *context)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(said[i].context, context) == 0)
            return &said[i];
    return NULL;
}

/* The days of the week: each is a message, all are one list. Half a list is none. */
static void take_series(struct importing *importing, const struct po_text *said, size_t count,
                        const struct translation *one, const char *name)
{
    const struct texts *texts = importing->texts;
    struct span *forms = ARENA_ARRAY(texts->arena, struct span, one->source.count);
    const struct po_text *last = NULL;
    size_t filled = 0;
    for (size_t i = 0; i < one->source.count; i++) {
        const struct po_text *member = find(said, count, arena_format(texts->arena, "%s.%zu", name, i).at);
        forms[i] = member && member->form_count > 0 ? span_of(member->forms[0]) : SPAN("");
        filled += forms[i].len > 0;
        last = member ? member : last;
        if (member && forms[i].len > 0 && !span_equal_text(one->source.forms[i], member->source[0])) {
            (void)refuse(importing, member, "its source has changed since this was exported", SPAN(""));
            return;
        }
    }
    if (filled == 0 || !last)
        return;
    if (filled < one->source.count) {
        (void)refuse(importing, last, "of this list each member has to be translated, or none", SPAN(""));
        return;
    }
    struct po_text whole = *last;
    whole.source[0] = one->source.forms[0].at;
    whole.source[1] = NULL;
    take(importing, &whole, one, one->source, (struct text_value){forms, one->source.count, true});
}

static void note_unknown(const struct importing *importing, const struct po_text *said, size_t count)
{
    const struct texts *texts = importing->texts;
    for (size_t i = 0; i < count; i++) {
        bool known = false;
        for (size_t t = 0; t < texts->language->count && !known; t++) {
            const char *name = texts_name(texts, texts->language->texts[t].path);
            size_t len = strlen(name);
            known = strcmp(said[i].context, name) == 0 ||
                    (texts_is_series(&texts->language->texts[t]) && strncmp(said[i].context, name, len) == 0 &&
                     said[i].context[len] == '.');
        }
        if (!known)
            fprintf(stderr, "%s:%u: the service has no text \"%s\" any more: left out\n", importing->po, said[i].line,
                    said[i].context);
    }
}

enum outcome texts_import(const struct texts *texts, const char *po, const struct po_text *said, size_t count,
                          struct error *err)
{
    struct importing importing = {.texts = texts, .po = po};
    const char *path = NULL;
    size_t before = texts->problems->count;
    enum outcome outcome = texts_open_file(texts, &importing.file, &path, err);
    for (size_t i = 0; i < texts->language->count && outcome == OUTCOME_OK; i++) {
        const struct translation *one = &texts->language->texts[i];
        const char *name = texts_name(texts, one->path);
        const struct po_text *found = find(said, count, name);
        if (texts_is_series(one))
            take_series(&importing, said, count, one, name);
        else if (found)
            take(&importing, found, one, one->source, value_of(texts, found, one));
    }
    if (outcome != OUTCOME_OK)
        return outcome;
    note_unknown(&importing, said, count);
    if (texts->problems->count > before)
        return problems_refuse(texts->problems, before, "nothing is changed", err);
    if (importing.changed > 0)
        outcome = texts_save_file(importing.file, path, err);
    if (outcome == OUTCOME_OK)
        printf("%s: %zu text%s changed%s\n", path, importing.changed, importing.changed == 1 ? "" : "s",
               importing.changed ? ", as drafts; `helpline check` proves that they fit" : "");
    return outcome;
}
