#include "aggregator/profile.h"

#include <string.h>

#include "aggregator/door.h"
#include "aggregator/sending.h"

static struct span kept(struct layer layer, const char *name, const char *otherwise, struct arena *arena)
{
    return arena_copy(arena, layer_string(layer, name, otherwise));
}

static void compile_reply(struct layer all, enum channel_kind kind, const struct template_names *names,
                          struct arena *arena, struct problems *problems, struct profile *out)
{
    struct layer reply = layer_group(all, "reply");
    out->reply.status = (unsigned)layer_integer(reply, "status", 200);
    out->reply.content_type = kept(reply, "content_type", "text/plain; charset=utf-8", arena);
    if (kind != CHANNEL_USSD)
        return;
    if (!layer_is_present(reply)) {
        layer_problem(all, problems, "a ussd profile needs reply = { continue = ...; end = ...; }");
        return;
    }
    out->reply.go_on = template_compile(layer_get(reply, "continue"), names, arena, problems);
    out->reply.end = template_compile(layer_get(reply, "end"), names, arena, problems);
    if (!template_uses(&out->reply.go_on, VALUE_TEXT) || !template_uses(&out->reply.end, VALUE_TEXT))
        layer_problem(reply, problems, "continue and end must both hold {{text}}");
}

static void compile_acknowledge(struct layer all, struct arena *arena, struct profile *out)
{
    struct layer acknowledge = layer_group(all, "acknowledge");
    out->acknowledge.status = (unsigned)layer_integer(acknowledge, "status", 200);
    out->acknowledge.content_type = kept(acknowledge, "content_type", "text/plain; charset=utf-8", arena);
    out->acknowledge.body = kept(acknowledge, "body", "", arena);
}

static void compile_dial(struct layer all, struct arena *arena, struct profile *out)
{
    struct setting extra = layer_get(layer_group(all, "dial"), "extra");
    size_t count = setting_count(extra);
    struct pair *pairs = ARENA_ARRAY(arena, struct pair, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct setting item = setting_at(extra, i);
        pairs[i].name = arena_copy(arena, setting_string(item, "name", ""));
        pairs[i].value = arena_copy(arena, setting_string(item, "value", ""));
    }
    out->dial_extra = pairs;
    out->dial_extra_count = count;
}

const struct profile *profile_compile(struct layer all, enum channel_kind kind, bool enabled, struct arena *arena,
                                      struct problems *problems)
{
    static const char *const sections[] = {"request", "reply",   "acknowledge", "limits",
                                           "notify",  "reports", "send",        "dial"};
    size_t before = problems->count;
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++)
        layer_check(layer_group(all, sections[i]), profile_rules(sections[i]), problems);
    struct profile *out = ARENA_NEW(arena, struct profile);
    if (problems->count != before)
        return out; /* what does not hold its table is not looked into */
    struct template_names names = {layer_group(all, "secrets"), layer_group(all, "with"), !enabled};
    door_compile(layer_group(all, "request"), DOOR_IN, kind, arena, problems, &out->doors[DOOR_IN]);
    door_compile(layer_group(all, "reports"), DOOR_REPORT, kind, arena, problems, &out->doors[DOOR_REPORT]);
    door_compile(layer_group(all, "notify"), DOOR_NOTIFY, kind, arena, problems, &out->doors[DOOR_NOTIFY]);
    compile_reply(all, kind, &names, arena, problems, out);
    compile_acknowledge(all, arena, out);
    compile_dial(all, arena, out);
    if (layer_bool(all, "sends", true))
        sending_compile(layer_group(all, "send"), &names, arena, problems, &out->send);
    return out;
}
