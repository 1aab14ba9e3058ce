#include "aggregator/writing/replying.h"

#include "aggregator/language/wellformed.h"

static struct span kept(struct layer layer, const char *name, struct span otherwise, struct arena *arena)
{
    struct span value = layer_string(layer, name, NULL);
    return span_is_present(value) ? arena_copy(arena, value) : otherwise;
}

static struct span checked_type(struct layer layer, const char *name, struct span otherwise, struct arena *arena,
                                struct problems *problems)
{
    struct span type = kept(layer, name, otherwise, arena);
    if (headers_template_breaks_line(type))
        layer_problem(layer, problems, "%s holds a line break or another control character", name);
    return type;
}

static struct translations compile_translations(struct setting list, struct arena *arena, struct problems *problems)
{
    size_t count = setting_count(list);
    struct translation *at = ARENA_ARRAY(arena, struct translation, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct setting item;
        if (!layer_entry(list, i, "{ text = \"...\"; becomes = \"...\"; }", replying_rules("reply.translate"), problems,
                         &item))
            return (struct translations){at, 0};
        at[i] = (struct translation){arena_copy(arena, setting_string(item, "text", " ")),
                                     arena_copy(arena, setting_string(item, "becomes", ""))};
    }
    return (struct translations){at, count};
}

static struct members compile_members(struct setting list, const struct template_names *names, struct arena *arena,
                                      struct problems *problems)
{
    size_t count = setting_count(list);
    struct member_template *at = ARENA_ARRAY(arena, struct member_template, count + 1);
    struct members out = {at, 0};
    for (size_t i = 0; i < count; i++) {
        struct setting item;
        if (!layer_entry(list, i, "{ name = \"...\"; value = \"...\"; }", replying_rules("reply.set"), problems, &item))
            continue;
        struct member_template *member = &at[out.count++];
        member->name = arena_copy(arena, setting_string(item, "name", ""));
        member->value = template_compile(setting_get(item, "value"), names, arena, problems);
        member->is_json = setting_bool(item, "json", false);
    }
    return out;
}

static bool members_use(const struct members *members, unsigned value)
{
    for (size_t i = 0; i < members->count; i++)
        if (template_uses(&members->at[i].value, value))
            return true;
    return false;
}

static bool headers_use(const struct headers_template *headers, unsigned value)
{
    for (size_t i = 0; i < headers->count; i++)
        if (template_uses(&headers->at[i].value, value))
            return true;
    return false;
}

static void compile_refusal(struct layer reply, struct span content_type, const struct template_names *names,
                            struct arena *arena, struct problems *problems, struct replying *out)
{
    struct layer refusal = layer_group(reply, "refusal");
    struct template_names own = *names;
    if (!layer_is_present(refusal))
        return;
    layer_check(refusal, replying_rules("reply.refusal"), problems);
    own.known = VALUES_OF_A_REFUSAL;
    own.echoes = NULL; /* what could not be read is not repeated */
    out->refusal.present = true;
    out->refusal.status = (unsigned)layer_integer(refusal, "status", 200);
    out->refusal.content_type = checked_type(refusal, "content_type", content_type, arena, problems);
    out->refusal.body = template_compile(layer_get(refusal, "body"), &own, arena, problems);
}

/* A screen that cannot be said on one of the two ways would be said on none. */
static void check_screens(struct layer reply, const struct replying *out, struct problems *problems)
{
    bool says = out->same_object ? members_use(&out->set_go_on, VALUE_TEXT) && members_use(&out->set_end, VALUE_TEXT)
                                 : template_uses(&out->go_on, VALUE_TEXT) && template_uses(&out->end, VALUE_TEXT);
    if (!says)
        layer_problem(reply, problems, "%s and %s must both hold {{text}}",
                      out->same_object ? "set_continue" : "continue", out->same_object ? "set_end" : "end");
    if (headers_use(&out->go_on_headers, VALUE_TEXT) || headers_use(&out->end_headers, VALUE_TEXT))
        layer_problem(reply, problems, "a header cannot hold {{text}}: a screen has lines");
}

