#include "model/desk.h"

#include <string.h>
#include "text/utf8.h"

#define WAIT_FIRST_MS (2 * SECOND_MS)
#define WAIT_MOST_MS HOUR_MS
#define FORGIVEN_EVERY_MS HOUR_MS

static const char *const actions[AUDIT_COUNT] = {
    [AUDIT_NONE] = "none",         [AUDIT_SIGN_IN] = "sign_in",   [AUDIT_SIGN_IN_FAILED] = "sign_in_failed",
    [AUDIT_SIGN_OUT] = "sign_out", [AUDIT_LOCKED] = "locked",     [AUDIT_UNLOCKED] = "unlocked",
    [AUDIT_REVOKED] = "revoked",   [AUDIT_REFUSED] = "refused",   [AUDIT_VIEWED] = "viewed",
    [AUDIT_SEARCHED] = "searched", [AUDIT_REVEALED] = "revealed", [AUDIT_OVERRODE] = "overrode",
    [AUDIT_CHANGED] = "changed",   [AUDIT_FORGOT] = "forgot",     [AUDIT_USER] = "user",
    [AUDIT_SETTINGS] = "settings", [AUDIT_PROGRAM] = "program"};

static const char *const objects[OBJECT_COUNT] = {
    [OBJECT_NONE] = "none",     [OBJECT_REQUEST] = "request",   [OBJECT_SESSION] = "session",
    [OBJECT_PERSON] = "person", [OBJECT_OPERATOR] = "operator", [OBJECT_SIGN_IN] = "sign_in",
    [OBJECT_OUTBOX] = "outbox", [OBJECT_PHONE] = "phone"};

const char *audit_action_name(enum audit_action action)
{
    return (unsigned)action < AUDIT_COUNT ? actions[action] : NULL;
}

const char *audit_object_name(enum audit_object object)
{
    return (unsigned)object < OBJECT_COUNT ? objects[object] : NULL;
}

static const char *const urgencies[URGENCY_DANGER + 1][URGENCY_DANGER + 1] = {
    [URGENCY_NORMAL] = {"urgency", "urgency_normal_soon", "urgency_normal_danger"},
    [URGENCY_SOON] = {"urgency_soon_normal", "urgency", "urgency_soon_danger"},
    [URGENCY_DANGER] = {"urgency_danger_normal", "urgency_danger_soon", "urgency"}};

const char *audit_urgency(enum request_urgency was, enum request_urgency is)
{
    return urgencies[was][is];
}

bool audit_is_urgency(struct span detail, enum request_urgency *was, enum request_urgency *is)
{
    for (unsigned i = URGENCY_NORMAL; i <= URGENCY_DANGER; i++)
        for (unsigned j = URGENCY_NORMAL; j <= URGENCY_DANGER; j++)
            if (i != j && span_equal_text(detail, urgencies[i][j])) {
                *was = (enum request_urgency)i;
                *is = (enum request_urgency)j;
                return true;
            }
    return false;
}

bool operator_is_name(struct span name)
{
    if (name.len < 2 || name.len > OPERATOR_NAME_MAX)
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789._-", name.at[i]) || !name.at[i])
            return false;
    return true;
}

static bool has_letters(struct span text, size_t most)
{
    return span_trim(text).len > 0 && utf8_count(text) <= most && utf8_is_valid(text);
}

bool operator_is_shown(struct span shown)
{
    return has_letters(shown, OPERATOR_SHOWN_LETTERS);
}

bool saved_filter_is_name(struct span name)
{
    return has_letters(name, FILTER_NAME_LETTERS);
}

bool person_flag_is_text(struct span text)
{
    return has_letters(text, FLAG_LETTERS);
}

bool typed_fits(struct span text)
{
    return text.len <= TYPED_SIGNS_MAX || utf8_units(text) <= TYPED_SIGNS_MAX;
}

void tries_add(struct tries *tries, int64_t now)
{
    const int64_t forgiven = now > tries->at ? (now - tries->at) / FORGIVEN_EVERY_MS : 0;
    tries->count = forgiven < tries->count ? tries->count - (unsigned)forgiven : 0;
    tries->count++;
    tries->at = now;
}

int64_t tries_closed_until(const struct tries *tries, unsigned first_wait_after)
{
    if (tries->count < first_wait_after)
        return 0;
    int64_t wait = WAIT_FIRST_MS;
    for (unsigned i = first_wait_after; i < tries->count && wait < WAIT_MOST_MS; i++)
        wait *= 2;
    return tries->at + (wait < WAIT_MOST_MS ? wait : WAIT_MOST_MS);
}

int64_t operator_locked_until(const struct operator *operator)
{
    const struct tries tries = {operator->failures, operator->failed_at};
    return tries_closed_until(&tries, TRIES_OF_NAME);
}
