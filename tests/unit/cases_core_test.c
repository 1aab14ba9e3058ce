/* Requests and registrations that are there already, on a real store: what becomes of them, and what stays of it on disk. */
#include "talker.h"

#include <limits.h>
#include "store/desk.h"
#include "store/reader.h"

/* The phones speak the service in menus/case, in place of the small one. */
static void serve_case(struct talker *t)
{
    char text[4096];
    snprintf(text, sizeof text, small_config, t->stage.f->dir, t->stage.port, "");
    for (char *at; (at = strstr(text, "service = \"small\"")) != NULL;)
        memcpy(at, "service = \"case\" ", strlen("service = \"small\""));
    stage_write(t->stage.f->dir, "helpline.conf", text);
    catalogue_free(t->stage.catalogue);
    stage_load(&t->stage);
    dial(t, "known", "");
    EXPECT(dial(t, "known", "1"), "CON Case");
}

/* That of the dialogues. */
static int open_case_stage(void **state)
{
    char path[PATH_MAX], here[PATH_MAX];
    assert_int_equal(open_stage(state), 0);
    struct talker *t = *state;
    assert_non_null(realpath("tests/dialogues/services/case", here));
    snprintf(path, sizeof path, "%s/menus/case", t->stage.f->dir);
    assert_int_equal(symlink(here, path), 0);
    serve_case(t);
    return 0;
}

static void run(const char *command)
{
    assert_int_equal(system(command), 0);
}

/* The same with a desk that keeps to the hours that somebody gave. Urging says "soon", and leads where they can be reached: to the
 * request where they may be called, to the offer where they may be texted, else to the numbers. */
static int open_hours_stage(void **state)
{
    char command[600];
    assert_int_equal(open_stage(state), 0);
    struct talker *t = *state;
    snprintf(command, sizeof command,
             "cp -r tests/dialogues/services/case %1$s/menus/case && sed -i "
             "'/id = \"urge\"; kind/s/urgency = \"danger\"; goto = \"one\"/urgency = \"soon\"; goto = \"reach\"/' "
             "%1$s/menus/case/flow/main.conf",
             t->stage.f->dir);
    run(command);
    stage_write(
        t->stage.f->dir, "menus/case/flow/reach.conf",
        "nodes = ( { id = \"reach\"; kind = \"branch\"; otherwise = \"danger\"; cases = (\n"
        "  { if = \"calls_allowed\"; goto = \"one\"; }, { if = \"texts_allowed\"; goto = \"offer\"; } ); } );\n");
    snprintf(command, sizeof command,
             "echo 'desk = { contact = ( { field = \"alone\"; is = [ \"no\" ]; call = false; text = true; },"
             " { field = \"alone\"; is = [ \"yes\" ]; },"
             " { field = \"when\"; is = [ \"morning\" ]; from = \"08:00\"; to = \"11:00\"; },"
             " { field = \"when\"; is = [ \"evening\" ]; from = \"17:00\"; to = \"20:00\"; } ); };' "
             ">> %s/menus/case/service.conf",
             t->stage.f->dir);
    run(command);
    serve_case(t);
    return 0;
}

/* The keys of `keys` ("6*1") one after the other; what the last one brought is returned. */
static const char *more(struct talker *t, const char *session, const char *keys)
{
    const char *heard = "";
    for (const char *at = keys; *at;) {
        char key[16];
        size_t len = strcspn(at, "*");
        snprintf(key, sizeof key, "%.*s", (int)len, at);
        at += len + (at[len] == '*');
        heard = latest(t, session, key, INBOUND_RESUME);
    }
    return heard;
}

/* A call that begins on the main page, whatever the one before has left. */
static const char *call(struct talker *t, const char *session, const char *keys)
{
    if (strstr(latest(t, session, "", INBOUND_NEW), "Welcome back"))
        more(t, session, "2");
    return more(t, session, keys);
}

static const char *ask(struct talker *t, const char *text)
{
    return fixture_ask(t->stage.f, text);
}

