/*
 * door: what a request passes before a page sees it, and what every answer carries when it leaves. Any of the console's threads.
 */
#pragma once
#include "console/door/visit.h"

/* `head` or body of a POST were checked by the listener: their frame, their size, that it is a form. Everything lives in `arena`.
 * With a stream in `*stream` the answer's body is that stream. */
void door_answer(const struct site *site, const struct http_request *request, struct arena *arena,
                 struct http_response *out, struct stream **stream);
/* For a form that the listener did not take because of its length (413): a page that says what to do to who has signed in, a text of one
 * line to anybody else. Of the form nothing was kept, nor can it be shown. */
void door_too_large(const struct site *site, const struct http_request *request, struct arena *arena,
                    struct http_response *out);
/* For what the listener refuses by itself: a text of one line, and the safety headers. */
void door_refuse(unsigned status, struct span why, struct arena *arena, struct http_response *out);
