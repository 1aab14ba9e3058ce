#include "aggregator/writing/sending.h"

#include "aggregator/language/answer_path.h"
#include "aggregator/language/jsonpath.h"
#include "aggregator/language/valuemap.h"

static const char *const meaning_words[] = {
    [MEANS_SENT] = "sent",       [MEANS_REJECTED] = "rejected",         [MEANS_THROTTLED] = "throttled",
    [MEANS_CREDIT] = "credit",   [MEANS_UNREACHABLE] = "unreachable",   [MEANS_EXPIRED] = "expired",
    [MEANS_UNKNOWN] = "unknown", [MEANS_UNAUTHORIZED] = "unauthorized", NULL,
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

static void check_rule(struct setting rule, const struct send_rule *out, struct problems *problems)
{
    bool has_json = span_is_present(out->json), has_xml = span_is_present(out->xml);
    if (has_json && !answer_path_is_valid(out->json))
        setting_problem(rule, problems, "json must be a path like \"a.b[0].c\" or \"a[*].c\"");
    if (has_json && has_xml)
        setting_problem(rule, problems, "an answer is JSON or XML, not both");
    if (out->is_count > 0 && !has_json && !has_xml)
        setting_problem(rule, problems, "`is` lists values of a `json` or `xml` path, and there is none");
    if (out->retry && (out->means == MEANS_SENT || out->means == MEANS_UNKNOWN))
        setting_problem(rule, problems, "what was sent, or may have been, must not be sent again");
    if (!out->retry && (out->wait_ms > 0 || span_is_present(out->wait_ms_after)))
        setting_problem(rule, problems, "a wait is for what is sent again: retry = true");
}

static void compile_rule(struct setting rule, struct arena *arena, struct problems *problems, struct send_rule *out)
{
    settings_check(rule, sending_rules("send.outcomes"), problems);
    struct span status = setting_string(rule, "status", "100-599");
    if (!read_status(status, &out->status_min, &out->status_max))
        setting_problem(rule, problems, "status must be \"201\" or a range \"500-599\"");
    out->json = arena_copy(arena, setting_string(rule, "json", NULL));
    out->xml = arena_copy(arena, setting_string(rule, "xml", NULL));
    out->starts = arena_copy(arena, setting_string(rule, "starts", NULL));
    out->contains = arena_copy(arena, setting_string(rule, "contains", NULL));
    compile_is(rule, arena, out);
    int means = valuemap_word(setting_get(rule, "means"), meaning_words, problems);
    out->means = means < 0 ? MEANS_UNKNOWN : (enum send_meaning)means;
    bool again = out->means == MEANS_THROTTLED || out->means == MEANS_UNAUTHORIZED;
    out->retry = setting_bool(rule, "retry", again);
    out->wait_ms = setting_integer(rule, "wait_ms", 0);
    out->wait_ms_after = arena_copy(arena, setting_string(rule, "wait_ms_after", NULL));
    check_rule(rule, out, problems);
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

void sending_compile(struct layer section, bool pushes, const struct template_names *names, struct arena *arena,
                     struct problems *problems, struct sending *out)
{
    struct template_names own = *names;
    if (!layer_is_present(section))
        return;
    own.known = VALUES_OF_A_SEND;
    own.echoes = NULL; /* a text leaves long after the request that it answers */
    out->open = true;
    asking_compile(section, pushes ? WELLFORMED_PUSH : WELLFORMED_SEND, &own, arena, problems, &out->asking);
    out->report_url = template_compile(layer_get(section, "report_url"), &own, arena, problems);
    compile_rules(layer_get(section, "outcomes"), arena, problems, out);
    out->id_path = arena_copy(arena, layer_string(section, "id", NULL));
    if (template_uses(&out->report_url, VALUE_REPORT_URL))
        layer_problem(section, problems, "report_url cannot hold itself");
    if (!asking_uses(&out->asking, VALUE_TEXT))
        layer_problem(section, problems, "url, headers or body must hold {{text}}");
    if (pushes && !asking_uses(&out->asking, VALUE_ENDS))
        layer_problem(section, problems, "a push must say with {{ends}} whether its page is the last");
}

void token_compile(struct layer section, const struct template_names *names, struct arena *arena,
                   struct problems *problems, struct token_asking *out)
{
    struct template_names own = *names;
    if (!layer_is_present(section))
        return;
    own.known = VALUES_OF_A_CHANNEL;
    own.echoes = NULL;
    out->open = true;
    asking_compile(section, WELLFORMED_SEND, &own, arena, problems, &out->asking);
    out->path = arena_copy(arena, layer_string(section, "path", "access_token"));
    out->expires = arena_copy(arena, layer_string(section, "expires", "expires_in"));
    out->lives_ms = 1000 * layer_integer(section, "lives_seconds", 3600);
    if (!json_path_is_valid(out->path) || !json_path_is_valid(out->expires))
        layer_problem(section, problems, "path and expires must be paths like \"a.b[0].c\"");
}
