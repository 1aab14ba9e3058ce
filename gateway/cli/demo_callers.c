/* What callers do: dial, type, hang up, text. */
#include <inttypes.h>
#include "base/duration.h"
#include "cli/demo_play.h"

static json_t *message_of(const struct demo_play *play, const struct demo_actor *actor, const struct channel *channel,
                          const char *deed)
{
    json_t *event = json_pack("{s:s, s:I, s:o, s:s, s:s}", "do", deed, "at", (json_int_t)actor->at, "channel",
                              demo_play_text(channel->id), "from", actor->phone, "text", actor->fate);
    if (channel == play->calls)
        json_object_set_new(event, "session", demo_play_text(actor->session));
    return event;
}

static enum outcome say(struct demo_play *play, struct demo_actor *actor, json_t *event, struct error *err)
{
    json_t *answer = NULL;
    enum outcome outcome = demo_play_ask(play, event, &answer, err);
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
    enum outcome outcome = demo_play_ask(play, event, &answer, err);
    json_decref(answer);
    actor->session = SPAN_NONE;
    actor->at += demo_play_seconds(play, 30, 120);
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
    actor->at += demo_play_seconds(play, 4, 12);
    return outcome;
}

static enum outcome type(struct demo_play *play, struct demo_actor *actor, struct span keys, struct error *err)
{
    if (!span_is_present(actor->session))
        return error_set(err, OUTCOME_REFUSED, "the caller \"%.*s\" types when the call is over: word %zu of `says`",
                         SPAN_ARG(actor->caller->id), actor->next);
    json_t *event = message_of(play, actor, play->calls, "say");
    json_object_set_new(event, "input", demo_play_text(keys));
    enum outcome outcome = say(play, actor, event, err);
    actor->at += demo_play_seconds(play, 4, 20);
    return outcome;
}

static enum outcome text(struct demo_play *play, struct demo_actor *actor, struct span words, struct error *err)
{
    if (!play->texts)
        return OUTCOME_OK;
    json_t *event = message_of(play, actor, play->texts, "say");
    json_object_set_new(event, "input", demo_play_text(words));
    enum outcome outcome = say(play, actor, event, err);
    actor->at += demo_play_seconds(play, 25, 110);
    return outcome;
}

enum outcome demo_play_call(struct demo_play *play, struct demo_actor *actor, struct span word, struct error *err)
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
        actor->at += demo_play_read_pause(span_from(word, 6));
    else
        return type(play, actor, word, err);
    return OUTCOME_OK;
}
