/* What the queue is made of, beside the store that writes: order, filters, pages, counters. */
#include "desk_reader_fixture.h"

static void the_queue_shows_what_was_asked_for(void **state)
{
    struct fixture *f = *state;
    static const struct {
        struct queue_filter filter;
        const char *ids;
        size_t hidden;
    } cases[] = {
        {{.operator = &supervisor}, "3003 3004 3006 3005 3002 3001", 0},
        {{.operator = &supervisor, .is_danger = true}, "3003 3004 3007", 0}, /* the one that waits behind the others */
        {{.operator = &counsellor, .is_danger = true}, "3004 3007", 1},
        {{.operator = &supervisor, .is_danger = true, .state = QUEUE_WAITING_FOR}, "3007", 0},
        {{.operator = &supervisor, .is_danger = true, .state = QUEUE_DONE}, "3009", 0},
        {{.operator = &supervisor, .state = QUEUE_WAITING_FOR}, "3007", 0},
        {{.operator = &supervisor, .state = QUEUE_DONE}, "3009 3008", 0},
        {{.operator = &supervisor, .state = QUEUE_TROUBLE}, "3006", 0},
        {{.operator = &supervisor, .topic = SPAN("wages")}, "3006 3002 3001", 0},
        {{.operator = &supervisor, .topic = SPAN("never said")}, "", 0},
        {{.operator = &supervisor, .lang = SPAN("en")}, "3006", 0},
        {{.operator = &supervisor, .desk = SPAN("complaints")}, "3006", 0},
        {{.operator = &supervisor, .due_before = NOW}, "3002", 0},
        {{.operator = &supervisor, .due_before = NOW + HOUR}, "3003 3002", 0},
        {{.operator = &supervisor, .whose = QUEUE_MINE}, "", 0},
        {{.operator = &supervisor, .whose = QUEUE_UNASSIGNED}, "3003 3004 3006 3005 3002", 0},
        {{.operator = &counsellor}, "3004 3005 3002 3001", 1}, /* of the complaint they are not told */
        {{.operator = &counsellor, .whose = QUEUE_MINE}, "3001", 0},
        {{.operator = &counsellor, .whose = QUEUE_MINE, .state = QUEUE_WAITING_FOR}, "3007", 0},
        {{.operator = &counsellor, .topic = SPAN("land")}, "", 1},
        {{.operator = &counsellor, .desk = SPAN("complaints")}, "", 0},
        {{.operator = &counsellor, .lang = SPAN("en")}, "", 0},
        {{.operator = &officer}, "3006", 0},
        {{.operator = &admin}, "", 0},
        {{.operator = NULL}, "", 0},
    };
    fill_queue(f);
    struct reader *reader = open_reader(f);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct queue_filter filter = cases[i].filter;
        filter.now = NOW;
        const struct queue_page page = read_queue(f, reader, filter);
        assert_ids(&page, cases[i].ids);
        assert_int_equal(page.hidden, cases[i].hidden);
        assert_false(span_is_present(page.next));
    }
    reader_close(reader);
}

static void what_does_not_hold_together_is_left_out(void **state)
{
    struct fixture *f = *state;
    fill_queue(f);
    run_sql(f, "UPDATE request SET reference = id WHERE id IN (3003, 3005)");
    struct reader *reader = open_reader(f);
    const struct queue_page page = read_queue(f, reader, (struct queue_filter){.operator = &supervisor, .now = NOW});
    assert_ids(&page, "3004 3006 3002 3001");
    reader_close(reader);
}

/* Two services: who dialled was asked for an "area", anybody else for a "rayon". */
static struct span area_field(const void *context, const struct request_origin *origin)
{
    (void)context;
    return span_equal_text(origin->channel, "at-ussd") ? SPAN("area") : SPAN("rayon");
}
static const struct area_fields areas = {.of = area_field};

