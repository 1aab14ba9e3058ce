/* desk: who may, and from which sign-in on. Every verb for every role, and what the audit says of those who may not. */
/* timeout: 300: under the sanitizers on a loaded machine */
#include "desk_stage.h"

#include "core/desk/desk_deed.h"

static int64_t sign_in(struct desk_stage *d, int64_t operator, bool half, unsigned char mark)
{
    struct fixture *f = d->f;
    const struct sign_in row = {.id = 8000 + mark,
                                .operator = operator,
                                .token = {{mark}},
                                .created_at = d->now,
                                .seen_at = d->now,
                                .is_half = half};
    OK(SAVE({.kind = CHANGE_SIGN_IN, .sign_in = {&row}}));
    return row.id;
}

/* Somebody chose a password of their own. */
static void settle(struct desk_stage *d, int64_t operator)
{
    DO(.verb = DESK_PASSWORD, .operator = operator, .text = SPAN(HASH));
}

/* As from a browser: a sign-in has to stand behind it. */
static enum outcome from_browser(struct desk_stage *d, struct desk_action action)
{
    struct desk_pass pass = desk_pass(d);
    pass.is_local = false;
    return desk_act(&pass, &action, &d->result);
}

static void no_verb_without_its_right(void **state)
{
    struct desk_stage *d = *state;
    unsigned char mark = 1;
    for (enum role role = 0; role < ROLE_COUNT; role++) {
        char name[32];
        snprintf(name, sizeof name, "role-%s", role_name(role));
        const int64_t operator = hire(d, name, ROLE_BIT(role));
        settle(d, operator);
        const int64_t in = sign_in(d, operator, false, mark++);
        for (int verb = 0; verb < DESK_VERB_COUNT; verb++) {
            const struct verb_row *row = desk_verb_row((enum desk_verb)verb);
            assert_non_null(row->run);
            if (row->from == FROM_NOBODY || row->right == RIGHT_NONE || roles_may(ROLE_BIT(role), row->right))
                continue;
            const int before = count_of(d, "audit WHERE action = 7");
            const struct desk_action action = {
                .verb = (enum desk_verb)verb, .operator = operator, .sign_in = in, .object = 3001};
            assert_int_equal(from_browser(d, action), OUTCOME_REFUSED);
            assert_string_equal(d->result.why, "why_no_right");
            assert_int_equal(count_of(d, "audit WHERE action = 7"), before + 1);
        }
    }
    assert_int_equal(count_of(d, "request_desk"), 0);
}

static void nothing_without_a_whole_sign_in(void **state)
{
    struct desk_stage *d = *state;
    settle(d, d->counsellor);
    const int64_t half = sign_in(d, d->counsellor, true, 1), whole = sign_in(d, d->counsellor, false, 2),
                  others = sign_in(d, d->other, false, 3);
    const int64_t bad[] = {0, half, others, 99};
    struct desk_action claim = {.verb = DESK_CLAIM, .operator = d->counsellor, .object = 3001};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        claim.sign_in = bad[i];
        assert_int_equal(from_browser(d, claim), OUTCOME_REFUSED);
        assert_string_equal(d->result.why, "why_not_signed_in");
    }
    struct desk_action lock = {.verb = DESK_LOCK, .operator = d->counsellor, .sign_in = whole};
    assert_int_equal(from_browser(d, lock), OUTCOME_OK);
    claim.sign_in = whole;
    assert_int_equal(from_browser(d, claim), OUTCOME_REFUSED);
    lock.verb = DESK_UNLOCK;
    lock.token = (struct lookup){"new"};
    assert_int_equal(from_browser(d, lock), OUTCOME_OK);
    assert_int_equal(from_browser(d, claim), OUTCOME_OK);
    DO(.verb = DESK_USER_DISABLE, .object = d->counsellor);
    assert_int_equal(from_browser(d, claim), OUTCOME_REFUSED);
}

