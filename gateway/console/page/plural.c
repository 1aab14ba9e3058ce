#include "console/page/plural.h"

const char *plural_name(enum plural plural)
{
    static const char *const names[] = {
        [PLURAL_SAME] = "same", [PLURAL_ONE] = "one", [PLURAL_NONE_ONE] = "none_one", [PLURAL_ONE_FEW] = "one_few"};
    return plural < PLURAL_COUNT ? names[plural] : NULL;
}

size_t plural_form_count(enum plural plural)
{
    static const size_t forms[] = {
        [PLURAL_SAME] = 1, [PLURAL_ONE] = 2, [PLURAL_NONE_ONE] = 2, [PLURAL_ONE_FEW] = 3, [PLURAL_COUNT] = 1};
    return forms[plural];
}

static size_t one_few(int64_t count)
{
    int64_t tens = count / 10 % 10, ones = count % 10;
    if (tens != 1 && ones == 1)
        return 0;
    return tens != 1 && ones >= 2 && ones <= 4 ? 1 : 2;
}

size_t plural_form_of(enum plural plural, int64_t count)
{
    switch (plural) {
    case PLURAL_ONE:
        return count == 1 ? 0 : 1;
    case PLURAL_NONE_ONE:
        return count == 0 || count == 1 ? 0 : 1;
    case PLURAL_ONE_FEW:
        return one_few(count < 0 ? -count : count);
    case PLURAL_SAME:
    case PLURAL_COUNT:
        break;
    }
    return 0;
}
