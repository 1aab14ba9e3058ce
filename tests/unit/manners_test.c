/* The core's side of a text: who is answered, what is kept of listed words, what goes on from one channel to the other. */
#include "talker.h"

#include "model/turn.h"
#include "store/reader.h"

static void stop_is_confirmed_once_and_danger_is_for_everybody(void **state)
{
    struct talker *t = *state;
    be_known(t);
    text(t, "STOP", "a");
    assert_int_equal(rows(t, "outbox"), 1);
    assert_int_equal(rows(t, "phone WHERE opted_out"), 1);
    text(t, "stop", "b");
    assert_int_equal(rows(t, "outbox"), 1);
    assert_int_equal(rows(t, "turn WHERE session = (SELECT max(id) FROM session)"), 2); /* kept all the same */
    t->now += 7 * (int64_t)HOUR;
    text(t, "Stop!", "c");
    assert_int_equal(rows(t, "outbox"), 1);
    text(t, "SOS", "d");
    assert_int_equal(rows(t, "outbox"), 2);
    assert_span(last_sent(t).text, "Call 999\n3 I am safe");
    assert_false(last_sent(t).unasked);
    assert_int_equal(rows(t, "outbox WHERE state = 0"), 2); /* both may leave */
}

/* Each text is a conversation of its own when the page ends it: a machine is no less one for that. */
static void answers_are_counted_from_one_conversation_to_the_next(void **state)
{
    struct talker *t = *state;
    char id[16];
    be_known(t);
    for (int i = 0; i < 12; i++) {
        snprintf(id, sizeof id, "x%d", i);
        text(t, "Thank you for your message", id);
        dial(t, id, ""); /* which ends the conversation by text */
    }
    assert_true(rows(t, "session WHERE kind = 1") >= 12);
    assert_int_equal(rows(t, "outbox"), 5);
    t->now += 10 * 60 * SECOND;
    text(t, "Thank you for your message", "later");
    assert_int_equal(rows(t, "outbox"), 6);
}

static void another_phone_is_not_silenced(void **state)
{
    struct talker *t = *state;
    char id[16];
    for (int i = 0; i < 9; i++) {
        snprintf(id, sizeof id, "x%d", i);
        text(t, "Thank you", id);
    }
    assert_int_equal(rows(t, "outbox"), 5);
    say(t, (struct said){.text = "hello", .kind = INBOUND_SMS, .id = "o", .from = "+8801912345678"});
    assert_int_equal(rows(t, "outbox"), 6);
}

static void a_form_by_keys_is_answered_to_its_end(void **state)
{
    struct talker *t = *state;
    char id[16];
    static const char *const way[] = {"1", "1", "1", "1", "0", "0", "0", "1", "0", "1", "00"};
    for (size_t i = 0; i < sizeof way / sizeof *way; i++) {
        snprintf(id, sizeof id, "k%zu", i);
        text(t, way[i], id);
    }
    assert_int_equal(rows(t, "outbox"), (int)(sizeof way / sizeof *way));
}

/* Two services by text, each of which takes the other's digits for its own. */
static void a_machine_that_sends_digits_is_not_answered_for_ever(void **state)
{
    struct talker *t = *state;
    char id[16];
    be_known(t);
    for (int i = 0; i < 100; i++) {
        snprintf(id, sizeof id, "k%d", i);
        text(t, i % 2 ? "0" : "1", id);
    }
    assert_int_equal(rows(t, "outbox"), 45); /* a long form, then as many as words */
    text(t, "SOS", "sos");
    assert_int_equal(rows(t, "outbox"), 46);
    assert_span(last_sent(t).text, "Call 999\n3 I am safe");
    t->now += 10 * 60 * SECOND;
    for (int i = 0; i < 9; i++) {
        snprintf(id, sizeof id, "l%d", i);
        text(t, i % 2 ? "1" : "3", id); /* back from danger, and on */
    }
    assert_int_equal(rows(t, "outbox"), 51); /* by now it has said more than anybody who needs something */
}

