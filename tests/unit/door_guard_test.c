/* door: what a cookie looks like on the wire, whose token a form carries, who is let to the hashing, who else has a request open. */
#include "store_fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include "base/clock.h"
#include "console/door/cookie.h"
#include "console/door/csrf.h"
#include "console/door/known.h"
#include "console/door/live_text.h"
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

static struct known_place place_of(struct guard *g, const char *peer)
{
    g->visit.peer = span_of(peer);
    return known_place(&g->visit);
}

static void assert_same_place(struct known_place one, struct known_place same)
{
    assert_memory_equal(&one.who, &same.who, sizeof one.who);
    assert_int_equal(one.is_stranger, same.is_stranger);
}

/* Strangers have that of their network; who signed in here before, or has signed in, has their own wherever they are. */
static void whose_place_a_password_takes(void **state)
{
    struct guard *g = *state;
    const struct operator seven = {.id = 7}, eight = {.id = 8};
    const struct known_place stranger = place_of(g, "2001:db8:7:1::1");
    assert_true(stranger.is_stranger);
    assert_same_place(place_of(g, "2001:db8:7:1:ffff::2"), stranger);
    const struct known_place elsewhere = place_of(g, "2001:db8:7:2::1");
    assert_memory_not_equal(&elsewhere.who, &stranger.who, sizeof stranger.who);
    known_remember(&g->visit, 7);
    bring_back(g, 0);
    const struct known_place theirs_by_cookie = place_of(g, "198.51.100.7");
    assert_false(theirs_by_cookie.is_stranger);
    assert_same_place(place_of(g, "198.51.100.8"), theirs_by_cookie);
    bring_back(g, 1);
    assert_true(place_of(g, "198.51.100.7").is_stranger); /* no cookie of ours */
    g->visit.whose = &seven;
    assert_same_place(place_of(g, "198.51.100.7"), theirs_by_cookie);
    bring_back(g, 0);
    g->visit.whose = &eight;
    const struct known_place another = place_of(g, "198.51.100.7");
    assert_false(another.is_stranger);
    assert_memory_not_equal(&another.who, &theirs_by_cookie.who, sizeof another.who);
}

/* ---- the turnstile ---- */

static const struct turnstile_size narrow = {.at_once = 2, .waiting = 2, .each = 2, .strangers = 3};
static const struct lookup flood = {"flood"}, elsewhere = {"elsewhere"}, far = {"far"}, theirs = {"theirs"};

/* One who comes on a thread of their own; `went_in` counts who is before them. */
struct crossing {
    struct turnstile *turnstile;
    const struct lookup *who;
    bool is_stranger;
    atomic_uint *went_in;
    unsigned nth; /* to go in; 0: turned away */
    atomic_bool is_over;
    pthread_t thread;
};

static void *go_through(void *context)
{
    struct crossing *crossing = context;
    if (turnstile_enter(crossing->turnstile, crossing->who, crossing->is_stranger)) {
        crossing->nth = atomic_fetch_add(crossing->went_in, 1) + 1;
        turnstile_leave(crossing->turnstile, crossing->who);
    }
    atomic_store(&crossing->is_over, true);
    return NULL;
}

static void come(struct crossing *crossing)
{
    assert_int_equal(pthread_create(&crossing->thread, NULL, go_through, crossing), 0);
}

static unsigned nth_of(struct crossing *crossing)
{
    pthread_join(crossing->thread, NULL);
    return crossing->nth;
}

static bool enters_and_leaves(struct turnstile *turnstile, const struct lookup *who, bool is_stranger)
{
    bool enters = turnstile_enter(turnstile, who, is_stranger);
    if (enters)
        turnstile_leave(turnstile, who);
    return enters;
}

/* `count` of the same come, one more than there is room for: over when one of them was turned away, so that all others wait. */
static void come_until_full(struct crossing *crossings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        come(&crossings[i]);
    for (int64_t until = clock_monotonic_ms() + 60000;;) {
        for (size_t i = 0; i < count; i++)
            if (atomic_load(&crossings[i].is_over))
                return;
        assert_true(clock_monotonic_ms() < until);
        usleep(1000);
    }
}

