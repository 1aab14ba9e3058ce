/* What is saved comes back as it was: every kind of change, hostile values, and what a failing one leaves behind. */
#include "store_fixture.h"

static struct store_found load(struct fixture *f, const struct store_wanted *wanted)
{
    struct store_found found;
    memset(&found, 0xa5, sizeof found);
    OK(store_load(f->store, wanted, 1, f->arena, &found, &f->err));
    return found;
}

static void nothing_is_found_in_an_empty_file(void **state)
{
    struct fixture *f = *state;
    const struct store_wanted wanted = {.session_key = fixture_lookup(f, "session", "s1"),
                                        .phone = fixture_lookup(f, "phone", "+1"),
                                        .message = fixture_lookup(f, "message", "m1"),
                                        .repeat = 7,
                                        .wants_requests = true};
    const struct store_found found = load(f, &wanted);
    assert_null(found.session);
    assert_null(found.phone);
    assert_null(found.last);
    assert_null(found.repeated);
    assert_false(found.message_seen || found.person.is_registered);
    assert_int_equal(found.answer_count + found.person.request_count, 0);
    assert_int_equal(store_last_id(f->store), 0);
}

static void a_session_comes_back_whole(void **state)
{
    struct fixture *f = *state;
    struct phone_row phone = a_phone(f, 1, "+8801712345678");
    struct session session = a_session(f, 1001, 1, "s1");
    phone.last_session = 1001;
    phone.opted_out = true;
    session.kind = CHANNEL_SMS;
    session.turns = 4000000000u;
    session.seen_bytes = UINT32_MAX;
    session.seen_hash = UINT64_MAX;
    session.continues = 1000;
    session.cause = END_TIMEOUT;
    session.ended_at = NOW + 5;
    session.state = (struct session_state){.at = {SPAN("find"), UINT16_MAX},
                                           .history_count = HISTORY_MAX,
                                           .lang = SPAN("bn-Latn"),
                                           .bad_answers = 255,
                                           .form_step = 254,
                                           .shape = UINT32_MAX,
                                           .entry = INT64_MAX,
                                           .topic = SPAN("")};
    for (int i = 0; i < HISTORY_MAX; i++) {
        session.state.history[i] = (struct place){i % 2 ? SPAN("main") : SPAN("find"), (uint16_t)(i * 1000)};
    }
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&phone, SPAN_NONE}},
            {.kind = CHANGE_SESSION, .session = {&session, true}}));

    const struct store_wanted wanted = {.session_key = session.key};
    for (int round = 0; round < 2; round++) {
        const struct store_found found = load(f, &wanted);
        assert_non_null(found.session);
        assert_non_null(found.phone); /* by way of the session */
        assert_null(found.last);
        const struct session *got = found.session;
        assert_int_equal(got->id, 1001);
        assert_int_equal(got->kind, CHANNEL_SMS);
        assert_int_equal(got->turns, 4000000000u);
        assert_int_equal(got->seen_bytes, UINT32_MAX);
        assert_true(got->seen_hash == UINT64_MAX);
        assert_int_equal(got->continues, 1000);
        assert_int_equal(got->cause, END_TIMEOUT);
        assert_int_equal(got->started_at, NOW);
        assert_int_equal(got->ended_at, NOW + 5);
        assert_span(got->channel, "at-ussd");
        assert_span(got->state.at.node, "find");
        assert_int_equal(got->state.at.page, UINT16_MAX);
        assert_int_equal(got->state.history_count, HISTORY_MAX);
        assert_span(got->state.history[11].node, "main");
        assert_int_equal(got->state.history[11].page, 11000);
        assert_span(got->state.lang, "bn-Latn");
        assert_int_equal(got->state.bad_answers, 255);
        assert_int_equal(got->state.form_step, 254);
        assert_int_equal(got->state.shape, UINT32_MAX);
        assert_true(got->state.entry == INT64_MAX);
        assert_span(got->state.topic, "");
        assert_true(found.phone->opted_out);
        assert_false(found.phone->has_number);
        assert_span(found.phone->lang, "bn");
        assert_int_equal(found.phone->last_session, 1001);
        fixture_close(f); /* and again after a restart, from the file alone */
        fixture_open(f);
    }
}

