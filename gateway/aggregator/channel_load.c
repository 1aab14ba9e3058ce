#include "aggregator/channel_load.h"

#include <string.h>

#include "aggregator/profile.h"

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
        settings_check(numbers, channel_number_rules, problems);
    out->numbers = (struct phone_rules){.country = arena_copy(arena, setting_string(numbers, "country", NULL)),
                                        .trunk = arena_copy(arena, setting_string(numbers, "trunk", NULL)),
                                        .national_min = (int)setting_integer(numbers, "min", 7),
                                        .national_max = (int)setting_integer(numbers, "max", 12)};
}

/* "0.80" as millionths; false for what is no amount, or finer than that. */
static bool read_amount(struct span text, int64_t *micros)
{
    uint64_t whole, parts = 0;
    struct span fraction = text;
    if (!span_to_u64(span_cut(&fraction, '.'), &whole) || whole > 1000000)
        return false;
    if (span_is_present(fraction) && (fraction.len > 6 || !span_to_u64(fraction, &parts)))
        return false;
    for (size_t digits = fraction.len; digits < 6; digits++)
        parts *= 10;
    *micros = (int64_t)(1000000 * whole + parts);
    return true;
}

static bool is_currency(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] < 'A' || text.at[i] > 'Z')
            return false;
    return text.len == 3;
}

static void read_cost(struct setting channel, struct arena *arena, struct problems *problems, struct channel *out)
{
    struct setting cost = setting_get(channel, "cost");
    if (!setting_is_present(cost))
        return;
    settings_check(cost, channel_cost_rules, problems);
    out->cost.currency = arena_copy(arena, setting_string(cost, "currency", NULL));
    if (!is_currency(out->cost.currency))
        setting_problem(cost, problems, "currency is three capital letters: \"KES\"");
    if (!read_amount(setting_string(cost, "per_segment", ""), &out->cost.micros_per_segment))
        setting_problem(cost, problems, "per_segment is an amount with at most six decimals: \"0.80\"");
}

/* What callers are told of the price: `free` or `airtime`, or nothing. */
static void read_airtime(struct setting channel, struct arena *arena, struct problems *problems, struct channel *out)
{
    out->airtime.free = setting_bool(channel, "free", false);
    out->airtime.cost = arena_copy(arena, setting_string(channel, "airtime", NULL));
    if (out->airtime.free && span_is_present(out->airtime.cost))
        setting_problem(setting_get(channel, "airtime"), problems, "what is free costs no airtime: say one of the two");
}

static void read_breaker(struct setting channel, struct problems *problems, struct channel *out)
{
    struct setting breaker = setting_get(channel, "breaker");
    if (setting_is_present(breaker))
        settings_check(breaker, channel_breaker_rules, problems);
    out->breaker.failures = (unsigned)setting_integer(breaker, "failures", 5);
    out->breaker.rest_ms = 1000 * setting_integer(breaker, "rest_seconds", 30);
}

static void read_own_words(struct setting channel, struct arena *arena, struct problems *problems, struct channel *out)
{
    settings_check(channel, channel_rules(""), problems);
    out->id = arena_copy(arena, span_of(setting_name(channel)));
    out->enabled = setting_bool(channel, "enabled", true);
    out->profile_name = arena_copy(arena, setting_string(channel, "profile", ""));
    out->service = arena_copy(arena, setting_string(channel, "service", ""));
    out->code = arena_copy(arena, setting_string(channel, "code", NULL));
    out->idempotent = setting_bool(channel, "idempotent", false);
    out->push_expires_ms = 1000 * setting_integer(channel, "push_expires_seconds", 20);
    out->join_ms = 1000 * setting_integer(channel, "join_seconds", 60);
    read_numbers(channel, arena, problems, out);
    read_cost(channel, arena, problems, out);
    read_airtime(channel, arena, problems, out);
    read_breaker(channel, problems, out);
}

/* The profile's, or where that speaks both the one that the channel chose. */
static enum channel_kind read_kind(struct layer all, struct problems *problems)
{
    struct span spoken = setting_string(all.under, "kind", "");
    struct span chosen = setting_string(all.over, "kind", NULL);
    bool both = span_equal_text(spoken, "both");
    if (both && !span_is_present(chosen))
        setting_problem(all.over, problems, "this profile speaks both: say kind = \"ussd\" or \"sms\"");
    if (!both && span_is_present(chosen) && !span_equal(chosen, spoken))
        setting_problem(setting_get(all.over, "kind"), problems, "this profile speaks another kind: %.*s",
                        SPAN_ARG(spoken));
    return span_equal_text(both ? chosen : spoken, "sms") ? CHANNEL_SMS : CHANNEL_USSD;
}

