#include "cli/graphing.h"
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "menu/graph.h"

static enum outcome write_text(const char *path, struct span text, struct error *err)
{
    FILE *file = fopen(path, "wbe");
    bool whole = file && fwrite(text.at, 1, text.len, file) == text.len;
    if (file && fclose(file) != 0)
        whole = false;
    return whole ? OUTCOME_OK
                 : error_set(err, OUTCOME_BROKEN, "%s: cannot be written: %s", path, strerrordesc_np(errno));
}

/* Graphviz's own program, without a shell. NOT_FOUND: it is not installed. */
static enum outcome run_dot(const char *from, const char *to, struct error *err)
{
    const char *const words[] = {"dot", "-Tsvg", "-o", to, from, NULL};
    pid_t child;
    int status = 0;
    int failed = posix_spawnp(&child, "dot", NULL, NULL, (char *const *)words, environ);
    if (failed == ENOENT)
        return OUTCOME_NOT_FOUND;
    if (failed != 0)
        return error_set(err, OUTCOME_BROKEN, "dot cannot be started: %s", strerrordesc_np(failed));
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return error_set(err, OUTCOME_BROKEN, "dot is lost: %s", strerrordesc_np(errno));
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        return OUTCOME_NOT_FOUND;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0
               ? OUTCOME_OK
               : error_set(err, OUTCOME_BROKEN, "dot could not draw %s", from);
}

static enum outcome draw_into(const struct service *service, struct span lang, const char *folder, struct arena *arena,
                              struct error *err)
{
    struct span name = service_name(service);
    const char *dot = arena_format(arena, "%s/%.*s.dot", folder, SPAN_ARG(name)).at;
    const char *svg = arena_format(arena, "%s/%.*s.svg", folder, SPAN_ARG(name)).at;
    struct buffer out;
    buffer_init(&out, arena, GRAPH_MAX);
    graph_draw(service, lang, &out);
    if (buffer_failed(&out))
        return error_set(err, OUTCOME_BROKEN, "the drawing of %.*s takes more than %d bytes", SPAN_ARG(name),
                         GRAPH_MAX);
    enum outcome outcome = write_text(dot, buffer_span(&out), err);
    if (outcome == OUTCOME_OK)
        outcome = run_dot(dot, svg, err);
    if (outcome == OUTCOME_OK)
        printf("drawn: %s, %s\n", dot, svg);
    else if (outcome == OUTCOME_NOT_FOUND)
        printf("drawn: %s; no SVG, because Graphviz's `dot` is not installed (Debian: graphviz)\n", dot);
    return outcome == OUTCOME_NOT_FOUND ? OUTCOME_OK : outcome;
}

enum outcome graphing_draw(const struct service *service, struct span lang, const char *folder, struct error *err)
{
    if (mkdir(folder, 0755) != 0 && errno != EEXIST)
        return error_set(err, OUTCOME_BROKEN, "%s: cannot be made: %s", folder, strerrordesc_np(errno));
    struct arena *arena = arena_create(256 * 1024);
    enum outcome outcome = draw_into(service, lang, folder, arena, err);
    arena_destroy(arena);
    return outcome;
}
