/* What the desk changes: kept as it was given, sealed where somebody wrote it, and refused where it does not hold. */
#include "store_desk_fixture.h"

#include "base/problems.h"
#include "store/reader.h"

#define DAY INT64_C(86400000)

/* ---- who works here ---- */

static void an_operator_comes_back_as_given(void **state)
{
    struct fixture *f = *state;
    const struct operator given = an_operator(7001, "rahima");
    struct operator got;
    OK(SAVE({.kind = CHANGE_OPERATOR, .operator = {&given}}));
    OK(store_find_operator(f->store, SPAN("rahima"), f->arena, &got, &f->err));
    assert_int_equal(got.id, 7001);
    assert_span(got.shown, "Rahima");
    assert_span(got.topics, "work wages");
    assert_span(got.password, "$argon2id$v=19$m=1,t=1,p=1$x$y");
    assert_span(got.totp, "12345678901234567890");
    assert_int_equal(got.recovery.len, 2 * LOOKUP_BYTES);
    assert_int_equal(got.roles, ROLE_BIT(ROLE_COUNSELLOR));
    assert_true(got.has_shortcuts && !got.is_disabled && !got.must_change);
    assert_int_equal(got.version, 1);
    assert_string_equal(fixture_ask(f, "SELECT instr(totp, '12345678901234567890') FROM operator"), "0");
    OUTCOME(store_load_operator(f->store, 7002, f->arena, &got, &f->err), OUTCOME_NOT_FOUND);
    OUTCOME(store_find_operator(f->store, SPAN("Rahima"), f->arena, &got, &f->err), OUTCOME_NOT_FOUND);
    verify_is_clean(f);
}

static void a_bare_operator_is_kept_too(void **state)
{
    struct fixture *f = *state;
    const struct operator bare = {.id = 7002, .name = SPAN("bare"), .shown = SPAN("Bare"), .version = 1};
    struct operator *rows = NULL, first = an_operator(7001, "zakir");
    size_t count = 0;
    OK(SAVE({.kind = CHANGE_OPERATOR, .operator = {&first}}, {.kind = CHANGE_OPERATOR, .operator = {&bare}}));
    assert_int_equal(store_count_operators(f->store), 2);
    OK(store_load_operators(f->store, f->arena, &rows, &count, &f->err));
    assert_int_equal(count, 2);
    assert_span(rows[0].name, "bare"); /* by name */
    assert_span(rows[0].password, NULL);
    assert_span(rows[0].totp, NULL);
    assert_span(rows[0].lang, "en");
    assert_int_equal(rows[1].id, 7001);
}

static void an_old_version_and_a_taken_name_conflict(void **state)
{
    struct fixture *f = *state;
    struct operator one = an_operator(7001, "rahima"), other = an_operator(7002, "zakir"), got;
    OK(SAVE({.kind = CHANGE_OPERATOR, .operator = {&one}}, {.kind = CHANGE_OPERATOR, .operator = {&other}}));
    one.is_disabled = true;
    one.totp = SPAN_NONE;
    OK(SAVE({.kind = CHANGE_OPERATOR, .operator = {&one}}));
    OK(store_load_operator(f->store, 7001, f->arena, &got, &f->err));
    assert_int_equal(got.version, 2);
    assert_true(got.is_disabled && !span_is_present(got.totp));
    OUTCOME(SAVE({.kind = CHANGE_OPERATOR, .operator = {&one}}), OUTCOME_CONFLICT);
    other.name = SPAN("rahima");
    OUTCOME(SAVE({.kind = CHANGE_OPERATOR, .operator = {&other}}), OUTCOME_CONFLICT);
    struct operator third = an_operator(7003, "rahima");
    OUTCOME(SAVE({.kind = CHANGE_OPERATOR, .operator = {&third}}), OUTCOME_CONFLICT);
    assert_int_equal(store_count_operators(f->store), 2);
}

static struct sign_in a_sign_in(struct fixture *f, int64_t id, const char *token)
{
    return (struct sign_in){.id = id,
                            .operator = 7001,
                            .token = fixture_lookup(f, "token", token),
                            .created_at = NOW,
                            .seen_at = NOW,
                            .is_half = true,
                            .agent = SPAN("Firefox")};
}

