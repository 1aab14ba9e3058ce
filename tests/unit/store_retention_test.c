/* What goes by its age, class by class, and what stays; what is left of who was given a reference. */
#include "retention_fixture.h"

#include "base/problems.h"
#include "store/reader.h"

static void say(struct fixture *f, uint32_t number, const char *input)
{
    struct turn turn = a_turn(1001, number);
    const struct span values[] = {SPAN("482 7155")};
    turn.input = span_of(input);
    turn.repeat = 7;
    turn.skeleton = SPAN("Yours: \x01\x02");
    turn.values = values;
    turn.value_count = 1;
    OK(SAVE({.kind = CHANGE_TURN, .turn = {&turn, 101}}));
}

static void ask(struct fixture *f, const char *kind)
{
    const struct answer answer = {SPAN("what"), SPAN("morning-word"), false};
    struct request request = {.id = 3001,
                              .person = 101,
                              .phone = 1,
                              .session = 1001,
                              .entry = 2001,
                              .reference = "4827155",
                              .kind = span_of(kind),
                              .created_at = NOW,
                              .changed_at = NOW,
                              .version = 1};
    OK(SAVE(
        {.kind = CHANGE_ENTRY, .entry = {.id = 2001, .session = 1001, .person = 101, .at = NOW, .form = SPAN("call")}},
        {.kind = CHANGE_ANSWER, .answer = {2001, 101, NOW, &answer}}, {.kind = CHANGE_REQUEST, .request = {&request}}));
    run(f, "INSERT INTO request_step (request, at, step, by) VALUES (3001, 1, 0, 0)");
}

static const char *count(struct fixture *f, const char *what)
{
    char sql[300];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", what);
    return fixture_ask(f, sql);
}

static void a_session_that_only_read_counts_after_its_time(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    say(f, 0, "typed");
    struct session live = a_session(f, 1002, 1, "live");
    live.last_at = NOW + 20 * DAY;
    OK(SAVE({.kind = CHANGE_SESSION, .session = {&live, true}}));
    a_pass(f, NOW + 29 * DAY);
    assert_string_equal(count(f, "turn WHERE input IS NOT NULL"), "1");
    a_pass(f, NOW + 31 * DAY);
    assert_string_equal(count(f, "turn WHERE input IS NOT NULL OR shown IS NOT NULL OR repeat IS NOT NULL"), "0");
    assert_string_equal(count(f, "turn WHERE node IS NOT NULL"), "1");
    assert_string_equal(fixture_ask(f, "SELECT group_concat(id) FROM session WHERE phone IS NOT NULL"), "1002");
    struct store_wanted wanted = {.session_key = fixture_lookup(f, "session", "s1")};
    struct store_found found;
    OK(store_load(f->store, &wanted, 1, f->arena, &found, &f->err));
    assert_null(found.session); /* memory agrees with the file */
    verify_is_clean(f);
}

static void a_request_keeps_its_transcript_till_it_is_over(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    say(f, 0, "typed");
    ask(f, "call");
    a_pass(f, NOW + 400 * DAY); /* open: whatever its age */
    assert_string_equal(count(f, "turn WHERE input IS NOT NULL"), "1");
    run(f, "UPDATE request SET state = 3, changed_at = 1790000000000 + 400 * 86400000");
    a_pass(f, NOW + 489 * DAY);
    assert_string_equal(count(f, "answer"), "1");
    a_pass(f, NOW + 491 * DAY);
    assert_string_equal(count(f, "turn WHERE input IS NOT NULL"), "0");
    assert_string_equal(count(f, "answer"), "0");
    assert_string_equal(count(f, "request"), "1");
    a_pass(f, NOW + 400 * DAY + 25 * MONTH);
    assert_string_equal(count(f, "request"), "0");
    assert_string_equal(count(f, "request_step"), "0");
    assert_string_equal(count(f, "person"), "0"); /* nothing of them is kept, and their phone was silent */
    assert_string_equal(count(f, "phone"), "0");
    verify_is_clean(f);
}

