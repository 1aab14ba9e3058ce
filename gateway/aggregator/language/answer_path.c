#include "aggregator/language/answer_path.h"

#include <string.h>

#include "aggregator/language/jsonpath.h"

struct span answer_path_cut(struct span *path)
{
    struct span whole = *path;
    const char *mark = whole.len == 0 ? NULL : memmem(whole.at, whole.len, "[*]", 3);
    if (mark == NULL) {
        *path = SPAN_NONE;
        return whole;
    }
    size_t before = (size_t)(mark - whole.at);
    *path = span_from(whole, before + 3);
    if (span_starts_with(*path, SPAN(".")))
        *path = span_from(*path, 1);
    return span_first(whole, before);
}

bool answer_path_is_valid(struct span path)
{
    bool any = path.len > 0;
    while (span_is_present(path)) {
        struct span before = answer_path_cut(&path);
        if (before.len > 0 && !json_path_is_valid(before))
            return false;
    }
    return any;
}
