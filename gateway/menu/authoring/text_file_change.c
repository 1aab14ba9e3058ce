#include <stdlib.h>
#include <string.h>
#include <uninorm.h>
#include "base/buffer.h"
#include "base/settings.h"
#include "menu/authoring/text_items.h"

#define WRITTEN_MAX (64 * 1024)

/* A text as it stands between quotes. */
static struct span escape(struct span text, struct arena *arena)
{
    struct buffer out;
    buffer_init(&out, arena, WRITTEN_MAX);
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"' || text.at[i] == '\\')
            buffer_add_char(&out, '\\');
        if (text.at[i] == '\n')
            buffer_add_text(&out, "\\n");
        else
            buffer_add_char(&out, text.at[i]);
    }
    return buffer_span(&out);
}

/* As the loader reads it: in NFC. */
static struct span normalised(struct span text, struct arena *arena)
{
    size_t len = 0;
    uint8_t *normal = u8_normalize(UNINORM_NFC, (const uint8_t *)text.at, text.len, NULL, &len);
    struct span copy = normal ? arena_copy(arena, (struct span){(const char *)normal, len}) : text;
    free(normal);
    return copy;
}

static struct text_value keep_value(struct text_value value, struct arena *arena)
{
    struct span *forms = ARENA_ARRAY(arena, struct span, value.count);
    for (size_t i = 0; i < value.count; i++)
        forms[i] = normalised(value.forms[i], arena);
    value.forms = forms;
    return value;
}

static void fill(struct text_file *file, struct text_item *item, struct text_value value)
{
    item->first = item->last = NULL;
    item->kind = value.several ? TEXT_ITEM_LIST : TEXT_ITEM_TEXT;
    if (!value.several)
        item->written = escape(value.forms[0], file->arena);
    for (size_t i = 0; value.several && i < value.count; i++)
        text_item_add(file->arena, item, TEXT_ITEM_TEXT)->written = escape(value.forms[i], file->arena);
}

static struct text_item *add_named(struct text_file *file, struct text_item *group, enum text_item_kind kind,
                                   const char *name, bool first)
{
    struct text_item *front = group->first, *back = group->last;
    if (first)
        group->first = group->last = NULL;
    struct text_item *item = text_item_add(file->arena, group, kind);
    item->name = arena_copy(file->arena, span_of(name));
    if (first && front) {
        item->next = front;
        group->last = back;
    }
    return item;
}

void text_file_set(struct text_file *file, struct text_path path, struct text_value value, bool first)
{
    struct text_item *group = &file->root, *item = NULL;
    for (size_t i = 0; i < TEXT_PATH_MAX && path.names[i]; i++) {
        bool last = i + 1 == TEXT_PATH_MAX || !path.names[i + 1];
        item = text_item_find(group, path.names[i]);
        if (!item)
            item = add_named(file, group, last ? TEXT_ITEM_TEXT : TEXT_ITEM_GROUP, path.names[i], last && first);
        group = item;
    }
    value = keep_value(value, file->arena);
    if (item)
        fill(file, item, value);
    struct text_change *change = ARENA_NEW(file->arena, struct text_change);
    *change = (struct text_change){.path = path, .value = value, .next = file->changes};
    file->changes = change;
}

/* --- comparing what was written with what was read --- */

struct comparing {
    const struct text_file *file;
    struct text_path path;
    size_t depth;
    struct error *err;
};

/* The newest change of this place, or NULL. */
static const struct text_change *find_change(const struct comparing *comparing)
{
    for (const struct text_change *change = comparing->file->changes; change; change = change->next) {
        bool same = true;
        for (size_t i = 0; i < TEXT_PATH_MAX && same; i++) {
            const char *a = change->path.names[i], *b = i < comparing->depth ? comparing->path.names[i] : NULL;
            same = a && b ? strcmp(a, b) == 0 : a == b;
        }
        if (same)
            return change;
    }
    return NULL;
}