static void the_words_of_machines_are_kept_and_not_answered(void **state)
{
    struct talker *t = *state;
    assert_string_equal(text(t, "OUT OF OFFICE: I am back on Monday", "a"), "");
    assert_string_equal(text(t, "OUT OF OFFICE: I am back on Monday", "a"), "");
    assert_int_equal(rows(t, "stray WHERE why = 'machine'"), 1);
    assert_int_equal(rows(t, "outbox"), 0);
    assert_int_equal(rows(t, "session"), 0);
    dial(t, "s", "");
    EXPECT(dial(t, "s", "1"), "CON Small"); /* a call is nobody's machine */
    EXPECT(dial(t, "s", "1*out of office"), "CON Pick a number.");
}

static void a_word_goes_on_with_a_dropped_call(void **state)
{
    struct talker *t = *state;
    be_known(t);
    text(t, "hello", "old");
    dial(t, "s", "");
    dial(t, "s", "2");
    EXPECT(dial(t, "s", "2*Rahima"), "CON When?");
    EXPECT(text(t, "Go on", "a"), "CON When?");
    assert_int_equal(rows(t, "session WHERE continues IS NOT NULL"), 0);
    EXPECT(text(t, "1", "b"), "CON Call: Morning");
    EXPECT(text(t, "1", "c"), "END Sent.");
    assert_int_equal(rows(t, "request"), 1);
    assert_int_equal(rows(t, "answer"), 3);
}

/* The stage's service with one piece of its service.conf changed. */
static void change_service(struct talker *t, const char *from, const char *to)
{
    char path[200], text[4096];
    const char *at = strstr(small_service, from);
    assert_non_null(at);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - small_service), small_service, to, at + strlen(from));
    snprintf(path, sizeof path, "%s/menus/small", t->stage.f->dir);
    stage_write(path, "service.conf", text);
    catalogue_free(t->stage.catalogue);
    stage_load(&t->stage);
}

static void a_service_may_go_on_unasked(void **state)
{
    struct talker *t = *state;
    change_service(t, "resume_hours = 24;", "resume_hours = 24; resume = \"continue\";");
    be_known(t);
    dial(t, "s", "");
    dial(t, "s", "2");
    dial(t, "s", "2*Rahima");
    EXPECT(dial(t, "u", ""), "CON When?");
    EXPECT(dial(t, "u", "1"), "CON Call: Morning");
    EXPECT(text(t, "hello", "a"), "CON Call: Morning");
    EXPECT(text(t, "1", "b"), "END Sent.");
    assert_int_equal(rows(t, "entry"), 1);
    assert_int_equal(rows(t, "answer"), 3);
}

static void a_service_may_never_go_on(void **state)
{
    struct talker *t = *state;
    change_service(t, "resume_hours = 24;", "resume_hours = 24; resume = \"restart\";");
    be_known(t);
    dial(t, "s", "");
    EXPECT(dial(t, "s", "2"), "CON Your name?");
    EXPECT(dial(t, "u", ""), "CON Small");
    EXPECT(text(t, "go on", "a"), "CON Small");
}

static void how_many_answers_is_the_services_to_say(void **state)
{
    struct talker *t = *state;
    char id[16];
    change_service(t, "resume_hours = 24;", "resume_hours = 24; replies = 2; replies_minutes = 1;");
    for (int i = 0; i < 9; i++) {
        snprintf(id, sizeof id, "x%d", i);
        text(t, "Thank you", id);
    }
    assert_int_equal(rows(t, "outbox"), 2);
    t->now += 60 * SECOND;
    text(t, "Thank you", "later");
    assert_int_equal(rows(t, "outbox"), 3);
}

/* Only the whole text tells that a machine wrote it. */
static void a_machines_long_text_is_no_less_one(void **state)
{
    struct talker *t = *state;
    say(t,
        (struct said){.text = " of office", .kind = INBOUND_SMS, .id = "b", .reference = "7", .number = 2, .total = 2});
    say(t, (struct said){.text = "Out", .kind = INBOUND_SMS, .id = "a", .reference = "7", .number = 1, .total = 2});
    assert_int_equal(rows(t, "stray WHERE why = 'machine'"), 1);
    assert_int_equal(rows(t, "outbox"), 0);
    assert_int_equal(rows(t, "part"), 0);
    say(t, (struct said){.text = "Out", .kind = INBOUND_SMS, .id = "a", .reference = "7", .number = 1, .total = 2});
    say(t,
        (struct said){.text = " of office", .kind = INBOUND_SMS, .id = "b", .reference = "7", .number = 2, .total = 2});
    assert_int_equal(rows(t, "part"), 0); /* repeats are known */
    assert_int_equal(rows(t, "stray"), 1);
}

