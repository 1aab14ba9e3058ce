/*
 * effects: what the engine wants done, turned into changes to save. The part of a step that makes persons, forms, requests,
 * registrations and texts.
 */
#pragma once
#include "core/conversation.h"
#include "menu/engine.h"

/*
 * Applies the effects of one step to the talk and its party (memory) and adds the changes to `pending`. A person is made where
 * something worth keeping needs a key. Never fails: what cannot be done here was not offered by the engine.
 */
void effects_apply(struct conversation *conversation, const struct message *message, struct talk *talk,
                   const struct engine_result *result, struct change_list *pending);

/* ---- effects_shared.c: what carries some of them out needs these, too ---- */

/* Keeps the sender's number, sealed with the next save, unless it is kept already or is none. */
void effects_keep_number(const struct message *message, struct party *party);

/* Makes sure that someone with a key stands behind this talk; returns the person's id. */
int64_t effects_need_person(struct conversation *conversation, const struct message *message, struct talk *talk,
                            struct change_list *pending);

/* One answer more, into any entry of theirs. */
void effects_add_answer(struct conversation *conversation, const struct message *message, struct talk *talk,
                        int64_t entry, const struct answer *answer, struct change_list *pending);

/* The form that is open is finished, or given up. */
void effects_close_entry(struct conversation *conversation, const struct message *message, struct talk *talk,
                         bool finished, struct change_list *pending);

/* The same of any form, by its id; what the talk remembers of the open one stays. */
void effects_add_entry_closed(const struct conversation *conversation, const struct message *message, int64_t entry,
                              bool finished, struct change_list *pending);

/* Where a text to the sender of this message would leave; NULL: nowhere. */
const struct channel *effects_texting_channel(const struct conversation *conversation, const struct message *message);

/* Queues one text to the sender of this message, on a channel that can send it. */
struct outbox_row *effects_queue_text(struct conversation *conversation, const struct message *message,
                                      const struct talk *talk, const struct channel *channel, struct span text,
                                      struct change_list *pending);
