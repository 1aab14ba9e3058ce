/* The table of rights, whole: who may what, and who sees which request. */
#include "cmocka_all.h"

#include <ctype.h>
#include <string.h>

#include "model/desk.h"

/* C counsellor, S supervisor, L complaints, E editor, N analyst, H channels, A admin, U auditor: written here once more, on purpose. */
static const char letters[ROLE_COUNT + 1] = "CSLENHAU";
static const char *const wanted[RIGHT_COUNT] = {
    [RIGHT_NONE] = "CSLENHAU", [RIGHT_SIGNED_IN] = "CSLENHAU", [RIGHT_QUEUE] = "CSL",   [RIGHT_REVEAL] = "CSL",
    [RIGHT_ASSIGN] = "S",      [RIGHT_OVERRIDE] = "S",         [RIGHT_CLINICAL] = "CS", [RIGHT_SESSIONS] = "S",
    [RIGHT_PERSON] = "CSL",    [RIGHT_FORGET] = "SL",          [RIGHT_REDACT] = "SL",   [RIGHT_OUTBOX] = "SH",
    [RIGHT_USERS] = "A",       [RIGHT_AUDIT] = "SAU",
};

static void every_role_may_what_the_table_says(void **state)
{
    (void)state;
    for (int right = 0; right < RIGHT_COUNT; right++) {
        for (int role = 0; role < ROLE_COUNT; role++) {
            const bool may = strchr(wanted[right], letters[role]) != NULL;
            if (roles_may(ROLE_BIT(role), (enum right)right) != may)
                fail_msg("%s and right %d", role_name((enum role)role), right);
        }
    }
}

static void several_roles_may_what_any_may(void **state)
{
    (void)state;
    const role_set both = ROLE_BIT(ROLE_COUNSELLOR) | ROLE_BIT(ROLE_ADMIN);
    assert_true(roles_may(both, RIGHT_USERS) && roles_may(both, RIGHT_CLINICAL));
    assert_false(roles_may(both, RIGHT_ASSIGN));
}

static void nothing_is_allowed_by_default(void **state)
{
    (void)state;
    assert_true(roles_may(0, RIGHT_NONE));
    for (int right = RIGHT_SIGNED_IN; right < RIGHT_COUNT; right++)
        assert_false(roles_may(0, (enum right)right));
    assert_false(roles_may(~0u, RIGHT_COUNT));
    assert_false(roles_may(~0u, (enum right)99));
    assert_false(roles_may(ROLE_BIT(ROLE_COUNT), RIGHT_SIGNED_IN)); /* a role that there is not */
}

static void who_sees_people_needs_a_second_factor(void **state)
{
    (void)state;
    static const char see[] = "CSLA";
    for (int role = 0; role < ROLE_COUNT; role++)
        assert_int_equal(roles_see_people(ROLE_BIT(role)), strchr(see, letters[role]) != NULL);
    assert_false(roles_see_people(0));
    assert_true(roles_see_people(ROLE_BIT(ROLE_EDITOR) | ROLE_BIT(ROLE_COUNSELLOR)));
}

static void roles_have_names(void **state)
{
    (void)state;
    for (int role = 0; role < ROLE_COUNT; role++) {
        enum role found = ROLE_COUNT;
        assert_true(role_named(span_of(role_name((enum role)role)), &found));
        assert_int_equal(found, role);
    }
    enum role untouched = ROLE_AUDITOR;
    assert_false(role_named(SPAN("Admin"), &untouched) || role_named(SPAN(""), &untouched) ||
                 role_named(SPAN_NONE, &untouched) || role_named(SPAN("admin "), &untouched));
    assert_int_equal(untouched, ROLE_AUDITOR);
    assert_null(role_name(ROLE_COUNT));
}

