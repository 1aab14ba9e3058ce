/*
 * follow_up: asks the few questions some months after a registration.
 *
 * Who agreed gets one text in the polite hours of the service, and a text session that stands on its page, so that the next text
 * answers it. That a follow-up was asked, its text and its session are one transaction: after a restart nobody is asked twice and
 * nobody is passed over. Whom it must not reach is decided when it is due (menu/follow_up.h).
 */
#pragma once
#include "core/conversation.h"
#include "model/effect.h"
#include "model/follow_up.h"

/* What somebody said about being asked: EFFECT_FOLLOW, EFFECT_UNFOLLOW, EFFECT_FOLLOWED. */
void follow_up_apply(struct conversation *conversation, const struct message *message, const struct talk *talk,
                     enum effect_kind effect, struct change_list *pending);

/* One that is due: its changes, to be saved together. BROKEN: the store cannot be read. */
enum outcome follow_up_settle(const struct conversation *conversation, const struct due_follow_up *due,
                              struct change_list *changes, struct error *err) MUST_CHECK;
