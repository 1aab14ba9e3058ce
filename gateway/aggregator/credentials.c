#include "aggregator/credentials.h"

#include <sodium.h>
#include <string.h>

#include "aggregator/fields.h"
#include "aggregator/layer.h"
#include "base/sealed.h"

#define SECRET_MIN 8
#define MISSING_SECRET SPAN("")

const char *const credential_words[] = {"path", "field", "basic", "header", "networks", NULL};

static bool is_url_safe(struct span secret)
{
    static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (size_t i = 0; i < secret.len; i++)
        if (secret.at[i] == '\0' || strchr(safe, secret.at[i]) == NULL)
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

/* The header's value whole: "Basic " and base64 of user:secret (RFC 7617). */
static struct span basic_value(struct setting channel, struct span secret, struct arena *arena)
{
    struct span plain =
        arena_format(arena, "%.*s:%.*s", SPAN_ARG(setting_string(channel, "user", "")), SPAN_ARG(secret));
    size_t room = sodium_base64_ENCODED_LEN(plain.len, sodium_base64_VARIANT_ORIGINAL);
    char *text = arena_alloc(arena, room);
    sodium_bin2base64(text, room, (const unsigned char *)plain.at, plain.len, sodium_base64_VARIANT_ORIGINAL);
    return arena_format(arena, "Basic %s", text);
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
        c->secret = basic_value(channel, c->secret, arena);
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

const struct credentials *credentials_load(struct setting channel, bool enabled, struct arena *arena,
                                           struct problems *problems)
{
    struct credentials *c = ARENA_NEW(arena, struct credentials);
    struct setting auth = setting_get(channel, "auth");
    if (setting_is_present(auth)) {
        c->kind = kind_of_word(setting_as_string(auth));
    } else if (setting_is_present(setting_get(channel, "trust"))) {
        c->kind = CREDENTIAL_TRUSTED;
    } else {
        setting_problem(channel, problems,
                        "a channel needs auth = \"path\", \"field\", \"basic\", \"header\" or \"networks\" "
                        "(or trust = \"network-only\", if nobody else can reach it)");
        return c;
    }
    c->name =
        arena_copy(arena, c->kind == CREDENTIAL_FIELD    ? setting_string(channel, "secret_field", "secret")
                          : c->kind == CREDENTIAL_HEADER ? setting_string(channel, "secret_header", "Authorization")
                                                         : SPAN("Authorization"));
    if (c->kind <= CREDENTIAL_HEADER)
        load_secret(channel, enabled, arena, problems, c);
    load_networks(channel, arena, problems, c);
    return c;
}

/* What follows "/in/<channel>/", decoded; absent when nothing does. */
static struct span last_segments(struct span path)
{
    span_cut(&path, '/');
    span_cut(&path, '/');
    span_cut(&path, '/');
    return path;
}

static struct span field_in(struct span encoded, struct span name, struct span binary, struct arena *arena)
{
    struct pair *pairs = NULL;
    size_t count = 0;
    struct error err;
    if (!span_is_present(encoded) || fields_decode(encoded, binary, arena, &pairs, &count, &err) != OUTCOME_OK)
        return SPAN_NONE;
    return form_find(pairs, count, name);
}

static struct span presented(const struct credentials *c, const struct http_request *request, struct span binary,
                             struct arena *arena)
{
    if (c->kind == CREDENTIAL_PATH)
        return last_segments(request->path);
    if (c->kind != CREDENTIAL_FIELD)
        return http_header(request, c->name);
    struct span value = field_in(request->query, c->name, binary, arena);
    return span_is_present(value) ? value : field_in(request->body, c->name, binary, arena);
}

bool credentials_hold(const struct credentials *c, const struct http_request *request, struct span binary, int64_t now,
                      struct arena *arena, struct rejection *rejection)
{
    (void)now;
    *rejection = (struct rejection){.status = 403, .reason = SPAN("This address may not call here.")};
    if (c->network_count > 0 && !network_holds(c->networks, c->network_count, request->peer))
        return false;
    if (c->kind == CREDENTIAL_NETWORKS || c->kind == CREDENTIAL_TRUSTED)
        return true;
    struct span value = presented(c, request, binary, arena);
    if (span_is_present(value) && c->secret.len > 0 && secret_equal(value, c->secret))
        return true;
    bool by_header = c->kind == CREDENTIAL_BASIC || c->kind == CREDENTIAL_HEADER;
    *rejection = (struct rejection){.status = by_header ? 401 : 403,
                                    .field = c->kind == CREDENTIAL_PATH ? SPAN_NONE : c->name,
                                    .reason = SPAN("The secret is missing or wrong.")};
    return false;
}

bool credentials_may_hold(const struct credentials *c, const struct http_request *head, struct arena *arena)
{
    struct rejection ignored;
    if (c->kind != CREDENTIAL_FIELD)
        return credentials_hold(c, head, SPAN_NONE, 0, arena, &ignored);
    return c->network_count == 0 || network_holds(c->networks, c->network_count, head->peer);
}
