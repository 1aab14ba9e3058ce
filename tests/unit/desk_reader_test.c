/* What the desk's pages are made of, beside the store that writes: order, filters, pages, whose it is to see, and what is not shown. */
#include "store_fixture.h"

#include "base/random.h"
#include "store/desk_reader.h"
#include "store/sqlite/database.h"
#include "store/sqlite/desk_read.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define HOUR INT64_C(3600000)

static const struct operator supervisor = {.id = 901, .roles = ROLE_BIT(ROLE_SUPERVISOR)};
static const struct operator counsellor = {
    .id = 902, .roles = ROLE_BIT(ROLE_COUNSELLOR), .topics = SPAN("wages health")};
static const struct operator officer = {.id = 903, .roles = ROLE_BIT(ROLE_COMPLAINTS)};
static const struct operator admin = {.id = 904, .roles = ROLE_BIT(ROLE_ADMIN)};

static struct reader *open_reader(struct fixture *f)
{
    struct reader *reader = NULL;
    OK(reader_open(f->path, f->keyring, &reader, &f->err));
    return reader;
}

/* ---- what is there ---- */

static void say_reference(int64_t id, char out[REFERENCE_DIGITS + 1])
{
    char six[8];
    snprintf(six, sizeof six, "%06d", (int)(id % 1000000));
    reference_complete(six, out);
}

static struct request a_request(int64_t id, const char *topic, enum request_urgency urgency, int64_t due_at)
{
    struct request request = {.id = id,
                              .person = 101,
                              .phone = 1,
                              .session = 1001,
                              .kind = SPAN("call"),
                              .topic = span_of(topic),
                              .urgency = urgency,
                              .created_at = NOW,
                              .due_at = due_at,
                              .changed_at = NOW + id,
                              .version = 1,
                              .lang = SPAN("bn")};
    say_reference(id, request.reference);
    return request;
}

static void save_request(struct fixture *f, struct request request)
{
    OK(SAVE({.kind = CHANGE_REQUEST, .request = {&request}}));
}

static void save_desk(struct fixture *f, int64_t request, struct request_desk desk)
{
    OK(SAVE({.kind = CHANGE_REQUEST_DESK, .desk = {request, &desk}}));
}

/* An answer of the entry that is made for it. */
static void answer_in(struct fixture *f, int64_t entry, const char *field, const char *value, bool sensitive)
{
    const struct answer answer = {span_of(field), span_of(value), sensitive};
    OK(SAVE({.kind = CHANGE_ENTRY, .entry = {.id = entry, .session = 1001, .at = NOW, .form = SPAN("form")}},
            {.kind = CHANGE_ANSWER, .answer = {entry, 101, NOW, &answer}}));
}

/* Six that are open, one that waits, two that are over. */
static void fill_queue(struct fixture *f)
{
    fixture_someone(f);
    save_request(f, a_request(3001, "wages", URGENCY_NORMAL, NOW + 5 * HOUR));
    save_request(f, a_request(3002, "wages", URGENCY_NORMAL, NOW - HOUR));
    save_request(f, a_request(3003, "land", URGENCY_DANGER, NOW + HOUR / 2));
    save_request(f, a_request(3004, "health", URGENCY_DANGER, 0));
    save_request(f, a_request(3005, NULL, URGENCY_SOON, NOW + 2 * HOUR));
    struct request complaint = a_request(3006, "wages", URGENCY_SOON, NOW + HOUR);
    complaint.desk = SPAN("complaints");
    complaint.lang = SPAN("en");
    complaint.attention = ATTENTION_TEXT_FAILED;
    save_request(f, complaint);
    save_request(f, a_request(3007, "wages", URGENCY_DANGER, NOW));
    struct request closed = a_request(3008, "wages", URGENCY_NORMAL, NOW);
    closed.state = REQUEST_CLOSED;
    save_request(f, closed);
    closed = a_request(3009, "wages", URGENCY_DANGER, NOW);
    closed.state = REQUEST_CANCELLED;
    save_request(f, closed);
    save_desk(f, 3001, (struct request_desk){.assignee = 902, .assigned_at = NOW});
    save_desk(f, 3007, (struct request_desk){.assignee = 902, .wait_until = NOW + 1});
}

/* ---- the queue ---- */

static struct queue_page read_queue(struct fixture *f, struct reader *reader, struct queue_filter filter)
{
    struct queue_page page;
    OK(desk_read_queue(reader, &filter, f->arena, &page, &f->err));
    assert_true(page.count <= DESK_PAGE);
    return page;
}