static void a_complaint_keeps_it_longer(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    say(f, 0, "typed");
    ask(f, "pay");
    run(f, "UPDATE request SET state = 3");
    a_pass(f, NOW + 23 * MONTH);
    assert_string_equal(count(f, "turn WHERE input IS NOT NULL"), "1");
    a_pass(f, NOW + 25 * MONTH);
    assert_string_equal(count(f, "turn WHERE input IS NOT NULL"), "0");
    verify_is_clean(f);
}

static void register_somebody(struct fixture *f)
{
    const struct answer answer = {SPAN("what"), SPAN("morning-word"), false};
    struct registration registration = {
        .id = 4001, .person = 101, .session = 1001, .entry = 2002, .reference = "1111111", .created_at = NOW};
    OK(SAVE(
        {.kind = CHANGE_ENTRY, .entry = {.id = 2002, .session = 1001, .person = 101, .at = NOW, .form = SPAN("reg")}},
        {.kind = CHANGE_ANSWER, .answer = {2002, 101, NOW, &answer}},
        {.kind = CHANGE_REGISTRATION, .registration = {&registration}}));
}

static void a_registration_lives_from_the_last_contact(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    register_somebody(f);
    run(f, "UPDATE phone SET last_at = last_at + 31557600000"); /* they called a year later */
    a_pass(f, NOW + 30 * MONTH);
    assert_string_equal(count(f, "registration"), "1");
    a_pass(f, NOW + 37 * MONTH);
    assert_string_equal(count(f, "registration"), "0");
    assert_string_equal(count(f, "answer"), "0");
    verify_is_clean(f);
}

static void who_asks_from_another_phone_is_in_contact_too(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    register_somebody(f);
    struct phone_row sister = a_phone(f, 8, "+8801712345670");
    struct session session = a_session(f, 1088, 8, "sister");
    session.started_at = session.last_at = session.ended_at = NOW + 20 * MONTH;
    session.state.acting = session.state.opened = 101;
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&sister, SPAN_NONE}},
            {.kind = CHANGE_SESSION, .session = {&session, true}}));
    a_pass(f, NOW + 30 * MONTH);
    assert_string_equal(count(f, "registration"), "1");
    assert_string_equal(count(f, "person"), "1");
    a_pass(f, NOW + 45 * MONTH);
    assert_string_equal(count(f, "registration"), "0");
    assert_string_equal(count(f, "person"), "0");
    verify_is_clean(f);
}

/* Asked some months later, in a session that belongs to nothing else. */
static void answer_later(struct fixture *f)
{
    fixture_someone(f);
    register_somebody(f);
    run(f, "INSERT INTO session SELECT 1003, NULL, phone, randomblob(16), channel, kind, started_at, last_at, cause, "
           "turns, "
           "seen_bytes, seen_hash, NULL, state FROM session WHERE id = 1001;"
           "INSERT INTO entry SELECT 2003, 1003, 101, form, 1, opened_at, NULL FROM entry WHERE id = 2002;"
           "INSERT INTO answer (entry, field, at, value) SELECT 2003, field, at, 'safe' FROM answer;"
           "INSERT INTO follow_up VALUES (6001, 101, 1, 4001, 6, 1790000000000, 2, 1790000000000, 1003)");
    run(f, "UPDATE phone SET last_at = last_at + 31557600000");
}

static void assert_nobody_answered(struct fixture *f)
{
    assert_string_equal(count(f, "follow_up WHERE person IS NULL AND phone IS NULL AND month = 6"), "1");
    assert_string_equal(count(f, "entry WHERE id = 2003 AND person IS NULL"), "1");
    assert_string_equal(count(f, "answer WHERE entry = 2003"), "1");
    assert_string_equal(count(f, "session WHERE id = 1003 AND phone IS NULL"), "1");
}

static void follow_up_answers_lose_their_owner(void **state)
{
    struct fixture *f = *state;
    answer_later(f);
    a_pass(f, NOW + 11 * MONTH);
    assert_string_equal(count(f, "follow_up WHERE person = 101"), "1");
    a_pass(f, NOW + 13 * MONTH);
    assert_nobody_answered(f);
    verify_is_clean(f);
}

