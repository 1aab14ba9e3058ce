/* helpline demo: a day of callers and operators for an empty data file, played through the gateway that runs. */
#include <inttypes.h>
#include <stdio.h>
#include "base/clock.h"
#include "base/duration.h"
#include "base/random.h"
#include "cli/demo_play.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "menu/service.h"

#define SEED_MAX 1000000

static json_t *joined(const struct demo_words *words)
{
    struct arena *arena = arena_create(1024);
    struct span all = SPAN("");
    for (size_t i = 0; i < words->count; i++)
        all = arena_format(arena, "%.*s%s%.*s", SPAN_ARG(all), i ? " " : "", SPAN_ARG(words->at[i]));
    json_t *line = demo_play_text(all);
    arena_destroy(arena);
    return line;
}

static enum outcome add_operator(struct demo_play *play, size_t index, struct error *err)
{
    const struct demo_operator *operator = &play->day->operators[index];
    char hash[PASSWORD_HASH_BYTES];
    json_t *roles = json_array(), *answer = NULL;
    password_make(play->passwords[index]);
    enum outcome outcome = password_hash(span_of(play->passwords[index]), hash, err);
    for (size_t i = 0; i < operator->roles.count; i++)
        json_array_append_new(roles, demo_play_text(operator->roles.at[i]));
    json_t *event = json_pack("{s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:s}", "do", "user", "at",
                              (json_int_t)(play->cast.from - MINUTE_MS), "name", demo_play_text(operator->name),
                              "shown", demo_play_text(operator->shown), "roles", roles, "languages",
                              joined(&operator->languages), "lang", demo_play_text(operator->lang), "hash", hash);
    if (outcome != OUTCOME_OK) {
        json_decref(event);
        return outcome;
    }
    outcome = demo_play_ask(play, event, &answer, err);
    play->operators[index] = json_integer_value(json_object_get(answer, "id"));
    json_decref(answer);
    return outcome;
}

static enum outcome tell(const struct demo_play *play, const char *what, struct error *err)
{
    json_t *answer = NULL;
    enum outcome outcome = demo_play_ask(play, json_pack("{s:s}", "do", what), &answer, err);
    json_decref(answer);
    return outcome;
}

static enum outcome begin(struct demo_play *play, struct error *err)
{
    enum outcome outcome = tell(play, "begin", err);
    for (size_t i = 0; outcome == OUTCOME_OK && i < play->day->operator_count; i++)
        outcome = add_operator(play, i, err);
    return outcome;
}

static enum outcome play_day(struct demo_play *play, struct error *err)
{
    struct progress progress;
    struct demo_actor *actor;
    enum outcome outcome = begin(play, err);
    size_t done = 0, all = demo_cast_words(&play->cast);
    progress_begin(&progress, "demo, steps");
    while (outcome == OUTCOME_OK && (actor = demo_cast_next(&play->cast))) {
        struct span word = actor->words.at[actor->next++];
        outcome = actor->request ? demo_play_act(play, actor, word, err) : demo_play_call(play, actor, word, err);
        done++;
        progress_show(&progress, (int64_t)done, (int64_t)(done > all ? done : all));
    }
    progress_end(&progress);
    return outcome == OUTCOME_OK ? tell(play, "end", err) : outcome;
}

static void print_day(const struct demo_play *play)
{
    printf("%zu calls, %zu requests, %zu things done at the desk; --seed %" PRIu64 "\n", play->sessions, play->requests,
           play->acts, play->cast.seed);
    if (play->refused)
        printf("%zu things were refused at the desk, the first: %s\n", play->refused, play->why);
    printf("\nThese work there. Each password is shown once, here, and asks for another at the first sign-in:\n\n");
    printf("%-12s %-*s  %-26s %s\n", "NAME", PASSWORD_MADE, "PASSWORD", "ROLES", "SHOWN AS");
    for (size_t i = 0; i < play->day->operator_count; i++) {
        const struct demo_operator *operator = &play->day->operators[i];
        json_t *roles = joined(&operator->roles);
        printf("%-12.*s %s  %-26s %.*s\n", SPAN_ARG(operator->name), play->passwords[i], json_string_value(roles),
               SPAN_ARG(operator->shown));
        json_decref(roles);
    }
}

