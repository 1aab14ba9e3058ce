/*
 * pages: a function for each page and button, as the table of routes (console/routes.c) names them. Each ends its visit with exactly
 * one answer (door/visit.h). Whose right a route needs stands in the table and nowhere else.
 */
#pragma once

struct visit;

/* machines.c */
void page_healthz(struct visit *visit);
void page_metrics(struct visit *visit);

/* assets.c */
void page_asset(struct visit *visit);

/* sign_in.c, setup.c, unlock.c */
void page_home(struct visit *visit);
void page_sign_in(struct visit *visit);
void do_sign_in(struct visit *visit);
void page_code(struct visit *visit);
void do_code(struct visit *visit);
void page_setup(struct visit *visit);
void do_setup(struct visit *visit);
void do_sign_out(struct visit *visit);
void page_unlock(struct visit *visit);
void do_unlock(struct visit *visit);

/* settings.c */
void page_settings(struct visit *visit);
void do_settings(struct visit *visit);
void do_password(struct visit *visit);
void do_totp(struct visit *visit);
void do_recovery(struct visit *visit);
void do_revoke(struct visit *visit);

/* users.c */
void page_users(struct visit *visit);
void page_user_new(struct visit *visit);
void do_user_new(struct visit *visit);
void page_user(struct visit *visit);
void do_user_change(struct visit *visit);
void do_user_disable(struct visit *visit);
void do_user_enable(struct visit *visit);
void do_user_reset(struct visit *visit);

/* live.c */
void page_live(struct visit *visit);
void page_counts(struct visit *visit);

/* queue.c, queue_saved.c, search.c */
void page_queue(struct visit *visit);
void do_filter(struct visit *visit);
void page_search(struct visit *visit);
void do_search(struct visit *visit);

/* request_*.c */
void page_request(struct visit *visit);
void page_request_new(struct visit *visit);
void do_request_new(struct visit *visit);
void do_request_claim(struct visit *visit);
void do_request_release(struct visit *visit);
void do_request_assign(struct visit *visit);
void do_request_wait(struct visit *visit);
void do_request_urgency(struct visit *visit);
void do_request_reveal(struct visit *visit);
void do_request_attempt(struct visit *visit);
void do_request_note(struct visit *visit);
void do_request_draft(struct visit *visit);
void do_request_count(struct visit *visit);
void do_request_reply(struct visit *visit);
void do_request_dealt(struct visit *visit);
void do_request_refer(struct visit *visit);
void do_request_settle(struct visit *visit);
void do_request_close(struct visit *visit);
void do_request_reopen(struct visit *visit);
void do_request_merge(struct visit *visit);

/* sessions.c, transcript.c */
void page_sessions(struct visit *visit);
void page_session(struct visit *visit);
void page_request_session(struct visit *visit);

/* redact.c */
void page_session_redact(struct visit *visit);
void do_session_redact(struct visit *visit);
void page_request_redact(struct visit *visit);
void do_request_redact(struct visit *visit);

/* person.c, person_acts.c */
void page_person(struct visit *visit);
void page_person_forget(struct visit *visit);
void do_person_forget(struct visit *visit);
void do_person_flag(struct visit *visit);
void do_person_flag_drop(struct visit *visit);
void do_person_number(struct visit *visit);

/* outbox.c, audit.c */
void page_outbox(struct visit *visit);
void do_outbox_dealt(struct visit *visit);
void page_audit(struct visit *visit);