/* Else the call would still say who answered. */
static void they_lose_it_where_calls_are_kept_for_longer(void **state)
{
    struct fixture *f = *state;
    struct retention long_calls = usual;
    long_calls.sessions_ms = 36 * MONTH;
    answer_later(f);
    a_pass_by(f, &long_calls, NOW + 13 * MONTH);
    assert_nobody_answered(f);
    assert_string_equal(count(f, "session WHERE id = 1001 AND phone IS NOT NULL"), "1");
    verify_is_clean(f);
}

static void small_things_go_after_a_week_or_a_month(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    struct outbox_row text = {.id = 5001,
                              .phone = 1,
                              .channel = SPAN("kannel"),
                              .to = SPAN("+1"),
                              .text = SPAN("x"),
                              .state = OUTBOX_DELIVERED,
                              .created_at = NOW,
                              .changed_at = NOW};
    OK(SAVE({.kind = CHANGE_OUTBOX, .outbox = {&text}},
            {.kind = CHANGE_REPORT, .report = {5001, NOW, DELIVERY_DELIVERED}},
            {.kind = CHANGE_STRAY,
             .stray = {.id = 6001, .at = NOW, .channel = SPAN("kannel"), .why = SPAN("w"), .raw = SPAN("r")}},
            {.kind = CHANGE_MESSAGE_SEEN, .seen = {fixture_lookup(f, "m", "1"), 1001, NOW, 0}},
            {.kind = CHANGE_MESSAGE_SEEN, .seen = {fixture_lookup(f, "m", "2"), 0, NOW, 0}}));
    a_pass(f, NOW + 6 * DAY);
    assert_string_equal(fixture_ask(f, "SELECT (SELECT count(*) FROM stray) + (SELECT count(*) FROM message)"), "3");
    a_pass(f, NOW + 8 * DAY);
    assert_string_equal(fixture_ask(f, "SELECT (SELECT count(*) FROM stray) + (SELECT count(*) FROM message)"), "0");
    assert_string_equal(count(f, "outbox"), "1");
    a_pass(f, NOW + 31 * DAY);
    assert_string_equal(fixture_ask(f, "SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM report)"), "0");
}

static void who_said_stop_stays_known(void **state)
{
    struct fixture *f = *state;
    struct phone_row phone = a_phone(f, 7, "+8801712345677"), other = a_phone(f, 8, "+8801712345678");
    phone.opted_out = true;
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&phone, SPAN_NONE}},
            {.kind = CHANGE_PHONE, .phone = {&other, SPAN_NONE}}));
    a_pass(f, NOW + 31 * DAY);
    assert_string_equal(fixture_ask(f, "SELECT group_concat(id) FROM phone"), "7");
    struct phone_row again = a_phone(f, 9, "+8801712345678"); /* memory still knows 8, which is no more */
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&again, SPAN_NONE}}));
    assert_string_equal(fixture_ask(f, "SELECT group_concat(id) FROM phone"), "7,9");
}

static struct change leave(struct fixture *f, const int64_t *kept, size_t count_kept)
{
    return (struct change){.kind = CHANGE_FORGET,
                           .forget = {.person = 101,
                                      .phone = 1,
                                      .at = NOW + 1,
                                      .session = 1001,
                                      .lookup = fixture_lookup(f, "phone", "+8801712345678"),
                                      .kept = kept,
                                      .kept_count = count_kept}};
}