static void the_newest_session_with_a_key_counts(void **state)
{
    struct fixture *f = *state;
    struct phone_row phone = a_phone(f, 1, "+8801712345678");
    const struct session older = a_session(f, 1001, 1, "again"), newer = a_session(f, 1002, 1, "again");
    phone.last_session = 1002;
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&phone, SPAN_NONE}}, {.kind = CHANGE_SESSION, .session = {&older, true}},
            {.kind = CHANGE_SESSION, .session = {&newer, true}}));
    const struct store_wanted wanted = {.session_key = older.key};
    assert_int_equal(load(f, &wanted).session->id, 1002);
    fixture_close(f);
    fixture_open(f);
    assert_int_equal(load(f, &wanted).session->id, 1002);
}

static void a_phone_brings_its_last_session(void **state)
{
    struct fixture *f = *state;
    struct phone_row phone = a_phone(f, 1, "+8801712345678");
    const struct session session = a_session(f, 1001, 1, "s1");
    phone.last_session = 1001;
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&phone, SPAN_NONE}},
            {.kind = CHANGE_SESSION, .session = {&session, true}}));
    const struct store_wanted other = {.session_key = fixture_lookup(f, "session", "s2"), .phone = phone.lookup};
    const struct store_found found = load(f, &other);
    assert_null(found.session);
    assert_int_equal(found.phone->id, 1);
    assert_int_equal(found.last->id, 1001);
}

static void a_rolled_back_session_is_not_found(void **state)
{
    struct fixture *f = *state;
    const struct session first = a_session(f, 1001, 1, "again"), second = a_session(f, 1002, 1, "again"),
                         third = a_session(f, 1003, 1, "new");
    struct phone_row phone = a_phone(f, 1, "+1");
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&phone, SPAN_NONE}}, {.kind = CHANGE_SESSION, .session = {&first, true}}));
    OUTCOME(SAVE({.kind = CHANGE_SESSION, .session = {&second, true}},
                 {.kind = CHANGE_SESSION, .session = {&third, true}},
                 {.kind = CHANGE_SESSION, .session = {&first, true}}),
            OUTCOME_REFUSED);
    assert_int_equal(f->failed_at, 2);
    const struct store_wanted again = {.session_key = first.key}, new = {.session_key = third.key};
    assert_int_equal(load(f, &again).session->id, 1001);
    assert_null(load(f, &new).session);
}

/* Memory keeps the id that was taken back; the phone comes again under another one, and is found after a new start as well. */
static void a_rolled_back_phone_can_come_again(void **state)
{
    struct fixture *f = *state;
    const struct phone_row lost = a_phone(f, 1, "+1");
    struct phone_row kept = a_phone(f, 2, "+1");
    const struct store_wanted wanted = {.phone = lost.lookup};
    OUTCOME(SAVE({.kind = CHANGE_PHONE, .phone = {&lost, SPAN_NONE}}, {.kind = (enum change_kind)77}), OUTCOME_REFUSED);
    assert_null(load(f, &wanted).phone);
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&kept, SPAN_NONE}}));
    assert_int_equal(load(f, &wanted).phone->id, 2);
    kept.last_at = NOW + 5;
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&kept, SPAN_NONE}}));
    fixture_close(f);
    fixture_open(f);
    assert_int_equal(load(f, &wanted).phone->last_at, NOW + 5);
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM phone"), "1");
}

