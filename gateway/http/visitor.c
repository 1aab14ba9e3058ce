#include "http/visitor.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <utlist.h>

enum { LOOK_EVERY_MS = 1000 };

static void name_peer(struct visitor *visitor, const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)address;
        inet_ntop(AF_INET, &v4->sin_addr, visitor->peer, sizeof visitor->peer);
    } else if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)address;
        if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr)) /* one form for one address: source networks are compared by it */
            inet_ntop(AF_INET, &v6->sin6_addr.s6_addr[12], visitor->peer, sizeof visitor->peer);
        else
            inet_ntop(AF_INET6, &v6->sin6_addr, visitor->peer, sizeof visitor->peer);
    }
    visitor->peer_len = strlen(visitor->peer);
}

struct visitor *visitor_new(struct visitor_list *list, struct MHD_Connection *connection, int64_t now_ms)
{
    struct visitor *visitor = calloc(1, sizeof *visitor);
    if (!visitor)
        return NULL;
    visitor->since_ms = now_ms;
    visitor->fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    name_peer(visitor, MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr);
    DL_APPEND(list->oldest, visitor);
    list->count++;
    return visitor;
}

void visitor_free(struct visitor_list *list, struct visitor *visitor)
{
    DL_DELETE(list->oldest, visitor);
    list->count--;
    free(visitor);
}

struct span visitor_peer(const struct visitor *visitor)
{
    return visitor->peer_len ? (struct span){visitor->peer, visitor->peer_len} : SPAN_NONE;
}

void visitor_moved(struct visitor_list *list, struct visitor *visitor, int64_t now_ms)
{
    visitor->since_ms = now_ms;
    DL_DELETE(list->oldest, visitor);
    DL_APPEND(list->oldest, visitor);
}

void visitor_cut_slow(struct visitor_list *list, int64_t now_ms, int64_t limit_ms)
{
    if (now_ms - list->looked_ms < LOOK_EVERY_MS)
        return;
    list->looked_ms = now_ms;
    while (list->oldest && now_ms - list->oldest->since_ms > limit_ms) {
        struct visitor *visitor = list->oldest;
        if (!visitor->waiting)
            shutdown(visitor->fd, SHUT_RDWR);
        visitor_moved(list, visitor, now_ms);
    }
}
