/* Texts to send: fair, in order, never backwards. */
#include "store_fixture.h"

static struct outbox_row a_text(int64_t id, int64_t phone, int64_t due_at)
{
    return (struct outbox_row){.id = id,
                               .phone = phone,
                               .session = 1001,
                               .channel = SPAN("kannel"),
                               .to = SPAN("+8801712345678"),
                               .from = SPAN("16263"),
                               .text = SPAN("hidden text"),
                               .created_at = NOW,
                               .due_at = due_at,
                               .changed_at = NOW,
                               .expires_at = NOW + 1000000,
                               .segments = 1};
}

static void queue(struct fixture *f, int64_t id, int64_t phone, int64_t due_at)
{
    const struct outbox_row row = a_text(id, phone, due_at);
    OK(SAVE({.kind = CHANGE_OUTBOX, .outbox = {&row}}));
}

static enum outcome set_state(struct fixture *f, int64_t id, enum outbox_state to, struct span vendor_id)
{
    struct outbox_row row = a_text(id, 1, NOW);
    row.state = to;
    row.attempts = 1;
    row.vendor_id = vendor_id;
    return SAVE({.kind = CHANGE_OUTBOX_STATE, .outbox = {&row}});
}

static enum outbox_state state_of(struct fixture *f, int64_t id)
{
    struct outbox_row row;
    OK(store_load_outbox(f->store, id, f->arena, &row, &f->err));
    return row.state;
}

static void two_phones(struct fixture *f)
{
    fixture_someone(f);
    const struct phone_row other = a_phone(f, 2, "+8801812345678");
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&other, SPAN_NONE}}));
}

static enum outcome due(struct fixture *f, int64_t now, size_t limit, struct outbox_row **rows, size_t *count)
{
    const struct store_due wanted = {.channel = SPAN("kannel"), .now = now, .limit = limit};
    return store_load_due(f->store, &wanted, f->arena, rows, count, &f->err);
}

static void a_text_comes_back_and_is_sealed(void **state)
{
    struct fixture *f = *state;
    two_phones(f);
    queue(f, 5001, 1, NOW);
    struct outbox_row row;
    OK(store_load_outbox(f->store, 5001, f->arena, &row, &f->err));
    assert_span(row.to, "+8801712345678");
    assert_span(row.text, "hidden text");
    assert_span(row.from, "16263");
    assert_span(row.link, NULL);
    assert_span(row.channel, "kannel");
    assert_string_equal(
        fixture_ask(f, "SELECT instr(text, x'68696464656e') + instr(recipient, x'38383031') FROM outbox"), "0");
    OUTCOME(store_load_outbox(f->store, 5002, f->arena, &row, &f->err), OUTCOME_NOT_FOUND);
    OUTCOME(set_state(f, 5002, OUTBOX_SENT, SPAN_NONE), OUTCOME_REFUSED);
}

static void one_a_phone_oldest_first(void **state)
{
    struct fixture *f = *state;
    two_phones(f);
    for (int64_t i = 0; i < 10; i++) {
        queue(f, 5001 + i, 1, NOW + i);
    }
    queue(f, 5020, 2, NOW + 50);
    queue(f, 5021, 2, NOW + 5000);
    struct outbox_row *rows;
    size_t count;
    OK(due(f, NOW + 100, 16, &rows, &count));
    assert_int_equal(count, 2);
    assert_int_equal(rows[0].id, 5001);
    assert_int_equal(rows[1].id, 5020);
    assert_int_equal(store_next_due(f->store, SPAN("kannel"), false), NOW);
    OK(due(f, NOW + 100, 1, &rows, &count));
    assert_int_equal(count, 1);
    OK(due(f, NOW - 1, 16, &rows, &count));
    assert_int_equal(count, 0);

    OK(set_state(f, 5001, OUTBOX_SENDING, SPAN_NONE)); /* the next one to this phone waits for it */
    OK(due(f, NOW + 100, 16, &rows, &count));
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].id, 5020);
    OK(set_state(f, 5001, OUTBOX_SENT, SPAN("v1")));
    OK(due(f, NOW + 100, 16, &rows, &count));
    assert_int_equal(rows[0].id, 5002);
}