static void check_evidence(struct layer all, bool enabled, struct problems *problems)
{
    bool unverified = setting_bool(all.under, "unverified", false);
    if (unverified && setting_is_present(setting_get(all.under, "evidence")))
        setting_problem(setting_get(all.under, "evidence"), problems, "what is unverified has no evidence");
    if (unverified && enabled && !setting_bool(all.over, "accept_unverified", false))
        setting_problem(all.over, problems,
                        "the facts of this profile are second-hand; say accept_unverified = true after you tried it");
}

/* Whether any shape of its requests leaves the caller out after the first one. */
static bool names_caller_once(const struct door *in)
{
    bool once = in->own.from_first_only;
    for (size_t i = 0; i < in->variant_count; i++)
        once = once || in->variants[i].from_first_only;
    return once;
}

/* Which ways an answer takes. */
static void read_ways(struct layer all, struct problems *problems, struct channel *out)
{
    struct layer acknowledge = layer_group(all, "acknowledge");
    out->sends = out->profile->send.open;
    out->pushes = out->kind == CHANNEL_USSD && layer_is_present(layer_group(all, "push"));
    out->names_caller_once = out->kind == CHANNEL_USSD && names_caller_once(&out->profile->doors[DOOR_IN]);
    out->needs_token = layer_is_present(layer_group(all, "token"));
    out->answers_in_reply = setting_bool(all.over, "answer_in_reply", false);
    if (out->answers_in_reply && (out->kind != CHANNEL_SMS || !setting_is_present(layer_get(acknowledge, "answer"))))
        setting_problem(setting_get(all.over, "answer_in_reply"), problems,
                        "only an sms profile with acknowledge = { answer = ...; } can answer in its reply");
}

/* The channel's settings over the profile's file, once that is open. */
static void read_profile(struct layer all, struct arena *arena, struct problems *problems, struct channel *out)
{
    settings_check(all.under, profile_rules(""), problems);
    check_evidence(all, out->enabled, problems);
    out->kind = read_kind(all, problems);
    out->profile = profile_compile(all, out->kind, out->enabled, arena, problems);
    read_limits(all, out);
    read_ways(all, problems, out);
}

static enum outcome open_profile(struct setting channel, const char *profile_dir, const struct channel *out,
                                 struct arena *arena, struct problems *problems, struct settings **file,
                                 struct error *err)
{
    const char *path = arena_text(arena, arena_format(arena, "%s/%.*s.conf", profile_dir, SPAN_ARG(out->profile_name)));
    enum outcome outcome = settings_read(path, NULL, file, problems, err);
    if (outcome == OUTCOME_NOT_FOUND) {
        const char *nearest = settings_nearest_in(out->profile_name, profile_dir, ".conf", arena);
        setting_problem(setting_get(channel, "profile"), problems, "there is no profile %s%s%s", path,
                        nearest ? "; nearest is " : "", nearest ? nearest : "");
    }
    return outcome;
}

enum outcome channel_load(struct setting channel, const char *profile_dir, const struct credentials_site *site,
                          struct arena *arena, struct problems *problems, struct channel *out, struct error *err)
{
    if (!setting_is_group(channel)) {
        setting_problem(channel, problems, "a channel is a group: %s : { profile = ...; }", setting_name(channel));
        return OUTCOME_OK;
    }
    read_own_words(channel, arena, problems, out);
    struct layer all = {.over = channel};
    struct settings *file = NULL;
    enum outcome outcome = OUTCOME_OK;
    if (is_name(out->profile_name)) {
        outcome = open_profile(channel, profile_dir, out, arena, problems, &file, err);
        all.under = file == NULL ? all.under : settings_root(file);
    } else {
        setting_problem(channel, problems, "a profile's name is made of small letters, digits and -");
    }
    out->secrets = credentials_load(all, out->enabled, site, arena, problems);
    if (file != NULL)
        read_profile(all, arena, problems, out);
    settings_free(file);
    return outcome == OUTCOME_BROKEN ? outcome : OUTCOME_OK;
}
