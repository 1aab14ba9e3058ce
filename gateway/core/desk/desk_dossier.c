#include "core/desk/desk_dossier.h"

#include "core/common/hours.h"
#include "core/desk/desk_verbs.h"
#include "core/outbox/texting.h"
#include "menu/request.h"

/* ---- loading ---- */

static enum outcome hours_of(const struct desk_pass *pass, const struct request *request, struct hours *hours,
                             struct error *err)
{
    const struct hours_source from = {.store = pass->store, .catalogue = pass->catalogue, .arena = pass->arena};
    return hours_load(&from, request, hours, err);
}

enum outcome dossier_service(const struct desk_pass *pass, const struct request *request, const struct service **out,
                             struct error *err)
{
    struct hours hours;
    enum outcome outcome = hours_of(pass, request, &hours, err);
    *out = hours.service;
    return outcome;
}

static enum outcome load_hours(const struct desk_pass *pass, struct dossier *dossier, struct error *err)
{
    struct hours hours;
    enum outcome outcome = hours_of(pass, &dossier->request, &hours, err);
    dossier->service = hours.service;
    dossier->rule = hours.rule;
    dossier->rule.has_stopped = dossier->desk.stopped_at != 0;
    return outcome;
}

enum outcome dossier_load(const struct desk_pass *pass, int64_t id, struct dossier *out, struct error *err)
{
    *out = (struct dossier){0};
    enum outcome outcome = store_load_request(pass->store, id, pass->arena, &out->request, &out->desk, err);
    if (outcome == OUTCOME_OK)
        outcome = load_hours(pass, out, err);
    if (outcome == OUTCOME_OK && out->request.phone)
        outcome = store_load_phone(pass->store, out->request.phone, pass->arena, &out->phone, err);
    return outcome;
}

enum outcome dossier_hide(struct deed *deed)
{
    deed_refuse(deed, OUTCOME_NOT_FOUND, "why_not_there", "it is not theirs to see");
    deed->is_hidden = true;
    return OUTCOME_NOT_FOUND;
}

enum outcome dossier_open(struct deed *deed, int64_t id, struct dossier *out)
{
    enum outcome outcome = deed_found(deed, dossier_load(deed->pass, id, out, &deed->result->error));
    if (outcome != OUTCOME_OK)
        return outcome;
    if (!operator_sees(&deed->who, out->request.desk, out->request.topic))
        return dossier_hide(deed);
    if (!out->service)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_no_service", "no service is served");
    deed->result->version = out->request.version;
    if (id == deed->action->object && deed->action->version && deed->action->version != out->request.version)
        return deed_refuse(deed, OUTCOME_CONFLICT, "why_changed", "somebody changed it in between");
    return OUTCOME_OK;
}

enum outcome dossier_person(struct deed *deed, int64_t id, struct person *out)
{
    struct store *store = deed->pass->store;
    struct matter *matters = NULL;
    size_t count = 0;
    enum outcome outcome = deed_found(deed, store_load_person(store, id, deed->pass->arena, out, &deed->result->error));
    if (outcome == OUTCOME_OK)
        outcome = store_load_matters(store, id, deed->pass->arena, &matters, &count, &deed->result->error);
    if (outcome != OUTCOME_OK)
        return outcome;
    return operator_sees_person(&deed->who, matters, count) ? OUTCOME_OK : dossier_hide(deed);
}

enum outcome dossier_open_live(struct deed *deed, struct dossier *out)
{
    enum outcome outcome = dossier_open(deed, deed->action->object, out);
    if (outcome == OUTCOME_OK && !request_is_open(&out->request))
        return deed_refuse(deed, OUTCOME_CONFLICT, "why_not_open", "it is closed already");
    return outcome;
}

/* ---- saving ---- */

void dossier_save_desk(struct deed *deed, const struct dossier *dossier)
{
    struct request_desk *row = DEED_NEW(deed, struct request_desk);
    *row = dossier->desk;
    struct change *change = deed_change(deed, CHANGE_REQUEST_DESK);
    change->desk.request = dossier->request.id;
    change->desk.row = row;
}

void dossier_save(struct deed *deed, struct dossier *dossier, enum request_step step)
{
    struct request *row = DEED_NEW(deed, struct request);
    dossier->request.step = step;
    dossier->request.changed_at = deed->pass->now;
    *row = dossier->request;
    struct change *change = deed_change(deed, CHANGE_REQUEST_STATE);
    change->request.row = row;
    change->request.by = deed->who.id ? BY_OPERATOR : BY_PROGRAM;
    dossier_save_desk(deed, dossier);
    deed->result->version = ++dossier->request.version;
    deed->result->id = row->id;
}

enum outcome dossier_check_seen(struct deed *deed, const struct dossier *dossier)
{
    const struct desk_seen *seen = &deed->action->seen;
    int64_t last = 0;
    if (!seen->line || dossier->request.attention != ATTENTION_NEW_WORD)
        return OUTCOME_OK;
    enum outcome outcome = store_find_last_line(deed->pass->store, dossier->request.id, &last, &deed->result->error);
    if (outcome != OUTCOME_OK)
        return deed_found(deed, outcome);
    return last > seen->line ? deed_refuse(deed, OUTCOME_CONFLICT, "why_new_word", "its person has written since")
                             : OUTCOME_OK;
}