/* The first channel of calls, and the first of texts that serves the same. */
static bool find_channels(struct demo_play *play)
{
    const struct channel_set *set = play->config->channels;
    for (size_t i = 0; i < channel_set_count(set); i++) {
        const struct channel *channel = channel_set_at(set, i);
        if (!play->calls && channel->enabled && channel->kind == CHANNEL_USSD)
            play->calls = channel;
    }
    for (size_t i = 0; play->calls && i < channel_set_count(set); i++) {
        const struct channel *channel = channel_set_at(set, i);
        if (!play->texts && channel->enabled && channel->kind == CHANNEL_SMS &&
            span_equal(channel->service, play->calls->service))
            play->texts = channel;
    }
    return play->calls != NULL;
}

static enum outcome find_zone(const char *dir, struct problems *problems, int *zone, struct error *err)
{
    struct service *service = NULL;
    enum outcome outcome = service_load(dir, &service, problems, err);
    if (outcome == OUTCOME_OK)
        *zone = service_zone_minutes(service);
    service_free(service);
    return outcome;
}

static enum outcome prepare(struct demo_play *play, struct demo_day *day, uint64_t seed, struct problems *problems,
                            struct error *err)
{
    int zone = 0;
    if (!find_channels(play))
        return error_set(err, OUTCOME_REFUSED,
                         "no channel for calls is enabled: callers of the demonstration need one");
    const char *dir = arena_format(play->arena, "%s/%.*s", play->config->dir.menus, SPAN_ARG(play->calls->service)).at;
    enum outcome outcome = find_zone(dir, problems, &zone, err);
    if (outcome == OUTCOME_OK)
        outcome = demo_day_read(arena_format(play->arena, "%s/demo/day.conf", dir).at, play->arena, day, problems, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    play->day = day;
    play->operators = ARENA_ARRAY(play->arena, int64_t, day->operator_count);
    play->passwords = arena_alloc_array(play->arena, day->operator_count, sizeof *play->passwords);
    demo_cast_make(&play->cast, day, seed, clock_utc_ms(), zone, play->arena);
    return OUTCOME_OK;
}

static int run_demo(const struct config *config, uint64_t seed)
{
    struct arena *arena = arena_create(1 << 20);
    struct demo_play *play = ARENA_NEW(arena, struct demo_play);
    struct problems *problems = ARENA_NEW(arena, struct problems);
    struct demo_day day;
    struct error err = {0};
    int code = EXIT_DONE;
    problems_init(problems, arena);
    *play = (struct demo_play){.config = config, .arena = arena};
    enum outcome outcome = prepare(play, &day, seed, problems, &err);
    report_problems(problems);
    if (outcome != OUTCOME_OK)
        code = report_error(outcome == OUTCOME_BROKEN ? EXIT_MACHINE : EXIT_FINDING, &err);
    else if ((outcome = play_day(play, &err)) != OUTCOME_OK)
        code = report_control(outcome, &err);
    else
        print_day(play);
    arena_destroy(arena);
    return code == EXIT_DONE ? report_output(code) : code;
}

static int demo(const struct verb_arguments *arguments)
{
    uint64_t seed = random_below(SEED_MAX);
    const char *given = verb_value(arguments, "seed");
    struct config *config = NULL;
    struct error err;
    if (given && (!span_to_u64(span_of(given), &seed) || seed >= SEED_MAX)) {
        (void)error_set(&err, OUTCOME_REFUSED, "--seed: expected a number below %d", SEED_MAX);
        return report_usage("demo", &err);
    }
    int code = verb_load_config(arguments, &config);
    if (code == EXIT_DONE)
        code = run_demo(config, seed);
    config_free(config);
    return code;
}

static const struct verb_option demo_options[] = {
    {.name = "seed", .value = "NUMBER", .help = "the same number gives the same day again; one at random"},
    {.name = NULL},
};

const struct verb verb_demo = {
    .name = "demo",
    .summary = "fill an empty data file with a day of callers and operators, to look at",
    .details =
        "Plays menus/SERVICE/demo/day.conf through the gateway that runs: callers go through the same steps as on "
        "a phone,\n"
        "operators through the same as in a browser, at times of the last 24 hours. Refused on a data file that "
        "holds\n"
        "anything already, and the file stays marked as a demonstration's. All numbers are ones that nobody can "
        "have,\n"
        "and no text leaves. The passwords of its operators are shown once.",
    .options = demo_options,
    .run = demo,
};
