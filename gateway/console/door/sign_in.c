#include "console/door/sign_in.h"

#include <string.h>
#include "base/password.h"
#include "base/random.h"
#include "console/door/cookie.h"
#include "console/door/known.h"
#include "console/door/totp.h"
#include "console/door/turnstile.h"

enum { AGENT_MAX = 120, CODE_HALF = 5 };

/* ---- passwords ---- */

/* A wrong try is kept and counted before it is answered: for nobody where there is no such name, or they are not let in anyway, so that
 * who hammers at a name does not keep its owner out for ever; for the browser alone where it is one of theirs, else for the address and
 * the name. */
static enum outcome count_failure(struct visit *visit, int64_t object, enum desk_factor factor, struct error *err)
{
    struct desk_action action = visit_action(visit, DESK_SIGN_IN_FAILED);
    struct desk_result result;
    action.operator = action.sign_in = 0;
    action.object = object;
    action.code = factor;
    action.is_known = known_is(visit, object);
    known_refused(visit);
    if (object && factor != DESK_FACTOR_CLOSED)
        known_failed(visit, object);
    enum outcome outcome = visit_do(visit, &action, &result);
    if (outcome == OUTCOME_FULL || outcome == OUTCOME_BROKEN) {
        *err = result.error;
        return outcome;
    }
    return error_set(err, OUTCOME_REFUSED, "a wrong try");
}

static bool is_open(const struct visit *visit, const struct operator *operator)
{
    if (operator->is_disabled)
        return false;
    if (!known_may_try(visit, operator->id))
        return false;
    return known_is(visit, operator->id) || operator_locked_until(operator) <= visit->now;
}

/* At the turnstile, and what is known of the operator is read behind it: so no flood of tries at once gets past the count. Who waits
 * for another try takes a place and its time all the same: an address that were refused at once would tell that there is such a name. */
static enum outcome try_password(struct visit *visit, struct span name, struct span password, struct operator *out,
                                 struct error *err)
{
    struct operator found = {0};
    enum outcome outcome = desk_find_operator(visit->reader, name, visit->arena, &found, err);
    if (outcome != OUTCOME_OK && outcome != OUTCOME_NOT_FOUND)
        return outcome;
    bool is_tried = outcome == OUTCOME_OK && is_open(visit, &found);
    if (!password_is(is_tried ? found.password : SPAN_NONE, password))
        return count_failure(visit, found.id, is_tried ? DESK_FACTOR_PASSWORD : DESK_FACTOR_CLOSED, err);
    *out = found;
    return OUTCOME_OK;
}

/* Whose place it is was decided before anything is known of the name: being turned away tells nothing of it. */
static enum outcome enter(const struct visit *visit, struct known_place *place, struct error *err)
{
    *place = known_place(visit);
    return turnstile_enter(visit->site->hashing, &place->who, place->is_stranger)
               ? OUTCOME_OK
               : error_set(err, OUTCOME_FULL, "too many sign in at once");
}

enum outcome sign_in_by_name(struct visit *visit, struct span name, struct span password, struct operator *out,
                             struct error *err)
{
    struct known_place place;
    if (enter(visit, &place, err) != OUTCOME_OK)
        return OUTCOME_FULL;
    enum outcome outcome = try_password(visit, name, password, out, err);
    turnstile_leave(visit->site->hashing, &place.who);
    return outcome;
}

enum outcome sign_in_again(struct visit *visit, struct span password, struct error *err)
{
    struct operator same;
    return sign_in_by_name(visit, visit->whose->name, password, &same, err);
}

enum outcome sign_in_hash(const struct visit *visit, struct span password, struct span *hash, struct error *err)
{
    struct known_place place;
    if (enter(visit, &place, err) != OUTCOME_OK)
        return OUTCOME_FULL;
    char *text = arena_alloc(visit->arena, PASSWORD_HASH_BYTES);
    enum outcome outcome = password_hash(password, text, err);
    turnstile_leave(visit->site->hashing, &place.who);
    *hash = span_of(text);
    return outcome;
}

/* ---- beginning and going on ---- */

/* What the browser calls itself, for "my sign-ins": as much as a line holds, and nothing but ASCII. */
static struct span agent_of(const struct visit *visit)
{
    struct span agent = span_first(http_header(visit->request, SPAN("User-Agent")), AGENT_MAX);
    char *text = arena_alloc(visit->arena, AGENT_MAX + 1);
    for (size_t i = 0; i < agent.len; i++)
        text[i] = agent.at[i] >= ' ' && agent.at[i] < 0x7f ? agent.at[i] : '?';
    return (struct span){text, agent.len};
}

/* Whoever signs in anew leaves no sign-in behind in the same browser. */
static void end_old(struct visit *visit)
{
    struct desk_result result;
    if (!visit->whose)
        return;
    const struct desk_action action = visit_action(visit, DESK_SIGN_OUT);
    if (visit_do(visit, &action, &result) != OUTCOME_OK)
        return; /* it ends by itself in time */
}

/* The visit goes on under a new cookie. */
static void renew(struct visit *visit, struct span cookie)
{
    visit->cookie = cookie;
    cookie_write(visit, COOKIE_SIGN_IN, cookie);
}