static void a_complaint_keeps_its_person_till_it_is_closed(void **state)
{
    struct fixture *f = *state;
    static const int64_t kept[] = {3001};
    fixture_someone(f);
    say(f, 0, "typed");
    ask(f, "pay");
    register_somebody(f);
    OK(SAVE(leave(f, kept, 1)));
    assert_string_equal(count(f, "person WHERE leaving_at IS NOT NULL AND key IS NOT NULL"), "1");
    assert_string_equal(count(f, "request WHERE reference = '4827155'"), "1");
    assert_string_equal(count(f, "answer WHERE entry = 2001"), "1");
    assert_string_equal(
        fixture_ask(f, "SELECT (SELECT count(*) FROM registration) + (SELECT count(*) FROM entry WHERE id = 2002)"),
        "0");
    a_pass(f, NOW + 2);
    assert_string_equal(count(f, "person"), "1");
    fixture_close(f);
    fixture_open(f); /* and the list does not make more of it */
    assert_string_equal(count(f, "request"), "1");
    run(f, "UPDATE request SET state = 3");
    a_pass(f, NOW + 3);
    assert_string_equal(count(f, "person"), "0");
    assert_string_equal(count(f, "request"), "0");
    assert_string_equal(fixture_ask(f, "SELECT count(person) + count(number) FROM phone"), "0");
    verify_is_clean(f);
}

static void who_asks_for_something_new_stays(void **state)
{
    struct fixture *f = *state;
    static const int64_t kept[] = {3001};
    fixture_someone(f);
    ask(f, "pay");
    OK(SAVE(leave(f, kept, 1)));
    struct session session = a_session(f, 1077, 1, "later");
    session.started_at = session.last_at = NOW + 5;
    struct registration registration = {
        .id = 4002, .person = 101, .session = 1077, .reference = "2222222", .created_at = NOW + 5};
    OK(SAVE({.kind = CHANGE_SESSION, .session = {&session, true}},
            {.kind = CHANGE_REGISTRATION, .registration = {&registration}},
            {.kind = CHANGE_PERSON_STAYS, .person = {.id = 101}}));
    fixture_close(f);
    fixture_open(f);
    run(f, "UPDATE request SET state = 3");
    a_pass(f, NOW + 10);
    assert_string_equal(count(f, "registration"), "1");
    assert_string_equal(count(f, "person WHERE key IS NOT NULL"), "1");
    fixture_close(f);
    fixture_open(f); /* the list still says that they asked, and that nothing which was to stay is open */
    assert_string_equal(count(f, "registration"), "1");
    assert_string_equal(count(f, "person WHERE key IS NOT NULL"), "1");
    assert_string_equal(count(f, "request"), "0"); /* that was part of the wish */
    a_pass(f, NOW + DAY);
    assert_string_equal(count(f, "session WHERE id = 1077 AND phone IS NOT NULL"), "1");
    verify_is_clean(f);
}

/* ---- traces ---- */

static size_t traces(struct fixture *f)
{
    struct reader *reader = NULL;
    struct problems problems;
    problems_init(&problems, f->arena);
    OK(store_checkpoint(f->store, true, &f->err));
    OK(reader_open(f->path, f->keyring, &reader, &f->err));
    OK(reader_trace(reader, "4827155", &problems, &f->err));
    reader_close(reader);
    const size_t rows = problems.count;
    fixture_close(f);
    OK(reader_trace_bytes(f->path, "4827155", &problems, &f->err));
    fixture_open(f);
    for (size_t i = 0; i < problems.count; i++)
        assert_null(strstr(problems.lines[i], "4827155")); /* it is not said again */
    return rows ? rows : problems.count;
}

static void nothing_is_left_of_who_was_forgotten(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    say(f, 0, "483-word");
    say(f, 1, "482 71 55");
    ask(f, "call");
    assert_true(traces(f) >= 5);
    OK(SAVE(leave(f, NULL, 0)));
    const char *const words[] = {"morning-word", "483-word", "482 7155"};
    OK(store_checkpoint(f->store, true, &f->err));
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char command[200];
        snprintf(command, sizeof command, "grep -qa -e '%s' %s/data.db*", words[i], f->dir);
        assert_int_not_equal(system(command), 0);
    }
    assert_int_equal(traces(f), 0);
}