static void a_district_is_that_of_the_request_or_the_registration(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    answer_in(f, 2001, "area", "sylhet", true);
    answer_in(f, 2002, "area", "dhaka", false);
    const struct registration registration = {
        .id = 4001, .person = 101, .session = 1001, .entry = 2002, .reference = "1111111", .created_at = NOW};
    OK(SAVE({.kind = CHANGE_REGISTRATION, .registration = {&registration}}));
    struct request own = a_request(3001, "wages", URGENCY_SOON, 0);
    own.entry = 2001;
    save_request(f, own);
    save_request(f, a_request(3002, "wages", URGENCY_NORMAL, 0));
    struct reader *reader = open_reader(f);
    struct queue_filter filter = {.operator = &supervisor, .now = NOW, .areas = &areas};
    struct queue_page page = read_queue(f, reader, filter);
    assert_ids(&page, "3001 3002");
    assert_span(page.rows[0].area, "sylhet");
    assert_int_equal(page.rows[0].answer_count, 1);
    assert_span(page.rows[0].answers[0].value, "sylhet");
    assert_span(page.rows[1].area, "dhaka");
    assert_span(page.rows[1].origin.channel, "at-ussd");
    filter.area = SPAN("dhaka");
    page = read_queue(f, reader, filter);
    assert_ids(&page, "3002");
    filter.areas = NULL;
    page = read_queue(f, reader, filter);
    assert_ids(&page, "");
    reader_close(reader);
}

/* What is a district in one service is something else in another, on every page. */
static void a_district_is_asked_for_by_its_own_service(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *area, *ids;
    } cases[] = {{"building", ""}, {"vose", "3001"}, {"sylhet", "3002"}};
    fixture_someone(f);
    answer_in(f, 2001, "area", "building", false);
    const struct answer rayon = {.field = SPAN("rayon"), .value = SPAN("vose")};
    OK(SAVE({.kind = CHANGE_ANSWER, .answer = {2001, 101, NOW, &rayon}}));
    answer_in(f, 2002, "area", "sylhet", false);
    struct request own = a_request(3001, "wages", URGENCY_SOON, 0), other = a_request(3002, "wages", URGENCY_SOON, 0);
    own.entry = 2001;
    other.entry = 2002;
    save_request(f, own);
    save_request(f, other);
    run_sql(f, "UPDATE request SET session = NULL WHERE id = 3001");
    struct reader *reader = open_reader(f);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct queue_page page =
            read_queue(f, reader,
                       (struct queue_filter){
                           .operator = &supervisor, .now = NOW, .areas = &areas, .area = span_of(cases[i].area)});
        assert_ids(&page, cases[i].ids);
    }
    struct request_view view;
    OK(desk_read_request(reader, 3001, &supervisor, &areas, f->arena, &view, &f->err));
    assert_span(view.row.area, "vose");
    OK(desk_read_request(reader, 3001, &supervisor, NULL, f->arena, &view, &f->err));
    assert_span(view.row.area, NULL);
    struct request_origin origin;
    OK(desk_read_origin(reader, 3002, &supervisor, f->arena, &origin, &f->err));
    assert_span(origin.channel, "at-ussd");
    OUTCOME(desk_read_origin(reader, 3002, &admin, f->arena, &origin, &f->err), OUTCOME_NOT_FOUND);
    assert_span(origin.channel, NULL);
    reader_close(reader);
}

/* 3001 and 3003 were dialled, 3002, 3004 and 3008 were texted, 3005 and the complaint 3006 are of no session. */
static void fill_channels(struct fixture *f)
{
    fill_queue(f);
    struct session texted = a_session(f, 1002, 1, "t");
    texted.kind = CHANNEL_SMS;
    OK(SAVE({.kind = CHANGE_SESSION, .session = {&texted, true}}));
    run_sql(f, "UPDATE request SET session = 1002 WHERE id IN (3002, 3004, 3008);"
               "UPDATE request SET session = NULL WHERE id IN (3005, 3006)");
}