static void assert_ids(const struct queue_page *page, const char *wanted)
{
    char got[400] = "";
    for (size_t i = 0; i < page->count; i++) {
        snprintf(got + strlen(got), sizeof got - strlen(got), "%s%lld", i ? " " : "",
                 (long long)page->rows[i].request.id);
    }
    assert_string_equal(got, wanted);
}

static void the_queue_shows_what_was_asked_for(void **state)
{
    struct fixture *f = *state;
    static const struct {
        struct queue_filter filter;
        const char *ids;
        size_t hidden;
    } cases[] = {
        {{.operator = &supervisor}, "3003 3004 3006 3005 3002 3001", 0},
        {{.operator = &supervisor, .is_danger = true}, "3003 3004", 0},
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
        {{.operator = &counsellor}, "3004 3005 3002 3001", 2},
        {{.operator = &counsellor, .whose = QUEUE_MINE}, "3001", 0},
        {{.operator = &counsellor, .whose = QUEUE_MINE, .state = QUEUE_WAITING_FOR}, "3007", 0},
        {{.operator = &counsellor, .topic = SPAN("land")}, "", 1},
        {{.operator = &officer}, "3006", 5},
        {{.operator = &admin}, "", 6},
        {{.operator = NULL}, "", 6},
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
    struct queue_filter filter = {.operator = &supervisor, .now = NOW, .area_field = SPAN("area")};
    struct queue_page page = read_queue(f, reader, filter);
    assert_ids(&page, "3001 3002");
    assert_span(page.rows[0].area, "sylhet");
    assert_int_equal(page.rows[0].answer_count, 1);
    assert_span(page.rows[0].answers[0].value, "sylhet");
    assert_span(page.rows[1].area, "dhaka");
    assert_span(page.rows[1].channel, "at-ussd");
    filter.area = SPAN("dhaka");
    page = read_queue(f, reader, filter);
    assert_ids(&page, "3002");
    filter.area_field = SPAN_NONE;
    page = read_queue(f, reader, filter);
    assert_ids(&page, "");
    reader_close(reader);
}

/* Many at once, as no test should wait for. */
static void save_many_requests(struct fixture *f, int64_t first, size_t count, enum request_state state,
                               const char *topic)
{
    struct request *rows = calloc(count, sizeof *rows);
    struct change *changes = calloc(count, sizeof *changes);
    for (size_t i = 0; i < count; i++) {
        rows[i] =
            a_request(first + (int64_t)i, topic, (enum request_urgency)(i % 3), i % 7 ? NOW + (int64_t)(i / 5) : 0);
        rows[i].state = state;
        changes[i] = (struct change){.kind = CHANGE_REQUEST, .request = {&rows[i]}};
    }
    OK(fixture_save(f, changes, count));
    free(rows);
    free(changes);
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
    struct reader *reader = open_reader(f);
    assert_every_one_once(f, reader, (struct queue_filter){.operator = &counsellor, .now = NOW}, 333);
    const struct queue_page page = read_queue(f, reader, (struct queue_filter){.operator = &counsellor, .now = NOW});
    assert_int_equal(page.count, DESK_PAGE);
    assert_int_equal(page.hidden, 70);
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
    unsigned news = count_new(f, reader, &supervisor, NOW + 3005);
    assert_int_equal(news, 2);
    news = count_new(f, reader, &counsellor, NOW + 3005);
    assert_int_equal(news, 1);
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
    fixture_someone(f);
    save_many_requests(f, 10000, DESK_COUNT_MAX + 100, REQUEST_WAITING, "wages");
    struct reader *reader = open_reader(f);
    struct queue_counts counts;
    counts = count(f, reader, &counsellor, NOW);
    assert_int_equal(counts.all, DESK_COUNT_MAX);
    const struct queue_page page = read_queue(f, reader, (struct queue_filter){.operator = &officer, .now = NOW});
    assert_int_equal(page.hidden, DESK_COUNT_MAX);
    reader_close(reader);
}

/* ---- one request ---- */

static void fill_request(struct fixture *f)
{
    fixture_someone(f);
    answer_in(f, 2001, "when", "evening", false);
    struct request request = a_request(3001, "wages", URGENCY_SOON, NOW + HOUR);
    request.entry = 2001;
    save_request(f, request);
    save_request(f, a_request(3002, "land", URGENCY_NORMAL, 0));
    save_request(f, a_request(3003, "health", URGENCY_NORMAL, 0));
    const struct operator named = {.id = 902, .name = SPAN("rina"), .shown = SPAN("Rina"), .lang = SPAN("en")};
    OK(SAVE({.kind = CHANGE_OPERATOR, .operator = {&named}}));
    request.state = REQUEST_ASSIGNED;
    request.step = STEP_ASSIGNED;
    request.changed_at = NOW + 5000;
    const struct request_desk desk = {
        .assignee = 902, .assigned_at = NOW + 5000, .viewed_at = NOW + 4000, .merged_into = 3003};
    const struct audit_row viewed = {.id = 7001,
                                     .at = NOW + 4000,
                                     .operator = 902,
                                     .action = AUDIT_VIEWED,
                                     .object = OBJECT_REQUEST,
                                     .object_id = 3001};
    const struct audit_row claimed = {.id = 7002,
                                      .at = NOW + 5000,
                                      .operator = 902,
                                      .action = AUDIT_CHANGED,
                                      .object = OBJECT_REQUEST,
                                      .object_id = 3001,
                                      .detail = SPAN("claimed")};
    const struct note said = {.id = 8001, .request = 3001, .operator = 902, .at = NOW, .text = SPAN("Speaks quietly")};
    const struct note again = {
        .id = 8002, .request = 3001, .operator = 902, .at = NOW, .replaces = 8001, .text = SPAN("Speaks softly")};
    const struct note clinical = {
        .id = 8003, .request = 3001, .operator = 902, .at = NOW, .is_clinical = true, .text = SPAN("Cannot sleep")};
    const struct attempt attempt = {.id = 8101, .request = 3001, .operator = 902, .at = NOW, .result = ATTEMPT_SPOKE};
    const struct referral referral = {.id = 8201,
                                      .request = 3001,
                                      .operator = 902,
                                      .at = NOW,
                                      .office = SPAN("bmet"),
                                      .has_consent = true,
                                      .outcome = SPAN("Went there")};
    const struct draft draft = {
        .operator = 902, .request = 3001, .at = NOW, .place = SPAN("note"), .text = SPAN("Half a wo")};
    const struct person_flag holds = {.id = 8301,
                                      .person = 101,
                                      .operator = 902,
                                      .at = NOW,
                                      .until = INT64_C(4000000000000),
                                      .text = SPAN("Armed relative")};
    const struct person_flag over = {
        .id = 8302, .person = 101, .operator = 902, .at = NOW, .until = 1, .text = SPAN("Was long ago")};
    OK(SAVE({.kind = CHANGE_REQUEST_STATE, .request = {&request, BY_OPERATOR}},
            {.kind = CHANGE_REQUEST_DESK, .desk = {3001, &desk}}, {.kind = CHANGE_AUDIT, .audit = {&viewed}},
            {.kind = CHANGE_AUDIT, .audit = {&claimed}}, {.kind = CHANGE_NOTE, .note = {&said}},
            {.kind = CHANGE_NOTE, .note = {&again}}, {.kind = CHANGE_NOTE, .note = {&clinical}},
            {.kind = CHANGE_ATTEMPT, .attempt = {&attempt}}, {.kind = CHANGE_REFERRAL, .referral = {&referral}},
            {.kind = CHANGE_DRAFT, .draft = {&draft}}, {.kind = CHANGE_PERSON_FLAG, .flag = {&holds}},
            {.kind = CHANGE_PERSON_FLAG, .flag = {&over}}));
}

/* A change that is told to nobody, and one that somebody answers for; the person's next word has neither. */
static void change_again(struct fixture *f, uint32_t version, int64_t at, enum step_by by, enum audit_action action,
                         const char *detail)
{
    struct request request = a_request(3001, "wages", URGENCY_SOON, NOW + HOUR);
    request.state = REQUEST_ASSIGNED;
    request.step = STEP_ASSIGNED;
    request.changed_at = at;
    request.version = version;
    const struct audit_row line = {.id = at,
                                   .at = at,
                                   .operator = by == BY_OPERATOR ? 902 : 0,
                                   .action = action,
                                   .object = OBJECT_REQUEST,
                                   .object_id = 3001,
                                   .detail = span_of(detail)};
    OK(SAVE({.kind = CHANGE_REQUEST_STATE, .request = {&request, by}}, {.kind = CHANGE_AUDIT, .audit = {&line}}));
}

static struct request_view read_request(struct fixture *f, int64_t id, const struct operator *who)
{
    struct request_view view;
    struct reader *reader = open_reader(f);
    OK(desk_read_request(reader, id, who, f->arena, &view, &f->err));
    reader_close(reader);
    return view;
}

static void history_says_what_was_done_and_not_the_last_step_again(void **state)
{
    struct fixture *f = *state;
    fill_request(f);
    change_again(f, 2, NOW + 6000, BY_OPERATOR, AUDIT_CHANGED, "waits");
    change_again(f, 3, NOW + 7000, BY_PROGRAM, AUDIT_PROGRAM, "returned");
    change_again(f, 4, NOW + 8000, BY_OPERATOR, AUDIT_OVERRODE, "danger");
    change_again(f, 5, NOW + 9000, BY_OPERATOR, AUDIT_REFUSED, "changed");
    change_again(f, 6, NOW + 10000, BY_PERSON, AUDIT_CHANGED, "note");
    const struct request_view view = read_request(f, 3001, &counsellor);
    static const struct {
        const char *what, *who;
    } expected[] = {{NULL, NULL},   {"claimed", "Rina"}, {"waits", "Rina"}, {"returned", NULL},
                    {NULL, "Rina"}, {NULL, NULL},        {NULL, NULL}};
    assert_int_equal(view.event_count, 7);
    for (size_t i = 0; i < view.event_count; i++) {
        assert_span(view.events[i].what, expected[i].what);
        assert_span(view.events[i].who, expected[i].who);
    }
}

static void a_request_is_shown_with_all_that_was_done(void **state)
{
    struct fixture *f = *state;
    fill_request(f);
    const struct request_view view = read_request(f, 3001, &counsellor);
    assert_int_equal(view.row.request.state, REQUEST_ASSIGNED);
    assert_span(view.row.assignee, "Rina");
    assert_span(view.row.channel, "at-ussd");
    assert_true(view.row.has_draft);
    assert_int_equal(view.row.answer_count, 1);
    assert_span(view.masked, "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2 78");
    assert_true(view.has_number && !view.phone_opted_out);
    assert_int_equal(view.event_count, 2);
    assert_int_equal(view.events[0].step, STEP_MADE);
    assert_span(view.events[0].who, NULL);
    assert_int_equal(view.events[1].step, STEP_ASSIGNED);
    assert_span(view.events[1].who, "Rina");
    assert_int_equal(view.opening_count, 1);
    assert_span(view.openings[0].who, "Rina");
    assert_int_equal(view.note_count, 3);
    assert_true(view.notes[0].is_replaced && !view.notes[1].is_replaced);
    assert_span(view.notes[2].note.text, "Cannot sleep");
    assert_span(view.notes[2].who, "Rina");
    assert_int_equal(view.attempts[0].attempt.result, ATTEMPT_SPOKE);
    assert_span(view.referrals[0].referral.outcome, "Went there");
    assert_int_equal(view.draft_count, 1);
    assert_span(view.drafts[0].text, "Half a wo");
    assert_int_equal(view.flag_count, 1);
    assert_span(view.flags[0].text, "Armed relative");
    assert_int_equal(view.other_count, 1); /* 3002 is of a topic that is not theirs */
    assert_int_equal(view.others[0].id, 3003);
    assert_non_null(view.merged_reference.at);
}

static void another_operator_sees_neither_drafts_nor_words_for_counsellors(void **state)
{
    struct fixture *f = *state;
    struct request complaint = a_request(3005, NULL, URGENCY_SOON, 0);
    const struct note clinical = {
        .id = 8001, .request = 3005, .operator = 902, .at = NOW, .is_clinical = true, .text = SPAN("Cannot sleep")};
    const struct draft draft = {
        .operator = 902, .request = 3005, .at = NOW, .place = SPAN("note"), .text = SPAN("Half a wo")};
    fixture_someone(f);
    complaint.desk = SPAN("complaints");
    save_request(f, complaint);
    OK(SAVE({.kind = CHANGE_NOTE, .note = {&clinical}}, {.kind = CHANGE_DRAFT, .draft = {&draft}}));
    const struct request_view view = read_request(f, 3005, &officer);
    assert_int_equal(view.note_count, 1);
    assert_true(view.notes[0].note.is_clinical);
    assert_span(view.notes[0].note.text, NULL);
    assert_int_equal(view.draft_count, 0);
    assert_false(view.row.has_draft);
}

static void what_is_not_theirs_to_see_is_not_there(void **state)
{
    struct fixture *f = *state;
    static const struct {
        int64_t id;
        const struct operator *who;
    } cases[] = {{3002, &counsellor},      {3001, &officer},        {3001, &admin},   {3001, NULL},
                 {1001, &supervisor},      {101, &supervisor},      {0, &supervisor}, {-1, &supervisor},
                 {INT64_MAX, &supervisor}, {INT64_MIN, &supervisor}};
    fixture_someone(f);
    save_request(f, a_request(3001, "wages", URGENCY_SOON, 0));
    save_request(f, a_request(3002, "land", URGENCY_SOON, 0));
    struct reader *reader = open_reader(f);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct request_view view;
        OUTCOME(desk_read_request(reader, cases[i].id, cases[i].who, f->arena, &view, &f->err), OUTCOME_NOT_FOUND);
        assert_int_equal(view.row.request.id, 0);
        assert_span(view.masked, NULL);
    }
    reader_close(reader);
}

