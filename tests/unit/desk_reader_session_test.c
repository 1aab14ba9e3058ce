/* Sessions and transcripts as their pages show them, also where something was destroyed or is damaged. */
#include "desk_reader_fixture.h"

static int64_t id_at(int64_t at, int64_t nth)
{
    struct id_source source = {0};
    return id_next(&source, at) + nth;
}

/* One a minute, the last at NOW; every third by text, every seventh given up, and so on. */
static void save_many_sessions(struct fixture *f, size_t count)
{
    struct session *rows = calloc(count, sizeof *rows);
    struct change *changes = calloc(count, sizeof *changes);
    for (size_t i = 0; i < count; i++) {
        const int64_t at = NOW - (int64_t)(count - 1 - i) * 60000;
        rows[i] = a_session(f, id_at(at, 1), 1, "k");
        rows[i].started_at = rows[i].last_at = at;
        rows[i].channel = i % 3 ? SPAN("at-ussd") : SPAN("at-sms");
        rows[i].cause = i % 7 ? END_ANSWERED : END_TIMEOUT;
        rows[i].state.lang = i % 2 ? SPAN("bn") : SPAN("en");
        rows[i].state.at.node = i % 5 ? SPAN("main") : SPAN("wages");
        changes[i] = (struct change){.kind = CHANGE_SESSION, .session = {&rows[i], true}};
    }
    OK(fixture_save(f, changes, count));
    free(rows);
    free(changes);
}

static size_t count_sessions(struct fixture *f, struct reader *reader, struct session_filter filter)
{
    struct session_page page;
    size_t count = 0;
    int64_t above = INT64_MAX;
    do {
        OK(desk_read_sessions(reader, &filter, f->arena, &page, &f->err));
        assert_true(page.count <= DESK_PAGE);
        for (size_t i = 0; i < page.count; i++) {
            assert_true(page.rows[i].session.id < above);
            above = page.rows[i].session.id;
        }
        count += page.count;
        filter.below = page.next;
    } while (page.next);
    return count;
}

#define PAGES_MAX 8

/* Goes to the end and back again: every page on the way back holds the rows of the way there, in their order. */
static size_t count_there_and_back(struct fixture *f, struct reader *reader, struct session_filter filter)
{
    struct session_page pages[PAGES_MAX] = {0}, page = {0};
    size_t count = 0;
    do {
        assert_true(count < PAGES_MAX);
        OK(desk_read_sessions(reader, &filter, f->arena, &pages[count++], &f->err));
        filter.below = pages[count - 1].next;
    } while (pages[count - 1].next);
    page = pages[count - 1];
    for (size_t back = count - 1; back-- > 0;) {
        filter.below = 0;
        filter.above = page.newer;
        OK(desk_read_sessions(reader, &filter, f->arena, &page, &f->err));
        assert_int_equal(page.count, pages[back].count);
        for (size_t i = 0; i < page.count; i++)
            assert_int_equal(page.rows[i].session.id, pages[back].rows[i].session.id);
        filter.below = page.next;
        filter.above = 0;
        OK(desk_read_sessions(reader, &filter, f->arena, &page, &f->err));
        assert_int_equal(page.rows[0].session.id, pages[back + 1].rows[0].session.id);
        page = pages[back];
    }
    assert_int_equal(pages[0].newer, 0);
    return count;
}

