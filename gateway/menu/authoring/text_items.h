/*
 * text_items: how a text file lies in memory while it is changed. For text_file*.c only.
 */
#pragma once
#include "menu/text_file.h"

#define TEXT_DEPTH_MAX 3

enum text_item_kind { TEXT_ITEM_COMMENT, TEXT_ITEM_BLANK, TEXT_ITEM_TEXT, TEXT_ITEM_LIST, TEXT_ITEM_GROUP };

struct text_item {
    enum text_item_kind kind;
    struct span name;
    struct span written;            /* COMMENT: with its mark; TEXT: between its quotes, escapes as they stand */
    struct text_item *first, *last; /* GROUP: what stands in it; LIST: TEXTs without names */
    struct text_item *next;
    struct span remark; /* a comment behind it, on its last line; or absent */
};

struct text_change {
    struct text_path path;
    struct text_value value;
    struct text_change *next;
};

struct text_file {
    struct arena *arena;
    const char *name;
    struct span text;      /* as it was read */
    struct text_item root; /* a group */
    struct text_change *changes;
};

struct text_item *text_item_add(struct arena *arena, struct text_item *group, enum text_item_kind kind);
struct text_item *text_item_find(const struct text_item *group, const char *name);
struct span text_file_print(const struct text_file *file, struct arena *arena);
