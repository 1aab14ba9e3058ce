/* What operators write: notes, texts to the person, and what they have not finished. */
#include "core/desk/desk_dossier.h"
#include "core/desk/desk_verbs.h"
#include "core/outbox/texting.h"
#include "text/segments.h"
#include "text/utf8.h"

#define PLACE_MAX 40

/* ---- notes ---- */

/* A newer version of a note is another note of the same request; who may not read the old one may not replace it either. What is for
 * counsellors only stays so: its new version says much the same. */
static enum outcome check_replaced(struct deed *deed, int64_t request, bool *is_clinical)
{
    struct note old;
    *is_clinical = deed->action->flag;
    if (!deed->action->to)
        return OUTCOME_OK;
    enum outcome outcome = deed_found(
        deed, store_load_note(deed->pass->store, deed->action->to, deed->pass->arena, &old, &deed->result->error));
    if (outcome != OUTCOME_OK)
        return outcome;
    if (old.request != request || (old.is_clinical && !deed_may(deed, RIGHT_CLINICAL)))
        return deed_found(deed, OUTCOME_NOT_FOUND);
    *is_clinical = *is_clinical || old.is_clinical;
    return old.operator == deed->who.id ? OUTCOME_OK : deed_deny(deed, "note_of_another");
}

enum outcome desk_note(struct deed *deed)
{
    struct dossier dossier;
    bool is_clinical;
    enum outcome outcome = dossier_open(deed, deed->action->object, &dossier);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (!span_trim(deed->action->text).len)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_no_words", "nothing was written");
    if (deed->action->flag && !deed_may(deed, RIGHT_CLINICAL))
        return deed_deny(deed, "clinical_note");
    outcome = check_replaced(deed, dossier.request.id, &is_clinical);
    if (outcome != OUTCOME_OK)
        return outcome;
    const struct note note = {.request = dossier.request.id,
                              .replaces = deed->action->to,
                              .is_clinical = is_clinical,
                              .text = deed->action->text};
    return dossier_note(deed, &note);
}

/* ---- replies ---- */

static enum outcome check_reply(struct deed *deed, const struct dossier *dossier)
{
    const struct span text = span_trim(deed->action->text);
    if (!text.len)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_no_words", "nothing was written");
    if (!utf8_is_valid(text) || segments_plan(text, deed->pass->arena).segments > REPLY_SEGMENTS_MAX)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_text_too_long", "a text is shorter than that");
    if (dossier->phone.opted_out)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_opted_out", "they want no texts");
    if (!dossier->phone.has_number)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_no_number_kept", "no number is kept");
    if (dossier_is_anothers(dossier))
        return deed_refuse(deed, OUTCOME_REFUSED, "why_number_changed", "the number is another's now");
    if (!dossier_may_text(dossier))
        return deed_refuse(deed, OUTCOME_REFUSED, "why_no_texts", "they did not allow texts");
    return OUTCOME_OK;
}

/* Whoever holds the phone when it beeps may read it: where it is not safe now, it waits until it is, and does not leave after that. */
static enum outcome find_hours(struct deed *deed, const struct dossier *dossier, struct contact_slot *slot)
{
    return contact_next_text(dossier->service, &dossier->rule, dossier->request.urgency, deed->pass->now, slot)
               ? OUTCOME_OK
               : deed_refuse(deed, OUTCOME_REFUSED, "why_not_safe_now", "no safe time lies ahead");
}

enum outcome desk_reply(struct deed *deed)
{
    struct dossier dossier;
    struct contact_slot slot;
    enum outcome outcome = dossier_open_live(deed, &dossier);
    if (outcome == OUTCOME_OK)
        outcome = check_reply(deed, &dossier);
    if (outcome == OUTCOME_OK)
        outcome = find_hours(deed, &dossier, &slot);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct texting texting = {.phone = dossier.request.phone,
                              .session = dossier.request.session,
                              .request = dossier.request.id,
                              .from = slot.from,
                              .until = slot.until,
                              .text = span_trim(deed->action->text)};
    outcome =
        store_load_number(deed->pass->store, texting.phone, deed->pass->arena, &texting.number, &deed->result->error);
    if (outcome == OUTCOME_NOT_FOUND || outcome == OUTCOME_REFUSED)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_no_number_kept", "no number is kept");
    if (outcome != OUTCOME_OK)
        return outcome;
    texting.channel = texting_channel(deed->pass->catalogue, dossier.service, texting.number);
    if (!texting.channel)
        return deed_refuse(deed, OUTCOME_REFUSED, "why_no_channel", "no channel of its service sends texts");
    deed->result->id = texting_queue(&texting, deed->pass->ids, deed->pass->now, &deed->changes)->id;
    return OUTCOME_OK;
}

/* ---- drafts ---- */

/* A place that is named after a referral is one of the same request. */
static enum outcome check_place(struct deed *deed, struct span place, int64_t request)
{
    struct referral referral;
    uint64_t id;
    const struct span lead = SPAN(DRAFT_OF_REFERRAL);
    if (!deed_has_words(place, PLACE_MAX))
        return deed_refuse(deed, OUTCOME_REFUSED, "why_note_too_long",
                           "the name of a draft's place is shorter than that");
    if (!span_starts_with(place, lead))
        return OUTCOME_OK;
    if (!span_to_u64(span_from(place, lead.len), &id) || id > INT64_MAX)
        return deed_found(deed, OUTCOME_NOT_FOUND);
    enum outcome outcome = deed_found(
        deed, store_load_referral(deed->pass->store, (int64_t)id, deed->pass->arena, &referral, &deed->result->error));
    return outcome == OUTCOME_OK && referral.request != request ? deed_found(deed, OUTCOME_NOT_FOUND) : outcome;
}

enum outcome desk_draft(struct deed *deed)
{
    struct dossier dossier;
    const struct desk_action *action = deed->action;
    enum outcome outcome = dossier_open(deed, action->object, &dossier);
    if (outcome != OUTCOME_OK)
        return outcome;
    outcome = check_place(deed, action->name, dossier.request.id);
    if (outcome != OUTCOME_OK)
        return outcome;
    deed->is_slip =
        !typed_fits(action->text); /* pages keep drafts by themselves, again and again while somebody types */
    outcome = deed_check_length(deed, action->text);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct draft *row = DEED_NEW(deed, struct draft);
    row->operator = deed->who.id;
    row->request = dossier.request.id;
    row->at = deed->pass->now;
    row->place = action->name;
    row->text = span_is_present(action->text) ? action->text : SPAN("");
    deed_change(deed, CHANGE_DRAFT)->draft.row = row;
    return OUTCOME_OK;
}
