#include "menu/difference.h"
#include <stdlib.h>
#include <string.h>
#include "menu/authoring/outline.h"

#define LINES_MAX 400 /* of a screen */

struct screens {
    struct outlined *at;
    size_t count, room;
};

static void collect(const struct outlined *outlined, void *context)
{
    struct screens *screens = context;
    if (screens->count < screens->room)
        screens->at[screens->count++] = *outlined;
}

static struct screens screens_of(const struct service *service, const struct language *language, struct arena *arena)
{
    struct screens screens = {.room = service->office_count + 1};
    for (size_t i = 0; i < service->node_count; i++)
        screens.room += service->nodes[i].question_count + 1;
    screens.at = ARENA_ARRAY(arena, struct outlined, screens.room);
    outline_read(service, language, arena, &(struct outline_reader){collect, &screens});
    return screens;
}

static const struct outlined *find(const struct screens *screens, const struct outlined *like)
{
    for (size_t i = 0; i < screens->count; i++)
        if (span_equal(screens->at[i].name, like->name) && !screens->at[i].question == !like->question)
            return &screens->at[i];
    return NULL;
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

static size_t split(struct span text, struct span lines[LINES_MAX])
{
    size_t count = 0;
    for (struct span rest = text; span_is_present(rest) && rest.len > 0 && count < LINES_MAX;)
        lines[count++] = span_cut(&rest, '\n');
    return count;
}

static void add_line(struct buffer *out, char mark, struct span line)
{
    buffer_add_format(out, "    %c %.*s\n", mark, SPAN_ARG(line));
}

static void add_all(struct buffer *out, char mark, struct span text)
{
    for (struct span rest = text; span_is_present(rest) && rest.len > 0;)
        add_line(out, mark, span_cut(&rest, '\n'));
}

/* length[i][j]: how many lines the rests of both have in common, in order. */
static void add_changes(struct buffer *out, struct span before, struct span after, struct arena *arena)
{
    struct span *old = ARENA_ARRAY(arena, struct span, LINES_MAX), *fresh = ARENA_ARRAY(arena, struct span, LINES_MAX);
    size_t m = split(before, old), n = split(after, fresh), row = n + 1;
    uint16_t *length = ARENA_ARRAY(arena, uint16_t, (m + 1) * row);
    for (size_t i = m; i-- > 0;)
        for (size_t j = n; j-- > 0;) {
            uint16_t down = length[(i + 1) * row + j], right = length[i * row + j + 1];
            uint16_t both = (uint16_t)(length[(i + 1) * row + j + 1] + 1);
            length[i * row + j] = span_equal(old[i], fresh[j]) ? both : down > right ? down : right;
        }
    for (size_t i = 0, j = 0; i < m || j < n;) {
        if (i < m && j < n && span_equal(old[i], fresh[j])) {
            i++, j++;
            continue;
        }
        bool take_old = i < m && (j == n || length[(i + 1) * row + j] >= length[i * row + j + 1]);
        add_line(out, take_old ? '-' : '+', take_old ? old[i++] : fresh[j++]);
    }
}

/* --- screens ------------------------------------------------------------------------------------------------------ */

static void add_head(struct buffer *out, const struct outlined *screen, const char *what)
{
    buffer_add_format(out, "  %.*s: %s\n", SPAN_ARG(screen->name), what);
}

static void compare_screens(const struct screens *old, const struct screens *fresh, struct buffer *out,
                            struct difference_counts *counts, struct arena *arena)
{
    for (size_t i = 0; i < fresh->count; i++) {
        const struct outlined *now = &fresh->at[i], *was = find(old, now);
        if (!was) {
            counts->added++;
            add_head(out, now, "new");
            add_all(out, '+', now->text);
        } else if (!span_equal(was->text, now->text)) {
            counts->changed++;
            add_head(out, now, "changed");
            add_changes(out, was->text, now->text, arena);
        }
    }
    for (size_t i = 0; i < old->count; i++)
        if (!find(fresh, &old->at[i])) {
            counts->gone++;
            add_head(out, &old->at[i], "gone");
            add_all(out, '-', old->at[i].text);
        }
}

static void compare_language(const struct service *old, const struct service *fresh, const struct language *language,
                             struct buffer *out, struct difference_counts *counts)
{
    const struct language *before = service_find_language(old, language->id);
    struct arena *arena = arena_create(256 * 1024);
    struct screens now = screens_of(fresh, language, arena);
    size_t from = out->len;
    buffer_add_format(out, "%.*s\n", SPAN_ARG(language->id));
    size_t head = out->len;
    if (before) {
        struct screens was = screens_of(old, before, arena);
        compare_screens(&was, &now, out, counts, arena);
    } else {
        counts->added += now.count;
        buffer_add_format(out, "  a new language: %zu screens\n", now.count);
    }
    if (out->len == head)
        out->len = from; /* nothing to say about this language */
    arena_destroy(arena);
}

void difference_read(const struct service *old, const struct service *fresh, struct buffer *out,
                     struct difference_counts *counts)
{
    *counts = (struct difference_counts){.added = 0};
    for (size_t i = 0; i < fresh->language_count; i++)
        compare_language(old, fresh, &fresh->languages[i], out, counts);
    for (size_t i = 0; i < old->language_count; i++)
        if (!service_find_language(fresh, old->languages[i].id))
            buffer_add_format(out, "%.*s\n  gone: nobody is spoken to in this language any more\n",
                              SPAN_ARG(old->languages[i].id));
}

/* --- keys --------------------------------------------------------------------------------------------------------- */

static const struct option *find_key(const struct question *question, const char *key)
{
    for (size_t i = 0; i < question->option_count; i++)
        if (strcmp(question->options[i].key, key) == 0)
            return &question->options[i];
    return NULL;
}

static void check_question_keys(const struct question *was, const struct question *now, struct problems *problems)
{
    for (size_t i = 0; i < was->option_count; i++) {
        const struct option *before = &was->options[i], *after = find_key(now, before->key);
        if (!before->key[0])
            continue;
        if (after && !span_equal(after->id, before->id))
            problems_add(
                problems, after->origin.file, after->origin.line,
                "key %s of \"%.*s\" meant \"%.*s\" and would mean \"%.*s\": people know keys by heart, expected a "
                "new key, and retired = [ \"%s\" ]",
                before->key, SPAN_ARG(now->id), SPAN_ARG(before->id), SPAN_ARG(after->id), before->key);
        else if (!after && !question_has_retired(now, before->key))
            problems_add(problems, now->origin.file, now->origin.line,
                         "key %s of \"%.*s\", \"%.*s\", is gone: expected retired = [ \"%s\" ], so that it never means "
                         "something else",
                         before->key, SPAN_ARG(now->id), SPAN_ARG(before->id), before->key);
    }
}

static void check_retired(const struct question *was, const struct span *retired, size_t count,
                          const struct question *now, struct problems *problems)
{
    for (size_t i = 0; i < count; i++)
        if (!question_has_retired(now, retired[i].at) && !find_key(now, retired[i].at))
            problems_add(problems, now->origin.file, now->origin.line,
                         "key %.*s of \"%.*s\" was retired: expected it to stay in retired = [ ... ]",
                         SPAN_ARG(retired[i]), SPAN_ARG(was->id));
        else if (!question_has_retired(now, retired[i].at))
            problems_add(problems, now->origin.file, now->origin.line,
                         "key %.*s of \"%.*s\" was retired and would mean something again: expected a new key",
                         SPAN_ARG(retired[i]), SPAN_ARG(was->id));
}

static void check_node_keys(const struct node *was, const struct node *now, struct problems *problems)
{
    for (size_t q = 0; q < was->question_count; q++) {
        const struct question *before = &was->questions[q], *after = node_find_question(now, before->id);
        if (!after)
            continue;
        check_question_keys(before, after, problems);
        check_retired(before, before->retired, before->retired_count, after, problems);
        if (q == 0)
            check_retired(before, was->retired, was->retired_count, after, problems);
    }
}

void difference_check_keys(const struct service *old, const struct service *fresh, struct problems *problems)
{
    for (size_t i = 0; i < old->node_count; i++) {
        const struct node *now = service_find_node(fresh, old->nodes[i].id);
        if (now)
            check_node_keys(&old->nodes[i], now, problems);
    }
}
