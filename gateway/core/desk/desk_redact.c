/* Somebody's own words, out of what is kept of a conversation: a name that is another's, a PIN in a wrong place. */
#include "core/desk/desk_dossier.h"
#include "core/desk/desk_verbs.h"
#include "text/mask.h"

/* Who does not browse sessions meets one as a part of a request that is theirs to see: it is of that request's person. */
struct met {
    struct person person;
    int64_t since; /* what was said before is no part of it, UTC ms; 0: all of this session is */
};

static enum outcome open_through(struct deed *deed, int64_t request, struct met *met)
{
    struct dossier dossier;
    bool had = false;
    deed->audit.object = OBJECT_REQUEST;
    deed->audit.id = request;
    enum outcome outcome = dossier_open(deed, request, &dossier);
    if (outcome == OUTCOME_OK)
        outcome = dossier_person(deed, dossier.request.person, &met->person);
    if (outcome != OUTCOME_OK || dossier.request.session == deed->action->object)
        return outcome;
    met->since = dossier.request.created_at;
    outcome =
        store_had_session(deed->pass->store, dossier.request.person, deed->action->object, &had, &deed->result->error);
    return outcome == OUTCOME_OK && !had ? dossier_hide(deed) : outcome;
}

/* Words that are an answer of somebody else's case are not theirs to see. */
static enum outcome check_matters(struct deed *deed)
{
    struct matter *matters = NULL;
    size_t count = 0;
    enum outcome outcome = store_load_session_matters(deed->pass->store, deed->action->object, deed->pass->arena,
                                                      &matters, &count, &deed->result->error);
    for (size_t i = 0; i < count && outcome == OUTCOME_OK; i++)
        if (!operator_sees(&deed->who, matters[i].desk, matters[i].topic))
            outcome = dossier_hide(deed);
    return outcome;
}

/* `met`: where it is met through a request. */
static enum outcome open_session(struct deed *deed, struct session *session, struct met *met)
{
    const struct desk_action *action = deed->action;
    enum outcome outcome = OUTCOME_OK;
    if (action->to)
        outcome = open_through(deed, action->to, met);
    else if (!deed_may(deed, RIGHT_SESSIONS))
        outcome = deed_deny(deed, "redacted");
    if (outcome == OUTCOME_OK)
        outcome = deed_found(deed, store_load_session(deed->pass->store, action->object, deed->pass->arena, session,
                                                      &deed->result->error));
    return outcome == OUTCOME_OK ? check_matters(deed) : outcome;
}

/* Nor is what their page leaves out of it: what was said to a desk that they are not told of, or before anything was asked for. */
static enum outcome check_place(struct deed *deed, const struct service *service, const struct turn *turn,
                                const struct met *met)
{
    struct matter *matters = NULL;
    size_t count = 0;
    if (deed_may(deed, RIGHT_SESSIONS))
        return OUTCOME_OK;
    if (turn->at < met->since)
        return dossier_hide(deed);
    enum outcome outcome = store_load_matters(deed->pass->store, met->person.row.id, deed->pass->arena, &matters,
                                              &count, &deed->result->error);
    const bool has_others = !operator_is_told_of_all(&deed->who, matters, count);
    if (outcome == OUTCOME_OK && desk_turn_is_others(service, turn, has_others, &deed->who))
        return dossier_hide(deed);
    return outcome;
}

static unsigned characters_of(const struct turn *turn)
{
    return (unsigned)mask_count(span_trim(turn->input));
}

enum outcome desk_redact(struct deed *deed)
{
    struct session session;
    struct met met = {.since = 0};
    struct turn turn;
    struct own_words words;
    const struct service *service = NULL;
    const struct desk_action *action = deed->action;
    enum outcome outcome = open_session(deed, &session, &met);
    if (outcome == OUTCOME_OK)
        outcome = deed_found(deed, store_load_turn(deed->pass->store, session.id, action->code, deed->pass->arena,
                                                   &turn, &deed->result->error));
    if (outcome == OUTCOME_OK) {
        service = catalogue_service(deed->pass->catalogue, session.channel);
        outcome = check_place(deed, service, &turn, &met);
    }
    if (outcome != OUTCOME_OK)
        return outcome;
    if (turn.flags & TURN_REDACTED)
        return deed_refuse(deed, OUTCOME_CONFLICT, "why_redacted", "the words are not there any more");
    if (!desk_own_words(service, &turn, deed->pass->arena, &words))
        return deed_refuse(deed, OUTCOME_REFUSED, "why_not_own_words", "these are no words of their own");
    struct redaction *row = DEED_NEW(deed, struct redaction);
    *row = (struct redaction){.session = session.id,
                              .turn = turn.number,
                              .at = deed->pass->now,
                              .operator = deed->who.id,
                              .characters = characters_of(&turn)};
    struct change *change = deed_change(deed, CHANGE_REDACTED);
    change->redacted.row = row;
    change->redacted.is_answer = words.is_answer;
    change->redacted.fields = words.fields;
    change->redacted.field_count = words.field_count;
    deed->result->id = session.id;
    return OUTCOME_OK;
}
