#include "cli/frame.h"

#include <stdlib.h>
#include <string.h>
#include <unilbrk.h>
#include <uniwidth.h>

#define COLUMNS 34

static void draw_edge(FILE *out)
{
    fputc('+', out);
    for (int i = 0; i < COLUMNS + 2; i++)
        fputc('-', out);
    fputs("+\n", out);
}

static void draw_row(FILE *out, struct span row)
{
    int width = u8_width((const uint8_t *)row.at, row.len, "UTF-8");
    fprintf(out, "| %.*s%*s |\n", SPAN_ARG(row), width < COLUMNS ? COLUMNS - width : 0, "");
}

/* `breaks` says which bytes are line ends and before which a row has to begin because the one before is full. */
static void draw_rows(FILE *out, struct span text, const char *breaks)
{
    size_t start = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (breaks[i] != UC_BREAK_MANDATORY && breaks[i] != UC_BREAK_POSSIBLE)
            continue;
        draw_row(out, span_trim((struct span){text.at + start, i - start}));
        start = breaks[i] == UC_BREAK_MANDATORY ? i + 1 : i;
    }
    draw_row(out, span_trim(span_from(text, start)));
}

void frame_draw(FILE *out, struct span screen)
{
    char *breaks = calloc(screen.len + 1, 1);
    draw_edge(out);
    if (breaks != NULL && screen.len > 0) {
        u8_width_linebreaks((const uint8_t *)screen.at, screen.len, COLUMNS, 0, 0, NULL, "UTF-8", breaks);
        draw_rows(out, screen, breaks);
    }
    draw_edge(out);
    free(breaks);
}