static void what_has_ended_stays_ended(void **state)
{
    struct fixture *f = *state;
    const struct operator operator = an_operator(7001, "rahima");
    struct sign_in one = a_sign_in(f, 7101, "one"), two = a_sign_in(f, 7102, "two"), got;
    OK(SAVE({.kind = CHANGE_OPERATOR, .operator = {&operator}}, {.kind = CHANGE_SIGN_IN, .sign_in = {&one}},
            {.kind = CHANGE_SIGN_IN, .sign_in = {&two}}));
    one.is_half = false;
    one.token = fixture_lookup(f, "token", "rotated");
    OK(SAVE({.kind = CHANGE_SIGN_IN, .sign_in = {&one}}));
    OK(store_load_sign_in(f->store, 7101, f->arena, &got, &f->err));
    assert_false(got.is_half);
    assert_memory_equal(&got.token, &one.token, sizeof got.token);
    assert_span(got.agent, "Firefox");
    OK(SAVE({.kind = CHANGE_SIGN_INS_END, .sign_ins = {7001, 7102, NOW + 5}}));
    OK(SAVE({.kind = CHANGE_SIGN_IN, .sign_in = {&one}})); /* a browser that was seen a moment too late */
    OK(store_load_sign_in(f->store, 7101, f->arena, &got, &f->err));
    assert_int_equal(got.ended_at, NOW + 5);
    OK(store_load_sign_in(f->store, 7102, f->arena, &got, &f->err));
    assert_int_equal(got.ended_at, 0);
    struct sign_in same = a_sign_in(f, 7103, "two");
    OUTCOME(SAVE({.kind = CHANGE_SIGN_IN, .sign_in = {&same}}), OUTCOME_REFUSED);
    OUTCOME(store_load_sign_in(f->store, 7199, f->arena, &got, &f->err), OUTCOME_NOT_FOUND);
}

static void a_filter_has_one_query(void **state)
{
    struct fixture *f = *state;
    const struct operator operator = an_operator(7001, "rahima");
    struct saved_filter filter = {7301, 7001, SPAN("mine"), SPAN("state=open")};
    OK(SAVE({.kind = CHANGE_OPERATOR, .operator = {&operator}}, {.kind = CHANGE_SAVED_FILTER, .filter = {&filter}}));
    filter.id = 7302;
    filter.query = SPAN("topic=work");
    OK(SAVE({.kind = CHANGE_SAVED_FILTER, .filter = {&filter}}));
    assert_string_equal(fixture_ask(f, "SELECT group_concat(id || query) FROM saved_filter"), "7301topic=work");
    filter.query = SPAN_NONE;
    OK(SAVE({.kind = CHANGE_SAVED_FILTER, .filter = {&filter}}));
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM saved_filter"), "0");
}

/* ---- a request ---- */

static void a_request_nobody_touched_is_all_zero(void **state)
{
    struct fixture *f = *state;
    struct request request;
    struct request_desk desk;
    memset(&desk, 0xff, sizeof desk);
    fixture_desk(f);
    OK(store_load_request(f->store, 3001, f->arena, &request, &desk, &f->err));
    assert_string_equal(request.reference, "4827153");
    assert_int_equal(desk.assignee | desk.assigned_at | desk.viewed_at | desk.wait_until | desk.merged_into, 0);
    assert_true(desk.outcome == CLOSED_NOT && desk.attempts == 0 && !desk.is_texted && desk.came_by == CONTACT_PHONE);
    OUTCOME(store_load_request(f->store, 3999, f->arena, &request, &desk, &f->err), OUTCOME_NOT_FOUND);
}

