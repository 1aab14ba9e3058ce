/* helpline demo: a day of callers and operators for an empty data file, played through the gateway that runs. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/duration.h"
#include "base/password.h"
#include "base/random.h"
#include "cli/control_client.h"
#include "cli/demo_cast.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "core/config.h"
#include "menu/service.h"

#define SEED_MAX 1000000

struct demo_play {
    const struct config *config;
    const struct demo_day *day;
    struct arena *arena;
    const struct channel *calls, *texts; /* where callers come in */
    struct demo_cast cast;
    int64_t *operators; /* their ids, by their order in the day */
    char (*passwords)[PASSWORD_MADE + 1];
    size_t sessions, requests, acts, refused;
    char why[ERROR_TEXT_MAX + 64]; /* the first refusal of the desk */
};

/* ---- asking the gateway ---- */

static void take_answer(void *context, const json_t *line)
{
    json_object_update(context, (json_t *)line);
}

/* `event` is taken over. The answer is the caller's. */
static enum outcome ask(const struct demo_play *play, json_t *event, json_t **answer, struct error *err)
{
    *answer = json_object();
    json_object_set_new(event, "verb", json_string("demo"));
    return control_ask(play->config->listen.control, event, take_answer, *answer, err);
}

static json_t *text_of(struct span text)
{
    return json_stringn(text.at, text.len);
}

static json_t *joined(const struct demo_words *words)
{
    struct arena *arena = arena_create(1024);
    struct span all = SPAN("");
    for (size_t i = 0; i < words->count; i++)
        all = arena_format(arena, "%.*s%s%.*s", SPAN_ARG(all), i ? " " : "", SPAN_ARG(words->at[i]));
    json_t *line = text_of(all);
    arena_destroy(arena);
    return line;
}

/* ---- who works there ---- */

static enum outcome add_operator(struct demo_play *play, size_t index, struct error *err)
{
    const struct demo_operator *operator = &play->day->operators[index];
    char hash[PASSWORD_HASH_BYTES];
    json_t *roles = json_array(), *answer = NULL;
    password_make(play->passwords[index]);
    enum outcome outcome = password_hash(span_of(play->passwords[index]), hash, err);
    for (size_t i = 0; i < operator->roles.count; i++)
        json_array_append_new(roles, text_of(operator->roles.at[i]));
    json_t *event = json_pack("{s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:s}", "do", "user", "at",
                              (json_int_t)(play->cast.from - MINUTE_MS), "name", text_of(operator->name), "shown",
                              text_of(operator->shown), "roles", roles, "languages", joined(&operator->languages),
                              "lang", text_of(operator->lang), "hash", hash);
    if (outcome != OUTCOME_OK) {
        json_decref(event);
        return outcome;
    }
    outcome = ask(play, event, &answer, err);
    play->operators[index] = json_integer_value(json_object_get(answer, "id"));
    json_decref(answer);
    return outcome;
}

