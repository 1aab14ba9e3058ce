#include "console/door/qr.h"

#include <qrencode.h>
#include "base/buffer.h"

enum { MARGIN = 4, PATH_MAX_BYTES = 256 * 1024 };

/* A bar for each run of dark modules in a row. */
static void draw_row(const unsigned char *row, unsigned width, unsigned y, struct buffer *out)
{
    for (unsigned x = 0; x < width;) {
        unsigned from = x;
        while (x < width && (row[x] & 1))
            x++;
        if (x > from)
            buffer_add_format(out, "M%u %uh%uv1h-%uz", from + MARGIN, y + MARGIN, x - from, x - from);
        else
            x++;
    }
}

bool qr_draw(struct span text, struct arena *arena, struct qr *out)
{
    QRcode *code = QRcode_encodeString8bit(arena_text(arena, text), 0, QR_ECLEVEL_M);
    if (!code)
        return false;
    struct buffer path;
    unsigned width = (unsigned)code->width;
    buffer_init(&path, arena, PATH_MAX_BYTES);
    for (unsigned y = 0; y < width; y++)
        draw_row(code->data + (size_t)y * width, width, y, &path);
    QRcode_free(code);
    *out = (struct qr){.size = width + 2 * MARGIN, .path = buffer_span(&path)};
    return !buffer_failed(&path);
}