static void turns_come_back_as_they_were_shown(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    const struct span values[] = {SPAN("482 7153"), SPAN(""), SPAN("\xe0\xa6\xa2\xe0\xa6\xbe\xe0\xa6\x95\xe0\xa6\xbe")};
    struct turn turn = a_turn(1001, 0);
    turn.repeat = UINT64_MAX;
    turn.page = 3;
    turn.asked = SPAN("find");
    turn.input = SPAN("+0712");
    turn.meaning = SPAN("");
    turn.skeleton = SPAN("Ref \x01\x02 at \x01\x02 in \x01\x02");
    turn.values = values;
    turn.value_count = 3;
    turn.flags = TURN_ENDS | TURN_BAD_INPUT;
    struct turn plain = a_turn(1001, 1);
    OK(SAVE({.kind = CHANGE_TURN, .turn = {&turn, 0}}, {.kind = CHANGE_TURN, .turn = {&plain, 0}}));

    struct turn got;
    OK(store_load_turn(f->store, 1001, 0, f->arena, &got, &f->err));
    assert_true(got.repeat == UINT64_MAX);
    assert_int_equal(got.page, 3);
    assert_int_equal(got.flags, TURN_ENDS | TURN_BAD_INPUT);
    assert_span(got.node, "main");
    assert_span(got.asked, "find");
    assert_span(got.input, "+0712");
    assert_span(got.meaning, "");
    assert_span(got.skeleton, "Ref \x01\x02 at \x01\x02 in \x01\x02");
    assert_int_equal(got.value_count, 3);
    assert_span(got.values[0], "482 7153");
    assert_span(got.values[1], "");
    OK(store_load_turn(f->store, 1001, 1, f->arena, &got, &f->err));
    assert_span(got.input, NULL);
    assert_int_equal(got.value_count, 0);
    assert_string_equal(fixture_ask(f, "SELECT typeof(input) || input FROM turn WHERE number = 0"), "text+0712");
    OUTCOME(store_load_turn(f->store, 1001, 2, f->arena, &got, &f->err), OUTCOME_NOT_FOUND);
    OUTCOME(store_load_turn(f->store, 9, 0, f->arena, &got, &f->err), OUTCOME_NOT_FOUND);

    const struct store_wanted wanted = {.session_key = fixture_lookup(f, "session", "s1"), .repeat = UINT64_MAX};
    assert_int_equal(load(f, &wanted).repeated->number, 0);
    const struct store_wanted other = {.session_key = wanted.session_key, .repeat = 5};
    assert_null(load(f, &other).repeated);
}

static void sensitive_turns_are_sealed(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    const struct span values[] = {SPAN("hidden-value")};
    struct turn turn = a_turn(1001, 0);
    turn.input = SPAN("hidden-input");
    turn.meaning = SPAN("hidden-meaning");
    turn.skeleton = SPAN("Ref \x01\x02");
    turn.values = values;
    turn.value_count = 1;
    turn.flags = TURN_SENSITIVE_INPUT | TURN_SENSITIVE_SCREEN;
    OUTCOME(SAVE({.kind = CHANGE_TURN, .turn = {&turn, 0}}), OUTCOME_REFUSED);
    OUTCOME(SAVE({.kind = CHANGE_TURN, .turn = {&turn, 999}}), OUTCOME_REFUSED);
    OK(SAVE({.kind = CHANGE_TURN, .turn = {&turn, 101}}));
    struct turn pin = a_turn(1001, 1);
    pin.input = SPAN("hidden-pin");
    pin.flags = TURN_SECRET_INPUT;
    OK(SAVE({.kind = CHANGE_TURN, .turn = {&pin, 101}}));

    struct turn got;
    OK(store_load_turn(f->store, 1001, 0, f->arena, &got, &f->err));
    assert_span(got.input, "hidden-input");
    assert_span(got.meaning, "hidden-meaning");
    assert_span(got.values[0], "hidden-value");
    OK(store_load_turn(f->store, 1001, 1, f->arena, &got, &f->err));
    assert_span(got.input, NULL);
    fixture_close(f);
    char command[200];
    snprintf(command, sizeof command, "grep -qa -e hidden- -e 8801712345678 %s/*", f->dir);
    assert_int_not_equal(system(command), 0);
}