/* The answers of an entry as the store opens them: "alone=yes when=evening ". */
static const char *answers_of(struct talker *t, const char *entry)
{
    static char all[300];
    struct fixture *f = t->stage.f;
    struct answer *answers;
    size_t count;
    OK(store_load_answers(f->store, atoll(ask(t, entry)), f->arena, &answers, &count, &f->err));
    all[0] = '\0';
    for (size_t i = 0; i < count; i++)
        snprintf(all + strlen(all), sizeof all - strlen(all), "%.*s=%.*s ", SPAN_ARG(answers[i].field),
                 SPAN_ARG(answers[i].value));
    return all;
}

#define STEPS "SELECT group_concat(step || ' ' || by, ', ') FROM (SELECT step, by FROM request_step ORDER BY id)"

static void a_red_request_stands_before_its_form_is_filled(void **state)
{
    struct talker *t = *state;
    EXPECT(call(t, "a", "9*1"), "CON We call you. Are you alone?");
    assert_string_equal(ask(t, "SELECT urgency || ' ' || state || ' ' || (entry IS NULL) FROM request"), "2 0 1");
    assert_string_equal(ask(t, STEPS), "0 0"); /* made, by the person */
    more(t, "a", "1");
    EXPECT(more(t, "a", "2"), "END We call by ");
    assert_int_equal(rows(t, "request"), 1);
    assert_string_equal(ask(t, STEPS), "0 0, 1 0");
    assert_string_equal(ask(t, "SELECT version FROM request"), "2");
    assert_string_equal(answers_of(t, "SELECT entry FROM request"), "alone=yes when=evening ");
    assert_string_equal(ask(t, "SELECT state FROM entry"), "1"); /* finished */
}

static void a_line_that_drops_takes_no_answer_from_a_red_request(void **state)
{
    struct talker *t = *state;
    EXPECT(call(t, "a", "9*1*1"), "CON ");
    assert_string_equal(answers_of(t, "SELECT entry FROM request"), "alone=yes ");
    assert_string_equal(ask(t, STEPS), "0 0, 1 0");
    EXPECT(call(t, "b", "2*1*1*4*2"), "CON Safe when?"); /* a request that has answers, in a form of its own */
    assert_string_equal(answers_of(t, "SELECT entry FROM request"), "alone=no ");
    assert_string_equal(answers_of(t, "SELECT max(id) FROM entry"), "alone=no ");
    EXPECT(more(t, "b", "1"), "END We call by");
    assert_int_equal(rows(t, "request"), 1);
    assert_string_equal(answers_of(t, "SELECT entry FROM request"), "alone=no when=morning ");
    assert_string_equal(answers_of(t, "SELECT max(id) FROM entry"), "");
    assert_string_equal(ask(t, STEPS), "0 0, 1 0, 1 0");
}

static void what_is_amended_takes_the_place_of_what_was_said(void **state)
{
    struct talker *t = *state;
    EXPECT(call(t, "a", "9*1*1*1"), "END We call by");
    EXPECT(call(t, "b", "2*1*1*3*2"), "CON ");
    assert_int_equal(rows(t, "request"), 1);
    assert_int_equal(rows(t, "entry"), 2);
    assert_string_equal(answers_of(t, "SELECT entry FROM request"), "alone=yes when=evening ");
    assert_string_equal(answers_of(t, "SELECT max(id) FROM entry"), "");
    assert_string_equal(ask(t, STEPS), "0 0, 1 0, 1 0");
}

static void urging_and_cancelling_leave_their_steps(void **state)
{
    struct talker *t = *state;
    call(t, "a", "1*1");
    const long long due = atoll(ask(t, "SELECT due_at FROM request"));
    EXPECT(call(t, "b", "2*1*1*2"), "CON ");
    assert_true(atoll(ask(t, "SELECT due_at FROM request")) < due);
    assert_string_equal(ask(t, "SELECT urgency || ' ' || step FROM request"), "2 2");
    EXPECT(more(t, "b", "1"), "CON ");
    assert_non_null(strstr(t->heard[0], "You cancelled it."));
    assert_string_equal(ask(t, "SELECT state || ' ' || step FROM request"), "4 8");
    assert_string_equal(ask(t, STEPS), "0 0, 2 0, 8 0");
}