static void who_goes_back_sees_the_same_rows(void **state)
{
    struct fixture *f = *state;
    static const struct {
        struct session_filter filter;
        size_t pages;
    } cases[] = {
        {{.cause = -1}, 5},
        {{.cause = -1, .phone = 1}, 5},
        {{.cause = -1, .person = 101}, 5},
        {{.cause = -1, .lang = SPAN("en")}, 3},
        {{.cause = -1, .from = NOW - 120 * 60000}, 3},
        {{.cause = -1, .to = NOW - 60 * 60000}, 3},
    };
    fixture_someone(f);
    save_many_sessions(f, 210);
    struct reader *reader = open_reader(f);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const size_t pages = count_there_and_back(f, reader, cases[i].filter);
        if (pages != cases[i].pages)
            fail_msg("case %zu: %zu pages, wanted %zu", i, pages, cases[i].pages);
    }
    struct session_page page;
    OK(desk_read_sessions(reader, &(struct session_filter){.cause = -1, .above = INT64_MAX - 1}, f->arena, &page,
                          &f->err));
    assert_int_equal(page.count, 0);
    assert_int_equal(page.newer, 0);
    assert_int_equal(page.next, INT64_MAX);
    OK(desk_read_sessions(reader, &(struct session_filter){.cause = -1, .above = INT64_MAX}, f->arena, &page, &f->err));
    assert_int_equal(page.count, DESK_PAGE);
    reader_close(reader);
}

/* Every id of a list, the newest first. */
static size_t list_ids(struct fixture *f, struct reader *reader, struct session_filter filter, int64_t *ids,
                       size_t room)
{
    struct session_page page;
    size_t count = 0;
    do {
        OK(desk_read_sessions(reader, &filter, f->arena, &page, &f->err));
        for (size_t i = 0; i < page.count && count < room; i++)
            ids[count++] = page.rows[i].session.id;
        filter.below = page.next;
    } while (page.next);
    return count;
}

static void assert_beside(struct fixture *f, struct reader *reader, const struct session_filter *filter, int64_t id,
                          int64_t newer, int64_t older)
{
    struct sessions_beside beside = {.older_from = 1, .newer_from = 1};
    OK(desk_read_sessions_beside(reader, filter, id, f->arena, &beside, &f->err));
    assert_int_equal(beside.newer, newer);
    assert_int_equal(beside.older, older);
    assert_int_equal(beside.newer_from, 0);
    assert_int_equal(beside.older_from, 0);
}

#define LISTED_MAX 300

/* Whoever goes from one to the next meets all that the list shows, in its order; where its pages begin is no matter. */
static void beside_a_session_stand_those_of_the_list(void **state)
{
    struct fixture *f = *state;
    static const struct session_filter cases[] = {
        {.cause = -1},
        {.cause = END_TIMEOUT},
        {.cause = -1, .channel = SPAN("at-sms")},
        {.cause = -1, .lang = SPAN("en"), .node = SPAN("wages")},
        {.cause = -1, .from = NOW - 120 * 60000, .to = NOW - 60 * 60000},
        {.cause = -1, .phone = 1},
        {.cause = -1, .person = 101, .channel = SPAN("at-sms")},
        {.cause = -1, .with_request = true},
    };
    fixture_someone(f);
    save_many_sessions(f, 210);
    save_request(f, a_request(3001, "wages", URGENCY_SOON, 0));
    struct reader *reader = open_reader(f);
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t ids[LISTED_MAX + 2] = {0};
        struct session_filter filter = cases[i];
        const size_t count = list_ids(f, reader, filter, ids + 1, LISTED_MAX);
        assert_true(count > 0 && count < LISTED_MAX);
        filter.below = ids[count];
        for (size_t n = 1; n <= count; n++)
            assert_beside(f, reader, &filter, ids[n], ids[n - 1], ids[n + 1]);
    }
    reader_close(reader);
}