static void requests_are_found_by_how_they_came(void **state)
{
    struct fixture *f = *state;
    static const struct {
        struct queue_filter filter;
        const char *ids;
        size_t hidden;
    } cases[] = {
        {{.operator = &supervisor, .channel = QUEUE_ANY_CHANNEL}, "3003 3004 3006 3005 3002 3001", 0},
        {{.operator = &supervisor, .channel = QUEUE_BY_USSD}, "3003 3001", 0},
        {{.operator = &supervisor, .channel = QUEUE_BY_SMS}, "3004 3002", 0},
        {{.operator = &supervisor, .channel = QUEUE_BY_HAND}, "3006 3005", 0},
        {{.operator = &supervisor, .channel = QUEUE_BY_SMS, .topic = SPAN("wages")}, "3002", 0},
        {{.operator = &supervisor, .channel = QUEUE_BY_SMS, .state = QUEUE_DONE}, "3008", 0},
        {{.operator = &supervisor, .channel = QUEUE_BY_SMS, .state = QUEUE_WAITING_FOR}, "", 0},
        {{.operator = &counsellor, .channel = QUEUE_BY_USSD}, "3001", 1},
        {{.operator = &counsellor, .channel = QUEUE_BY_SMS}, "3004 3002", 0},
        {{.operator = &counsellor, .channel = QUEUE_BY_HAND}, "3005", 0}, /* of the complaint they are not told */
    };
    fill_channels(f);
    struct reader *reader = open_reader(f);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct queue_filter filter = cases[i].filter;
        filter.now = NOW;
        const struct queue_page page = read_queue(f, reader, filter);
        assert_ids(&page, cases[i].ids);
        assert_int_equal(page.hidden, cases[i].hidden);
    }
    reader_close(reader);
}

static void assert_every_one_once(struct fixture *f, struct reader *reader, struct queue_filter filter, size_t wanted)
{
    bool *seen = calloc(wanted, sizeof *seen);
    size_t count = 0;
    do {
        const struct queue_page page = read_queue(f, reader, filter);
        for (size_t i = 0; i < page.count; i++, count++) {
            const size_t which = (size_t)(page.rows[i].request.id - 10000);
            assert_true(which < wanted && !seen[which]);
            seen[which] = true;
        }
        filter.after = page.next;
    } while (span_is_present(filter.after));
    assert_int_equal(count, wanted);
    free(seen);
}

static void pages_of_the_queue_show_every_one_once(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    save_many_requests(f, 10000, 333, REQUEST_WAITING, "wages");
    save_many_requests(f, 20000, 70, REQUEST_WAITING, "land");
    save_many_requests(f, 30000, 60, REQUEST_WAITING, "wages");
    run_sql(f, "UPDATE request SET session = NULL WHERE id >= 30000");
    struct reader *reader = open_reader(f);
    struct queue_filter dialled = {.operator = &counsellor, .now = NOW, .channel = QUEUE_BY_USSD};
    assert_every_one_once(f, reader, dialled, 333);
    run_sql(f, "DELETE FROM request WHERE id >= 30000");
    assert_every_one_once(f, reader, (struct queue_filter){.operator = &counsellor, .now = NOW}, 333);
    const struct queue_page page = read_queue(f, reader, (struct queue_filter){.operator = &counsellor, .now = NOW});
    assert_int_equal(page.count, DESK_PAGE);
    assert_int_equal(page.hidden, 70);
    reader_close(reader);
}

/* As many as fill the pages with both halves on one of them, with one that ends where the half does, and more hidden ones than fit. */
static void pages_of_danger_show_every_one_once(void **state)
{
    struct fixture *f = *state;
    static const size_t waiting[] = {0, 1, 30, 69, 70, 71, 100, 119, 120};
    fixture_someone(f);
    save_many_requests(f, 10000, 120, REQUEST_WAITING, "wages");
    save_many_requests(f, 20000, 70, REQUEST_WAITING, "land");
    run_sql(f, "UPDATE request SET urgency = 2 WHERE id < 20000");
    struct reader *reader = open_reader(f);
    const struct queue_filter filter = {.operator = &counsellor, .now = NOW, .is_danger = true};
    for (size_t i = 0; i < COUNT(waiting); i++) {
        for (size_t k = i ? waiting[i - 1] : 0; k < waiting[i]; k++) /* the first that are due */
            save_desk(f, 10000 + (int64_t)k, (struct request_desk){.wait_until = NOW + 1});
        assert_every_one_once(f, reader, filter, 120);
    }
    reader_close(reader);
}

