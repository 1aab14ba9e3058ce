/* desk: the door, on the test's clock: how long who errs waits, what a code, a cookie and an administrator open, and what is left of it. */
/* timeout: 300: under the sanitizers on a loaded machine */
#include "desk_stage.h"

#define SECRET "01234567890123456789"
#define CODES "0123456789abcdefFEDCBA9876543210ABCDEFGHIJKLMNOP" /* three */

/* As from a browser: a sign-in has to stand behind it. */
static enum outcome from_browser(struct desk_stage *d, struct desk_action action)
{
    struct desk_pass pass = desk_pass(d);
    pass.is_local = false;
    return desk_act(&pass, &action, &d->result);
}

#define OPENS(...) assert_int_equal(from_browser(d, (struct desk_action){__VA_ARGS__}), OUTCOME_OK)
#define STAYS_SHUT(says, ...)                                                                                          \
    do {                                                                                                               \
        assert_int_equal(from_browser(d, (struct desk_action){__VA_ARGS__}), OUTCOME_REFUSED);                         \
        assert_string_equal(d->result.why, says);                                                                      \
    } while (0)

static struct lookup new_token(struct desk_stage *d)
{
    const int64_t mark = id_next(&d->ids, d->now);
    struct lookup token = {0};
    memcpy(token.at, &mark, sizeof mark);
    return token;
}

static int64_t in_by_password(struct desk_stage *d, int64_t operator)
{
    DO(.verb = DESK_SIGN_IN, .object = operator, .token = new_token(d));
    return d->result.id;
}

/* With a password of their own and a second factor; the step of the code that proved it is 5. */
static int64_t in(struct desk_stage *d, int64_t operator)
{
    const int64_t id = in_by_password(d, operator);
    OPENS(.verb = DESK_PASSWORD, .sign_in = id, .text = SPAN(HASH));
    OPENS(.verb = DESK_TOTP, .sign_in = id, .text = SPAN(SECRET), .name = SPAN(CODES), .until = 5);
    return id;
}

/* ---- waiting ---- */

static void err(struct desk_stage *d, int64_t operator, int times, enum desk_factor factor)
{
    for (int i = 0; i < times; i++)
        DO(.verb = DESK_SIGN_IN_FAILED, .object = operator, .code = factor);
}

/* Each try after the wait is let in and wrong; a moment before its end nobody is, and such a try makes the wait no longer. */
static void the_wait_grows_with_each_wrong_try(void **state)
{
    struct desk_stage *d = *state;
    static const int seconds[] = {0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600};
    err(d, d->counsellor, TRIES_OF_NAME - 3, DESK_FACTOR_PASSWORD);
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++) {
        DO(.verb = DESK_SIGN_IN_FAILED, .object = d->counsellor,
           .code = i % 2 ? DESK_FACTOR_CODE : DESK_FACTOR_PASSWORD);
        d->now += seconds[i] * INT64_C(1000) - 1;
        if (seconds[i])
            REFUSED("why_wait", .verb = DESK_SIGN_IN, .object = d->counsellor, .token = {"a"});
        DO(.verb = DESK_SIGN_IN_FAILED, .object = d->counsellor, .code = DESK_FACTOR_CLOSED);
        d->now += 1;
        in_by_password(d, d->counsellor); /* half: wrong tries of codes count on */
    }
    assert_int_equal(count_of(d, "operator WHERE failures = 31"), 1); /* an hour forgives one */
    DO(.verb = DESK_USER_DISABLE, .object = d->counsellor);
    DO(.verb = DESK_USER_DISABLE, .object = d->counsellor, .flag = true);
    assert_int_equal(count_of(d, "operator WHERE failures > 0"), 0);
}