static void answers_keep_their_order_and_their_seal(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    const struct answer name = {SPAN("name"), SPAN("hidden name"), true}, when = {SPAN("when"), SPAN("morning"), false},
                        where = {SPAN("where"), SPAN("0712"), false}, later = {SPAN("name"), SPAN("other"), true};
    OK(SAVE({.kind = CHANGE_ENTRY, .entry = {.id = 2001, .session = 1001, .at = NOW, .form = SPAN("call")}},
            {.kind = CHANGE_ANSWER, .answer = {2001, 101, NOW, &name}},
            {.kind = CHANGE_ANSWER, .answer = {2001, 101, NOW, &when}},
            {.kind = CHANGE_ANSWER, .answer = {2001, 0, NOW, &where}},
            {.kind = CHANGE_ANSWER, .answer = {2001, 101, NOW, &later}}));
    struct answer *answers;
    size_t count;
    OK(store_load_answers(f->store, 2001, f->arena, &answers, &count, &f->err));
    assert_int_equal(count, 3);
    assert_span(answers[0].field, "name");
    assert_span(answers[0].value, "other");
    assert_true(answers[0].sensitive);
    assert_span(answers[2].value, "0712");
    assert_false(answers[2].sensitive);
    assert_string_equal(fixture_ask(f, "SELECT group_concat(typeof(value)) FROM answer"), "blob,text,text");

    struct session session = a_session(f, 1001, 1, "s1");
    session.state.entry = 2001;
    OK(SAVE({.kind = CHANGE_SESSION, .session = {&session, false}}));
    const struct store_wanted wanted = {.session_key = session.key};
    assert_int_equal(load(f, &wanted).answer_count, 3);

    OK(SAVE({.kind = CHANGE_ENTRY_CLOSED, .entry = {.id = 2001, .at = NOW, .finished = true}}));
    assert_string_equal(fixture_ask(f, "SELECT state FROM entry"), "1");
    OUTCOME(SAVE({.kind = CHANGE_ENTRY_CLOSED, .entry = {.id = 2002, .at = NOW}}), OUTCOME_REFUSED);
    OUTCOME(SAVE({.kind = CHANGE_ANSWER, .answer = {2002, 101, NOW, &when}}), OUTCOME_REFUSED);
}

static void a_long_form_is_not_cut(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    OK(SAVE({.kind = CHANGE_ENTRY, .entry = {.id = 2001, .session = 1001, .at = NOW, .form = SPAN("call")}}));
    for (int i = 0; i < 40; i++) {
        char field[24];
        snprintf(field, sizeof field, "field%d", i);
        const struct answer answer = {span_of(field), span_of(field), i % 2 == 1};
        OK(SAVE({.kind = CHANGE_ANSWER, .answer = {2001, 101, NOW, &answer}}));
    }
    struct answer *answers;
    size_t count;
    OK(store_load_answers(f->store, 2001, f->arena, &answers, &count, &f->err));
    assert_int_equal(count, 40);
    assert_span(answers[0].value, "field0");
    assert_span(answers[16].field, "field16");
    assert_span(answers[39].value, "field39");
    OK(store_load_answers(f->store, 2002, f->arena, &answers, &count, &f->err));
    assert_int_equal(count, 0);
}

static void an_entry_belongs_to_one_person(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    const struct answer name = {SPAN("name"), SPAN("x"), true};
    OK(SAVE({.kind = CHANGE_ENTRY, .entry = {.id = 2001, .session = 1001, .at = NOW, .form = SPAN("call")}},
            {.kind = CHANGE_ANSWER, .answer = {2001, 101, NOW, &name}},
            {.kind = CHANGE_PERSON, .person = {.id = 102, .phone = 1, .at = NOW}}));
    OUTCOME(SAVE({.kind = CHANGE_ANSWER, .answer = {2001, 102, NOW, &name}}), OUTCOME_REFUSED);
}

static struct request a_request(int64_t id, const char *reference)
{
    struct request request = {.id = id,
                              .person = 101,
                              .phone = 1,
                              .session = 1001,
                              .kind = SPAN("call"),
                              .topic = SPAN("wages"),
                              .urgency = URGENCY_SOON,
                              .created_at = NOW,
                              .due_at = NOW + 60000,
                              .changed_at = NOW,
                              .version = 1,
                              .lang = SPAN("bn")};
    snprintf(request.reference, sizeof request.reference, "%s", reference);
    return request;
}

