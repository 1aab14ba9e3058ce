/* What the desk does about a request. */
#include <stdio.h>
#include "cli/demo_play.h"

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
                              "action", demo_play_text(action));
    if (span_is_present(rest))
        json_object_set_new(event, is_words ? "text" : "what", demo_play_text(rest));
    if (span_equal_text(action, "assign") && find_operator(play, rest, &to))
        json_object_set_new(event, "to", json_integer((json_int_t)play->operators[to]));
    return event;
}

static void stop(struct demo_actor *actor)
{
    actor->next = actor->words.count;
}

enum outcome demo_play_act(struct demo_play *play, struct demo_actor *actor, struct span word, struct error *err)
{
    json_t *answer = NULL;
    if (span_starts_with(word, SPAN("as "))) {
        (void)find_operator(play, span_from(word, 3), &actor->operator);
        return OUTCOME_OK;
    }
    if (span_starts_with(word, SPAN("after "))) {
        actor->at += demo_play_read_pause(span_from(word, 6));
        return OUTCOME_OK;
    }
    enum outcome outcome = demo_play_ask(play, deed_of(play, actor, word), &answer, err);
    const json_t *later = json_object_get(answer, "later");
    if (outcome == OUTCOME_OK && later && json_integer_value(later) == 0) {
        stop(actor); /* never, as they answered */
    } else if (outcome == OUTCOME_OK && later) {
        actor->next--; /* the same again, then */
        actor->at = json_integer_value(later) + demo_play_seconds(play, 60, 600);
    } else {
        play->acts += outcome == OUTCOME_OK;
        actor->at += demo_play_seconds(play, 40, 240);
    }
    json_decref(answer);
    if (outcome != OUTCOME_REFUSED && outcome != OUTCOME_CONFLICT && outcome != OUTCOME_NOT_FOUND)
        return outcome;
    if (!play->refused++)
        snprintf(play->why, sizeof play->why, "%.*s: %.*s: %s", SPAN_ARG(actor->caller->id), SPAN_ARG(word), err->text);
    stop(actor);
    return OUTCOME_OK;
}
