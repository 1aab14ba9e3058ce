#include "cli/texts_po.h"

#include <gettext-po.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buffer.h"
#include "base/clock.h"
#include "base/whole_file.h"
#include "text/screen.h"

#define PO_BYTES_MAX (16 * 1024 * 1024)
#define CREATED_MAX 32
#define LANGUAGE_FIELD "X-Helpline-Language"

/* --- what the library tells: into the findings; after a fatal one it must not be returned to --- */

static struct problems *told; /* the library's handlers are given no context; a verb runs once, on one thread */

static void tell(int severity, po_message_t message, const char *file, size_t line, size_t column, int multiline,
                 const char *text)
{
    (void)message;
    (void)column;
    (void)multiline;
    if (severity == PO_SEVERITY_WARNING)
        return;
    struct span words = span_trim(span_of(text));
    problems_add(told, file, file && line != (size_t)-1 ? (unsigned)line : 0, "%.*s", SPAN_ARG(words));
    if (severity != PO_SEVERITY_FATAL_ERROR)
        return;
    fprintf(stderr, "helpline: %s%s%.*s\n", file ? file : "", file ? ": " : "", SPAN_ARG(words));
    exit(1);
}

static void tell_two(int severity, po_message_t message, const char *file, size_t line, size_t column, int multiline,
                     const char *text, po_message_t message2, const char *file2, size_t line2, size_t column2,
                     int multiline2, const char *text2)
{
    tell(severity, message, file, line, column, multiline, text);
    tell(severity, message2, file2, line2, column2, multiline2, text2);
}

static const struct po_xerror_handler handler = {.xerror = tell, .xerror2 = tell_two};

/* The library's own free forgets the contexts: observed in 0.21. */
static void free_file(po_file_t file)
{
    po_message_t message;
    po_message_iterator_t at = po_message_iterator(file, NULL);
    while ((message = po_next_message(at)) != NULL)
        po_message_set_msgctxt(message, NULL);
    po_message_iterator_free(at);
    po_file_free(file);
}

/* --- writing --- */

/* How a language counts, as PO files say it. */
static const struct {
    const char *name, *forms;
    size_t count;
} plurals[] = {
    {"one_other", "nplurals=2; plural=(n != 1);", 2},
    {"zero_one_other", "nplurals=2; plural=(n > 1);", 2},
    {"slavic", "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
     3},
    {"none", "nplurals=1; plural=0;", 1},
};

static size_t plural_of(const struct language_texts *language)
{
    for (size_t i = 0; i < sizeof plurals / sizeof *plurals; i++)
        if (span_equal_text(language->plural, plurals[i].name))
            return i;
    return 0;
}

/* "bn-latn" is "bn@latin" to the tools of translators. */
static struct span locale_of(struct span language, struct arena *arena)
{
    static const char *const scripts[][2] = {{"latn", "latin"}, {"cyrl", "cyrillic"}};
    struct span script = language, name = span_cut(&script, '-');
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
        if (span_equal_text(script, scripts[i][0]))
            return arena_format(arena, "%.*s@%s", SPAN_ARG(name), scripts[i][1]);
    return language;
}

static po_message_t header_of(const struct texts *texts)
{
    char now[CLOCK_ISO_MAX];
    struct buffer header;
    struct span name = texts->language->own_name;
    buffer_init(&header, texts->arena, 4096);
    clock_format_iso(clock_utc_ms(), now);
    buffer_add_format(&header, "Project-Id-Version: %.*s %.*s\n", SPAN_ARG(texts->all.service),
                      SPAN_ARG(texts->all.version));
    buffer_add_format(&header, "Report-Msgid-Bugs-To: \nPOT-Creation-Date: %.10s %.5s+0000\n", now, now + 11);
    buffer_add_format(&header, "PO-Revision-Date: %.10s %.5s+0000\n", now, now + 11);
    buffer_add_format(&header, "Last-Translator: \nLanguage-Team: %.*s\n", SPAN_ARG(name));
    buffer_add_format(&header, "Language: %.*s\n", SPAN_ARG(locale_of(texts->language->language, texts->arena)));
    buffer_add_text(&header, "MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"
                             "Content-Transfer-Encoding: 8bit\n");
    buffer_add_format(&header, "Plural-Forms: %s\n", plurals[plural_of(texts->language)].forms);
    buffer_add_format(&header, LANGUAGE_FIELD ": %.*s\n", SPAN_ARG(texts->language->language));
    po_message_t message = po_message_create();
    po_message_set_msgid(message, "");
    po_message_set_msgstr(message, arena_text(texts->arena, buffer_span(&header)));
    return message;
}