static void what_the_desk_knows_is_kept(void **state)
{
    struct fixture *f = *state;
    struct request request;
    struct request_desk got, desk = {.assignee = 7001,
                                     .assigned_at = NOW + 1,
                                     .viewed_at = NOW + 2,
                                     .wait_until = NOW + 3,
                                     .outcome = CLOSED_UNSAFE,
                                     .attempts = 3,
                                     .merged_into = 3001,
                                     .made_by = 7001,
                                     .came_by = CONTACT_WALK_IN,
                                     .is_texted = true};
    fixture_desk(f);
    OK(SAVE({.kind = CHANGE_REQUEST_DESK, .desk = {3001, &desk}}));
    OK(store_load_request(f->store, 3001, f->arena, &request, &got, &f->err));
    assert_true(got.assignee == 7001 && got.assigned_at == NOW + 1 && got.viewed_at == NOW + 2);
    assert_true(got.wait_until == NOW + 3 && got.outcome == CLOSED_UNSAFE && got.attempts == 3);
    assert_true(got.merged_into == 3001 && got.made_by == 7001 && got.came_by == CONTACT_WALK_IN && got.is_texted);
    desk = (struct request_desk){.assignee = 0, .attempts = 1};
    OK(SAVE({.kind = CHANGE_REQUEST_DESK, .desk = {3001, &desk}}));
    OK(store_load_request(f->store, 3001, f->arena, &request, &got, &f->err));
    assert_true(got.assignee == 0 && got.attempts == 1 && got.outcome == CLOSED_NOT && !got.is_texted);
    OUTCOME(SAVE({.kind = CHANGE_REQUEST_DESK, .desk = {3999, &desk}}), OUTCOME_REFUSED);
}

static void a_request_made_by_hand_has_no_session(void **state)
{
    struct fixture *f = *state;
    struct phone_row phone = a_phone(f, 2, "+8801712345679");
    struct request request = a_request(3002, "4827154"), got;
    struct request_desk desk = {.made_by = 7001, .came_by = CONTACT_WALK_IN}, known;
    const struct answer answer = {SPAN("when"), SPAN("evening"), true};
    struct answer *answers = NULL;
    size_t count = 0;
    fixture_desk(f);
    request.person = 102;
    request.phone = 2;
    request.session = 0;
    request.entry = 2002;
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&phone, SPAN("+8801712345679")}},
            {.kind = CHANGE_PERSON, .person = {.id = 102, .phone = 2, .at = NOW}},
            {.kind = CHANGE_ENTRY, .entry = {.id = 2002, .person = 102, .at = NOW, .form = SPAN("call")}},
            {.kind = CHANGE_ANSWER, .answer = {2002, 102, NOW, &answer}},
            {.kind = CHANGE_REQUEST_BY_HAND, .request = {&request, BY_OPERATOR}},
            {.kind = CHANGE_REQUEST_DESK, .desk = {3002, &desk}}));
    OK(store_load_request(f->store, 3002, f->arena, &got, &known, &f->err));
    assert_true(got.session == 0 && known.made_by == 7001);
    OK(store_load_answers(f->store, 2002, f->arena, &answers, &count, &f->err));
    assert_int_equal(count, 1);
    assert_span(answers[0].value, "evening");
    assert_string_equal(fixture_ask(f, "SELECT by FROM request_step WHERE request = 3002"), "2");
    request.id = 3003;
    memcpy(request.reference, "4827155", sizeof request.reference);
    OUTCOME(SAVE({.kind = CHANGE_REQUEST, .request = {&request}}), OUTCOME_REFUSED); /* that is by its person */
    request.session = 1001;
    OUTCOME(SAVE({.kind = CHANGE_REQUEST_BY_HAND, .request = {&request}}), OUTCOME_REFUSED);
    verify_is_clean(f);
}

