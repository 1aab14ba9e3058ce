#include "aggregator/profile.h"

#include <string.h>

#include "aggregator/door/door.h"

/* A ussd channel pushes its pages where the dialect does; otherwise its texts go by `send`, and so do those of an sms one. */
static void compile_sendings(struct layer all, enum channel_kind kind, const struct template_names *names,
                             struct arena *arena, struct problems *problems, struct profile *out)
{
    if (kind == CHANNEL_USSD)
        sending_compile(layer_group(all, "push"), true, names, arena, problems, &out->push);
    if (!out->push.open && layer_bool(all, "sends", true))
        sending_compile(layer_group(all, "send"), false, names, arena, problems, &out->send);
    token_compile(layer_group(all, "token"), names, arena, problems, &out->token);
    const struct sending *used = profile_sending(out);
    if (asking_uses(&used->asking, VALUE_TOKEN) && !out->token.open)
        layer_problem(all, problems, "{{token}} needs token = { url = ...; }");
    for (size_t i = 0; i < used->rule_count; i++)
        if (used->rules[i].means == MEANS_UNAUTHORIZED && !out->token.open)
            layer_problem(all, problems,
                          "means = \"unauthorized\" asks for another token, and there is no token group");
}

const struct sending *profile_sending(const struct profile *profile)
{
    return profile->push.open ? &profile->push : &profile->send;
}

const struct profile *profile_compile(struct layer all, enum channel_kind kind, bool enabled, struct arena *arena,
                                      struct problems *problems)
{
    static const char *const sections[] = {"request", "reply", "acknowledge", "limits", "notify",
                                           "reports", "send",  "push",        "token",  "dial"};
    size_t before = problems->count;
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++)
        layer_check(layer_group(all, sections[i]), profile_rules(sections[i]), problems);
    struct profile *out = ARENA_NEW(arena, struct profile);
    if (problems->count != before)
        return out; /* what does not hold its table is not looked into */
    struct template_names names = {.secrets = layer_group(all, "secrets"),
                                   .with = layer_group(all, "with"),
                                   .forgiving = !enabled,
                                   .echoes = &out->echoes};
    door_compile(layer_group(all, "request"), DOOR_IN, kind, arena, problems, &out->doors[DOOR_IN]);
    door_compile(layer_group(all, "reports"), DOOR_REPORT, kind, arena, problems, &out->doors[DOOR_REPORT]);
    door_compile(layer_group(all, "notify"), DOOR_NOTIFY, kind, arena, problems, &out->doors[DOOR_NOTIFY]);
    compile_sendings(all, kind, &names, arena, problems, out);
    replying_compile(all, kind == CHANNEL_USSD && !out->push.open, &names, arena, problems, &out->reply);
    acknowledging_compile(all, &names, arena, problems, &out->acknowledge);
    playing_compile(layer_group(all, "dial"), &names, arena, problems, &out->dial);
    return out;
}
