/* A person, texts, who works here and the audit, as their pages show them. */
#include "desk_reader_fixture.h"

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
    run_sql(f,
            "INSERT INTO follow_up VALUES (6001, 101, 1, 4001, 6, 40, 2, 50, 1001), (6002, 101, 1, 4001, 1, 30, 0, 20, "
            "NULL), (6003, 102, 1, 4001, 1, 10, 0, 20, NULL)");
    struct reader *reader = open_reader(f);
    struct person_view_desk view;
    OK(desk_read_person(reader, 101, &supervisor, f->arena, &view, &f->err));
    assert_span(view.masked, "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2 78");
    assert_int_equal(view.created_at, NOW);
    assert_int_equal(view.registration_count, 1);
    assert_span(view.registrations[0].row.consent_version, "2");
    assert_span(view.registrations[0].answers[0].value, "sylhet");
    assert_int_equal(view.requests.count, 50);
    assert_int_equal(view.requests.rows[0].id, 10059);
    assert_int_equal(view.session_count, 1);
    assert_int_equal(view.follow_up_count, 2);
    const struct follow_up *asked = &view.follow_ups[1];
    assert_int_equal(view.follow_ups[0].id, 6002);
    assert_true(asked->id == 6001 && asked->person == 101 && asked->phone == 1 && asked->registration == 4001);
    assert_true(asked->session == 1001 && asked->month == 6 && asked->due_at == 40 && asked->changed_at == 50);
    assert_int_equal(asked->state, FOLLOW_UP_ANSWERED);
    OUTCOME(desk_read_person(reader, 1, &supervisor, f->arena, &view, &f->err), OUTCOME_NOT_FOUND);
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
        {{.state = -1, .above = 5001}, 2, 5003},
        {{.state = -1, .in_trouble = true, .above = 5002}, 1, 5003},
        {{.state = 77}, 0, 0},
    };
    fixture_someone(f);
    save_request(f, a_request(3000, "wages", URGENCY_SOON, 0)); /* a text is about the last one of its session */
    save_request(f, a_request(3001, "wages", URGENCY_SOON, 0));
    save_text(f, 5001, "at-sms", OUTBOX_SENT);
    save_text(f, 5002, "at-sms", OUTBOX_FAILED);
    save_text(f, 5003, "kannel", OUTBOX_UNKNOWN);
    run_sql(f, "INSERT INTO report (outbox, at, delivery, reason) VALUES (5001, 1, 1, 'first'), (5001, 2, 1, 'last'), "
               "(5002, 3, 1, 'other')");
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
            assert_span(page.rows[row].reference, a_request(3001, NULL, 0, 0).reference);
            assert_span(page.rows[row].last_report, page.rows[row].row.id == 5001   ? "last"
                                                    : page.rows[row].row.id == 5002 ? "other"
                                                                                    : NULL);
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
        {{.above = 7049}, 50, 7099},
        {{.above = 7099}, 20, 7119},
        {{.operator = 902, .above = 7020}, 33, 7117},
        {{.object = OBJECT_REQUEST, .object_id = 3001, .above = 7000}, 50, 7100},
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
                                      .object_id = i % 2 ? 101 : 3001,
                                      .peer = SPAN("192.0.2.7")};
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
    assert_span(page.rows[0].row.peer, "192.0.2.7");
    assert_string_equal(page.rows[1].reference, a_request(3001, NULL, 0, 0).reference);
    reader_close(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        A_TEST(a_person_is_shown_with_what_is_kept),     A_TEST(a_person_is_shown_to_who_sees_a_request_of_theirs),
        A_TEST(texts_are_shown_without_whom_they_go_to), A_TEST(who_works_here_and_is_signed_in),
        A_TEST(the_audit_is_read_from_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