static void a_request_by_hand_has_no_session(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    struct request request = a_request(3001, "wages", URGENCY_SOON, 0);
    request.session = 0;
    OK(SAVE({.kind = CHANGE_REQUEST_BY_HAND, .request = {&request, BY_OPERATOR}}));
    const struct request_view view = read_request(f, 3001, &supervisor);
    assert_int_equal(view.row.request.session, 0);
    assert_span(view.row.channel, NULL);
    assert_int_equal(view.text_count, 0);
    struct reader *reader = open_reader(f);
    const struct queue_page page = read_queue(f, reader, (struct queue_filter){.operator = &supervisor, .now = NOW});
    assert_ids(&page, "3001");
    reader_close(reader);
}

static void a_reference_is_found_by_six_digits_or_seven(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *digits;
        enum outcome outcome;
        int64_t request, person;
    } cases[] = {
        {"003001", OUTCOME_OK, 3001, 101},    {"0030012", OUTCOME_NOT_FOUND, 0, 0},
        {"00300", OUTCOME_NOT_FOUND, 0, 0},   {"", OUTCOME_NOT_FOUND, 0, 0},
        {"003009", OUTCOME_NOT_FOUND, 0, 0},  {"00300x", OUTCOME_NOT_FOUND, 0, 0},
        {"111111", OUTCOME_OK, 0, 101},       {"00300199", OUTCOME_NOT_FOUND, 0, 0},
        {"'; DROP", OUTCOME_NOT_FOUND, 0, 0}, {"\xff\xff\xff\xff\xff\xff", OUTCOME_NOT_FOUND, 0, 0},
        {"003002", OUTCOME_OK, 3012, 101},
    };
    fixture_someone(f);
    struct registration registration = {.id = 4001, .person = 101, .session = 1001, .created_at = NOW};
    say_reference(111111, registration.reference);
    struct request older = a_request(3002, "wages", URGENCY_SOON, 0), newer = a_request(3012, "wages", URGENCY_SOON, 0);
    memcpy(newer.reference, older.reference, sizeof newer.reference);
    older.state = REQUEST_CLOSED;
    save_request(f, older);
    save_request(f, newer);
    save_request(f, a_request(3001, "wages", URGENCY_SOON, 0));
    OK(SAVE({.kind = CHANGE_REGISTRATION, .registration = {&registration}}));
    struct reader *reader = open_reader(f);
    struct found_reference found;
    for (size_t i = 0; i < COUNT(cases); i++) {
        OUTCOME(desk_find_reference(reader, span_of(cases[i].digits), &found, &f->err), cases[i].outcome);
        assert_int_equal(found.request, cases[i].request);
        assert_int_equal(found.person, cases[i].person);
    }
    char whole[REFERENCE_DIGITS + 1];
    say_reference(3001, whole);
    OK(desk_find_reference(reader, span_of(whole), &found, &f->err));
    assert_int_equal(found.request, 3001);
    OUTCOME(desk_find_reference(reader, SPAN_NONE, &found, &f->err), OUTCOME_NOT_FOUND);
    reader_close(reader);
}