/* At the desk it stands in the queue again, with a word that nobody has read; whose it is keeps it. */
static void urging_ends_the_waiting(void **state)
{
    struct talker *t = *state;
    struct fixture *f = t->stage.f;
    call(t, "a", "1*1");
    const struct request_desk desk = {.wait_until = t->now + 24 * HOUR, .attempts = 3, .is_texted = true};
    OK(SAVE({.kind = CHANGE_REQUEST_DESK, .desk = {atoll(ask(t, "SELECT id FROM request")), &desk}}));
    EXPECT(call(t, "b", "2*1*1*2"), "CON ");
    assert_string_equal(ask(t, "SELECT coalesce(wait_until, 0) || ' ' || attempts || ' ' || texted FROM request_desk"),
                        "0 3 1");
    assert_string_equal(ask(t, "SELECT attention FROM request"), "3");
}

static void all_of_it_in_one_tick_is_the_same(void **state)
{
    struct talker *t = *state;
    dial(t, "a", "");
    TICK({.session = "a", .text = "9", .form = INPUT_CUMULATIVE},
         {.session = "a", .text = "9*1", .form = INPUT_CUMULATIVE},
         {.session = "a", .text = "9*1*1", .form = INPUT_CUMULATIVE},
         {.session = "a", .text = "9*1*1*2", .form = INPUT_CUMULATIVE});
    EXPECT(t->heard[3], "END We call by");
    assert_string_equal(answers_of(t, "SELECT entry FROM request"), "alone=yes when=evening ");
    assert_string_equal(ask(t, STEPS), "0 0, 1 0");
}

#define DUE "SELECT due_at FROM request ORDER BY id DESC"
#define SISTER "+8801712345670"
#define SISTER_TYPES(typed)                                                                                            \
    {                                                                                                                  \
        .session = "s", .from = SISTER, .text = typed, .form = INPUT_CUMULATIVE                                        \
    }

/* What was answered is not in the store yet, and counts all the same: also what an amendment put in its place. */
static void a_tick_sees_its_own_hours(void **state)
{
    struct talker *t = *state;
    call(t, "a", "1*2");
    EXPECT(call(t, "b", "2*1*1*2"), "CON ");
    const long long evening = atoll(ask(t, DUE));
    TICK(SISTER_TYPES(""));
    TICK(SISTER_TYPES("1"), SISTER_TYPES("1*1"), SISTER_TYPES("1*1*2"), SISTER_TYPES("1*1*2*00"),
         SISTER_TYPES("1*1*2*00*2"), SISTER_TYPES("1*1*2*00*2*1"), SISTER_TYPES("1*1*2*00*2*1*1"),
         SISTER_TYPES("1*1*2*00*2*1*1*2"));
    assert_int_equal(rows(t, "request WHERE urgency = 1"), 2);
    assert_int_equal(atoll(ask(t, DUE)), evening);
}

static void a_tick_sees_its_own_amendment(void **state)
{
    struct talker *t = *state;
    call(t, "a", "1*2");
    call(t, "b", "2*1*1*3*1");
    EXPECT(call(t, "c", "2*1*1*2"), "CON ");
    const long long morning = atoll(ask(t, DUE));
    TICK(SISTER_TYPES(""));
    TICK(SISTER_TYPES("1"), SISTER_TYPES("1*1"), SISTER_TYPES("1*1*2"));
    TICK(SISTER_TYPES("1*1*2*00"), SISTER_TYPES("1*1*2*00*2"), SISTER_TYPES("1*1*2*00*2*1"),
         SISTER_TYPES("1*1*2*00*2*1*1"));
    TICK(SISTER_TYPES("1*1*2*00*2*1*1*3"), SISTER_TYPES("1*1*2*00*2*1*1*3*1"), SISTER_TYPES("1*1*2*00*2*1*1*3*1*2"));
    assert_int_equal(rows(t, "request WHERE urgency = 1"), 2);
    assert_int_equal(atoll(ask(t, DUE)), morning);
}

static void say_stop(struct talker *t)
{
    struct fixture *f = t->stage.f;
    struct phone_row phone;
    OK(store_load_phone(f->store, atoll(ask(t, "SELECT phone FROM request")), f->arena, &phone, &f->err));
    phone.opted_out = true;
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {.row = &phone}}));
}

