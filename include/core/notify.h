/*
 * notify: what systemd wants to hear (sd_notify(3)): a datagram to $NOTIFY_SOCKET. Does nothing when nobody asked.
 */
#pragma once
#include <stdint.h>

void notify_send(const char *state); /* "READY=1", "STOPPING=1", "RELOADING=1", "STATUS=..." */
int64_t notify_watchdog_ms(void);    /* half of $WATCHDOG_USEC, the pace of WATCHDOG=1; 0: no watchdog */
