/* Forgetting: nothing that a person said can be read again, not even from an old backup. */
#include "store_fixture.h"

static void say_everything(struct fixture *f)
{
    fixture_someone(f);
    struct turn turn = a_turn(1001, 0);
    turn.input = SPAN("said");
    turn.flags = TURN_SENSITIVE_INPUT;
    const struct answer name = {SPAN("name"), SPAN("hidden"), true}, when = {SPAN("when"), SPAN("morning"), false};
    struct request request = {.id = 3001,
                              .person = 101,
                              .phone = 1,
                              .session = 1001,
                              .reference = "4827153",
                              .kind = SPAN("call"),
                              .topic = SPAN("wages"),
                              .created_at = NOW,
                              .changed_at = NOW,
                              .version = 1};
    struct registration registration = {
        .id = 4001, .person = 101, .session = 1001, .reference = "1111111", .created_at = NOW};
    const struct outbox_row text = {.id = 5001,
                                    .phone = 1,
                                    .channel = SPAN("kannel"),
                                    .to = SPAN("+1"),
                                    .text = SPAN("hidden"),
                                    .state = OUTBOX_DELIVERED,
                                    .created_at = NOW};
    OK(SAVE(
        {.kind = CHANGE_TURN, .turn = {&turn, 101}},
        {.kind = CHANGE_ENTRY, .entry = {.id = 2001, .session = 1001, .person = 101, .at = NOW, .form = SPAN("call")}},
        {.kind = CHANGE_ANSWER, .answer = {2001, 101, NOW, &name}},
        {.kind = CHANGE_ANSWER, .answer = {2001, 101, NOW, &when}}, {.kind = CHANGE_REQUEST, .request = {&request}},
        {.kind = CHANGE_REGISTRATION, .registration = {&registration}}, {.kind = CHANGE_OUTBOX, .outbox = {&text}}));
}

static void assert_forgotten(struct fixture *f)
{
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM person WHERE id = 101"), "0");
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM answer"), "0");
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM registration"), "0");
    assert_string_equal(fixture_ask(f, "SELECT (SELECT count(*) FROM request) + (SELECT count(*) FROM entry)"), "0");
    assert_string_equal(fixture_ask(f, "SELECT count(number) + count(person) FROM phone"), "0");
    assert_string_equal(fixture_ask(f, "SELECT length(text) + length(recipient) FROM outbox"), "0");
    struct turn turn;
    OK(store_load_turn(f->store, 1001, 0, f->arena, &turn, &f->err));
    assert_span(turn.input, NULL);
    assert_span(turn.node, "main");
    struct outbox_row row;
    OK(store_load_outbox(f->store, 5001, f->arena, &row, &f->err));
    assert_span(row.text, NULL);
}

static struct change forget(struct fixture *f, int64_t person)
{
    return (struct change){.kind = CHANGE_FORGET,
                           .forget = {.person = person,
                                      .phone = 1,
                                      .at = NOW + 1,
                                      .session = 1001,
                                      .lookup = fixture_lookup(f, "phone", "+8801712345678")}};
}

static void everything_sealed_goes(void **state)
{
    struct fixture *f = *state;
    say_everything(f);
    OK(SAVE(forget(f, 101)));
    assert_forgotten(f);
    OK(SAVE(forget(f, 101))); /* once more changes nothing that counts */
}

static struct part a_part(struct fixture *f, const char *reference, int64_t at)
{
    return (struct part){.key = fixture_lookup(f, "parts", reference),
                         .message = fixture_lookup(f, "part", reference),
                         .phone = fixture_lookup(f, "phone", "+8801712345678"),
                         .channel = SPAN("kannel"),
                         .at = at,
                         .due_at = at + 60000,
                         .inbound = {.from = {PHONE_NUMBER, SPAN("+8801712345678")},
                                     .input = SPAN("hidden"),
                                     .part = {SPAN("r"), 1, 2}}};
}

static const char *parts_left(struct fixture *f)
{
    return fixture_ask(f, "SELECT count(*) FROM part");
}

