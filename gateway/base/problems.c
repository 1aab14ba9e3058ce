#include "base/problems.h"

#include <stdarg.h>

#include "base/buffer.h"

#define LINE_MAX_BYTES 4096 /* far above any finding of ours; what is longer quotes too much of the file */

void problems_init(struct problems *problems, struct arena *arena)
{
    *problems = (struct problems){.arena = arena};
}

static void add_place(struct buffer *line, const char *file, unsigned number)
{
    if (!file)
        return;
    if (number)
        buffer_add_format(line, "%s:%u: ", file, number);
    else
        buffer_add_format(line, "%s: ", file);
}

void problems_add_list(struct problems *problems, const char *file, unsigned line, const char *format, va_list args)
{
    if (problems->count++ >= PROBLEMS_MAX)
        return;
    struct buffer text;
    buffer_init(&text, problems->arena, LINE_MAX_BYTES);
    add_place(&text, file, line);
    buffer_add_format_list(&text, format, args);
    if (buffer_failed(&text)) {
        buffer_init(&text, problems->arena, LINE_MAX_BYTES);
        add_place(&text, file, line);
        buffer_add_text(&text, "a finding here is too long to show");
    }
    problems->lines[problems->count - 1] = arena_text(problems->arena, buffer_span(&text));
}

void problems_add(struct problems *problems, const char *file, unsigned line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    problems_add_list(problems, file, line, format, args);
    va_end(args);
}

enum outcome problems_refuse(const struct problems *problems, size_t before, const char *what, struct error *err)
{
    size_t count = problems->count - before;
    return error_set(err, OUTCOME_REFUSED, "%s: %zu finding%s", what, count, count == 1 ? "" : "s");
}
