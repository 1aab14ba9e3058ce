/*
 * template_internal: a template while it is compiled; for template*.c alone.
 */
#pragma once
#include "console/compiler/context.h"
#include "console/compiler/template.h"

enum { DEPTH_MAX = 16 };

enum block_kind { BLOCK_IF, BLOCK_EACH };

struct block {
    enum block_kind kind;
    unsigned line;
    bool has_else;
    struct context begin;     /* where it began */
    struct context first_end; /* where what stands before its {{else}} ended */
    struct span variable;     /* of an each */
    struct span list, count;  /* in C */
};

struct template
{
    const char *path;
    struct span stem, header, view; /* queue, console/pages/queue_view.h, queue_view */
    struct spot place;
    struct context context;
    struct block blocks[DEPTH_MAX];
    unsigned depth, loops; /* loops that there were, so that each index has a name of its own */
    struct arena *arena;
    struct buffer *out;
};

/* "row.name" in C: row->name where row is the variable of an each, else view->row.name; a constant stays as it is. */
struct span template_field(const struct template *template, struct span written);
bool template_is_name(struct span s);
bool template_is_constant(struct span s); /* a name without small letters */
/* Where `what` begins in it; its length: nowhere. */
size_t template_find(struct span s, const char *what);

/* Reads the file and its first line; what follows that is the page. */
struct span template_open(struct template *template, const char *path, struct arena *arena);
/* The struct that another template shows. */
struct span template_view_of(const char *path, struct arena *arena);

/* What stands between {{ and }}, trimmed. */
void template_directive(struct template *template, struct span inner);
/* Blocks: #if, #each, else, /if, /each. */
void template_block_begin(struct template *template, struct span inner);
void template_block_else(struct template *template);
void template_block_end(struct template *template, struct span name);

/* One statement, of which the compiler of C says that it stands in this line of the template. */
void template_emit(struct template *template, const char *format, ...) PRINTF_LIKE(2, 3);