static void nobody_acts_on_this_machine_without_a_name_but_for_accounts(void **state)
{
    struct desk_stage *d = *state;
    REFUSED("why_no_right", .verb = DESK_CLAIM, .object = 3001);
    REFUSED("why_no_right", .verb = DESK_FORGET, .object = 101);
    DO(.verb = DESK_USER_DISABLE, .object = d->other);
    struct desk_action add = {.verb = DESK_USER_DISABLE, .object = d->other};
    assert_int_equal(from_browser(d, add), OUTCOME_REFUSED);
}

static void what_is_not_theirs_to_see_is_not_there(void **state)
{
    struct desk_stage *d = *state;
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675", .desk = "complaints"});
    const int before = count_of(d, "audit WHERE action = 7");
    MISSING(.verb = DESK_VIEW, .operator = d->counsellor, .about = OBJECT_REQUEST, .object = 3002);
    MISSING(.verb = DESK_VIEW, .operator = d->counsellor, .about = OBJECT_REQUEST, .object = 3999);
    MISSING(.verb = DESK_REVEAL, .operator = d->counsellor, .object = 3002, .code = 1);
    MISSING(.verb = DESK_NOTE, .operator = d->counsellor, .object = 3002, .text = SPAN("x"));
    assert_int_equal(count_of(d, "audit WHERE action = 7"), before + 3);
    DO(.verb = DESK_VIEW, .operator = d->supervisor, .about = OBJECT_REQUEST, .object = 3002);
    REFUSED("why_no_right", .verb = DESK_VIEW, .operator = d->counsellor, .about = OBJECT_SESSION, .object = 1001);
    DO(.verb = DESK_VIEW, .operator = d->supervisor, .about = OBJECT_SESSION, .object = 1001);
    MISSING(.verb = DESK_VIEW, .operator = d->supervisor, .about = OBJECT_SESSION, .object = 1002);
    REFUSED("why_no_right", .verb = DESK_VIEW, .operator = d->admin, .about = OBJECT_PERSON, .object = 101);
    DO(.verb = DESK_VIEW, .operator = d->supervisor, .about = OBJECT_PHONE, .object = 1);
    MISSING(.verb = DESK_VIEW, .operator = d->supervisor, .about = OBJECT_PHONE, .object = 599);
    REFUSED("why_no_right", .verb = DESK_VIEW, .operator = d->admin, .about = OBJECT_PHONE, .object = 1);
    REFUSED("why_no_right", .verb = DESK_VIEW, .operator = d->admin, .about = OBJECT_REQUEST, .object = 3001);
}

/* Verbs about a person, with all that they need; the object is the person's, their phone's or their flag's id. */
static const struct desk_action about_person[] = {
    {.verb = DESK_VIEW, .about = OBJECT_PERSON},
    {.verb = DESK_FLAG, .text = SPAN("Armed"), .until = INT64_MAX},
    {.verb = DESK_FLAG_DROP},
    {.verb = DESK_NUMBER_CHANGED},
    {.verb = DESK_FORGET},
};

static void somebody_else_is_there(struct desk_stage *d, int64_t person, int64_t phone, const char *number)
{
    struct fixture *f = d->f;
    struct phone_row row = a_phone(f, phone, number);
    const struct person_flag flag = {.id = 5000 + person,
                                     .person = person,
                                     .operator = d->supervisor,
                                     .at = d->now,
                                     .until = d->now + DAY,
                                     .text = SPAN("x")};
    row.person = person;
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&row, span_of(number)}},
            {.kind = CHANGE_PERSON, .person = {.id = person, .phone = phone, .at = d->now}},
            {.kind = CHANGE_PERSON_FLAG, .flag = {.row = &flag}}));
}

static void asks(struct desk_stage *d, int64_t id, const char *reference, int64_t person, const char *desk,
                 const char *topic)
{
    struct fixture *f = d->f;
    struct request row = {.id = id,
                          .person = person,
                          .phone = person - 100,
                          .kind = SPAN("call"),
                          .desk = span_of(desk),
                          .topic = span_of(topic),
                          .created_at = d->now,
                          .changed_at = d->now,
                          .version = 1};
    snprintf(row.reference, sizeof row.reference, "%s", reference);
    OK(SAVE({.kind = CHANGE_REQUEST_BY_HAND, .request = {.row = &row, .by = BY_OPERATOR}}));
}

