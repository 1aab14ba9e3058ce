#include "core/manners.h"

#include "base/log.h"

/* What leads to danger is not counted, but an echo of our own words may lead there too: far more than a person in need sends. */
#define TEXTS_BEFORE_SILENCE 60
#define TEXT_AGAIN_MS ((int64_t)10 * 60 * 1000)

bool manners_is_machine(const struct step *step)
{
    const struct inbound *inbound = step->message->inbound;
    return inbound->kind == INBOUND_SMS && service_is_machine(step->service, inbound->input, step->conversation->arena);
}

static bool is_over(const struct step *step, const struct session *row)
{
    return step->conversation->now - row->replies_since >= service_replies_ms(step->service);
}

static bool count(const struct step *step, struct session *row)
{
    if (!row->replies || is_over(step, row)) {
        row->replies = 0;
        row->replies_since = step->conversation->now;
    }
    if (row->replies >= service_replies(step->service))
        return false;
    row->replies++;
    return true;
}

static bool is_few(const struct step *step, const struct session *row)
{
    return row->turns < TEXTS_BEFORE_SILENCE + (step->conversation->now - row->started_at) / TEXT_AGAIN_MS;
}

static bool allows(struct step *step)
{
    struct session *row = &step->talk->row;
    switch (step->result.manner) {
    case ANSWER_COUNTED:
        return count(step, row);
    case ANSWER_URGENT:
        return is_few(step, row) || count(step, row);
    case ANSWER_FREELY:
        return true;
    case ANSWER_NOT:
        return false;
    }
    return false;
}

bool manners_allow(struct step *step)
{
    bool allowed = allows(step);
    if (!allowed && step->result.manner != ANSWER_NOT)
        log_event(LOG_LEVEL_NOTICE, "outbox", "too_many_answers", "channel=%.*s", SPAN_ARG(step->talk->row.channel));
    return allowed;
}

void manners_go_on(struct step *step, const struct session *before)
{
    struct session *row = &step->talk->row;
    if (!before->replies || is_over(step, before))
        return;
    row->replies = before->replies;
    row->replies_since = before->replies_since;
}