static void what_is_settled_stays(void **state)
{
    struct fixture *f = *state;
    two_phones(f);
    static const struct {
        enum outbox_state first, then, last;
    } table[] = {
        {OUTBOX_SENT, OUTBOX_DELIVERED, OUTBOX_DELIVERED},    {OUTBOX_DELIVERED, OUTBOX_SENT, OUTBOX_DELIVERED},
        {OUTBOX_DELIVERED, OUTBOX_FAILED, OUTBOX_DELIVERED},  {OUTBOX_FAILED, OUTBOX_SENT, OUTBOX_FAILED},
        {OUTBOX_EXPIRED, OUTBOX_UNKNOWN, OUTBOX_EXPIRED},     {OUTBOX_FAILED, OUTBOX_DELIVERED, OUTBOX_DELIVERED},
        {OUTBOX_FAILED, OUTBOX_QUEUED, OUTBOX_QUEUED},        {OUTBOX_SENDING, OUTBOX_QUEUED, OUTBOX_QUEUED},
        {OUTBOX_UNKNOWN, OUTBOX_DELIVERED, OUTBOX_DELIVERED},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const int64_t id = 5001 + (int64_t)i;
        queue(f, id, 1, NOW);
        OK(set_state(f, id, table[i].first, SPAN_NONE));
        OK(set_state(f, id, table[i].then, SPAN("late")));
        assert_int_equal(state_of(f, id), table[i].last);
    }
    struct outbox_row row;
    OK(store_load_outbox(f->store, 5002, f->arena, &row, &f->err));
    assert_span(row.vendor_id, "late"); /* the report was faster than the answer that names the text */
}

static void a_vendors_id_finds_its_text(void **state)
{
    struct fixture *f = *state;
    two_phones(f);
    queue(f, 5001, 1, NOW);
    OK(set_state(f, 5001, OUTBOX_SENT, SPAN("ATXid_1")));
    int64_t id = 7;
    OK(store_find_outbox(f->store, SPAN("kannel"), SPAN("ATXid_1"), &id, &f->err));
    assert_int_equal(id, 5001);
    OUTCOME(store_find_outbox(f->store, SPAN("other"), SPAN("ATXid_1"), &id, &f->err), OUTCOME_NOT_FOUND);
    OUTCOME(store_find_outbox(f->store, SPAN("kannel"), SPAN("ATXid_2"), &id, &f->err), OUTCOME_NOT_FOUND);
    OK(SAVE({.kind = CHANGE_REPORT, .report = {5001, NOW, DELIVERY_DELIVERED, SPAN_NONE}}));
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM report"), "1");
    OUTCOME(SAVE({.kind = CHANGE_REPORT, .report = {5002, NOW, DELIVERY_DELIVERED, SPAN_NONE}}), OUTCOME_REFUSED);
}

static void what_was_being_sent_is_unknown_after_a_crash(void **state)
{
    struct fixture *f = *state;
    two_phones(f);
    queue(f, 5001, 1, NOW);
    queue(f, 5002, 2, NOW);
    OK(set_state(f, 5001, OUTBOX_SENDING, SPAN_NONE));
    size_t settled = 7;
    OK(store_settle_sending(f->store, NULL, NOW, &settled, &f->err));
    assert_int_equal(settled, 1);
    assert_int_equal(state_of(f, 5001), OUTBOX_UNKNOWN);
    assert_int_equal(state_of(f, 5002), OUTBOX_QUEUED);
    OK(set_state(f, 5002, OUTBOX_SENDING, SPAN_NONE));
    const char *const idempotent[] = {"never-seen", "kannel", NULL};
    OK(store_settle_sending(f->store, idempotent, NOW, &settled, &f->err));
    assert_int_equal(settled, 1);
    assert_int_equal(state_of(f, 5002), OUTBOX_QUEUED);
    struct store_sizes sizes;
    OK(store_measure(f->store, 0, &sizes, &f->err));
    assert_int_equal(sizes.outbox_oldest_at, NOW);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_text_comes_back_and_is_sealed),
        TEST(one_a_phone_oldest_first),
        TEST(what_is_settled_stays),
        TEST(a_vendors_id_finds_its_text),
        TEST(what_was_being_sent_is_unknown_after_a_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