/* What is promised is what the desk may do, by what is known of the request alone. */
static void who_may_not_be_called_is_told_of_no_call(void **state)
{
    struct talker *t = *state;
    call(t, "a", "1*2");
    const char *reference = ask(t, "SELECT reference FROM request");
    EXPECT(call(t, "b", "2*1*1*2"), arena_format(t->stage.f->arena, "CON %.3s %s call", reference, reference + 3).at);
    call(t, "c", "2*1*1*4*2*9");
    EXPECT(call(t, "d", "2*1*1*2"), "CON Shall we"); /* they are not alone: a text */
    say_stop(t);
    EXPECT(call(t, "e", "2*1*1*2"), "CON Call"); /* and no text either */
}

static void what_is_hidden_is_for_the_desk_alone(void **state)
{
    struct talker *t = *state;
    EXPECT(call(t, "a", "6*1"), "CON Noted. Your last is ");
    assert_string_equal(ask(t,
                            "SELECT group_concat(word.text || ' ' || hidden, ', ') FROM (SELECT * FROM request ORDER "
                            "BY id) AS r JOIN word ON word.id = r.desk"),
                        "complaints 0, supervisor 1");
    assert_string_equal(ask(t, STEPS), "0 0, 0 1"); /* the second by the program */
    EXPECT(call(t, "b", "2"), "CON Yours (1)");     /* in this tick and from disk */
    assert_null(strstr(t->heard[0], "alarm"));
}

static void a_registration_is_seen_corrected_and_taken_back(void **state)
{
    struct talker *t = *state;
    EXPECT(call(t, "a", "3*1*2*9"), "CON What we keep\nCountry: Oman\nWhy: No pay\n");
    assert_string_equal(ask(t, "SELECT word.text FROM registration JOIN word ON word.id = registration.lang"), "en");
    EXPECT(call(t, "b", "3"), "CON What we keep\nCountry: Oman\nWhy: No pay\n"); /* from disk */
    EXPECT(more(t, "b", "1"), "CON Country?");
    EXPECT(more(t, "b", "2*3"), "CON What we keep\nCountry: Qatar\nWhy: Sent back\n");
    EXPECT(call(t, "c", "3"), "CON What we keep\nCountry: Qatar\nWhy: Sent back\n");
    assert_string_equal(answers_of(t, "SELECT entry FROM registration"), "country=qatar why=deported ");
    assert_int_equal(rows(t, "registration WHERE corrected_at IS NOT NULL"), 1);
    assert_int_equal(rows(t, "answer"), 2);
    EXPECT(more(t, "c", "2"), "CON What we keep\nNone yet.");
    assert_int_equal(rows(t, "answer"), 0);
    assert_int_equal(rows(t, "registration WHERE withdrawn_at IS NOT NULL AND consent_version = '3'"), 1);
    EXPECT(call(t, "d", "3"), "CON Which country"); /* nobody is registered here any more */
    EXPECT(call(t, "e", "3*2*1*9"), "CON What we keep\nCountry: Qatar\nWhy: Contract ended\n");
    assert_int_equal(rows(t, "registration"), 2);
}

static void a_tick_sees_its_own_registration(void **state)
{
    struct talker *t = *state;
    dial(t, "a", "");
    dial(t, "a", "3");
    dial(t, "a", "3*1");
    dial(t, "a", "3*1*2");
    TICK({.session = "a", .text = "3*1*2*9", .form = INPUT_CUMULATIVE},
         {.session = "a", .text = "3*1*2*9*1", .form = INPUT_CUMULATIVE},
         {.session = "a", .text = "3*1*2*9*1*2", .form = INPUT_CUMULATIVE},
         {.session = "a", .text = "3*1*2*9*1*2*3", .form = INPUT_CUMULATIVE},
         {.session = "a", .text = "3*1*2*9*1*2*3*00", .form = INPUT_CUMULATIVE},
         {.session = "a", .text = "3*1*2*9*1*2*3*00*3", .form = INPUT_CUMULATIVE});
    EXPECT(t->heard[3], "CON What we keep\nCountry: Qatar\nWhy: Sent back\n");
    EXPECT(t->heard[5], "CON What we keep\nCountry: Qatar\nWhy: Sent back\n");
    EXPECT(call(t, "b", "3"), "CON What we keep\nCountry: Qatar\nWhy: Sent back\n");
}

