#include "cli/demo_cast.h"
#include "base/clock.h"
#include "base/duration.h"

#define NUMBERS 9973 /* numbers lie so far apart, over and over: it and NUMBERS_ALL have no factor in common */
#define NUMBERS_ALL 90000000

/* xorshift64*: the same on every machine. */
uint32_t demo_below(struct demo_cast *cast, uint32_t bound)
{
    cast->random ^= cast->random >> 12;
    cast->random ^= cast->random << 25;
    cast->random ^= cast->random >> 27;
    const uint32_t drawn = (uint32_t)((cast->random * UINT64_C(0x2545F4914F6CDD1D)) >> 32);
    return bound ? drawn % bound : 0;
}

static const struct demo_tongue *choose_tongue(struct demo_cast *cast)
{
    const struct demo_day *day = cast->day;
    unsigned all = 0, at = 0;
    for (size_t i = 0; i < day->tongue_count; i++)
        all += day->tongues[i].share;
    at = demo_below(cast, all);
    const struct demo_tongue *tongue = day->tongues;
    while (at >= tongue->share)
        at -= tongue++->share;
    return tongue;
}

/* ":lang" becomes the keys of a language, ":text :lang" the same as texts. */
static struct demo_words spell_out(struct demo_cast *cast, const struct demo_words *says)
{
    const struct demo_words *keys = &choose_tongue(cast)->keys;
    struct span *words = ARENA_ARRAY(cast->arena, struct span, says->count * (keys->count + 1));
    size_t count = 0;
    for (size_t i = 0; i < says->count; i++) {
        bool typed = span_equal_text(says->at[i], ":lang"), texted = span_equal_text(says->at[i], ":text :lang");
        for (size_t k = 0; (typed || texted) && k < keys->count; k++)
            words[count++] = typed ? keys->at[k] : arena_format(cast->arena, ":text %.*s", SPAN_ARG(keys->at[k]));
        if (!typed && !texted)
            words[count++] = says->at[i];
    }
    return (struct demo_words){words, count};
}

/* Each minute of the day lies once within the last 24 hours. */
static int64_t choose_time(struct demo_cast *cast, const struct demo_caller *caller)
{
    if (caller->ago)
        return cast->until - caller->ago * MINUTE_MS;
    struct civil day = clock_civil(cast->until, cast->zone_minutes);
    day.hour = day.minute = day.second = day.millisecond = 0;
    int64_t midnight = clock_from_civil(&day, cast->zone_minutes);
    int64_t minute = caller->from + (int64_t)demo_below(cast, (uint32_t)(caller->until - caller->from));
    int64_t at = midnight + minute * MINUTE_MS + demo_below(cast, (uint32_t)MINUTE_MS);
    if (at >= cast->until)
        at -= DAY_MS;
    return at > cast->from ? at : cast->from;
}

static struct demo_actor *add_actor(struct demo_cast *cast)
{
    return cast->count < cast->room ? &cast->actors[cast->count++] : NULL;
}

static void add_caller(struct demo_cast *cast, const struct demo_caller *caller)
{
    uint64_t number = (cast->seed + cast->count * NUMBERS) % NUMBERS_ALL;
    struct demo_actor *actor = add_actor(cast);
    if (!actor)
        return;
    *actor = (struct demo_actor){.caller = caller, .session = SPAN_NONE, .fate = "delivered"};
    phone_make_of_nobody((unsigned)number, actor->phone);
    actor->words = spell_out(cast, &caller->says);
    actor->at = choose_time(cast, caller);
}

void demo_cast_make(struct demo_cast *cast, const struct demo_day *day, uint64_t seed, int64_t now, int zone_minutes,
                    struct arena *arena)
{
    size_t all = 0;
    for (size_t i = 0; i < day->caller_count; i++)
        all += day->callers[i].times;
    *cast = (struct demo_cast){.day = day,
                               .arena = arena,
                               .seed = seed,
                               .random = seed * 2 + 1, /* never 0 */
                               .from = now - DAY_MS,
                               .until = now - MINUTE_MS,
                               .zone_minutes = zone_minutes,
                               .room = 4 * all,
                               .actors = ARENA_ARRAY(arena, struct demo_actor, 4 * all),
                               .asked = ARENA_ARRAY(arena, size_t, day->caller_count)};
    for (size_t i = 0; i < day->caller_count; i++)
        for (unsigned n = 0; n < day->callers[i].times; n++)
            add_caller(cast, &day->callers[i]);
}

struct demo_actor *demo_cast_next(struct demo_cast *cast)
{
    struct demo_actor *next = NULL;
    for (size_t i = 0; i < cast->count; i++) {
        struct demo_actor *actor = &cast->actors[i];
        if (actor->next < actor->words.count && actor->at < cast->until && (!next || actor->at < next->at))
            next = actor;
    }
    return next;
}

size_t demo_cast_words(const struct demo_cast *cast)
{
    size_t count = 0;
    for (size_t i = 0; i < cast->count; i++)
        count += cast->actors[i].words.count;
    return count;
}

/* ---- the desk ---- */

static bool demo_operator_has(const struct demo_operator *operator, const char *role)
{
    for (size_t i = 0; i < operator->roles.count; i++)
        if (span_equal_text(operator->roles.at[i], role))
            return true;
    return false;
}

/* The counsellors in turn. */
static size_t choose_operator(struct demo_cast *cast)
{
    const struct demo_day *day = cast->day;
    for (size_t i = 0; i < day->operator_count; i++) {
        size_t one = (cast->turn + i) % day->operator_count;
        if (demo_operator_has(&day->operators[one], "counsellor")) {
            cast->turn = one + 1;
            return one;
        }
    }
    return 0;
}

void demo_cast_ask(struct demo_cast *cast, const struct demo_actor *caller, int64_t request, int64_t at)
{
    const struct demo_caller *kind = caller->caller;
    size_t *asked = &cast->asked[kind - cast->day->callers];
    if (!kind->desk_count)
        return;
    const struct demo_words words = kind->desk[(*asked)++ % kind->desk_count];
    struct demo_actor *actor = words.count ? add_actor(cast) : NULL;
    if (!actor)
        return;
    *actor = (struct demo_actor){.caller = kind,
                                 .words = words,
                                 .at = at + (2 + demo_below(cast, 4)) * MINUTE_MS,
                                 .session = SPAN_NONE,
                                 .request = request,
                                 .operator = choose_operator(cast)};
}
