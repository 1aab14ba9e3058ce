/*
 * cases: what a person does to a request or a registration that is there: cancel, urge, amend; correct, withdraw. Private to the
 * core's effects and its feed.
 */
#pragma once
#include "core/conversation.h"
#include "menu/engine.h"

/* EFFECT_CANCEL, EFFECT_URGE, EFFECT_AMEND, EFFECT_JOIN. */
void case_change_request(struct conversation *conversation, const struct message *message, struct talk *talk,
                         const struct effect *effect, struct change_list *pending);
void case_correct(struct conversation *conversation, const struct message *message, struct talk *talk,
                  struct change_list *pending);
void case_withdraw(struct conversation *conversation, const struct message *message, struct talk *talk,
                   struct change_list *pending);

/* The open form has just become the registration: its answers are what is kept. */
void case_keep_registered(struct talk *talk);
/* What was answered of one of their requests and whose it is, for WANT_ASKED. What cannot be read now keeps nobody from saying that it
 * is urgent. */
void case_learn_asked(struct conversation *conversation, const struct talk *talk, const char *reference,
                      struct engine_learned *learned);
/* The answers of the latest registration, for WANT_KEPT: as this tick left them, else as the store has them. */
enum outcome case_learn_kept(struct conversation *conversation, struct person *person, struct engine_learned *learned,
                             struct error *err) MUST_CHECK;