static enum outcome differs(const struct comparing *comparing)
{
    struct span at = SPAN("");
    struct arena *arena = comparing->file->arena;
    for (size_t i = 0; i < comparing->depth; i++)
        at = arena_format(arena, "%.*s%s%s", SPAN_ARG(at), i ? "." : "", comparing->path.names[i]);
    return error_set(comparing->err, OUTCOME_REFUSED,
                     "%s: \"%.*s\" would not read back as it was meant to: nothing is written", comparing->file->name,
                     SPAN_ARG(at));
}

static bool is_value(struct setting s, struct text_value value)
{
    if (!value.several)
        return value.count > 0 && span_equal(setting_as_string(s), value.forms[0]);
    bool same = setting_is_list(s) && setting_count(s) == value.count;
    for (size_t i = 0; i < value.count && same; i++)
        same = span_equal(setting_as_string(setting_at(s, i)), value.forms[i]);
    return same;
}

static bool is_same_list(struct setting a, struct setting b)
{
    bool same = setting_is_list(a) && setting_is_list(b) && setting_count(a) == setting_count(b);
    for (size_t i = 0; i < setting_count(a) && same; i++)
        same = span_equal(setting_as_string(setting_at(a, i)), setting_as_string(setting_at(b, i)));
    return same;
}

static bool is_same(struct setting a, struct setting b)
{
    if (setting_is_string(a))
        return setting_is_string(b) && span_equal(setting_as_string(a), setting_as_string(b));
    return is_same_list(a, b);
}

static enum outcome compare_groups(struct comparing *comparing, struct setting written, struct setting before)
{
    size_t known = 0;
    for (size_t i = 0; i < setting_count(written); i++) {
        struct setting now = setting_at(written, i), then = setting_get(before, setting_name(now));
        known += setting_is_present(then);
        if (comparing->depth == TEXT_PATH_MAX)
            return differs(comparing);
        comparing->path.names[comparing->depth++] = setting_name(now);
        const struct text_change *change = find_change(comparing);
        bool fine = setting_is_group(now) || (change ? is_value(now, change->value) : is_same(now, then));
        enum outcome outcome = fine ? OUTCOME_OK : differs(comparing);
        if (outcome == OUTCOME_OK && setting_is_group(now))
            outcome = compare_groups(comparing, now, then);
        if (outcome != OUTCOME_OK)
            return outcome;
        comparing->depth--;
    }
    return known == setting_count(before) ? OUTCOME_OK : differs(comparing);
}

/* That nothing which was set is lost on the way. */
static enum outcome find_changes(struct comparing *comparing, struct setting root)
{
    for (const struct text_change *change = comparing->file->changes; change; change = change->next) {
        struct setting at = root;
        for (comparing->depth = 0; comparing->depth < TEXT_PATH_MAX && change->path.names[comparing->depth];
             comparing->depth++)
            at = setting_get(at, change->path.names[comparing->depth]);
        comparing->path = change->path;
        if (!setting_is_present(at))
            return differs(comparing);
    }
    return OUTCOME_OK;
}

/* What was written against what was read and what was set. */
static enum outcome text_file_compare(const struct text_file *file, struct span written, struct error *err)
{
    struct problems problems;
    struct settings *before = NULL, *now = NULL;
    struct comparing comparing = {.file = file, .err = err};
    problems_init(&problems, file->arena);
    enum outcome outcome = settings_parse(file->text, file->name, &before, &problems);
    if (outcome == OUTCOME_OK)
        outcome = settings_parse(written, file->name, &now, &problems);
    if (outcome == OUTCOME_OK)
        outcome = compare_groups(&comparing, settings_root(now), settings_root(before));
    else
        outcome = error_set(err, OUTCOME_REFUSED, "%s", problems.count > 0 ? problems.lines[0] : file->name);
    if (outcome == OUTCOME_OK)
        outcome = find_changes(&comparing, settings_root(now));
    settings_free(before);
    settings_free(now);
    return outcome;
}

enum outcome text_file_write(const struct text_file *file, struct arena *arena, struct span *out, struct error *err)
{
    struct span written = text_file_print(file, arena);
    if (!span_is_present(written))
        return error_set(err, OUTCOME_REFUSED, "%s: would be larger than 1 MiB", file->name);
    *out = written;
    return text_file_compare(file, written, err);
}