static void beside_a_session_that_is_not_in_the_list_stand_the_nearest_that_are(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f); /* its session is on at-ussd, with the oldest id */
    save_many_sessions(f, 9);
    struct reader *reader = open_reader(f);
    const struct session_filter texted = {.cause = -1, .channel = SPAN("at-sms")}, dialled = {.cause = END_TIMEOUT};
    assert_beside(f, reader, &texted, 1001, id_at(NOW - 8 * 60000, 1), 0);
    assert_beside(f, reader, &texted, id_at(NOW - 4 * 60000, 1), id_at(NOW - 2 * 60000, 1), id_at(NOW - 5 * 60000, 1));
    assert_beside(f, reader, &texted, id_at(NOW, 1), 0, id_at(NOW - 2 * 60000, 1));
    assert_beside(f, reader, &dialled, id_at(NOW, 1), 0, id_at(NOW - 60000, 1));
    assert_beside(f, reader, &(struct session_filter){.cause = -1, .lang = SPAN("xx")}, id_at(NOW, 1), 0, 0);
    assert_beside(f, reader, &(struct session_filter){.cause = -1, .person = 102}, id_at(NOW, 1), 0, 0);
    reader_close(reader);
}

/* From where somebody is, and no further than to what fits: by ids, or by the phone and ids. */
static void a_list_is_read_by_key(void **state)
{
    struct fixture *f = *state;
    static const char by_id[] = "SEARCH session USING INTEGER PRIMARY KEY (rowid>? AND rowid<?); ";
    static const char by_phone[] = "SEARCH session USING INDEX session_phone (phone=? AND rowid>? AND rowid<?); ";
    assert_plan(f, DESK_SESSIONS, by_id);
    assert_plan(f, DESK_SESSIONS_UP, by_id);
    assert_plan(f, DESK_SESSIONS_OF_PHONE, by_phone);
    assert_plan(f, DESK_SESSIONS_OF_PHONE_UP, by_phone);
    assert_plan(f, DESK_SESSION_REQUEST, "SEARCH request USING INDEX request_session (session=?); ");
}

/* No more rows are looked at than for a page, and it goes on where that would. */
static void assert_beside_is_cut_short(struct fixture *f, struct reader *reader, int64_t id, bool is_up)
{
    struct session_filter filter = {.cause = END_TIMEOUT, .below = is_up ? 0 : id, .above = is_up ? id : 0};
    struct session_page page;
    struct sessions_beside beside;
    OK(desk_read_sessions(reader, &filter, f->arena, &page, &f->err));
    OK(desk_read_sessions_beside(reader, &filter, id, f->arena, &beside, &f->err));
    assert_true(page.count == 0 && page.is_cut_short);
    assert_int_equal(is_up ? beside.newer : beside.older, 0);
    assert_int_equal(is_up ? beside.newer_from : beside.older_from, is_up ? page.newer : page.next);
}

static void sessions_are_found_by_what_they_are(void **state)
{
    struct fixture *f = *state;
    static const struct {
        struct session_filter filter;
        size_t count;
    } cases[] = {
        {{.cause = -1}, 211},
        {{.cause = END_TIMEOUT}, 30},
        {{.cause = 99}, 0},
        {{.cause = -1, .channel = SPAN("at-sms")}, 70},
        {{.cause = -1, .channel = SPAN("never heard of")}, 0},
        {{.cause = -1, .lang = SPAN("en")}, 105},
        {{.cause = -1, .lang = SPAN("xx")}, 0},
        {{.cause = -1, .node = SPAN("wages")}, 42},
        {{.cause = -1, .from = NOW}, 1},
        {{.cause = -1, .to = NOW}, 209},
        {{.cause = -1, .from = NOW - 9 * 60000, .to = NOW + 1}, 10},
        {{.cause = -1, .from = NOW + 1}, 0},
        {{.cause = -1, .from = INT64_MAX, .to = INT64_MIN}, 0},
        {{.cause = -1, .phone = 1}, 211},
        {{.cause = -1, .phone = 2}, 0},
        {{.cause = -1, .person = 101}, 211},
        {{.cause = -1, .person = 102}, 0},
        {{.cause = -1, .with_request = true}, 1},
        {{.cause = -1, .below = 1001}, 0},
        {{.cause = -1, .below = INT64_MIN}, 211},
    };
    fixture_someone(f); /* its session counts, with the oldest id, at NOW */
    save_many_sessions(f, 210);
    save_request(f, a_request(3001, "wages", URGENCY_SOON, 0));
    OK(SAVE(
        {.kind = CHANGE_PHONE, .phone = {&(struct phone_row){.id = 2, .lookup = fixture_lookup(f, "phone", "2")}}}));
    struct reader *reader = open_reader(f);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const size_t got = count_sessions(f, reader, cases[i].filter);
        if (got != cases[i].count) {
            fail_msg("case %zu: %zu sessions, wanted %zu", i, got, cases[i].count);
        }
    }
    reader_close(reader);
}