/* What is not whole yet neither: it would be taken in later, and answered, as if it had been said since. */
/* The call in which they asked: what answered them may be repeated, and nothing in it speaks for them any more. */
static void the_session_that_goes_on_knows_them_no_more(void **state)
{
    struct fixture *f = *state;
    struct session session = a_session(f, 1001, 1, "s1"), after;
    struct turn wish = a_turn(1001, 1);
    say_everything(f);
    session.state.acting = 101;
    session.state.opened = 3001;
    session.state.wanted = SPAN("call");
    session.state.topic = SPAN("wages");
    memcpy(session.state.reference, "4827153", sizeof "4827153");
    wish.at = NOW + 1;
    wish.input = SPAN("1");
    OK(SAVE({.kind = CHANGE_SESSION, .session = {&session, false}}, {.kind = CHANGE_TURN, .turn = {&wish, 0}},
            {.kind = CHANGE_MESSAGE_SEEN, .seen = {fixture_lookup(f, "m", "1"), 1001, NOW, 0}}));
    OK(SAVE(forget(f, 101)));
    assert_forgotten(f);
    OK(store_load_session(f->store, 1001, f->arena, &after, &f->err));
    assert_int_equal(after.phone, 1);
    assert_true(!after.state.acting && !after.state.opened && !after.state.reference[0]);
    assert_span(after.state.wanted, NULL);
    assert_span(after.state.topic, NULL);
    assert_span(after.state.lang, "bn");
    OK(store_load_turn(f->store, 1001, 1, f->arena, &wish, &f->err));
    assert_span(wish.input, "1");
    assert_string_equal(fixture_ask(f, "SELECT count(*) || count(session) FROM message"), "10");
}

static void the_parts_of_a_long_text_go(void **state)
{
    struct fixture *f = *state;
    say_everything(f);
    struct part before = a_part(f, "before", NOW), after = a_part(f, "after", NOW + 2), other = a_part(f, "other", NOW);
    other.phone = fixture_lookup(f, "phone", "+8801712345679");
    OK(SAVE({.kind = CHANGE_PART, .part = {&before}}, {.kind = CHANGE_PART, .part = {&other}}));
    OK(SAVE(forget(f, 101)));
    assert_string_equal(parts_left(f), "1");
    OK(SAVE({.kind = CHANGE_PART, .part = {&after}}));
    fixture_close(f);
    fixture_open(f); /* the list is replayed */
    assert_string_equal(parts_left(f), "2");
}

/* A copy from before they were anybody: a part, and the number of a dialect that names its caller once. */
static void an_old_copy_may_be_older_than_the_person(void **state)
{
    struct fixture *f = *state;
    struct phone_row phone = a_phone(f, 1, "+8801712345678");
    struct part part = a_part(f, "r", NOW);
    char command[300];
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&phone, SPAN("+8801712345678")}}, {.kind = CHANGE_PART, .part = {&part}}));
    fixture_close(f);
    snprintf(command, sizeof command, "cp %s %s.old", f->path, f->path);
    assert_int_equal(system(command), 0);
    fixture_open(f);
    OK(SAVE({.kind = CHANGE_PERSON, .person = {.id = 101, .phone = 1, .at = NOW}}, forget(f, 101)));
    fixture_close(f);
    snprintf(command, sizeof command, "cp %s.old %s", f->path, f->path);
    assert_int_equal(system(command), 0);
    fixture_open(f);
    assert_string_equal(fixture_ask(f, "SELECT count(number) FROM phone"), "0");
    assert_string_equal(parts_left(f), "0");
}

/* Whatever rows the caller still holds from before. */
static void a_stale_row_does_not_link_them_again(void **state)
{
    struct fixture *f = *state;
    say_everything(f);
    struct phone_row phone = a_phone(f, 1, "+8801712345678");
    phone.person = 101;
    OK(SAVE(forget(f, 101), {.kind = CHANGE_PHONE, .phone = {&phone, SPAN_NONE}}));
    assert_forgotten(f);
    struct turn turn = a_turn(1001, 1);
    turn.input = SPAN("said");
    turn.flags = TURN_SENSITIVE_INPUT;
    OUTCOME(SAVE({.kind = CHANGE_TURN, .turn = {&turn, 101}}), OUTCOME_REFUSED);
}

