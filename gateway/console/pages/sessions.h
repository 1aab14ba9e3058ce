/* sessions: what the list of sessions shares with a session that is opened from it. */
#pragma once
#include "console/door/visit.h"
#include "console/pages/sessions_address.h"

/* Before anything is told of whose sessions these are. False: it may not be told, a refusal was shown, and the page must end. */
bool sessions_look(struct visit *visit, const struct sessions_address *address);