static void pages_of_what_is_closed_show_every_one_once(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    save_many_requests(f, 10000, 120, REQUEST_CLOSED, "wages");
    struct reader *reader = open_reader(f);
    const struct queue_filter filter = {.operator = &counsellor, .now = NOW, .state = QUEUE_DONE};
    assert_every_one_once(f, reader, filter, 120);
    reader_close(reader);
}

static struct queue_counts count(struct fixture *f, struct reader *reader, const struct operator *who, int64_t now)
{
    struct open_requests open;
    OK(desk_read_open(reader, f->arena, &open, &f->err));
    return desk_count_queue(&open, who, now);
}

static unsigned count_new(struct fixture *f, struct reader *reader, const struct operator *who, int64_t since)
{
    struct open_requests open;
    OK(desk_read_open(reader, f->arena, &open, &f->err));
    return desk_count_new(&open, who, since);
}

/* A text about it failed after it was closed, or its person wrote and took it back: behind what is open, and nowhere else. */
static void what_is_over_is_looked_at_all_the_same(void **state)
{
    struct fixture *f = *state;
    fill_queue(f);
    run_sql(
        f,
        "UPDATE request SET attention = 3 WHERE id IN (3002, 3009); UPDATE request SET attention = 1 WHERE id = 3008");
    struct reader *reader = open_reader(f);
    struct queue_page page;
    page = read_queue(f, reader, (struct queue_filter){.operator = &supervisor, .now = NOW, .state = QUEUE_TROUBLE});
    assert_ids(&page, "3006 3002 3008 3009");
    page = read_queue(f, reader, (struct queue_filter){.operator = &counsellor, .now = NOW, .state = QUEUE_TROUBLE});
    assert_ids(&page, "3002 3008 3009");
    page = read_queue(f, reader, (struct queue_filter){.operator = &supervisor, .now = NOW});
    assert_ids(&page, "3003 3004 3006 3005 3002 3001");
    const struct queue_counts counts = count(f, reader, &supervisor, NOW);
    assert_int_equal(counts.trouble, 4);
    assert_int_equal(counts.all, 6);
    assert_int_equal(counts.danger, 2);
    assert_int_equal(counts.unassigned, 5);
    assert_int_equal(counts.overdue, 1);
    unsigned news = count_new(f, reader, &supervisor, NOW + 3007); /* closing it was none */
    assert_int_equal(news, 0);
    reader_close(reader);
}

static void pages_of_what_is_to_be_looked_at_show_every_one_once(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    save_many_requests(f, 10000, 120, REQUEST_WAITING, "wages");
    save_many_requests(f, 10120, 130, REQUEST_CLOSED, "wages");
    save_many_requests(f, 20000, 90, REQUEST_CLOSED, "wages");
    run_sql(f, "UPDATE request SET attention = 1 WHERE id < 20000");
    struct reader *reader = open_reader(f);
    const struct queue_filter filter = {.operator = &counsellor, .now = NOW, .state = QUEUE_TROUBLE};
    assert_every_one_once(f, reader, filter, 250);
    reader_close(reader);
}

static void a_cursor_that_is_none_begins_at_the_beginning(void **state)
{
    struct fixture *f = *state;
    static const char *const cursors[] = {"",
                                          ".",
                                          "..",
                                          "x",
                                          "1",
                                          "1.2",
                                          "1.2.3.4",
                                          "3.0.0",
                                          "4.0.0",
                                          "-1.0.0",
                                          "1.-2.3",
                                          "99999999999999999999.1.1",
                                          "1.99999999999999999999.1",
                                          "1.1.9223372036854775808",
                                          "' OR 1=1 --",
                                          "1.2.3\n",
                                          "\xff\xff.1.1",
                                          "0x1.1.1"};
    fill_queue(f);
    struct reader *reader = open_reader(f);
    for (size_t i = 0; i < COUNT(cursors); i++) {
        const struct queue_filter filter = {.operator = &supervisor, .now = NOW, .after = span_of(cursors[i])};
        const struct queue_page page = read_queue(f, reader, filter);
        assert_ids(&page, "3003 3004 3006 3005 3002 3001");
    }
    struct queue_filter past = {.operator = &supervisor, .now = NOW, .after = SPAN("0.0.9223372036854775807")};
    struct queue_page page = read_queue(f, reader, past);
    assert_ids(&page, "");
    past.after = SPAN("2.0.0");
    page = read_queue(f, reader, past);
    assert_ids(&page, "3004 3006 3005 3002 3001");
    reader_close(reader);
}

