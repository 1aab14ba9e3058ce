#include "base/clock.h"
#include "menu/simulator/simulated.h"

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
    struct span due = day_and_time(simulator, effect->due_at, arena);
    struct span desk =
        span_is_present(effect->desk) ? arena_format(arena, " desk %.*s", SPAN_ARG(effect->desk)) : SPAN("");
    return arena_format(arena, "request %.*s %s %s%.*s due %.*s%.*s%s", SPAN_ARG(effect->request_kind),
                        effect->reference, urgencies[effect->urgency], SPAN_ARG(topic), SPAN_ARG(due), SPAN_ARG(desk),
                        effect->hidden ? " hidden" : "");
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
        return arena_format(arena, "language %.*s", SPAN_ARG(simulator->phone->lang));
    case EFFECT_OPT_OUT:
        return SPAN("opt out");
    case EFFECT_OPT_IN:
        return SPAN("opt in");
    case EFFECT_FORGET:
        return SPAN("forget");
    case EFFECT_SET_PIN:
        return SPAN("pin (never kept)");
    case EFFECT_CLEAR_PIN:
        return SPAN("no pin");
    case EFFECT_AMEND:
        return arena_format(arena, "amend %s", effect->reference);
    case EFFECT_JOIN:
        return arena_format(arena, "joins %s", effect->reference);
    case EFFECT_URGE:
        return arena_format(arena, "urge %s due %.*s", effect->reference,
                            SPAN_ARG(day_and_time(simulator, effect->due_at, arena)));
    case EFFECT_CORRECT:
        return SPAN("correct");
    case EFFECT_WITHDRAW:
        return SPAN("withdraw");
    case EFFECT_NEW_PERSON:
        return SPAN("new person");
    case EFFECT_MOVE_HERE:
        return SPAN("move here");
    case EFFECT_FOLLOW:
        return SPAN("follow up");
    case EFFECT_UNFOLLOW:
        return SPAN("no follow up");
    case EFFECT_FOLLOWED:
        return SPAN("followed up");
    case EFFECT_TRIAGE:
        return arena_format(arena, "triage %.*s (sealed)", SPAN_ARG(effect->name));
    case EFFECT_TEXT_ME:
        return SPAN("text");
    case EFFECT_CONTINUE:
        return SPAN("continue");
    case EFFECT_RESTART:
        return SPAN("restart");
    }
    return SPAN("?");
}
