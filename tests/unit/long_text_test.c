/* Long texts that come in parts: kept part by part, taken in whole, once, or as far as they came. */
#include "talker.h"

#include "aggregator/language/hex.h"

static struct said part_of(const char *reference, unsigned number, unsigned total, const char *text, const char *id)
{
    return (struct said){.kind = INBOUND_SMS,
                         .event = INBOUND_RESUME,
                         .reference = reference,
                         .number = number,
                         .total = total,
                         .text = text,
                         .id = id};
}

static const char *part(struct talker *t, const char *reference, unsigned number, unsigned total, const char *text)
{
    return say(t, part_of(reference, number, total, text, NULL));
}

/* The tick's own message, when the time of the oldest text is over. */
static const char *overdue(struct talker *t)
{
    struct fixture *f = t->stage.f;
    struct lookup key;
    struct part *first;
    size_t count;
    OK(store_load_due_parts(f->store, t->now, &key, 1, &count, &f->err));
    if (!count)
        return "nothing is due";
    arena_reset(f->arena);
    OK(store_load_parts(f->store, &key, f->arena, &first, &f->err));
    const struct inbound *inbound = &first->inbound;
    struct said said = part_of(arena_text(f->arena, inbound->part.reference), inbound->part.number, inbound->part.total,
                               arena_text(f->arena, inbound->input), NULL);
    said.overdue = true;
    said.reference = "r";
    return say(t, said);
}

static int open_waiting_stage(void **state)
{
    open_stage(state);
    own_channel(*state, "sms")->join_ms = 60 * SECOND;
    return 0;
}

static void nothing_waits(struct talker *t)
{
    assert_int_equal(rows(t, "part"), 0);
    assert_int_equal(store_next_due_parts(t->stage.f->store), 0);
}

static void expect_said(struct talker *t, const char *text)
{
    assert_span(last_turn(t).input, text);
}

static void the_last_part_makes_it_whole(void **state)
{
    struct talker *t = *state;
    int64_t join_ms = stage_channel(&t->stage, "sms")->join_ms, began = t->now;
    assert_string_equal(part(t, "r", 1, 3, "One, "), "");
    assert_int_equal(store_next_due_parts(t->stage.f->store), began + join_ms);
    assert_string_equal(part(t, "r", 2, 3, "two, "), "");
    assert_int_equal(store_next_due_parts(t->stage.f->store), began + join_ms); /* since the first part */
    assert_int_equal(rows(t, "part"), 2);
    assert_int_equal(rows(t, "turn"), 0);
    EXPECT(part(t, "r", 3, 3, "three."), "CON Language");
    expect_said(t, "One, two, three.");
    assert_int_equal(rows(t, "turn"), 1);
    assert_int_equal(rows(t, "outbox"), 1);
    nothing_waits(t);
}

static void the_order_of_coming_is_not_the_order_of_words(void **state)
{
    struct talker *t = *state;
    static const unsigned orders[][3] = {{3, 2, 1}, {2, 3, 1}, {3, 1, 2}, {2, 1, 3}};
    static const char *const texts[] = {"", "one ", "two ", "three"};
    for (size_t i = 0; i < 4; i++) {
        char reference[8];
        snprintf(reference, sizeof reference, "r%zu", i);
        for (size_t k = 0; k < 3; k++)
            part(t, reference, orders[i][k], 3, texts[orders[i][k]]);
        expect_said(t, "one two three");
        assert_int_equal(rows(t, "turn"), (int)i + 1);
    }
    nothing_waits(t);
}

static void all_parts_and_their_repeats_in_one_tick(void **state)
{
    struct talker *t = *state;
    TICK(part_of("r", 2, 2, "OP", NULL), part_of("r", 2, 2, "OP", NULL), part_of("r", 1, 2, "ST", NULL),
         part_of("r", 1, 2, "ST", NULL), part_of("r", 2, 2, "OP", NULL));
    assert_string_equal(t->heard[0], "");
    assert_string_equal(t->heard[1], "");
    EXPECT(t->heard[2], "CON Done.");
    assert_string_equal(t->heard[3], t->heard[2]);
    assert_string_equal(t->heard[4], "");
    assert_int_equal(rows(t, "turn"), 1);
    assert_int_equal(rows(t, "outbox"), 1);
    nothing_waits(t);
}