/* Whatever a person's screen holds, what goes out is what its Content-Type says. */
static void check_replying(struct layer reply, const struct replying *out, struct arena *arena,
                           struct problems *problems)
{
    static const struct translations none = {NULL, 0};
    const struct {
        const struct template *template;
        const char *name;
        const struct translations *translations;
    } tried[] = {
        {&out->go_on, "continue", &out->translations},
        {&out->end, "end", &out->translations},
        {&out->open, "open", &none},
        {&out->closed, "closed", &none},
    };
    for (size_t i = 0; i < sizeof tried / sizeof tried[0]; i++)
        wellformed_check(tried[i].template, WELLFORMED_REPLY, tried[i].translations, out->content_type,
                         layer_get(reply, tried[i].name), arena, problems);
    wellformed_check(&out->refusal.body, WELLFORMED_REPLY, &none, out->refusal.content_type,
                     layer_get(layer_group(reply, "refusal"), "body"), arena, problems);
}

static void check_members(const struct members *members, struct setting list, struct arena *arena,
                          struct problems *problems)
{
    static const struct translations none = {NULL, 0};
    for (size_t i = 0; i < members->count && members->count == setting_count(list); i++)
        if (members->at[i].is_json)
            wellformed_check(&members->at[i].value, WELLFORMED_REPLY, &none, SPAN("json"), setting_at(list, i), arena,
                             problems);
}

/* What every response has: its status and its type. Returns the names that its body may use. */
static struct template_names begin_response(struct layer section, const struct template_names *names, unsigned *status,
                                            struct span *type, struct arena *arena, struct problems *problems)
{
    struct template_names own = *names;
    own.known = VALUES_OF_A_REPLY;
    *status = (unsigned)layer_integer(section, "status", 200);
    *type = checked_type(section, "content_type", SPAN("text/plain; charset=utf-8"), arena, problems);
    return own;
}

void replying_compile(struct layer all, bool screens, const struct template_names *names, struct arena *arena,
                      struct problems *problems, struct replying *out)
{
    struct layer reply = layer_group(all, "reply");
    struct template_names own = begin_response(reply, names, &out->status, &out->content_type, arena, problems);
    compile_refusal(reply, out->content_type, names, arena, problems, out);
    out->open = template_compile(layer_get(reply, "open"), &own, arena, problems);
    out->closed = template_compile(layer_get(reply, "closed"), &own, arena, problems);
    if (screens && !layer_is_present(reply))
        layer_problem(all, problems, "a ussd profile needs reply = { continue = ...; end = ...; }, or push");
    if (screens && layer_is_present(reply)) {
        out->translations = compile_translations(layer_get(reply, "translate"), arena, problems);
        out->same_object = layer_bool(reply, "same_object", false);
        out->go_on = template_compile(layer_get(reply, "continue"), &own, arena, problems);
        out->end = template_compile(layer_get(reply, "end"), &own, arena, problems);
        out->go_on_headers = headers_template_compile(layer_get(reply, "continue_headers"), &own, arena, problems);
        out->end_headers = headers_template_compile(layer_get(reply, "end_headers"), &own, arena, problems);
        out->set_go_on = compile_members(layer_get(reply, "set_continue"), &own, arena, problems);
        out->set_end = compile_members(layer_get(reply, "set_end"), &own, arena, problems);
        check_screens(reply, out, problems);
        check_members(&out->set_go_on, layer_get(reply, "set_continue"), arena, problems);
        check_members(&out->set_end, layer_get(reply, "set_end"), arena, problems);
    }
    check_replying(reply, out, arena, problems);
}

void acknowledging_compile(struct layer all, const struct template_names *names, struct arena *arena,
                           struct problems *problems, struct acknowledging *out)
{
    struct layer section = layer_group(all, "acknowledge");
    struct template_names own = begin_response(section, names, &out->status, &out->content_type, arena, problems);
    out->answer_content_type = checked_type(section, "answer_content_type", out->content_type, arena, problems);
    out->answer = template_compile(layer_get(section, "answer"), &own, arena, problems);
    out->answers = out->answer.count > 0;
    own.known &= ~VALUES_OF(VALUE_TEXT); /* it would be sent on to the person */
    out->body = template_compile(layer_get(section, "body"), &own, arena, problems);
    out->headers = headers_template_compile(layer_get(section, "headers"), &own, arena, problems);
    if (out->answers && !template_uses(&out->answer, VALUE_TEXT))
        setting_problem(layer_get(section, "answer"), problems, "the answer to a text must hold {{text}}");
    static const struct translations none = {NULL, 0};
    wellformed_check(&out->body, WELLFORMED_REPLY, &none, out->content_type, layer_get(section, "body"), arena,
                     problems);
    wellformed_check(&out->answer, WELLFORMED_REPLY, &none, out->answer_content_type, layer_get(section, "answer"),
                     arena, problems);
}