/* Each thing that may be left behind is found. */
static void what_is_left_is_found(void **state)
{
    static const char *const left[] = {
        "UPDATE turn SET input = '4 8 2 7 1 5 5' WHERE number = 0",
        "UPDATE turn SET meaning = 'is 482 7155.' WHERE number = 0",
        "UPDATE outbox SET vendor_id = '4827155'",
        "INSERT INTO early_report VALUES (1, '4827155', 1, 1, NULL)",
        "INSERT INTO registration (id, reference, person, session, created_at) VALUES (4009, '4827155', 101, 1001, 1)",
        "INSERT INTO answer (entry, field, at, value) VALUES (2009, 1, 1, '482-7155');"
        "INSERT INTO entry VALUES (2009, 1001, NULL, 1, 1, 1, NULL)",
    };
    struct fixture *f = *state;
    fixture_someone(f);
    struct turn turn = a_turn(1001, 0);
    const struct outbox_row text = {
        .id = 5001, .phone = 1, .channel = SPAN("kannel"), .to = SPAN("+1"), .text = SPAN("x")};
    OK(SAVE({.kind = CHANGE_TURN, .turn = {&turn, 101}}, {.kind = CHANGE_OUTBOX, .outbox = {&text}}));
    assert_int_equal(traces(f), 0);
    for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
        char command[500];
        fixture_close(f);
        snprintf(command, sizeof command, "cp %s %s.good", f->path, f->path);
        assert_int_equal(system(command), 0);
        fixture_open(f);
        run(f, left[i]);
        if (traces(f) == 0)
            fail_msg("not found: %s", left[i]);
        fixture_close(f);
        snprintf(command, sizeof command, "rm -f %s-wal %s-shm; mv %s.good %s", f->path, f->path, f->path, f->path);
        assert_int_equal(system(command), 0);
        fixture_open(f);
    }
    run(f, "UPDATE outbox SET vendor_id = '99482715599'"); /* a longer number is another one */
    assert_int_equal(traces(f), 0);
}

static void what_is_due_is_counted(void **state)
{
    struct fixture *f = *state;
    int64_t counts[RETAINED_COUNT];
    struct reader *reader = NULL;
    fixture_someone(f);
    say(f, 0, "typed");
    OK(reader_open(f->path, f->keyring, &reader, &f->err));
    OK(reader_count_due(reader, &usual, NOW + 29 * DAY, counts, &f->err));
    assert_int_equal(counts[RETAINED_SESSIONS], 0);
    OK(reader_count_due(reader, &usual, NOW + 31 * DAY, counts, &f->err));
    assert_int_equal(counts[RETAINED_SESSIONS], 1);
    reader_close(reader);
    assert_string_equal(count(f, "turn WHERE input IS NOT NULL"), "1");
}

/* ---- not a moment too early ---- */

#define AT_NOW "1790000000000"
#define A_PHONE                                                                                                        \
    "INSERT INTO phone (id, lookup, opted_out, first_at, last_at) VALUES (2, x'02', 0, " AT_NOW ", " AT_NOW ");"
#define A_REQUEST(kind)                                                                                                \
    "INSERT OR IGNORE INTO word (text) VALUES ('call'), ('pay');"                                                      \
    "INSERT INTO request (id, reference, person, phone, session, kind, state, urgency, created_at, changed_at, "       \
    "version) "                                                                                                        \
    "VALUES (3001, '4827155', 101, 1, 1001, (SELECT id FROM word WHERE text = '" kind "'), 3, 0, " AT_NOW ", " AT_NOW  \
    ", 1);"
#define A_NOTE "INSERT INTO note VALUES (7201, 3001, 7001, 0, NULL, 0, x'00');"
#define A_REGISTRATION                                                                                                 \
    "INSERT INTO registration (id, reference, person, session, created_at) VALUES (4001, '1111111', 101, "             \
    "1001, " AT_NOW ");"
#define A_TEXT(state)                                                                                                  \
    "INSERT INTO outbox (id, phone, session, channel, state, reason, attempts, created_at, due_at, changed_at, "       \
    "expires_at, segments, recipient, text) VALUES (5001, 1, 1001, 1, " state ", 0, 1, 0, 0, " AT_NOW                  \
    ", 0, 1, x'00', x'00');"
