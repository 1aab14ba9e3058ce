/*
 * outline: a service as its author wrote it: each screen with its keys and what they lead to, placeholders as they are. For
 * whoever compares two versions or draws a flow. Pure.
 */
#pragma once
#include "base/buffer.h"
#include "menu/service/model.h"

#define OUTLINE_MAX (64 * 1024) /* bytes of a screen */

/* Whom `each` is called for: one screen, or what happens between two. */
struct outlined {
    struct span name;                /* "main", "call.safe" */
    const struct node *node;         /* NULL: words that belong to no node */
    const struct question *question; /* NULL: a deed, a branch, the end of a form, or no node */
    struct span text;                /* lines */
};
struct outline_reader {
    void (*each)(const struct outlined *outlined, void *context);
    void *context;
};

/* In the order of names: nodes, then the safety page and the offices. What is handed out lives in the arena. */
void outline_read(const struct service *service, const struct language *language, struct arena *arena,
                  const struct outline_reader *reader);

/* "if registered, when safe is yes or no": what it takes; empty when there is no condition. */
void outline_condition(const struct condition *condition, struct buffer *out);
