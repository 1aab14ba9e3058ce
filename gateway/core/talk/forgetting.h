/*
 * forgetting: somebody asks to be forgotten, and what follows from it later; private to the core's conversation.
 *
 * Requests of the kinds in the service's keep_until_closed stay while they are open, and their person with them; when the last one
 * is cancelled here, or closed anywhere (housekeeping), the rest goes by itself. Whoever asks for something new meanwhile stays.
 */
#pragma once
#include "core/effects.h"

void forgetting_ask(struct conversation *conversation, const struct message *message, struct talk *talk,
                    struct change_list *pending);
/* After any effect: the last thing that was kept may be over, or there is a reason to stay. */
void forgetting_follow(struct conversation *conversation, const struct message *message, struct talk *talk,
                       enum effect_kind done, struct change_list *pending);
/* The same as forgetting_ask where nobody is on the line: an operator was asked to. `services`: whose each of the person's
 * requests is; `phone`: the one that they were last on. */
void forgetting_add(const struct service *const *services, struct person *person, const struct phone_row *phone,
                    int64_t now, struct change_list *changes);
