/* desk_matter: which pages of the demonstration are whose desk's, and which tell what became of requests. */
#include "cmocka_all.h"

#include <string.h>

#include "base/problems.h"
#include "menu/desk.h"

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

/* Desks that they know of, by their first letters; a counsellor's has none. */
static bool knows(const void *who, struct span desk)
{
    const char *letters = who;
    return strchr(letters, desk.len ? desk.at[0] : '-') != NULL;
}

static void a_part_is_whose_requests_are_asked_for_there(void **state)
{
    static const struct {
        const char *page, *others_of; /* of the letters below, those who are kept out */
    } rows[] = {
        {"lang", ""},         {"main", ""},
        {"resume", ""},       {"danger", ""},
        {"danger_now", ""},   {"urgent", "c"},
        {"call_topic", "c"},  {"call", "c"},
        {"call_sent", "c"},   {"services", ""},
        {"register", ""},     {"pay", "-"},
        {"claim", "-"},       {"pay_consent_more", "-"},
        {"pay_no", ""},       {"pay_sent", "-"},
        {"pay_kept", "-"},    {"requests", ""},
        {"no such page", ""}, {"survey", "-c"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (const char *one = "-c"; *one; one++) {
            const char who[] = {*one, '\0'};
            const bool kept_out = strchr(rows[i].others_of, *one) != NULL;
            if (desk_page_is_others(*state, span_of(rows[i].page), knows, who) != kept_out)
                fail_msg("%s of %s", rows[i].page, who);
        }
}

static void some_pages_tell_of_requests(void **state)
{
    static const struct {
        const char *page;
        bool tells;
    } rows[] = {{"main", false},  {"call", false},  {"claim", false},      {"requests", true},    {"pick", true},
                {"change", true}, {"cancel", true}, {"request_one", true}, {"no such page", true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (desk_page_tells_of_requests(*state, span_of(rows[i].page)) != rows[i].tells)
            fail_msg("%s", rows[i].page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_part_is_whose_requests_are_asked_for_there),
        cmocka_unit_test(some_pages_tell_of_requests),
    };
    return cmocka_run_group_tests(tests, load, drop);
}
