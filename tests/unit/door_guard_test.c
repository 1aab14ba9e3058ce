/* door: what a cookie looks like on the wire, whose token a form carries, who is let to the hashing, who else has a request open. */
#include "store_fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include "base/clock.h"
#include "console/door/cookie.h"
#include "console/door/csrf.h"
#include "console/door/known.h"
#include "console/door/presence.h"
#include "console/door/refused.h"
#include "console/door/turnstile.h"

struct guard {
    struct fixture *f;
    struct console_config config;
    struct site site;
    struct http_request request;
    struct visit visit;
    struct pair header; /* that the request brings */
};

static int open_guard(void **state)
{
    struct guard *g = calloc(1, sizeof *g);
    assert_int_equal(fixture_setup((void **)&g->f), 0);
    g->config.keyring = g->f->keyring;
    g->site = (struct site){.config = &g->config, .known = known_create()};
    g->request = (struct http_request){.headers = &g->header};
    g->visit = (struct visit){.site = &g->site, .arena = g->f->arena, .request = &g->request, .now = NOW};
    *state = g;
    return 0;
}

static int close_guard(void **state)
{
    struct guard *g = *state;
    void *fixture = g->f;
    known_free(g->site.known);
    fixture_teardown(&fixture);
    free(g);
    return 0;
}

/* ---- cookies ---- */

static void a_cookie_is_for_this_host_alone(void **state)
{
    struct guard *g = *state;
    static const struct {
        bool is_secure;
        enum cookie cookie;
        const char *value, *header;
    } rows[] = {{false, COOKIE_SIGN_IN, "abc", "helpline=abc; Path=/; HttpOnly; SameSite=Strict"},
                {true, COOKIE_SIGN_IN, "abc", "__Host-helpline=abc; Path=/; HttpOnly; SameSite=Strict; Secure"},
                {true, COOKIE_SAID, "x", "__Host-helpline-said=x; Path=/; HttpOnly; SameSite=Strict; Secure"},
                {true, COOKIE_SIGN_IN, "", "__Host-helpline=; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=0"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        g->site.is_secure = rows[i].is_secure;
        g->visit.header_count = 0;
        cookie_write(&g->visit, rows[i].cookie, span_of(rows[i].value));
        assert_int_equal(g->visit.header_count, 1);
        assert_span(g->visit.headers[0].name, "Set-Cookie");
        assert_span(g->visit.headers[0].value, rows[i].header);
        g->visit.header_count = 0;
        cookie_keep(&g->visit, SPAN("k"), SPAN("v"), 60);
        assert_span(g->visit.headers[0].value, rows[i].is_secure
                                                   ? "k=v; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=60"
                                                   : "k=v; Path=/; HttpOnly; SameSite=Strict; Max-Age=60");
    }
    const struct span one = cookie_make(g->f->arena), other = cookie_make(g->f->arena);
    assert_int_equal(one.len, COOKIE_TEXT);
    assert_false(span_equal(one, other));
    const struct lookup token = cookie_token(&g->site, one), same = cookie_token(&g->site, one),
                        prefix = cookie_token(&g->site, span_first(one, COOKIE_TEXT - 1));
    assert_memory_equal(&token, &same, sizeof token);
    assert_memory_not_equal(&token, &prefix, sizeof token);
}

/* The token of one sign-in is no token of another. */
static void a_form_carries_the_token_of_its_cookie(void **state)
{
    struct guard *g = *state;
    const struct operator somebody = {.id = 1};
    struct pair field = {SPAN("token"), SPAN_NONE};
    g->visit.form = &field;
    g->visit.form_count = 1;
    assert_int_equal(csrf_token(&g->visit).len, 0);
    assert_true(csrf_holds(&g->visit)); /* nobody has signed in */
    g->visit.whose = &somebody;
    g->visit.cookie = SPAN("another cookie");
    const struct span another = csrf_token(&g->visit);
    g->visit.cookie = SPAN("this cookie");
    const struct span bad[] = {SPAN_NONE, SPAN(""), another, span_first(csrf_token(&g->visit), 31),
                               SPAN("this cookie")};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        field.value = bad[i];
        if (csrf_holds(&g->visit))
            fail_msg("case %zu", i);
    }
    field.value = csrf_token(&g->visit);
    assert_true(csrf_holds(&g->visit));
}

/* ---- browsers that are known ---- */

/* What this visit was told to keep is brought by the next one, but for the end of it. */
static void bring_back(struct guard *g, size_t without)
{
    struct span kept = g->visit.headers[0].value;
    kept = span_cut(&kept, ';');
    g->header = (struct pair){SPAN("Cookie"), span_first(kept, kept.len - without)};
    g->request.header_count = 1;
}

