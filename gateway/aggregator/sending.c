#include "aggregator/sending.h"

#include "aggregator/jsonpath.h"

static const char *const meaning_words[] = {
    [MEANS_SENT] = "sent",
    [MEANS_REJECTED] = "rejected",
    [MEANS_THROTTLED] = "throttled",
    [MEANS_CREDIT] = "credit",
    [MEANS_UNREACHABLE] = "unreachable",
    [MEANS_EXPIRED] = "expired",
    [MEANS_UNKNOWN] = "unknown",
    NULL,
};

static bool read_status(struct span text, unsigned *min, unsigned *max)
{
    uint64_t low = 0, high = 0;
    struct span rest = text;
    struct span first = span_cut(&rest, '-');
    if (!span_to_u64(first, &low) || low < 100 || low > 599)
        return false;
    high = low;
    if (span_is_present(rest) && (!span_to_u64(rest, &high) || high < low || high > 599))
        return false;
    *min = (unsigned)low;
    *max = (unsigned)high;
    return true;
}

static void compile_is(struct setting rule, struct arena *arena, struct send_rule *out)
{
    struct setting list = setting_get(rule, "is");
    struct span *is = ARENA_ARRAY(arena, struct span, setting_count(list) + 1);
    for (size_t i = 0; i < setting_count(list); i++)
        is[out->is_count++] = arena_copy(arena, setting_as_string(setting_at(list, i)));
    out->is = is;
}

static void compile_rule(struct setting rule, struct arena *arena, struct problems *problems, struct send_rule *out)
{
    settings_check(rule, profile_rules("send.outcomes"), problems);
    struct span status = setting_string(rule, "status", "100-599");
    if (!read_status(status, &out->status_min, &out->status_max))
        setting_problem(rule, problems, "status must be \"201\" or a range \"500-599\"");
    out->json = arena_copy(arena, setting_string(rule, "json", NULL));
    out->starts = arena_copy(arena, setting_string(rule, "starts", NULL));
    compile_is(rule, arena, out);
    if (span_is_present(out->json) && !json_path_is_valid(out->json))
        setting_problem(rule, problems, "json must be a path like \"a.b[0].c\"");
    if (out->is_count > 0 && !span_is_present(out->json))
        setting_problem(rule, problems, "`is` lists values of a `json` path, and there is none");
    int means = valuemap_word(setting_get(rule, "means"), meaning_words, problems);
    out->means = means < 0 ? MEANS_UNKNOWN : (enum send_meaning)means;
    out->retry = setting_bool(rule, "retry", out->means == MEANS_THROTTLED);
    if (out->retry && (out->means == MEANS_SENT || out->means == MEANS_UNKNOWN))
        setting_problem(rule, problems, "what was sent, or may have been, must not be sent again");
}

static void compile_rules(struct setting list, struct arena *arena, struct problems *problems, struct sending *out)
{
    size_t count = setting_count(list);
    struct send_rule *rules = ARENA_ARRAY(arena, struct send_rule, count + 1);
    for (size_t i = 0; i < count; i++)
        if (setting_is_group(setting_at(list, i)))
            compile_rule(setting_at(list, i), arena, problems, &rules[out->rule_count++]);
        else
            setting_problem(setting_at(list, i), problems, "expected { status = ...; means = ...; }");
    out->rules = rules;
}

static void compile_headers(struct setting list, const struct template_names *names, struct arena *arena,
                            struct problems *problems, struct sending *out)
{
    size_t count = setting_count(list);
    struct send_header *headers = ARENA_ARRAY(arena, struct send_header, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct setting item = setting_at(list, i);
        if (!setting_is_group(item)) {
            setting_problem(item, problems, "expected { name = \"...\"; value = \"...\"; }");
            continue;
        }
        settings_check(item, profile_rules("send.headers"), problems);
        headers[out->header_count].name = arena_copy(arena, setting_string(item, "name", ""));
        headers[out->header_count++].value = template_compile(setting_get(item, "value"), names, arena, problems);
    }
    out->headers = headers;
}

void sending_compile(struct layer section, const struct template_names *names, struct arena *arena,
                     struct problems *problems, struct sending *out)
{
    if (!layer_is_present(section))
        return;
    out->open = true;
    out->method = arena_copy(arena, layer_string(section, "method", "POST"));
    out->url = template_compile(layer_get(section, "url"), names, arena, problems);
    out->body = template_compile(layer_get(section, "body"), names, arena, problems);
    out->report_url = template_compile(layer_get(section, "report_url"), names, arena, problems);
    compile_headers(layer_get(section, "headers"), names, arena, problems, out);
    compile_rules(layer_get(section, "outcomes"), arena, problems, out);
    out->id_path = arena_copy(arena, layer_string(section, "id", NULL));
    if (span_is_present(out->id_path) && !json_path_is_valid(out->id_path))
        layer_problem(section, problems, "id must be a path like \"a.b[0].c\"");
    if (template_uses(&out->report_url, VALUE_REPORT_URL))
        layer_problem(section, problems, "report_url cannot hold itself");
}
