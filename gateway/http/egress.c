#include "http/egress.h"

#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

static bool is_private_v4(const uint8_t a[4])
{
    return a[0] == 127 || a[0] == 10 || (a[0] == 172 && (a[1] & 0xf0) == 16) || (a[0] == 192 && a[1] == 168) ||
           (a[0] == 169 && a[1] == 254);
}

static bool is_private_v6(const struct in6_addr *address)
{
    if (IN6_IS_ADDR_V4MAPPED(address))
        return is_private_v4(&address->s6_addr[12]);
    return IN6_IS_ADDR_LOOPBACK(address) || IN6_IS_ADDR_LINKLOCAL(address) || (address->s6_addr[0] & 0xfe) == 0xfc;
}

/* Loopback, RFC 1918, link-local and unique local addresses: traffic that does not leave the building. */
static bool is_private(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        uint8_t bytes[4];
        memcpy(bytes, &((const struct sockaddr_in *)(const void *)address)->sin_addr, sizeof bytes);
        return is_private_v4(bytes);
    }
    if (address->sa_family == AF_INET6)
        return is_private_v6(&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr);
    return false;
}

curl_socket_t egress_open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)purpose;
    struct egress *egress = context;
    if (egress->private_only && !is_private(&address->addr)) {
        egress->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}