static void the_request_that_a_new_word_is_about(void **state)
{
    struct fixture *f = *state;
    struct request closed = a_request(3002, "4827154"), hidden = a_request(3003, "4827155"), got;
    struct request_desk desk, merged = {.outcome = CLOSED_DUPLICATE, .merged_into = 3001};
    fixture_desk(f);
    closed.state = REQUEST_CLOSED;
    closed.changed_at = NOW - 5 * DAY;
    hidden.hidden = true;
    OK(SAVE({.kind = CHANGE_REQUEST, .request = {&closed}}, {.kind = CHANGE_REQUEST, .request = {&hidden}}));
    OK(store_find_latest_request(f->store, 101, NOW - 30 * DAY, f->arena, &got, &desk, &f->err));
    assert_int_equal(got.id, 3001); /* open before closed, what they know of before what they do not */
    struct request over = a_request(3001, "4827153");
    over.state = REQUEST_CLOSED;
    struct request gone = hidden;
    gone.state = REQUEST_CANCELLED;
    OK(SAVE({.kind = CHANGE_REQUEST_STATE, .request = {&over}}, {.kind = CHANGE_REQUEST_STATE, .request = {&gone}}));
    OK(store_find_latest_request(f->store, 101, NOW - 30 * DAY, f->arena, &got, &desk, &f->err));
    assert_int_equal(got.id, 3002);
    OK(store_find_latest_request(f->store, 101, NOW - DAY, f->arena, &got, &desk, &f->err));
    assert_int_equal(got.id, 3001);
    OK(SAVE({.kind = CHANGE_REQUEST_DESK, .desk = {3002, &merged}}));
    OK(store_find_latest_request(f->store, 101, NOW - 30 * DAY, f->arena, &got, &desk, &f->err));
    assert_int_equal(got.id, 3001); /* not what was closed as the same as another */
    OUTCOME(store_find_latest_request(f->store, 101, NOW + DAY, f->arena, &got, &desk, &f->err), OUTCOME_NOT_FOUND);
    OUTCOME(store_find_latest_request(f->store, 999, 0, f->arena, &got, &desk, &f->err), OUTCOME_NOT_FOUND);
}

/* With which nothing was done since before `before`; `since`: since when, or 0 for none. */
static int64_t lies_since(struct fixture *f, int64_t before, int64_t now)
{
    const struct silence silence = {.before = {before, before, before}, .now = now};
    struct lying rows[4];
    size_t count = 9;
    OK(store_load_lying(f->store, &silence, 4, rows, &count, &f->err));
    assert_true(count == 0 || (count == 1 && rows[0].request == 3001));
    return count ? rows[0].since : 0;
}

static void make_urgent(struct fixture *f, enum request_urgency urgency, enum request_state state)
{
    struct request request;
    struct request_desk desk;
    OK(store_load_request(f->store, 3001, f->arena, &request, &desk, &f->err));
    request.urgency = urgency;
    request.state = state;
    OK(SAVE({.kind = CHANGE_REQUEST_STATE, .request = {.row = &request, .by = BY_OPERATOR}}));
}

static void what_lies_with_somebody_is_found(void **state)
{
    struct fixture *f = *state;
    struct request_desk desk = {.assignee = 7001, .assigned_at = NOW};
    const struct audit_row viewed = a_line(9001, AUDIT_VIEWED, 3001);
    fixture_desk(f);
    assert_int_equal(lies_since(f, NOW + DAY, NOW + DAY), 0); /* nobody's */
    OK(SAVE({.kind = CHANGE_REQUEST_DESK, .desk = {3001, &desk}}, {.kind = CHANGE_AUDIT, .audit = {&viewed}}));
    assert_int_equal(lies_since(f, NOW, NOW), 0);
    assert_int_equal(lies_since(f, NOW + 1, NOW + 1), NOW); /* to have looked is not to have done something */
    desk.wait_until = NOW + 2 * DAY;
    OK(SAVE({.kind = CHANGE_REQUEST_DESK, .desk = {3001, &desk}}));
    assert_int_equal(lies_since(f, NOW + 2 * DAY, NOW + 2 * DAY), 0);
    assert_int_equal(lies_since(f, NOW + 3 * DAY, NOW + 3 * DAY), NOW + 2 * DAY);
}

/* What was done last counts; with a normal one, nothing more is asked while it is promised for later, or after they spoke. */
static void what_was_done_last_counts(void **state)
{
    struct fixture *f = *state;
    const struct request_desk desk = {.assignee = 7001, .assigned_at = NOW};
    const struct audit_row done = a_line(9002, AUDIT_CHANGED, 3001);
    const int64_t at = NOW + 9002, due = NOW + 3600000;
    fixture_desk(f);
    OK(SAVE({.kind = CHANGE_REQUEST_DESK, .desk = {3001, &desk}}, {.kind = CHANGE_AUDIT, .audit = {&done}}));
    for (int urgency = URGENCY_SOON; urgency <= URGENCY_DANGER; urgency++) {
        make_urgent(f, (enum request_urgency)urgency, REQUEST_CALLED);
        assert_int_equal(lies_since(f, at, due), 0);
        assert_int_equal(lies_since(f, at + 1, due), at);
    }
    make_urgent(f, URGENCY_NORMAL, REQUEST_ASSIGNED);
    assert_int_equal(lies_since(f, at + 1, due), 0);
    assert_int_equal(lies_since(f, at + 1, due + 1), at);
    make_urgent(f, URGENCY_NORMAL, REQUEST_CALLED);
    assert_int_equal(lies_since(f, due, due + 1), 0);
    make_urgent(f, URGENCY_DANGER, REQUEST_ASSIGNED);
    const struct draft draft = {7001, 3001, NOW + DAY, SPAN("note"), SPAN("x")};
    OK(SAVE({.kind = CHANGE_DRAFT, .draft = {&draft}}));
    assert_int_equal(lies_since(f, NOW + DAY, NOW + DAY), 0); /* they are at it */
    assert_int_equal(lies_since(f, NOW + DAY + 1, NOW + DAY + 1), NOW + DAY);
}

