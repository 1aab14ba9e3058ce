/* desk_verbs: what the table of verbs points at; private to the core's desk. */
#pragma once
#include "core/desk/desk_deed.h"

enum outcome desk_sign_in(struct deed *deed);
enum outcome desk_sign_in_failed(struct deed *deed);
enum outcome desk_second_factor(struct deed *deed);
enum outcome desk_sign_out(struct deed *deed);
enum outcome desk_revoke(struct deed *deed);
enum outcome desk_seen(struct deed *deed);
enum outcome desk_lock(struct deed *deed);
enum outcome desk_unlock(struct deed *deed);

bool desk_is_password_hash(struct span text); /* Argon2id, and no longer than it may be */
enum outcome desk_password(struct deed *deed);
enum outcome desk_totp(struct deed *deed);
enum outcome desk_settings(struct deed *deed);
enum outcome desk_filter(struct deed *deed);
enum outcome desk_refused(struct deed *deed);

enum outcome desk_user_add(struct deed *deed);
enum outcome desk_user_change(struct deed *deed);
enum outcome desk_user_disable(struct deed *deed);
enum outcome desk_user_reset(struct deed *deed);

enum outcome desk_view(struct deed *deed);
enum outcome desk_find_phone(struct deed *deed);
enum outcome desk_reveal(struct deed *deed);

enum outcome desk_claim(struct deed *deed);
enum outcome desk_assign(struct deed *deed);
enum outcome desk_release(struct deed *deed);
enum outcome desk_wait(struct deed *deed);
enum outcome desk_urgency(struct deed *deed);

enum outcome desk_attempt(struct deed *deed);
enum outcome desk_refer(struct deed *deed);
enum outcome desk_settle_referral(struct deed *deed);

enum outcome desk_close(struct deed *deed);
enum outcome desk_reopen(struct deed *deed);
enum outcome desk_merge(struct deed *deed);
enum outcome desk_dealt(struct deed *deed);

enum outcome desk_note(struct deed *deed);
enum outcome desk_reply(struct deed *deed);
enum outcome desk_draft(struct deed *deed);

enum outcome desk_new(struct deed *deed);
enum outcome desk_new_again(struct deed *deed, int64_t id);

enum outcome desk_forget(struct deed *deed);
enum outcome desk_number_changed(struct deed *deed);
enum outcome desk_flag(struct deed *deed);
enum outcome desk_flag_drop(struct deed *deed);

enum outcome desk_redact(struct deed *deed);