static void what_is_kept_is_sealed_where_it_was_shown(void **state)
{
    struct talker *t = *state;
    struct fixture *f = t->stage.f;
    char command[300];
    call(t, "a", "3*1*2*9");
    call(t, "b", "3");
    store_close(f->store);
    f->store = NULL;
    snprintf(command, sizeof command, "grep -qa -e 'Why: No pay' -e unpaid %s/data.db*", f->dir);
    assert_int_not_equal(system(command), 0);
    fixture_open(f);
}

static bool take_cells(void *context, const struct export_row *row)
{
    struct buffer *all = context;
    for (size_t i = 0; i < row->count; i++)
        buffer_add_format(all, "%s=%.*s ", row->names[i], (int)row->values[i].len,
                          row->values[i].at ? row->values[i].at : "");
    return true;
}

static struct span cycle_of(void *context, struct span channel, const struct answer *answer)
{
    const struct talker *t = context;
    assert_true(span_equal_text(channel, "ussd"));
    return service_cycle(t->stage.catalogue->services[0], answer->field, answer->value);
}

static const char *exported(struct talker *t, enum export_kind kind)
{
    struct fixture *f = t->stage.f;
    struct reader *reader = NULL;
    struct buffer all;
    int64_t total;
    buffer_init(&all, f->arena, 8192);
    OK(reader_open(f->path, f->keyring, &reader, &f->err));
    reader_name_cycles(reader, cycle_of, t);
    OK(reader_export(reader, kind, &total, take_cells, &all, &f->err));
    reader_close(reader);
    return arena_text(f->arena, buffer_span(&all));
}

static void reports_have_the_cycle_and_not_the_answer(void **state)
{
    struct talker *t = *state;
    call(t, "a", "3*1*2*9");
    const char *row = exported(t, EXPORT_REGISTRATIONS);
    assert_non_null(strstr(row, "consent_version=3 language=en "));
    assert_non_null(strstr(row, "cycle=incomplete answers={\"country\":\"oman\"} "));
    assert_null(strstr(row, "unpaid"));
    call(t, "b", "3*2");
    row = exported(t, EXPORT_REGISTRATIONS);
    assert_non_null(strstr(row, "cycle= answers={} "));
    assert_null(strstr(row, "withdrawn_at= "));
}

static void the_export_of_requests_says_how_they_stand(void **state)
{
    struct talker *t = *state;
    call(t, "a", "6*1");
    call(t, "b", "2*1*1*2");
    const char *all = exported(t, EXPORT_REQUESTS);
    assert_non_null(strstr(all, "kind=pay topic= state=waiting urgency=danger attention=new_word desk=complaints "
                                "hidden=no step=urged "));
    assert_non_null(strstr(all, "desk=supervisor hidden=yes step=made "));
    assert_non_null(strstr(all, "next_at= "));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_case_stage, close_stage)
#define TEST_OF_HOURS(name) cmocka_unit_test_setup_teardown(name, open_hours_stage, close_stage)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_red_request_stands_before_its_form_is_filled),
        TEST(a_line_that_drops_takes_no_answer_from_a_red_request),
        TEST(what_is_amended_takes_the_place_of_what_was_said),
        TEST(urging_and_cancelling_leave_their_steps),
        TEST(urging_ends_the_waiting),
        TEST(all_of_it_in_one_tick_is_the_same),
        TEST_OF_HOURS(a_tick_sees_its_own_hours),
        TEST_OF_HOURS(a_tick_sees_its_own_amendment),
        TEST_OF_HOURS(who_may_not_be_called_is_told_of_no_call),
        TEST(what_is_hidden_is_for_the_desk_alone),
        TEST(a_registration_is_seen_corrected_and_taken_back),
        TEST(a_tick_sees_its_own_registration),
        TEST(what_is_kept_is_sealed_where_it_was_shown),
        TEST(reports_have_the_cycle_and_not_the_answer),
        TEST(the_export_of_requests_says_how_they_stand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