static enum outcome tell(const struct demo_play *play, const char *what, struct error *err)
{
    json_t *answer = NULL;
    enum outcome outcome = ask(play, json_pack("{s:s}", "do", what), &answer, err);
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

/* ---- callers ---- */

static int64_t seconds(struct demo_play *play, uint32_t from, uint32_t to)
{
    return (from + demo_below(&play->cast, to - from)) * SECOND_MS;
}

/* "2h", "30m". */
static int64_t read_pause(struct span word)
{
    uint64_t count = 0;
    bool hours = word.len > 0 && word.at[word.len - 1] == 'h';
    (void)span_to_u64(span_first(word, word.len ? word.len - 1 : 0), &count);
    return (int64_t)count * (hours ? 60 : 1) * MINUTE_MS;
}

static json_t *message_of(const struct demo_play *play, const struct demo_actor *actor, const struct channel *channel,
                          const char *deed)
{
    json_t *event = json_pack("{s:s, s:I, s:o, s:s, s:s}", "do", deed, "at", (json_int_t)actor->at, "channel",
                              text_of(channel->id), "from", actor->phone, "text", actor->fate);
    if (channel == play->calls)
        json_object_set_new(event, "session", text_of(actor->session));
    return event;
}

static enum outcome say(struct demo_play *play, struct demo_actor *actor, json_t *event, struct error *err)
{
    json_t *answer = NULL;
    enum outcome outcome = ask(play, event, &answer, err);
    int64_t request = json_integer_value(json_object_get(answer, "request"));
    if (json_is_true(json_object_get(answer, "ends")))
        actor->session = SPAN_NONE;
    json_decref(answer);
    if (outcome == OUTCOME_OK && request) {
        play->requests++;
        demo_cast_ask(&play->cast, actor, request, actor->at);
    }
    return outcome;
}

/* `why`: a word of model/inbound.h. */
static enum outcome cut(struct demo_play *play, struct demo_actor *actor, const char *why, struct error *err)
{
    json_t *answer = NULL;
    if (!span_is_present(actor->session))
        return OUTCOME_OK;
    json_t *event = message_of(play, actor, play->calls, "close");
    json_object_set_new(event, "why", json_string(why));
    enum outcome outcome = ask(play, event, &answer, err);
    json_decref(answer);
    actor->session = SPAN_NONE;
    actor->at += seconds(play, 30, 120);
    return outcome;
}

static enum outcome dial(struct demo_play *play, struct demo_actor *actor, struct error *err)
{
    enum outcome outcome = cut(play, actor, "dropped", err);
    if (outcome != OUTCOME_OK || actor->at >= play->cast.until) /* the day is over before they dial again */
        return outcome;
    actor->session = arena_format(play->arena, "demo-%" PRIu64 "-%s-%u", play->cast.seed, actor->phone, ++actor->calls);
    play->sessions++;
    json_t *event = message_of(play, actor, play->calls, "say");
    json_object_set_new(event, "new", json_true());
    outcome = say(play, actor, event, err);
    actor->at += seconds(play, 4, 12);
    return outcome;
}

static enum outcome type(struct demo_play *play, struct demo_actor *actor, struct span keys, struct error *err)
{
    if (!span_is_present(actor->session))
        return error_set(err, OUTCOME_REFUSED, "the caller \"%.*s\" types when the call is over: word %zu of `says`",
                         SPAN_ARG(actor->caller->id), actor->next);
    json_t *event = message_of(play, actor, play->calls, "say");
    json_object_set_new(event, "input", text_of(keys));
    enum outcome outcome = say(play, actor, event, err);
    actor->at += seconds(play, 4, 20);
    return outcome;
}

static enum outcome text(struct demo_play *play, struct demo_actor *actor, struct span words, struct error *err)
{
    if (!play->texts)
        return OUTCOME_OK;
    json_t *event = message_of(play, actor, play->texts, "say");
    json_object_set_new(event, "input", text_of(words));
    enum outcome outcome = say(play, actor, event, err);
    actor->at += seconds(play, 25, 110);
    return outcome;
}

static enum outcome call(struct demo_play *play, struct demo_actor *actor, struct span word, struct error *err)
{
    static const struct {
        const char *word, *why;
    } ends[] = {{":cut", "dropped"}, {":hang", "closed"}, {":silent", "timeout"}};
    if (span_equal_text(word, ":dial") || span_equal_text(word, ":redial"))
        return dial(play, actor, err);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (span_equal_text(word, ends[i].word))
            return cut(play, actor, ends[i].why, err);
    if (span_starts_with(word, SPAN(":text ")))
        return text(play, actor, span_from(word, 6), err);
    if (span_equal_text(word, ":failed") || span_equal_text(word, ":unknown"))
        actor->fate = word.at + 1;
    else if (span_starts_with(word, SPAN(":wait ")))
        actor->at += read_pause(span_from(word, 6));
    else
        return type(play, actor, word, err);
    return OUTCOME_OK;
}

/* ---- operators ---- */

static bool find_operator(const struct demo_play *play, struct span name, size_t *index)
{
    for (*index = 0; *index < play->day->operator_count; ++*index)
        if (span_equal(play->day->operators[*index].name, name))
            return true;
    *index = 0;
    return false;
}

/* "call spoke", "note Was asleep": what it is, and the rest. */
static json_t *deed_of(const struct demo_play *play, const struct demo_actor *actor, struct span word)
{
    struct span rest = word, action = span_cut(&rest, ' ');
    bool is_words = span_equal_text(action, "note") || span_equal_text(action, "reply");
    size_t to = 0;
    json_t *event = json_pack("{s:s, s:I, s:I, s:I, s:o}", "do", "desk", "at", (json_int_t)actor->at, "operator",
                              (json_int_t)play->operators[actor->operator], "request", (json_int_t)actor->request,
                              "action", text_of(action));
    if (span_is_present(rest))
        json_object_set_new(event, is_words ? "text" : "what", text_of(rest));
    if (span_equal_text(action, "assign") && find_operator(play, rest, &to))
        json_object_set_new(event, "to", json_integer((json_int_t)play->operators[to]));
    return event;
}

static void stop(struct demo_actor *actor)
{
    actor->next = actor->words.count;
}

static enum outcome act(struct demo_play *play, struct demo_actor *actor, struct span word, struct error *err)
{
    json_t *answer = NULL;
    if (span_starts_with(word, SPAN("as "))) {
        (void)find_operator(play, span_from(word, 3), &actor->operator);
        return OUTCOME_OK;
    }
    if (span_starts_with(word, SPAN("after "))) {
        actor->at += read_pause(span_from(word, 6));
        return OUTCOME_OK;
    }
    enum outcome outcome = ask(play, deed_of(play, actor, word), &answer, err);
    const json_t *later = json_object_get(answer, "later");
    if (outcome == OUTCOME_OK && later && json_integer_value(later) == 0) {
        stop(actor); /* never, as they answered */
    } else if (outcome == OUTCOME_OK && later) {
        actor->next--; /* the same again, then */
        actor->at = json_integer_value(later) + seconds(play, 60, 600);
    } else {
        play->acts += outcome == OUTCOME_OK;
        actor->at += seconds(play, 40, 240);
    }
    json_decref(answer);
    if (outcome != OUTCOME_REFUSED && outcome != OUTCOME_CONFLICT && outcome != OUTCOME_NOT_FOUND)
        return outcome;
    if (!play->refused++)
        snprintf(play->why, sizeof play->why, "%.*s: %.*s: %s", SPAN_ARG(actor->caller->id), SPAN_ARG(word), err->text);
    stop(actor);
    return OUTCOME_OK;
}

/* ---- the day ---- */

static enum outcome play_day(struct demo_play *play, struct error *err)
{
    struct progress progress;
    struct demo_actor *actor;
    enum outcome outcome = begin(play, err);
    size_t done = 0, all = demo_cast_words(&play->cast);
    progress_begin(&progress, "demo, steps");
    while (outcome == OUTCOME_OK && (actor = demo_cast_next(&play->cast))) {
        struct span word = actor->words.at[actor->next++];
        outcome = actor->request ? act(play, actor, word, err) : call(play, actor, word, err);
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