static void a_part_that_comes_again_is_the_same_part(void **state)
{
    struct talker *t = *state;
    static const char *const ids[][2] = {{NULL, NULL}, {"a1", "a2"}, {"both", "both"}};
    for (size_t i = 0; i < 3; i++) {
        int turns = rows(t, "turn");
        char reference[8];
        snprintf(reference, sizeof reference, "r%zu", i);
        struct said first = part_of(reference, 1, 2, "hello ", ids[i][0]);
        struct said last = part_of(reference, 2, 2, "there", ids[i][1]);
        assert_string_equal(say(t, first), "");
        assert_string_equal(say(t, first), ""); /* while the other is waited for */
        assert_int_equal(rows(t, "part"), 1);
        char heard[700];
        snprintf(heard, sizeof heard, "%s", say(t, last));
        assert_int_equal(strncmp(heard, "CON ", 4), 0);
        assert_string_equal(say(t, last), heard); /* and once it was taken in */
        assert_string_equal(say(t, first), "");
        assert_int_equal(rows(t, "turn"), turns + 1);
        assert_int_equal(rows(t, "outbox"), turns + 1);
        nothing_waits(t);
    }
}

static void the_same_words_much_later_are_another_text(void **state)
{
    struct talker *t = *state;
    for (int i = 0; i < 3; i++) {
        part(t, "r", 1, 2, "hello ");
        part(t, "r", 2, 2, "there");
        assert_int_equal(rows(t, "turn"), i + 1);
        nothing_waits(t);
        t->now += HOUR;
    }
}

static void texts_that_come_at_once_do_not_mix(void **state)
{
    struct talker *t = *state;
    struct said other = part_of("r", 2, 2, "of another", NULL), code = part_of("q", 2, 2, "second", NULL);
    other.from = "+8801712345670";
    part(t, "r", 1, 2, "mine ");
    part(t, "q", 1, 2, "a ");
    assert_string_equal(say(t, other), "");
    assert_int_equal(rows(t, "part"), 3);
    say(t, code);
    expect_said(t, "a second");
    part(t, "r", 2, 2, "alone");
    expect_said(t, "mine alone");
    other.number = 1;
    other.text = "words ";
    say(t, other);
    expect_said(t, "words of another");
    assert_int_equal(rows(t, "turn"), 3);
}

/* Phones count to 255, some to 15, some not at all. */
static void a_reference_that_is_used_again_loses_neither_text(void **state)
{
    struct talker *t = *state;
    part(t, "r", 1, 3, "old one ");
    part(t, "r", 2, 3, "old two ");
    assert_string_equal(part(t, "r", 1, 3, "new one "), "");
    expect_said(t, "old one old two ");
    assert_int_equal(rows(t, "part"), 1);
    assert_string_equal(part(t, "r", 2, 2, "of two"), ""); /* another total: another text */
    expect_said(t, "new one ");
    part(t, "r", 1, 2, "two ");
    expect_said(t, "two of two");
    assert_int_equal(rows(t, "turn"), 3);
    nothing_waits(t);
}

static void what_cannot_be_a_part_is_a_text_by_itself(void **state)
{
    struct talker *t = *state;
    static const struct {
        unsigned number, total;
    } odd[] = {{0, 2}, {3, 2}, {1, 1}, {1, 256}, {7, 0}};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        char text[16];
        snprintf(text, sizeof text, "words %zu", i);
        assert_string_not_equal(part(t, "r", odd[i].number, odd[i].total, text), "");
        expect_said(t, text);
    }
    nothing_waits(t);
}