/* ---- sessions ---- */

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

static void run_sql(struct fixture *f, const char *text)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
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

static void an_offer_that_was_declined_goes_on_with_nothing(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    save_resumed(f, "main_menu");
    assert_resumed(f, 1100, 0, 0);
    assert_resumed(f, 1300, 0, 0);
}

/* ---- a person, texts ---- */

static void a_person_is_shown_with_what_is_kept(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    answer_in(f, 2001, "area", "sylhet", true);
    const struct registration registration = {.id = 4001,
                                              .person = 101,
                                              .session = 1001,
                                              .entry = 2001,
                                              .reference = "1111111",
                                              .created_at = NOW,
                                              .consent_version = SPAN("2")};
    OK(SAVE({.kind = CHANGE_REGISTRATION, .registration = {&registration}}));
    save_many_requests(f, 10000, 60, REQUEST_CLOSED, "wages");
    struct reader *reader = open_reader(f);
    struct person_view_desk view;
    OK(desk_read_person(reader, 101, &supervisor, f->arena, &view, &f->err));
    assert_span(view.masked, "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2 78");
    assert_int_equal(view.created_at, NOW);
    assert_int_equal(view.registration_count, 1);
    assert_span(view.registrations[0].row.consent_version, "2");
    assert_span(view.registrations[0].answers[0].value, "sylhet");
    assert_int_equal(view.request_count, 50);
    assert_int_equal(view.requests[0].id, 10059);
    assert_int_equal(view.session_count, 1);
    OUTCOME(desk_read_person(reader, 1, &supervisor, f->arena, &view, &f->err), OUTCOME_NOT_FOUND);
    int64_t person = 0;
    OK(desk_person_of_phone(reader, 77, &person, &f->err));
    assert_int_equal(person, 0);
    reader_close(reader);
}

