#include "model/rights.h"

#include "model/desk.h"

#define COUNSELLOR ROLE_BIT(ROLE_COUNSELLOR)
#define SUPERVISOR ROLE_BIT(ROLE_SUPERVISOR)
#define COMPLAINTS ROLE_BIT(ROLE_COMPLAINTS)
#define CHANNELS ROLE_BIT(ROLE_CHANNELS)
#define ADMIN ROLE_BIT(ROLE_ADMIN)
#define AUDITOR ROLE_BIT(ROLE_AUDITOR)
#define EVERY_ROLE (ROLE_BIT(ROLE_COUNT) - 1)

/* Who may what; nothing else says so. A complaint may be about a counsellor, so the officer's cases are not theirs to see
 * (operator_sees) and their clinical notes not the officer's. Who keeps accounts or reads the audit sees nobody's words. */
static const role_set may[RIGHT_COUNT] = {
    [RIGHT_SIGNED_IN] = EVERY_ROLE,
    [RIGHT_QUEUE] = COUNSELLOR | SUPERVISOR | COMPLAINTS,
    [RIGHT_REVEAL] = COUNSELLOR | SUPERVISOR | COMPLAINTS,
    [RIGHT_ASSIGN] = SUPERVISOR,
    [RIGHT_OVERRIDE] = SUPERVISOR,
    [RIGHT_CLINICAL] = COUNSELLOR | SUPERVISOR,
    [RIGHT_SESSIONS] = SUPERVISOR,
    [RIGHT_PERSON] = COUNSELLOR | SUPERVISOR | COMPLAINTS,
    [RIGHT_FORGET] = SUPERVISOR | COMPLAINTS,
    [RIGHT_REDACT] = SUPERVISOR | COMPLAINTS,
    [RIGHT_OUTBOX] = SUPERVISOR | CHANNELS,
    [RIGHT_USERS] = ADMIN,
    [RIGHT_AUDIT] = SUPERVISOR | ADMIN | AUDITOR,
};

/* With one of these somebody sees people, or can make an account that does. */
static const enum right seeing[] = {RIGHT_QUEUE,  RIGHT_REVEAL, RIGHT_CLINICAL, RIGHT_SESSIONS,
                                    RIGHT_PERSON, RIGHT_FORGET, RIGHT_REDACT,   RIGHT_USERS};

static const char *const names[ROLE_COUNT] = {
    [ROLE_COUNSELLOR] = "counsellor", [ROLE_SUPERVISOR] = "supervisor", [ROLE_COMPLAINTS] = "complaints",
    [ROLE_EDITOR] = "editor",         [ROLE_ANALYST] = "analyst",       [ROLE_CHANNELS] = "channels",
    [ROLE_ADMIN] = "admin",           [ROLE_AUDITOR] = "auditor"};

const char *role_name(enum role role)
{
    return (unsigned)role < ROLE_COUNT ? names[role] : NULL;
}

bool role_named(struct span name, enum role *out)
{
    for (int role = 0; role < ROLE_COUNT; role++) {
        if (span_equal_text(name, names[role])) {
            *out = (enum role)role;
            return true;
        }
    }
    return false;
}

bool roles_may(role_set roles, enum right right)
{
    if (right == RIGHT_NONE)
        return true;
    return (unsigned)right < RIGHT_COUNT && (roles & may[right]) != 0;
}

bool roles_see_people(role_set roles)
{
    for (size_t i = 0; i < sizeof seeing / sizeof *seeing; i++)
        if (roles_may(roles, seeing[i]))
            return true;
    return false;
}

static bool has_word(struct span words, struct span word)
{
    while (span_is_present(words))
        if (span_equal(span_cut(&words, ' '), word))
            return true;
    return false;
}

bool operator_sees(const struct operator *operator, struct span desk, struct span topic)
{
    enum role role = ROLE_COUNSELLOR;
    if (operator->is_disabled || !roles_may(operator->roles, RIGHT_QUEUE))
        return false;
    if (operator->roles & SUPERVISOR)
        return true;
    if (span_is_present(desk) && !role_named(desk, &role))
        return false;
    if (!(operator->roles & ROLE_BIT(role)))
        return false;
    return role != ROLE_COUNSELLOR || !span_is_present(topic) || operator->topics.len == 0 ||
           has_word(operator->topics, topic);
}

bool operator_is_told(const struct operator *operator, struct span desk)
{
    struct operator everywhere = *operator;
    everywhere.topics = SPAN("");
    return operator_sees(&everywhere, desk, SPAN_NONE);
}

bool operator_is_told_of_all(const struct operator *operator, const struct matter *matters, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!operator_is_told(operator, matters[i].desk))
            return false;
    return true;
}

bool operator_sees_person(const struct operator *operator, const struct matter *matters, size_t count)
{
    if (operator->is_disabled || !roles_may(operator->roles, RIGHT_PERSON))
        return false;
    bool sees = roles_may(operator->roles, RIGHT_SESSIONS);
    for (size_t i = 0; i < count && !sees; i++)
        sees = !matters[i].is_by_hand && operator_sees(operator, matters[i].desk, matters[i].topic);
    return sees;
}