static void requests_are_changed_by_who_saw_them(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    struct request request = a_request(3001, "4827153");
    OK(SAVE({.kind = CHANGE_REQUEST, .request = {&request}}));
    OK(store_find_reference(f->store, "4827153", &f->err));
    OUTCOME(store_find_reference(f->store, "0000000", &f->err), OUTCOME_NOT_FOUND);

    const struct store_wanted wanted = {.phone = fixture_lookup(f, "phone", "+8801712345678"), .wants_requests = true};
    struct store_found found = load(f, &wanted);
    assert_int_equal(found.person.request_count, 1);
    assert_string_equal(found.person.requests[0].reference, "4827153");
    assert_span(found.person.requests[0].kind, "call");
    assert_span(found.person.requests[0].topic, "wages");
    assert_int_equal(found.person.requests[0].due_at, NOW + 60000);

    request.state = REQUEST_CLOSED;
    OK(SAVE({.kind = CHANGE_REQUEST_STATE, .request = {&request}}));
    OUTCOME(SAVE({.kind = CHANGE_REQUEST_STATE, .request = {&request}}), OUTCOME_CONFLICT);
    found = load(f, &wanted);
    assert_int_equal(found.person.requests[0].version, 2);
    assert_int_equal(found.person.requests[0].state, REQUEST_CLOSED);
    OUTCOME(store_find_reference(f->store, "4827153", &f->err), OUTCOME_NOT_FOUND);
}

static void a_reference_is_given_once(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    const struct request one = a_request(3001, "4827153"), two = a_request(3002, "4827153");
    OK(SAVE({.kind = CHANGE_REQUEST, .request = {&one}}));
    OUTCOME(SAVE({.kind = CHANGE_REQUEST, .request = {&two}}), OUTCOME_REFUSED);
    struct registration registration = {.id = 4001, .person = 101, .session = 1001, .created_at = NOW};
    snprintf(registration.reference, sizeof registration.reference, "%s", "1111111");
    OK(SAVE({.kind = CHANGE_REGISTRATION, .registration = {&registration}}));
    OK(store_find_reference(f->store, "1111111", &f->err));
    const struct store_wanted wanted = {.phone = fixture_lookup(f, "phone", "+8801712345678")};
    assert_true(load(f, &wanted).person.is_registered);
}

static void at_most_twenty_requests_newest_first(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    for (int i = 0; i < 25; i++) {
        char reference[16];
        snprintf(reference, sizeof reference, "%07d", i);
        const struct request request = a_request(3001 + i, reference);
        OK(SAVE({.kind = CHANGE_REQUEST, .request = {&request}}));
    }
    const struct store_wanted wanted = {.phone = fixture_lookup(f, "phone", "+8801712345678"), .wants_requests = true};
    const struct store_found found = load(f, &wanted);
    assert_int_equal(found.person.request_count, 20);
    assert_int_equal(found.person.requests[0].id, 3025);
    assert_int_equal(found.person.requests[19].id, 3006);
}

static void a_message_is_seen_once(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    const struct change seen = {.kind = CHANGE_MESSAGE_SEEN,
                                .seen = {fixture_lookup(f, "message", "m1"), 1001, NOW, 3}};
    OK(SAVE(seen));
    const struct store_wanted wanted = {.message = seen.seen.key};
    const struct store_found found = load(f, &wanted);
    assert_true(found.message_seen);
    assert_int_equal(found.seen_session, 1001);
    assert_int_equal(found.seen_turn, 3);
    OUTCOME(SAVE(seen), OUTCOME_REFUSED);
}

static void pins_and_strays(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    struct change pin = {.kind = CHANGE_PIN, .pin = {.person = 101}};
    memset(pin.pin.hash, 7, sizeof pin.pin.hash);
    OK(SAVE(pin));
    assert_string_equal(fixture_ask(f, "SELECT hex(pin) FROM person"), "07070707070707070707070707070707");
    pin.pin.person = 5;
    OUTCOME(SAVE(pin), OUTCOME_REFUSED);
    OK(SAVE({.kind = CHANGE_STRAY, .stray = {9001, NOW, SPAN("at-sms"), SPAN("charset"), SPAN("\xff\x00 hidden")}}));
    assert_string_equal(fixture_ask(f, "SELECT instr(raw, x'68696464656e') FROM stray"), "0");
    assert_int_equal(store_last_id(f->store), 9001);
}