/* The password is one factor of two: it buys no new tries of the other. The last one does. */
static void only_the_last_factor_ends_the_count(void **state)
{
    struct desk_stage *d = *state;
    const int64_t whole = in(d, d->counsellor);
    OPENS(.verb = DESK_SIGN_OUT, .sign_in = whole);
    err(d, d->counsellor, TRIES_OF_NAME, DESK_FACTOR_CODE);
    d->now += 2000;
    const int64_t half = in_by_password(d, d->counsellor);
    assert_int_equal(count_of(d, "operator WHERE failures = 20"), 1);
    DO(.verb = DESK_SIGN_IN_FAILED, .object = d->counsellor, .code = DESK_FACTOR_CODE);
    STAYS_SHUT("why_wait", .verb = DESK_SECOND_FACTOR, .sign_in = half, .until = 6, .token = {"c"});
    d->now += 4000;
    OPENS(.verb = DESK_SECOND_FACTOR, .sign_in = half, .until = 6, .token = {"c"});
    assert_int_equal(count_of(d, "operator WHERE failures > 0"), 0);
    err(d, d->counsellor, TRIES_OF_NAME, DESK_FACTOR_PASSWORD);
    OPENS(.verb = DESK_LOCK, .sign_in = half);
    STAYS_SHUT("why_wait", .verb = DESK_UNLOCK, .sign_in = half, .token = {"d"});
    d->now += 2000;
    OPENS(.verb = DESK_UNLOCK, .sign_in = half, .token = {"d"});
    assert_int_equal(count_of(d, "operator WHERE failures > 0"), 0);
}

/* What strangers try does not keep them out of their own browser, nor do tries there keep others' count. */
static void a_known_browser_has_tries_of_its_own(void **state)
{
    struct desk_stage *d = *state;
    for (int i = 0; i < 9; i++)
        DO(.verb = DESK_SIGN_IN_FAILED, .object = d->counsellor, .is_known = true);
    assert_int_equal(count_of(d, "operator WHERE failures > 0"), 0);
    assert_int_equal(count_of(d, "audit WHERE action = 2"), 9);
    err(d, d->counsellor, TRIES_OF_NAME, DESK_FACTOR_PASSWORD);
    REFUSED("why_wait", .verb = DESK_SIGN_IN, .object = d->counsellor, .token = {"a"});
    DO(.verb = DESK_SIGN_IN, .object = d->counsellor, .token = {"a"}, .is_known = true);
}