/* ---- what was written ---- */

static void notes_come_back_and_are_sealed(void **state)
{
    struct fixture *f = *state;
    struct note got, first = a_note(7201, 3001, "secret-note"), second = a_note(7202, 3001, "secret-two");
    fixture_desk(f);
    second.replaces = 7201;
    second.is_clinical = true;
    OK(SAVE({.kind = CHANGE_NOTE, .note = {&first}}, {.kind = CHANGE_NOTE, .note = {&second}}));
    OK(store_load_note(f->store, 7202, f->arena, &got, &f->err));
    assert_span(got.text, "secret-two");
    assert_true(got.replaces == 7201 && got.is_clinical && got.operator == 7001 && got.at == NOW + 1);
    assert_string_equal(fixture_ask(f, "SELECT sum(instr(sealed, 'secret')) FROM note"), "0");
    struct note stray = a_note(7203, 3001, "x"), empty = {.id = 7204, .request = 3001, .operator = 7001};
    stray.replaces = 7299;
    OUTCOME(SAVE({.kind = CHANGE_NOTE, .note = {&stray}}), OUTCOME_REFUSED);
    OUTCOME(SAVE({.kind = CHANGE_NOTE, .note = {&empty}}), OUTCOME_REFUSED);
    OUTCOME(store_load_note(f->store, 7299, f->arena, &got, &f->err), OUTCOME_NOT_FOUND);
    verify_is_clean(f);
}

static void a_referral_is_settled_later(void **state)
{
    struct fixture *f = *state;
    struct referral got, row = {.id = 7202,
                                .request = 3001,
                                .operator = 7001,
                                .at = NOW,
                                .office = SPAN("legal-aid"),
                                .has_consent = true,
                                .due_at = NOW + DAY};
    fixture_desk(f);
    OK(SAVE({.kind = CHANGE_REFERRAL, .referral = {&row}}));
    OK(store_load_referral(f->store, 7202, f->arena, &got, &f->err));
    assert_true(got.has_consent && got.settled_at == 0 && got.due_at == NOW + DAY);
    assert_span(got.outcome, NULL);
    row.settled_at = NOW + 2;
    row.outcome = SPAN("they got their wages");
    OK(SAVE({.kind = CHANGE_REFERRAL, .referral = {&row}}));
    OK(store_load_referral(f->store, 7202, f->arena, &got, &f->err));
    assert_span(got.outcome, "they got their wages");
    assert_span(got.office, "legal-aid");
    assert_int_equal(got.settled_at, NOW + 2);
    OUTCOME(store_load_referral(f->store, 7299, f->arena, &got, &f->err), OUTCOME_NOT_FOUND);
    row.request = 3999;
    OUTCOME(SAVE({.kind = CHANGE_REFERRAL, .referral = {&row}}), OUTCOME_REFUSED);
}