static void a_person_is_shown_to_who_sees_a_request_of_theirs(void **state)
{
    struct fixture *f = *state;
    static const struct operator worker = {.id = 905, .roles = ROLE_BIT(ROLE_COUNSELLOR), .topics = SPAN("land")};
    static const struct operator *const who[] = {&supervisor, &counsellor, &worker, &officer, &admin, NULL};
    static const struct {
        struct request request; /* added to those before; id 0: none */
        bool seen[COUNT(who)];
        bool sealed[COUNT(who)]; /* what was sealed in the session */
    } steps[] = {
        {{0}, {true}, {true}},
        {{.id = 3001, .topic = SPAN("wages"), .state = REQUEST_CLOSED}, {true, true}, {true, true}},
        {{.id = 3002, .topic = SPAN("wages"), .desk = SPAN("complaints")}, {true, true, false, true}, {true}},
        {{.id = 3003, .topic = SPAN("land"), .hidden = true}, {true, true, true, true}, {true}},
    };
    fixture_someone(f);
    for (size_t i = 0; i < COUNT(steps); i++) {
        if (steps[i].request.id) {
            struct request request = a_request(steps[i].request.id, NULL, URGENCY_NORMAL, 0);
            request.topic = steps[i].request.topic;
            request.desk = steps[i].request.desk;
            request.state = steps[i].request.state;
            request.hidden = steps[i].request.hidden;
            save_request(f, request);
        }
        struct reader *reader = open_reader(f);
        for (size_t w = 0; w < COUNT(who); w++) {
            struct person_view_desk person;
            struct session_view session;
            const enum outcome wanted = steps[i].seen[w] ? OUTCOME_OK : OUTCOME_NOT_FOUND;
            OUTCOME(desk_may_see_person(reader, 101, who[w], &f->err), wanted);
            OUTCOME(desk_read_person(reader, 101, who[w], f->arena, &person, &f->err), wanted);
            assert_int_equal(person.row.id, steps[i].seen[w] ? 101 : 0);
            OUTCOME(desk_may_see_person(reader, 999, who[w], &f->err), OUTCOME_NOT_FOUND);
            OK(desk_read_session(reader, 1001, 0, who[w], f->arena, &session, &f->err));
            if (session.person != (steps[i].seen[w] ? 101 : 0) || session.shows_sealed != steps[i].sealed[w])
                fail_msg("step %zu, operator %zu: person %lld, sealed %d", i, w, (long long)session.person,
                         session.shows_sealed);
        }
        reader_close(reader);
    }
}

