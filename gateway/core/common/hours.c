#include "core/common/hours.h"

#include "core/desk.h"

void desk_rule_of(const struct service *service, const struct answer *answers, size_t count, struct contact_rule *rule)
{
    contact_rule_of(service, answers, count, rule);
    for (size_t i = 0; i < count; i++)
        if (span_equal_text(answers[i].field, DESK_TEXTS_FIELD))
            rule->may_text = !rule->no_texts && (rule->may_text || span_equal_text(answers[i].value, DESK_TEXTS_YES));
}

enum outcome hours_service(struct store *store, const struct catalogue *catalogue, const struct request *request,
                           struct arena *arena, const struct service **service, struct error *err)
{
    struct session session = {0};
    enum outcome outcome =
        request->session ? store_load_session(store, request->session, arena, &session, err) : OUTCOME_OK;
    *service = catalogue_service(catalogue, session.channel);
    return outcome == OUTCOME_NOT_FOUND ? OUTCOME_OK : outcome;
}

enum outcome hours_load(struct store *store, const struct catalogue *catalogue, const struct request *request,
                        struct arena *arena, struct hours *hours, struct error *err)
{
    struct answer *answers = NULL;
    size_t count = 0;
    *hours = (struct hours){.service = NULL};
    enum outcome outcome = hours_service(store, catalogue, request, arena, &hours->service, err);
    if (outcome == OUTCOME_OK && request->entry)
        outcome = store_load_answers(store, request->entry, arena, &answers, &count, err);
    if (outcome == OUTCOME_OK && hours->service)
        desk_rule_of(hours->service, answers, count, &hours->rule);
    return outcome;
}