static void one_draft_for_each_place(void **state)
{
    struct fixture *f = *state;
    struct draft draft = {7001, 3001, NOW, SPAN("note"), SPAN("half a sen")};
    fixture_desk(f);
    OK(SAVE({.kind = CHANGE_DRAFT, .draft = {&draft}}));
    draft.place = SPAN("reply");
    OK(SAVE({.kind = CHANGE_DRAFT, .draft = {&draft}}));
    draft.text = SPAN("half a sentence");
    OK(SAVE({.kind = CHANGE_DRAFT, .draft = {&draft}}));
    assert_string_equal(fixture_ask(f, "SELECT group_concat(place) FROM draft"), "note,reply");
    verify_is_clean(f);
    draft.text = SPAN("");
    OK(SAVE({.kind = CHANGE_DRAFT, .draft = {&draft}}));
    draft.text = SPAN_NONE;
    OK(SAVE({.kind = CHANGE_DRAFT, .draft = {&draft}})); /* none any more is no trouble */
    assert_string_equal(fixture_ask(f, "SELECT group_concat(place) FROM draft"), "note");
}

static void a_flag_is_dropped(void **state)
{
    struct fixture *f = *state;
    struct person_flag flag = {7401, 101, 7001, NOW, NOW + DAY, 0, SPAN("armed relative")};
    fixture_desk(f);
    OK(SAVE({.kind = CHANGE_PERSON_FLAG, .flag = {&flag}}));
    flag.dropped_at = NOW + 5;
    flag.text = SPAN_NONE;
    OK(SAVE({.kind = CHANGE_PERSON_FLAG, .flag = {&flag}}));
    assert_string_equal(fixture_ask(f, "SELECT (dropped_at - at) || ':' || instr(sealed, 'armed') FROM person_flag"),
                        "5:0");
    verify_is_clean(f);
    flag.id = 7402;
    flag.person = 999;
    flag.text = SPAN("x");
    OUTCOME(SAVE({.kind = CHANGE_PERSON_FLAG, .flag = {&flag}}), OUTCOME_REFUSED);
}

static void what_was_moved_elsewhere_does_not_open(void **state)
{
    struct fixture *f = *state;
    struct request other = a_request(3002, "4827154");
    struct reader *reader = NULL;
    struct verify_counts counts;
    struct problems problems;
    sqlite3 *db = NULL;
    fixture_desk(f);
    OK(SAVE({.kind = CHANGE_REQUEST, .request = {&other}}));
    fixture_written(f, 3001, 7201);
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "UPDATE note SET id = 7301; UPDATE draft SET place = 'note';"
                                  "UPDATE referral SET id = 7303; UPDATE operator SET totp = zeroblob(61)",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    problems_init(&problems, f->arena);
    OK(reader_open(f->path, f->keyring, &reader, &f->err));
    OUTCOME(reader_verify(reader, &counts, &problems, NULL, NULL, &f->err), OUTCOME_BROKEN);
    assert_int_equal(problems.count, 4);
    reader_close(reader);
}

/* ---- texts that did not arrive ---- */

static struct outbox_row a_text(int64_t id, int64_t request, int64_t session)
{
    return (struct outbox_row){.id = id,
                               .phone = 1,
                               .session = session,
                               .request = request,
                               .channel = SPAN("kannel"),
                               .to = SPAN("+1"),
                               .text = SPAN("x"),
                               .created_at = NOW,
                               .changed_at = NOW};
}

static int attention(struct fixture *f, int64_t id)
{
    struct request request;
    struct request_desk desk;
    OK(store_load_request(f->store, id, f->arena, &request, &desk, &f->err));
    return (int)request.attention;
}

static void fail_text(struct fixture *f, struct outbox_row *text)
{
    text->state = OUTBOX_FAILED;
    OK(SAVE({.kind = CHANGE_OUTBOX_STATE, .outbox = {text}}));
}

static void a_failed_text_is_dealt_with_once(void **state)
{
    struct fixture *f = *state;
    struct outbox_row text = a_text(5001, 0, 1001);
    fixture_desk(f);
    OK(SAVE({.kind = CHANGE_OUTBOX, .outbox = {&text}}));
    OUTCOME(SAVE({.kind = CHANGE_OUTBOX_DEALT, .dealt = {5001, NOW + 9}}), OUTCOME_REFUSED); /* it waits */
    fail_text(f, &text);
    assert_int_equal(attention(f, 3001), ATTENTION_TEXT_FAILED);
    OK(SAVE({.kind = CHANGE_OUTBOX_DEALT, .dealt = {5001, NOW + 9}}));
    assert_int_equal(attention(f, 3001), ATTENTION_NONE);
    OUTCOME(SAVE({.kind = CHANGE_OUTBOX_DEALT, .dealt = {5001, NOW + 9}}), OUTCOME_REFUSED);
    fail_text(f, &text); /* the same news again is none */
    assert_int_equal(attention(f, 3001), ATTENTION_NONE);
}

