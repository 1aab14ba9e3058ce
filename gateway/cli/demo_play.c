#include "cli/demo_play.h"
#include "base/duration.h"
#include "cli/control_client.h"

static void take_answer(void *context, const json_t *line)
{
    json_object_update(context, (json_t *)line);
}

enum outcome demo_play_ask(const struct demo_play *play, json_t *event, json_t **answer, struct error *err)
{
    *answer = json_object();
    json_object_set_new(event, "verb", json_string("demo"));
    return control_ask(play->config->listen.control, event, take_answer, *answer, err);
}

json_t *demo_play_text(struct span text)
{
    return json_stringn(text.at, text.len);
}

int64_t demo_play_seconds(struct demo_play *play, uint32_t from, uint32_t to)
{
    return (from + demo_below(&play->cast, to - from)) * SECOND_MS;
}

int64_t demo_play_read_pause(struct span word)
{
    uint64_t count = 0;
    bool hours = word.len > 0 && word.at[word.len - 1] == 'h';
    (void)span_to_u64(span_first(word, word.len ? word.len - 1 : 0), &count);
    return (int64_t)count * (hours ? 60 : 1) * MINUTE_MS;
}
