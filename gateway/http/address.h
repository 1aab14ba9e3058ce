/*
 * address: a listening socket from the words of a setting. For every listener of the program.
 *
 *     127.0.0.1:8080   [::1]:8080   localhost:8080   unix:/run/helpline/webhooks.sock   fd:3 (from systemd)
 */
#pragma once
#include "base/error.h"

/* A socket that listens and closes on exec. A unix socket that nobody listens on any more is replaced, and the new one
 * is for its owner and group only. REFUSED: not one of the forms above. BROKEN: one sentence that says what is in the way. */
enum outcome address_listen(const char *address, int *fd, struct error *err) MUST_CHECK;
unsigned address_port(int fd);            /* the bound port; 0 for a unix socket */
void address_forget(const char *address); /* removes the file of a unix socket; nothing for the others */