/* The request that an operator answered is marked, not the latest one of the session; one by hand has no session at all. */
static void the_request_that_was_answered_is_marked(void **state)
{
    struct fixture *f = *state;
    struct request later = a_request(3002, "4827154"), by_hand = a_request(3003, "4827155");
    struct outbox_row first = a_text(5001, 3001, 1001), second = a_text(5002, 3003, 0), got;
    fixture_desk(f);
    by_hand.session = 0;
    OK(SAVE({.kind = CHANGE_REQUEST, .request = {&later}}, {.kind = CHANGE_REQUEST_BY_HAND, .request = {&by_hand}},
            {.kind = CHANGE_OUTBOX, .outbox = {&first}}, {.kind = CHANGE_OUTBOX, .outbox = {&second}}));
    OK(store_load_outbox(f->store, 5002, f->arena, &got, &f->err));
    assert_int_equal(got.request, 3003);
    fail_text(f, &first);
    assert_int_equal(attention(f, 3001), ATTENTION_TEXT_FAILED);
    assert_int_equal(attention(f, 3002), ATTENTION_NONE);
    fail_text(f, &second);
    assert_int_equal(attention(f, 3003), ATTENTION_TEXT_FAILED);
}

/* A text that did not arrive says more than that an office is to be asked; that it arrived says nothing of the office. */
static void an_office_to_ask_stands_behind_a_text(void **state)
{
    struct fixture *f = *state;
    struct outbox_row text = a_text(5001, 0, 1001);
    fixture_desk(f);
    OK(SAVE({.kind = CHANGE_OUTBOX, .outbox = {&text}},
            {.kind = CHANGE_REQUEST_ATTENTION, .attention = {3001, ATTENTION_OFFICE, 0}}));
    text.state = OUTBOX_SENT;
    OK(SAVE({.kind = CHANGE_OUTBOX_STATE, .outbox = {&text}}));
    assert_int_equal(attention(f, 3001), ATTENTION_OFFICE);
    fail_text(f, &text);
    assert_int_equal(attention(f, 3001), ATTENTION_TEXT_FAILED);
}

static void a_new_word_is_not_overwritten(void **state)
{
    struct fixture *f = *state;
    struct outbox_row text = a_text(5001, 0, 1001);
    fixture_desk(f);
    OK(SAVE({.kind = CHANGE_OUTBOX, .outbox = {&text}},
            {.kind = CHANGE_REQUEST_ATTENTION, .attention = {3001, ATTENTION_NEW_WORD, 0}}));
    fail_text(f, &text);
    assert_int_equal(attention(f, 3001), ATTENTION_NEW_WORD);
    OK(SAVE({.kind = CHANGE_REQUEST_ATTENTION, .attention = {3001, ATTENTION_NONE, NOW + 1}}));
    assert_int_equal(attention(f, 3001), ATTENTION_TEXT_FAILED); /* and then there is still this */
    OK(SAVE({.kind = CHANGE_REQUEST_ATTENTION, .attention = {3001, ATTENTION_NONE, NOW + 2}}));
    assert_int_equal(attention(f, 3001), ATTENTION_NONE);
    assert_string_equal(fixture_ask(f, "SELECT dealt_at - 1790000000000 FROM outbox"), "2");
    OUTCOME(SAVE({.kind = CHANGE_REQUEST_ATTENTION, .attention = {3999, ATTENTION_NONE, NOW}}), OUTCOME_REFUSED);
    assert_string_equal(fixture_ask(f, "SELECT version FROM request"), "1"); /* it is no state */
}

/* ---- phones, actions, demonstration ---- */

static void a_phone_is_found_in_memory(void **state)
{
    struct fixture *f = *state;
    struct lookup known = fixture_lookup(f, "phone", "+8801712345678"), other = known;
    struct phone_row row;
    int64_t phone = 9;
    fixture_someone(f);
    OK(store_find_phone(f->store, &known, &phone, &f->err));
    assert_int_equal(phone, 1);
    other.at[LOOKUP_BYTES - 1] ^= 1; /* the half that memory does not keep */
    OUTCOME(store_find_phone(f->store, &other, &phone, &f->err), OUTCOME_NOT_FOUND);
    OK(store_load_phone(f->store, 1, f->arena, &row, &f->err));
    assert_true(row.has_number && row.person == 101);
    OUTCOME(store_load_phone(f->store, 9, f->arena, &row, &f->err), OUTCOME_NOT_FOUND);
}