static const char *role_of(const struct text_path path)
{
    size_t last = 0;
    while (last + 1 < TEXT_PATH_MAX && path.names[last + 1])
        last++;
    if (strcmp(path.names[0], "engine") == 0)
        return "Words of every page: as short as they can be.";
    if (strcmp(path.names[0], "safety") == 0)
        return "When nothing else works: one page, never divided. 160 characters, 70 where the script is not Latin.";
    if (strcmp(path.names[last], "title") == 0)
        return "A title: stands on each of its pages, so keep it short.";
    if (strcmp(path.names[last], "body") == 0)
        return "A page has 160 characters, 70 where the script is not Latin; what is longer becomes more pages.";
    return "Behind a key: one line.";
}

static void comment(const struct texts *texts, po_message_t message, const struct translation *one,
                    const struct translation *source, struct span words)
{
    struct buffer note;
    struct measure measure = screen_measure(words);
    buffer_init(&note, texts->arena, 4096);
    buffer_add_format(&note, "%s\nThe source takes %zu of %d.\n", role_of(one->path), measure.units,
                      measure.encoding == ENCODING_GSM7 ? 160 : 70);
    if (one->careful)
        buffer_add_text(&note,
                        "Careful: until somebody has reviewed all of this page it is shown in another language.\n");
    if (one->text.count > 0)
        buffer_add_format(&note, "State: %s%s\n", text_state_name(one->state),
                          one->stale ? "; its source has changed" : "");
    po_message_set_extracted_comments(message, arena_text(texts->arena, buffer_span(&note)));
    po_message_add_filepos(message, source->file, source->line);
    po_message_set_fuzzy(message, one->text.count > 0 && (one->state == TEXT_DRAFT || one->stale));
}

static const char *form_at(struct text_value value, size_t index)
{
    return value.count == 0 ? "" : value.forms[index < value.count ? index : value.count - 1].at;
}

static void set_plural(const struct texts *texts, po_message_t message, const struct translation *one)
{
    size_t forms = plurals[plural_of(texts->language)].count;
    if (one->text.count > forms)
        forms = one->text.count;
    po_message_set_msgid_plural(message, form_at(one->source, one->source.count - 1));
    for (size_t i = 0; i < forms; i++)
        po_message_set_msgstr_plural(message, (int)i, form_at(one->text, i));
}

static po_message_t message_of(const struct texts *texts, size_t index, size_t member)
{
    const struct translation *one = &texts->language->texts[index];
    bool series = texts_is_series(one), counts = !series && (one->source.several || one->text.several);
    const char *name = texts_name(texts, one->path);
    po_message_t message = po_message_create();
    po_message_set_msgctxt(message, series ? arena_format(texts->arena, "%s.%zu", name, member).at : name);
    po_message_set_msgid(message, form_at(one->source, member));
    if (counts)
        set_plural(texts, message, one);
    else
        po_message_set_msgstr(message, member < one->text.count ? form_at(one->text, member) : "");
    comment(texts, message, one, &texts->source->texts[index], span_of(form_at(one->source, member)));
    return message;
}

