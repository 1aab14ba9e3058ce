/* From a form on the page of a request to the core, and back to the page. */
#include <string.h>

#include "console/pages/request_work.h"
#include "console/pages/said.h"

/* What is none of ours says nothing: then what its person wrote is dealt with as if it had been read. */
struct desk_seen request_work_seen(const struct visit *visit)
{
    uint64_t line, failed_at;
    struct span field = visit_field(visit, "seen");
    if (!span_to_u64(span_cut(&field, '.'), &line) || line > INT64_MAX || !span_to_u64(field, &failed_at) ||
        failed_at > INT64_MAX)
        return (struct desk_seen){0};
    return (struct desk_seen){.line = (int64_t)line, .failed_at = (int64_t)failed_at};
}

struct desk_action request_work_action(const struct visit *visit, enum desk_verb verb)
{
    struct desk_action action = visit_action(visit, verb);
    uint64_t version;
    action.about = OBJECT_REQUEST;
    action.object = visit->id;
    if (span_to_u64(visit_field(visit, "version"), &version) && version <= UINT32_MAX)
        action.version = (uint32_t)version;
    action.seen = request_work_seen(visit);
    return action;
}

/* What was typed and not saved is kept, so that it is there again after a closed window, too; what was saved leaves no draft. */
static void keep_draft(const struct visit *visit, const struct request_try *tried, struct span text)
{
    struct desk_result ignored;
    struct desk_action action = visit_action(visit, DESK_DRAFT);
    action.key = (struct lookup){{0}};
    action.about = OBJECT_REQUEST;
    action.object = visit->id;
    action.name = span_of(tried->place);
    action.text = text;
    /* The page shows the text in any case. */
    enum outcome outcome = visit_do(visit, &action, &ignored);
    (void)outcome;
}

bool request_work_did(struct visit *visit, const struct desk_action *action, struct request_try tried,
                      struct desk_result *result)
{
    struct span text = tried.has_text ? visit_field(visit, "text") : SPAN_NONE;
    enum outcome outcome = visit_do(visit, action, result);
    if (outcome == OUTCOME_OK) {
        if (tried.has_text && text.len > 0)
            keep_draft(visit, &tried, SPAN_NONE);
        return true;
    }
    if (outcome == OUTCOME_BROKEN) { /* nor could the page be shown: looking at it has to be kept, too */
        visit_fail(visit, outcome, &result->error);
        return false;
    }
    if (text.len > 0)
        keep_draft(visit, &tried, text);
    tried.why = said_why(result);
    if (tried.text_field && strcmp(tried.why, "why_note_too_long") == 0) {
        tried.field = tried.text_field;
        tried.is_text_wrong = true;
    }
    tried.is_conflict = outcome == OUTCOME_CONFLICT;
    tried.status = said_status(outcome);
    request_work_show(visit, &tried);
    return false;
}

void request_work_do(struct visit *visit, const struct desk_action *action, struct request_try tried)
{
    struct desk_result result;
    if (request_work_did(visit, action, tried, &result))
        request_work_done(visit, &tried);
}

void request_work_done(struct visit *visit, const struct request_try *tried)
{
    visit_say(visit, tried->said);
    visit_go(visit, "/requests/%lld#%s", (long long)visit->id, tried->place);
}

void request_work_refuse(struct visit *visit, struct request_try tried, const char *why)
{
    tried.why = why;
    tried.status = 422;
    request_work_show(visit, &tried);
}

void request_work_refuse_all(struct visit *visit, struct request_try tried, const struct mistakes *mistakes)
{
    tried.mistakes = mistakes;
    request_work_refuse(visit, tried, mistakes->list[0].word);
}