/* A second of the same waits for the first, though there is room; a third is turned away, and who else comes is not. */
static void of_each_one_is_inside_and_one_waits(void **state)
{
    (void)state;
    atomic_uint went_in = 0;
    struct turnstile *turnstile = turnstile_create(&narrow);
    const struct crossing again = {.turnstile = turnstile, .who = &flood, .is_stranger = true, .went_in = &went_in};
    struct crossing twice[2] = {again, again};
    assert_true(turnstile_enter(turnstile, &flood, true));
    come_until_full(twice, 2);
    assert_false(turnstile_enter(turnstile, &flood, true));
    for (int i = 0; i < 3; i++) { /* nobody waits for a flood but itself */
        assert_true(enters_and_leaves(turnstile, &elsewhere, true));
        assert_true(enters_and_leaves(turnstile, &theirs, false));
    }
    assert_int_equal(atomic_load(&went_in), 0);
    turnstile_leave(turnstile, &flood);
    assert_int_equal(nth_of(&twice[0]) + nth_of(&twice[1]), 1);
    assert_true(enters_and_leaves(turnstile, &flood, true));
    turnstile_free(turnstile);
}

static void strangers_leave_a_place_to_who_is_none(void **state)
{
    (void)state;
    atomic_uint went_in = 0, theirs_went_in = 0;
    struct turnstile *turnstile = turnstile_create(&narrow);
    const struct crossing again = {.turnstile = turnstile, .who = &flood, .is_stranger = true, .went_in = &went_in};
    struct crossing twice[2] = {again, again};
    struct crossing one = {.turnstile = turnstile, .who = &theirs, .went_in = &theirs_went_in};
    assert_true(turnstile_enter(turnstile, &flood, true));
    assert_true(turnstile_enter(turnstile, &elsewhere, true));
    come_until_full(twice, 2);
    assert_false(turnstile_enter(turnstile, &far, true));
    come(&one);
    assert_int_equal(atomic_load(&theirs_went_in), 0); /* two are inside */
    turnstile_leave(turnstile, &elsewhere);
    assert_int_equal(nth_of(&one), 1);
    assert_int_equal(atomic_load(&went_in), 0);
    turnstile_leave(turnstile, &flood);
    assert_int_equal(nth_of(&twice[0]) + nth_of(&twice[1]), 1);
    turnstile_free(turnstile);
}

/* Also where the one behind whom it waits was of its own. */
static void whoever_waits_goes_in_before_all_that_came_later(void **state)
{
    (void)state;
    static const struct turnstile_size single = {.at_once = 1, .waiting = 3, .each = 2, .strangers = 4};
    for (int round = 0; round < 20; round++) {
        atomic_uint went_in = 0;
        struct turnstile *turnstile = turnstile_create(&single);
        const struct crossing first = {
            .turnstile = turnstile, .who = &elsewhere, .is_stranger = true, .went_in = &went_in};
        const struct crossing later = {.turnstile = turnstile, .who = &flood, .is_stranger = true, .went_in = &went_in};
        struct crossing early[2] = {first, first}, late[3] = {later, later, later};
        assert_true(turnstile_enter(turnstile, &elsewhere, true));
        come_until_full(early, 2);
        come_until_full(late, 3);
        assert_false(turnstile_enter(turnstile, &theirs, false)); /* whoever it is, there is no place */
        turnstile_leave(turnstile, &elsewhere);
        assert_int_equal(nth_of(&early[0]) + nth_of(&early[1]), 1);
        assert_int_equal(nth_of(&late[0]) + nth_of(&late[1]) + nth_of(&late[2]), 2 + 3);
        turnstile_free(turnstile);
    }
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

/* A page is sent to the sign-in only when there is none: a data file that is slow or fails says nothing about it. */
static void only_a_sign_in_that_is_over_ends_a_stream(void **state)
{
    (void)state;
    assert_true(live_is_over(OUTCOME_NOT_FOUND));
    assert_true(live_is_over(OUTCOME_REFUSED));
    assert_false(live_is_over(OUTCOME_OK));
    assert_false(live_is_over(OUTCOME_CONFLICT));
    assert_false(live_is_over(OUTCOME_FULL));
    assert_false(live_is_over(OUTCOME_BROKEN));
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
        AT_THE_DOOR(whose_place_a_password_takes),
        cmocka_unit_test(of_each_one_is_inside_and_one_waits),
        cmocka_unit_test(strangers_leave_a_place_to_who_is_none),
        cmocka_unit_test(whoever_waits_goes_in_before_all_that_came_later),
        AT_THE_DOOR(others_are_named_for_two_minutes),
        AT_THE_DOOR(a_key_is_whole_or_none),
        cmocka_unit_test(what_comes_without_end_is_kept_now_and_then),
        AT_THE_DOOR(nobody_may_what_takes_a_right),
        cmocka_unit_test(only_a_sign_in_that_is_over_ends_a_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
