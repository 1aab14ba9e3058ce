#include "console/assets.h"

const struct asset *asset_find(struct span name)
{
    for (size_t i = 0; i < ASSET_COUNT; i++)
        if (span_equal(assets[i].name, name))
            return &assets[i];
    return NULL;
}
