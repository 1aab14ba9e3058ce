#include "aggregator/door/phases.h"

/* In the order of enum phase, the first left out. */
static const char *const meanings[] = {"new", "resume", "close", "abort", "timeout", "fail", "ask", NULL};

static void compile_value(struct span value, struct arena *arena, struct phase_rule *out)
{
    out->begins = value.len > 0 && value.at[value.len - 1] == '*';
    out->value = arena_copy(arena, out->begins ? span_first(value, value.len - 1) : value);
}

static void compile_rule(struct setting item, struct arena *arena, struct problems *problems, const struct shape *shape,
                         struct phase_rule *out)
{
    settings_check(item, door_rules("phases"), problems);
    struct setting field = setting_get(item, "field"), means = setting_get(item, "means");
    out->field = source_choice_compile(field, arena, problems);
    if (!setting_is_present(field) && shape->fields[FIELD_PHASE].count == 0)
        setting_problem(item, problems, "a phase needs a field, here or as fields.phase");
    compile_value(setting_string(item, "value", ""), arena, out);
    int meaning = setting_is_string(means) ? valuemap_word(means, meanings, problems) : -1;
    out->means = (enum phase)(meaning + 1);
}

void phases_compile(struct setting list, struct arena *arena, struct problems *problems, struct shape *out)
{
    struct phase_rule *rules = ARENA_ARRAY(arena, struct phase_rule, setting_count(list) + 1);
    out->phases = rules;
    out->phase_count = 0;
    for (size_t i = 0; i < setting_count(list); i++) {
        struct setting item = setting_at(list, i);
        if (setting_is_group(item))
            compile_rule(item, arena, problems, out, &rules[out->phase_count++]);
        else
            setting_problem(item, problems, "expected { value = \"...\"; means = \"...\"; }");
    }
}

static bool fits(const struct phase_rule *rule, struct span value)
{
    if (!span_is_present(value))
        return false;
    value = span_trim(value);
    if (!rule->begins)
        return span_equal_nocase(value, rule->value);
    return value.len > 0 && span_equal_nocase(span_first(value, rule->value.len), rule->value);
}

enum phase phases_find(const struct shape *shape, struct facts *facts)
{
    for (size_t i = 0; i < shape->phase_count; i++) {
        const struct phase_rule *rule = &shape->phases[i];
        struct source_choice field = rule->field.count > 0 ? rule->field : shape->fields[FIELD_PHASE];
        if (fits(rule, facts_choose(facts, field)))
            return rule->means;
    }
    return PHASE_NONE;
}

bool phase_ends(enum phase phase, enum end_cause *cause)
{
    static const enum end_cause causes[] = {[PHASE_CLOSE] = END_CLOSED,
                                            [PHASE_ABORT] = END_ABORTED,
                                            [PHASE_TIMEOUT] = END_TIMEOUT,
                                            [PHASE_FAIL] = END_FAILED,
                                            [PHASE_ASK] = END_NONE};
    *cause = causes[phase];
    return *cause != END_NONE;
}