static void each_sees_what_is_theirs(void **state)
{
    (void)state;
    static const struct {
        role_set roles;
        const char *topics, *desk, *topic;
        bool sees;
    } rows[] = {
        {ROLE_BIT(ROLE_COUNSELLOR), "", NULL, "wages", true},
        {ROLE_BIT(ROLE_COUNSELLOR), NULL, NULL, "wages", true},
        {ROLE_BIT(ROLE_COUNSELLOR), "work wages", NULL, "wages", true},
        {ROLE_BIT(ROLE_COUNSELLOR), "work wages", NULL, "wage", false},
        {ROLE_BIT(ROLE_COUNSELLOR), "work wages", NULL, "health", false},
        {ROLE_BIT(ROLE_COUNSELLOR), "work wages", NULL, NULL, true}, /* without a topic it is everybody's */
        {ROLE_BIT(ROLE_COUNSELLOR), "", "complaints", "wages", false},
        {ROLE_BIT(ROLE_COUNSELLOR), "", "supervisor", NULL, false},
        {ROLE_BIT(ROLE_COUNSELLOR), "", "counsellor", "wages", true},
        {ROLE_BIT(ROLE_COUNSELLOR), "work", "counsellor", "wages", false},
        {ROLE_BIT(ROLE_COMPLAINTS), "", "complaints", "wages", true},
        {ROLE_BIT(ROLE_COMPLAINTS), "work", "complaints", "wages", true}, /* topics divide counsellors' work */
        {ROLE_BIT(ROLE_COMPLAINTS), "", NULL, "wages", false},
        {ROLE_BIT(ROLE_COMPLAINTS), "", "supervisor", NULL, false},
        {ROLE_BIT(ROLE_SUPERVISOR), "work", "complaints", "wages", true},
        {ROLE_BIT(ROLE_SUPERVISOR), "work", NULL, "health", true},
        {ROLE_BIT(ROLE_SUPERVISOR), "", "nobody's", NULL, true},
        {ROLE_BIT(ROLE_COUNSELLOR) | ROLE_BIT(ROLE_COMPLAINTS), "", "nobody's", NULL, false},
        {ROLE_BIT(ROLE_COUNSELLOR) | ROLE_BIT(ROLE_COMPLAINTS), "", "complaints", NULL, true},
        {ROLE_BIT(ROLE_ADMIN), "", NULL, NULL, false},
        {ROLE_BIT(ROLE_ADMIN) | ROLE_BIT(ROLE_AUDITOR) | ROLE_BIT(ROLE_CHANNELS), "", "admin", NULL, false},
        {0, "", NULL, NULL, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct operator operator = {.roles = rows[i].roles, .topics = span_of(rows[i].topics)};
        if (operator_sees(&operator, span_of(rows[i].desk), span_of(rows[i].topic)) != rows[i].sees)
            fail_msg("row %zu", i);
        operator.is_disabled = true;
        assert_false(operator_sees(&operator, span_of(rows[i].desk), span_of(rows[i].topic)));
    }
}

/* W: wages; H: health; 0: no topic; L: for the complaints desk; X: for a desk that is nobody's; small: by hand, of somebody known. */
static size_t matters_of(const char *letters_of_matters, struct matter *matters)
{
    size_t count = 0;
    for (const char *at = letters_of_matters; *at; at++)
        matters[count++] = (struct matter){
            .topic = toupper(*at) == 'W'   ? SPAN("wages")
                     : toupper(*at) == 'H' ? SPAN("health")
                                           : SPAN_NONE,
            .desk = toupper(*at) == 'L'   ? SPAN("complaints")
                    : toupper(*at) == 'X' ? SPAN("nobody's")
                                          : SPAN_NONE,
            .is_by_hand = islower(*at),
        };
    return count;
}

static void of_another_desk_nobody_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *desk, *who;
    } rows[] = {{NULL, "CS"}, {"counsellor", "CS"}, {"complaints", "SL"}, {"nobody's", "S"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (int role = 0; role < ROLE_COUNT; role++) {
            struct operator operator = {.roles = ROLE_BIT(role), .topics = SPAN("health")};
            const bool told = strchr(rows[i].who, letters[role]) != NULL;
            if (operator_is_told(&operator, span_of(rows[i].desk)) != told)
                fail_msg("row %zu: %s", i, role_name((enum role)role));
            assert_true(span_equal(operator.topics, SPAN("health")));
            operator.is_disabled = true;
            assert_false(operator_is_told(&operator, span_of(rows[i].desk)));
        }
    }
}

static void of_all_or_not_of_all(void **state)
{
    (void)state;
    const struct operator officer = {.roles = ROLE_BIT(ROLE_COMPLAINTS)}, sue = {.roles = ROLE_BIT(ROLE_SUPERVISOR)};
    const struct matter matters[] = {{.desk = SPAN("complaints")}, {.topic = SPAN("wages")}};
    assert_true(operator_is_told_of_all(&officer, matters, 0));
    assert_true(operator_is_told_of_all(&officer, matters, 1));
    assert_false(operator_is_told_of_all(&officer, matters, 2));
    assert_true(operator_is_told_of_all(&sue, matters, 2));
}