static void the_audit_says_what_was_wrong(void **state)
{
    struct desk_stage *d = *state;
    const struct {
        int64_t whose;
        unsigned factor;
        const char *said;
    } rows[] = {{0, DESK_FACTOR_PASSWORD, "no_such_name"},
                {d->other, DESK_FACTOR_PASSWORD, "password"},
                {d->other, DESK_FACTOR_CODE, "code"},
                {d->other, DESK_FACTOR_CLOSED, "not_let_in"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char wanted[200];
        DO(.verb = DESK_SIGN_IN_FAILED, .object = rows[i].whose, .code = rows[i].factor, .peer = SPAN("192.0.2.9"));
        snprintf(wanted, sizeof wanted,
                 "audit JOIN word ON word.id = detail WHERE text = '%s' AND peer = '192.0.2.9' AND "
                 "coalesce(operator, 0) = %lld AND object = 4 AND coalesce(about, 0) = %lld",
                 rows[i].said, (long long)rows[i].whose, (long long)rows[i].whose);
        if (count_of(d, wanted) != 1)
            fail_msg("%s", rows[i].said);
    }
    assert_int_equal(count_of(d, "operator WHERE failures = 2"), 1);
    REFUSED("why_broken", .verb = DESK_SIGN_IN_FAILED, .object = d->other, .code = DESK_FACTOR_CLOSED + 1);
}

/* ---- factors ---- */

static void a_recovery_code_goes_and_the_others_stay(void **state)
{
    struct desk_stage *d = *state;
    static const int order[] = {2, 0, 1}; /* the last, the first, the only one */
    static const char *const left[] = {"0123456789abcdefFEDCBA9876543210", "FEDCBA9876543210", ""};
    in(d, d->counsellor);
    for (size_t i = 0; i < 3; i++) {
        const struct span code = span_first(span_from(SPAN(CODES), (size_t)order[i] * LOOKUP_BYTES), LOOKUP_BYTES);
        const int64_t half = in_by_password(d, d->counsellor);
        STAYS_SHUT("why_code_wrong", .verb = DESK_SECOND_FACTOR, .sign_in = half, .name = span_first(code, 15));
        OPENS(.verb = DESK_SECOND_FACTOR, .sign_in = half, .name = code, .token = new_token(d));
        assert_string_equal(fixture_ask(d->f, "SELECT coalesce(recovery, '') FROM operator WHERE name = 'cora'"),
                            left[i]);
        const int64_t again = in_by_password(d, d->counsellor);
        STAYS_SHUT("why_code_wrong", .verb = DESK_SECOND_FACTOR, .sign_in = again, .name = code, .token = {"e"});
    }
    const int64_t half = in_by_password(d, d->counsellor);
    OPENS(.verb = DESK_SECOND_FACTOR, .sign_in = half, .until = 6, .token = {"g"});
    const int64_t next = in_by_password(d, d->counsellor);
    STAYS_SHUT("why_code_used", .verb = DESK_SECOND_FACTOR, .sign_in = next, .until = 6, .token = {"i"});
    STAYS_SHUT("why_code_used", .verb = DESK_SECOND_FACTOR, .sign_in = next, .until = 5, .token = {"i"});
}

static void what_is_no_second_factor_is_not_set_up(void **state)
{
    struct desk_stage *d = *state;
    const int64_t half = in_by_password(d, d->counsellor);
    static const char eleven[(RECOVERY_CODES + 1) * LOOKUP_BYTES] = {0};
    const struct span bad[][2] = {{SPAN("0123456789012345678"), SPAN(CODES)},
                                  {SPAN(SECRET "0"), SPAN(CODES)},
                                  {SPAN_NONE, SPAN(CODES)},
                                  {SPAN(SECRET), SPAN("0123456789abcde")},
                                  {SPAN(SECRET), {eleven, sizeof eleven}}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        STAYS_SHUT("why_broken", .verb = DESK_TOTP, .sign_in = half, .text = bad[i][0], .name = bad[i][1]);
    assert_int_equal(count_of(d, "operator WHERE totp IS NOT NULL"), 0);
    STAYS_SHUT("why_broken", .verb = DESK_PASSWORD, .sign_in = half, .text = SPAN("in clear"));
}

/* Who sees people needs a code, and who set one up; the page may ask for more than that and not for less. */
static void who_needs_a_code_is_half(void **state)
{
    struct desk_stage *d = *state;
    struct {
        int64_t who;
        bool sets_up, flag;
        int half;
    } rows[] = {{d->auditor, false, true, 0},
                {d->auditor, false, false, 1},
                {d->auditor, true, true, 1},
                {d->counsellor, false, true, 1},
                {d->admin, false, true, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char wanted[80];
        if (rows[i].sets_up)
            DO(.verb = DESK_TOTP, .operator = rows[i].who, .text = SPAN(SECRET));
        DO(.verb = DESK_SIGN_IN, .object = rows[i].who, .token = new_token(d), .flag = rows[i].flag);
        snprintf(wanted, sizeof wanted, "sign_in WHERE id = %lld AND half = 1", (long long)d->result.id);
        if (count_of(d, wanted) != rows[i].half)
            fail_msg("row %zu", i);
    }
}

/* ---- sign-ins ---- */

static const char *token(struct desk_stage *d, int64_t sign_in)
{
    char query[80];
    snprintf(query, sizeof query, "SELECT rtrim(token, x'00') FROM sign_in WHERE id = %lld", (long long)sign_in);
    return fixture_ask(d->f, query);
}

static void a_token_opens_one_step(void **state)
{
    struct desk_stage *d = *state;
    REFUSED("why_broken", .verb = DESK_SIGN_IN, .object = d->counsellor);
    DO(.verb = DESK_SIGN_IN, .object = d->counsellor, .token = {"half"});
    const int64_t id = d->result.id;
    assert_string_equal(token(d, id), "half");
    OPENS(.verb = DESK_PASSWORD, .sign_in = id, .text = SPAN(HASH));
    OPENS(.verb = DESK_TOTP, .sign_in = id, .text = SPAN(SECRET), .until = 5, .token = {"set up"});
    assert_string_equal(token(d, id), "set up");
    OPENS(.verb = DESK_LOCK, .sign_in = id);
    OPENS(.verb = DESK_UNLOCK, .sign_in = id, .token = {"unlocked"});
    assert_string_equal(token(d, id), "unlocked");
    const int64_t half = in_by_password(d, d->counsellor);
    OPENS(.verb = DESK_SECOND_FACTOR, .sign_in = half, .until = 6, .token = {"whole"});
    assert_string_equal(token(d, half), "whole");
}

static void another_factor_ends_the_other_sign_ins(void **state)
{
    struct desk_stage *d = *state;
    const int64_t id = in(d, d->counsellor), lost = in_by_password(d, d->counsellor);
    OPENS(.verb = DESK_SECOND_FACTOR, .sign_in = lost, .until = 6, .token = {"lost"});
    OPENS(.verb = DESK_TOTP, .sign_in = id, .text = SPAN(SECRET), .name = SPAN("new codes 16 byt"), .until = 7);
    assert_int_equal(count_of(d, "sign_in WHERE ended_at IS NOT NULL"), 0); /* codes alone */
    OPENS(.verb = DESK_TOTP, .sign_in = id, .text = SPAN("another phone 20 byt"), .name = SPAN(CODES), .until = 8);
    STAYS_SHUT("why_not_signed_in", .verb = DESK_CLAIM, .sign_in = lost, .object = 3001);
    OPENS(.verb = DESK_CLAIM, .sign_in = id, .object = 3001);
}

/* What each of these states lets them do: their own password, their own factor, a request. */
static void each_sign_in_does_what_it_may(void **state)
{
    struct desk_stage *d = *state;
    const int64_t id = in(d, d->counsellor);
    OPENS(.verb = DESK_CLAIM, .sign_in = id, .object = 3001);
    OPENS(.verb = DESK_LOCK, .sign_in = id);
    STAYS_SHUT("why_not_signed_in", .verb = DESK_RELEASE, .sign_in = id, .object = 3001);
    STAYS_SHUT("why_not_signed_in", .verb = DESK_SETTINGS, .sign_in = id, .name = SPAN("bn"));
    STAYS_SHUT("why_not_signed_in", .verb = DESK_VIEW, .sign_in = id, .about = OBJECT_REQUEST, .object = 3001);
    STAYS_SHUT("why_not_signed_in", .verb = DESK_REVEAL, .sign_in = id, .object = 3001, .code = 1);
    STAYS_SHUT("why_no_right", .verb = DESK_PASSWORD, .sign_in = id, .text = SPAN(HASH));
    STAYS_SHUT("why_no_right", .verb = DESK_TOTP, .sign_in = id, .text = SPAN(SECRET));
    OPENS(.verb = DESK_UNLOCK, .sign_in = id, .token = {"b"});
    OPENS(.verb = DESK_RELEASE, .sign_in = id, .object = 3001);
    const int64_t half = in_by_password(d, d->counsellor);
    STAYS_SHUT("why_not_signed_in", .verb = DESK_UNLOCK, .sign_in = half, .token = {"d"});
    STAYS_SHUT("why_not_signed_in", .verb = DESK_REVOKE, .sign_in = half, .object = id);
    STAYS_SHUT("why_no_right", .verb = DESK_PASSWORD, .sign_in = half, .text = SPAN(HASH));
    OPENS(.verb = DESK_SIGN_OUT, .sign_in = id);
    STAYS_SHUT("why_not_signed_in", .verb = DESK_CLAIM, .sign_in = id, .object = 3001);
    STAYS_SHUT("why_not_signed_in", .verb = DESK_SIGN_OUT, .sign_in = id);
}

/* A first password that an administrator knows opens the page where it is changed. */
static void who_must_change_does_nothing_else(void **state)
{
    struct desk_stage *d = *state;
    const int64_t id = in(d, d->counsellor);
    DO(.verb = DESK_USER_RESET, .object = d->counsellor, .text = SPAN(HASH));
    STAYS_SHUT("why_not_signed_in", .verb = DESK_CLAIM, .sign_in = id, .object = 3001);
    const int64_t fresh = in_by_password(d, d->counsellor);
    OPENS(.verb = DESK_TOTP, .sign_in = fresh, .text = SPAN(SECRET), .until = 9);
    STAYS_SHUT("why_not_signed_in", .verb = DESK_CLAIM, .sign_in = fresh, .object = 3001);
    OPENS(.verb = DESK_PASSWORD, .sign_in = fresh, .text = SPAN(HASH));
    OPENS(.verb = DESK_CLAIM, .sign_in = fresh, .object = 3001);
}

static void a_new_password_leaves_this_browser_alone(void **state)
{
    struct desk_stage *d = *state;
    const int64_t here = in(d, d->counsellor);
    const int64_t there = in_by_password(d, d->counsellor);
    in(d, d->other);
    OPENS(.verb = DESK_PASSWORD, .sign_in = here, .text = SPAN(HASH));
    assert_int_equal(count_of(d, "sign_in WHERE ended_at IS NULL"), 2);
    OPENS(.verb = DESK_CLAIM, .sign_in = here, .object = 3001);
    STAYS_SHUT("why_not_signed_in", .verb = DESK_SECOND_FACTOR, .sign_in = there, .until = 6, .token = {"d"});
}

/* When it ended is when it ended first; use is told once a minute. */
static void times_of_a_sign_in_are_as_they_were(void **state)
{
    struct desk_stage *d = *state;
    char wanted[80];
    const int64_t id = in(d, d->counsellor), began = d->now;
    d->now = began + 59 * 1000;
    OPENS(.verb = DESK_SEEN, .sign_in = id);
    snprintf(wanted, sizeof wanted, "sign_in WHERE seen_at = %lld", (long long)began);
    assert_int_equal(count_of(d, wanted), 1);
    d->now = began + MINUTE;
    OPENS(.verb = DESK_SEEN, .sign_in = id);
    assert_int_equal(count_of(d, wanted), 0);
    DO(.verb = DESK_REVOKE, .operator = d->admin, .object = id);
    snprintf(wanted, sizeof wanted, "sign_in WHERE ended_at = %lld", (long long)d->now);
    d->now += MINUTE;
    DO(.verb = DESK_REVOKE, .operator = d->admin, .object = id);
    assert_int_equal(count_of(d, wanted), 1);
}

/* ---- accounts ---- */

static void a_disabled_administrator_is_none(void **state)
{
    struct desk_stage *d = *state;
    const struct operator auditor = {.shown = SPAN("Bob"), .roles = ROLE_BIT(ROLE_AUDITOR)};
    const int64_t bob = hire(d, "bob", ROLE_BIT(ROLE_ADMIN));
    DO(.verb = DESK_USER_DISABLE, .object = bob);
    REFUSED("why_last_admin", .verb = DESK_USER_DISABLE, .object = d->admin);
    DO(.verb = DESK_USER_CHANGE, .object = bob, .user = &auditor); /* who is disabled is missed by nobody */
}

static void an_account_keeps_within_its_limits(void **state)
{
    struct desk_stage *d = *state;
    char long_name[OPERATOR_NAME_MAX + 2], long_list[502];
    memset(long_name, 'a', sizeof long_name);
    memset(long_list, 'a', sizeof long_list);
    struct operator user = {
        .name = {long_name, OPERATOR_NAME_MAX + 1}, .shown = SPAN("Al"), .roles = ROLE_BIT(ROLE_EDITOR)};
    REFUSED("why_user_name", .verb = DESK_USER_ADD, .user = &user, .text = SPAN(HASH));
    user.name.len = OPERATOR_NAME_MAX;
    user.roles = ROLE_BIT(ROLE_COUNT);
    REFUSED("why_user_roles", .verb = DESK_USER_ADD, .user = &user, .text = SPAN(HASH));
    user.roles = ROLE_BIT(ROLE_EDITOR);
    user.topics = (struct span){long_list, 501};
    REFUSED("why_user_lists", .verb = DESK_USER_ADD, .user = &user, .text = SPAN(HASH));
    user.topics.len = 500;
    user.shown = SPAN("  ");
    REFUSED("why_user_shown", .verb = DESK_USER_ADD, .user = &user, .text = SPAN(HASH));
    user.shown = (struct span){long_list, OPERATOR_SHOWN_LETTERS + 1};
    REFUSED("why_user_shown", .verb = DESK_USER_ADD, .user = &user, .text = SPAN(HASH));
    user.shown = SPAN("Rin\xC3");
    REFUSED("why_user_shown", .verb = DESK_USER_ADD, .user = &user, .text = SPAN(HASH));
    for (size_t i = 0; i < OPERATOR_SHOWN_LETTERS; i++)
        memcpy(long_list + 3 * i, "র", 3);
    user.shown = (struct span){long_list, 3 * OPERATOR_SHOWN_LETTERS}; /* letters, not bytes */
    user.topics = SPAN_NONE;
    DO(.verb = DESK_USER_ADD, .user = &user, .text = SPAN(HASH));
    assert_int_equal(count_of(d, "operator WHERE must_change = 1 AND length(name) = 64"), 1);
}

/* Nothing is left of what the one who had it before knew. */
static void a_reset_account_begins_anew(void **state)
{
    struct desk_stage *d = *state;
    in(d, d->counsellor);
    for (int i = 0; i < 4; i++)
        DO(.verb = DESK_SIGN_IN_FAILED, .object = d->counsellor);
    DO(.verb = DESK_USER_RESET, .object = d->counsellor, .text = SPAN(HASH));
    assert_int_equal(count_of(d, "sign_in WHERE ended_at IS NULL"), 0);
    assert_int_equal(count_of(d, "operator WHERE name = 'cora' AND must_change = 1 AND totp IS NULL AND recovery IS "
                                 "NULL AND totp_step = 0 AND failures = 0 AND failed_at IS NULL"),
                     1);
}

static void note_let_in(void *context, int64_t operator)
{
    *(int64_t *)context = operator;
}

/* By whichever way it was carried out; and by nothing else that is done with an account. */
static void that_somebody_is_let_in_again_is_told(void **state)
{
    struct desk_stage *d = *state;
    static const struct {
        struct desk_action action;
        enum outcome outcome;
        bool is_told;
    } rows[] = {{{.verb = DESK_USER_RESET, .object = 7}, OUTCOME_OK, true},
                {{.verb = DESK_USER_DISABLE, .object = 7, .flag = true}, OUTCOME_OK, true},
                {{.verb = DESK_USER_DISABLE, .object = 7}, OUTCOME_OK, false},
                {{.verb = DESK_USER_CHANGE, .object = 7, .flag = true}, OUTCOME_OK, false},
                {{.verb = DESK_USER_RESET, .object = 7}, OUTCOME_REFUSED, false},
                {{.verb = DESK_USER_DISABLE, .object = 7, .flag = true}, OUTCOME_BROKEN, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t told = 0;
        const struct desk_result result = {.outcome = rows[i].outcome};
        desk_tell_let_in(d->desk, note_let_in, &told);
        desk_done(d->desk, &rows[i].action, &result);
        assert_int_equal(told, rows[i].is_told ? 7 : 0);
        told = 0;
        desk_tell_let_in(d->desk, NULL, NULL);
        desk_done(d->desk, &rows[i].action, &result);
        assert_int_equal(told, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_DESK(the_wait_grows_with_each_wrong_try),
        ON_A_DESK(only_the_last_factor_ends_the_count),
        ON_A_DESK(a_known_browser_has_tries_of_its_own),
        ON_A_DESK(the_audit_says_what_was_wrong),
        ON_A_DESK(a_recovery_code_goes_and_the_others_stay),
        ON_A_DESK(what_is_no_second_factor_is_not_set_up),
        ON_A_DESK(who_needs_a_code_is_half),
        ON_A_DESK(a_token_opens_one_step),
        ON_A_DESK(another_factor_ends_the_other_sign_ins),
        ON_A_DESK(each_sign_in_does_what_it_may),
        ON_A_DESK(who_must_change_does_nothing_else),
        ON_A_DESK(a_new_password_leaves_this_browser_alone),
        ON_A_DESK(times_of_a_sign_in_are_as_they_were),
        ON_A_DESK(a_disabled_administrator_is_none),
        ON_A_DESK(an_account_keeps_within_its_limits),
        ON_A_DESK(a_reset_account_begins_anew),
        ON_A_DESK(that_somebody_is_let_in_again_is_told),
    };
    return cmocka_run_group_tests(tests, load_desk_service, drop_desk_service);
}
