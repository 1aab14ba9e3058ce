#include <unistr.h>
#include "base/buffer.h"
#include "menu/authoring/text_items.h"

#define WIDTH 125
#define CLOSING " };"
#define FILE_BYTES_MAX (1024 * 1024)
#define INDENT 2

struct printer {
    struct buffer out;
    struct arena *arena;
    size_t column;
    bool stop; /* a comment stands at the end of the line: nothing may follow it there */
};

static size_t width_of(struct span s)
{
    return u8_mbsnlen((const uint8_t *)s.at, s.len);
}

static void put(struct printer *printer, struct span s)
{
    buffer_add(&printer->out, s);
    printer->column += width_of(s);
}

static void new_line(struct printer *printer, unsigned depth)
{
    buffer_add_char(&printer->out, '\n');
    for (unsigned i = 0; i < depth * INDENT; i++)
        buffer_add_char(&printer->out, ' ');
    printer->column = depth * INDENT;
    printer->stop = false;
}

static void add_list(struct buffer *out, const struct text_item *list)
{
    buffer_add_text(out, list->first ? "[ " : "[");
    for (const struct text_item *text = list->first; text; text = text->next) {
        buffer_add_format(out, "\"%.*s\"", SPAN_ARG(text->written));
        buffer_add_text(out, text->next ? ", " : " ");
    }
    buffer_add_text(out, "]");
}

/* An item that is no group, as it stands on one line. */
static struct span flat_item(const struct text_item *item, struct arena *arena)
{
    struct buffer out;
    buffer_init(&out, arena, FILE_BYTES_MAX);
    buffer_add_format(&out, "%.*s = ", SPAN_ARG(item->name));
    if (item->kind == TEXT_ITEM_LIST)
        add_list(&out, item);
    else
        buffer_add_format(&out, "\"%.*s\"", SPAN_ARG(item->written));
    buffer_add_char(&out, ';');
    return buffer_span(&out);
}

/* A group on one line; absent when it holds another one or a comment. */
static struct span flat_group(const struct text_item *group, struct arena *arena)
{
    struct buffer out;
    buffer_init(&out, arena, FILE_BYTES_MAX);
    buffer_add_format(&out, "%.*s = {", SPAN_ARG(group->name));
    for (const struct text_item *item = group->first; item; item = item->next) {
        if (item->kind == TEXT_ITEM_GROUP || item->kind == TEXT_ITEM_COMMENT || span_is_present(item->remark))
            return SPAN_NONE;
        buffer_add_char(&out, ' ');
        buffer_add(&out, flat_item(item, arena));
    }
    buffer_add_text(&out, CLOSING);
    return buffer_span(&out);
}

static void put_remark(struct printer *printer, const struct text_item *item)
{
    if (!span_is_present(item->remark))
        return;
    put(printer, SPAN("   "));
    put(printer, item->remark);
    printer->stop = true;
}

/* What a group says of itself has a line of its own: setting it moves no text. */
static bool is_about_group(const struct text_item *item)
{
    return item->kind == TEXT_ITEM_TEXT &&
           (span_equal_text(item->name, "state") || span_equal_text(item->name, "source"));
}

/* Comments, groups and lists begin a line; so does what follows a comment or a group, and what no longer fits. */
static bool begins_line(const struct printer *printer, const struct text_item *item, const struct text_item *before,
                        size_t wanted)
{
    return item->kind != TEXT_ITEM_TEXT || printer->stop || before->kind == TEXT_ITEM_GROUP ||
           (is_about_group(before) && !is_about_group(item)) || printer->column + 1 + wanted > WIDTH;
}

static void put_group(struct printer *printer, const struct text_item *group, unsigned depth, size_t tail);

/* `tail`: the length of what closes behind the last item of the groups around: it stands on the same line. */
static void put_member(struct printer *printer, const struct text_item *item, const struct text_item *before,
                       unsigned depth, size_t tail)
{
    bool plain = item->kind == TEXT_ITEM_TEXT || item->kind == TEXT_ITEM_LIST;
    struct span flat = plain ? flat_item(item, printer->arena) : SPAN("");
    if (before && begins_line(printer, item, before, width_of(flat) + (item->next ? 0 : tail)))
        new_line(printer, depth);
    else if (before)
        put(printer, SPAN(" "));
    if (item->kind == TEXT_ITEM_GROUP) {
        put_group(printer, item, depth, tail);
    } else if (item->kind == TEXT_ITEM_COMMENT) {
        put(printer, item->written);
        printer->stop = true;
    } else {
        put(printer, flat);
        put_remark(printer, item);
    }
}

static void put_group(struct printer *printer, const struct text_item *group, unsigned depth, size_t tail)
{
    struct span flat = flat_group(group, printer->arena);
    const struct text_item *before = NULL;
    if (span_is_present(flat) && printer->column + width_of(flat) + tail <= WIDTH) {
        put(printer, flat);
        put_remark(printer, group);
        return;
    }
    put(printer, group->name);
    put(printer, SPAN(" = {"));
    new_line(printer, depth + 1);
    for (const struct text_item *item = group->first; item; before = item, item = item->next)
        put_member(printer, item, before, depth + 1, tail + sizeof CLOSING - 1);
    if (printer->stop)
        new_line(printer, depth);
    put(printer, printer->column == depth * INDENT ? SPAN("};") : SPAN(CLOSING));
    put_remark(printer, group);
}

static void put_top(struct printer *printer, const struct text_item *item)
{
    printer->column = 0;
    printer->stop = false;
    if (item->kind == TEXT_ITEM_GROUP)
        put_group(printer, item, 0, 0);
    else if (item->kind == TEXT_ITEM_COMMENT)
        put(printer, item->written);
    else if (item->kind != TEXT_ITEM_BLANK) {
        put(printer, flat_item(item, printer->arena));
        put_remark(printer, item);
    }
    buffer_add_char(&printer->out, '\n');
}

struct span text_file_print(const struct text_file *file, struct arena *arena)
{
    struct printer printer = {.arena = arena};
    buffer_init(&printer.out, arena, FILE_BYTES_MAX);
    for (const struct text_item *item = file->root.first; item; item = item->next)
        put_top(&printer, item);
    return buffer_failed(&printer.out) ? SPAN_NONE : buffer_span(&printer.out);
}
