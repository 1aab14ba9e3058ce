#include "aggregator/credentials.h"

#include <string.h>

#include "aggregator/basic.h"
#include "aggregator/layer.h"
#include "base/sealed.h"
#include "http/percent.h"

#define SECRET_MIN 8
#define MISSING_SECRET SPAN("")

const char *const credential_words[] = {"path", "field", "basic", "header", "signature", "networks", NULL};

static bool is_url_safe(struct span secret)
{
    for (size_t i = 0; i < secret.len; i++)
        if (!percent_is_unreserved(secret.at[i]))
            return false;
    return true;
}

static void check_secret(struct setting channel, const struct credentials *c, struct problems *problems)
{
    if (c->secret.len < SECRET_MIN)
        setting_problem(channel, problems,
                        "secret must have at least %d characters; give it with --set channels.%s.secret=@FILE",
                        SECRET_MIN, setting_name(channel));
    else if ((c->kind == CREDENTIAL_PATH || c->kind == CREDENTIAL_FIELD) && !is_url_safe(c->secret))
        setting_problem(channel, problems, "a secret that travels in a URL is made of letters, digits and - . _ ~");
}

static void load_secret(struct setting channel, bool enabled, struct arena *arena, struct problems *problems,
                        struct credentials *c)
{
    struct error err;
    c->secret = MISSING_SECRET;
    if (!enabled)
        return; /* a disabled channel is checked for all but its secrets, which nobody has made yet */
    struct setting secret = setting_get(channel, "secret");
    enum outcome outcome =
        layer_read_secret(arena_copy(arena, setting_string(channel, "secret", "")), arena, &c->secret, &err);
    if (outcome != OUTCOME_OK) {
        setting_problem(setting_is_present(secret) ? secret : channel, problems, "%s%s", err.text,
                        outcome == OUTCOME_NOT_FOUND ? "; `helpline keygen --secrets` makes it" : "");
        return;
    }
    check_secret(channel, c, problems);
    if (c->kind == CREDENTIAL_BASIC)
        c->secret = basic_authorization(setting_string(channel, "user", ""), c->secret, arena);
    else if (c->kind == CREDENTIAL_HEADER)
        c->secret = arena_format(arena, "%.*s%.*s", SPAN_ARG(setting_string(channel, "secret_prefix", "")),
                                 SPAN_ARG(c->secret));
}

static void load_networks(struct setting channel, struct arena *arena, struct problems *problems, struct credentials *c)
{
    struct setting list = setting_get(channel, "networks");
    size_t count = setting_count(list);
    struct network *networks = ARENA_ARRAY(arena, struct network, count + 1);
    for (size_t i = 0; i < count; i++)
        if (!network_read(setting_as_string(setting_at(list, i)), &networks[i]))
            setting_problem(list, problems, "networks are written \"192.0.2.0/24\", \"2001:db8::/32\"");
    c->networks = networks;
    c->network_count = count;
    if (c->kind == CREDENTIAL_NETWORKS && count == 0)
        setting_problem(channel, problems, "auth = \"networks\" needs networks = [ \"192.0.2.0/24\" ]");
}

/* Another word is a finding of the channel's table already. */
static enum credential_kind kind_of_word(struct span word)
{
    for (int i = 0; credential_words[i] != NULL; i++)
        if (span_equal_text(word, credential_words[i]))
            return (enum credential_kind)i;
    return CREDENTIAL_PATH;
}

/* Whether a group names a segment of the path as a source, "path:1", or in a template, "{{in.path:1}}". */
static bool names_segment(struct setting setting)
{
    struct span text = setting_as_string(setting);
    bool found = text.len > 0 && (span_starts_with(text, SPAN("path:")) || memmem(text.at, text.len, "in.path:", 8));
    if (setting_is_group(setting) || setting_is_list(setting))
        for (size_t i = 0; i < setting_count(setting) && !found; i++)
            found = names_segment(setting_at(setting, i));
    return found;
}

/* The key of an RSA signature is public: it needs no care, and no secret stands beside it. */
static struct span load_public_key(struct setting channel, struct arena *arena, struct problems *problems)
{
    struct error err;
    struct span key = SPAN(""), file = setting_string(channel, "public_key", "");
    bool named = span_starts_with(file, SPAN("@"));
    if (!named)
        setting_problem(channel, problems, "this signature needs public_key = \"@FILE\", the aggregator's, as PEM");
    else if (signature_read_public_key(arena_text(arena, span_from(file, 1)), arena, &key, &err) != OUTCOME_OK)
        setting_problem(setting_get(channel, "public_key"), problems, "%s", err.text);
    return key;
}

static void load_signature(struct layer all, bool enabled, struct span public_url, struct arena *arena,
                           struct problems *problems, struct credentials *c)
{
    struct layer group = layer_group(all, "signature");
    if (!layer_is_present(group)) {
        setting_problem(
            all.over, problems,
            "auth = \"signature\" needs signature = { ... }, here or in the profile, to say how it is made");
        return;
    }
    struct signature *signature = signature_compile(group, public_url, arena, problems);
    c->signature = signature;
    c->name = span_is_present(signature->header) ? signature->header : signature->field;
    if (signature->algorithm != SIGNED_RSA_SHA256) {
        load_secret(all.over, enabled, arena, problems, c);
        signature->key = c->secret;
    } else if (enabled) {
        signature->key = load_public_key(all.over, arena, problems);
    }
}