static void people_are_seen_by_what_they_asked_for(void **state)
{
    (void)state;
    static const struct {
        const char *topics, *matters, *who; /* letters of the roles that see them */
    } rows[] = {
        {"", "", "S"},         {"", "W", "CS"},           {"", "WH0", "CS"},     {"", "L", "SL"},
        {"", "X", "S"},        {"", "LX", "SL"},          {"", "LW", "CSL"},     {"wages", "", "S"},
        {"wages", "W", "CS"},  {"wages", "H", "S"},       {"wages", "HL", "SL"}, {"wages", "HW", "CS"},
        {"wages", "H0", "CS"}, {"wages", "XHHHHW", "CS"}, {"", "w", "S"},        {"wages", "wHW", "CS"},
        {"wages", "Hw", "S"},  {"", "lW", "CS"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct matter matters[8];
        const size_t count = matters_of(rows[i].matters, matters);
        for (int role = 0; role < ROLE_COUNT; role++) {
            struct operator operator = {.roles = ROLE_BIT(role), .topics = span_of(rows[i].topics)};
            if (operator_sees_person(&operator, matters, count) != (strchr(rows[i].who, letters[role]) != NULL))
                fail_msg("row %zu: %s", i, role_name((enum role)role));
            operator.is_disabled = true;
            assert_false(operator_sees_person(&operator, matters, count));
        }
    }
}

static void actions_and_objects_have_names(void **state)
{
    (void)state;
    for (int action = 0; action < AUDIT_COUNT; action++)
        assert_non_null(audit_action_name((enum audit_action)action));
    for (int object = 0; object < OBJECT_COUNT; object++)
        assert_non_null(audit_object_name((enum audit_object)object));
    assert_string_equal(audit_action_name(AUDIT_VIEWED), "viewed");
    assert_string_equal(audit_object_name(OBJECT_REQUEST), "request");
    assert_null(audit_action_name(AUDIT_COUNT));
    assert_null(audit_object_name(OBJECT_COUNT));
}

static void tries_wait_longer_each_time(void **state)
{
    (void)state;
    struct tries tries = {0};
    static const int64_t waits[] = {0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600};
    assert_int_equal(tries_closed_until(&tries, TRIES_OF_ONE), 0);
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
        const int64_t now = 5 * HOUR_MS + (int64_t)i;
        tries_add(&tries, now);
        assert_int_equal(tries.count, i + 1);
        assert_int_equal(tries_closed_until(&tries, TRIES_OF_ONE), waits[i] ? now + waits[i] * SECOND_MS : 0);
    }
    tries.count = UINT32_MAX;
    assert_int_equal(tries_closed_until(&tries, TRIES_OF_ONE), tries.at + HOUR_MS);
}

static void an_hour_forgives_one(void **state)
{
    (void)state;
    struct tries tries = {7, 100 * HOUR_MS};
    tries_add(&tries, 101 * HOUR_MS - 1);
    assert_int_equal(tries.count, 8);
    tries_add(&tries, 104 * HOUR_MS);
    assert_int_equal(tries.count, 6); /* three hours, and this one */
    tries_add(&tries, 90 * HOUR_MS);  /* a clock that stepped back forgives nothing */
    assert_int_equal(tries.count, 7);
    tries_add(&tries, 1000 * HOUR_MS);
    assert_int_equal(tries.count, 1);
}

/* As soon as it may, for a month: it never closes the name to others. */
static void one_address_never_closes_a_name(void **state)
{
    (void)state;
    struct tries one = {0};
    struct operator name = {0};
    for (int64_t now = 100 * HOUR_MS, next; now<800 * HOUR_MS; now = next> now ? next : now + 1) {
        struct tries all = {name.failures, name.failed_at};
        tries_add(&one, now);
        tries_add(&all, now);
        name.failures = all.count;
        name.failed_at = all.at;
        assert_int_equal(operator_locked_until(&name), 0);
        next = tries_closed_until(&one, TRIES_OF_ONE);
    }
    assert_true(name.failures > TRIES_OF_ONE);
}

static void many_addresses_close_a_name(void **state)
{
    (void)state;
    const struct operator bears = {.failures = TRIES_OF_NAME - 1, .failed_at = HOUR_MS};
    const struct operator closed = {.failures = TRIES_OF_NAME, .failed_at = HOUR_MS};
    const struct operator long_closed = {.failures = 200, .failed_at = HOUR_MS};
    assert_int_equal(operator_locked_until(&bears), 0);
    assert_int_equal(operator_locked_until(&closed), HOUR_MS + 2 * SECOND_MS);
    assert_int_equal(operator_locked_until(&long_closed), 2 * HOUR_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_role_may_what_the_table_says),
        cmocka_unit_test(several_roles_may_what_any_may),
        cmocka_unit_test(nothing_is_allowed_by_default),
        cmocka_unit_test(who_sees_people_needs_a_second_factor),
        cmocka_unit_test(roles_have_names),
        cmocka_unit_test(each_sees_what_is_theirs),
        cmocka_unit_test(of_another_desk_nobody_is_told),
        cmocka_unit_test(of_all_or_not_of_all),
        cmocka_unit_test(people_are_seen_by_what_they_asked_for),
        cmocka_unit_test(tries_wait_longer_each_time),
        cmocka_unit_test(an_hour_forgives_one),
        cmocka_unit_test(one_address_never_closes_a_name),
        cmocka_unit_test(many_addresses_close_a_name),
        cmocka_unit_test(actions_and_objects_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