static void counters_count_what_the_tabs_show(void **state)
{
    struct fixture *f = *state;
    fill_queue(f);
    struct reader *reader = open_reader(f);
    struct queue_counts counts;
    counts = count(f, reader, &supervisor, NOW);
    assert_int_equal(counts.all, 6);
    assert_int_equal(counts.mine, 0);
    assert_int_equal(counts.unassigned, 5);
    assert_int_equal(counts.danger, 2);
    assert_int_equal(counts.due_hour, 2);
    assert_int_equal(counts.overdue, 1);
    assert_int_equal(counts.waiting, 1);
    assert_int_equal(counts.trouble, 1);
    assert_int_equal(counts.newest, NOW + 3007);
    counts = count(f, reader, &counsellor, NOW);
    assert_int_equal(counts.all, 4);
    assert_int_equal(counts.mine, 1);
    assert_int_equal(counts.trouble, 0);
    counts = count(f, reader, &admin, NOW);
    assert_int_equal(counts.all + counts.waiting + counts.trouble, 0);
    /* Of the two one is somebody's: news for who has it, and for others once its person has said more. */
    unsigned news = count_new(f, reader, &supervisor, NOW + 3005);
    assert_int_equal(news, 1);
    news = count_new(f, reader, &counsellor, NOW + 3005);
    assert_int_equal(news, 1);
    run_sql(f, "UPDATE request SET attention = 1 WHERE id = 3007");
    news = count_new(f, reader, &supervisor, NOW + 3005);
    assert_int_equal(news, 2);
    /* A word on one that was made long before is news, although it changes nothing of it; until somebody has dealt with it. */
    run_sql(f, "UPDATE request SET attention = 3 WHERE id = 3001;"
               "INSERT INTO request_step (request, at, step, by) SELECT id, changed_at + 9000, 11, 0 FROM request "
               "WHERE id = 3001");
    news = count_new(f, reader, &supervisor, NOW + 3007);
    assert_int_equal(news, 1);
    assert_true(count(f, reader, &supervisor, NOW).newest > NOW + 9000);
    run_sql(f, "UPDATE request SET attention = 0 WHERE id = 3001");
    news = count_new(f, reader, &supervisor, NOW + 3007);
    assert_int_equal(news, 0);
    reader_close(reader);
}

/* Counted from the same rows, whenever that is: what waited until then is there, what came since is not. */
static void rows_once_read_are_counted_at_any_time(void **state)
{
    struct fixture *f = *state;
    fill_queue(f);
    struct reader *reader = open_reader(f);
    struct open_requests open;
    OK(desk_read_open(reader, f->arena, &open, &f->err));
    save_request(f, a_request(3100, "wages", URGENCY_SOON, NOW));
    reader_close(reader);
    assert_int_equal(desk_count_queue(&open, &supervisor, NOW).all, 6);
    assert_int_equal(desk_count_queue(&open, &supervisor, NOW).waiting, 1);
    assert_int_equal(desk_count_queue(&open, &supervisor, NOW + 10000).all, 7);
    assert_int_equal(desk_count_queue(&open, &supervisor, NOW + 10000).waiting, 0);
}