/* So many that a page does not look at all of them. */
static void a_page_that_looks_too_long_says_so(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    struct session *rows = calloc(DESK_LOOKED_MAX + 500, sizeof *rows);
    struct change *changes = calloc(DESK_LOOKED_MAX + 500, sizeof *changes);
    for (size_t i = 0; i < DESK_LOOKED_MAX + 500; i++) {
        rows[i] = a_session(f, id_at(NOW, 1000 + (int64_t)i), 1, "k");
        rows[i].cause = i < 3 ? END_TIMEOUT : END_ANSWERED;
        changes[i] = (struct change){.kind = CHANGE_SESSION, .session = {&rows[i], true}};
    }
    OK(fixture_save(f, changes, DESK_LOOKED_MAX + 500));
    free(rows);
    free(changes);
    struct reader *reader = open_reader(f);
    struct session_filter filter = {.cause = END_TIMEOUT};
    struct session_page page;
    OK(desk_read_sessions(reader, &filter, f->arena, &page, &f->err));
    assert_int_equal(page.count, 0);
    assert_true(page.is_cut_short);
    filter.below = page.next;
    OK(desk_read_sessions(reader, &filter, f->arena, &page, &f->err));
    assert_int_equal(page.count, 3);
    assert_false(page.is_cut_short);
    assert_int_equal(page.next, 0);
    filter.below = 0;
    filter.above = page.rows[0].session.id;
    OK(desk_read_sessions(reader, &filter, f->arena, &page, &f->err));
    assert_int_equal(page.count, 0);
    assert_true(page.is_cut_short);
    filter.above = page.newer;
    OK(desk_read_sessions(reader, &filter, f->arena, &page, &f->err));
    assert_false(page.is_cut_short);
    assert_int_equal(page.newer, 0);
    assert_beside_is_cut_short(f, reader, id_at(NOW, 1000 + DESK_LOOKED_MAX + 499), false);
    assert_beside_is_cut_short(f, reader, id_at(NOW, 1002), true);
    assert_beside(f, reader, &filter, id_at(NOW, 1000 + DESK_LOOKED_MAX), 0, id_at(NOW, 1002));
    reader_close(reader);
}