static void an_old_copy_meets_the_list(void **state)
{
    struct fixture *f = *state;
    say_everything(f);
    char command[300];
    fixture_close(f);
    snprintf(command, sizeof command, "cp %s %s.old", f->path, f->path);
    assert_int_equal(system(command), 0);
    fixture_open(f);
    OK(SAVE(forget(f, 101)));
    fixture_close(f);
    snprintf(command, sizeof command, "cp %s.old %s", f->path, f->path);
    assert_int_equal(system(command), 0);
    fixture_open(f);
    fixture_close(f);
    fixture_open(f);
    assert_forgotten(f);
}

static void who_comes_after_is_not_forgotten(void **state)
{
    struct fixture *f = *state;
    say_everything(f);
    OK(SAVE(forget(f, 101)));
    struct phone_row phone = a_phone(f, 1, "+8801712345678");
    phone.last_at = NOW + 1000;
    OK(SAVE({.kind = CHANGE_PERSON, .person = {.id = 102, .phone = 1, .at = NOW + 1000}},
            {.kind = CHANGE_PHONE, .phone = {.row = &phone, .number = SPAN("+8801712345678")}}));
    phone.person = 102;
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {.row = &phone, .number = SPAN_NONE}}));
    fixture_close(f);
    fixture_open(f);
    assert_string_equal(fixture_ask(f, "SELECT person || ':' || (number IS NOT NULL) FROM phone"), "102:1");
}

static void a_line_cut_short_is_passed_over_and_mended(void **state)
{
    struct fixture *f = *state;
    say_everything(f);
    FILE *list = fopen(f->forgotten, "w");
    assert_non_null(list);
    fputs("00112233445566778899aabbccddeeff 7 1790000000000\n0011223344", list);
    fclose(list);
    OK(store_reopen(f->store, &f->err));
    OK(SAVE(forget(f, 101)));
    fixture_close(f);
    char command[300];
    snprintf(command, sizeof command, "test $(grep -cxE '[0-9a-f]{32} [0-9]+ [0-9]+' %s) = 2 && test $(wc -l <%s) = 2",
             f->forgotten, f->forgotten);
    assert_int_equal(system(command), 0);
    fixture_open(f);
}

static void a_list_that_is_none_is_refused(void **state)
{
    struct fixture *f = *state;
    fixture_close(f);
    FILE *list = fopen(f->forgotten, "w");
    assert_non_null(list);
    fputs("this is something else\n", list);
    fclose(list);
    const struct store_options options = fixture_options(f);
    OUTCOME(store_open(&options, &f->store, &f->err), OUTCOME_REFUSED);
}

static void without_the_list_nothing_is_forgotten(void **state)
{
    struct fixture *f = *state;
    say_everything(f);
    assert_int_equal(remove(f->forgotten), 0);
    assert_int_equal(mkdir(f->forgotten, 0700), 0); /* a list that cannot be written */
    OUTCOME(SAVE(forget(f, 101)), OUTCOME_BROKEN);
    assert_string_equal(fixture_ask(f, "SELECT count(key) FROM person"), "1");
    OUTCOME(store_reopen(f->store, &f->err), OUTCOME_BROKEN); /* and a gateway does not even start */
    assert_int_equal(rmdir(f->forgotten), 0);
    OK(store_reopen(f->store, &f->err));
    OK(SAVE(forget(f, 101)));
    assert_forgotten(f);
}