static void counters_stop_at_their_bound(void **state)
{
    struct fixture *f = *state;
    static const struct operator of_land = {.id = 905, .roles = ROLE_BIT(ROLE_COUNSELLOR), .topics = SPAN("land")};
    fixture_someone(f);
    save_many_requests(f, 10000, DESK_COUNT_MAX + 100, REQUEST_WAITING, "wages");
    struct reader *reader = open_reader(f);
    struct queue_counts counts;
    counts = count(f, reader, &counsellor, NOW);
    assert_int_equal(counts.all, DESK_COUNT_MAX);
    const struct queue_page page = read_queue(f, reader, (struct queue_filter){.operator = &of_land, .now = NOW});
    assert_int_equal(page.hidden, DESK_COUNT_MAX);
    reader_close(reader);
}

/* Whatever is in the file: what is open by the index that holds all of a glance, and how one came by two rows. */
static void what_a_queue_looks_at_is_found_by_its_index(void **state)
{
    struct fixture *f = *state;
    assert_plan(f, DESK_GLANCE_DUE,
                "SEARCH request USING COVERING INDEX request_open (urgency=? AND due_at>?); "
                "SEARCH request_desk USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN; "
                "CORRELATED SCALAR SUBQUERY 1; "
                "SEARCH request_step USING INDEX request_step_request (request=?); ");
    assert_plan(f, DESK_GLANCE_MARKED,
                "SEARCH request USING INDEX request_marked (id>?); "
                "SEARCH request_desk USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN; "
                "CORRELATED SCALAR SUBQUERY 1; "
                "SEARCH request_step USING INDEX request_step_request (request=?); ");
    assert_plan(f, DESK_CHANNEL_OF_REQUEST,
                "SEARCH request USING INTEGER PRIMARY KEY (rowid=?); CORRELATED SCALAR SUBQUERY 1; "
                "SEARCH session USING INTEGER PRIMARY KEY (rowid=?); ");
}

/* ---- beside the writer ---- */

static void a_reader_that_stays_open_learns_new_words(void **state)
{
    struct fixture *f = *state;
    fill_queue(f);
    struct reader *reader = open_reader(f);
    struct queue_page page = read_queue(f, reader, (struct queue_filter){.operator = &supervisor, .now = NOW});
    assert_int_equal(page.count, 6);
    save_request(f, a_request(3050, "brand_new", URGENCY_DANGER, 1));
    page = read_queue(f, reader, (struct queue_filter){.operator = &supervisor, .now = NOW});
    assert_int_equal(page.rows[0].request.id, 3050);
    assert_span(page.rows[0].request.topic, "brand_new");
    reader_close(reader);
}

static void a_page_that_takes_too_long_is_broken_off(void **state)
{
    struct fixture *f = *state;
    struct reader *reader = open_reader(f);
    int64_t number = 0;
    OK(desk_begin(reader, &f->err));
    reader->deadline = 1;
    enum outcome outcome = database_number(
        reader->db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n", &number,
        &f->err);
    OUTCOME(desk_end(reader, outcome, &f->err), OUTCOME_FULL);
    struct queue_page page = read_queue(f, reader, (struct queue_filter){.operator = &supervisor, .now = NOW});
    assert_int_equal(page.count, 0);
    reader_close(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        A_TEST(the_queue_shows_what_was_asked_for),
        A_TEST(what_does_not_hold_together_is_left_out),
        A_TEST(a_district_is_that_of_the_request_or_the_registration),
        A_TEST(a_district_is_asked_for_by_its_own_service),
        A_TEST(requests_are_found_by_how_they_came),
        A_TEST(pages_of_the_queue_show_every_one_once),
        A_TEST(pages_of_danger_show_every_one_once),
        A_TEST(pages_of_what_is_closed_show_every_one_once),
        A_TEST(a_cursor_that_is_none_begins_at_the_beginning),
        A_TEST(what_is_over_is_looked_at_all_the_same),
        A_TEST(pages_of_what_is_to_be_looked_at_show_every_one_once),
        A_TEST(counters_count_what_the_tabs_show),
        A_TEST(rows_once_read_are_counted_at_any_time),
        A_TEST(counters_stop_at_their_bound),
        A_TEST(what_a_queue_looks_at_is_found_by_its_index),
        A_TEST(a_reader_that_stays_open_learns_new_words),
        A_TEST(a_page_that_takes_too_long_is_broken_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