static void a_transcript_shows_the_screens_and_never_a_pin(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    static const struct span values[] = {SPAN("482 7153")};
    struct turn first = a_turn(1001, 0), pin = a_turn(1001, 1), last = a_turn(1001, 2);
    pin.input = SPAN("1234");
    pin.meaning = SPAN("1234");
    pin.flags = TURN_SECRET_INPUT | TURN_SENSITIVE_INPUT;
    last.input = SPAN("Reza");
    last.skeleton = SPAN("Your number is \x01\x02, keep it.");
    last.values = values;
    last.value_count = 1;
    last.flags = TURN_SENSITIVE_INPUT | TURN_SENSITIVE_SCREEN;
    const struct triage_row word = {.id = 6001,
                                    .session = 1001,
                                    .at = NOW,
                                    .person = 101,
                                    .turn = 2,
                                    .rule = SPAN("harm"),
                                    .word = SPAN("hit"),
                                    .urgency = URGENCY_DANGER};
    OK(SAVE({.kind = CHANGE_TURN, .turn = {&first, 0}}, {.kind = CHANGE_TURN, .turn = {&pin, 101}},
            {.kind = CHANGE_TURN, .turn = {&last, 101}}, {.kind = CHANGE_TRIAGE, .triage = {&word}}));
    struct reader *reader = open_reader(f);
    struct session_view view;
    OK(desk_read_session(reader, 1001, 0, &supervisor, f->arena, &view, &f->err));
    assert_int_equal(view.turn_count, 3);
    assert_int_equal(view.next_turn, 0);
    assert_int_equal(view.person, 101);
    assert_span(view.turns[0].screen, "Helpline\n1 Find services");
    assert_false(view.turns[0].is_gone);
    assert_span(view.turns[1].turn.input, NULL);
    assert_span(view.turns[1].turn.meaning, NULL);
    assert_false(view.turns[1].is_gone);
    assert_span(view.turns[2].turn.input, "Reza");
    assert_span(view.turns[2].screen, "Your number is 482 7153, keep it.");
    assert_int_equal(view.triage_count, 1);
    assert_span(view.triage[0].word, "hit");
    OK(desk_read_session(reader, 1001, 2, &supervisor, f->arena, &view, &f->err));
    assert_int_equal(view.turn_count, 1);
    OK(desk_read_session(reader, 1001, UINT32_MAX, &supervisor, f->arena, &view, &f->err));
    assert_int_equal(view.turn_count, 0);
    OUTCOME(desk_read_session(reader, 101, 0, &supervisor, f->arena, &view, &f->err), OUTCOME_NOT_FOUND);
    reader_close(reader);
}

static void what_was_destroyed_or_damaged_harms_only_itself(void **state)
{
    struct fixture *f = *state;
    static const struct span values[] = {SPAN("482 7153")};
    fixture_someone(f);
    for (uint32_t i = 0; i < 3; i++) {
        struct turn turn = a_turn(1001, i);
        turn.input = SPAN("Reza");
        turn.skeleton = SPAN("Number \x01\x02.");
        turn.values = values;
        turn.value_count = 1;
        turn.flags = TURN_SENSITIVE_INPUT | TURN_SENSITIVE_SCREEN;
        OK(SAVE({.kind = CHANGE_TURN, .turn = {&turn, 101}}));
    }
    run_sql(f, "UPDATE turn SET sealed = x'0102' WHERE number = 1");
    run_sql(f, "UPDATE turn SET sealed = NULL, person = NULL WHERE number = 2");
    struct reader *reader = open_reader(f);
    struct session_view view;
    OK(desk_read_session(reader, 1001, 0, &supervisor, f->arena, &view, &f->err));
    assert_int_equal(view.turn_count, 3);
    assert_span(view.turns[0].screen, "Number 482 7153.");
    assert_true(view.turns[1].is_damaged);
    assert_int_equal(view.turns[1].turn.at, NOW);
    assert_span(view.turns[1].screen, NULL);
    assert_span(view.turns[1].turn.input, NULL);
    assert_true(view.turns[2].is_gone && !view.turns[2].is_damaged);
    assert_span(view.turns[2].screen, "Number \xe2\x80\xa6.");
    run_sql(f, "UPDATE person SET key = NULL");
    OK(desk_read_session(reader, 1001, 0, &supervisor, f->arena, &view, &f->err));
    assert_true(view.turns[0].is_gone);
    assert_int_equal(view.person, 101);
    run_sql(f, "UPDATE session SET state = x'ff'");
    struct session_page page;
    OK(desk_read_sessions(reader, &(struct session_filter){.cause = -1}, f->arena, &page, &f->err));
    assert_int_equal(page.count, 0);
    OUTCOME(desk_read_session(reader, 1001, 0, &supervisor, f->arena, &view, &f->err), OUTCOME_BROKEN);
    reader_close(reader);
}