/* Up to when texts that failed were seen; 0: whenever that was. */
static int64_t seen_until(const struct desk_seen *seen)
{
    if (!seen->line)
        return 0;
    return seen->failed_at > 0 ? seen->failed_at : 1;
}

void dossier_calm(struct deed *deed, struct dossier *dossier)
{
    if (dossier->request.attention == ATTENTION_NONE)
        return;
    dossier->request.attention = ATTENTION_NONE;
    struct change *change = deed_change(deed, CHANGE_REQUEST_ATTENTION);
    change->attention.request = dossier->request.id;
    change->attention.of = ATTENTION_NONE;
    change->attention.at = deed->pass->now;
    change->attention.until = seen_until(&deed->action->seen);
}

/* ---- what may be done ---- */

static bool is_ever_safe(const struct dossier *dossier, int64_t now)
{
    struct contact_slot slot;
    return contact_next(dossier->service, &dossier->rule, dossier->request.urgency, now, &slot);
}

bool dossier_is_safe(const struct dossier *dossier, int64_t now)
{
    struct contact_slot slot;
    return contact_next(dossier->service, &dossier->rule, dossier->request.urgency, now, &slot) && slot.from <= now;
}

bool dossier_is_anothers(const struct dossier *dossier)
{
    return texting_is_anothers(&dossier->phone, &dossier->request);
}

const char *desk_reason_name(enum desk_reason reason)
{
    static const char *const names[DESK_REASON_COUNT] = {[DESK_REASON_CALL] = "calls_now",
                                                         [DESK_REASON_DANGER] = "danger",
                                                         [DESK_REASON_ASKED] = "they_asked",
                                                         [DESK_REASON_SUPERVISOR] = "supervisor_agreed"};
    return (unsigned)reason < DESK_REASON_COUNT ? names[reason] : NULL;
}

static enum outcome refuse_now(struct deed *deed, const struct dossier *dossier, bool is_theirs)
{
    if (!is_theirs)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_number_changed", "the number is another's now");
    if (dossier->rule.has_stopped)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_no_more_calls", "they asked not to be called any more");
    if (!is_ever_safe(dossier, deed->pass->now))
        return deed_refuse(deed, OUTCOME_REFUSED, "why_never_safe", "no time is safe to call");
    return deed_refuse(deed, OUTCOME_REFUSED, "why_not_safe_now", "it is not safe to call now");
}

enum outcome dossier_not_now(struct deed *deed, const struct dossier *dossier, int64_t at, bool overrides,
                             unsigned reason)
{
    const bool is_theirs = dossier->rule.number.len || !dossier_is_anothers(dossier);
    if (is_theirs && dossier_is_safe(dossier, at))
        return OUTCOME_OK;
    if (!overrides)
        return refuse_now(deed, dossier, is_theirs);
    if (!deed_may(deed, RIGHT_OVERRIDE))
        return deed_deny(deed, "override");
    if (!desk_reason_name((enum desk_reason)reason))
        return deed_refuse(deed, OUTCOME_REFUSED, "why_no_reason", "a reason is missing");
    deed->audit.action = AUDIT_OVERRODE;
    deed->audit.detail = desk_reason_name((enum desk_reason)reason);
    return OUTCOME_OK;
}

bool dossier_may_text(const struct dossier *dossier)
{
    return dossier->rule.may_text && dossier->phone.has_number && !dossier->phone.opted_out &&
           !dossier_is_anothers(dossier);
}

void dossier_renew_phone(struct phone_row *row, int64_t now)
{
    row->person = 0;
    row->lang = SPAN_NONE;
    row->last_session = 0;
    row->renewed_at = now;
}

enum outcome dossier_note(struct deed *deed, const struct note *note)
{
    if (!span_trim(note->text).len)
        return OUTCOME_OK;
    enum outcome outcome = deed_check_length(deed, note->text);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct note *row = DEED_NEW(deed, struct note);
    *row = *note;
    row->id = deed_new_id(deed);
    row->operator = deed->who.id;
    row->at = deed->pass->now;
    deed_change(deed, CHANGE_NOTE)->note.row = row;
    deed->result->id = row->id;
    return OUTCOME_OK;
}

enum outcome dossier_remark(struct deed *deed, const struct dossier *dossier)
{
    const struct note note = {.request = dossier->request.id, .text = deed->action->text};
    return dossier_note(deed, &note);
}

void dossier_begin_again(struct dossier *dossier, int64_t now)
{
    struct request *request = &dossier->request;
    struct request_desk *desk = &dossier->desk;
    request->state = desk->assignee ? REQUEST_ASSIGNED : REQUEST_WAITING;
    request->due_at = contact_due(dossier->service, &dossier->rule, request->urgency, now);
    request->next_at = 0;
    desk->assigned_at = desk->assignee ? now : 0;
    desk->outcome = CLOSED_NOT;
    desk->attempts = 0;
    desk->wait_until = 0;
    desk->merged_into = 0;
}