static struct outbox_row a_text(int64_t id, const char *channel)
{
    return (struct outbox_row){.id = id,
                               .phone = 1,
                               .session = 1001,
                               .channel = span_of(channel),
                               .to = SPAN("+8801712345678"),
                               .text = SPAN("We will call"),
                               .created_at = NOW,
                               .due_at = NOW,
                               .expires_at = NOW + HOUR};
}

static void save_text(struct fixture *f, int64_t id, const char *channel, enum outbox_state state)
{
    struct outbox_row row = a_text(id, channel);
    OK(SAVE({.kind = CHANGE_OUTBOX, .outbox = {&row}}));
    row.state = state;
    row.changed_at = NOW;
    OK(SAVE({.kind = CHANGE_OUTBOX_STATE, .outbox = {&row}}));
}

static void texts_are_shown_without_whom_they_go_to(void **state)
{
    struct fixture *f = *state;
    static const struct {
        struct outbox_filter filter;
        size_t count;
        int64_t first;
    } cases[] = {
        {{.state = -1}, 3, 5003},
        {{.state = OUTBOX_SENT}, 1, 5001},
        {{.state = OUTBOX_SENT, .in_trouble = true}, 0, 0},
        {{.state = -1, .in_trouble = true}, 2, 5003},
        {{.state = -1, .channel = SPAN("at-sms")}, 2, 5002},
        {{.state = -1, .channel = SPAN("none")}, 0, 0},
        {{.state = -1, .below = 5002}, 1, 5001},
        {{.state = 77}, 0, 0},
    };
    fixture_someone(f);
    save_request(f, a_request(3001, "wages", URGENCY_SOON, 0));
    save_text(f, 5001, "at-sms", OUTBOX_SENT);
    save_text(f, 5002, "at-sms", OUTBOX_FAILED);
    save_text(f, 5003, "kannel", OUTBOX_UNKNOWN);
    struct reader *reader = open_reader(f);
    struct outbox_page page;
    for (size_t i = 0; i < COUNT(cases); i++) {
        OK(desk_read_outbox(reader, &cases[i].filter, f->arena, &page, &f->err));
        assert_int_equal(page.count, cases[i].count);
        assert_int_equal(page.count ? page.rows[0].row.id : 0, cases[i].first);
        for (size_t row = 0; row < page.count; row++) {
            assert_span(page.rows[row].row.to, NULL);
            assert_span(page.rows[row].row.text, NULL);
            assert_int_equal(page.rows[row].request, 3001);
        }
    }
    reader_close(reader);
    run_sql(f, "UPDATE outbox SET text = x'00' WHERE id = 5002");
    const struct request_view view = read_request(f, 3001, &supervisor);
    assert_int_equal(view.text_count, 3);
    assert_span(view.texts[0].row.text, "We will call");
    assert_span(view.texts[0].row.to, NULL);
    assert_span(view.texts[1].row.text, NULL);
}

