/*
 * changes: one function for each kind of change, run inside the transaction of store_save. save.c ties them to their kinds.
 *
 * REFUSED: the change does not hold. CONFLICT: somebody else was first. BROKEN: the machine.
 */
#pragma once
#include "store/sqlite/writer.h"

/* changes_talk.c: who speaks, and what was said */
enum outcome change_phone(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_person(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_session(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_turn(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_message_seen(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_stray(struct store *store, const struct change *change, struct error *err) MUST_CHECK;

/* changes_wish.c: what was asked for */
enum outcome change_entry(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_entry_closed(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_answer(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_request(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_request_state(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_request_line(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_registration(struct store *store, const struct change *change, struct error *err) MUST_CHECK;

/* people.c: who may act for whom */
enum outcome change_pin(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_pin_tries(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_person_moved(struct store *store, const struct change *change, struct error *err) MUST_CHECK;

/* changes_case.c: what becomes of a request or a registration that is there */
enum outcome change_entry_merged(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_corrected(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_withdrawn(struct store *store, const struct change *change, struct error *err) MUST_CHECK;

/* changes_text.c: texts to send */
enum outcome change_outbox(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_outbox_state(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_outbox_route(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_early_report(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_early_claimed(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_outbox_dealt(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_report(struct store *store, const struct change *change, struct error *err) MUST_CHECK;

/* triage.c */
enum outcome change_triage(struct store *store, const struct change *change, struct error *err) MUST_CHECK;

/* parts.c: long texts that come in several messages */
enum outcome change_part(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_parts_taken(struct store *store, const struct change *change, struct error *err) MUST_CHECK;

/* follow_ups.c: the few questions some months after a registration */
enum outcome change_follow_up(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_follow_up_state(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_follow_up_answered(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_follow_ups_stopped(struct store *store, const struct change *change, struct error *err) MUST_CHECK;

/* desk_operators.c: who works at the desk */
enum outcome change_operator(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_sign_in(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_sign_ins_end(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_saved_filter(struct store *store, const struct change *change, struct error *err) MUST_CHECK;

/* desk_requests.c, desk_notes.c: what they do with a request, and write about somebody */
enum outcome change_request_desk(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_request_attention(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_note(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_attempt(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_referral(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_draft(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_person_flag(struct store *store, const struct change *change, struct error *err) MUST_CHECK;

/* redact.c: words that go for good */
enum outcome change_redacted(struct store *store, const struct change *change, struct error *err) MUST_CHECK;

/* desk_done.c, audit.c: what was done, for who asks again and for who asks who */
enum outcome change_done(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_audit(struct store *store, const struct change *change, struct error *err) MUST_CHECK;

/* forget.c */
enum outcome change_person_stays(struct store *store, const struct change *change, struct error *err) MUST_CHECK;
enum outcome change_forget(struct store *store, const struct change *change, struct error *err) MUST_CHECK;

/* changes_shared.c: a name's number. */
enum outcome intern(struct store *store, struct span text, int64_t *id, struct error *err) MUST_CHECK;
/* Sealed with the key of `person`, in the scratch arena. REFUSED without a person or when they were forgotten. */
enum outcome seal_for(struct store *store, int64_t person, int64_t context, struct span plain, struct span *sealed,
                      struct error *err) MUST_CHECK;
