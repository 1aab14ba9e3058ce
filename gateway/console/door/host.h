/*
 * host: by which names the console answers. Whoever owns a name may make it point here (DNS rebinding): then pages of theirs are, for a
 * browser inside, of one origin with ours, and read what we answer. So only names that nobody else can own are taken: the one of
 * listen.console_url, localhost, and addresses written as numbers, which nobody points elsewhere. Private to the console.
 */
#pragma once
#include "console/door/visit.h"

/* True, too, where no host is said at all: HTTP/1.0, which no browser speaks. */
bool host_is_ours(const struct site *site, const struct http_request *request);
