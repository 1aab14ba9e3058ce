#include "core/talk/manners.h"

#include "base/log.h"

/* What leads to danger is not counted, but an echo of our own words may lead there too; and a machine that sends digits may be slow
 * enough for its keys to be few: far more than a person in need sends. */
#define TEXTS_BEFORE_SILENCE 60
#define TEXT_AGAIN_MS ((int64_t)10 * 60 * 1000)

bool manners_is_machine(const struct step *step)
{
    const struct inbound *inbound = step->message->inbound;
    return inbound->kind == INBOUND_SMS && service_is_machine(step->service, inbound->input, step->conversation->arena);
}

static bool count(const struct step *step, struct session *row, enum reply_kind kind)
{
    return service_may_reply(step->service, kind, step->conversation->now, &row->replied);
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
        return count(step, row, REPLY_TO_WORDS);
    case ANSWER_KEYED:
        return count(step, row, is_few(step, row) ? REPLY_TO_KEY : REPLY_TO_KEY_AGAIN);
    case ANSWER_URGENT:
        return is_few(step, row) || count(step, row, REPLY_TO_WORDS);
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
    step->talk->row.replied = before->replied; /* that its time is over, the next answer sees */
}