#define NEVER INT64_MAX

/* What is to be there besides a phone with a session and a person, all of them of NOW, and how long after NOW nothing of it is due
 * yet: it is, one moment later. */
static const struct bound {
    enum retained what;
    const char *there;
    int64_t age;
} bounds[] = {
    {RETAINED_LEAVERS, "UPDATE person SET leaving_at = 1;", 0},
    {RETAINED_LEAVERS, "UPDATE person SET leaving_at = 1;" A_REQUEST("pay") "UPDATE request SET state = 2;", NEVER},
    {RETAINED_STRAYS, "INSERT INTO stray (id, at, channel, why, raw) VALUES (1, " AT_NOW ", 1, 'w', x'00');", 7 * DAY},
    {RETAINED_MESSAGES, "INSERT INTO message VALUES (x'01', NULL, 0, " AT_NOW ");", 7 * DAY},
    {RETAINED_TEXTS, A_TEXT("3"), 30 * DAY},
    {RETAINED_TEXTS, A_TEXT("1"), NEVER},
    {RETAINED_TEXTS, A_TEXT("3") A_REQUEST("call"), 30 * DAY},
    {RETAINED_TEXTS, A_TEXT("3") A_REQUEST("call") "UPDATE request SET state = 2;", NEVER},
    {RETAINED_SESSIONS, "", 30 * DAY},
    {RETAINED_SESSIONS, "UPDATE session SET kind = 1;", 60 * DAY}, /* by text somebody may yet answer */
    {RETAINED_SESSIONS, "UPDATE session SET kind = 1, ended_at = 1;", 30 * DAY},
    {RETAINED_SESSIONS, A_REQUEST("call"), NEVER},
    {RETAINED_TRANSCRIPTS, A_REQUEST("call"), 90 * DAY},
    {RETAINED_TRANSCRIPTS, A_REQUEST("call") "UPDATE session SET last_at = last_at + 1000;", 90 * DAY + 1000},
    {RETAINED_TRANSCRIPTS, A_REQUEST("call") "UPDATE request SET changed_at = changed_at + 1000;", 90 * DAY + 1000},
    {RETAINED_TRANSCRIPTS, A_REQUEST("call") "UPDATE request SET state = 2;", NEVER},
    {RETAINED_TRANSCRIPTS, A_REQUEST("pay"), NEVER},
    {RETAINED_COMPLAINTS, A_REQUEST("pay"), 24 * MONTH},
    {RETAINED_COMPLAINTS, A_REQUEST("pay") "UPDATE session SET last_at = last_at + 1000;", 24 * MONTH + 1000},
    {RETAINED_COMPLAINTS, A_REQUEST("pay") "UPDATE request SET state = 2;", NEVER},
    {RETAINED_NOTES, A_REQUEST("call") A_NOTE, 90 * DAY},
    {RETAINED_NOTES, A_REQUEST("call") A_NOTE "UPDATE request SET state = 2;", NEVER},
    {RETAINED_NOTES, A_REQUEST("pay") A_NOTE, NEVER},
    {RETAINED_REQUESTS, A_REQUEST("call"), 24 * MONTH},
    {RETAINED_REQUESTS, A_REQUEST("call") "UPDATE request SET state = 2;", NEVER},
    {RETAINED_FOLLOW_UPS, "INSERT INTO follow_up VALUES (1, 101, 1, 4001, 6, 0, 2, " AT_NOW ", 1001);", 12 * MONTH},
    {RETAINED_FOLLOW_UPS, "INSERT INTO follow_up VALUES (1, 101, 1, 4001, 6, 0, 1, " AT_NOW ", 1001);", NEVER},
    {RETAINED_REGISTRATIONS, A_REGISTRATION "UPDATE phone SET person = NULL;", 24 * MONTH},
    {RETAINED_REGISTRATIONS,
     A_REGISTRATION "UPDATE phone SET person = NULL; UPDATE registration SET corrected_at = created_at + 1000;",
     24 * MONTH + 1000},
    {RETAINED_REGISTRATIONS, A_REGISTRATION "UPDATE phone SET last_at = last_at + 1000;", 24 * MONTH + 1000},
    {RETAINED_DRAFTS, "INSERT INTO entry VALUES (2001, NULL, 101, 1, 0, " AT_NOW ", NULL);", 30 * DAY},
    {RETAINED_DRAFTS,
     "INSERT INTO entry VALUES (2001, 1001, 101, 1, 0, " AT_NOW ", NULL);"
     "UPDATE session SET last_at = last_at + 1000;",
     30 * DAY + 1000},
    {RETAINED_LISTED_WORDS, "INSERT INTO triage VALUES (1, 1001, 0, " AT_NOW ", 101, 1, 0, x'00');", 24 * MONTH},
    {RETAINED_FLAGS, "INSERT INTO person_flag VALUES (7401, 101, 7001, 0, " AT_NOW ", NULL, x'00');", 90 * DAY},
    {RETAINED_FLAGS, "INSERT INTO person_flag VALUES (7401, 101, 7001, 0, " AT_NOW " + 1000, " AT_NOW ", x'00');",
     90 * DAY},
    {RETAINED_PEOPLE, "UPDATE phone SET last_at = 0;", 24 * MONTH},
    {RETAINED_PEOPLE, "UPDATE phone SET last_at = last_at + 1000;", 24 * MONTH + 1000},
    {RETAINED_PEOPLE, A_REQUEST("call"), NEVER},
    {RETAINED_PHONES, A_PHONE, 30 * DAY},
    {RETAINED_PHONES, A_PHONE "UPDATE phone SET opted_out = 1;", NEVER},
    {RETAINED_PHONES, A_PHONE "UPDATE session SET phone = 2;", NEVER},
};

