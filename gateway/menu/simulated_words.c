#include "base/clock.h"
#include "menu/simulated.h"

static struct span day_and_time(const struct simulator *simulator, int64_t at, struct arena *arena)
{
    struct civil civil = clock_civil(at, service_zone_minutes(simulator->service));
    return arena_format(arena, "%04d-%02d-%02d %02d:%02d", civil.year, civil.month, civil.day, civil.hour,
                        civil.minute);
}

static struct span describe_request(const struct simulator *simulator, const struct effect *effect, struct arena *arena)
{
    static const char *const urgencies[] = {
        [URGENCY_NORMAL] = "normal", [URGENCY_SOON] = "soon", [URGENCY_DANGER] = "danger"};
    struct span topic =
        span_is_present(effect->topic) ? arena_format(arena, " topic %.*s", SPAN_ARG(effect->topic)) : SPAN("");
    struct span due = day_and_time(simulator, simulator->now + effect->due_ms, arena);
    return arena_format(arena, "request %.*s %s %s%.*s due %.*s", SPAN_ARG(effect->request_kind), effect->reference,
                        urgencies[effect->urgency], SPAN_ARG(topic), SPAN_ARG(due));
}

static struct span describe_answer(const struct answer *answer, struct arena *arena)
{
    return arena_format(arena, "answer %.*s = %.*s%s", SPAN_ARG(answer->field), SPAN_ARG(answer->value),
                        answer->sensitive ? " (sealed)" : "");
}

struct span simulator_describe(const struct simulator *simulator, const struct effect *effect, struct arena *arena)
{
    switch (effect->kind) {
    case EFFECT_OPEN_ENTRY:
        return arena_format(arena, "open %.*s", SPAN_ARG(effect->name));
    case EFFECT_SAVE_ANSWER:
        return describe_answer(&effect->answer, arena);
    case EFFECT_REQUEST:
        return describe_request(simulator, effect, arena);
    case EFFECT_REGISTER:
        return arena_format(arena, "register %s consent %.*s", effect->reference, SPAN_ARG(effect->consent_version));
    case EFFECT_CANCEL:
        return arena_format(arena, "cancel %s", effect->reference);
    case EFFECT_SET_LANGUAGE:
        return arena_format(arena, "language %.*s", SPAN_ARG(simulator->lang));
    case EFFECT_OPT_OUT:
        return SPAN("opt out");
    case EFFECT_OPT_IN:
        return SPAN("opt in");
    case EFFECT_FORGET:
        return SPAN("forget");
    case EFFECT_SET_PIN:
        return SPAN("pin (never kept)");
    case EFFECT_TEXT_ME:
        return SPAN("text");
    case EFFECT_CONTINUE:
        return SPAN("continue");
    case EFFECT_RESTART:
        return SPAN("restart");
    }
    return SPAN("?");
}
