/*
 * reopening: somebody says a new word while a request of theirs waits, or soon after it was closed: it is there again for who works at
 * the desk. Private to the core's conversation.
 *
 * A new word is a text in words, not a key of a page and not a keyword; and saying that it is urgent. Looking up how a request stands
 * is none.
 */
#pragma once
#include "core/talk/step.h"
#include "base/duration.h"

#define REOPEN_MS (30 * DAY_MS) /* since it was closed */

/* They wrote: their latest request that is open, or was closed not long ago. Its history tells of each word, and says so
 * where one ends a wait, or where they had asked not to be called any more: then they may be again. What cannot be read now stays as it is:
 * their answer does not wait for it. */
void reopening_by_word(const struct step *step, struct change_list *changes);
/* They said that this one is urgent: whoever has it looks again, and nothing is waited for any more. */
void reopening_by_urging(struct conversation *conversation, const struct message *message,
                         const struct request *request, struct change_list *changes);
/* They said when else they may be called: what waits for a time of before is looked at again. */
void reopening_by_hours(struct conversation *conversation, const struct message *message, const struct request *request,
                        struct change_list *changes);
