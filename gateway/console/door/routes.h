/*
 * routes: the one table of the console: which method and path is answered by which function, and which right it needs. Deny by
 * default: what is not in the table is not there. Private to the console.
 */
#pragma once
#include <stddef.h>
#include "base/span.h"
#include "console/door/visit.h"

enum route_method { ROUTE_GET, ROUTE_POST };

struct route {
    enum route_method method; /* GET answers HEAD too */
    const char *path;         /* "/requests/:id/claim"; ":id" is a number, ":name" anything without a '/' */
    enum right right;
    void (*answer)(struct visit *visit);
};

/* Ends with a NULL path. */
extern const struct route routes[];

struct route_match {
    const struct route *route; /* NULL: nothing has this path and method */
    bool has_other_method;     /* but the path is there */
    int64_t id;                /* 0: the path has none */
    struct span name;
};
struct route_match routes_match(enum route_method method, struct span path);