/* One thing of a step is enough. */
static void a_step_is_gone_when_a_part_of_it_is(void **state)
{
    struct fixture *f = *state;
    static const struct span values[] = {SPAN("482 7153")};
    struct turn typed = a_turn(1001, 0), shown = a_turn(1001, 1), open = a_turn(1001, 2);
    typed.input = SPAN("Reza");
    typed.flags = TURN_SENSITIVE_INPUT;
    shown.skeleton = SPAN("Number \x01\x02.");
    shown.values = values;
    shown.value_count = 1;
    shown.flags = TURN_SENSITIVE_SCREEN;
    open.input = SPAN("1");
    fixture_someone(f);
    OK(SAVE({.kind = CHANGE_TURN, .turn = {&typed, 101}}, {.kind = CHANGE_TURN, .turn = {&shown, 101}},
            {.kind = CHANGE_TURN, .turn = {&open, 101}}));
    run_sql(f, "UPDATE turn SET sealed = NULL, person = NULL");
    struct reader *reader = open_reader(f);
    struct session_view view;
    OK(desk_read_session(reader, 1001, 0, &supervisor, f->arena, &view, &f->err));
    assert_true(view.turns[0].is_gone && view.turns[1].is_gone && !view.turns[2].is_gone);
    reader_close(reader);
}

static void a_long_session_is_shown_in_parts(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    for (uint32_t i = 0; i < 401; i++) {
        const struct turn turn = a_turn(1001, i);
        OK(SAVE({.kind = CHANGE_TURN, .turn = {&turn, 0}}));
    }
    struct reader *reader = open_reader(f);
    struct session_view view;
    OK(desk_read_session(reader, 1001, 0, &supervisor, f->arena, &view, &f->err));
    assert_int_equal(view.turn_count, 400);
    assert_int_equal(view.next_turn, 400);
    OK(desk_read_session(reader, 1001, view.next_turn, &supervisor, f->arena, &view, &f->err));
    assert_int_equal(view.turn_count, 1);
    assert_int_equal(view.next_turn, 0);
    reader_close(reader);
}

/* Dropped on "wages"; offered once and left; offered again, and taken or declined. */
static void save_resumed(struct fixture *f, const char *next_node)
{
    struct session dropped = a_session(f, 1100, 1, "a"), left = a_session(f, 1200, 1, "b"),
                   last = a_session(f, 1300, 1, "c");
    struct turn offer = a_turn(1200, 0), again = a_turn(1300, 0), next = a_turn(1300, 1);
    dropped.state.at.node = SPAN("wages");
    left.continues = 1100;
    offer.flags = again.flags = TURN_OFFERS_RESUME;
    next.node = span_of(next_node);
    OK(SAVE({.kind = CHANGE_SESSION, .session = {&dropped, true}}, {.kind = CHANGE_SESSION, .session = {&left, true}},
            {.kind = CHANGE_SESSION, .session = {&last, true}}, {.kind = CHANGE_TURN, .turn = {&offer, 0}},
            {.kind = CHANGE_TURN, .turn = {&again, 0}}, {.kind = CHANGE_TURN, .turn = {&next, 0}}));
}

static void assert_resumed(struct fixture *f, int64_t id, int64_t from, int64_t by)
{
    struct session_view view;
    struct reader *reader = open_reader(f);
    OK(desk_read_session(reader, id, 0, &supervisor, f->arena, &view, &f->err));
    assert_int_equal(view.resumed_from, from);
    assert_int_equal(view.resumed_by, by);
    reader_close(reader);
}

static void a_session_that_goes_on_names_the_other(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    save_resumed(f, "wages");
    assert_resumed(f, 1100, 0, 1300);
    assert_resumed(f, 1200, 0, 0);
    assert_resumed(f, 1300, 1100, 0);
}