static void a_browser_is_known_for_whom_it_is_known(void **state)
{
    struct guard *g = *state;
    assert_false(known_is(&g->visit, 7));
    known_remember(&g->visit, 7);
    bring_back(g, 0);
    assert_true(known_is(&g->visit, 7));
    assert_false(known_is(&g->visit, 8));
    bring_back(g, 1);
    assert_false(known_is(&g->visit, 7));
    bring_back(g, 0);
    char *forged = arena_alloc(g->f->arena, g->header.value.len);
    memcpy(forged, g->header.value.at, g->header.value.len);
    forged[g->header.value.len - 1] = forged[g->header.value.len - 1] == '0' ? '1' : '0';
    g->header.value.at = forged;
    assert_false(known_is(&g->visit, 7));
    g->site.is_secure = true;
    g->visit.header_count = 0;
    known_remember(&g->visit, 7);
    assert_true(span_starts_with(g->visit.headers[0].value, SPAN("__Host-helpline-known-")));
}

static void tries_in_a_known_browser_wait_too(void **state)
{
    struct guard *g = *state;
    known_remember(&g->visit, 7);
    bring_back(g, 0);
    for (int i = 0; i < 3; i++) {
        assert_true(known_may_try(&g->visit, 7));
        known_failed(&g->visit, 7);
    }
    assert_false(known_may_try(&g->visit, 7));
    g->visit.now += 1999;
    assert_false(known_may_try(&g->visit, 7));
    g->visit.now += 1;
    assert_true(known_may_try(&g->visit, 7));
    known_failed(&g->visit, 7);
    g->visit.now += 3999;
    assert_false(known_may_try(&g->visit, 7));
    g->visit.header_count = 0;
    known_remember(&g->visit, 7); /* whoever is in begins anew */
    bring_back(g, 0);
    assert_true(known_may_try(&g->visit, 7));
}

static void who_is_let_in_again_waits_nowhere(void **state)
{
    struct guard *g = *state;
    static const struct {
        bool is_known;
        int64_t operator;
    } rows[] = {{true, 7}, {false, 7}, {false, 8}};
    known_remember(&g->visit, 7);
    bring_back(g, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        g->request.header_count = rows[i].is_known ? 1 : 0;
        for (int tries = 0; tries < 40; tries++)
            known_failed(&g->visit, rows[i].operator);
        assert_false(known_may_try(&g->visit, rows[i].operator));
    }
    known_let_in(g->site.known, 7);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        g->request.header_count = rows[i].is_known ? 1 : 0;
        assert_int_equal(known_may_try(&g->visit, rows[i].operator), rows[i].operator == 7);
    }
    known_let_in(g->site.known, 9); /* whom nobody tried */
}

/* ---- the turnstile ---- */

struct crossing {
    struct turnstile *turnstile;
    atomic_uint passed, refused;
};

static void *pass_through(void *context)
{
    struct crossing *crossing = context;
    if (turnstile_enter(crossing->turnstile)) {
        turnstile_leave(crossing->turnstile);
        atomic_fetch_add(&crossing->passed, 1);
    } else {
        atomic_fetch_add(&crossing->refused, 1);
    }
    return NULL;
}

static void so_many_at_a_time_and_so_many_wait(void **state)
{
    (void)state;
    pthread_t threads[3];
    struct crossing crossing = {.turnstile = turnstile_create(2, 1)};
    assert_true(turnstile_enter(crossing.turnstile));
    assert_true(turnstile_enter(crossing.turnstile));
    for (size_t i = 0; i < 3; i++) /* whichever comes first waits, the others are sent away */
        assert_int_equal(pthread_create(&threads[i], NULL, pass_through, &crossing), 0);
    for (int64_t until = clock_monotonic_ms() + 60000; atomic_load(&crossing.refused) < 2;) {
        assert_true(clock_monotonic_ms() < until);
        usleep(1000);
    }
    assert_int_equal(atomic_load(&crossing.passed), 0);
    turnstile_leave(crossing.turnstile);
    for (size_t i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&crossing.passed), 1);
    assert_int_equal(atomic_load(&crossing.refused), 2);
    pass_through(&crossing);
    assert_int_equal(atomic_load(&crossing.passed), 2);
    turnstile_leave(crossing.turnstile);
    turnstile_free(crossing.turnstile);
}

/* ---- who else has it open ---- */