static void what_came_is_taken_in_when_the_time_is_over(void **state)
{
    struct talker *t = *state;
    part(t, "r", 3, 3, "three");
    part(t, "r", 1, 3, "one ");
    assert_string_equal(overdue(t), "nothing is due");
    t->now += stage_channel(&t->stage, "sms")->join_ms;
    fixture_close(t->stage.f); /* and after a restart */
    fixture_open(t->stage.f);
    overdue(t);
    expect_said(t, "one three");
    assert_int_equal(rows(t, "outbox"), 1);
    nothing_waits(t);
    assert_string_equal(part(t, "r", 3, 3, "three"), ""); /* a repeat of what was taken in */
    assert_string_equal(part(t, "r", 1, 3, "one "), "CON Language\n1 English\n2 Bangla\n9 Danger");
    assert_int_equal(rows(t, "turn"), 1);
    part(t, "r", 2, 3, "two "); /* too late: it is not lost either */
    t->now += stage_channel(&t->stage, "sms")->join_ms;
    overdue(t);
    expect_said(t, "two ");
}

static void the_last_part_and_the_end_of_the_time_in_one_tick(void **state)
{
    struct talker *t = *state;
    part(t, "r", 1, 2, "one ");
    struct said late = part_of("r", 1, 2, "one ", NULL);
    late.overdue = true;
    TICK(part_of("r", 2, 2, "two", NULL), late);
    expect_said(t, "one two");
    assert_int_equal(rows(t, "turn"), 1);
    part(t, "q", 1, 2, "one ");
    late.reference = "q";
    TICK(late, part_of("q", 2, 2, "two", NULL));
    assert_int_equal(rows(t, "turn"), 2);
    assert_int_equal(rows(t, "part"), 1);
}

