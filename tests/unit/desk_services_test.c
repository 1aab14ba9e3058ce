/* A gateway that serves two services: each request is its own service's, also one that came by no channel. */
#include "desk_stage.h"

#include "store/desk_reader.h"

/* The demonstration's stays the first one: what is not known falls to it. */
static int load_two_services(void **state)
{
    (void)state;
    load_desk_with(
        "  guide = { profile = \"africastalking-ussd\"; service = \"rohnamo\"; code = \"*385#\"; auth = \"path\"; "
        "secret = \"0123456789abcdef\";\n"
        "    numbers = { country = \"992\"; trunk = \"8\"; min = 9; max = 9; }; };\n");
    assert_int_equal(desk_service.catalogue->service_count, 2);
    assert_span(service_name(desk_service.catalogue->services[0]), "infoline");
    return 0;
}

/* In the evening; its id. `topic` is one that only the guide has, or absent. */
static int64_t make_for(struct desk_stage *d, const char *service, const char *topic)
{
    const struct answer evening = {.field = SPAN("time"), .value = SPAN("evening")};
    const struct desk_new_request made = {.number = SPAN("+8801799999997"),
                                          .service = span_of(service),
                                          .kind = SPAN("call"),
                                          .topic = span_of(topic),
                                          .answers = &evening,
                                          .answer_count = 1};
    DO(.verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    return d->result.id;
}

static void hours_are_its_own_services(void **state)
{
    struct desk_stage *d = *state;
    const int64_t first = make_for(d, "infoline", NULL), second = make_for(d, "rohnamo", NULL);
    const struct {
        const char *at; /* where infoline is; an hour earlier where rohnamo is */
        int64_t safe, not_safe;
    } moments[] = {{"2026-09-21 17:30", first, second}, {"2026-09-21 20:30", second, first}};
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        assert_true(clock_read(span_of(moments[i].at), 360, &d->now));
        DO(.verb = DESK_REVEAL, .operator = d->counsellor, .object = moments[i].safe, .code = 1);
        REFUSED("why_not_safe_now", .verb = DESK_REVEAL, .operator = d->counsellor, .object = moments[i].not_safe,
                .code = 1);
    }
}

/* Given another day, it is due by its own service's calendar again. */
static void what_begins_again_is_due_by_its_own_hours(void **state)
{
    struct desk_stage *d = *state;
    struct fixture *f = d->f;
    struct request made, again;
    const int64_t id = make_for(d, "rohnamo", NULL);
    OK(store_load_request(f->store, id, f->arena, &made, &(struct request_desk){0}, &f->err));
    DO(.verb = DESK_CLOSE, .operator = d->counsellor, .object = id, .code = CLOSED_INFORMED);
    DO(.verb = DESK_REOPEN, .operator = d->counsellor, .object = id);
    OK(store_load_request(f->store, id, f->arena, &again, &(struct request_desk){0}, &f->err));
    assert_int_equal(again.due_at, made.due_at);
}

/* What pages decide it by is the same. */
static void pages_take_it_for_the_same(void **state)
{
    struct desk_stage *d = *state;
    struct fixture *f = d->f;
    const struct operator sue = {.id = d->supervisor, .roles = ROLE_BIT(ROLE_SUPERVISOR)};
    const int64_t id = make_for(d, "rohnamo", "ban");
    struct reader *reader = NULL;
    struct request_view view;
    struct person_view_desk person;
    OK(reader_open(f->path, f->keyring, &reader, &f->err));
    OK(desk_read_request(reader, id, &sue, NULL, f->arena, &view, &f->err));
    assert_span(service_name(catalogue_service_of(d->stage.catalogue, &view.row.origin)), "rohnamo");
    OK(desk_read_person(reader, view.row.request.person, &sue, f->arena, &person, &f->err));
    assert_int_equal(person.requests.count, 1);
    assert_span(service_name(catalogue_service_of(d->stage.catalogue, &person.requests.origins[0])), "rohnamo");
    OK(desk_read_request(reader, 3001, &sue, NULL, f->arena, &view, &f->err)); /* by a channel */
    assert_span(view.row.origin.channel, "ussd");
    assert_span(view.row.origin.service, NULL);
    reader_close(reader);
}

static void what_is_not_served_any_more_falls_to_the_channel_then_to_the_first(void **state)
{
    struct desk_stage *d = *state;
    const struct {
        const char *channel, *service, *wanted;
    } cases[] = {{"guide", NULL, "rohnamo"},     {"guide", "gone", "rohnamo"}, {"guide", "infoline", "infoline"},
                 {NULL, "rohnamo", "rohnamo"},   {"sms", "", "infoline"},      {NULL, "gone", "infoline"},
                 {"closed", "gone", "infoline"}, {NULL, NULL, "infoline"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct request_origin origin = {span_of(cases[i].channel), span_of(cases[i].service)};
        assert_span(service_name(catalogue_service_of(d->stage.catalogue, &origin)), cases[i].wanted);
    }
}

#define ON_A_DESK(test) cmocka_unit_test_setup_teardown(test, open_desk_stage, close_desk_stage)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_DESK(hours_are_its_own_services),
        ON_A_DESK(what_begins_again_is_due_by_its_own_hours),
        ON_A_DESK(pages_take_it_for_the_same),
        ON_A_DESK(what_is_not_served_any_more_falls_to_the_channel_then_to_the_first),
    };
    return cmocka_run_group_tests(tests, load_two_services, drop_desk_service);
}
