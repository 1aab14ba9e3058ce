/*
 * fate: what becomes of a text after an attempt or a delivery report; private to the outbox. Its pure rules and outbox_report are
 * in core/outbox.h.
 */
#pragma once
#include "core/outbox.h"

/* The row after one attempt: what the fate of the request means for it. `channel` NULL: it is not configured any more. */
void fate_settle(const struct outbox_pass *pass, const struct channel *channel, struct outbox_row *row,
                 const struct send_outcome *outcome);
/* Adds the row as it is now to what the tick saves. */
void fate_save(const struct outbox_pass *pass, const struct outbox_row *row, unsigned message);