static void others_are_named_for_two_minutes(void **state)
{
    struct guard *g = *state;
    struct span names[4];
    const struct operator cora = {.id = 1, .shown = SPAN("Cora")}, omar = {.id = 2, .shown = SPAN("Omar")};
    struct presence *presence = presence_create();
    presence_note(presence, &cora, 3001, NOW);
    presence_note(presence, &omar, 3002, NOW);
    assert_int_equal(presence_others(presence, 3001, 1, NOW, g->f->arena, names, 4), 0);
    assert_int_equal(presence_others(presence, 3001, 2, NOW + PRESENCE_MS - 1, g->f->arena, names, 4), 1);
    assert_span(names[0], "Cora");
    assert_int_equal(presence_others(presence, 3001, 2, NOW + PRESENCE_MS, g->f->arena, names, 4), 0);
    for (int64_t i = 0; i < 255; i++) { /* whoever was here the longest ago makes place */
        const struct operator other = {.id = 100 + i, .shown = SPAN("Other")};
        presence_note(presence, &other, 4001, NOW + 1 + i);
    }
    assert_int_equal(presence_others(presence, 4001, 354, NOW + 256, g->f->arena, names, 4), 4);
    assert_int_equal(presence_others(presence, 3001, 2, NOW + 256, g->f->arena, names, 4) +
                         presence_others(presence, 3002, 1, NOW + 256, g->f->arena, names, 4),
                     1);
    const struct operator long_named = {
        .id = 3, .shown = SPAN("রররররররররররররররররররররররররররররর")}; /* 90 bytes: cut, it is no UTF-8 */
    presence_note(presence, &long_named, 3004, NOW + 257);
    assert_int_equal(presence_others(presence, 3004, 2, NOW + 257, g->f->arena, names, 4), 1);
    assert_true(span_equal(names[0], long_named.shown));
    assert_int_equal(presence_others(presence, 3003, 2, NOW + 257, g->f->arena, names, 4), 0);
    presence_free(presence);
}

/* ---- what is turned away ---- */

static void what_comes_without_end_is_kept_now_and_then(void **state)
{
    (void)state;
    struct refused *refused = refused_create();
    assert_true(refused_is_due(refused, 1, NOW));
    assert_false(refused_is_due(refused, 1, NOW));
    assert_true(refused_is_due(refused, 2, NOW));
    assert_false(refused_is_due(refused, 1, NOW + REFUSED_AGAIN_MS - 1));
    assert_true(refused_is_due(refused, 1, NOW + REFUSED_AGAIN_MS));
    unsigned kept = 0;
    for (int i = 0; i < 3 * REFUSED_PLACES; i++)
        kept += refused_is_due(refused, 100 + i, NOW + 3 * REFUSED_AGAIN_MS);
    assert_int_equal(kept, REFUSED_PLACES); /* however many sign-ins it comes in the name of */
    assert_true(refused_is_due(refused, 1, NOW + 4 * REFUSED_AGAIN_MS));
    refused_free(refused);
}

/* ---- what a form says ---- */

static void a_key_is_whole_or_none(void **state)
{
    struct guard *g = *state;
    static const struct {
        const char *text;
        bool is_key;
    } rows[] = {{"000102030405060708090a0b0c0d0e0f", true},
                {"000102030405060708090a0b0c0d0e0", false},
                {"000102030405060708090a0b0c0d0e0f0", false},
                {"000102030405060708090a0b0c0d0e0g", false},
                {"", false}};
    const struct lookup none = {0};
    struct pair field = {SPAN("key"), SPAN_NONE};
    g->visit.form = &field;
    g->visit.form_count = 1;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        field.value = span_of(rows[i].text);
        const struct lookup key = visit_field_key(&g->visit);
        if ((memcmp(&key, &none, sizeof key) != 0) != rows[i].is_key)
            fail_msg("case %zu", i);
    }
}

static void nobody_may_what_takes_a_right(void **state)
{
    struct guard *g = *state;
    const struct operator auditor = {.id = 1, .roles = ROLE_BIT(ROLE_AUDITOR)};
    assert_true(visit_may(&g->visit, RIGHT_NONE));
    assert_false(visit_may(&g->visit, RIGHT_SIGNED_IN));
    g->visit.whose = &auditor; /* half or locked */
    assert_false(visit_may(&g->visit, RIGHT_AUDIT));
    g->visit.operator = &auditor;
    assert_true(visit_may(&g->visit, RIGHT_AUDIT));
    assert_false(visit_may(&g->visit, RIGHT_QUEUE));
}

#define AT_THE_DOOR(test) cmocka_unit_test_setup_teardown(test, open_guard, close_guard)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_THE_DOOR(a_cookie_is_for_this_host_alone),
        AT_THE_DOOR(a_form_carries_the_token_of_its_cookie),
        AT_THE_DOOR(a_browser_is_known_for_whom_it_is_known),
        AT_THE_DOOR(tries_in_a_known_browser_wait_too),
        AT_THE_DOOR(who_is_let_in_again_waits_nowhere),
        cmocka_unit_test(so_many_at_a_time_and_so_many_wait),
        AT_THE_DOOR(others_are_named_for_two_minutes),
        AT_THE_DOOR(a_key_is_whole_or_none),
        cmocka_unit_test(what_comes_without_end_is_kept_now_and_then),
        AT_THE_DOOR(nobody_may_what_takes_a_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