static int64_t hire_for(struct desk_stage *d, const char *name, enum role role, const char *topics)
{
    const struct operator user = {
        .name = span_of(name), .shown = span_of(name), .roles = ROLE_BIT(role), .topics = span_of(topics)};
    DO(.verb = DESK_USER_ADD, .user = &user, .text = SPAN(HASH), .peer = SPAN("control"));
    return d->result.id;
}

/* Who sees which of 102, 103, 104; 0: none of them. */
struct seeing {
    enum role role;
    int64_t operator, person;
};

static int refusals(struct desk_stage *d)
{
    return count_of(d, "audit WHERE action = 7");
}

static void try_verb(struct desk_stage *d, const struct seeing *who, struct desk_action action, int64_t person)
{
    const bool sees = who->person == person, is_there = person <= 104;
    const int before = refusals(d);
    action.operator = who->operator;
    action.to = person;
    action.object = action.verb == DESK_NUMBER_CHANGED ? person - 100
                    : action.verb == DESK_FLAG_DROP    ? 5000 + person
                                                       : person;
    if (!roles_may(ROLE_BIT(who->role), desk_verb_row(action.verb)->right) || (sees && action.verb != DESK_VIEW))
        return;
    expect_act(d, action, sees ? OUTCOME_OK : OUTCOME_NOT_FOUND, sees ? NULL : "why_not_there", __LINE__);
    assert_int_equal(refusals(d), before + (is_there && !sees));
}

static void try_number(struct desk_stage *d, const struct seeing *who, const char *number, int64_t person)
{
    const struct desk_action find = {.verb = DESK_FIND_PHONE, .operator = who->operator, .text = span_of(number)};
    const bool sees = who->person == person;
    const int before = count_of(d, "audit");
    expect_act(d, find, sees ? OUTCOME_OK : OUTCOME_NOT_FOUND, sees ? NULL : "why_not_there", __LINE__);
    assert_int_equal(d->result.object, sees ? person : 0);
    assert_int_equal(d->result.id, sees ? person - 100 : 0);
    assert_int_equal(count_of(d, "audit"), before + 1);
}

/* 102 asked about health; 103 complained; 104 asked for nothing; 105 is not there. */
static void nobody_elses_person_is_there_by_any_verb(void **state)
{
    struct desk_stage *d = *state;
    static const char *const numbers[] = {"+8801712345102", "+8801712345103", "+8801712345104"};
    const struct seeing rows[] = {
        {ROLE_COUNSELLOR, hire_for(d, "wage", ROLE_COUNSELLOR, "wages"), 0},
        {ROLE_COUNSELLOR, hire_for(d, "health", ROLE_COUNSELLOR, "health"), 102},
        {ROLE_COMPLAINTS, hire_for(d, "olga", ROLE_COMPLAINTS, ""), 103},
    };
    for (int64_t person = 102; person <= 104; person++)
        somebody_else_is_there(d, person, person - 100, numbers[person - 102]);
    asks(d, 3102, "1111111", 102, NULL, "health");
    asks(d, 3103, "2222222", 103, "complaints", "wages");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (int64_t person = 102; person <= 105; person++)
            for (size_t v = 0; v < sizeof about_person / sizeof *about_person; v++)
                try_verb(d, &rows[i], about_person[v], person);
        for (int64_t person = 102; person <= 104; person++)
            try_number(d, &rows[i], numbers[person - 102], person);
    }
    assert_int_equal(count_of(d, "person_flag WHERE dropped_at IS NULL"), 3);
    assert_int_equal(count_of(d, "phone WHERE renewed_at IS NOT NULL"), 0);
    assert_int_equal(count_of(d, "person WHERE forgotten_at IS NOT NULL OR leaving_at IS NOT NULL"), 0);
    for (int64_t person = 102; person <= 104; person++)
        DO(.verb = DESK_VIEW, .operator = d->supervisor, .about = OBJECT_PERSON, .object = person);
}

/* ---- signing in ---- */