static bool find_kind(struct setting channel, struct problems *problems, struct credentials *c)
{
    struct setting auth = setting_get(channel, "auth");
    bool trusted = setting_is_present(setting_get(channel, "trust"));
    c->kind = setting_is_present(auth) ? kind_of_word(setting_as_string(auth)) : CREDENTIAL_TRUSTED;
    if (setting_is_present(auth) || trusted)
        return true;
    setting_problem(channel, problems,
                    "a channel needs auth = \"path\", \"field\", \"basic\", \"header\", \"signature\" or \"networks\" "
                    "(or trust = \"network-only\", if nobody else can reach it)");
    return false;
}

const struct credentials *credentials_load(struct layer all, bool enabled, const struct credentials_site *site,
                                           struct arena *arena, struct problems *problems)
{
    struct credentials *c = ARENA_NEW(arena, struct credentials);
    struct setting channel = all.over;
    c->proxies = site->proxies;
    if (!find_kind(channel, problems, c))
        return c;
    c->name =
        arena_copy(arena, c->kind == CREDENTIAL_FIELD    ? setting_string(channel, "secret_field", "secret")
                          : c->kind == CREDENTIAL_HEADER ? setting_string(channel, "secret_header", "Authorization")
                                                         : SPAN("Authorization"));
    if (c->kind <= CREDENTIAL_HEADER)
        load_secret(channel, enabled, arena, problems, c);
    if (c->kind == CREDENTIAL_SIGNATURE && setting_is_present(all.under))
        load_signature(all, enabled, site->public_url, arena, problems, c);
    c->more_segments = names_segment(all.over) || names_segment(all.under);
    load_networks(channel, arena, problems, c);
    return c;
}

bool credentials_know_name(const struct credentials *c, struct span name)
{
    if (c->kind == CREDENTIAL_FIELD || c->kind == CREDENTIAL_HEADER)
        return span_equal_nocase(c->name, name);
    return c->signature && signature_knows_name(c->signature, name);
}

unsigned credentials_own_segments(const struct credentials *c)
{
    return c->kind == CREDENTIAL_PATH ? 3 : 2;
}

/* What follows "/in/<channel>/", decoded; absent when nothing does. */
static struct span last_segments(struct span path)
{
    span_cut(&path, '/');
    span_cut(&path, '/');
    span_cut(&path, '/');
    return path;
}

static struct span presented(const struct credentials *c, const struct http_request *request, struct facts *facts)
{
    if (c->kind == CREDENTIAL_FIELD)
        return facts_named(facts, c->name);
    if (c->kind != CREDENTIAL_PATH)
        return http_header(request, c->name);
    struct span rest = last_segments(request->path);
    return c->more_segments && span_is_present(rest) ? span_cut(&rest, '/') : rest;
}

static bool has_secret(const struct credentials *c, const struct http_request *request, struct facts *facts,
                       struct rejection *rejection)
{
    struct span value = presented(c, request, facts);
    if (span_is_present(value) && c->secret.len > 0 && secret_equal(value, c->secret))
        return true;
    bool by_header = c->kind == CREDENTIAL_BASIC || c->kind == CREDENTIAL_HEADER;
    *rejection = (struct rejection){.status = by_header ? 401 : 403,
                                    .field = c->kind == CREDENTIAL_PATH ? SPAN_NONE : c->name,
                                    .reason = SPAN("The secret is missing or wrong.")};
    return false;
}

static struct rejection signature_rejection(const struct credentials *c, enum signature_fault fault)
{
    static const char *const reasons[] = {
        [SIGNATURE_HOLDS] = "",
        [SIGNATURE_MISSING] = "The signature is missing.",
        [SIGNATURE_WRONG] =
            "The signature does not fit: is the secret right, and our address as the aggregator has it?",
        [SIGNATURE_OLD] = "The request's time is missing, or too far from ours.",
    };
    return (struct rejection){.status = 403, .field = c->name, .reason = span_of(reasons[fault])};
}

static bool may_call(const struct credentials *c, const struct http_request *request)
{
    return c->network_count == 0 || network_holds(c->networks, c->network_count, proxies_caller(c->proxies, request));
}

bool credentials_hold(const struct credentials *c, const struct http_request *request, const struct shape *shape,
                      struct facts *facts, int64_t now, struct arena *arena, struct rejection *rejection)
{
    *rejection = (struct rejection){.status = 403, .reason = SPAN("This address may not call here.")};
    if (!may_call(c, request))
        return false;
    if (c->kind == CREDENTIAL_NETWORKS || c->kind == CREDENTIAL_TRUSTED)
        return true;
    if (c->kind != CREDENTIAL_SIGNATURE)
        return has_secret(c, request, facts, rejection);
    enum signature_fault fault = signature_check(c->signature, request, shape, facts, now, arena);
    *rejection = signature_rejection(c, fault);
    return fault == SIGNATURE_HOLDS;
}

bool credentials_may_hold(const struct credentials *c, const struct http_request *head)
{
    struct rejection ignored;
    if (!may_call(c, head))
        return false;
    switch (c->kind) {
    case CREDENTIAL_SIGNATURE:
        return signature_may_hold(c->signature, head);
    case CREDENTIAL_PATH:
    case CREDENTIAL_BASIC:
    case CREDENTIAL_HEADER:
        return has_secret(c, head, NULL, &ignored);
    case CREDENTIAL_FIELD:
    case CREDENTIAL_NETWORKS:
    case CREDENTIAL_TRUSTED:
        break;
    }
    return true;
}

bool credentials_sign(const struct credentials *c, const struct door *door, int64_t now, struct arena *arena,
                      struct http_request *request)
{
    return c->kind != CREDENTIAL_SIGNATURE ||
           signature_sign(c->signature, door, credentials_own_segments(c), now, arena, request);
}
