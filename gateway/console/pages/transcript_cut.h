/*
 * transcript_cut: of a session that is read through a request, only what its desk may know of. Private to the pages.
 */
#pragma once
#include "menu/service.h"
#include "store/desk_reader.h"

/* Leaves out the turns in which its person was in a part of the service that is another desk's, or that tells of all requests where one
 * of them is. Gives how many are left out. `service` NULL: none is served any more, and nothing is known of its pages. */
size_t transcript_cut(const struct operator *who, const struct service *service, struct session_view *session);
