/*
 * asset: a file that browsers are given, inside the program: plain and gzipped, under a name that holds its hash, so that whoever has
 * it never asks again. The table itself is generated (console/assets.h).
 */
#pragma once
#include <stddef.h>
#include "base/span.h"

struct asset {
    struct span name;         /* "app.0123456789ab.css" */
    struct span address;      /* "/assets/app.0123456789ab.css" */
    struct span content_type; /* with its charset */
    struct span etag;         /* in its quotes */
    struct span plain, gzip;
};

/* NULL: there is none of that name. */
const struct asset *asset_find(struct span name);
