/*
 * people: who is on a phone, and for whom a step acts; private to the core's conversation.
 *
 * A phone has one person of its own at a time, and may have had others, whom their PINs tell apart. Somebody who gives reference
 * and PIN, or another person's PIN, acts for that person until the plain main page comes back: everything that such a step sees
 * and does is theirs, the phone stays its owner's. pins.c decides who may.
 */
#pragma once
#include "core/talk/step.h"

/* people.c */
/* Sets talk->person to whom `state` acts for; state->acting goes when they are not there any more. */
enum outcome people_settle(const struct step *step, struct session_state *state, struct error *err) MUST_CHECK;
/* Somebody by id, as the tick has them. NOT_FOUND. */
enum outcome people_find(struct conversation *conversation, int64_t id, struct person **person,
                         struct error *err) MUST_CHECK;
struct person_view people_view(const struct step *step, const struct person *person);
/* The phone has been silent for so long that somebody else has the number by now: nothing of before is theirs. */
void people_renew_if_silent(const struct step *step, struct party *party);
/* Nothing of before is offered to whoever dials next. */
void people_close_way_back(struct party *party);
void people_begin_anew(struct conversation *conversation, struct talk *talk);
void people_move_here(struct conversation *conversation, const struct message *message, struct talk *talk,
                      struct change_list *pending);

/* pins.c */
/* Answers WANT_PIN and WANT_CASE, and counts what was wrong. With VERDICT_RIGHT the talk acts for whose it is. */
enum outcome pins_judge(const struct step *step, const struct engine_want *want, struct engine_learned *learned,
                        struct error *err) MUST_CHECK;
void pins_set(struct conversation *conversation, const struct message *message, struct talk *talk, struct span pin,
              struct change_list *pending);
void pins_clear(const struct message *message, struct talk *talk, struct change_list *pending);
