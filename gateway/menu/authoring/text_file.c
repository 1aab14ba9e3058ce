#include "menu/text_file.h"
#include <string.h>
#include "menu/authoring/text_items.h"

struct reader {
    struct text_file *file;
    struct problems *problems;
    struct span rest;
    unsigned line;
    bool failed;
};

struct text_item *text_item_add(struct arena *arena, struct text_item *group, enum text_item_kind kind)
{
    struct text_item *item = ARENA_NEW(arena, struct text_item);
    item->kind = kind;
    if (group->last)
        group->last->next = item;
    else
        group->first = item;
    group->last = item;
    return item;
}

struct text_item *text_item_find(const struct text_item *group, const char *name)
{
    for (struct text_item *item = group->first; item; item = item->next)
        if (span_is_present(item->name) && span_equal_text(item->name, name))
            return item;
    return NULL;
}

static void refuse(struct reader *reader, const char *what)
{
    if (!reader->failed)
        problems_add(reader->problems, reader->file->name, reader->line, "%s", what);
    reader->failed = true;
    reader->rest = SPAN("");
}

static char peek(const struct reader *reader)
{
    return reader->rest.len > 0 ? reader->rest.at[0] : '\0';
}

static bool take(struct reader *reader, char c)
{
    if (peek(reader) != c || reader->rest.len == 0)
        return false;
    reader->rest = span_from(reader->rest, 1);
    return true;
}

/* Blanks and line ends; says how many lines ended. */
static unsigned skip_blanks(struct reader *reader)
{
    unsigned ends = 0;
    while (reader->rest.len > 0 && strchr(" \t\r\n\f", peek(reader)) && peek(reader) != '\0') {
        ends += peek(reader) == '\n';
        reader->rest = span_from(reader->rest, 1);
    }
    reader->line += ends;
    return ends;
}

static bool at_comment(const struct reader *reader)
{
    return peek(reader) == '#' || span_starts_with(reader->rest, SPAN("//"));
}

/* Up to the end of the line, without it. */
static struct span take_comment(struct reader *reader)
{
    size_t len = 0;
    while (len < reader->rest.len && reader->rest.at[len] != '\n')
        len++;
    struct span comment = span_trim(span_first(reader->rest, len));
    reader->rest = span_from(reader->rest, len);
    return comment;
}

static bool is_of_name(char c, bool first)
{
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '*';
    return letter || (!first && ((c >= '0' && c <= '9') || c == '_' || c == '-'));
}

static struct span take_name(struct reader *reader)
{
    size_t len = 0;
    while (len < reader->rest.len && is_of_name(reader->rest.at[len], len == 0))
        len++;
    struct span name = span_first(reader->rest, len);
    if (len == 0)
        refuse(reader, "expected a name, a comment or the end of the group");
    reader->rest = span_from(reader->rest, len);
    return name;
}

/* What stands between the quotes; several pieces side by side are one text. */
static struct span take_text(struct reader *reader)
{
    struct span whole = SPAN("");
    while (take(reader, '"')) {
        size_t len = 0;
        while (len < reader->rest.len && reader->rest.at[len] != '"' && reader->rest.at[len] != '\n')
            len += reader->rest.at[len] == '\\' ? 2 : 1;
        if (len >= reader->rest.len || reader->rest.at[len] != '"') {
            refuse(reader, "a text that does not end on its line");
            break;
        }
        struct span piece = span_first(reader->rest, len);
        whole = whole.len > 0 ? arena_format(reader->file->arena, "%.*s%.*s", SPAN_ARG(whole), SPAN_ARG(piece)) : piece;
        reader->rest = span_from(reader->rest, len + 1);
        (void)skip_blanks(reader);
    }
    return whole;
}

static void take_list(struct reader *reader, struct text_item *list, char end)
{
    list->kind = TEXT_ITEM_LIST;
    (void)skip_blanks(reader);
    while (!reader->failed && !take(reader, end)) {
        if (peek(reader) != '"')
            refuse(reader, at_comment(reader) ? "a comment inside a list could not be kept: expected it above"
                                              : "expected a text in quotes, or the end of the list");
        else
            text_item_add(reader->file->arena, list, TEXT_ITEM_TEXT)->written = take_text(reader);
        if (take(reader, ','))
            (void)skip_blanks(reader);
    }
}

static void take_group(struct reader *reader, struct text_item *group, unsigned depth);

static void take_value(struct reader *reader, struct text_item *item, unsigned depth)
{
    if (peek(reader) == '"') {
        item->kind = TEXT_ITEM_TEXT;
        item->written = take_text(reader);
    } else if (take(reader, '[')) {
        take_list(reader, item, ']');
    } else if (take(reader, '(')) {
        take_list(reader, item, ')');
    } else if (depth < TEXT_DEPTH_MAX && take(reader, '{')) {
        take_group(reader, item, depth);
        if (!reader->failed && !take(reader, '}'))
            refuse(reader, "expected the end of the group");
    } else {
        refuse(reader, "expected a text in quotes, a list of texts or a group");
    }
}

static void take_item(struct reader *reader, struct text_item *group, unsigned depth)
{
    struct text_item *item = text_item_add(reader->file->arena, group, TEXT_ITEM_TEXT);
    item->name = take_name(reader);
    (void)skip_blanks(reader);
    if (!reader->failed && !take(reader, '=') && !take(reader, ':'))
        refuse(reader, "expected = behind the name");
    (void)skip_blanks(reader);
    if (!reader->failed)
        take_value(reader, item, depth + 1);
    unsigned ends = reader->failed ? 0 : skip_blanks(reader);
    if (at_comment(reader) && ends == 0 && !reader->failed)
        refuse(reader, "a comment before the ; could not be kept: expected it behind");
    if (!take(reader, ';'))
        (void)take(reader, ',');
}

/* Everything up to the end of the group or of the file. */
static void take_group(struct reader *reader, struct text_item *group, unsigned depth)
{
    group->kind = TEXT_ITEM_GROUP;
    for (struct text_item *last = NULL; !reader->failed; last = group->last) {
        unsigned ends = skip_blanks(reader);
        if (reader->rest.len == 0 || peek(reader) == '}')
            return;
        if (ends > 1 && depth == 0 && last)
            text_item_add(reader->file->arena, group, TEXT_ITEM_BLANK);
        if (!at_comment(reader))
            take_item(reader, group, depth);
        else if (ends == 0 && last && last->kind != TEXT_ITEM_COMMENT)
            last->remark = take_comment(reader);
        else
            text_item_add(reader->file->arena, group, TEXT_ITEM_COMMENT)->written = take_comment(reader);
    }
}

enum outcome text_file_parse(struct span text, const char *name, struct arena *arena, struct text_file **out,
                             struct problems *problems)
{
    struct text_file *file = ARENA_NEW(arena, struct text_file);
    struct reader reader = {.file = file, .problems = problems, .rest = text, .line = 1};
    *file = (struct text_file){.arena = arena, .name = name, .text = text};
    take_group(&reader, &file->root, 0);
    if (!reader.failed && reader.rest.len > 0)
        refuse(&reader, "a } too many");
    if (reader.failed)
        return OUTCOME_REFUSED;
    *out = file;
    return OUTCOME_OK;
}
