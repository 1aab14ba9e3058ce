#include "menu/drawing/plural.h"

enum plural_rule plural_rule_named(struct span name)
{
    static const char *const names[] = {[PLURAL_ONE_OTHER] = "one_other",
                                        [PLURAL_ZERO_ONE_OTHER] = "zero_one_other",
                                        [PLURAL_SLAVIC] = "slavic",
                                        [PLURAL_NONE] = "none"};
    for (enum plural_rule rule = PLURAL_ONE_OTHER; rule <= PLURAL_NONE; rule++)
        if (span_equal_text(name, names[rule]))
            return rule;
    return PLURAL_UNKNOWN;
}

size_t plural_forms(enum plural_rule rule)
{
    static const size_t forms[] = {[PLURAL_UNKNOWN] = 0,
                                   [PLURAL_ONE_OTHER] = 2,
                                   [PLURAL_ZERO_ONE_OTHER] = 2,
                                   [PLURAL_SLAVIC] = 3,
                                   [PLURAL_NONE] = 1};
    return forms[rule];
}

static size_t slavic_form(int64_t number)
{
    int64_t ones = number % 10, teens = number % 100;
    if (ones == 1 && teens != 11)
        return 0;
    return ones >= 2 && ones <= 4 && (teens < 12 || teens > 14) ? 1 : 2;
}

size_t plural_form(enum plural_rule rule, int64_t number)
{
    switch (rule) {
    case PLURAL_ONE_OTHER:
        return number != 1;
    case PLURAL_ZERO_ONE_OTHER:
        return number > 1;
    case PLURAL_SLAVIC:
        return slavic_form(number);
    case PLURAL_UNKNOWN:
    case PLURAL_NONE:
        break;
    }
    return 0;
}