enum outcome sign_in_begin(struct visit *visit, const struct operator *operator, struct error *err)
{
    struct span cookie = cookie_make(visit->arena);
    struct desk_result result;
    end_old(visit);
    const struct desk_action action = {.verb = DESK_SIGN_IN,
                                       .object = operator->id,
                                       .peer = visit->peer,
                                       .token = cookie_token(visit->site, cookie),
                                       .agent = agent_of(visit),
                                       .is_known = known_is(visit, operator->id),
                                       .flag = operator->totp.len == 0 && !roles_see_people(operator->roles)};
    enum outcome outcome = visit_do(visit, &action, &result);
    if (outcome != OUTCOME_OK)
        *err = result.error;
    else
        renew(visit, cookie);
    if (outcome == OUTCOME_OK && action.flag)
        known_remember(visit, operator->id);
    return outcome;
}

void sign_in_done(struct visit *visit, struct span cookie)
{
    renew(visit, cookie);
    known_remember(visit, visit->whose->id);
}

/* ---- the second factor ---- */

/* Letters and digits alone, small: how it is written down does not matter. */
static struct lookup recovery_hash(const struct visit *visit, struct span typed)
{
    struct lookup hash;
    struct buffer text;
    buffer_init(&text, visit->arena, 256);
    buffer_add_format(&text, "%lld:", (long long)visit->whose->id);
    for (size_t i = 0; i < typed.len && i < 64; i++) {
        char c = typed.at[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            buffer_add_char(&text, c);
    }
    keyring_lookup(visit->site->config->keyring, SPAN("recovery"), buffer_span(&text), &hash);
    return hash;
}

static bool is_recovery(const struct visit *visit, const struct lookup *hash)
{
    struct span kept = visit->whose->recovery;
    bool found = false;
    for (size_t at = 0; at + LOOKUP_BYTES <= kept.len; at += LOOKUP_BYTES)
        found |= secret_equal((struct span){kept.at + at, LOOKUP_BYTES},
                              (struct span){(const char *)hash->at, LOOKUP_BYTES});
    return found;
}

/* Fills what the core takes as proof; false: it is none. */
static bool prove(const struct visit *visit, struct span typed, struct lookup *hash, struct desk_action *action)
{
    const struct operator *whose = visit->whose;
    if (totp_accepts(whose->totp, typed, visit->now, whose->totp_step, &action->until))
        return true;
    *hash = recovery_hash(visit, typed);
    if (!is_recovery(visit, hash))
        return false;
    action->name = (struct span){(const char *)hash->at, LOOKUP_BYTES};
    return true;
}

enum outcome sign_in_by_code(struct visit *visit, struct span typed, struct error *err)
{
    struct lookup hash;
    struct span cookie = cookie_make(visit->arena);
    struct desk_action action = visit_action(visit, DESK_SECOND_FACTOR);
    struct desk_result result;
    if (!is_open(visit, visit->whose))
        return count_failure(visit, visit->whose->id, DESK_FACTOR_CLOSED, err);
    if (!prove(visit, typed, &hash, &action))
        return count_failure(visit, visit->whose->id, DESK_FACTOR_CODE, err);
    action.token = cookie_token(visit->site, cookie);
    action.is_known = known_is(visit, visit->whose->id);
    enum outcome outcome = visit_do(visit, &action, &result);
    if (outcome == OUTCOME_OK)
        sign_in_done(visit, cookie);
    else
        *err = result.error;
    return outcome;
}

struct span sign_in_new_secret(const struct visit *visit)
{
    struct lookup parts[2];
    struct buffer text;
    buffer_init(&text, visit->arena, 512);
    buffer_add(&text, visit->cookie);
    buffer_add_char(&text, ':');
    buffer_add(&text, visit->whose->totp);
    keyring_lookup(visit->site->config->keyring, SPAN("new-totp-1"), buffer_span(&text), &parts[0]);
    keyring_lookup(visit->site->config->keyring, SPAN("new-totp-2"), buffer_span(&text), &parts[1]);
    char *secret = arena_alloc(visit->arena, sizeof parts);
    memcpy(secret, parts, sizeof parts);
    return (struct span){secret, TOTP_SECRET_BYTES};
}

struct recovery sign_in_new_recovery(const struct visit *visit)
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789"; /* none that looks like another */
    struct recovery recovery;
    unsigned char *hashes = arena_alloc(visit->arena, (size_t)RECOVERY_CODES * LOOKUP_BYTES);
    for (size_t i = 0; i < RECOVERY_CODES; i++) {
        char *code = arena_alloc(visit->arena, 2 * CODE_HALF + 2);
        for (size_t at = 0; at < 2 * CODE_HALF + 1; at++)
            code[at] = at == CODE_HALF ? '-' : letters[random_below(sizeof letters - 1)];
        recovery.codes[i] = span_of(code);
        struct lookup hash = recovery_hash(visit, recovery.codes[i]);
        memcpy(hashes + i * LOOKUP_BYTES, hash.at, LOOKUP_BYTES);
    }
    recovery.hashes = (struct span){(const char *)hashes, (size_t)RECOVERY_CODES * LOOKUP_BYTES};
    return recovery;
}