/* Dropped on "wages", and taken the first time that it was offered. */
static void a_session_that_goes_on_at_once_names_the_other(void **state)
{
    struct fixture *f = *state;
    struct session dropped = a_session(f, 1100, 1, "a"), last = a_session(f, 1200, 1, "b");
    struct turn offer = a_turn(1200, 0), next = a_turn(1200, 1);
    dropped.state.at.node = next.node = SPAN("wages");
    offer.flags = TURN_OFFERS_RESUME;
    fixture_someone(f);
    OK(SAVE({.kind = CHANGE_SESSION, .session = {&dropped, true}}, {.kind = CHANGE_SESSION, .session = {&last, true}},
            {.kind = CHANGE_TURN, .turn = {&offer, 0}}, {.kind = CHANGE_TURN, .turn = {&next, 0}}));
    assert_resumed(f, 1001, 0, 0);
    assert_resumed(f, 1100, 0, 1200);
    assert_resumed(f, 1200, 1100, 0);
}

static void an_offer_that_was_declined_goes_on_with_nothing(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    save_resumed(f, "main_menu");
    assert_resumed(f, 1100, 0, 0);
    assert_resumed(f, 1300, 0, 0);
}

/* ---- whose they are ---- */

#define DAY (24 * HOUR)

static void save_session(struct fixture *f, int64_t id, int64_t phone, int64_t started_at, int64_t last_at)
{
    struct session row = a_session(f, id, phone, "k");
    row.started_at = started_at;
    row.last_at = last_at;
    OK(SAVE({.kind = CHANGE_SESSION, .session = {&row, true}}));
}

/* Person 102 came on the phone of 101 after ten days; phone 2 is somebody else's, on which things of 101 were done. */
static void save_two_on_a_phone(struct fixture *f)
{
    const struct phone_row other = a_phone(f, 2, "+8801712345679");
    fixture_someone(f);
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&other, SPAN_NONE}},
            {.kind = CHANGE_PERSON, .person = {.id = 102, .phone = 1, .at = NOW + 10 * DAY}}));
    save_session(f, 1100, 1, NOW + DAY, NOW + DAY);
    save_session(f, 1150, 1, NOW + 10 * DAY - 1, NOW + 10 * DAY - 1);
    save_session(f, 1200, 1, NOW + 10 * DAY - 5, NOW + 10 * DAY);
    save_session(f, 1250, 1, NOW + 11 * DAY, NOW + 11 * DAY);
    for (int64_t id = 1300; id <= 1800; id += 100)
        save_session(f, id, 2, NOW, NOW);
    save_session(f, 1900, 1, NOW + DAY, NOW + DAY);
    run_sql(f, "UPDATE phone SET person = 102 WHERE id = 1;"
               "INSERT INTO acted VALUES (1300, 101), (1900, 102);"
               "INSERT INTO request (id, reference, person, phone, session, kind, state, urgency, created_at, "
               "changed_at, version) VALUES (3001, '4827153', 101, 1, 1400, 1, 0, 0, 0, 0, 1);"
               "INSERT INTO registration (id, reference, person, session, created_at) "
               "VALUES (4001, '1111111', 101, 1500, 0);"
               "INSERT INTO entry VALUES (2001, 1600, 101, 1, 0, 0, NULL);"
               "INSERT INTO follow_up VALUES (6001, 101, 1, 4001, 6, 0, 2, 0, 1700);");
}

static void assert_sessions_of(struct fixture *f, int64_t person, const char *wanted)
{
    struct reader *reader = open_reader(f);
    struct session_page page;
    const struct session_filter filter = {.cause = -1, .person = person};
    char got[200] = "";
    OK(desk_read_sessions(reader, &filter, f->arena, &page, &f->err));
    for (size_t i = page.count; i-- > 0;)
        snprintf(got + strlen(got), sizeof got - strlen(got), "%lld ", (long long)page.rows[i].session.id);
    assert_string_equal(got, wanted);
    reader_close(reader);
}

static void somebodys_sessions_are_what_they_did_and_what_was_on_their_phone_then(void **state)
{
    struct fixture *f = *state;
    save_two_on_a_phone(f);
    assert_sessions_of(f, 101, "1001 1100 1150 1200 1300 1400 1500 1600 1700 ");
    assert_sessions_of(f, 102, "1200 1250 1900 ");
}