/* ---- who works here ---- */

static void who_works_here_and_is_signed_in(void **state)
{
    struct fixture *f = *state;
    const struct operator rina = {
        .id = 902, .name = SPAN("rina"), .shown = SPAN("Rina"), .lang = SPAN("en"), .roles = 1, .created_at = NOW};
    const struct operator amin = {.id = 903,
                                  .name = SPAN("amin"),
                                  .shown = SPAN("Amin"),
                                  .lang = SPAN("bn"),
                                  .totp = SPAN("01234567890123456789")};
    struct sign_in here = {.id = 911,
                           .operator = 902,
                           .token = fixture_lookup(f, "sign-in", "a"),
                           .created_at = NOW,
                           .seen_at = NOW,
                           .agent = SPAN("Firefox")};
    struct sign_in gone = {.id = 912,
                           .operator = 902,
                           .token = fixture_lookup(f, "sign-in", "b"),
                           .created_at = NOW,
                           .seen_at = NOW,
                           .ended_at = NOW};
    const struct saved_filter filter = {
        .id = 921, .operator = 902, .name = SPAN("Wages"), .query = SPAN("topic=wages")};
    OK(SAVE({.kind = CHANGE_OPERATOR, .operator = {&rina}}, {.kind = CHANGE_OPERATOR, .operator = {&amin}},
            {.kind = CHANGE_SIGN_IN, .sign_in = {&here}}, {.kind = CHANGE_SIGN_IN, .sign_in = {&gone}},
            {.kind = CHANGE_SAVED_FILTER, .filter = {&filter}}));
    struct reader *reader = open_reader(f);
    struct operator *all = NULL, one;
    struct sign_in *sign_ins = NULL, sign_in;
    struct saved_filter *filters = NULL;
    size_t count = 0;
    OK(desk_read_operators(reader, f->arena, &all, &count, &f->err));
    assert_int_equal(count, 2);
    assert_span(all[0].name, "amin");
    assert_span(all[0].totp, "01234567890123456789");
    OK(desk_find_operator(reader, SPAN("rina"), f->arena, &one, &f->err));
    assert_int_equal(one.id, 902);
    OUTCOME(desk_find_operator(reader, SPAN("RINA"), f->arena, &one, &f->err), OUTCOME_NOT_FOUND);
    OUTCOME(desk_find_operator(reader, SPAN_NONE, f->arena, &one, &f->err), OUTCOME_NOT_FOUND);
    OUTCOME(desk_read_operator(reader, 101, f->arena, &one, &f->err), OUTCOME_NOT_FOUND);
    OK(desk_find_sign_in(reader, &here.token, f->arena, &sign_in, &one, &f->err));
    assert_span(one.shown, "Rina");
    OUTCOME(desk_find_sign_in(reader, &gone.token, f->arena, &sign_in, &one, &f->err), OUTCOME_NOT_FOUND);
    OUTCOME(desk_find_sign_in(reader, &(struct lookup){{0}}, f->arena, &sign_in, &one, &f->err), OUTCOME_NOT_FOUND);
    OK(desk_read_sign_ins(reader, 902, f->arena, &sign_ins, &count, &f->err));
    assert_int_equal(count, 1);
    assert_span(sign_ins[0].agent, "Firefox");
    OK(desk_read_filters(reader, 902, f->arena, &filters, &count, &f->err));
    assert_int_equal(count, 1);
    assert_span(filters[0].query, "topic=wages");
    reader_close(reader);
}

