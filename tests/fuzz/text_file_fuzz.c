/* libFuzzer target for text files as tools change them: whatever is read comes back with the same texts, in a layout that
 * writing once more does not change; what is refused says why. */
#include <stdlib.h>

#include "base/settings.h"
#include "menu/text_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static struct text_file *parse(struct span text, struct arena *arena)
{
    struct problems problems;
    struct text_file *file = NULL;
    problems_init(&problems, arena);
    enum outcome outcome = text_file_parse(text, "fuzz", arena, &file, &problems);
    require(outcome == OUTCOME_OK ? problems.count == 0 : problems.count == 1 && !file);
    return file;
}

/* What the loader would take as well is written, and the same again. */
static void write_twice(const struct text_file *file, struct arena *arena)
{
    struct span once, twice;
    struct error err;
    if (text_file_write(file, arena, &once, &err) != OUTCOME_OK)
        return;
    const struct text_file *again = parse(once, arena);
    require(again && text_file_write(again, arena, &twice, &err) == OUTCOME_OK && span_equal(once, twice));
}

static void change(struct text_file *file, struct span words, struct arena *arena)
{
    struct span out;
    struct error err;
    text_file_set(file, (struct text_path){{"main", "title", NULL}}, (struct text_value){&words, 1, false}, false);
    text_file_set(file, (struct text_path){{"main", "state", NULL}}, (struct text_value){&words, 1, false}, true);
    require(text_file_write(file, arena, &out, &err) != OUTCOME_BROKEN);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = {(const char *)data, size};
    struct arena *arena = arena_create(65536);
    struct text_file *file = parse(text, arena);
    if (file) {
        write_twice(file, arena);
        change(file, span_first(text, 40), arena);
    }
    arena_destroy(arena);
    return 0;
}