struct triaged {
    struct fixture *f;
    int rows;
    char rule[40], word[40];
};

static bool take_row(void *context, const struct export_row *row)
{
    struct triaged *triaged = context;
    triaged->rows++;
    snprintf(triaged->rule, sizeof triaged->rule, "%.*s", SPAN_ARG(row->values[5]));
    const struct span word = row->count > 7 ? row->values[7] : SPAN("not shown");
    snprintf(triaged->word, sizeof triaged->word, "%.*s", SPAN_ARG(word));
    return true;
}

static struct triaged export_triage(struct fixture *f, enum export_kind kind)
{
    struct triaged triaged = {.f = f};
    struct reader *reader = NULL;
    int64_t total = 0;
    OK(reader_open(f->path, f->keyring, &reader, &f->err));
    OK(reader_export(reader, kind, &total, take_row, &triaged, &f->err));
    assert_int_equal(total, triaged.rows);
    reader_close(reader);
    return triaged;
}

static void a_listed_word_is_kept_for_the_audit(void **state)
{
    struct talker *t = *state;
    struct fixture *f = t->stage.f;
    be_known(t);
    dial(t, "s", "");
    dial(t, "s", "2");
    EXPECT(dial(t, "s", "2*they beat me"), "CON Call 999");
    assert_int_equal(rows(t, "triage WHERE urgency = 2 AND turn = 2 AND session = (SELECT max(id) FROM session)"), 1);
    assert_int_equal(rows(t, "answer"), 1); /* what was being asked is saved */
    assert_int_equal(rows(t, "turn WHERE input LIKE '%beat%'"), 0);
    EXPECT(dial(t, "s", "2*they beat me*0"), "CON When?");
    dial(t, "s", "2*they beat me*0*1");
    EXPECT(dial(t, "s", "2*they beat me*0*1*1"), "END Sent.");
    assert_int_equal(rows(t, "request WHERE urgency = 2"), 1);
    assert_true(rows(t, "request WHERE due_at - created_at = 300000") == 1);

    const struct triaged bare = export_triage(f, EXPORT_TRIAGE), full = export_triage(f, EXPORT_TRIAGE_WORDS);
    assert_int_equal(bare.rows, 1);
    assert_string_equal(bare.rule, "violence");
    assert_string_equal(bare.word, "not shown");
    assert_string_equal(full.word, "beat me");

    struct reader *reader = NULL;
    struct problems problems;
    struct verify_counts counts;
    problems_init(&problems, f->arena);
    OK(reader_open(f->path, f->keyring, &reader, &f->err));
    OK(reader_verify(reader, &counts, &problems, NULL, NULL, &f->err));
    reader_close(reader);
}

static void a_word_that_was_tampered_with_is_found(void **state)
{
    struct talker *t = *state;
    struct fixture *f = t->stage.f;
    sqlite3 *db = NULL;
    struct reader *reader = NULL;
    struct problems problems;
    struct verify_counts counts;
    be_known(t);
    text(t, "he beat me", "a");
    fixture_close(f);
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "UPDATE triage SET sealed = zeroblob(40)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    problems_init(&problems, f->arena);
    OK(reader_open(f->path, f->keyring, &reader, &f->err));
    OUTCOME(reader_verify(reader, &counts, &problems, NULL, NULL, &f->err), OUTCOME_BROKEN);
    assert_int_equal(problems.count, 1);
    reader_close(reader);
    fixture_open(f);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_stage, close_stage)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(stop_is_confirmed_once_and_danger_is_for_everybody),
        CASE(answers_are_counted_from_one_conversation_to_the_next),
        CASE(another_phone_is_not_silenced),
        CASE(a_form_by_keys_is_answered_to_its_end),
        CASE(a_machine_that_sends_digits_is_not_answered_for_ever),
        CASE(the_words_of_machines_are_kept_and_not_answered),
        CASE(a_word_goes_on_with_a_dropped_call),
        CASE(a_service_may_go_on_unasked),
        CASE(a_service_may_never_go_on),
        CASE(how_many_answers_is_the_services_to_say),
        CASE(a_machines_long_text_is_no_less_one),
        CASE(a_listed_word_is_kept_for_the_audit),
        CASE(a_word_that_was_tampered_with_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