static void the_audit_is_read_from_its_end(void **state)
{
    struct fixture *f = *state;
    static const struct {
        struct audit_filter filter;
        size_t count;
        int64_t first;
    } cases[] = {
        {{0}, 50, 7119},
        {{.below = 7050}, 50, 7049},
        {{.operator = 902}, 40, 7117},
        {{.object = OBJECT_REQUEST, .object_id = 3001}, 50, 7118},
        {{.object = OBJECT_REQUEST, .object_id = 3001, .operator = 902}, 20, 7114},
        {{.object = OBJECT_PERSON}, 50, 7119},
        {{.action = AUDIT_REVEALED}, 0, 0},
        {{.from = NOW + 118}, 2, 7119},
        {{.to = NOW + 2}, 2, 7001},
        {{.object_id = 101}, 50, 7119},
    };
    fixture_someone(f);
    save_request(f, a_request(3001, "wages", URGENCY_SOON, 0));
    const struct operator rina = {.id = 902, .name = SPAN("rina"), .shown = SPAN("Rina"), .lang = SPAN("en")};
    OK(SAVE({.kind = CHANGE_OPERATOR, .operator = {&rina}}));
    for (int64_t i = 0; i < 120; i++) {
        const struct audit_row row = {.id = 7000 + i,
                                      .at = NOW + i,
                                      .operator = i % 3 ? 0 : 902,
                                      .action = AUDIT_VIEWED,
                                      .object = i % 2 ? OBJECT_PERSON : OBJECT_REQUEST,
                                      .object_id = i % 2 ? 101 : 3001};
        OK(SAVE({.kind = CHANGE_AUDIT, .audit = {&row}}));
    }
    struct reader *reader = open_reader(f);
    struct audit_page page;
    for (size_t i = 0; i < COUNT(cases); i++) {
        OK(desk_read_audit(reader, &cases[i].filter, f->arena, &page, &f->err));
        if (page.count != cases[i].count || (page.count && page.rows[0].row.id != cases[i].first)) {
            fail_msg("case %zu: %zu rows from %lld", i, page.count, page.count ? (long long)page.rows[0].row.id : 0);
        }
    }
    OK(desk_read_audit(reader, &(struct audit_filter){.operator = 902}, f->arena, &page, &f->err));
    assert_span(page.rows[0].who, "Rina");
    assert_string_equal(page.rows[1].reference, a_request(3001, NULL, 0, 0).reference);
    reader_close(reader);
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
#define A_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        A_TEST(the_queue_shows_what_was_asked_for),
        A_TEST(a_district_is_that_of_the_request_or_the_registration),
        A_TEST(pages_of_the_queue_show_every_one_once),
        A_TEST(pages_of_what_is_closed_show_every_one_once),
        A_TEST(a_cursor_that_is_none_begins_at_the_beginning),
        A_TEST(counters_count_what_the_tabs_show),
        A_TEST(rows_once_read_are_counted_at_any_time),
        A_TEST(counters_stop_at_their_bound),
        A_TEST(history_says_what_was_done_and_not_the_last_step_again),
        A_TEST(a_request_is_shown_with_all_that_was_done),
        A_TEST(another_operator_sees_neither_drafts_nor_words_for_counsellors),
        A_TEST(what_is_not_theirs_to_see_is_not_there),
        A_TEST(a_request_by_hand_has_no_session),
        A_TEST(a_reference_is_found_by_six_digits_or_seven),
        A_TEST(sessions_are_found_by_what_they_are),
        A_TEST(a_page_that_looks_too_long_says_so),
        A_TEST(a_transcript_shows_the_screens_and_never_a_pin),
        A_TEST(what_was_destroyed_or_damaged_harms_only_itself),
        A_TEST(a_long_session_is_shown_in_parts),
        A_TEST(a_session_that_goes_on_names_the_other),
        A_TEST(an_offer_that_was_declined_goes_on_with_nothing),
        A_TEST(a_person_is_shown_with_what_is_kept),
        A_TEST(a_person_is_shown_to_who_sees_a_request_of_theirs),
        A_TEST(texts_are_shown_without_whom_they_go_to),
        A_TEST(who_works_here_and_is_signed_in),
        A_TEST(the_audit_is_read_from_its_end),
        A_TEST(a_reader_that_stays_open_learns_new_words),
        A_TEST(a_page_that_takes_too_long_is_broken_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
