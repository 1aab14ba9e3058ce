#include "aggregator/channel.h"

#include <string.h>

#include "aggregator/credentials.h"
#include "aggregator/profile.h"

struct channel_set {
    struct arena *arena;
    struct channel *channels;
    size_t count;
};

static const char *const trusts[] = {"network-only", NULL};

static const struct setting_rule rules[] = {
    {"profile", SETTING_STRING, true, 1, 60, NULL, "The aggregator's dialect: conf/aggregators/<profile>.conf"},
    {"enabled", SETTING_BOOL, false, 0, 0, NULL, "false: checked, but not served; true"},
    {"service", SETTING_STRING, true, 1, 60, NULL, "The folder below menus/ that answers here"},
    {"code", SETTING_STRING, false, 1, 40, NULL, "The service code or short code, \"*384*123#\""},
    {"auth", SETTING_STRING, false, 0, 0, credential_words, "How a callback is known to be genuine"},
    {"trust", SETTING_STRING, false, 0, 0, trusts, "network-only: no authentication, nobody else can reach us"},
    {"secret", SETTING_STRING, false, 0, 0, NULL, "The secret, or @FILE (mode 0600)"},
    {"secret_field", SETTING_STRING, false, 1, 60, NULL, "auth = \"field\": its name; secret"},
    {"secret_header", SETTING_STRING, false, 1, 60, NULL, "auth = \"header\": its name; Authorization"},
    {"secret_prefix", SETTING_STRING, false, 1, 60, NULL, "auth = \"header\": what stands before it, \"Bearer \""},
    {"user", SETTING_STRING, false, 1, 60, NULL, "auth = \"basic\": the user's name"},
    {"networks", SETTING_STRINGS, false, 0, 0, NULL, "Source addresses that may call, CIDR"},
    {"secrets", SETTING_GROUP, false, 0, 0, NULL, "What sending needs, each a string or @FILE: {{secret.NAME}}"},
    {"with", SETTING_GROUP, false, 0, 0, NULL, "Values for {{with.NAME}} of the profile"},
    {"numbers", SETTING_GROUP, false, 0, 0, NULL, "How national numbers are read"},
    {"accept_unverified", SETTING_BOOL, false, 0, 0, NULL, "Take a profile whose facts are second-hand; false"},
    {"sends", SETTING_BOOL, false, 0, 0, NULL, "false: no texts are sent on it; true where the profile can"},
    {"idempotent", SETTING_BOOL, false, 0, 0, NULL, "The aggregator knows our ids: a send may be repeated; false"},
    {"repeat_ms", SETTING_INTEGER, false, 0, 60000, NULL, "Identical input without an id within it is a repeat; 1500"},
    {"sends_per_second", SETTING_INTEGER, false, 1, 1000, NULL, "10"},
    {"sends_in_flight", SETTING_INTEGER, false, 1, 100, NULL, "4"},
    {"text_expires_minutes", SETTING_INTEGER, false, 1, 10080, NULL, "A text not sent by then is not sent; 1440"},
    {"request", SETTING_GROUP, false, 0, 0, NULL, "Overrides of the profile, as are the groups that follow"},
    {"reply", SETTING_GROUP, false, 0, 0, NULL, ""},
    {"acknowledge", SETTING_GROUP, false, 0, 0, NULL, ""},
    {"limits", SETTING_GROUP, false, 0, 0, NULL, ""},
    {"notify", SETTING_GROUP, false, 0, 0, NULL, ""},
    {"reports", SETTING_GROUP, false, 0, 0, NULL, ""},
    {"send", SETTING_GROUP, false, 0, 0, NULL, ""},
    {"dial", SETTING_GROUP, false, 0, 0, NULL, ""},
    {0},
};
static const struct setting_rule number_rules[] = {
    {"country", SETTING_STRING, false, 1, 4, NULL, "Calling code without plus, \"880\"; left out: no national forms"},
    {"trunk", SETTING_STRING, false, 0, 3, NULL, "What stands before a national number, \"0\""},
    {"min", SETTING_INTEGER, false, 4, 14, NULL, "Digits after the calling code, at least; 7"},
    {"max", SETTING_INTEGER, false, 4, 14, NULL, "and at most; 12"},
    {0},
};

const struct setting_rule *channel_rules(const char *group)
{
    if (strcmp(group, "") == 0)
        return rules;
    return strcmp(group, "numbers") == 0 ? number_rules : profile_rules(group);
}