enum outcome po_write(const struct texts *texts, struct error *err)
{
    size_t before = texts->problems->count;
    told = texts->problems;
    po_file_t file = po_file_create();
    po_message_iterator_t at = po_message_iterator(file, NULL);
    po_message_insert(at, header_of(texts));
    for (size_t i = 0; i < texts->language->count; i++) {
        const struct translation *one = &texts->language->texts[i];
        size_t members = texts_is_series(one) ? one->source.count : 1;
        for (size_t m = 0; m < members; m++)
            if (*form_at(one->source, m))
                po_message_insert(at, message_of(texts, i, m));
    }
    po_message_iterator_free(at);
    (void)po_file_write(file, "-", &handler);
    free_file(file);
    return texts->problems->count > before ? problems_refuse(texts->problems, before, "the PO file", err) : OUTCOME_OK;
}

/* --- reading --- */

/* The library does not say where in the file a message stands. Contexts are names of ours: nothing in them is escaped. */
static unsigned line_of(struct span text, const char *context, struct arena *arena)
{
    struct span wanted = arena_format(arena, "msgctxt \"%s\"", context);
    unsigned line = 1;
    while (span_is_present(text)) {
        if (span_equal(span_trim(span_cut(&text, '\n')), wanted))
            return line;
        line++;
    }
    return 0;
}

static const char *keep(const struct texts *texts, const char *text)
{
    return text ? arena_copy(texts->arena, span_of(text)).at : NULL;
}

static void take_message(const struct texts *texts, po_message_t message, struct span text, struct po_text *out)
{
    *out = (struct po_text){
        .context = keep(texts, po_message_msgctxt(message)),
        .source = {keep(texts, po_message_msgid(message)), keep(texts, po_message_msgid_plural(message))},
        .fuzzy = po_message_is_fuzzy(message) != 0};
    out->plural = out->source[1] != NULL;
    out->line = line_of(text, out->context, texts->arena);
    if (!out->plural)
        out->forms[out->form_count++] = keep(texts, po_message_msgstr(message));
    const char *form;
    while (out->plural && out->form_count < PO_FORMS_MAX &&
           (form = po_message_msgstr_plural(message, (int)out->form_count)) != NULL)
        out->forms[out->form_count++] = keep(texts, form);
}

static bool is_of_ours(po_message_t message)
{
    return po_message_msgctxt(message) && !po_message_is_obsolete(message);
}

static size_t count_messages(po_file_t file)
{
    size_t count = 0;
    po_message_t message;
    po_message_iterator_t at = po_message_iterator(file, NULL);
    while ((message = po_next_message(at)) != NULL)
        count += is_of_ours(message);
    po_message_iterator_free(at);
    return count;
}

static void take_header(const struct texts *texts, po_file_t file, const char *path, struct span *language)
{
    const char *header = po_file_domain_header(file, NULL);
    char *type = header ? po_header_field(header, "Content-Type") : NULL;
    char *named = header ? po_header_field(header, LANGUAGE_FIELD) : NULL;
    if (!type || !span_holds_nocase(span_of(type), SPAN("charset=utf-8")))
        problems_add(texts->problems, path, 0, "expected a header with Content-Type: text/plain; charset=UTF-8");
    *language = arena_copy(texts->arena, span_of(named));
    free((void *)(uintptr_t)header); /* a copy, for all that its type says */
    free(type);
    free(named);
}

enum outcome po_read(const struct texts *texts, const char *path, struct po_text **out, size_t *count,
                     struct span *language, struct error *err)
{
    struct span text;
    size_t before = texts->problems->count;
    enum outcome outcome = whole_file_read(path, PO_BYTES_MAX, texts->arena, &text, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    told = texts->problems;
    po_file_t file = po_file_read(path, &handler);
    if (!file || texts->problems->count > before)
        return problems_refuse(texts->problems, before, path, err);
    take_header(texts, file, path, language);
    *count = 0;
    *out = ARENA_ARRAY(texts->arena, struct po_text, count_messages(file) + 1);
    po_message_t message;
    po_message_iterator_t at = po_message_iterator(file, NULL);
    while ((message = po_next_message(at)) != NULL)
        if (is_of_ours(message))
            take_message(texts, message, text, &(*out)[(*count)++]);
    po_message_iterator_free(at);
    free_file(file);
    return texts->problems->count > before ? problems_refuse(texts->problems, before, path, err) : OUTCOME_OK;
}
