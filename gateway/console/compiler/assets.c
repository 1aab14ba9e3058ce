#include "console/compiler/assets.h"

#include <openssl/evp.h>
#include <string.h>
#include "console/compiler/complain.h"
#include "console/compiler/files.h"

enum { HASH_SHOWN = 6 }; /* bytes of it in a name */

static struct span type_of(const char *path)
{
    static const struct {
        const char *ending;
        struct span type;
    } types[] = {
        {".css", SPAN("text/css; charset=utf-8")},
        {".js", SPAN("text/javascript; charset=utf-8")},
        {".svg", SPAN("image/svg+xml")},
        {".png", SPAN("image/png")},
        {".ico", SPAN("image/x-icon")},
        {".woff2", SPAN("font/woff2")},
        {".txt", SPAN("text/plain; charset=utf-8")},
    };
    size_t len = strlen(path);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        size_t tail = strlen(types[i].ending);
        if (len > tail && strcmp(path + len - tail, types[i].ending) == 0)
            return types[i].type;
    }
    complain((struct spot){path, 1}, "nobody said what type this is: compiler/assets.c");
}

static struct span base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return span_of(slash ? slash + 1 : path);
}

static struct span hash_of(const char *path, struct span bytes, struct arena *arena)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    if (EVP_Digest(bytes.at, bytes.len, digest, NULL, EVP_sha256(), NULL) != 1)
        complain((struct spot){path, 1}, "cannot be hashed");
    struct buffer hash;
    buffer_init(&hash, arena, OUTPUT_BYTES);
    for (size_t i = 0; i < HASH_SHOWN; i++)
        buffer_add_format(&hash, "%02x", digest[i]);
    return buffer_span(&hash);
}

static void write_bytes(struct buffer *out, const char *field, struct span bytes)
{
    buffer_add_format(out, "  .%s = {", field);
    write_string(out, bytes);
    buffer_add_format(out, ", %zu},\n", bytes.len);
}

/* app.css is served as /assets/app.0123456789ab.css: whoever has it need never ask again. */
static void write_asset(const char *packed, const char *path, struct arena *arena, struct buffer *code)
{
    struct span name = base_name(path), plain = file_read(path, arena);
    struct span gzip = file_read(arena_format(arena, "%s/%.*s.gz", packed, SPAN_ARG(name)).at, arena);
    struct span hash = hash_of(path, plain, arena), stem = file_stem(path, arena);
    struct span hashed =
        arena_format(arena, "%.*s.%.*s%.*s", SPAN_ARG(stem), SPAN_ARG(hash), SPAN_ARG(span_from(name, stem.len)));
    buffer_add_text(code, " {\n");
    write_bytes(code, "name", hashed);
    write_bytes(code, "address", arena_format(arena, "/assets/%.*s", SPAN_ARG(hashed)));
    write_bytes(code, "content_type", type_of(path));
    write_bytes(code, "etag", arena_format(arena, "\"%.*s\"", SPAN_ARG(hash)));
    write_bytes(code, "plain", plain);
    write_bytes(code, "gzip", gzip);
    buffer_add_text(code, " },\n");
}

void assets_compile(const char *packed, const char *const *paths, size_t count, struct arena *arena,
                    struct buffer *header, struct buffer *code)
{
    buffer_add_text(header, "/* Made of assets/. */\n#pragma once\n#include \"console/page/asset.h\"\n\nenum {\n");
    buffer_add_text(
        code, "/* Made of assets/. */\n#include \"console/assets.h\"\n\nconst struct asset assets[ASSET_COUNT] = {\n");
    for (size_t i = 0; i < count; i++) {
        buffer_add_text(header, "    ASSET_");
        write_constant(header, base_name(paths[i]));
        buffer_add_text(header, ",\n");
        write_asset(packed, paths[i], arena, code);
    }
    buffer_add_text(header, "    ASSET_COUNT\n};\nextern const struct asset assets[ASSET_COUNT];\n");
    buffer_add_text(code, "};\n");
}