static bool is_name(struct span name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";
    for (size_t i = 0; i < name.len; i++)
        if (name.at[i] == '\0' || strchr(letters, name.at[i]) == NULL)
            return false;
    return name.len > 0;
}

static struct carrier carrier_of(struct layer limits, enum channel_kind kind)
{
    int gsm7 = (int)layer_integer(limits, "gsm7", 160);
    int ucs2 = (int)layer_integer(limits, "ucs2", 70);
    int segments = (int)layer_integer(limits, "segments", 3);
    if (kind == CHANNEL_USSD)
        return (struct carrier){gsm7, ucs2, true};
    if (segments == 1)
        return (struct carrier){gsm7, ucs2, false};
    /* The header that joins the parts takes 7 septets, or 3 units, of each. */
    return (struct carrier){(gsm7 - 7) * segments, ucs2 == 0 ? 0 : (ucs2 - 3) * segments, false};
}

static void read_limits(struct layer all, struct channel *out)
{
    struct layer limits = layer_group(all, "limits");
    int64_t silence = layer_integer(limits, "silence_seconds", out->kind == CHANNEL_USSD ? 180 : 21600);
    out->carrier = carrier_of(limits, out->kind);
    out->silence_ms = 1000 * silence;
    out->max_body = (size_t)layer_integer(limits, "body_bytes", 65536);
    out->repeat_ms = layer_integer(all, "repeat_ms", 1500);
    out->sends_per_second = (unsigned)layer_integer(all, "sends_per_second", 10);
    out->sends_in_flight = (unsigned)layer_integer(all, "sends_in_flight", 4);
    out->text_expires_ms = 60000 * layer_integer(all, "text_expires_minutes", 1440);
}

static void read_numbers(struct setting channel, struct arena *arena, struct problems *problems, struct channel *out)
{
    struct setting numbers = setting_get(channel, "numbers");
    if (setting_is_present(numbers))
        settings_check(numbers, number_rules, problems);
    out->numbers = (struct phone_rules){.country = arena_copy(arena, setting_string(numbers, "country", NULL)),
                                        .trunk = arena_copy(arena, setting_string(numbers, "trunk", NULL)),
                                        .national_min = (int)setting_integer(numbers, "min", 7),
                                        .national_max = (int)setting_integer(numbers, "max", 12)};
}

static void read_own_words(struct setting channel, struct arena *arena, struct problems *problems, struct channel *out)
{
    settings_check(channel, rules, problems);
    out->id = arena_copy(arena, span_of(setting_name(channel)));
    out->enabled = setting_bool(channel, "enabled", true);
    out->profile_name = arena_copy(arena, setting_string(channel, "profile", ""));
    out->service = arena_copy(arena, setting_string(channel, "service", ""));
    out->code = arena_copy(arena, setting_string(channel, "code", NULL));
    out->idempotent = setting_bool(channel, "idempotent", false);
    read_numbers(channel, arena, problems, out);
    out->secrets = credentials_load(channel, out->enabled, arena, problems);
}

/* The channel's settings over the profile's file, once that is open. */
static void read_profile(struct layer all, struct arena *arena, struct problems *problems, struct channel *out)
{
    settings_check(all.under, profile_rules(""), problems);
    if (setting_bool(all.under, "unverified", false) && out->enabled &&
        !setting_bool(all.over, "accept_unverified", false))
        setting_problem(all.over, problems,
                        "the facts of this profile are second-hand; say accept_unverified = true after you tried it");
    out->kind = span_equal_text(setting_string(all.under, "kind", ""), "sms") ? CHANNEL_SMS : CHANNEL_USSD;
    out->profile = profile_compile(all, out->kind, out->enabled, arena, problems);
    read_limits(all, out);
    out->sends = out->profile->send.open;
}

/* A slip of the pen in --set channels.NAME.secret=... would make a channel of its own. */
static bool is_slip(struct setting channels, struct setting channel, struct problems *problems, struct arena *arena)
{
    if (setting_is_present(setting_get(channel, "profile")) || strcmp(setting_file(channel), "--set") != 0)
        return false;
    const char **names = ARENA_ARRAY(arena, const char *, setting_count(channels) + 1);
    size_t count = 0;
    for (size_t i = 0; i < setting_count(channels); i++)
        if (setting_is_present(setting_get(setting_at(channels, i), "profile")))
            names[count++] = setting_name(setting_at(channels, i));
    const char *nearest = settings_nearest(span_of(setting_name(channel)), names);
    setting_problem(channel, problems, "there is no channel \"%s\" in %s%s%s", setting_name(channel),
                    setting_file(channels), nearest ? "; nearest is " : "", nearest ? nearest : "");
    return true;
}

