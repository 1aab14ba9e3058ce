#include "menu/dialogue.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/buffer.h"
#include "base/clock.h"
#include "menu/simulator/dialogue_shelf.h"
#include "text/utf8.h"

#define DIALOGUE_MAX (1024 * 1024)
#define USUAL_START "2026-11-21 10:00"

struct player {
    const char *path;
    const struct dialogue_options *options;
    struct arena *arena;
    struct problems *problems;
    struct dialogue_counts *counts;
    struct span rest; /* of the file */
    unsigned line;    /* of what was taken last */
    struct buffer written;
    struct span service_path, lang, start;
    const char *dir; /* of the service */
    bool by_sms, hides_number;
    struct service *service;
    struct simulator *simulator;
};

static enum outcome read_whole(struct player *player, struct error *err)
{
    FILE *file = fopen(player->path, "rbe");
    if (!file)
        return error_set(err, OUTCOME_BROKEN, "%s: %s", player->path, strerrordesc_np(errno));
    char *bytes = arena_alloc(player->arena, DIALOGUE_MAX + 1);
    size_t count = fread(bytes, 1, DIALOGUE_MAX + 1, file);
    bool failed = ferror(file) || count > DIALOGUE_MAX;
    (void)fclose(file);
    player->rest = (struct span){bytes, count};
    if (!failed && utf8_is_valid(player->rest))
        return OUTCOME_OK;
    return error_set(err, OUTCOME_BROKEN, "%s: expected a text of at most 1 MiB in UTF-8", player->path);
}

static bool write_whole(FILE *file, struct span text)
{
    bool whole = fwrite(text.at, 1, text.len, file) == text.len && fflush(file) == 0 && fsync(fileno(file)) == 0;
    return fclose(file) == 0 && whole;
}

/* Beside the old file first: a full disk must not cost an author the dialogue. */
static enum outcome rewrite(struct player *player, struct error *err)
{
    const char *fresh = arena_format(player->arena, "%s.new", player->path).at;
    FILE *file = fopen(fresh, "wbe");
    if (file && write_whole(file, buffer_span(&player->written)) && rename(fresh, player->path) == 0) {
        player->counts->rewritten = true;
        return OUTCOME_OK;
    }
    int why = errno;
    (void)unlink(fresh);
    return error_set(err, OUTCOME_BROKEN, "%s: cannot be written: %s", fresh, strerrordesc_np(why));
}

static struct span take_line(struct player *player)
{
    player->line++;
    struct span line = span_cut(&player->rest, '\n');
    if (span_is_present(player->rest) && player->rest.len == 0)
        player->rest = SPAN_NONE; /* the file's last newline begins no line */
    return line;
}

static void write_line(struct player *player, struct span line)
{
    buffer_add(&player->written, line);
    buffer_add_char(&player->written, '\n');
}

static bool is_expectation(struct span line)
{
    return span_starts_with(line, SPAN("|")) || span_starts_with(line, SPAN("+")) || span_equal_text(line, "(end)");
}

static void find(struct player *player, const char *what)
{
    problems_add(player->problems, player->path, player->line, "%s", what);
}

/* --- the head of the file ------------------------------------------------------------------------------------------ */

static void read_head(struct player *player, struct span line)
{
    struct span value = line, name = span_trim(span_cut(&value, ':'));
    value = span_is_present(value) ? span_trim(value) : SPAN_NONE;
    if (span_equal_text(name, "service"))
        player->service_path = value;
    else if (span_equal_text(name, "lang"))
        player->lang = value;
    else if (span_equal_text(name, "start"))
        player->start = value;
    else if (span_equal_text(name, "channel") && (span_equal_text(value, "ussd") || span_equal_text(value, "sms")))
        player->by_sms = span_equal_text(value, "sms");
    else if (span_equal_text(name, "number") && span_equal_text(value, "hidden"))
        player->hides_number = true;
    else
        find(player, "expected service:, channel: ussd or sms, number: hidden, lang: or start: YYYY-MM-DD HH:MM, then "
                     ":dial or :sms");
}

static bool read_start(struct player *player, int64_t *at)
{
    if (clock_read(player->start, service_zone_minutes(player->service), at))
        return true;
    find(player, "expected start: YYYY-MM-DD HH:MM");
    return false;
}