static void a_session_is_of_who_did_something_in_it_or_was_on_the_phone_then(void **state)
{
    struct fixture *f = *state;
    static const struct {
        int64_t session, person;
    } cases[] = {{1001, 101}, {1100, 101}, {1150, 101}, {1200, 102}, {1250, 102},
                 {1300, 101}, {1400, 101}, {1800, 0},   {1900, 102}};
    save_two_on_a_phone(f);
    struct reader *reader = open_reader(f);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct session_view view;
        OK(desk_read_session(reader, cases[i].session, 0, &supervisor, f->arena, &view, &f->err));
        if (view.person != cases[i].person)
            fail_msg("session %lld: %lld", (long long)cases[i].session, (long long)view.person);
    }
    reader_close(reader);
}

/* The older conversation went on after the newer one was over: what was said last stands in it, behind what was there before. */
static void what_was_said_last_is_found_wherever_it_is(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    struct session texts = a_session(f, 1100, 1, "a"), call = a_session(f, 1200, 1, "b");
    struct turn turns[] = {a_turn(1100, 0), a_turn(1100, 1), a_turn(1100, 2), a_turn(1200, 0)};
    texts.last_at = NOW + 30;
    call.last_at = NOW + 20;
    turns[1].at = NOW + 10;
    turns[2].at = NOW + 30;
    turns[3].at = NOW + 20;
    OK(SAVE({.kind = CHANGE_SESSION, .session = {&texts, true}}, {.kind = CHANGE_SESSION, .session = {&call, true}},
            {.kind = CHANGE_TURN, .turn = {&turns[0], 0}}, {.kind = CHANGE_TURN, .turn = {&turns[1], 0}},
            {.kind = CHANGE_TURN, .turn = {&turns[2], 0}}, {.kind = CHANGE_TURN, .turn = {&turns[3], 0}}));
    const struct {
        int64_t since, session;
        uint32_t turn;
    } rows[] = {{NOW + 1, 1100, 1}, {NOW + 10, 1100, 1}, {NOW + 11, 1100, 2}, {NOW + 30, 1100, 2}, {NOW + 31, 0, 0}};
    struct reader *reader = open_reader(f);
    struct said_since said;
    for (size_t i = 0; i < COUNT(rows); i++) {
        OK(desk_find_said_since(reader, 101, rows[i].since, &said, &f->err));
        assert_int_equal(said.session, rows[i].session);
        assert_int_equal(said.from_turn, rows[i].turn);
    }
    OK(desk_find_said_since(reader, 999, NOW, &said, &f->err));
    assert_int_equal(said.session, 0);
    reader_close(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        A_TEST(who_goes_back_sees_the_same_rows),
        A_TEST(beside_a_session_stand_those_of_the_list),
        A_TEST(beside_a_session_that_is_not_in_the_list_stand_the_nearest_that_are),
        A_TEST(a_list_is_read_by_key),
        A_TEST(sessions_are_found_by_what_they_are),
        A_TEST(a_page_that_looks_too_long_says_so),
        A_TEST(a_transcript_shows_the_screens_and_never_a_pin),
        A_TEST(what_was_destroyed_or_damaged_harms_only_itself),
        A_TEST(a_step_is_gone_when_a_part_of_it_is),
        A_TEST(a_long_session_is_shown_in_parts),
        A_TEST(a_session_that_goes_on_names_the_other),
        A_TEST(a_session_that_goes_on_at_once_names_the_other),
        A_TEST(an_offer_that_was_declined_goes_on_with_nothing),
        A_TEST(what_was_said_last_is_found_wherever_it_is),
        A_TEST(somebodys_sessions_are_what_they_did_and_what_was_on_their_phone_then),
        A_TEST(a_session_is_of_who_did_something_in_it_or_was_on_the_phone_then),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
