#include "store/sqlite/desk_rows.h"

#include <string.h>

#include "store/sqlite/pack.h"

enum outcome take_operator(const struct row_source *source, struct sql *sql, struct arena *arena,
                           struct operator *operator, struct error *err)
{
    operator->id = take_int(sql);
    operator->name = take_span(sql, arena);
    operator->shown = take_span(sql, arena);
    operator->roles = (role_set)take_int(sql);
    operator->topics = take_span(sql, arena);
    operator->languages = take_span(sql, arena);
    operator->is_disabled = take_int(sql) != 0;
    operator->password = take_span(sql, arena);
    operator->must_change = take_int(sql) != 0;
    const struct span totp = take_span(sql, arena);
    operator->totp_step = take_int(sql);
    operator->recovery = take_span(sql, arena);
    operator->failures = (unsigned)take_int(sql);
    operator->failed_at = take_int(sql);
    operator->lang = take_span(sql, arena);
    operator->theme = (enum theme)take_int(sql);
    operator->has_shortcuts = take_int(sql) != 0;
    operator->created_at = take_int(sql);
    operator->changed_at = take_int(sql);
    operator->last_at = take_int(sql);
    operator->version = (uint32_t)take_int(sql);
    if (keyring_unseal(source->keyring, operator->id, totp, arena, &operator->totp) != OUTCOME_OK ||
        operator->recovery.len % LOOKUP_BYTES != 0)
        return row_damaged(err, "operator", operator->id);
    return OUTCOME_OK;
}

enum outcome take_sign_in(struct sql *sql, struct arena *arena, struct sign_in *sign_in, struct error *err)
{
    sign_in->id = take_int(sql);
    sign_in->operator = take_int(sql);
    const bool keyed = take_lookup(sql, &sign_in->token);
    sign_in->created_at = take_int(sql);
    sign_in->seen_at = take_int(sql);
    sign_in->ended_at = take_int(sql);
    sign_in->is_half = take_int(sql) != 0;
    sign_in->is_locked = take_int(sql) != 0;
    sign_in->agent = take_span(sql, arena);
    return keyed ? OUTCOME_OK : row_damaged(err, "sign_in", sign_in->id);
}

void take_origin(const struct row_source *source, struct sql *sql, struct arena *arena, struct request_origin *origin)
{
    origin->channel = take_word(source, sql, arena);
    origin->service = take_span(sql, arena);
}

void take_request_desk(struct sql *sql, struct request_desk *desk)
{
    desk->assignee = take_int(sql);
    desk->assigned_at = take_int(sql);
    desk->viewed_at = take_int(sql);
    desk->wait_until = take_int(sql);
    desk->outcome = (enum close_outcome)take_int(sql);
    desk->attempts = (unsigned)take_int(sql);
    desk->merged_into = take_int(sql);
    desk->made_by = take_int(sql);
    desk->came_by = (enum contact_by)take_int(sql);
    desk->is_texted = take_int(sql) != 0;
    desk->stopped_at = take_int(sql);
}

/* Few: a service has some topics and desks. */
static struct matter *room_for_one_more(struct arena *arena, struct matter *list, size_t count)
{
    if (count & (count - 1))
        return list;
    struct matter *larger = ARENA_ARRAY(arena, struct matter, count ? 2 * count : 1);
    if (count)
        memcpy(larger, list, count * sizeof *list);
    return larger;
}

void take_matters(const struct row_source *source, struct sql *sql, struct arena *arena, struct matter **matters,
                  size_t *count)
{
    *matters = NULL;
    *count = 0;
    while (sql_next(sql)) {
        *matters = room_for_one_more(arena, *matters, *count);
        struct matter *matter = &(*matters)[(*count)++];
        matter->desk = take_word(source, sql, arena);
        matter->topic = take_word(source, sql, arena);
        matter->is_by_hand = take_int(sql) != 0;
    }
}

/* The three columns of what somebody wrote: sealed, whose key, the key. */
static bool take_written(const struct row_source *source, struct sql *sql, int64_t context, struct arena *arena,
                         struct span *text)
{
    const struct span sealed = take_span(sql, arena);
    struct sealed_by by = {.keyring = source->keyring, .person = take_int(sql)};
    by.wrapped = take_span(sql, arena);
    *text = SPAN_NONE;
    return !span_is_present(sealed) || !span_is_present(by.wrapped) || person_open(&by, context, sealed, arena, text);
}