static enum outcome start_phone(struct player *player, struct error *err)
{
    struct simulator_options options = dialogue_usual_options();
    const char *given = player->options->service_dir;
    player->dir = given ? given : arena_text(player->arena, player->service_path);
    if (!player->dir) {
        find(player, "expected service: and a folder in the file's head");
        return OUTCOME_REFUSED;
    }
    enum outcome outcome =
        dialogue_shelf_take(player->options->shelf, player->dir, &player->service, player->problems, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    options.lang = player->lang;
    options.masked = player->hides_number;
    if (!read_start(player, &options.start_at))
        return OUTCOME_REFUSED;
    player->simulator = simulator_create(player->service, &options);
    return OUTCOME_OK;
}

/* --- exchanges ----------------------------------------------------------------------------------------------------- */

static void describe_text(struct buffer *block, struct span text)
{
    buffer_add_text(block, "+ text ");
    for (struct span rest = text; span_is_present(rest);) {
        buffer_add(block, span_cut(&rest, '\n'));
        buffer_add_text(block, span_is_present(rest) ? " / " : "\n");
    }
}

static void describe(struct player *player, const struct simulator_view *view, struct buffer *block)
{
    size_t text = 0;
    for (size_t i = 0; i < view->result.effect_count; i++) {
        const struct effect *effect = &view->result.effects[i];
        if (effect->kind == EFFECT_TEXT_ME && text < view->text_count) {
            describe_text(block, view->texts[text++]);
            continue;
        }
        struct span words = simulator_describe(player->simulator, effect, player->arena);
        buffer_add_format(block, "+ %.*s\n", SPAN_ARG(words));
    }
    while (text < view->text_count)
        describe_text(block, view->texts[text++]);
    for (struct span rest = view->screen; span_is_present(rest);) {
        struct span line = span_cut(&rest, '\n');
        buffer_add_format(block, line.len ? "| %.*s\n" : "|%.*s\n", SPAN_ARG(line));
    }
    if (view->ends)
        buffer_add_text(block, "(end)\n");
}

/* What the file expects after the line just taken. */
static struct span take_expected(struct player *player)
{
    struct span from = player->rest;
    size_t len = 0;
    while (span_is_present(player->rest)) {
        struct span rest = player->rest, line = span_cut(&rest, '\n');
        if (!is_expectation(line))
            break;
        len = (size_t)(line.at + line.len - from.at);
        (void)take_line(player);
    }
    return span_first(span_is_present(from) ? from : SPAN(""), len);
}

static void report_difference(struct player *player, unsigned line, struct span expected, struct span shown)
{
    struct span wanted, seen;
    player->counts->differences++;
    expected = expected.len > 0 ? expected : SPAN_NONE;
    shown = shown.len > 0 ? shown : SPAN_NONE;
    do {
        wanted = span_is_present(expected) ? span_cut(&expected, '\n') : SPAN("nothing more");
        seen = span_is_present(shown) ? span_cut(&shown, '\n') : SPAN("nothing more");
        line++;
    } while (span_equal(wanted, seen) && (span_is_present(expected) || span_is_present(shown)));
    problems_add(player->problems, player->path, line, "expected \"%.*s\", the phone shows \"%.*s\"", SPAN_ARG(wanted),
                 SPAN_ARG(seen));
}

static enum outcome play_line(struct player *player, struct span line, struct error *err)
{
    struct simulator_view view;
    struct buffer block;
    bool shown = false;
    unsigned at = player->line;
    struct span typed = span_starts_with(line, SPAN(">")) ? span_from(line, 1) : line;
    write_line(player, line);
    enum outcome outcome = dialogue_perform(player->simulator, typed, player->by_sms, &view, &shown, err);
    if (outcome != OUTCOME_OK) {
        find(player, err->text);
        return OUTCOME_REFUSED;
    }
    buffer_init(&block, player->arena, DIALOGUE_MAX);
    if (shown && player->options->nodes)
        dialogue_nodes_note(player->options->nodes, player->dir, player->service, &view);
    if (shown)
        describe(player, &view, &block);
    struct span expected = take_expected(player), seen = buffer_span(&block);
    seen = span_first(seen, seen.len > 0 ? seen.len - 1 : 0);
    player->counts->exchanges += shown;
    if (seen.len > 0)
        write_line(player, seen);
    if (seen.len != expected.len || (seen.len && memcmp(seen.at, expected.at, seen.len) != 0))
        report_difference(player, at, expected, seen);
    return OUTCOME_OK;
}

static bool is_typed(struct span line)
{
    return span_starts_with(line, SPAN(">")) || span_starts_with(line, SPAN(":"));
}

static bool is_remark(struct span line)
{
    return line.len == 0 || line.at[0] == '#';
}

static enum outcome play_all(struct player *player, struct error *err)
{
    enum outcome outcome = OUTCOME_OK;
    while (outcome == OUTCOME_OK && span_is_present(player->rest)) {
        struct span line = take_line(player);
        if (line.len > 0 && line.at[line.len - 1] == '\r')
            line.len--;
        if (is_typed(line) && !player->simulator)
            outcome = start_phone(player, err);
        if (outcome == OUTCOME_OK && is_typed(line)) {
            outcome = play_line(player, line, err);
            continue;
        }
        write_line(player, line);
        if (outcome == OUTCOME_OK && !is_remark(line) && !player->simulator)
            read_head(player, line);
        else if (outcome == OUTCOME_OK && !is_remark(line))
            find(player, "expected a line that begins with >, :, |, + or #, or (end)");
    }
    return outcome;
}

static enum outcome play_and_judge(struct player *player, struct error *err)
{
    size_t before = player->problems->count;
    enum outcome outcome = read_whole(player, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    outcome = play_all(player, err);
    size_t others = player->problems->count - before - player->counts->differences;
    if (outcome == OUTCOME_OK && player->options->update && others == 0) {
        player->problems->count = before; /* differences are what an update is for */
        return player->counts->differences > 0 ? rewrite(player, err) : OUTCOME_OK;
    }
    if (outcome == OUTCOME_OK && player->problems->count > before)
        return problems_refuse(player->problems, before, player->path, err);
    return outcome;
}

enum outcome dialogue_play(const char *path, const struct dialogue_options *options, struct problems *problems,
                           struct dialogue_counts *counts, struct error *err)
{
    struct arena *arena = arena_create(64 * 1024);
    struct player player = {.path = path,
                            .options = options,
                            .arena = arena,
                            .problems = problems,
                            .counts = counts,
                            .start = SPAN(USUAL_START)};
    *counts = (struct dialogue_counts){.exchanges = 0};
    buffer_init(&player.written, arena, 2 * DIALOGUE_MAX);
    enum outcome outcome = play_and_judge(&player, err);
    simulator_free(player.simulator);
    if (!options->shelf)
        service_free(player.service);
    arena_destroy(arena);
    return outcome;
}