/* A text that was still to leave when its owner was forgotten, like the one that says so. */
/* Forgotten, and told so by a text that is queued with it. */
static struct outbox_row forget_and_say_so(struct fixture *f)
{
    const struct outbox_row text = {.id = 5002,
                                    .phone = 1,
                                    .channel = SPAN("kannel"),
                                    .to = SPAN("+8801712345678"),
                                    .text = SPAN("all deleted"),
                                    .created_at = NOW + 1};
    say_everything(f);
    OK(SAVE(forget(f, 101), {.kind = CHANGE_OUTBOX, .outbox = {&text}}));
    return text;
}

#define BYTES_OF_IT "SELECT length(text) + length(recipient) FROM outbox WHERE id = 5002"

static void a_queued_text_goes_once_it_has_left(void **state)
{
    struct fixture *f = *state;
    struct outbox_row text = forget_and_say_so(f);
    text.state = OUTBOX_SENDING;
    OK(SAVE({.kind = CHANGE_OUTBOX_STATE, .outbox = {&text}}));
    assert_string_not_equal(fixture_ask(f, BYTES_OF_IT), "0");
    text.state = OUTBOX_SENT;
    OK(SAVE({.kind = CHANGE_OUTBOX_STATE, .outbox = {&text}}));
    assert_string_equal(fixture_ask(f, BYTES_OF_IT), "0");
}

/* It holds what they wished gone, and would arrive after they were told that it is. */
static void a_text_that_waited_does_not_leave(void **state)
{
    struct fixture *f = *state;
    say_everything(f);
    struct outbox_row before = {.id = 5002,
                                .phone = 1,
                                .channel = SPAN("kannel"),
                                .to = SPAN("+1"),
                                .text = SPAN("Your request 482 7153"),
                                .state = OUTBOX_QUEUED,
                                .created_at = NOW},
                      says_so = before;
    says_so.id = 5003;
    says_so.created_at = NOW + 1;
    OK(SAVE({.kind = CHANGE_OUTBOX, .outbox = {&before}}));
    OK(SAVE(forget(f, 101), {.kind = CHANGE_OUTBOX, .outbox = {&says_so}}));
    const char *rows = "SELECT group_concat(state || ' ' || (length(text) > 0), ', ') FROM outbox WHERE id > 5001";
    assert_string_equal(fixture_ask(f, rows), "4 0, 0 1");
}

static void a_text_that_left_over_a_restart_goes_at_the_next(void **state)
{
    struct fixture *f = *state;
    struct outbox_row text = forget_and_say_so(f);
    fixture_close(f);
    fixture_open(f);
    text.state = OUTBOX_SENT;
    OK(SAVE({.kind = CHANGE_OUTBOX_STATE, .outbox = {&text}}));
    fixture_close(f);
    fixture_open(f);
    assert_string_equal(fixture_ask(f, BYTES_OF_IT), "0");
}

static void the_log_of_the_file_is_emptied(void **state)
{
    struct fixture *f = *state;
    say_everything(f);
    OK(SAVE(forget(f, 101)));
    struct store_sizes sizes;
    OK(store_checkpoint(f->store, false, &f->err));
    OK(store_measure(f->store, NOW, &sizes, &f->err));
    assert_int_not_equal(sizes.wal_bytes, 0);
    OK(store_checkpoint(f->store, true, &f->err));
    OK(store_measure(f->store, NOW, &sizes, &f->err));
    assert_int_equal(sizes.wal_bytes, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(everything_sealed_goes),
        TEST(the_session_that_goes_on_knows_them_no_more),
        TEST(the_parts_of_a_long_text_go),
        TEST(an_old_copy_may_be_older_than_the_person),
        TEST(a_stale_row_does_not_link_them_again),
        TEST(an_old_copy_meets_the_list),
        TEST(who_comes_after_is_not_forgotten),
        TEST(a_line_cut_short_is_passed_over_and_mended),
        TEST(a_list_that_is_none_is_refused),
        TEST(a_queued_text_goes_once_it_has_left),
        TEST(a_text_that_waited_does_not_leave),
        TEST(a_text_that_left_over_a_restart_goes_at_the_next),
        TEST(the_log_of_the_file_is_emptied),
        TEST(without_the_list_nothing_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