static void a_sign_in_is_half_until_the_second_factor(void **state)
{
    struct desk_stage *d = *state;
    const struct span secret = SPAN("01234567890123456789"), codes = SPAN("0123456789abcdefFEDCBA9876543210");
    DO(.verb = DESK_SIGN_IN, .object = d->counsellor, .token = {"a"}, .flag = true); /* whatever the page thinks */
    const int64_t in = d->result.id;
    assert_int_equal(count_of(d, "sign_in WHERE half = 1"), 1);
    struct desk_action factor = {.verb = DESK_SECOND_FACTOR, .sign_in = in, .until = 7, .token = {"b"}};
    struct desk_action totp = {.verb = DESK_TOTP, .sign_in = in, .text = secret, .name = codes, .until = 5};
    struct desk_action password = {.verb = DESK_PASSWORD, .sign_in = in, .text = SPAN(HASH)};
    assert_int_equal(from_browser(d, password), OUTCOME_OK); /* the one that somebody else made */
    assert_int_equal(from_browser(d, password), OUTCOME_REFUSED);
    assert_int_equal(from_browser(d, totp), OUTCOME_OK);
    assert_int_equal(count_of(d, "sign_in WHERE half = 0"), 1);

    DO(.verb = DESK_SIGN_IN, .object = d->counsellor, .token = {"c"}, .flag = true);
    totp.sign_in = factor.sign_in = d->result.id;
    assert_int_equal(from_browser(d, totp), OUTCOME_REFUSED); /* the factor that is there stays */
    factor.until = 5;
    assert_int_equal(from_browser(d, factor), OUTCOME_REFUSED);
    assert_string_equal(d->result.why, "why_code_used");
    factor.until = 6;
    assert_int_equal(from_browser(d, factor), OUTCOME_OK);
    assert_int_equal(from_browser(d, factor), OUTCOME_CONFLICT);

    DO(.verb = DESK_SIGN_IN, .object = d->counsellor, .token = {"d"});
    factor.sign_in = d->result.id;
    factor.token = (struct lookup){"e"};
    factor.name = span_first(span_from(codes, LOOKUP_BYTES), LOOKUP_BYTES);
    assert_int_equal(from_browser(d, factor), OUTCOME_OK);
    assert_int_equal(count_of(d, "operator WHERE length(recovery) = 16"), 1);
    DO(.verb = DESK_SIGN_IN, .object = d->counsellor, .token = {"f"});
    factor.sign_in = d->result.id;
    factor.token = (struct lookup){"g"};
    assert_int_equal(from_browser(d, factor), OUTCOME_REFUSED); /* once */
}

static void who_errs_waits_longer_and_longer(void **state)
{
    struct desk_stage *d = *state;
    for (int i = 0; i < TRIES_OF_NAME; i++)
        DO(.verb = DESK_SIGN_IN_FAILED, .object = d->auditor);
    REFUSED("why_wait", .verb = DESK_SIGN_IN, .object = d->auditor, .token = {"a"}, .flag = true);
    DO(.verb = DESK_SIGN_IN_FAILED); /* nobody's name */
    d->now += 60 * MINUTE;
    DO(.verb = DESK_SIGN_IN, .object = d->auditor, .token = {"a"}, .flag = true);
    assert_int_equal(count_of(d, "sign_in WHERE half = 0"), 1); /* sees nobody: no second factor */
    assert_int_equal(count_of(d, "operator WHERE failures > 0"), 0);
    assert_int_equal(count_of(d, "audit WHERE action = 2"), TRIES_OF_NAME + 1);
    DO(.verb = DESK_USER_DISABLE, .object = d->auditor);
    REFUSED("why_disabled", .verb = DESK_SIGN_IN, .object = d->auditor, .token = {"b"});
    assert_int_equal(count_of(d, "sign_in WHERE ended_at IS NULL"), 0);
}

static void a_sign_in_ends_by_its_own_or_an_administrators_hand(void **state)
{
    struct desk_stage *d = *state;
    const int64_t mine = sign_in(d, d->counsellor, false, 1), theirs = sign_in(d, d->other, false, 2);
    REFUSED("why_no_right", .verb = DESK_REVOKE, .operator = d->counsellor, .object = theirs);
    DO(.verb = DESK_REVOKE, .operator = d->counsellor, .object = mine);
    DO(.verb = DESK_REVOKE, .operator = d->admin, .object = theirs);
    assert_int_equal(count_of(d, "sign_in WHERE ended_at IS NOT NULL"), 2);
}

