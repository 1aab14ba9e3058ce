/* What `helpline demo` asks, one event at a time. */
#include "core/demo.h"

#include <stdlib.h>
#include <string.h>
#include "base/duration.h"
#include "base/log.h"
#include "core/demo/demo_parts.h"
#include "store/desk.h"

#define ARENA_CHUNK (256 * 1024)
#define BEHIND_MS MINUTE_MS /* the end of the day: what the tick does from now on comes after it */

struct demo *demo_create(struct store *store, const struct keyring *keyring, struct desk *desk)
{
    struct demo *demo = calloc(1, sizeof *demo);
    struct metrics *metrics = calloc(1, sizeof *metrics);
    if (!demo || !metrics)
        abort();
    demo->store = store;
    demo->keyring = keyring;
    demo->desk = desk;
    demo->metrics = metrics;
    demo->arena = arena_create(ARENA_CHUNK);
    return demo;
}

void demo_free(struct demo *demo)
{
    if (!demo)
        return;
    arena_destroy(demo->arena);
    free(demo->metrics);
    free(demo);
}

struct span demo_text(const struct demo_event *event, const char *name)
{
    const json_t *member = json_object_get(event->said, name);
    return json_is_string(member) ? (struct span){json_string_value(member), json_string_length(member)} : SPAN_NONE;
}

int64_t demo_number(const struct demo_event *event, const char *name)
{
    return json_integer_value(json_object_get(event->said, name));
}

/* After a failed commit nothing that is remembered may be believed. */
enum outcome demo_save(struct demo *demo, const struct change_list *changes, struct error *err)
{
    size_t failed_at;
    struct error why;
    if (!changes->count)
        return OUTCOME_OK;
    enum outcome outcome = store_save(demo->store, changes->at, changes->count, &failed_at, err);
    if (outcome == OUTCOME_BROKEN && store_reopen(demo->store, &why) != OUTCOME_OK)
        log_event(LOG_LEVEL_ERROR, "store", "reopen_failed", "what=\"%s\"", why.text);
    return outcome;
}

void demo_report(const struct outbox_row *text, struct change_list *changes)
{
    if (text->state != OUTBOX_DELIVERED && text->state != OUTBOX_FAILED)
        return;
    struct change *change = change_list_add(changes, CHANGE_REPORT, NO_MESSAGE);
    change->report.outbox = text->id;
    change->report.at = text->changed_at;
    change->report.delivery = text->state == OUTBOX_DELIVERED ? DELIVERY_DELIVERED : DELIVERY_FAILED;
    change->report.reason = span_of(delivery_words[change->report.delivery]);
}

static enum outcome begin(struct demo *demo, struct error *err)
{
    bool is_empty, is_demonstration;
    enum outcome outcome = store_is_empty(demo->store, &is_empty, &is_demonstration, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (!is_empty)
        return error_set(err, OUTCOME_REFUSED,
                         is_demonstration
                             ? "the data file holds a demonstration already: stop the gateway and move the "
                               "file away for another one"
                             : "the data file holds sessions, requests or operators: a demonstration goes "
                               "into an empty one only. With `serve --set data.path=.helpline/demo.db` the "
                               "gateway starts on another");
    outcome = store_mark_demonstration(demo->store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    demo->is_begun = true;
    log_event(LOG_LEVEL_NOTICE, "demo", "begun", "file=empty");
    return OUTCOME_OK;
}

/* What is in the file now is the demonstration: what comes later is somebody's. */
static enum outcome end(struct demo *demo, const struct catalogue *catalogue, int64_t now, struct error *err)
{
    enum outcome outcome = demo_tend(demo, catalogue, now - BEHIND_MS, err);
    if (outcome == OUTCOME_OK)
        outcome = store_mark_demonstration(demo->store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    demo->is_begun = false;
    log_event(LOG_LEVEL_NOTICE, "demo", "ended", "file=marked");
    return OUTCOME_OK;
}

static enum outcome play(struct demo *demo, const struct demo_event *event, json_t *answer, struct error *err)
{
    static const struct {
        const char *name;
        enum outcome (*run)(struct demo *, const struct demo_event *, json_t *, struct error *);
    } deeds[] = {{"say", demo_call}, {"close", demo_call}, {"user", demo_user}, {"desk", demo_desk}};
    struct span name = demo_text(event, "do");
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
        if (span_equal_text(name, deeds[i].name))
            return deeds[i].run(demo, event, answer, err);
    return error_set(err, OUTCOME_REFUSED, "demo: expected \"do\" to be begin, say, close, user, desk or end");
}

enum outcome demo_obey(struct demo *demo, const struct catalogue *catalogue, const json_t *command, int64_t now,
                       json_t **answer, struct error *err)
{
    struct demo_event event = {.demo = demo, .catalogue = catalogue, .said = command};
    *answer = NULL;
    if (span_equal_text(demo_text(&event, "do"), "begin"))
        return begin(demo, err);
    if (!demo->is_begun)
        return error_set(err, OUTCOME_REFUSED, "demo: nothing was begun");
    if (span_equal_text(demo_text(&event, "do"), "end"))
        return end(demo, catalogue, now, err);
    event.at = demo_number(&event, "at");
    if (event.at <= 0 || event.at > now)
        return error_set(err, OUTCOME_REFUSED, "demo: expected \"at\" to be past");
    enum outcome outcome = demo_tend(demo, catalogue, event.at, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    *answer = json_object();
    outcome = play(demo, &event, *answer, err);
    arena_reset(demo->arena);
    return outcome;
}