static enum outcome load_channel(struct setting channel, const char *profile_dir, struct arena *arena,
                                 struct problems *problems, struct channel *out, struct error *err)
{
    if (!setting_is_group(channel)) {
        setting_problem(channel, problems, "a channel is a group: %s : { profile = ...; }", setting_name(channel));
        return OUTCOME_OK;
    }
    read_own_words(channel, arena, problems, out);
    if (!is_name(out->profile_name)) {
        setting_problem(channel, problems, "a profile's name is made of small letters, digits and -");
        return OUTCOME_OK;
    }
    struct settings *file = NULL;
    const char *path = arena_text(arena, arena_format(arena, "%s/%.*s.conf", profile_dir, SPAN_ARG(out->profile_name)));
    enum outcome outcome = settings_read(path, NULL, &file, problems, err);
    if (outcome == OUTCOME_NOT_FOUND) {
        const char *nearest = settings_nearest_in(out->profile_name, profile_dir, ".conf", arena);
        setting_problem(setting_get(channel, "profile"), problems, "there is no profile %s%s%s", path,
                        nearest ? "; nearest is " : "", nearest ? nearest : "");
    }
    if (outcome == OUTCOME_OK)
        read_profile((struct layer){channel, settings_root(file)}, arena, problems, out);
    settings_free(file);
    return outcome == OUTCOME_BROKEN ? outcome : OUTCOME_OK;
}

static enum outcome load_all(struct setting channels, const char *profile_dir, struct span public_url,
                             struct channel_set *set, struct problems *problems, struct error *err)
{
    size_t before = problems->count;
    for (size_t i = 0; i < setting_count(channels); i++) {
        if (is_slip(channels, setting_at(channels, i), problems, set->arena))
            continue;
        struct channel *channel = &set->channels[set->count];
        channel->index = (unsigned)set->count++;
        channel->public_url = public_url;
        enum outcome outcome = load_channel(setting_at(channels, i), profile_dir, set->arena, problems, channel, err);
        if (outcome != OUTCOME_OK)
            return outcome;
    }
    if (problems->count != before)
        return error_set(err, OUTCOME_REFUSED, "the channels do not hold");
    return OUTCOME_OK;
}

static struct span without_last_slash(struct span url)
{
    return url.len > 0 && url.at[url.len - 1] == '/' ? span_first(url, url.len - 1) : url;
}

enum outcome channel_set_load(struct setting channels, const char *profile_dir, const struct channel_site *site,
                              struct channel_set **out, struct problems *problems, struct error *err)
{
    struct arena *arena = arena_create(65536);
    struct channel_set *set = ARENA_NEW(arena, struct channel_set);
    set->arena = arena;
    set->channels = ARENA_ARRAY(arena, struct channel, setting_count(channels) + 1);
    struct span public_url = site == NULL ? SPAN_NONE : without_last_slash(arena_copy(arena, site->public_url));
    enum outcome outcome = load_all(channels, profile_dir, public_url, set, problems, err);
    *out = outcome == OUTCOME_OK ? set : NULL;
    if (outcome != OUTCOME_OK)
        channel_set_free(set);
    return outcome;
}

void channel_set_free(struct channel_set *set)
{
    if (set != NULL)
        arena_destroy(set->arena);
}

size_t channel_set_count(const struct channel_set *set)
{
    return set->count;
}

const struct channel *channel_set_at(const struct channel_set *set, size_t index)
{
    return &set->channels[index];
}

const struct channel *channel_set_find(const struct channel_set *set, struct span id)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->channels[i].enabled && span_equal(set->channels[i].id, id))
            return &set->channels[i];
    return NULL;
}

const char *channel_set_nearest(const struct channel_set *set, struct span id)
{
    const char **names = ARENA_ARRAY(set->arena, const char *, set->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < set->count; i++)
        if (set->channels[i].enabled)
            names[count++] = set->channels[i].id.at; /* a copy of an arena, so a NUL stands behind it */
    return settings_nearest(id, names);
}

const struct channel *channel_set_texting(const struct channel_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->channels[i].enabled && set->channels[i].sends && set->channels[i].kind == CHANNEL_SMS)
            return &set->channels[i];
    return NULL;
}