static int64_t due_at(struct fixture *f, enum retained what, int64_t now)
{
    int64_t counts[RETAINED_COUNT];
    struct reader *reader = NULL;
    OK(reader_open(f->path, f->keyring, &reader, &f->err));
    OK(reader_count_due(reader, &usual, now, counts, &f->err));
    reader_close(reader);
    return counts[what];
}

static void nothing_goes_before_its_time(void **state)
{
    struct fixture *f = *state;
    char command[500];
    fixture_someone(f);
    fixture_close(f);
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
        const struct bound *bound = &bounds[i];
        const bool ever = bound->age != NEVER;
        snprintf(command, sizeof command, "cp %s %s.good", f->path, f->path);
        assert_int_equal(system(command), 0);
        run(f, bound->there);
        const int64_t before = due_at(f, bound->what, ever ? NOW + bound->age : NOW);
        const int64_t after = due_at(f, bound->what, ever ? NOW + bound->age + 1 : NOW + 1000 * MONTH);
        if (before != 0 && bound->age > 0)
            fail_msg("bound %zu: due too early", i);
        if (after != ever)
            fail_msg("bound %zu: %s", i, ever ? "not due" : "never to be due");
        snprintf(command, sizeof command, "rm -f %s-wal %s-shm; mv %s.good %s", f->path, f->path, f->path, f->path);
        assert_int_equal(system(command), 0);
    }
    fixture_open(f);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_session_that_only_read_counts_after_its_time),
        TEST(a_request_keeps_its_transcript_till_it_is_over),
        TEST(a_complaint_keeps_it_longer),
        TEST(a_registration_lives_from_the_last_contact),
        TEST(who_asks_from_another_phone_is_in_contact_too),
        TEST(follow_up_answers_lose_their_owner),
        TEST(they_lose_it_where_calls_are_kept_for_longer),
        TEST(small_things_go_after_a_week_or_a_month),
        TEST(who_said_stop_stays_known),
        TEST(a_complaint_keeps_its_person_till_it_is_closed),
        TEST(who_asks_for_something_new_stays),
        TEST(nothing_is_left_of_who_was_forgotten),
        TEST(what_is_left_is_found),
        TEST(what_is_due_is_counted),
        TEST(nothing_goes_before_its_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
