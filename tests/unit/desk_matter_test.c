/* desk_matter: which pages of the demonstration are whose desk's, and which tell what became of requests. */
#include "cmocka_all.h"

#include <string.h>

#include "base/problems.h"
#include "menu/desk.h"
#include "model/desk.h"
#include "model/turn.h"

static const char letters[] = "CSL"; /* counsellor, supervisor, complaints officer */
static struct arena *arena;

static int load(void **state)
{
    struct problems problems;
    struct service *service = NULL;
    struct error err;
    arena = arena_create(64 * 1024);
    problems_init(&problems, arena);
    assert_int_equal(service_load("menus/infoline", &service, &problems, &err), OUTCOME_OK);
    *state = service;
    return 0;
}

static int drop(void **state)
{
    service_free(*state);
    arena_destroy(arena);
    return 0;
}

static void a_part_is_whose_requests_are_asked_for_there(void **state)
{
    static const struct {
        const char *page, *others_of; /* of the letters below, those who are kept out */
    } rows[] = {
        {"lang", ""},         {"main", ""},
        {"resume", ""},       {"danger", ""},
        {"danger_now", ""},   {"urgent", "L"},
        {"call_topic", "L"},  {"call", "L"},
        {"call_sent", "L"},   {"services", ""},
        {"register", ""},     {"pay", "C"},
        {"claim", "C"},       {"pay_consent_more", "C"},
        {"pay_no", ""},       {"pay_sent", "C"},
        {"pay_kept", "C"},    {"requests", ""},
        {"no such page", ""}, {"survey", "CL"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int role = ROLE_COUNSELLOR; role <= ROLE_COMPLAINTS; role++) {
            const struct operator who = {.roles = ROLE_BIT(role)};
            const bool kept_out = strchr(rows[i].others_of, letters[role]) != NULL;
            const struct turn shown = {.node = span_of(rows[i].page)},
                              asked = {.node = SPAN("main"), .asked = shown.node};
            if (desk_turn_is_others(*state, &shown, false, &who) != kept_out ||
                desk_turn_is_others(*state, &asked, false, &who) != kept_out)
                fail_msg("%s of %s", rows[i].page, role_name((enum role)role));
            assert_int_equal(desk_turn_is_others(NULL, &shown, true, &who), true);
            assert_int_equal(desk_turn_is_others(NULL, &shown, false, &who), false);
        }
}

static void some_pages_tell_of_requests(void **state)
{
    static const struct {
        const char *page;
        bool tells;
    } rows[] = {{"main", false},  {"call", false},  {"claim", false},      {"requests", true},    {"pick", true},
                {"change", true}, {"cancel", true}, {"request_one", true}, {"no such page", true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        static const struct operator supervisor = {.roles = ROLE_BIT(ROLE_SUPERVISOR)};
        const struct turn turn = {.node = span_of(rows[i].page)};
        if (desk_turn_is_others(*state, &turn, true, &supervisor) != rows[i].tells)
            fail_msg("%s", rows[i].page);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_part_is_whose_requests_are_asked_for_there),
        cmocka_unit_test(some_pages_tell_of_requests),
    };
    return cmocka_run_group_tests(tests, load, drop);
}