static void an_action_is_answered_once_more(void **state)
{
    struct fixture *f = *state;
    const struct lookup key = fixture_lookup(f, "action", "k1"), other = fixture_lookup(f, "action", "k2");
    const struct change change = {.kind = CHANGE_DONE, .done = {key, NOW, 3001, OUTCOME_CONFLICT, 4}};
    struct done done;
    size_t pruned = 9;
    OUTCOME(store_find_done(f->store, &key, &done, &f->err), OUTCOME_NOT_FOUND);
    OK(SAVE(change));
    OK(store_find_done(f->store, &key, &done, &f->err));
    assert_true(done.outcome == OUTCOME_CONFLICT && done.id == 3001 && done.version == 4);
    OUTCOME(SAVE(change), OUTCOME_REFUSED);
    OUTCOME(store_find_done(f->store, &other, &done, &f->err), OUTCOME_NOT_FOUND);
    OK(store_prune_done(f->store, NOW, &pruned, &f->err));
    assert_int_equal(pruned, 0);
    OK(store_prune_done(f->store, NOW + 1, &pruned, &f->err));
    assert_int_equal(pruned, 1);
    OUTCOME(store_find_done(f->store, &key, &done, &f->err), OUTCOME_NOT_FOUND);
}

static void a_demonstration_is_told_from_what_is_real(void **state)
{
    struct fixture *f = *state;
    bool empty = false, demonstration = true;
    OK(store_is_empty(f->store, &empty, &demonstration, &f->err));
    assert_true(empty && !demonstration);
    fixture_desk(f);
    OK(store_is_empty(f->store, &empty, &demonstration, &f->err));
    assert_true(!empty && !demonstration);
    OK(store_mark_demonstration(f->store, &f->err));
    OK(store_is_empty(f->store, &empty, &demonstration, &f->err));
    assert_true(!empty && demonstration);
    struct session real = a_session(f, 99001, 1, "real");
    OK(SAVE({.kind = CHANGE_SESSION, .session = {&real, true}}));
    OK(store_is_empty(f->store, &empty, &demonstration, &f->err));
    assert_true(!empty && !demonstration);
}

static void ids_go_on_behind_the_desks(void **state)
{
    struct fixture *f = *state;
    const struct audit_row row = a_line(990001, AUDIT_VIEWED, 3001);
    fixture_desk(f);
    assert_int_equal(store_last_id(f->store), 7001);
    OK(SAVE({.kind = CHANGE_AUDIT, .audit = {&row}}));
    assert_int_equal(store_last_id(f->store), 990001);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_operator_comes_back_as_given),
        TEST(a_bare_operator_is_kept_too),
        TEST(an_old_version_and_a_taken_name_conflict),
        TEST(what_has_ended_stays_ended),
        TEST(a_filter_has_one_query),
        TEST(a_request_nobody_touched_is_all_zero),
        TEST(what_the_desk_knows_is_kept),
        TEST(a_request_made_by_hand_has_no_session),
        TEST(the_request_that_a_new_word_is_about),
        TEST(what_lies_with_somebody_is_found),
        TEST(what_was_done_last_counts),
        TEST(notes_come_back_and_are_sealed),
        TEST(a_referral_is_settled_later),
        TEST(one_draft_for_each_place),
        TEST(a_flag_is_dropped),
        TEST(what_was_moved_elsewhere_does_not_open),
        TEST(a_failed_text_is_dealt_with_once),
        TEST(the_request_that_was_answered_is_marked),
        TEST(an_office_to_ask_stands_behind_a_text),
        TEST(a_new_word_is_not_overwritten),
        TEST(a_phone_is_found_in_memory),
        TEST(an_action_is_answered_once_more),
        TEST(a_demonstration_is_told_from_what_is_real),
        TEST(ids_go_on_behind_the_desks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
