#include "core/common/hours.h"

#include "core/common/given.h"
#include "core/desk.h"

void desk_rule_of(const struct service *service, const struct answer *answers, size_t count, struct contact_rule *rule)
{
    contact_rule_of(service, answers, count, rule);
    for (size_t i = 0; i < count; i++)
        if (span_equal_text(answers[i].field, DESK_TEXTS_FIELD))
            rule->may_text = !rule->no_texts && (rule->may_text || span_equal_text(answers[i].value, DESK_TEXTS_YES));
}

static struct span made_for(const struct answer *answers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (span_equal_text(answers[i].field, BY_HAND_SERVICE))
            return answers[i].value;
    return SPAN_NONE;
}

static enum outcome find_channel(const struct hours_source *from, const struct request *request, struct span *channel,
                                 struct error *err)
{
    struct session session = {0};
    enum outcome outcome = OUTCOME_OK;
    if (from->in_hand && from->in_hand->id == request->session)
        session.channel = from->in_hand->channel;
    else if (request->session)
        outcome = store_load_session(from->store, request->session, from->arena, &session, err);
    *channel = session.channel;
    return outcome == OUTCOME_NOT_FOUND ? OUTCOME_OK : outcome;
}

enum outcome hours_service(const struct hours_source *from, const struct request *request, const struct answer *answers,
                           size_t count, const struct service **service, struct error *err)
{
    struct request_origin origin = {.service = made_for(answers, count)};
    enum outcome outcome = find_channel(from, request, &origin.channel, err);
    *service = outcome == OUTCOME_OK ? catalogue_service_of(from->catalogue, &origin) : NULL;
    return outcome;
}

enum outcome hours_load(const struct hours_source *from, const struct request *request, struct hours *hours,
                        struct error *err)
{
    struct answer *answers = NULL;
    size_t count = 0;
    enum outcome outcome = OUTCOME_OK;
    *hours = (struct hours){.service = NULL};
    if (request->entry)
        outcome = given_load(from->store, from->changes, request->entry, from->arena, &answers, &count, err);
    if (outcome == OUTCOME_OK)
        outcome = hours_service(from, request, answers, count, &hours->service, err);
    if (outcome == OUTCOME_OK && hours->service)
        desk_rule_of(hours->service, answers, count, &hours->rule);
    return outcome;
}
