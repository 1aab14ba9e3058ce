/*
 * fate: what becomes of a text after an attempt, or a delivery report; private to the outbox. Its pure rules are in
 * core/outbox.h; reports come in through delivery.c.
 */
#pragma once
#include "core/outbox.h"

/* What one attempt came to. `outcome` NULL: the sender did not take the request, for `refusal`. `channel` NULL: it is not
 * configured any more, and nobody can read the answer. */
struct send_verdict fate_judge(const struct outbox_pass *pass, const struct channel *channel,
                               const struct send_outcome *outcome, enum outcome refusal);
/* The row after it, saved, with the delivery report that came before the answer did. */
enum outcome fate_settle(const struct outbox_pass *pass, struct outbox_row *row, const struct send_verdict *verdict,
                         const struct send_outcome *outcome, struct error *err) MUST_CHECK;
/* The row after a report that it was delivered, or not. False: nothing new. */
bool fate_report(struct outbox_row *row, enum delivery delivery);
/* Whether another channel may send it: it never left, or provably came to nothing. */
bool fate_may_move(const struct outbox_row *row);

/* Adds the row as it is now to what the tick saves; the change, for what else it says. */
struct change *fate_save(const struct outbox_pass *pass, const struct outbox_row *row, unsigned message);
/* The same for a row that an aggregator has taken over with it: what it costs is known now. */
void fate_save_taken(const struct outbox_pass *pass, struct outbox_row *row, unsigned message);