static void hostile_values_are_only_values(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    static const char sql[] = "'; DROP TABLE turn; --";
    struct turn turn = a_turn(1001, 0);
    turn.input = (struct span){sql, sizeof sql - 1};
    turn.meaning = SPAN("a\0b");
    turn.node = (struct span){sql, sizeof sql - 1};
    OK(SAVE({.kind = CHANGE_TURN, .turn = {&turn, 0}}));
    struct turn got;
    OK(store_load_turn(f->store, 1001, 0, f->arena, &got, &f->err));
    assert_span(got.input, sql);
    assert_span(got.node, sql);
    assert_int_equal(got.meaning.len, 3);

    char *long_name = malloc(100000);
    memset(long_name, 'x', 100000);
    struct turn bad = a_turn(1001, 1);
    bad.node = (struct span){long_name, 100000};
    OUTCOME(SAVE({.kind = CHANGE_TURN, .turn = {&bad, 0}}), OUTCOME_REFUSED);
    bad = a_turn(1001, 1);
    bad.skeleton = (struct span){long_name, 100000};
    OUTCOME(SAVE({.kind = CHANGE_TURN, .turn = {&bad, 0}}), OUTCOME_REFUSED);
    bad = a_turn(1001, 1);
    bad.input = (struct span){long_name, 100000};
    OK(SAVE({.kind = CHANGE_TURN, .turn = {&bad, 0}}));
    free(long_name);
    struct session deep = a_session(f, 1002, 1, "s2");
    deep.state.history_count = HISTORY_MAX + 1;
    OUTCOME(SAVE({.kind = CHANGE_SESSION, .session = {&deep, true}}), OUTCOME_REFUSED);
    OUTCOME(SAVE({.kind = (enum change_kind)77}), OUTCOME_REFUSED);
}

/* One bad message harms nobody else: nothing of the batch is there, and the rest can be saved again. */
static void a_poisoned_change_takes_the_batch_back(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    const struct turn good = a_turn(1001, 0), also = a_turn(1001, 1);
    struct turn fresh = a_turn(1001, 2);
    fresh.node = SPAN("a-word-never-seen");
    fresh.skeleton = SPAN("a screen never seen");
    OUTCOME(SAVE({.kind = CHANGE_TURN, .turn = {&good, 0}}, {.kind = CHANGE_TURN, .turn = {&fresh, 0}},
                 {.kind = CHANGE_TURN, .turn = {&good, 0}}, {.kind = CHANGE_TURN, .turn = {&also, 0}}),
            OUTCOME_REFUSED);
    assert_int_equal(f->failed_at, 2);
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM turn"), "0");
    OK(SAVE({.kind = CHANGE_TURN, .turn = {&good, 0}}, {.kind = CHANGE_TURN, .turn = {&fresh, 0}}));
    fixture_close(f); /* memory and file agree on what was taken back */
    fixture_open(f);
    struct turn got;
    OK(store_load_turn(f->store, 1001, 2, f->arena, &got, &f->err));
    assert_span(got.node, "a-word-never-seen");
    assert_span(got.skeleton, "a screen never seen");
}

static void a_number_stays_until_another_comes(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    const struct phone_row phone = a_phone(f, 1, "+8801712345678");
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&phone, SPAN_NONE}}));
    const struct store_wanted wanted = {.phone = phone.lookup};
    assert_true(load(f, &wanted).phone->has_number);
    struct phone_row twin = a_phone(f, 2, "+8801712345678");
    OUTCOME(SAVE({.kind = CHANGE_PHONE, .phone = {&twin, SPAN_NONE}}), OUTCOME_REFUSED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_found_in_an_empty_file),
        TEST(a_session_comes_back_whole),
        TEST(the_newest_session_with_a_key_counts),
        TEST(a_phone_brings_its_last_session),
        TEST(a_rolled_back_session_is_not_found),
        TEST(a_rolled_back_phone_can_come_again),
        TEST(turns_come_back_as_they_were_shown),
        TEST(sensitive_turns_are_sealed),
        TEST(answers_keep_their_order_and_their_seal),
        TEST(a_long_form_is_not_cut),
        TEST(an_entry_belongs_to_one_person),
        TEST(requests_are_changed_by_who_saw_them),
        TEST(a_reference_is_given_once),
        TEST(at_most_twenty_requests_newest_first),
        TEST(a_message_is_seen_once),
        TEST(pins_and_strays),
        TEST(hostile_values_are_only_values),
        TEST(a_poisoned_change_takes_the_batch_back),
        TEST(a_number_stays_until_another_comes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