/* ---- accounts ---- */

static void the_last_administrator_stays(void **state)
{
    struct desk_stage *d = *state;
    struct operator user = {.shown = SPAN("Ada"), .roles = ROLE_BIT(ROLE_AUDITOR)};
    REFUSED("why_last_admin", .verb = DESK_USER_DISABLE, .operator = d->admin, .object = d->admin);
    REFUSED("why_last_admin", .verb = DESK_USER_CHANGE, .operator = d->admin, .object = d->admin, .user = &user);
    hire(d, "bob", ROLE_BIT(ROLE_ADMIN));
    DO(.verb = DESK_USER_CHANGE, .operator = d->admin, .object = d->admin, .user = &user);
    REFUSED("why_no_right", .verb = DESK_USER_DISABLE, .operator = d->admin, .object = d->counsellor);
}

static void an_account_has_a_name_of_its_own(void **state)
{
    struct desk_stage *d = *state;
    static const char *const bad[] = {"",
                                      "a",
                                      "Ada",
                                      "a b",
                                      "a/b",
                                      "\xc3\xa4"
                                      "da",
                                      "a\n"};
    struct operator user = {.shown = SPAN("Ada"), .roles = ROLE_BIT(ROLE_EDITOR)};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        user.name = span_of(bad[i]);
        REFUSED("why_user_name", .verb = DESK_USER_ADD, .user = &user, .text = SPAN(HASH));
    }
    user.name = SPAN("ada");
    CONFLICTS("why_name_taken", .verb = DESK_USER_ADD, .user = &user, .text = SPAN(HASH));
    user.name = SPAN("ada.2");
    REFUSED("why_broken", .verb = DESK_USER_ADD, .user = &user, .text = SPAN("in clear"));
    user.roles = 0;
    REFUSED("why_user_roles", .verb = DESK_USER_ADD, .user = &user, .text = SPAN(HASH));
}

static void other_roles_begin_with_another_sign_in(void **state)
{
    struct desk_stage *d = *state;
    const struct operator user = {.shown = SPAN("Cora"), .roles = ROLE_BIT(ROLE_SUPERVISOR)};
    sign_in(d, d->counsellor, false, 1);
    CONFLICTS("why_changed", .verb = DESK_USER_CHANGE, .object = d->counsellor, .version = 9, .user = &user);
    DO(.verb = DESK_USER_CHANGE, .object = d->counsellor, .version = 1, .user = &user);
    assert_int_equal(count_of(d, "sign_in WHERE ended_at IS NULL"), 0);
    DO(.verb = DESK_USER_RESET, .object = d->counsellor, .text = SPAN(HASH));
    assert_int_equal(count_of(d, "operator WHERE name = 'cora' AND must_change = 1 AND totp IS NULL"), 1);
}

static void topics_and_languages_are_the_services(void **state)
{
    struct desk_stage *d = *state;
    struct fixture *f = d->f;
    struct operator user = {
        .name = SPAN("tara"), .shown = SPAN("Tara"), .roles = ROLE_BIT(ROLE_COUNSELLOR), .topics = SPAN("wages wage")};
    REFUSED("why_user_topics", .verb = DESK_USER_ADD, .user = &user, .text = SPAN(HASH));
    assert_non_null(strstr(d->result.error.text, "there is no topic \"wage\"; there are: "));
    assert_non_null(strstr(d->result.error.text, "health"));
    user.topics = SPAN("wages health");
    user.languages = SPAN("bn xx");
    REFUSED("why_user_languages", .verb = DESK_USER_ADD, .user = &user, .text = SPAN(HASH));
    user.languages = SPAN("bn en");
    DO(.verb = DESK_USER_ADD, .user = &user, .text = SPAN(HASH));
    const int64_t id = d->result.id;
    user.topics = SPAN("gone");
    REFUSED("why_user_topics", .verb = DESK_USER_CHANGE, .object = id, .user = &user);
    struct operator row;
    OK(store_load_operator(f->store, id, f->arena, &row, &f->err));
    row.topics = SPAN("wages gone"); /* of before the service changed */
    OK(SAVE({.kind = CHANGE_OPERATOR, .operator = {&row}}));
    user.topics = SPAN("gone health");
    DO(.verb = DESK_USER_CHANGE, .object = id, .user = &user);
    user.topics = SPAN("health wages");
    DO(.verb = DESK_USER_CHANGE, .object = id, .user = &user);
    user.topics = SPAN("gone");
    REFUSED("why_user_topics", .verb = DESK_USER_CHANGE, .object = id, .user = &user);
}

