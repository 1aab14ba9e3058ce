/*
 * What SQL says in numbers is what C says in names. SQLite takes a partial index only where the statement holds its condition
 * literally, so states stand as digits in schema.sql and in the statements; and rows on disks hold them for good. Whoever moves a
 * name of one of these enums finds out here, not from data files that are read wrongly.
 */
#include "model/desk.h"
#include "model/inbound.h"
#include "model/outbox.h"
#include "model/person.h"
#include "model/session.h"

/* request.state < 3: it is open; < 2: nobody has called; = 3: closed, and may be opened again; <> 4: not taken back by its person */
_Static_assert(REQUEST_WAITING == 0 && REQUEST_ASSIGNED == 1 && REQUEST_CALLED == 2, "the states of an open request");
_Static_assert(REQUEST_CLOSED == 3 && REQUEST_CANCELLED == 4, "the states of one that is over");
_Static_assert(URGENCY_NORMAL == 0 && URGENCY_SOON == 1 && URGENCY_DANGER == 2, "urgency > 0");
_Static_assert(ATTENTION_NONE == 0 && ATTENTION_TEXT_FAILED == 1 && ATTENTION_TEXT_UNKNOWN == 2,
               "attention IN (1, 2): of a text; TEXTS_SAY makes them");
_Static_assert(ATTENTION_NEW_WORD == 3 && ATTENTION_OFFICE == 4, "what stands before a text, and what behind it");

/* outbox.state IN (4, 5, 6): it is in trouble; > 1: it is over */
_Static_assert(OUTBOX_QUEUED == 0 && OUTBOX_SENDING == 1, "the states of a text that is under way");
_Static_assert(OUTBOX_SENT == 2 && OUTBOX_DELIVERED == 3, "the states of a text that went well");
_Static_assert(OUTBOX_FAILED == 4 && OUTBOX_UNKNOWN == 5 && OUTBOX_EXPIRED == 6, "the states of a text in trouble");
_Static_assert(OUTBOX_TEXT == 0 && OUTBOX_PUSH == 1 && OUTBOX_PUSH_END == 2, "kind > 0: a page that is pushed");

/* follow_up.state < 2: it is still to be answered */
_Static_assert(FOLLOW_UP_WAITING == 0 && FOLLOW_UP_ASKED == 1 && FOLLOW_UP_ANSWERED == 2 && FOLLOW_UP_STOPPED == 3,
               "the states of a follow-up");

/* session.kind = 0: USSD; cause <> 1: ended by anything but our own last page */
_Static_assert(CHANNEL_USSD == 0 && CHANNEL_SMS == 1, "the kinds of a session");
_Static_assert(END_NONE == 0 && END_ANSWERED == 1, "the causes of an end");

/* audit.object = 1: about a request; audit.action IN (10, 11, 12): somebody worked on it */
_Static_assert(OBJECT_REQUEST == 1, "what a line of the audit is about");
_Static_assert(AUDIT_REVEALED == 10 && AUDIT_OVERRODE == 11 && AUDIT_CHANGED == 12, "what somebody did");
