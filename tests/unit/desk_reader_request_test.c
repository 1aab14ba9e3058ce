/* One request as its page shows it: whose it is to see, and what is not shown. */
#include "desk_reader_fixture.h"

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
    assert_int_equal(view.opening_count, 2); /* who looked, and not who changed something or was refused */
    assert_int_equal(view.openings[0].action, AUDIT_OVERRODE);
    assert_int_equal(view.openings[1].action, AUDIT_VIEWED);
}

static void a_request_is_shown_with_all_that_was_done(void **state)
{
    struct fixture *f = *state;
    fill_request(f);
    const struct request_view view = read_request(f, 3001, &counsellor);
    assert_int_equal(view.row.request.state, REQUEST_ASSIGNED);
    assert_span(view.row.assignee, "Rina");
    assert_span(view.row.origin.channel, "at-ussd");
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
    assert_int_equal(view.openings[0].action, AUDIT_VIEWED);
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
    assert_int_equal(view.others.count, 1); /* 3002 is of a topic that is not theirs */
    assert_int_equal(view.others.rows[0].id, 3003);
    assert_non_null(view.merged_reference.at);
}

/* It may forbid what this one allows; what was said with one that is over is past. */
static void what_was_said_with_another_open_one_is_told(void **state)
{
    struct fixture *f = *state;
    fill_request(f);
    struct request_view view = read_request(f, 3003, &counsellor);
    assert_int_equal(view.others.count, 1);
    assert_int_equal(view.others.rows[0].id, 3001);
    assert_int_equal(view.said[0].count, 1);
    assert_span(view.said[0].at[0].value, "evening");
    struct request request = a_request(3001, "wages", URGENCY_SOON, NOW + HOUR);
    request.entry = 2001;
    request.state = REQUEST_CLOSED;
    request.version = 2;
    OK(SAVE({.kind = CHANGE_REQUEST_STATE, .request = {&request, BY_OPERATOR}}));
    view = read_request(f, 3003, &counsellor);
    assert_int_equal(view.others.count, 1);
    assert_int_equal(view.said[0].count, 0);
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
        OUTCOME(desk_read_request(reader, cases[i].id, cases[i].who, NULL, f->arena, &view, &f->err),
                OUTCOME_NOT_FOUND);
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
    assert_span(view.row.origin.channel, NULL);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        A_TEST(history_says_what_was_done_and_not_the_last_step_again),
        A_TEST(a_request_is_shown_with_all_that_was_done),
        A_TEST(what_was_said_with_another_open_one_is_told),
        A_TEST(another_operator_sees_neither_drafts_nor_words_for_counsellors),
        A_TEST(what_is_not_theirs_to_see_is_not_there),
        A_TEST(a_request_by_hand_has_no_session),
        A_TEST(a_reference_is_found_by_six_digits_or_seven),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