enum outcome take_note(const struct row_source *source, struct sql *sql, struct arena *arena, struct note *note,
                       struct error *err)
{
    note->id = take_int(sql);
    note->request = take_int(sql);
    note->operator = take_int(sql);
    note->at = take_int(sql);
    note->replaces = take_int(sql);
    note->is_clinical = take_int(sql) != 0;
    return take_written(source, sql, note->id, arena, &note->text) ? OUTCOME_OK : row_damaged(err, "note", note->id);
}

void take_attempt(struct sql *sql, struct attempt *attempt)
{
    attempt->id = take_int(sql);
    attempt->request = take_int(sql);
    attempt->operator = take_int(sql);
    attempt->at = take_int(sql);
    attempt->result = (enum attempt_result)take_int(sql);
}

enum outcome take_referral(const struct row_source *source, struct sql *sql, struct arena *arena,
                           struct referral *referral, struct error *err)
{
    referral->id = take_int(sql);
    referral->request = take_int(sql);
    referral->operator = take_int(sql);
    referral->at = take_int(sql);
    referral->office = take_span(sql, arena);
    referral->has_consent = take_int(sql) != 0;
    referral->due_at = take_int(sql);
    referral->settled_at = take_int(sql);
    return take_written(source, sql, referral->id, arena, &referral->outcome)
               ? OUTCOME_OK
               : row_damaged(err, "referral", referral->id);
}

struct span pack_draft(struct arena *arena, const struct draft *draft)
{
    struct packer packer = pack_begin(arena, draft->place.len + draft->text.len + 24);
    pack_number(&packer, (uint64_t)draft->operator);
    pack_span(&packer, draft->place);
    pack_span(&packer, draft->text);
    return pack_done(&packer);
}

static bool unpack_draft(struct span packed, struct draft *draft)
{
    if (!span_is_present(packed))
        return true;
    struct unpacker unpacker = unpack_begin(packed);
    const bool theirs = unpack_number(&unpacker, INT64_MAX) == (uint64_t)draft->operator;
    const bool there = span_equal(unpack_span(&unpacker), draft->place);
    draft->text = unpack_span(&unpacker);
    return unpack_done(&unpacker) && theirs && there;
}

enum outcome take_draft(const struct row_source *source, struct sql *sql, struct arena *arena, struct draft *draft,
                        struct error *err)
{
    struct span packed = SPAN_NONE;
    draft->operator = take_int(sql);
    draft->request = take_int(sql);
    draft->place = take_span(sql, arena);
    draft->at = take_int(sql);
    draft->text = SPAN_NONE;
    return take_written(source, sql, draft->request, arena, &packed) && unpack_draft(packed, draft)
               ? OUTCOME_OK
               : row_damaged(err, "a draft for request", draft->request);
}

enum outcome take_person_flag(const struct row_source *source, struct sql *sql, struct arena *arena,
                              struct person_flag *flag, struct error *err)
{
    flag->id = take_int(sql);
    flag->person = take_int(sql);
    flag->operator = take_int(sql);
    flag->at = take_int(sql);
    flag->until = take_int(sql);
    flag->dropped_at = take_int(sql);
    return take_written(source, sql, flag->id, arena, &flag->text) ? OUTCOME_OK
                                                                   : row_damaged(err, "person_flag", flag->id);
}

void take_saved_filter(struct sql *sql, struct arena *arena, struct saved_filter *filter)
{
    filter->id = take_int(sql);
    filter->operator = take_int(sql);
    filter->name = take_span(sql, arena);
    filter->query = take_span(sql, arena);
}

enum outcome take_audit(const struct row_source *source, struct sql *sql, struct arena *arena, struct audit_row *row,
                        struct error *err)
{
    row->id = take_int(sql);
    row->at = take_int(sql);
    row->operator = take_int(sql);
    row->action = (enum audit_action)take_int(sql);
    row->object = (enum audit_object)take_int(sql);
    row->object_id = take_int(sql);
    row->detail = take_word(source, sql, arena);
    row->peer = take_span(sql, arena);
    const struct span mac = take_span(sql, arena);
    if (mac.len != sizeof row->mac)
        return row_damaged(err, "audit", row->id);
    memcpy(row->mac, mac.at, sizeof row->mac);
    return OUTCOME_OK;
}
