/*
 * route: a line of the console's table (console/routes.h), and which of them a path is. Private to the console.
 */
#pragma once
#include "base/span.h"
#include "model/rights.h"

struct visit;

enum route_method { ROUTE_GET, ROUTE_POST };

struct route {
    enum route_method method; /* GET answers HEAD too */
    const char *path;         /* "/requests/:id/claim"; ":id" is a number, ":name" anything without a '/' */
    enum right right;
    void (*answer)(struct visit *visit);
};

struct route_match {
    const struct route *route; /* NULL: nothing has this path and method */
    bool has_other_method;     /* but the path is there */
    int64_t id;                /* 0: the path has none */
    struct span name;
};
/* `routes` ends with a NULL path. */
struct route_match route_find(const struct route *routes, enum route_method method, struct span path);