static void parts_are_sealed(void **state)
{
    struct talker *t = *state;
    part(t, "77", 1, 2, "my husband beats me");
    assert_int_equal(rows(t, "part WHERE instr(sealed, 'husband') OR instr(sealed, '1712345678')"), 0);
    struct fixture *f = t->stage.f;
    sqlite3 *db;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    assert_int_equal(sqlite3_exec(db, "UPDATE part SET number = 2", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    struct lookup key;
    size_t count;
    struct part *first;
    OK(store_load_due_parts(f->store, INT64_MAX, &key, 1, &count, &f->err));
    assert_int_equal(count, 1);
    OUTCOME(store_load_parts(f->store, &key, f->arena, &first, &f->err), OUTCOME_REFUSED); /* in another place */
}

static void a_sign_and_its_letter_in_two_parts_are_one_character(void **state)
{
    struct talker *t = *state;
    part(t, "r", 1, 2, "cafe");
    part(t, "r", 2, 2, "\xCC\x81 fermé");
    expect_said(t, "café fermé");
}

static struct span last_stray(struct talker *t)
{
    struct fixture *f = t->stage.f;
    struct span sealed, plain = SPAN_NONE;
    int64_t id = atoll(fixture_ask(f, "SELECT id FROM stray ORDER BY id DESC LIMIT 1"));
    arena_reset(f->arena);
    assert_true(
        hex_decode(span_of(fixture_ask(f, "SELECT hex(raw) FROM stray ORDER BY id DESC LIMIT 1")), f->arena, &sealed));
    OK(keyring_unseal(f->keyring, id, sealed, f->arena, &plain));
    return plain;
}

static void what_cannot_be_read_in_one_part_keeps_the_bytes_of_all(void **state)
{
    struct talker *t = *state;
    struct said bad = part_of("r", 2, 2, "\xEF\xBF\xBD", NULL);
    bad.undecodable = true;
    part(t, "r", 1, 2, "one ");
    EXPECT(say(t, bad), "CON Language");
    assert_int_equal(rows(t, "stray WHERE why = 'undecodable'"), 1);
    assert_span(last_stray(t), "one \xFF\xFE");
    assert_int_equal(rows(t, "turn WHERE flags & 32"), 1);
}

static void the_answer_to_the_last_part_stands_in_its_reply(void **state)
{
    struct talker *t = *state;
    own_channel(t, "sms")->answers_in_reply = true;
    assert_string_equal(part(t, "r", 1, 2, "ST"), "");
    EXPECT(part(t, "r", 2, 2, "OP"), "CON Done.");
    EXPECT(part(t, "r", 2, 2, "OP"), "CON Done.");
    assert_string_equal(part(t, "r", 1, 2, "ST"), "");
    assert_int_equal(rows(t, "outbox WHERE state = 2 AND attempts = 1"), 1);
    part(t, "q", 1, 2, "nobody waits ");
    t->now += stage_channel(&t->stage, "sms")->join_ms;
    struct said late = part_of("q", 1, 2, "nobody waits ", NULL);
    late.overdue = true;
    late.in_batch = true;
    assert_string_equal(say(t, late), "");
    assert_int_equal(rows(t, "outbox WHERE state = 0"), 1); /* so it is sent */
    assert_int_equal(rows(t, "outbox"), 2);
}

/* At the page where "2" means it. */
static void be_about_to_be_forgotten(struct talker *t, const char *session)
{
    dial(t, session, "");
    EXPECT(dial(t, session, "4"), "CON ");
}

static struct said forget_me(const char *session)
{
    return (struct said){.session = session, .text = "4*2", .form = INPUT_CUMULATIVE};
}

static void a_part_goes_with_whoever_is_forgotten(void **state)
{
    struct talker *t = *state;
    struct said other = part_of("r", 1, 2, "somebody else's ", NULL);
    other.from = "+8801799999999";
    be_known(t);
    be_about_to_be_forgotten(t, "s");
    part(t, "r", 1, 2, "he ");
    say(t, other);
    EXPECT(say(t, forget_me("s")), "CON Done");
    assert_int_equal(rows(t, "part"), 1);
    int turns = rows(t, "turn");
    part(t, "r", 2, 2, "beats me");
    assert_int_equal(rows(t, "part"), 2);
    assert_int_equal(rows(t, "turn"), turns);
}

static void a_part_that_the_tick_has_in_its_hands_goes_too(void **state)
{
    struct talker *t = *state;
    be_known(t);
    be_about_to_be_forgotten(t, "s");
    int turns = rows(t, "turn");
    TICK(part_of("r", 1, 2, "he ", NULL), forget_me("s"), part_of("r", 2, 2, "beats me", NULL));
    assert_int_equal(rows(t, "part"), 1);
    assert_int_equal(rows(t, "turn"), turns + 1);
}

static void a_part_that_is_read_after_the_forgetting_is_none(void **state)
{
    struct talker *t = *state;
    static const char *const sessions[] = {"s", "u"};
    struct said late = part_of("r", 1, 2, "he ", NULL), last = part_of("r", 2, 2, "beats me", NULL);
    late.overdue = true;
    be_known(t);
    for (int i = 0; i < 2; i++) {
        be_about_to_be_forgotten(t, sessions[i]);
        part(t, "r", 1, 2, "he ");
        int turns = rows(t, "turn");
        TICK(forget_me(sessions[i]), i ? last : late);
        EXPECT(t->heard[0], "CON Done");
        assert_int_equal(rows(t, "turn"), turns + 1);
        assert_int_equal(rows(t, "part"), i);
    }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_waiting_stage, close_stage)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(the_last_part_makes_it_whole),
        CASE(a_part_goes_with_whoever_is_forgotten),
        CASE(a_part_that_the_tick_has_in_its_hands_goes_too),
        CASE(a_part_that_is_read_after_the_forgetting_is_none),
        CASE(the_order_of_coming_is_not_the_order_of_words),
        CASE(all_parts_and_their_repeats_in_one_tick),
        CASE(a_part_that_comes_again_is_the_same_part),
        CASE(the_same_words_much_later_are_another_text),
        CASE(texts_that_come_at_once_do_not_mix),
        CASE(a_reference_that_is_used_again_loses_neither_text),
        CASE(what_cannot_be_a_part_is_a_text_by_itself),
        CASE(what_came_is_taken_in_when_the_time_is_over),
        CASE(the_last_part_and_the_end_of_the_time_in_one_tick),
        CASE(parts_are_sealed),
        CASE(a_sign_and_its_letter_in_two_parts_are_one_character),
        CASE(what_cannot_be_read_in_one_part_keeps_the_bytes_of_all),
        CASE(the_answer_to_the_last_part_stands_in_its_reply),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