static void settings_are_choices(void **state)
{
    struct desk_stage *d = *state;
    settle(d, d->counsellor);
    REFUSED("why_not_a_choice", .verb = DESK_SETTINGS, .operator = d->counsellor, .name = SPAN("bn"), .code = 9);
    DO(.verb = DESK_SETTINGS, .operator = d->counsellor, .name = SPAN("bn"), .code = THEME_DARK);
    assert_int_equal(count_of(d, "operator WHERE lang = 'bn' AND theme = 2 AND shortcuts = 0"), 1);
    DO(.verb = DESK_FILTER, .operator = d->counsellor, .name = SPAN("Mine"), .text = SPAN("topic=wages"));
    DO(.verb = DESK_FILTER, .operator = d->counsellor, .name = SPAN("Mine"));
    assert_int_equal(count_of(d, "saved_filter"), 0);
}

static void a_refused_page_stands_in_the_audit_with_whose_it_is(void **state)
{
    struct desk_stage *d = *state;
    static const struct {
        const char *path, *word;
        enum audit_object object;
        const char *about;
    } pages[] = {{"/people/1234/forget", "page_people_forget", OBJECT_PERSON, "1234"},
                 {"/people/1234", "page_people", OBJECT_PERSON, "1234"},
                 {"/users", "page_users", OBJECT_NONE, ""},
                 {"/users/new", "page_users_new", OBJECT_NONE, ""},
                 {"/requests/7/number-changed", "page_requests_number_changed", OBJECT_REQUEST, "7"},
                 {"/elsewhere/7", "page_elsewhere", OBJECT_NONE, ""},
                 {"/<script>", "page", OBJECT_NONE, ""},
                 {"/+8801712345678", "page", OBJECT_NONE, ""}};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        DO(.verb = DESK_REFUSED, .operator = d->counsellor, .text = span_of(pages[i].path));
        assert_string_equal(
            fixture_ask(d->f, "SELECT text FROM word WHERE id = (SELECT detail FROM audit ORDER BY id DESC LIMIT 1)"),
            pages[i].word);
        assert_string_equal(fixture_ask(d->f, "SELECT coalesce(about, '') FROM audit ORDER BY id DESC LIMIT 1"),
                            pages[i].about);
        assert_int_equal(atoi(fixture_ask(d->f, "SELECT object FROM audit ORDER BY id DESC LIMIT 1")), pages[i].object);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_DESK(no_verb_without_its_right),
        ON_A_DESK(nothing_without_a_whole_sign_in),
        ON_A_DESK(nobody_acts_on_this_machine_without_a_name_but_for_accounts),
        ON_A_DESK(what_is_not_theirs_to_see_is_not_there),
        ON_A_DESK(nobody_elses_person_is_there_by_any_verb),
        ON_A_DESK(a_sign_in_is_half_until_the_second_factor),
        ON_A_DESK(who_errs_waits_longer_and_longer),
        ON_A_DESK(a_sign_in_ends_by_its_own_or_an_administrators_hand),
        ON_A_DESK(the_last_administrator_stays),
        ON_A_DESK(an_account_has_a_name_of_its_own),
        ON_A_DESK(other_roles_begin_with_another_sign_in),
        ON_A_DESK(topics_and_languages_are_the_services),
        ON_A_DESK(settings_are_choices),
        ON_A_DESK(a_refused_page_stands_in_the_audit_with_whose_it_is),
    };
    return cmocka_run_group_tests(tests, load_desk_service, drop_desk_service);
}
