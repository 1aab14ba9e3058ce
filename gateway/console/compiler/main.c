/*
 * The compiler of the console's pages: runs when the program is built, on the machine where it is built, and is no part of it.
 *
 *   compiler template NAME.html OUT.c            one template
 *   compiler templates OUT.h NAME.html...        their prototypes
 *   compiler words OUT.h OUT.c FOLDER...         the words of all languages
 *   compiler assets OUT.h OUT.c PACKED FILE...   what browsers are given
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "console/compiler/assets.h"
#include "console/compiler/files.h"
#include "console/compiler/template.h"
#include "console/compiler/words.h"

struct work {
    struct arena *arena;
    struct buffer header, code;
};

static void compile_template(struct work *work, char **args, int count)
{
    (void)count;
    template_compile(args[0], work->arena, &work->code);
    file_write(args[1], buffer_span(&work->code));
}

static void declare_templates(struct work *work, char **args, int count)
{
    buffer_add_text(&work->header, "/* Made of templates/. */\n#pragma once\n#include \"console/page/html.h\"\n\n");
    for (int i = 1; i < count; i++)
        template_declare(args[i], work->arena, &work->header);
    file_write(args[0], buffer_span(&work->header));
}

static void write_both(struct work *work, char **args)
{
    file_write(args[0], buffer_span(&work->header));
    file_write(args[1], buffer_span(&work->code));
}

static void compile_words(struct work *work, char **args, int count)
{
    words_compile((const char *const *)args + 2, (size_t)count - 2, work->arena, &work->header, &work->code);
    write_both(work, args);
}

static void compile_assets(struct work *work, char **args, int count)
{
    assets_compile(args[2], (const char *const *)args + 3, (size_t)count - 3, work->arena, &work->header, &work->code);
    write_both(work, args);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int least;
        void (*run)(struct work *work, char **args, int count);
    } verbs[] = {{"template", 2, compile_template},
                 {"templates", 1, declare_templates},
                 {"words", 3, compile_words},
                 {"assets", 3, compile_assets}};
    for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(argv[1], verbs[i].name) != 0 || argc - 2 < verbs[i].least)
            continue;
        struct work work = {.arena = arena_create(1024 * 1024)};
        buffer_init(&work.header, work.arena, OUTPUT_BYTES);
        buffer_init(&work.code, work.arena, OUTPUT_BYTES);
        verbs[i].run(&work, argv + 2, argc - 2);
        arena_destroy(work.arena);
        return 0;
    }
    fprintf(stderr, "compiler template|templates|words|assets ...: see gateway/console/compiler/main.c\n");
    return 2;
}
