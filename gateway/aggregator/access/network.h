/*
 * network: is an address within one of the networks that a channel trusts. IPv4 and IPv6, CIDR. Pure.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/span.h"

struct network {
    unsigned char address[16]; /* IPv4 as ::ffff:a.b.c.d */
    unsigned bits;
};

bool network_read(struct span text, struct network *out); /* "192.0.2.0/24", "2001:db8::/32", one address alone */
bool network_is_address(struct span text);                /* without bits, port or brackets */
bool network_holds(const struct network *networks, size_t count, struct span address);
